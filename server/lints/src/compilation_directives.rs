//! Compilation directives of methods and variables: `&НаКлиенте` and the like.

use syntax::{NodeId, Role, Source};

use crate::argument_list::is_word;
use crate::facts::MethodFact;

/// Both languages of every directive.
const DIRECTIVES: [[&str; 2]; 5] = [
    ["НаКлиенте", "AtClient"],
    ["НаСервере", "AtServer"],
    ["НаСервереБезКонтекста", "AtServerNoContext"],
    ["НаКлиентеНаСервере", "AtClientAtServer"],
    ["НаКлиентеНаСервереБезКонтекста", "AtClientAtServerNoContext"],
];

/// The name is that of a directive, in any case.
pub(crate) fn is_directive(name: &str) -> bool {
    DIRECTIVES.iter().any(|names| is_word(name, names))
}

/// The annotation is a compilation directive.
pub(crate) fn is_directive_node(source: Source<'_>, annotation: NodeId) -> bool {
    source.tree.child(annotation, Role::Name).is_some_and(|name| is_directive(source.node_text(name)))
}

/// The method has a directive.
pub(crate) fn has_directive(method: &MethodFact) -> bool {
    method.annotations.iter().any(|name| is_directive(name))
}

/// The method is one of the client alone: of several directives the first decides, unless one of them names the
/// server without its context or both sides.
pub(crate) fn runs_at_client(method: &MethodFact) -> bool {
    let [client, _, no_context, both, _] = DIRECTIVES;
    let is = |names: [&str; 2]| method.annotations.iter().any(|name| is_word(name, &names));
    let first = method.annotations.iter().find(|name| is_directive(name));
    first.is_some_and(|name| is_word(name, &client)) && !is(no_context) && !is(both)
}
