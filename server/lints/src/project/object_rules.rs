//! Where findings about objects are shown. An object has several modules or none, but a finding has one place.

use metadata::{MetadataObject, ModuleKind, ObjectKind, module_kinds};
use semantics::{ObjectId, Project};

use crate::context::ProjectContext;

/// Objects that rules about metadata show on the module being checked: its own if it is the manager module or the only
/// module of the object; on the module of the session all that have no modules. Kinds that a rule does not name are
/// left out; no kinds mean all.
pub(crate) fn objects_shown_on<'a>(
    ctx: &ProjectContext<'a>,
    kinds: &'a [ObjectKind],
) -> Vec<&'a MetadataObject> {
    let place = &ctx.module().place;
    let project = ctx.project.project;
    let is_wanted = |object: &MetadataObject| kinds.is_empty() || kinds.contains(&object.kind);
    if ctx.anchor().is_none() {
        return Vec::new();
    }
    if place.kind == ModuleKind::SessionModule {
        let objects = session_objects(ctx).filter(|(_, object)| is_wanted(object));
        return objects.filter(|(id, object)| !has_module(project, *id, object)).map(|(_, it)| it).collect();
    }
    let is_part = !place.name.is_empty();
    let own = ctx.object().filter(|(_, object)| !is_part && !object.is_adopted && is_wanted(object));
    let shows = |id, object: &MetadataObject| match place.kind {
        ModuleKind::FormModule | ModuleKind::CommandModule => false,
        ModuleKind::ManagerModule => true,
        _ => own_modules(project, id, object).count() == 1,
    };
    own.filter(|(id, object)| shows(*id, object)).map(|(_, object)| object).into_iter().collect()
}

/// The objects of the root whose module of the session is being checked. What an extension borrows is its base's
/// business.
pub(crate) fn session_objects<'a>(
    ctx: &ProjectContext<'a>,
) -> impl Iterator<Item = (ObjectId, &'a MetadataObject)> + use<'a> {
    let place = &ctx.module().place;
    let project = ctx.project.project;
    let root = place.root.and_then(|id| Some((id, project.root(id)?)));
    root.into_iter().flat_map(|(root, content)| {
        let objects = content.objects().iter().enumerate().filter(|(_, object)| !object.is_adopted);
        objects.map(move |(index, object)| (ObjectId { root, index: index as u32 }, &**object))
    })
}

/// The module belongs to a form of the ordinary application, whose content is binary.
pub(crate) fn is_ordinary_form(ctx: &ProjectContext<'_>) -> bool {
    let form = ctx.project.project.form(ctx.module().id);
    form.is_some_and(|form| !form.is_managed && !form.path.as_os_str().is_empty())
}

/// Modules of the object itself, those of its forms and commands left out.
fn own_modules(project: &Project, id: ObjectId, object: &MetadataObject) -> impl Iterator<Item = ModuleKind> {
    let kinds = module_kinds(object.kind).iter().copied();
    let kinds = kinds.filter(|kind| !matches!(kind, ModuleKind::FormModule | ModuleKind::CommandModule));
    kinds.filter(move |kind| project.object_module(id, *kind).is_some())
}

/// Common forms and commands are shown on their own modules.
fn has_module(project: &Project, id: ObjectId, object: &MetadataObject) -> bool {
    let form = || project.forms_of(id).any(|form| project.form_module(form).is_some());
    own_modules(project, id, object).next().is_some()
        || project.object_module(id, ModuleKind::CommandModule).is_some()
        || object.kind == ObjectKind::CommonForm && form()
}
