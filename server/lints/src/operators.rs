//! Operators of expressions. The tree leans to the left where operators have equal precedence; rules that
//! are defined on trees that lean to the right read its chains.

use syntax::{NodeId, NodeKind, Role, SyntaxTree, Token, TokenKind};

/// The operator of a binary or unary expression.
pub(crate) fn operator(tree: &SyntaxTree, expression: NodeId) -> Option<&Token> {
    match tree.kind(expression) {
        NodeKind::Unary => tree.first_token(expression),
        NodeKind::Binary => {
            let left = tree.children(expression).next()?;
            tree.next_code_token(tree.token_span(left).end)
        }
        _ => None,
    }
}

pub(crate) fn operator_kind(tree: &SyntaxTree, expression: NodeId) -> Option<TokenKind> {
    operator(tree, expression).map(|token| token.kind)
}

/// Operators of one level bind equally; a higher level binds tighter.
pub(crate) fn precedence(operator: TokenKind) -> u8 {
    match operator {
        TokenKind::Or => 1,
        TokenKind::And => 2,
        kind if kind.is_comparison() => 3,
        TokenKind::Plus | TokenKind::Minus => 4,
        _ => 5,
    }
}

/// The left operand, if it continues a chain of operators that bind equally.
pub(crate) fn chained_left(tree: &SyntaxTree, binary: NodeId) -> Option<NodeId> {
    let left = tree.child(binary, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Binary)?;
    let is_chained = precedence(operator_kind(tree, left)?) == precedence(operator_kind(tree, binary)?);
    is_chained.then_some(left)
}

/// The expression inside any number of parentheses.
pub(crate) fn without_parentheses(tree: &SyntaxTree, expression: NodeId) -> NodeId {
    let mut node = expression;
    while tree.kind(node) == NodeKind::Parenthesized
        && let Some(inner) = tree.children(node).next()
    {
        node = inner;
    }
    node
}

/// The whole expression that an operand is part of, up to the nearest parenthesis, argument or statement.
pub(crate) fn whole_expression(tree: &SyntaxTree, operand: NodeId) -> NodeId {
    let is_operation = |node: &NodeId| matches!(tree.kind(*node), NodeKind::Binary | NodeKind::Unary);
    tree.ancestors(operand).take_while(is_operation).last().unwrap_or(operand)
}

/// Operands of an expression in order, without their signs and negations. What stands in parentheses is one operand.
pub(crate) fn operands(tree: &SyntaxTree, expression: NodeId) -> impl Iterator<Item = NodeId> {
    let end = tree.subtree_end(expression);
    let mut next = expression;
    std::iter::from_fn(move || {
        while next < end && matches!(tree.kind(next), NodeKind::Binary | NodeKind::Unary) {
            next = NodeId(next.0 + 1);
        }
        let operand = (next < end).then_some(next)?;
        next = tree.subtree_end(operand);
        Some(operand)
    })
}
