//! Text and syntax of one module: the rope and the incremental tree of an open document, the flat arrays
//! of tokens and nodes that every feature reads, and the same for the queries inside its literals.

mod around;
mod directive;
mod document;
mod lower;
mod node;
mod parser;
mod position;
mod query;
mod section;
mod source;
mod token;
mod tree;

pub use around::{DeclarationKind, DeclaredName, SectionTree};
pub use directive::{DirectiveWord, DirectiveWordKind, directive_words, region_name};
pub use document::{Change, Document, PositionError};
pub use node::{Node, NodeId, NodeKind, Role};
pub use parser::parse_text;
pub use position::{Position, PositionEncoding};
pub use query::{
    QueryError, QueryErrorKind, QueryLiteral, QueryNode, QueryNodeId, QueryNodeKind, QueryRole, QueryToken,
    QueryTokenKind, QueryTree, find_queries, holds_query, is_query_literal, parse_query, parse_query_text,
    query_at, query_literal,
};
pub use section::{Section, sections_of_text};
pub use source::{Source, line_break};
pub use token::{Token, TokenKind};
pub use tree::{Children, SyntaxError, SyntaxErrorKind, SyntaxTree};
