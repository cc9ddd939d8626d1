//! Ranges around a cursor, each inside the next.

use base::TextRange;
use syntax::{Document, NodeId, NodeKind, SyntaxTree, TokenKind};

use crate::code::Code;
use crate::directives::directive_chains;

/// From the innermost range to the whole module.
pub fn selection_ranges(document: &Document, offset: u32) -> Vec<TextRange> {
    let code = Code::new(document);
    let offset = offset.min(code.text().len() as u32);
    let mut candidates = Vec::new();
    let token = code.word_at(offset);
    if let Some(token) = token {
        add_token(&code, token, offset, &mut candidates);
    }
    add_nodes(&code, token, offset, &mut candidates);
    add_regions(&code, &mut candidates);
    let module = TextRange::from(0..code.text().len());
    candidates.retain(|range| range.touches(offset) && !range.is_empty());
    candidates.sort_by_key(|range| (range.len(), range.start));
    let mut ranges: Vec<TextRange> = Vec::new();
    for range in candidates.into_iter().chain([module]) {
        if ranges.last().is_none_or(|last| range.contains(*last) && range != *last) {
            ranges.push(range);
        }
    }
    ranges
}

/// The word under the cursor, the token, and what several tokens make up together.
fn add_token(code: &Code<'_>, index: usize, offset: u32, ranges: &mut Vec<TextRange>) {
    let token = code.tree().tokens()[index];
    match token.kind {
        TokenKind::Comment => {
            ranges.push(word(code.text(), token.range(), offset));
            ranges.push(token.range());
            ranges.extend(comment_run(code, index));
        }
        kind if kind.is_string() => {
            ranges.push(word(code.text(), token.range(), offset));
            add_literal(code, index, ranges);
        }
        kind if kind.is_directive() => {
            ranges.push(word(code.text(), token.range(), offset));
            ranges.push(code.trimmed(&token));
        }
        _ => ranges.push(token.range()),
    }
}

/// The letters and digits around the cursor; empty if there are none.
fn word(text: &str, bounds: TextRange, offset: u32) -> TextRange {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let before = TextRange { start: bounds.start, end: offset.max(bounds.start) }.slice(text);
    let after = TextRange { start: offset.min(bounds.end), end: bounds.end }.slice(text);
    let left: usize = before.chars().rev().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
    let right: usize = after.chars().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
    TextRange { start: offset - left as u32, end: offset + right as u32 }
}

/// The comments on neighbouring lines, as one block.
fn comment_run(code: &Code<'_>, index: usize) -> Option<TextRange> {
    let tokens = code.tree().tokens();
    let is_part = |at: usize| tokens[at].kind == TokenKind::Comment && code.is_first_on_line(at);
    if !is_part(index) {
        return None;
    }
    let (mut first, mut last) = (index, index);
    while first > 0 && is_part(first - 1) && tokens[first - 1].line + 1 == tokens[first].line {
        first -= 1;
    }
    while last + 1 < tokens.len() && is_part(last + 1) && tokens[last].line + 1 == tokens[last + 1].line {
        last += 1;
    }
    Some(tokens[first].range().cover(tokens[last].range()))
}

/// A line of a literal, the contents between its quotes, the literal.
fn add_literal(code: &Code<'_>, index: usize, ranges: &mut Vec<TextRange>) {
    let tokens = code.tree().tokens();
    let is_start = |kind| matches!(kind, TokenKind::String | TokenKind::StringStart);
    let is_end = |kind| matches!(kind, TokenKind::String | TokenKind::StringTail);
    let is_inside = |kind: TokenKind| kind.is_string() || kind == TokenKind::Comment;
    let mut first = index;
    while first > 0 && !is_start(tokens[first].kind) && is_inside(tokens[first - 1].kind) {
        first -= 1;
    }
    let mut last = index;
    while last + 1 < tokens.len() && !is_end(tokens[last].kind) && is_inside(tokens[last + 1].kind) {
        last += 1;
    }
    let literal = tokens[first].range().cover(tokens[last].range());
    let line = code.token_text(index);
    let closing = u32::from(is_end(tokens[index].kind) && line.len() > 1 && line.ends_with('"'));
    ranges.push(TextRange { start: tokens[index].start + 1, end: tokens[index].end - closing });
    let closing = u32::from(literal.len() > 1 && literal.slice(code.text()).ends_with('"'));
    ranges.push(TextRange { start: literal.start + 1, end: literal.end - closing });
    ranges.push(literal);
}

fn add_nodes(code: &Code<'_>, token: Option<usize>, offset: u32, ranges: &mut Vec<TextRange>) {
    let tree = code.tree();
    let innermost = match token {
        Some(token) => tree.node_of_token(token),
        None => innermost_node(tree, offset),
    };
    for id in std::iter::once(innermost).chain(tree.ancestors(innermost)) {
        add_node(code, id, ranges);
    }
    // A cursor in a description stands before its method.
    let comments = token.filter(|token| tree.tokens()[*token].kind == TokenKind::Comment);
    let described =
        comments.and_then(|_| tree.children(innermost).find(|id| tree.range(*id).start >= offset));
    if let Some(method) = described.filter(|id| tree.kind(*id).is_method()) {
        ranges.extend(with_description(code, method));
    }
}

fn innermost_node(tree: &SyntaxTree, offset: u32) -> NodeId {
    let mut current = SyntaxTree::ROOT;
    while let Some(child) = tree.children(current).find(|child| {
        let range = tree.range(*child);
        range.start <= offset && offset < range.end
    }) {
        current = child;
    }
    current
}

fn add_node(code: &Code<'_>, id: NodeId, ranges: &mut Vec<TextRange>) {
    let tree = code.tree();
    let range = tree.range(id);
    let kind = tree.kind(id);
    ranges.push(range);
    match kind {
        _ if kind.is_statement() => ranges.push(tree.statement_range(id)),
        NodeKind::Arguments | NodeKind::Parameters | NodeKind::Parenthesized => {
            let text = range.slice(code.text());
            let closing = u32::from(range.len() > 1 && text.ends_with(')'));
            ranges.push(TextRange { start: (range.start + 1).min(range.end), end: range.end - closing });
        }
        NodeKind::Block => {
            // The first branch of a statement has no node of its own.
            let owner =
                tree.parent(id).filter(|owner| matches!(tree.kind(*owner), NodeKind::If | NodeKind::Try));
            ranges.extend(owner.map(|owner| TextRange { start: tree.range(owner).start, end: range.end }));
        }
        _ if kind.is_method() => ranges.extend(with_description(code, id)),
        _ => {}
    }
}

fn with_description(code: &Code<'_>, method: NodeId) -> Option<TextRange> {
    let first = *code.doc_comments(method).first()?;
    Some(code.tree().range(method).cover(code.tree().tokens()[first].range()))
}

/// Every pair of neighbouring directives of a chain, and every chain.
fn add_regions(code: &Code<'_>, ranges: &mut Vec<TextRange>) {
    let tokens = code.tree().tokens();
    for chain in directive_chains(code.tree()).iter().filter(|chain| chain.is_closed) {
        for pair in chain.tokens.windows(2) {
            ranges.push(tokens[pair[0]].range().cover(code.trimmed(&tokens[pair[1]])));
        }
        if let [first, .., last] = chain.tokens[..] {
            ranges.push(tokens[first].range().cover(code.trimmed(&tokens[last])));
        }
    }
}
