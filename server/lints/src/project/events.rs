//! Events of the platform that modules handle by methods with fixed names.

use metadata::{ModulePlace, ObjectKind};
use platform::{Event, Platform};

use crate::context::ProjectContext;

/// Some module of 1C:Enterprise handles an event of this name. For a quick no.
pub(crate) fn is_event_name(name: &str) -> bool {
    Platform::embedded().may_be_module_event(name)
}

/// Events of a module, by the kind of its object; its path tells the kind where no metadata do. Nothing for forms.
pub(crate) fn events_of<'a>(ctx: &ProjectContext<'a>) -> &'a [Event] {
    let project = ctx.project.project;
    let module = ctx.module();
    let object = module.place.object.and_then(|object| project.object(object));
    let kind = object.map(|object| object.kind).or_else(|| {
        let place = ModulePlace::from_path(&module.path.to_string_lossy());
        place.owner.map(|(kind, _)| kind)
    });
    let kind = match kind {
        Some(ObjectKind::ExternalDataProcessor) => ObjectKind::DataProcessor.name(),
        Some(ObjectKind::ExternalReport) => ObjectKind::Report.name(),
        Some(kind) => kind.name(),
        None => "",
    };
    let platform = project.platform(project.dialect(module.id));
    let part = format!("{:?}", module.place.kind);
    match platform.module_events(kind, &part) {
        // Modules of commands and of the application are alike whatever they belong to.
        [] => platform.module_events("", &part),
        events => events,
    }
}

/// How many parameters a handler may have, if that is known: of events that were seen in code, or that have some.
pub(crate) fn known_parameter_counts(event: &Event) -> Option<std::ops::RangeInclusive<usize>> {
    let most = event.parameters.len();
    let least = most.saturating_sub(event.optional as usize);
    (event.seen > 0 || most > 0).then_some(least..=most)
}
