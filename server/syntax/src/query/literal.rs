//! Which literals of a module are queries, and which parts of them the query language sees.

use base::{TextRange, same_name};

use crate::node::{NodeId, NodeKind};
use crate::source::Source;
use crate::token::TokenKind;
use crate::tree::SyntaxTree;

/// A literal that holds a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryLiteral {
    /// The literal with its quotes, or the whole text.
    pub range: TextRange,
    /// The node of the literal in the tree of the module.
    pub node: NodeId,
    /// The text between quotes and bars with its line ends; of a doubled quote the first is inside.
    pub parts: Vec<TextRange>,
    /// The literal is an operand of `+`: it may be half a query.
    pub is_concatenated: bool,
    /// Something in the text is replaced before it runs, or a comment says that it is a part.
    pub is_template: bool,
}

impl QueryLiteral {
    /// True for an offset inside the text or at the end of a line of it; false on quotes, bars and indents.
    pub fn is_in_text(&self, offset: u32) -> bool {
        let after = self.parts.partition_point(|part| part.start <= offset);
        let is_at_end = self.parts.last().is_some_and(|part| part.end == offset);
        after > 0 && (offset < self.parts[after - 1].end || is_at_end)
    }

    /// The text that the platform sees.
    pub fn plain_text(&self, text: &str) -> String {
        self.parts.iter().map(|part| part.slice(text)).collect()
    }
}

/// The same word in Russian and English.
const STARTS: [&str; 4] = ["ВЫБРАТЬ", "SELECT", "УНИЧТОЖИТЬ", "DROP"];
const MODIFIERS: [&str; 6] = ["РАЗРЕШЕННЫЕ", "РАЗЛИЧНЫЕ", "ПЕРВЫЕ", "ALLOWED", "DISTINCT", "TOP"];
const MIN_LENGTH: u32 = 20;
const PART_MARK: &str = "@query-part";

/// The literals of a text that hold queries, in order.
pub fn find_queries(source: Source<'_>) -> Vec<QueryLiteral> {
    let nodes = source.tree.nodes().filter(|(_, node)| node.kind == NodeKind::String);
    nodes.filter_map(|(id, _)| query_of(source, id)).collect()
}

/// The query whose literal holds an offset.
pub fn query_at(source: Source<'_>, offset: u32) -> Option<QueryLiteral> {
    let tree = source.tree;
    let token = tree.token_at(offset)?;
    // At the border of two tokens the literal may be the first one.
    let candidates = [Some(token), token.checked_sub(1)];
    let is_string = |index: &usize| {
        let token = tree.tokens()[*index];
        token.kind.is_string() && token.range().touches(offset)
    };
    let index = candidates.into_iter().flatten().find(is_string)?;
    query_of(source, string_node_of(tree, index)?)
}

/// Found by position: descending from the root would pass all statements of a module.
fn string_node_of(tree: &SyntaxTree, token: usize) -> Option<NodeId> {
    let after = tree.first_node_behind(token);
    (0..after)
        .rev()
        .map(NodeId)
        .find(|id| tree.kind(*id) == NodeKind::String)
        .filter(|id| tree.token_span(*id).contains(&token))
}

fn query_of(source: Source<'_>, node: NodeId) -> Option<QueryLiteral> {
    holds_query(source, node).then(|| query_literal(source, node))
}

/// True if a string node is one of those that `find_queries` finds.
pub fn holds_query(source: Source<'_>, node: NodeId) -> bool {
    source.tree.range(node).len() > MIN_LENGTH && starts_query(source, node)
}

/// A string node as a query, whatever it holds.
pub fn query_literal(source: Source<'_>, node: NodeId) -> QueryLiteral {
    let parts = parts_of(source, node);
    let is_template = has_holes(source.text, &parts) || is_marked(source, node);
    QueryLiteral {
        range: source.tree.range(node),
        node,
        parts,
        is_concatenated: is_concatenated(source.tree, node),
        is_template,
    }
}

/// Tells by the source of a literal, quotes and bars included, whether it holds a query.
pub fn is_query_literal(literal: &str) -> bool {
    literal.len() > MIN_LENGTH as usize && lines_begin_query(literal.split(['\n', '\r']).map(str::trim_start))
}

fn starts_query(source: Source<'_>, node: NodeId) -> bool {
    let tokens = source.tree.tokens_of(node).iter().filter(|token| token.kind.is_string());
    lines_begin_query(tokens.map(|token| source.token_text(token)))
}

