//! Parameters of queries on the side of the code: `Запрос.УстановитьПараметр("Имя", Значение)`.

use base::{TextRange, fold_case, same_name};
use syntax::{
    NodeId, NodeKind, QueryLiteral, QueryNodeKind, QueryRole, Role, SyntaxTree, find_queries, parse_query,
};

use crate::meaning::Section;

/// A call that sets a parameter. All ranges are those of the section.
pub(crate) struct SetParameter {
    /// Code of the query variable in lower case.
    pub(crate) query: String,
    /// The name between the quotes.
    pub(crate) name: TextRange,
    pub(crate) call: NodeId,
    pub(crate) value: Option<NodeId>,
}

const SETTERS: [&str; 2] = ["УстановитьПараметр", "SetParameter"];
const COLLECTIONS: [&str; 2] = ["Параметры", "Parameters"];
const INSERTERS: [&str; 2] = ["Вставить", "Insert"];
const TEXTS: [&str; 2] = ["Текст", "Text"];
const QUERIES: [&str; 2] = ["Запрос", "Query"];

fn is(names: [&str; 2], name: &str) -> bool {
    names.iter().any(|known| same_name(known, name))
}

impl Section<'_> {
    /// The method around a node, or the code outside methods.
    fn surroundings(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let tree = self.source().tree;
        let method = tree.enclosing_method(node);
        let nodes = tree.descendants(method.unwrap_or(SyntaxTree::ROOT));
        nodes.filter(move |node| method.is_some() || tree.enclosing_method(*node).is_none())
    }

    /// Calls around a node that set parameters of queries.
    pub(crate) fn set_parameters(&self, around: NodeId) -> Vec<SetParameter> {
        let tree = self.source().tree;
        let calls = self.surroundings(around).filter(|node| tree.kind(*node) == NodeKind::Call);
        calls.filter_map(|call| self.set_parameter(call)).collect()
    }

    fn set_parameter(&self, call: NodeId) -> Option<SetParameter> {
        let source = self.source();
        let tree = source.tree;
        let function = tree.child(call, Role::Function).filter(|it| tree.kind(*it) == NodeKind::Member)?;
        let method = source.node_text(tree.child(function, Role::Property)?);
        let mut query = tree.child(function, Role::Object)?;
        if is(INSERTERS, method) && tree.kind(query) == NodeKind::Member {
            let collection = source.node_text(tree.child(query, Role::Property)?);
            query = tree.child(query, Role::Object).filter(|_| is(COLLECTIONS, collection))?;
        } else if !is(SETTERS, method) {
            return None;
        }
        let arguments = tree.child(call, Role::Arguments)?;
        let mut arguments = tree.children(arguments);
        let literal = arguments.next().filter(|node| tree.kind(*node) == NodeKind::String)?;
        let range = tree.range(literal);
        let name = TextRange { start: range.start + 1, end: range.end.saturating_sub(1) };
        let is_name = name.start < name.end
            && source.slice(name).chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let query = source.folded_code(query);
        is_name.then(|| SetParameter { query, name, call, value: arguments.next() })
    }

    /// The call that sets the parameter whose name holds an offset of the section.
    pub(crate) fn set_parameter_at(&self, offset: u32) -> Option<SetParameter> {
        let tree = self.source().tree;
        let index = tree.token_at(offset)?;
        let candidates = [Some(index), index.checked_sub(1)];
        candidates.into_iter().flatten().find_map(|index| {
            let literal = tree.node_of_token(index);
            let is_literal = tree.kind(literal) == NodeKind::String;
            let call = tree.parent(literal).filter(|_| is_literal).and_then(|list| tree.parent(list))?;
            let set = (tree.kind(call) == NodeKind::Call).then(|| self.set_parameter(call))??;
            (tree.range(literal).contains(set.name) && set.name.touches(offset)).then_some(set)
        })
    }

    /// Texts of queries around a node.
    pub(crate) fn queries_around(&self, node: NodeId) -> Vec<QueryLiteral> {
        let method = self.source().tree.enclosing_method(node);
        let mut queries = find_queries(self.source());
        queries.retain(|query| self.source().tree.enclosing_method(query.node) == method);
        queries
    }

    /// The query variable that a literal is the text of, in lower case; `None` if that cannot be told.
    pub(crate) fn query_of_literal(&self, literal: NodeId) -> Option<String> {
        let source = self.source();
        let tree = source.tree;
        let is_part = |node: &NodeId| {
            matches!(tree.kind(*node), NodeKind::Binary | NodeKind::Parenthesized | NodeKind::Arguments)
        };
        let owner = tree.ancestors(literal).find(|node| !is_part(node))?;
        match tree.kind(owner) {
            NodeKind::New => self.created_query(owner),
            NodeKind::Assignment => {
                let left = tree.child(owner, Role::Left)?;
                if tree.kind(left) == NodeKind::Member {
                    return self.query_of_text(left);
                }
                self.query_with_text(owner, &source.folded_code(left))
            }
            _ => None,
        }
    }

    /// `Запрос = Новый Запрос(…)`.
    fn created_query(&self, new: NodeId) -> Option<String> {
        let source = self.source();
        let tree = source.tree;
        let type_name = tree.child(new, Role::Type)?;
        let assignment = tree.parent(new).filter(|node| tree.kind(*node) == NodeKind::Assignment)?;
        let left = tree.child(assignment, Role::Left).filter(|_| is(QUERIES, source.node_text(type_name)))?;
        Some(source.folded_code(left))
    }

    /// `Запрос` of `Запрос.Текст`.
    fn query_of_text(&self, member: NodeId) -> Option<String> {
        let source = self.source();
        let property = source.node_text(source.tree.child(member, Role::Property)?);
        let object = source.tree.child(member, Role::Object).filter(|_| is(TEXTS, property))?;
        Some(source.folded_code(object))
    }

    /// The only query that gets its text from a variable.
    fn query_with_text(&self, around: NodeId, variable: &str) -> Option<String> {
        let source = self.source();
        let tree = source.tree;
        let uses = self.surroundings(around).filter(|node| {
            tree.kind(*node) == NodeKind::Name && fold_case(source.node_text(*node)) == variable
        });
        let mut queries: Vec<String> = uses
            .filter_map(|name| {
                let parent = tree.parent(name)?;
                match (tree.kind(parent), tree.node(name).role) {
                    (NodeKind::Assignment, Role::Right) => {
                        self.query_of_text(tree.child(parent, Role::Left)?)
                    }
                    (NodeKind::Arguments, _) => {
                        let new = tree.parent(parent).filter(|node| tree.kind(*node) == NodeKind::New)?;
                        self.created_query(new)
                    }
                    _ => None,
                }
            })
            .collect();
        queries.dedup();
        if queries.len() == 1 { queries.pop() } else { None }
    }

    /// Where the texts of queries name a parameter: the names behind `&`.
    pub(crate) fn parameter_uses(&self, query: &QueryLiteral, name: &str) -> Vec<TextRange> {
        let text = self.source().text;
        let tree = parse_query(text, query);
        let parameters = tree.nodes().filter(|(_, node)| node.kind == QueryNodeKind::Parameter);
        let names = parameters.filter_map(|(id, _)| tree.child(id, QueryRole::Name));
        names.map(|id| tree.range(id)).filter(|range| same_name(range.slice(text), name)).collect()
    }
}

