//! Colours inside the texts of queries.

use base::{TextRange, same_name};
use syntax::{
    QueryLiteral, QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree, Source, parse_query,
};

use crate::semantic_tokens::{SemanticToken, SemanticTokenKind, SemanticTokenModifiers};

type Meaning = (SemanticTokenKind, SemanticTokenModifiers);

/// Tokens of a query, sorted; none spans lines. Quotes, bars and punctuation have no colours.
pub(crate) fn query_colors(source: Source<'_>, query: &QueryLiteral) -> Vec<SemanticToken> {
    let tree = parse_query(source.text, query);
    let names = Names { tree: &tree, text: source.text };
    let mut meanings: Vec<Option<Meaning>> = tree
        .tokens()
        .iter()
        .map(|token| Some((kind_of(token.kind)?, SemanticTokenModifiers::NONE)))
        .collect();
    for (id, node) in tree.nodes() {
        let index = tree.token_span(id).start;
        let meaning = match node.kind {
            QueryNodeKind::Name => names.meaning(id),
            QueryNodeKind::Parameter => Some((SemanticTokenKind::Parameter, SemanticTokenModifiers::NONE)),
            QueryNodeKind::AllFields => None,
            _ => continue,
        };
        // `*` belongs to the end of its node.
        let index = if node.kind == QueryNodeKind::AllFields { tree.token_span(id).end - 1 } else { index };
        if let Some(slot) = meanings.get_mut(index) {
            *slot = meaning;
        }
    }
    let mut found = Vec::with_capacity(meanings.len());
    for (token, meaning) in tree.tokens().iter().zip(meanings) {
        let Some((kind, modifiers)) = meaning else { continue };
        let lines = lines_of(source.text, query, token.range());
        found.extend(lines.map(|range| SemanticToken { range, kind, modifiers }));
    }
    found
}

/// The pieces of a token on the lines of its literal.
fn lines_of<'a>(
    text: &'a str,
    query: &'a QueryLiteral,
    token: TextRange,
) -> impl Iterator<Item = TextRange> + 'a {
    let first = query.parts.partition_point(|part| part.end <= token.start);
    let parts = query.parts[first..].iter().take_while(move |part| part.start < token.end);
    parts.filter_map(move |part| {
        let piece = TextRange { start: part.start.max(token.start), end: part.end.min(token.end) };
        let length = piece.slice(text).trim_end_matches(['\r', '\n']).len() as u32;
        (length > 0).then_some(TextRange { start: piece.start, end: piece.start + length })
    })
}

/// Colour of a token that is not a name; punctuation has none.
fn kind_of(kind: QueryTokenKind) -> Option<SemanticTokenKind> {
    Some(match kind {
        kind if kind.is_keyword() => SemanticTokenKind::Keyword,
        kind if kind.is_operator() => SemanticTokenKind::Operator,
        QueryTokenKind::Number => SemanticTokenKind::Number,
        QueryTokenKind::String => SemanticTokenKind::String,
        QueryTokenKind::Comment => SemanticTokenKind::Comment,
        QueryTokenKind::Placeholder => SemanticTokenKind::Macro,
        _ => return None,
    })
}

struct Names<'a> {
    tree: &'a QueryTree,
    text: &'a str,
}

impl Names<'_> {
    fn meaning(&self, name: QueryNodeId) -> Option<Meaning> {
        let parent = self.tree.parent(name)?;
        let (none, declaration) = (SemanticTokenModifiers::NONE, SemanticTokenModifiers::DECLARATION);
        let role = self.tree.node(name).role;
        Some(match (self.tree.kind(parent), role) {
            (QueryNodeKind::Parameter, _) => (SemanticTokenKind::Parameter, none),
            (QueryNodeKind::Call, QueryRole::Function) => {
                (SemanticTokenKind::Function, SemanticTokenModifiers::DEFAULT_LIBRARY)
            }
            (QueryNodeKind::Source, QueryRole::Alias) => (SemanticTokenKind::Variable, declaration),
            (_, QueryRole::Alias) => (SemanticTokenKind::Property, declaration),
            (QueryNodeKind::Into, _) => (SemanticTokenKind::Class, declaration),
            (QueryNodeKind::Source | QueryNodeKind::Drop | QueryNodeKind::Type, _) => {
                (SemanticTokenKind::Class, none)
            }
            (QueryNodeKind::Member | QueryNodeKind::NestedTable | QueryNodeKind::AllFields, _) => {
                (self.member_kind(parent, role), none)
            }
            _ => (SemanticTokenKind::Property, none),
        })
    }

    /// In `Справочник.Товары`, `Товары.Код`: what the first and the other names are.
    fn member_kind(&self, member: QueryNodeId, role: QueryRole) -> SemanticTokenKind {
        let is_first = role == QueryRole::Object;
        let mut whole = member;
        while let Some(parent) = self.tree.parent(whole)
            && self.tree.kind(parent) == QueryNodeKind::Member
        {
            whole = parent;
        }
        match (self.is_metadata(whole), is_first) {
            (true, true) => SemanticTokenKind::Namespace,
            (true, false) => SemanticTokenKind::Class,
            (false, true) => SemanticTokenKind::Variable,
            (false, false) => SemanticTokenKind::Property,
        }
    }

    /// Names of a table, of a virtual table, of a type or of a predefined value.
    fn is_metadata(&self, path: QueryNodeId) -> bool {
        let Some(parent) = self.tree.parent(path) else { return false };
        match self.tree.kind(parent) {
            QueryNodeKind::Source | QueryNodeKind::ForUpdate => true,
            QueryNodeKind::Call => self.tree.node(path).role == QueryRole::Function,
            QueryNodeKind::Arguments => {
                let call = self.tree.parent(parent);
                let function = call.and_then(|call| self.tree.child(call, QueryRole::Function));
                let name = function.map_or("", |function| self.tree.node_text(function, self.text));
                ["ЗНАЧЕНИЕ", "VALUE", "ТИП", "TYPE"].iter().any(|known| same_name(known, name))
            }
            _ => false,
        }
    }
}