/// The first word, behind blanks and comments, begins a query: in capitals, or in any case if there are several lines.
/// Others are captions ("Выбрать файл").
fn lines_begin_query<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let content = |line: &'a str| line.strip_prefix(['"', '|']).unwrap_or(line).trim();
    let mut lines = lines.map(content).enumerate();
    let Some((index, first)) = lines.by_ref().find(|(_, line)| !is_empty_line(line)) else { return false };
    let end = first.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(first.len());
    let (word, rest) = first.split_at(end);
    if !STARTS.iter().any(|start| same_name(word, start)) {
        return false;
    }
    let rest = rest.strip_suffix('"').unwrap_or(rest);
    let has_lines = index > 0 || lines.next().is_some();
    // A line with nothing but the beginning of a query serves to replace one beginning by another.
    let is_whole = has_lines || (STARTS.contains(&word) && !is_fragment(rest));
    is_whole && (rest.is_empty() || rest.starts_with([' ', '\t', '/']))
}

fn is_empty_line(line: &str) -> bool {
    line.is_empty() || line == "\"" || line.starts_with("//")
}

fn is_fragment(rest: &str) -> bool {
    rest.split_whitespace().all(|word| {
        MODIFIERS.iter().any(|modifier| same_name(modifier, word))
            || word.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn parts_of(source: Source<'_>, node: NodeId) -> Vec<TextRange> {
    let mut parts = Vec::new();
    for token in source.tree.tokens_of(node).iter().filter(|token| token.kind.is_string()) {
        let bytes = source.text.as_bytes();
        let (mut start, mut at, end) = (token.start + 1, token.start + 1, token.end);
        while at < end {
            if bytes[at as usize] != b'"' {
                at += 1;
            } else if at + 1 < end && bytes[at as usize + 1] == b'"' {
                parts.push(TextRange { start, end: at + 1 });
                at += 2;
                start = at;
            } else {
                break;
            }
        }
        // Without the line end the last word would stick to the first one of the next line.
        let goes_on = matches!(token.kind, TokenKind::StringStart | TokenKind::StringPart);
        let break_len = if goes_on { line_break_len(&bytes[end as usize..]) } else { 0 };
        parts.push(TextRange { start, end: at + break_len });
        // The same goes for the literal behind this one.
        let is_followed = !goes_on && end < source.tree.range(node).end;
        if is_followed && bytes[end as usize].is_ascii_whitespace() {
            parts.push(TextRange { start: end, end: end + 1 });
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn line_break_len(rest: &[u8]) -> u32 {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The literal is an operand of `+`.
fn is_concatenated(tree: &SyntaxTree, node: NodeId) -> bool {
    tree.parent(node).is_some_and(|parent| {
        tree.kind(parent) == NodeKind::Binary && tree.own_token(parent, TokenKind::Plus).is_some()
    })
}

/// A comment behind the literal or between its lines says that it is a part of a query.
fn is_marked(source: Source<'_>, node: NodeId) -> bool {
    let tree = source.tree;
    let span = tree.token_span(node);
    let Some(last) = span.end.checked_sub(1).and_then(|index| tree.tokens().get(index)) else { return false };
    let behind = tree.tokens()[span.end..].iter().take_while(|token| token.line == last.line);
    tree.tokens()[span.clone()]
        .iter()
        .chain(behind)
        .filter(|token| token.kind == TokenKind::Comment)
        .any(|token| source.token_text(token).to_ascii_lowercase().contains(PART_MARK))
}

/// Signs of a template: `#Имя`, `[Имя]`, `Имя?`, `@Имя` outside of strings and comments, `%1` anywhere, and the mark of
/// a part in a comment.
fn has_holes(text: &str, parts: &[TextRange]) -> bool {
    let mut is_string = false;
    for part in parts {
        let part = part.slice(text);
        let mut is_comment = false;
        for (at, byte) in part.bytes().enumerate() {
            let next = part.as_bytes().get(at + 1).copied().unwrap_or_default();
            match byte {
                b'%' if next.is_ascii_digit() => return true,
                b'"' if !is_comment => is_string = !is_string,
                b'/' if !is_string && next == b'/' => is_comment = true,
                b'\n' | b'\r' => is_comment = false,
                b'@' if is_comment => {
                    let rest = part.get(at..at + PART_MARK.len()).unwrap_or_default();
                    if rest.eq_ignore_ascii_case(PART_MARK) {
                        return true;
                    }
                }
                b'#' | b'[' | b'?' | b'@' if !is_string && !is_comment => return true,
                _ => {}
            }
        }
    }
    false
}
