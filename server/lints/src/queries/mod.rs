//! Query texts of a section, found and parsed once for all rules.

mod columns;
mod layout;
mod sources;
mod texts;

use base::TextRange;
use syntax::{
    NodeId, NodeKind, QueryErrorKind, QueryLiteral, QueryTokenKind, QueryTree, Source, holds_query,
    parse_query, query_literal,
};

pub(crate) use columns::{column_length, columns_of, is_column};
pub(crate) use sources::{alias_of, is_joined, joins_of, source_name, table_path, virtual_table};

/// A literal with its tree. Offsets are relative to the section.
#[derive(Debug)]
pub(crate) struct SectionQuery {
    pub literal: QueryLiteral,
    /// As the platform reads the text.
    pub tree: QueryTree,
    /// As the query rules read it, where that is different.
    laid_out: Option<(String, QueryTree)>,
    /// The features about queries take the literal for one.
    pub is_known: bool,
    /// The query rules take it for one.
    pub is_text: bool,
    /// Literals of the query that go on where they should have ended, each from its first to its last piece.
    pub broken_strings: Vec<TextRange>,
    /// The query rules cannot rely on the tree.
    pub is_broken: bool,
}

/// All literals of a section that are queries in either sense, in order.
pub(crate) fn section_queries(source: Source<'_>) -> Vec<SectionQuery> {
    let strings = source.tree.nodes().filter(|(_, node)| node.kind == NodeKind::String);
    strings.filter_map(|(id, _)| SectionQuery::of(source, id)).collect()
}

impl SectionQuery {
    fn of(source: Source<'_>, node: NodeId) -> Option<Self> {
        let (is_known, is_text) = (holds_query(source, node), texts::is_query_text(source, node));
        if !is_known && !is_text {
            return None;
        }
        let literal = query_literal(source, node);
        let tree = parse_query(source.text, &literal);
        let layout = if is_text { layout::lay_out(source.text, &literal) } else { layout::Layout::default() };
        let laid_out = layout.text.map(|text| {
            let tree = parse_query(&text, &literal);
            (text, tree)
        });
        let broken_strings = layout.broken_strings;
        let query = Self { literal, tree, laid_out, is_known, is_text, broken_strings, is_broken: false };
        let is_broken = has_aborted_nodes(query.rule_tree());
        Some(Self { is_broken, ..query })
    }

    /// The tree for the query rules: fragments in braces are left out, and a string ends with its line.
    pub(crate) fn rule_tree(&self) -> &QueryTree {
        self.laid_out.as_ref().map_or(&self.tree, |(_, tree)| tree)
    }

    /// The tree of a part of the text, as if it stood alone.
    pub(crate) fn parse_part(&self, text: &str, range: TextRange) -> QueryTree {
        let clip = |part: &TextRange| {
            let (start, end) = (part.start.max(range.start), part.end.min(range.end));
            (start < end).then_some(TextRange { start, end })
        };
        let parts: Vec<TextRange> = self.literal.parts.iter().filter_map(clip).collect();
        if parts.is_empty() {
            return QueryTree::default();
        }
        let text = self.laid_out.as_ref().map_or(text, |(text, _)| text);
        parse_query(text, &QueryLiteral { parts, ..self.literal.clone() })
    }

    /// The place to show for a part of the text: of a doubled quote one half belongs to it.
    pub(crate) fn shown_range(&self, text: &str, range: TextRange) -> TextRange {
        layout::shown_range(text, &self.literal, range)
    }
}

/// A single token that is missing does no harm to the nodes around it.
fn has_aborted_nodes(tree: &QueryTree) -> bool {
    tree.errors_as_written().iter().any(|error| match error.kind {
        QueryErrorKind::Missing(kind) => kind == QueryTokenKind::Semicolon,
        _ => true,
    })
}
