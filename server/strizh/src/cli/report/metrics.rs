//! Figures about a module that pipelines read from the JSON report.

use std::collections::BTreeSet;

use lints::method_complexities;
use serde_json::{Value, json};
use syntax::{NodeKind, Source, SyntaxTree, TokenKind, parse_text, sections_of_text};

use crate::cli::line_index::LineIndex;

/// Methods, statements, complexity, and lines with code, with statements and with comments.
pub(crate) fn metrics(text: &str, lines: &LineIndex<'_>) -> Value {
    let parsed = parse_text(text);
    let mut tree = SyntaxTree::default();
    let (mut procedures, mut functions, mut statements) = (0, 0, 0);
    let (mut cognitive, mut cyclomatic) = (0, 0);
    let (mut code, mut comments, mut executable) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut last_line = 0;
    for section in sections_of_text(&parsed, text) {
        let source = section.range.slice(text);
        tree.lower(&parsed, section.range, source);
        for token in tree.tokens() {
            let line = lines.line_of(section.range.start + token.range().start) + 1;
            let lines = if token.kind == TokenKind::Comment { &mut comments } else { &mut code };
            lines.insert(line);
            last_line = last_line.max(line);
        }
        for (id, node) in tree.nodes() {
            procedures += usize::from(node.kind == NodeKind::Procedure);
            functions += usize::from(node.kind == NodeKind::Function);
            if node.kind.is_statement() {
                statements += 1;
                executable.insert(lines.line_of(section.range.start + tree.range(id).start) + 1);
            }
        }
        for method in method_complexities(Source { text: source, tree: &tree }) {
            cognitive += method.cognitive;
            cyclomatic += method.cyclomatic;
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
        "covlocData": executable,
        "cognitiveComplexity": cognitive,
        "cyclomaticComplexity": cyclomatic,
    })
}