/// A parameter in all texts and calls of one query.
pub(crate) struct ParameterPlaces {
    /// Names behind `&`.
    pub(crate) uses: Vec<TextRange>,
    pub(crate) sets: Vec<SetParameter>,
    /// The texts and the calls certainly belong together.
    pub(crate) is_certain: bool,
}

/// Places of a parameter; `node` is the literal or the call that was asked about.
pub(crate) fn parameter_places(
    section: &Section<'_>,
    node: NodeId,
    query: Option<&str>,
    name: &str,
) -> ParameterPlaces {
    let source = section.source();
    let literals = section.queries_around(node);
    let owners: Vec<Option<String>> =
        literals.iter().map(|literal| section.query_of_literal(literal.node)).collect();
    let is_ours = |literal: &QueryLiteral, owner: &Option<String>| {
        literal.node == node
            || match (owner.as_deref(), query) {
                (Some(owner), Some(query)) => owner == query,
                // Nobody knows whose text it is.
                _ => true,
            }
    };
    let ours: Vec<_> =
        literals.iter().zip(&owners).filter(|(literal, owner)| is_ours(literal, owner)).collect();
    let uses = ours.iter().flat_map(|(literal, _)| section.parameter_uses(literal, name)).collect();
    let mut sets = section.set_parameters(node);
    sets.retain(|set| {
        query.is_none_or(|query| set.query == query) && same_name(source.slice(set.name), name)
    });
    let is_certain = query.is_some() || !sets.is_empty();
    ParameterPlaces { uses, sets, is_certain }
}
