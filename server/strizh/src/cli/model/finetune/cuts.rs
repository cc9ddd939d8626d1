//! Where modules may be cut to learn from them: at tokens, statements, expressions and arguments, never inside of
//! comments.

use std::ops::Range;

use ai::finetune::{Cut, CutKind, Module};
use base::TextRange;
use syntax::{Node, NodeId, NodeKind, Source, SyntaxTree, Token, TokenKind, parse_text};

/// Statements that are left out together.
const MOST_STATEMENTS: usize = 3;

/// A module with its cuts; `None` if it is broken.
pub(super) fn module(name: String, text: &str) -> Option<Module> {
    let text = plain_text(text);
    let tree = parse_text(&text);
    let mut flat = SyntaxTree::default();
    flat.lower(&tree, TextRange::from(0..text.len()), &text);
    if flat.has_serious_error(SyntaxTree::ROOT) {
        return None;
    }
    let source = Source { text: &text, tree: &flat };
    let mut cuts = line_cuts(source);
    for (id, node) in flat.nodes() {
        node_cuts(&flat, id, node, &mut cuts);
    }
    Some(Module { name, text, cuts })
}

/// Line feeds, no blanks before them and no license banner: as the texts that the model was made from.
fn plain_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_rule = |line: &str| line.len() >= 20 && line.bytes().all(|byte| byte == b'/');
    let mut lines = text.lines().map(str::trim_end).peekable();
    if lines.peek().is_some_and(|line| is_rule(line)) {
        let banner: usize = 1 + lines.clone().skip(1).take_while(|line| line.starts_with("//")).count();
        if lines.clone().take(banner).skip(1).any(is_rule) {
            lines.by_ref().take(banner).for_each(drop);
            while lines.next_if(|line| line.is_empty()).is_some() {}
        }
    }
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// From each token to the end of the code of its line.
fn line_cuts(source: Source<'_>) -> Vec<Cut> {
    let tokens = source.tree.tokens();
    let mut cuts = Vec::new();
    for line in tokens.chunk_by(|left, right| left.line == right.line) {
        if line.iter().any(|token| token.kind.is_trivia()) {
            continue;
        }
        let Some(end) = line.last().map(|token| token.end as usize) else { continue };
        for start in line.iter().flat_map(|token| starts(source, token)) {
            // A lone semicolon is nothing to learn from.
            if end > start + 1 {
                cuts.push(Cut { kind: CutKind::LineRest, range: start..end });
            }
        }
    }
    cuts
}

/// The start of a token; in text, where queries live, that of each word too.
fn starts(source: Source<'_>, token: &Token) -> Vec<usize> {
    let first = token.start as usize;
    let mut starts = vec![first];
    if matches!(token.kind, TokenKind::StringStart | TokenKind::StringPart | TokenKind::StringTail) {
        let mut is_word = false;
        for (offset, letter) in source.token_text(token).char_indices() {
            let was_word = std::mem::replace(&mut is_word, letter.is_alphanumeric() || letter == '_');
            if is_word && !was_word && offset > 0 {
                starts.push(first + offset);
            }
        }
    }
    starts
}

fn node_cuts(tree: &SyntaxTree, id: NodeId, node: &Node, cuts: &mut Vec<Cut>) {
    if node.kind == NodeKind::Block {
        let statements: Vec<NodeId> = tree.children(id).collect();
        for first in 0..statements.len() {
            for last in first..statements.len().min(first + MOST_STATEMENTS) {
                let range =
                    tree.statement_range(statements[first]).cover(tree.statement_range(statements[last]));
                push(tree, CutKind::Statement, range.as_usize(), cuts);
            }
        }
    } else if node.kind == NodeKind::Arguments {
        let range = tree.range(id).as_usize();
        if range.len() > 2 {
            push(tree, CutKind::Arguments, range.start + 1..range.end - 1, cuts);
        }
    } else if node.kind.is_expression() && node.kind != NodeKind::Name {
        push(tree, CutKind::Expression, tree.range(id).as_usize(), cuts);
    }
}

fn push(tree: &SyntaxTree, kind: CutKind, range: Range<usize>, cuts: &mut Vec<Cut>) {
    let first = tree.token_at_or_after(range.start as u32);
    let inside = tree.tokens()[first..].iter().take_while(|token| (token.start as usize) < range.end);
    if range.len() > 1 && !inside.clone().any(|token| token.kind.is_trivia()) {
        cuts.push(Cut { kind, range });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str, kind: CutKind) -> Vec<String> {
        let module = module("m".to_owned(), text).expect("the module is fine");
        let cuts = module.cuts.iter().filter(|cut| cut.kind == kind);
        cuts.map(|cut| module.text[cut.range.clone()].to_owned()).collect()
    }

    const CODE: &str = "Процедура А()\r\n\tБ = В(1, Г);  // зачем\r\n\tReturn;\r\nКонецПроцедуры\r\n";

    #[test]
    fn gaps_begin_at_tokens_and_end_with_the_line() {
        let rests = cuts(CODE, CutKind::LineRest);
        assert_eq!(rests, ["Процедура А()", "А()", "()", "Return;", "КонецПроцедуры"]);
        assert_eq!(
            cuts("Б = \"ВЫБРАТЬ\n|\tА Б\n|\";\n", CutKind::LineRest)[3..],
            ["ВЫБРАТЬ", "|\tА Б", "А Б", "Б", "|\";"]
        );
    }

    #[test]
    fn gaps_are_nodes_without_comments() {
        assert_eq!(cuts(CODE, CutKind::Statement), ["Б = В(1, Г);", "Return;"]);
        assert_eq!(cuts(CODE, CutKind::Arguments), ["1, Г"]);
        assert_eq!(cuts(CODE, CutKind::Expression), ["В(1, Г)"]);
    }

    #[test]
    fn broken_modules_are_left_out_and_banners_too() {
        assert_eq!(module("m".to_owned(), "Если А Тогда Б(((;\n"), None);
        let rule = "/".repeat(30);
        let text = format!("{rule}\n// Лицензия\n{rule}\n\nА = 1;  \n");
        assert_eq!(plain_text(&text), "А = 1;\n");
        assert_eq!(
            plain_text(&format!("{rule}\n// Лицензия\nА = 1;")),
            format!("{rule}\n// Лицензия\nА = 1;\n")
        );
    }
}
