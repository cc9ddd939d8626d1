//! From the tree-sitter tree of a query to the flat one.

use std::sync::LazyLock;

use base::{TextRange, same_name};
use tree_sitter::{Language, Tree, TreeCursor};

use super::kinds::{QueryNodeKind, QueryRole, QueryTokenKind};
use super::tree::{QueryError, QueryErrorKind, QueryNode, QueryTree};

/// What a symbol of the grammar turns into.
#[derive(Clone, Copy)]
enum Entry {
    Token(QueryTokenKind),
    Node(QueryNodeKind),
    /// A node that is also a token of its own.
    Leaf(QueryNodeKind, QueryTokenKind),
    Missing(QueryNodeKind, QueryErrorKind),
    Transparent,
}

struct Tables {
    /// By the number of the symbol.
    entries: Vec<Entry>,
    /// By the number of the field.
    roles: Vec<QueryRole>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let language = Language::new(strizh_grammar::SDBL);
    let entries = (0..language.node_kind_count() as u16)
        .map(|id| {
            entry_of(language.node_kind_for_id(id).unwrap_or_default(), language.node_kind_is_named(id))
        })
        .collect();
    let roles = (0..=language.field_count() as u16)
        .map(|id| QueryRole::from_field_name(language.field_name_for_id(id).unwrap_or_default()))
        .collect();
    Tables { entries, roles }
});

fn entry_of(name: &str, is_named: bool) -> Entry {
    if !is_named {
        return QueryTokenKind::from_grammar_name(name).map_or(Entry::Transparent, Entry::Token);
    }
    let kind = QueryNodeKind::from_grammar_name(name);
    match name {
        "comment" => Entry::Token(QueryTokenKind::Comment),
        "identifier" => Entry::Leaf(QueryNodeKind::Name, QueryTokenKind::Identifier),
        "number" => Entry::Leaf(QueryNodeKind::Number, QueryTokenKind::Number),
        "string" => Entry::Leaf(QueryNodeKind::String, QueryTokenKind::String),
        "placeholder" => Entry::Leaf(QueryNodeKind::Placeholder, QueryTokenKind::Placeholder),
        "missing_expression" => {
            Entry::Missing(QueryNodeKind::MissingExpression, QueryErrorKind::MissingExpression)
        }
        "missing_table" => Entry::Missing(QueryNodeKind::MissingTable, QueryErrorKind::MissingTable),
        "missing_name" => Entry::Missing(QueryNodeKind::MissingName, QueryErrorKind::MissingName),
        "missing_condition" => {
            Entry::Missing(QueryNodeKind::MissingCondition, QueryErrorKind::MissingCondition)
        }
        _ => kind.map_or(Entry::Transparent, Entry::Node),
    }
}

impl QueryTree {
    /// A template is completed at run time.
    pub(super) fn lower(tree: &Tree, text: &str, is_template: bool) -> Self {
        let mut lowering = Lowering { tree: Self::default(), frames: Vec::new(), text };
        lowering.open(QueryNodeKind::Package, QueryRole::None, 0, text.len() as u32);
        let mut cursor = tree.walk();
        let is_hopeless = cursor.node().is_error();
        if cursor.goto_first_child() {
            lowering.visit_siblings(&mut cursor);
        }
        lowering.close();
        let mut result = lowering.tree;
        if is_hopeless && result.errors.is_empty() {
            // Nothing fits at all, so no error node marks the place.
            let first = result.tokens.iter().find(|token| !token.kind.is_trivia());
            result.errors.extend(
                first.map(|token| QueryError { kind: QueryErrorKind::Unexpected, range: token.range() }),
            );
        }
        let has_placeholder = result.tokens.iter().any(|token| token.kind == QueryTokenKind::Placeholder);
        result.is_template = is_template || has_placeholder;
        result
    }
}

struct Lowering<'a> {
    tree: QueryTree,
    /// Indexes of the open nodes.
    frames: Vec<u32>,
    text: &'a str,
}

