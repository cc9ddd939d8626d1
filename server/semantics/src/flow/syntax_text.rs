//! Small questions to the tree: literals, arguments, operators, names.

use std::borrow::Cow;

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

/// Longest literal that becomes a part of a shape.
const MAX_LITERAL: usize = 120;

/// Arguments that are not left out, with their positions.
pub(super) fn arguments(tree: &SyntaxTree, call: NodeId) -> impl Iterator<Item = (usize, NodeId)> {
    let list = tree.child(call, Role::Arguments);
    let mut children = list.map(|list| tree.children(list));
    let mut at = list.map_or(0, |list| tree.token_span(list).start);
    let mut position = 0;
    std::iter::from_fn(move || {
        let child = children.as_mut()?.next()?;
        let span = tree.token_span(child);
        let between = tree.tokens().get(at..span.start).unwrap_or_default();
        position += between.iter().filter(|token| token.kind == TokenKind::Comma).count();
        at = span.end;
        Some((position, child))
    })
}

pub(super) fn argument(tree: &SyntaxTree, call: NodeId, position: usize) -> Option<NodeId> {
    arguments(tree, call)
        .find(|(at, _)| *at >= position)
        .filter(|(at, _)| *at == position)
        .map(|(_, node)| node)
}

/// The sign or word between the operands.
pub(super) fn operator(tree: &SyntaxTree, binary: NodeId) -> Option<TokenKind> {
    let left = tree.child(binary, Role::Left)?;
    tree.next_code_token(tree.token_span(left).end).map(|token| token.kind)
}

pub(super) fn without_parentheses(tree: &SyntaxTree, node: NodeId) -> NodeId {
    let mut inner = node;
    while tree.kind(inner) == NodeKind::Parenthesized {
        match tree.children(inner).next() {
            Some(child) => inner = child,
            None => break,
        }
    }
    inner
}

/// What a literal says: no quotes, doubled ones as one, lines joined by line breaks.
pub(super) fn literal_text<'a>(source: Source<'a>, string: NodeId) -> Cow<'a, str> {
    let mut tokens = source.tree.code_tokens_of(string);
    let first = tokens.next();
    if let Some(token) = first.filter(|token| token.kind == TokenKind::String)
        && tokens.next().is_none()
    {
        let text = source.token_text(token).trim_matches('"');
        let is_exact = text.len() + 2 == token.range().len() as usize && !text.contains('"');
        if is_exact {
            return Cow::Borrowed(text);
        }
    }
    let mut text = String::new();
    for token in source.tree.code_tokens_of(string) {
        let line = source.token_text(token);
        let line = match token.kind {
            TokenKind::StringPart | TokenKind::StringTail => {
                text.push('\n');
                line.strip_prefix('|').unwrap_or(line)
            }
            _ => line.strip_prefix('"').unwrap_or(line),
        };
        let is_last = matches!(token.kind, TokenKind::String | TokenKind::StringTail);
        let line = if is_last { line.strip_suffix('"').unwrap_or(line) } else { line };
        text.push_str(&line.replace("\"\"", "\""));
    }
    Cow::Owned(text)
}

/// A literal on one line, with the offset of its content.
pub(super) fn short_literal(source: Source<'_>, node: NodeId) -> Option<(&str, u32)> {
    let [token] = source.tree.tokens_of(node) else { return None };
    if token.kind != TokenKind::String || source.tree.kind(node) != NodeKind::String {
        return None;
    }
    let text = source.token_text(token).strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('"')).then_some((text, token.start + 1))
}

/// A literal that may be a name, a path of names, or a type: worth to be a part of a shape.
pub(super) fn name_literal(source: Source<'_>, node: NodeId) -> Option<&str> {
    let (text, _) = short_literal(source, node)?;
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ',' | ' ');
    (!text.is_empty() && text.len() <= MAX_LITERAL && text.chars().all(is_name)).then_some(text)
}

pub(super) fn is_identifier(text: &str) -> bool {
    text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}
