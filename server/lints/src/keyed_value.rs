//! Values that stand next to their key, in an insertion or in a constructor: the key says what they mean.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::argument_list::{
    argument_index, arguments_of, constructed_type, head_name, is_word, listed_arguments, method_call,
};
use crate::layout::{has_line_of_its_own, has_trivia, indentation, is_pure};
use crate::literals::one_line_content;

const INSERT: &[&str] = &["Вставить", "Insert"];
const STRUCTURE: &[&str] = &["Структура", "Structure"];
const FIXED_STRUCTURE: &[&str] = &["ФиксированнаяСтруктура", "FixedStructure"];
const MAP: &[&str] = &["Соответствие", "Map"];

/// Parentheses that may stand around a value of a constructor.
const MAX_PARENTHESES: usize = 2;

/// The type of a constructor is one of the structures.
pub(crate) fn is_structure(type_name: &str) -> bool {
    is_word(type_name, STRUCTURE) || is_word(type_name, FIXED_STRUCTURE)
}

/// True for an argument that is inserted into a structure or map made in the same block, and for a value
/// in the constructor of a structure.
pub(crate) fn is_keyed_value(source: Source<'_>, expression: NodeId) -> bool {
    is_inserted(source, expression).unwrap_or(false) || is_constructed(source, expression).unwrap_or(false)
}

fn is_inserted(source: Source<'_>, expression: NodeId) -> Option<bool> {
    let tree = source.tree;
    let list = parent_of_kind(tree, expression, NodeKind::Arguments)?;
    let call = parent_of_kind(tree, list, NodeKind::Call)?;
    let statement = parent_of_kind(tree, call, NodeKind::ExpressionStatement)?;
    let (_, object) = method_call(source, call, INSERT)?;
    let type_name = first_type(source, statement, head_name(tree, object)?)?;
    let index = argument_index(tree, list, expression);
    Some((index == 1 && is_structure(type_name)) || (index < 2 && is_word(type_name, MAP)))
}

/// What the first assignment to a variable in the block of a later statement constructs.
fn first_type<'a>(source: Source<'a>, statement: NodeId, variable: NodeId) -> Option<&'a str> {
    let tree = source.tree;
    let name = source.node_text(variable);
    let mut earlier = tree.children(tree.parent(statement)?).take_while(|other| *other < statement);
    let assignment = earlier.find(|other| {
        let left = tree.child(*other, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name);
        tree.kind(*other) == NodeKind::Assignment
            && left.is_some_and(|left| is_word(source.node_text(left), &[name]))
    })?;
    let mut tokens = tree.code_tokens_of(tree.child(assignment, Role::Right)?);
    tokens.next().filter(|token| token.kind == TokenKind::New)?;
    tokens.next().map(|token| source.token_text(token))
}

fn is_constructed(source: Source<'_>, expression: NodeId) -> Option<bool> {
    let tree = source.tree;
    let mut argument = expression;
    for _ in 0..MAX_PARENTHESES {
        argument = parent_of_kind(tree, argument, NodeKind::Parenthesized).unwrap_or(argument);
    }
    let list = parent_of_kind(tree, argument, NodeKind::Arguments)?;
    let type_name = constructed_type(source, tree.parent(list)?)?;
    let has_keys = || {
        let keys = listed_arguments(tree, list).next().flatten().and_then(|keys| tree.first_token(keys));
        keys.is_some_and(|token| token.kind == TokenKind::String)
    };
    let is_exempt = is_word(type_name, FIXED_STRUCTURE) || (is_word(type_name, STRUCTURE) && has_keys());
    Some(is_exempt && argument_index(tree, list, argument) > 0)
}

/// A structure without values, and a statement for each of them; for constructors that are assigned as they are.
pub(crate) fn insertions(source: Source<'_>, constructor: NodeId) -> Option<Edit> {
    let tree = source.tree;
    let statement = parent_of_kind(tree, constructor, NodeKind::Assignment)?;
    let target = tree.child(statement, Role::Left).filter(|target| is_pure(tree, *target))?;
    let type_name =
        tree.child(constructor, Role::Type).filter(|name| is_word(source.node_text(*name), STRUCTURE))?;
    let range = tree.range(statement);
    if !has_line_of_its_own(source, statement) || has_trivia(tree, range) {
        return None;
    }
    let mut arguments = arguments_of(tree, constructor);
    let keys = arguments.next().flatten().filter(|keys| tree.kind(*keys) == NodeKind::String)?;
    let [keys] = tree.tokens_of(keys) else { return None };
    let keys: Vec<&str> = one_line_content(source, keys)?.split(',').map(str::trim).collect();
    let values: Vec<_> = arguments.collect();
    let variable = source.node_text(head_name(tree, target)?);
    let uses_target = |value: NodeId| {
        let mut names = std::iter::once(value).chain(tree.descendants(value));
        names.any(|node| tree.kind(node) == NodeKind::Name && is_word(source.node_text(node), &[variable]))
    };
    let is_name =
        |key: &&str| !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if values.len() > keys.len()
        || !keys.iter().all(is_name)
        || values.iter().flatten().any(|value| uses_target(*value))
    {
        return None;
    }
    let target = source.node_text(target);
    let method = if source.node_text(type_name).is_ascii() { "Insert" } else { "Вставить" };
    let empty = TextRange { start: range.start, end: tree.range(type_name).end };
    let mut lines = vec![source.slice(empty).to_owned()];
    lines.extend(keys.iter().enumerate().map(|(index, key)| match values.get(index).copied().flatten() {
        Some(value) => format!("{target}.{method}(\"{key}\", {})", source.node_text(value)),
        None => format!("{target}.{method}(\"{key}\")"),
    }));
    let next = format!(";{}{}", syntax::line_break(source.text), indentation(source, range.start));
    Some(Edit::replace(range, lines.join(&next)))
}

fn parent_of_kind(tree: &SyntaxTree, node: NodeId, kind: NodeKind) -> Option<NodeId> {
    tree.parent(node).filter(|parent| tree.kind(*parent) == kind)
}
