//! A negation of a negation.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::operators::{chained_left, operator, operator_kind, without_parentheses};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DoubleNegatives",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 3,
    tags: &["brainoverload", "badpractice"],
    fix: FixSafety::Safe,
    messages: &[Text { ru: "Двойное отрицание", en: "Double negation" }],
    docs: docs!("double_negatives"),
    create: |_| Box::new(DoubleNegatives),
    ..RuleInfo::DEFAULT
};

struct DoubleNegatives;

impl Rule for DoubleNegatives {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Unary]
    }

    fn node(&self, ctx: &mut Context<'_>, outer: NodeId) {
        let tree = ctx.source.tree;
        let Some(operand) = negated(tree, outer) else { return };
        let inner = without_parentheses(tree, operand);
        let end = match operator_kind(tree, inner) {
            Some(TokenKind::Not) => negated(tree, inner).map(|operand| end_of_anchor(tree, operand)),
            Some(kind) if kind.is_comparison() => end_of_inequality(tree, inner),
            _ => None,
        };
        let Some(end) = end.filter(|_| !tree.node(outer).has_error) else { return };
        let range = TextRange { start: tree.range(outer).start, end };
        let fix = fix(ctx, outer, inner).unwrap_or_default();
        ctx.report(range).fix(fix);
    }
}

/// The operand of `Not`.
fn negated(tree: &SyntaxTree, unary: NodeId) -> Option<NodeId> {
    (operator_kind(tree, unary) == Some(TokenKind::Not)).then(|| tree.child(unary, Role::Operand)).flatten()
}

/// The end of the anchor of the right operand. A chain of comparisons leans to the right: the first operator is its
/// root, and the second one stands for what follows.
fn end_of_inequality(tree: &SyntaxTree, comparison: NodeId) -> Option<u32> {
    let (mut root, mut next) = (comparison, None);
    while let Some(left) = chained_left(tree, root) {
        next = Some(root);
        root = left;
    }
    operator_kind(tree, root).filter(|kind| *kind == TokenKind::NotEqual)?;
    match next {
        Some(next) => operator(tree, next).map(|token| token.end),
        None => Some(end_of_anchor(tree, tree.child(root, Role::Right)?)),
    }
}

/// The end of the operator of an operation, of the whole of any other operand.
fn end_of_anchor(tree: &SyntaxTree, operand: NodeId) -> u32 {
    let mut operation = without_parentheses(tree, operand);
    while let Some(left) = chained_left(tree, operation) {
        operation = left;
    }
    operator(tree, operation).map_or(tree.range(operation).end, |token| token.end)
}

/// Drops both negations. `None` where the parentheses are needed, hold a comment, or where an outer
/// negation is to be repaired first.
fn fix(ctx: &Context<'_>, outer: NodeId, inner: NodeId) -> Option<Vec<Edit>> {
    let tree = ctx.source.tree;
    let around = tree.ancestors(outer).find(|node| tree.kind(*node) != NodeKind::Parenthesized)?;
    let binds_loosely = |kind: TokenKind| matches!(kind, TokenKind::And | TokenKind::Or);
    if tree.kind(around) == NodeKind::Unary
        || operator_kind(tree, around).is_some_and(|kind| !binds_loosely(kind))
    {
        return None;
    }
    let mut edits = Vec::new();
    let kept = match tree.kind(inner) {
        NodeKind::Unary => negated(tree, inner)?,
        _ if chained_left(tree, inner).is_some() => return None,
        _ => {
            edits.push(Edit::replace(operator(tree, inner)?.range(), "="));
            inner
        }
    };
    let (all, kept) = (tree.token_span(outer), tree.token_span(kept));
    let (before, after) = (all.start..kept.start, kept.end..all.end);
    let tokens = tree.tokens();
    if before.clone().chain(after.clone()).any(|index| tokens[index].kind.is_trivia()) {
        return None;
    }
    edits.push(Edit::delete(TextRange { start: tokens[before.start].start, end: tokens[kept.start].start }));
    if !after.is_empty() {
        let range = TextRange { start: tokens[kept.end - 1].end, end: tokens[after.end - 1].end };
        let next = ctx.source.text[range.end as usize..].chars().next();
        let is_glued = next.is_some_and(|next| next.is_alphanumeric() || next == '_');
        edits.push(Edit::replace(range, if is_glued { " " } else { "" }));
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "А = НЕ (Б <> В.Г);\nА = Не Б <> В + 1;\nX = Not (Not A.B);\n\
        Если НЕ((А <> Б))ИЛИ НЕ (НЕ (В И Г)) Тогда\nКонецЕсли;\nА = Б = (НЕ (В <> Г));\n\
        А = НЕ (НЕ (Б <> В));\nА = НЕ ( // почему\n\tБ <> В);\n";

    #[test]
    fn negated_inequalities_and_negations() {
        rule("DoubleNegatives").check(
            TEXT,
            expect![[r#"
            1:5 `НЕ (Б <> В.Г` Double negation
            2:5 `Не Б <> В +` Double negation
            3:5 `Not (Not A.B` Double negation
            4:6 `НЕ((А <> Б` Double negation
            4:22 `НЕ (НЕ (В И` Double negation
            6:10 `НЕ (В <> Г` Double negation
            7:5 `НЕ (НЕ (Б <>` Double negation
            7:9 `НЕ (Б <> В` Double negation
            8:5 `НЕ ( // почему⏎	Б <> В` Double negation
        "#]],
        );
    }

    #[test]
    fn chains_lean_to_the_right() {
        rule("DoubleNegatives").check(
            "А = НЕ (Б <> В = Г);\n",
            expect![[r#"
            1:5 `НЕ (Б <> В =` Double negation
        "#]],
        );
    }

    #[test]
    fn both_negations_go() {
        rule("DoubleNegatives").check_fix(
            TEXT,
            expect![[r#"
            А = Б = В.Г;
            А = Б = В + 1;
            X = A.B;
            Если А = Б ИЛИ (В И Г) Тогда
            КонецЕсли;
            А = Б = (НЕ (В <> Г));
            А = (Б <> В);
            А = НЕ ( // почему
            	Б <> В);
        "#]],
        );
    }

    #[test]
    fn single_negations() {
        rule("DoubleNegatives").check(
            "А = НЕ (Б = В);\nА = НЕ (Б <> В И Г);\nА = НЕ Ф(Б <> В);\nА = НЕ Б И НЕ В;\nА = -(-Б);\nА = Б <> НЕ В;\nА = НЕ (Б = В <> Г);\n",
            expect![[""]],
        );
    }
}
