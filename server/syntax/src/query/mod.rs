//! Texts of queries: which literals of a module hold one, and the flat tree of each. All offsets are those of the
//! text around, so what is found in a query needs no translation.

mod kinds;
mod literal;
mod lower;
mod parse;
mod tree;

pub use kinds::{QueryNodeKind, QueryRole, QueryTokenKind};
pub use literal::{QueryLiteral, find_queries, holds_query, is_query_literal, query_at, query_literal};
pub use parse::{parse_query, parse_query_text};
pub use tree::{QueryError, QueryErrorKind, QueryNode, QueryNodeId, QueryToken, QueryTree};

#[cfg(test)]
mod tests;
