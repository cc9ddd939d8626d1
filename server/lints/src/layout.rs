//! Where code stands on its lines, for fixes that delete, insert or move statements.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, SyntaxTree, TokenKind};

/// Blanks that the line of an offset starts with.
pub(crate) fn indentation(source: Source<'_>, offset: u32) -> &str {
    let line = &source.text[line_start(source.text, offset) as usize..];
    &line[..line.len() - line.trim_start_matches(is_blank).len()]
}

/// Letters before an offset on its line.
pub(crate) fn column(text: &str, offset: u32) -> usize {
    text[line_start(text, offset) as usize..offset as usize].chars().count()
}

/// What to delete to get rid of code: its lines if nothing else stands on them.
pub(crate) fn removal(text: &str, range: TextRange) -> TextRange {
    let start = line_start(text, range.start);
    let before = &text[start as usize..range.start as usize];
    let behind = &text[range.end as usize..];
    let rest = behind.trim_start_matches(is_blank);
    let blanks = (behind.len() - rest.len()) as u32;
    let is_line_start = before.chars().all(is_blank);
    let line_break = match rest.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        [] => Some(0),
        _ => None,
    };
    match line_break {
        Some(length) if is_line_start => TextRange { start, end: range.end + blanks + length },
        // Something follows on the line.
        None if is_line_start => TextRange { start: range.start, end: range.end + blanks },
        _ => {
            let kept = before.trim_end_matches(is_blank).len() as u32;
            TextRange { start: start + kept, end: range.end }
        }
    }
}

/// A comment or a directive line stands in the range.
pub(crate) fn has_trivia(tree: &SyntaxTree, range: TextRange) -> bool {
    let tokens = tree.tokens()[tree.token_at_or_after(range.start)..].iter();
    tokens.take_while(|token| token.start < range.end).any(|token| token.kind.is_trivia())
}

/// An `ИначеЕсли` with everything up to the next branch or the end of the statement. `None` if directives stand there.
pub(crate) fn clause_range(tree: &SyntaxTree, clause: NodeId) -> Option<TextRange> {
    let span = tree.token_span(clause);
    let tokens = tree.tokens();
    let next = (span.end..tokens.len()).find(|index| !tokens[*index].kind.is_trivia())?;
    let is_plain = tokens[span.start..next].iter().all(|token| !token.kind.is_directive());
    let range = TextRange { start: tokens.get(span.start)?.start, end: tokens[next].start };
    (is_plain && tree.kind(clause) == NodeKind::ElsifClause).then_some(range)
}

/// A directive line stands in the range.
pub(crate) fn has_directive(tree: &SyntaxTree, range: TextRange) -> bool {
    let tokens = tree.tokens()[tree.token_at_or_after(range.start)..].iter();
    tokens.take_while(|token| token.start < range.end).any(|token| token.kind.is_directive())
}

/// Inserts a statement as the last one of a block. `None` where the last statement lacks its `;` or where the
/// end of the block shares its line with other code.
fn appended_statement(source: Source<'_>, block: NodeId, statement: &str) -> Option<Edit> {
    let tree = source.tree;
    let last = tree.children(block).last();
    let is_ended = |last| tree.kind(last) == NodeKind::EmptyStatement || tree.semicolon(last).is_some();
    if !last.is_none_or(is_ended) {
        return None;
    }
    let owner = tree.parent(block)?;
    let end = tree.last_token(owner).filter(|token| is_closing(token.kind))?;
    let start = line_start(source.text, end.start);
    if !source.text[start as usize..end.start as usize].chars().all(is_blank) {
        return None;
    }
    let outer = indentation(source, end.start);
    let indentation = match tree.children(block).next() {
        Some(first) if has_line_of_its_own(source, first) => {
            indentation(source, tree.range(first).start).to_owned()
        }
        _ => format!("{outer}\t"),
    };
    Some(Edit::insert(start, format!("{indentation}{statement}{}", syntax::line_break(source.text))))
}

/// `Возврат Неопределено;` at the end of a function, in the language of its keywords.
pub(crate) fn appended_return(source: Source<'_>, block: NodeId) -> Option<Edit> {
    let function = source.tree.parent(block)?;
    let keyword = source.tree.own_token(function, TokenKind::Function)?;
    let is_english = source.token_text(keyword).is_ascii();
    appended_statement(source, block, if is_english { "Return Undefined;" } else { "Возврат Неопределено;" })
}

/// Only blanks stand before a statement on its line.
pub(crate) fn has_line_of_its_own(source: Source<'_>, statement: NodeId) -> bool {
    let start = source.tree.range(statement).start;
    source.text[line_start(source.text, start) as usize..start as usize].chars().all(is_blank)
}

/// Nothing in an expression has an effect of its own: it calls and constructs nothing.
pub(crate) fn is_pure(tree: &SyntaxTree, expression: NodeId) -> bool {
    let mut nodes = std::iter::once(expression).chain(tree.descendants(expression));
    !nodes.any(|node| matches!(tree.kind(node), NodeKind::Call | NodeKind::New | NodeKind::Await))
}

/// Where the next line starts, if only blanks follow on this one.
pub(crate) fn end_of_blank_line(read: &dyn Fn(TextRange) -> String, offset: u32) -> Option<u32> {
    let letter = |at: u32| read(TextRange { start: at, end: at + 1 });
    let mut at = offset;
    loop {
        match letter(at).as_str() {
            " " | "\t" => at += 1,
            "\n" => return Some(at + 1),
            "\r" if letter(at + 1) == "\n" => return Some(at + 2),
            "\r" => return Some(at + 1),
            _ => return None,
        }
    }
}

fn is_closing(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::EndProcedure | TokenKind::EndFunction)
}

fn is_blank(letter: char) -> bool {
    letter == ' ' || letter == '\t'
}

fn line_start(text: &str, offset: u32) -> u32 {
    text[..offset as usize].rfind(['\n', '\r']).map_or(0, |at| at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, removed: &str, rest: &str) {
        let start = text.find(removed).expect("invariant: the text holds it") as u32;
        let range = removal(text, TextRange { start, end: start + removed.len() as u32 });
        assert_eq!(base::apply_edits(text, vec![Edit::delete(range)]).0, rest);
    }

    #[test]
    fn lines_go_if_nothing_else_stands_on_them() {
        check("А();\r\n\tБ();\r\nВ();", "Б();", "А();\r\nВ();");
        check("А(); Б();\nВ();", "Б();", "А();\nВ();");
        check("А();\n\tБ(); В();\n", "Б();", "А();\n\tВ();\n");
        check("А();\n\tБ(); // да\n", "Б();", "А();\n\t// да\n");
        check("А();\nБ();", "Б();", "А();\n");
    }
}
