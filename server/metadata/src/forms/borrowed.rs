//! An extension's form repeats its base. What it only repeats is not its own: those handlers live in the modules of
//! the base, and the extension's form must not claim them.

use rustc_hash::FxHashSet;

use super::model::{Form, FormHandler};

/// Leaves out the handlers of `form` that `base` has at the same place.
pub(super) fn drop_repetitions(form: &mut Form, base: &Form) {
    form.is_borrowed = true;
    let known: FxHashSet<(&str, &str, &str)> = handlers(base).collect();
    let is_own = |place: &str, handler: &FormHandler| {
        !handler.call_type.is_empty()
            || !known.contains(&(place, handler.event.as_str(), handler.procedure.as_str()))
    };
    form.handlers.retain(|handler| is_own("", handler));
    for element in &mut form.elements {
        element.handlers.retain(|handler| is_own(&element.name, handler));
    }
    for command in &mut form.commands {
        command.actions.retain(|action| is_own(&command.name, action));
    }
}

/// Handlers as place, event and procedure. Commands and elements do not mix: only commands have `Action`.
fn handlers(form: &Form) -> impl Iterator<Item = (&str, &str, &str)> {
    let own = form.handlers.iter().map(|handler| ("", handler));
    let elements =
        form.elements.iter().flat_map(|it| it.handlers.iter().map(|handler| (it.name.as_str(), handler)));
    let commands =
        form.commands.iter().flat_map(|it| it.actions.iter().map(|action| (it.name.as_str(), action)));
    own.chain(elements)
        .chain(commands)
        .map(|(place, handler)| (place, handler.event.as_str(), handler.procedure.as_str()))
}
