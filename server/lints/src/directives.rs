//! Compilation directives of methods.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::calls::PlatformName;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directive {
    Client,
    Server,
    ServerNoContext,
    ClientServer,
    ClientServerNoContext,
}

const NAMES: [(PlatformName, Directive); 5] = [
    (PlatformName::new("НаКлиенте", "AtClient"), Directive::Client),
    (PlatformName::new("НаСервере", "AtServer"), Directive::Server),
    (PlatformName::new("НаСервереБезКонтекста", "AtServerNoContext"), Directive::ServerNoContext),
    (PlatformName::new("НаКлиентеНаСервере", "AtClientAtServer"), Directive::ClientServer),
    (
        PlatformName::new("НаКлиентеНаСервереБезКонтекста", "AtClientAtServerNoContext"),
        Directive::ClientServerNoContext,
    ),
];

impl Directive {
    /// Reads the name of an annotation; other annotations are no directives.
    fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.is(name)).map(|(_, directive)| *directive)
    }

    /// Which of several directives counts: the first one, unless one of two that win is among them.
    pub(crate) fn of_names<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut first = None;
        for directive in names.filter_map(Self::from_name) {
            if matches!(directive, Self::ServerNoContext | Self::ClientServer) {
                return Some(directive);
            }
            first = first.or(Some(directive));
        }
        first
    }

    /// All directives of the method around a node, in order.
    pub(crate) fn all_around<'a>(source: Source<'a>, node: NodeId) -> impl Iterator<Item = Self> + 'a {
        annotation_names(source, node).filter_map(Self::from_name)
    }

    /// The directive of the method around a node.
    pub(crate) fn around(source: Source<'_>, node: NodeId) -> Option<Self> {
        Self::of_names(annotation_names(source, node))
    }
}

/// The code around a node may run on the client.
pub(crate) fn is_on_client(source: Source<'_>, node: NodeId) -> bool {
    let is_of_client = |directive| {
        matches!(directive, Directive::Client | Directive::ClientServer | Directive::ClientServerNoContext)
    };
    Directive::all_around(source, node).any(is_of_client)
}

fn annotation_names<'a>(source: Source<'a>, node: NodeId) -> impl Iterator<Item = &'a str> {
    let tree = source.tree;
    let method = tree.enclosing_method(node);
    let children = method.into_iter().flat_map(|method| tree.children(method));
    let annotations = children.filter(|child| tree.kind(*child) == NodeKind::Annotation);
    annotations
        .filter_map(|annotation| tree.child(annotation, Role::Name))
        .map(move |name| source.node_text(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_directive_counts() {
        let of = |names: &[&'static str]| Directive::of_names(names.iter().copied());
        assert_eq!(of(&["Перед", "наклиенте", "НаСервере"]), Some(Directive::Client));
        assert_eq!(of(&["AtClient", "AtServerNoContext"]), Some(Directive::ServerNoContext));
        assert_eq!(of(&["Вместо"]), None);
    }
}
