//! Figures about a module that pipelines read from the JSON report.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use syntax::{NodeKind, SyntaxTree, TokenKind, parse_text, sections_of_text};

use crate::cli::line_index::LineIndex;

/// Methods, statements, and lines with code and with comments.
pub(crate) fn metrics(text: &str, lines: &LineIndex<'_>) -> Value {
    let parsed = parse_text(text);
    let mut tree = SyntaxTree::default();
    let (mut procedures, mut functions, mut statements) = (0, 0, 0);
    let (mut code, mut comments) = (BTreeSet::new(), BTreeSet::new());
    let mut last_line = 0;
    for section in sections_of_text(&parsed, text) {
        tree.lower(&parsed, section.range, section.range.slice(text));
        for token in tree.tokens() {
            let line = lines.line_of(section.range.start + token.range().start) + 1;
            let lines = if token.kind == TokenKind::Comment { &mut comments } else { &mut code };
            lines.insert(line);
            last_line = last_line.max(line);
        }
        for (_, node) in tree.nodes() {
            procedures += usize::from(node.kind == NodeKind::Procedure);
            functions += usize::from(node.kind == NodeKind::Function);
            statements += usize::from(node.kind.is_statement());
        }
    }
    json!({
        "procedures": procedures,
        "functions": functions,
        "lines": last_line,
        "ncloc": code.len(),
        "comments": comments.len(),
        "statements": statements,
        "nclocData": code,
    })
}
