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
pub(crate) use sources::{alias_of, is_joined, joins_of, table_path, virtual_table};

/// A literal with its tree. Offsets are relative to the section.
#[derive(Debug)]
pub(crate) struct SectionQuery {
    pub literal: QueryLiteral,
    /// As the platform reads the text.
    pub tree: QueryTree,
    /// As the query rules read it, where that is different.
    laid_out: Option<QueryTree>,
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
        let laid_out = layout.text.map(|text| parse_query(&text, &literal));
        let is_broken = has_aborted_nodes(laid_out.as_ref().unwrap_or(&tree));
        let broken_strings = layout.broken_strings;
        Some(Self { literal, tree, laid_out, is_known, is_text, broken_strings, is_broken })
    }

    /// The tree for the query rules: fragments in braces are left out, and a string ends with its line.
    pub(crate) fn rule_tree(&self) -> &QueryTree {
        self.laid_out.as_ref().unwrap_or(&self.tree)
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
