//! Comparisons of values with `Истина` and `Ложь`. Chains of comparisons lean to the right.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use super::values::{Comparison, Operand};
use crate::operators::{chained_left, operator, operator_kind, without_parentheses};

/// A comparison one side of which is a literal.
pub(super) struct Candidate {
    /// The other side; `None` if it is a boolean, too.
    pub operand: Option<NodeId>,
    range: TextRange,
    fix: Option<Edit>,
}

impl Candidate {
    pub(super) fn found(&self, operand: Operand) -> Comparison {
        Comparison { operand, range: self.range, fix: self.fix.clone() }
    }
}

/// Adds what is compared with a boolean literal in the chain that ends with `binary`.
pub(super) fn comparisons_in(source: Source<'_>, binary: NodeId, found: &mut Vec<Candidate>) {
    let tree = source.tree;
    let is_comparison = operator_kind(tree, binary).is_some_and(TokenKind::is_comparison);
    let is_inner = tree.parent(binary).is_some_and(|parent| {
        tree.kind(parent) == NodeKind::Binary && chained_left(tree, parent) == Some(binary)
    });
    if !is_comparison || is_inner {
        return;
    }
    let mut part = binary;
    let mut behind = None;
    loop {
        found.extend(candidate(source, part, behind));
        behind = Some(part);
        match chained_left(tree, part) {
            Some(left) => part = left,
            None => return,
        }
    }
}

/// One comparison of a chain; `behind` is the one that continues it and so is its right side.
fn candidate(source: Source<'_>, part: NodeId, behind: Option<NodeId>) -> Option<Candidate> {
    let tree = source.tree;
    let kind = operator_kind(tree, part)?;
    if !matches!(kind, TokenKind::Equal | TokenKind::NotEqual) {
        return None;
    }
    let left = match chained_left(tree, part) {
        Some(before) => tree.child(before, Role::Right)?,
        None => tree.child(part, Role::Left)?,
    };
    let right = if behind.is_some() { None } else { Some(tree.child(part, Role::Right)?) };
    let is_literal = |node: NodeId| tree.kind(without_parentheses(tree, node)) == NodeKind::Boolean;
    let (operand, literal) = match (is_literal(left), right) {
        (true, None) => (None, left),
        (false, None) => return None,
        (true, Some(right)) if is_literal(right) => (None, right),
        (true, Some(right)) => (Some(right), left),
        (false, Some(right)) if is_literal(right) => (Some(left), right),
        (false, Some(_)) => return None,
    };
    let start = anchor(tree, left)?.start;
    let end = match (right, behind) {
        (Some(right), _) => anchor(tree, right)?.end,
        (None, Some(behind)) => operator(tree, behind)?.end,
        (None, None) => return None,
    };
    let is_alone = behind.is_none() && chained_left(tree, part).is_none();
    let fix = operand.filter(|_| is_alone).and_then(|operand| fix(source, part, operand, literal));
    Some(Candidate { operand, range: TextRange { start, end }, fix })
}

/// The tokens that stand for an expression: its operator, its last access, or all of it.
fn anchor(tree: &SyntaxTree, expression: NodeId) -> Option<TextRange> {
    let node = without_parentheses(tree, expression);
    let range = tree.range(node);
    let from = |start: u32| TextRange { start, end: range.end };
    Some(match tree.kind(node) {
        NodeKind::Unary => operator(tree, node)?.range(),
        NodeKind::Binary => {
            let mut first = node;
            while let Some(left) = chained_left(tree, first) {
                first = left;
            }
            operator(tree, first)?.range()
        }
        NodeKind::Member => from(tree.own_token(node, TokenKind::Dot)?.start),
        NodeKind::Index => from(tree.own_token(node, TokenKind::LeftBracket)?.start),
        NodeKind::Call => {
            let function = tree.child(node, Role::Function)?;
            match tree.kind(function) {
                NodeKind::Member => from(tree.own_token(function, TokenKind::Dot)?.start),
                _ => range,
            }
        }
        _ => range,
    })
}

/// The operand alone, negated where the comparison asks for `Ложь`.
fn fix(source: Source<'_>, comparison: NodeId, operand: NodeId, literal: NodeId) -> Option<Edit> {
    let tree = source.tree;
    let literal = tree.first_token(without_parentheses(tree, literal))?;
    let is_true = literal.kind == TokenKind::True;
    let is_equal = operator_kind(tree, comparison) == Some(TokenKind::Equal);
    let kept = tree.token_span(operand);
    let loses_comment = tree
        .token_span(comparison)
        .any(|index| tree.tokens()[index].kind.is_trivia() && !kept.contains(&index));
    let around = tree.parent(comparison).map(|parent| tree.kind(parent));
    if loses_comment || around == Some(NodeKind::ExpressionStatement) {
        return None;
    }
    let code = source.node_text(operand);
    let is_operation = matches!(tree.kind(operand), NodeKind::Binary | NodeKind::Unary);
    let text = if is_true == is_equal {
        code.to_owned()
    } else if around == Some(NodeKind::Unary) {
        return None;
    } else {
        let not = if source.token_text(literal).is_ascii() { "NOT" } else { "НЕ" };
        if is_operation { format!("{not} ({code})") } else { format!("{not} {code}") }
    };
    Some(Edit::replace(tree.range(comparison), text))
}
