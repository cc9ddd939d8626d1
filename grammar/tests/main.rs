//! Tests of the grammar. They need no tree-sitter tool: the committed parser is what they test.

mod corpus;
mod embedded;
mod incremental;
mod keywords;
mod queries;
mod recovery;
mod robustness;
mod support;
