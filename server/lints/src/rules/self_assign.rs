//! Assignments that change nothing.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source};

use crate::context::Context;
use crate::layout::{has_trivia, removal};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SelfAssign",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["suspicious"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Значение присваивается самому себе", en: "The value is assigned to itself"
    }],
    docs: docs!("self_assign"),
    create: |_| Box::new(SelfAssign),
    ..RuleInfo::DEFAULT
};

struct SelfAssign;

impl Rule for SelfAssign {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Assignment]
    }

    fn node(&self, ctx: &mut Context<'_>, assignment: NodeId) {
        let tree = ctx.source.tree;
        let (Some(left), Some(right)) =
            (tree.child(assignment, Role::Left), tree.child(assignment, Role::Right))
        else {
            return;
        };
        if tree.kind(left) == tree.kind(right) && has_same_text(ctx.source, left, right) {
            let fix = removal_of(ctx.source, assignment, left).map(Edit::delete);
            ctx.report_node(assignment).fix(fix);
        }
    }
}

/// The statement does nothing if the name alone is assigned to itself; a property may notice it.
fn removal_of(source: Source<'_>, assignment: NodeId, left: NodeId) -> Option<TextRange> {
    let tree = source.tree;
    let range = tree.statement_range(assignment);
    let is_labeled =
        tree.parent(assignment).is_some_and(|parent| tree.kind(parent) == NodeKind::LabeledStatement);
    let is_idle = tree.kind(left) == NodeKind::Name && !is_labeled && !has_trivia(tree, range);
    is_idle.then(|| removal(source.text, range))
}

/// The same tokens in any case; literals count like names here.
fn has_same_text(source: Source<'_>, left: NodeId, right: NodeId) -> bool {
    let (mut left, mut right) = (source.tree.code_tokens_of(left), source.tree.code_tokens_of(right));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if base::same_name(source.token_text(a), source.token_text(b)) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_deletes_the_statement() {
        rule("SelfAssign").check_fix(
            "А = 1;\n\tА = а;\nБ(); А = А; // да\nА.Б = А.Б;\nЕсли А Тогда А = А КонецЕсли;\n",
            expect![[r#"
                А = 1;
                Б(); // да
                А.Б = А.Б;
                Если А Тогда КонецЕсли;
            "#]],
        );
    }

    #[test]
    fn texts_are_compared() {
        rule("SelfAssign").check(
            "А = а;\nА.Б = А.Б;\nA[1].B = a [1] . b; // x\nА = (А);\nА.Б = А.В;\nА = А.А;\nА = А + А;\n",
            expect![[r#"
                1:1 `А = а` The value is assigned to itself
                2:1 `А.Б = А.Б` The value is assigned to itself
                3:1 `A[1].B = a [1] . b` The value is assigned to itself
            "#]],
        );
    }
}
