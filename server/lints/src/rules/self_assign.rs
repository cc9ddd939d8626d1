//! Assignments that change nothing.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SelfAssign",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["suspicious"],
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
            ctx.report_node(assignment);
        }
    }
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
