//! Argument lists, parameter lists and what stands at the start of a chain of accesses. Nothing here
//! allocates, and a word is compared only with words of its own length.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

/// Arguments of a list in order; `None` for one that is left out. Empty parentheses hold one such argument.
pub(crate) fn listed_arguments(tree: &SyntaxTree, list: NodeId) -> impl Iterator<Item = Option<NodeId>> {
    let mut children = tree.children(list).peekable();
    let mut commas = tree.own_tokens(list).filter(|token| token.kind == TokenKind::Comma);
    let mut is_done = false;
    std::iter::from_fn(move || {
        if is_done {
            return None;
        }
        let comma = commas.next();
        is_done = comma.is_none();
        let end = comma.map_or(u32::MAX, |comma| comma.start);
        let mut argument = None;
        while let Some(child) = children.next_if(|child| tree.range(*child).start < end) {
            argument = Some(child);
        }
        Some(argument)
    })
}

/// Arguments of a call or a constructor; nothing for a constructor without parentheses.
pub(crate) fn arguments_of(tree: &SyntaxTree, call: NodeId) -> impl Iterator<Item = Option<NodeId>> {
    tree.child(call, Role::Arguments).into_iter().flat_map(|list| listed_arguments(tree, list))
}

/// Place of an argument in its list, counted from zero.
pub(crate) fn argument_index(tree: &SyntaxTree, list: NodeId, argument: NodeId) -> usize {
    let start = tree.range(argument).start;
    let before = tree.own_tokens(list).take_while(|token| token.start < start);
    before.filter(|token| token.kind == TokenKind::Comma).count()
}

/// The word is one of `words`, case apart. Letters of both alphabets keep their size when case changes.
pub(crate) fn is_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.len() == text.len() && base::same_name(word, text))
}

/// The name of a call that nothing stands before.
pub(crate) fn global_callee(tree: &SyntaxTree, call: NodeId) -> Option<NodeId> {
    tree.child(call, Role::Function).filter(|function| tree.kind(*function) == NodeKind::Name)
}

/// True for a global call of one of `names`.
pub(crate) fn is_global_call(source: Source<'_>, node: NodeId, names: &[&str]) -> bool {
    source.tree.kind(node) == NodeKind::Call
        && global_callee(source.tree, node).is_some_and(|name| is_word(source.node_text(name), names))
}

/// The name that a chain of accesses starts with; `None` if it starts with a call or anything else.
pub(crate) fn head_name(tree: &SyntaxTree, chain: NodeId) -> Option<NodeId> {
    let mut node = chain;
    loop {
        match tree.kind(node) {
            NodeKind::Name => return Some(node),
            NodeKind::Member | NodeKind::Index => node = tree.child(node, Role::Object)?,
            NodeKind::Call => {
                node = tree.child(node, Role::Function)?;
                if tree.kind(node) == NodeKind::Name {
                    return None;
                }
            }
            _ => return None,
        }
    }
}

/// The called name and the node before the dot, when one of `names` is called as a method.
pub(crate) fn method_call(source: Source<'_>, node: NodeId, names: &[&str]) -> Option<(NodeId, NodeId)> {
    let tree = source.tree;
    let member =
        tree.child(node, Role::Function).filter(|function| tree.kind(*function) == NodeKind::Member)?;
    let name = tree.child(member, Role::Property)?;
    is_word(source.node_text(name), names).then_some((name, tree.child(member, Role::Object)?))
}

/// Type of a constructor that names it.
pub(crate) fn constructed_type<'a>(source: Source<'a>, node: NodeId) -> Option<&'a str> {
    let is_new = source.tree.kind(node) == NodeKind::New;
    is_new.then(|| source.tree.child(node, Role::Type)).flatten().map(|name| source.node_text(name))
}

/// Parameters of a method, in order.
pub(crate) fn parameters(tree: &SyntaxTree, list: NodeId) -> impl Iterator<Item = NodeId> {
    tree.children(list).filter(|child| tree.kind(*child) == NodeKind::Parameter)
}

/// Parameters of a list, from the first to the last, without the parentheses.
pub(crate) fn parameters_range(tree: &SyntaxTree, list: NodeId) -> Option<TextRange> {
    parameters(tree, list).map(|parameter| tree.range(parameter)).reduce(TextRange::cover)
}

/// The parameter has a default.
pub(crate) fn is_optional(tree: &SyntaxTree, parameter: NodeId) -> bool {
    tree.own_token(parameter, TokenKind::Equal).is_some()
}

#[cfg(test)]
mod tests {
    use syntax::parse_text;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
        let source = Source { text, tree: &tree };
        let call = tree.nodes().find(|(_, node)| node.kind == NodeKind::Call);
        let call = call.expect("invariant: the text has a call").0;
        let found: Vec<_> = arguments_of(&tree, call)
            .map(|argument| argument.map_or("-", |argument| source.node_text(argument)))
            .collect();
        assert_eq!(found, expected);
        for (index, argument) in arguments_of(&tree, call).enumerate() {
            let list = tree.child(call, Role::Arguments).expect("invariant: a call has arguments");
            assert!(argument.is_none_or(|argument| argument_index(&tree, list, argument) == index));
        }
    }

    #[test]
    fn omitted_arguments_keep_their_places() {
        check("М();", &["-"]);
        check("М(А, );", &["А", "-"]);
        check("М(, Ф(1, 2), // x\n Новый Массив);", &["-", "Ф(1, 2)", "Новый Массив"]);
    }
}
