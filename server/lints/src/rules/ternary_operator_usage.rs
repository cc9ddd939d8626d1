//! Any ternary operator, for teams that do not want it.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TernaryOperatorUsage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 3,
    is_on_by_default: false,
    tags: &["brainoverload"],
    messages: &[Text {
        ru: "Вместо тернарного оператора используйте `Если`",
        en: "Use `If` instead of the ternary operator",
    }],
    docs: docs!("ternary_operator_usage"),
    create: |_| Box::new(TernaryOperatorUsage),
    ..RuleInfo::DEFAULT
};

struct TernaryOperatorUsage;

impl Rule for TernaryOperatorUsage {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Ternary]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        ctx.report_node(node);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn nested_operators_are_reported_too() {
        rule("TernaryOperatorUsage").check(
            "А = ?(Б, ? (В, 1, 2), 3);\nCall(?(True, 1, 2));\n",
            expect![[r#"
                1:5 `?(Б, ? (В, 1, 2), 3)` Use `If` instead of the ternary operator
                1:10 `? (В, 1, 2)` Use `If` instead of the ternary operator
                2:6 `?(True, 1, 2)` Use `If` instead of the ternary operator
            "#]],
        );
    }
}
