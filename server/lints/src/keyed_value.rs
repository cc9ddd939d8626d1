//! Values that stand next to their key, in an insertion or in a constructor: the key says what they mean.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::argument_list::{
    argument_index, constructed_type, head_name, is_word, listed_arguments, method_call,
};

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

fn parent_of_kind(tree: &SyntaxTree, node: NodeId, kind: NodeKind) -> Option<NodeId> {
    tree.parent(node).filter(|parent| tree.kind(*parent) == kind)
}
