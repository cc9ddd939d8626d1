//! Calls by name: who is called, in which form and with what. Names are compared by length first, so a
//! call that is none of a rule's business costs a few loads and comparisons.

use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::argument_list::arguments_of;
use crate::context::Context;
use crate::rule::Rule;

/// A name of the platform in both languages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlatformName {
    pub ru: &'static str,
    pub en: &'static str,
}

impl PlatformName {
    pub(crate) const fn new(ru: &'static str, en: &'static str) -> Self {
        Self { ru, en }
    }

    /// Case does not count. Letters of both alphabets keep their size in it, so lengths must be equal.
    pub(crate) fn is(self, name: &str) -> bool {
        (name.len() == self.ru.len() && base::same_name(name, self.ru))
            || (name.len() == self.en.len() && base::same_name(name, self.en))
    }

    /// A longer name starts with it, or is it.
    pub(crate) fn starts(self, name: &str) -> bool {
        [self.ru, self.en]
            .into_iter()
            .any(|known| name.get(..known.len()).is_some_and(|start| self.is(start)))
    }

    /// The name in the language of another word.
    pub(crate) fn in_language_of(self, word: &str) -> &'static str {
        if word.is_ascii() { self.en } else { self.ru }
    }
}

/// A whole rule: reports every global call of these names.
pub(crate) struct GlobalCalls(pub(crate) &'static [PlatformName]);

impl Rule for GlobalCalls {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, self.0) {
            ctx.report_node(name);
        }
    }
}

/// What a call calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callee {
    /// The called name.
    pub name: NodeId,
    /// Nothing stands before the name; otherwise a dot.
    pub is_global: bool,
}

/// The name that a node of kind `Call` calls.
pub(crate) fn callee(tree: &SyntaxTree, call: NodeId) -> Option<Callee> {
    let function = tree.child(call, Role::Function)?;
    if tree.kind(function) == NodeKind::Name {
        return Some(Callee { name: function, is_global: true });
    }
    let name = tree.child(function, Role::Property)?;
    Some(Callee { name, is_global: false })
}

/// The callee if it is one of `names`, in either form.
pub(crate) fn callee_of(ctx: &Context<'_>, call: NodeId, names: &[PlatformName]) -> Option<Callee> {
    let callee = callee(ctx.source.tree, call)?;
    let text = ctx.source.node_text(callee.name);
    names.iter().any(|name| name.is(text)).then_some(callee)
}

/// The called name if it is one of `names` and nothing stands before it.
pub(crate) fn global_callee_of(ctx: &Context<'_>, call: NodeId, names: &[PlatformName]) -> Option<NodeId> {
    callee_of(ctx, call, names).filter(|callee| callee.is_global).map(|callee| callee.name)
}

/// Arguments of a call or a constructor in order; `None` stands for one that is left out. Empty
/// parentheses hold one such argument.
pub(crate) fn arguments(tree: &SyntaxTree, call: NodeId) -> Vec<Option<NodeId>> {
    arguments_of(tree, call).collect()
}

/// The only argument of a call starts with a token of this kind.
pub(crate) fn has_single_argument(tree: &SyntaxTree, call: NodeId, first_token: TokenKind) -> bool {
    match arguments(tree, call).as_slice() {
        [Some(argument)] => tree.first_token(*argument).is_some_and(|token| token.kind == first_token),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use syntax::{Source, parse_text};

    use super::*;

    fn with_call<T>(text: &str, read: impl FnOnce(Source<'_>, NodeId) -> T) -> T {
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(text), base::TextRange::from(0..text.len()), text);
        let call = tree.nodes().find(|(_, node)| node.kind == NodeKind::Call);
        read(Source { text, tree: &tree }, call.expect("invariant: the text has a call").0)
    }

    #[track_caller]
    fn check_arguments(text: &str, expected: &[&str]) {
        let found = with_call(text, |source, call| {
            let texts = arguments(source.tree, call).into_iter();
            texts
                .map(|argument| argument.map_or("-", |node| source.node_text(node)).to_owned())
                .collect::<Vec<_>>()
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn omitted_arguments_keep_their_places() {
        check_arguments("М();", &["-"]);
        check_arguments("М(А, );", &["А", "-"]);
        check_arguments("М(, Ф(1, 2), // да\n);", &["-", "Ф(1, 2)", "-"]);
        check_arguments("М(1, Новый Массив,);", &["1", "Новый Массив", "-"]);
    }

    #[test]
    fn names_match_in_both_languages() {
        let name = PlatformName::new("Сообщить", "Message");
        assert!(name.is("СООБЩИТЬ") && name.is("message"));
        assert!(!name.is("Сообщит") && !name.is("Messages"));
        assert_eq!(name.in_language_of("Find"), "Message");
    }

    #[test]
    fn the_callee_stands_before_the_parenthesis() {
        let read = |source: Source<'_>, call| {
            callee(source.tree, call)
                .map(|callee| (source.node_text(callee.name).to_owned(), callee.is_global))
        };
        assert_eq!(with_call("А.Б.Сообщить(1);", read), Some(("Сообщить".to_owned(), false)));
        assert_eq!(with_call("Сообщить(А.Б);", read), Some(("Сообщить".to_owned(), true)));
    }
}