impl Lowering<'_> {
    /// Visits the node under the cursor and what follows it, with everything below.
    fn visit_siblings(&mut self, cursor: &mut TreeCursor<'_>) {
        let mut depth = 0;
        loop {
            let is_open = self.enter(cursor);
            if is_open && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            if is_open {
                self.close();
            }
            while !cursor.goto_next_sibling() {
                if depth == 0 {
                    return;
                }
                cursor.goto_parent();
                depth -= 1;
                self.close();
            }
        }
    }

    /// Tells whether a node was opened that has to be closed again.
    fn enter(&mut self, cursor: &TreeCursor<'_>) -> bool {
        let node = cursor.node();
        let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
        let entry = TABLES.entries.get(node.kind_id() as usize).copied().unwrap_or(Entry::Transparent);
        if node.is_error() {
            let is_inner = self.frames.iter().any(|frame| self.kind_of(*frame) == QueryNodeKind::Error);
            self.open(QueryNodeKind::Error, QueryRole::None, start, end);
            if !is_inner {
                self.error(QueryErrorKind::Unexpected, TextRange { start, end });
            }
            if node.child_count() == 0 && start < end {
                self.push_token(QueryTokenKind::Unknown, start, end);
            }
            return true;
        }
        if node.is_missing() {
            self.miss(match entry {
                Entry::Token(kind) => QueryErrorKind::Missing(kind),
                Entry::Leaf(QueryNodeKind::Name, _) => QueryErrorKind::MissingName,
                _ => QueryErrorKind::MissingExpression,
            });
            return false;
        }
        let role = cursor.field_id().map_or(QueryRole::None, |id| TABLES.roles[id.get() as usize]);
        match entry {
            Entry::Token(kind) => self.push_token(kind, start, end),
            Entry::Leaf(kind, token) => {
                self.open(kind, role, start, end);
                self.push_token(token, start, end);
                self.close();
                self.check_string(kind, start, end);
            }
            Entry::Missing(kind, error) => {
                if !self.may_lack_name(kind) {
                    self.miss(error);
                }
                self.open(kind, role, start, end);
                self.close();
            }
            Entry::Node(kind) => {
                self.check_separator(kind);
                self.open(kind, role, start, end);
                return true;
            }
            Entry::Transparent => {}
        }
        false
    }

    fn kind_of(&self, node: u32) -> QueryNodeKind {
        self.tree.nodes[node as usize].kind
    }

    fn push_token(&mut self, kind: QueryTokenKind, start: u32, end: u32) {
        self.tree.tokens.push(super::tree::QueryToken { kind, start, end });
    }

    fn open(&mut self, kind: QueryNodeKind, role: QueryRole, start: u32, end: u32) {
        let index = self.tree.nodes.len() as u32;
        let first_token = self.tree.tokens.len() as u32;
        self.tree.nodes.push(QueryNode {
            kind,
            role,
            range: TextRange { start, end },
            parent: self.frames.last().copied().unwrap_or_default(),
            end: index + 1,
            first_token,
            end_token: first_token,
        });
        self.frames.push(index);
    }

    fn close(&mut self) {
        let Some(index) = self.frames.pop() else { return };
        let end = self.tree.nodes.len() as u32;
        let node = &mut self.tree.nodes[index as usize];
        node.end = end;
        node.end_token = self.tree.tokens.len() as u32;
    }

    fn error(&mut self, kind: QueryErrorKind, range: TextRange) {
        self.tree.errors.push(QueryError { kind, range });
    }

    /// Something is missing behind the last code token.
    fn miss(&mut self, kind: QueryErrorKind) {
        let last = self.tree.tokens.iter().rev().find(|token| !token.kind.is_trivia());
        let range = last.map_or(TextRange::default(), |token| token.range());
        self.error(kind, range);
    }

    /// The grammar reads queries without `;` between them.
    fn check_separator(&mut self, kind: QueryNodeKind) {
        let last = self.tree.tokens.iter().rev().find(|token| !token.kind.is_trivia());
        let is_separated = last
            .is_none_or(|token| matches!(token.kind, QueryTokenKind::Semicolon | QueryTokenKind::LeftParen));
        if kind == QueryNodeKind::Query && !is_separated {
            self.miss(QueryErrorKind::Missing(QueryTokenKind::Semicolon));
        }
    }

    fn check_string(&mut self, kind: QueryNodeKind, start: u32, end: u32) {
        let is_open = end == start + 1 || self.text.as_bytes().get(end as usize - 1) != Some(&b'"');
        if kind == QueryNodeKind::String && is_open {
            self.error(QueryErrorKind::Missing(QueryTokenKind::String), TextRange { start, end: start + 1 });
        }
    }

    /// `ЗНАЧЕНИЕ(Справочник.Валюты.)` means the empty reference.
    fn may_lack_name(&self, kind: QueryNodeKind) -> bool {
        let [.., call, arguments, member] = self.frames[..] else { return false };
        kind == QueryNodeKind::MissingName
            && self.kind_of(member) == QueryNodeKind::Member
            && self.kind_of(arguments) == QueryNodeKind::Arguments
            && self.kind_of(call) == QueryNodeKind::Call
            && self.tree.nodes.get(call as usize + 1).is_some_and(|function| {
                let name = function.range.slice(self.text);
                same_name(name, "ЗНАЧЕНИЕ") || same_name(name, "VALUE")
            })
    }
}
