//! A condition that was already checked in the same chain.

use syntax::{NodeId, NodeKind, Role};

use crate::context::Context;
use crate::control_flow::equal_groups;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IfElseDuplicatedCondition",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Условие повторяется в той же цепочке `Если`",
        en: "The condition is repeated in the same chain of `If`",
    }],
    docs: docs!("if_else_duplicated_condition"),
    create: |_| Box::new(IfElseDuplicatedCondition),
    ..RuleInfo::DEFAULT
};

struct IfElseDuplicatedCondition;

impl Rule for IfElseDuplicatedCondition {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        if tree.child_of_kind(node, NodeKind::ElsifClause).is_none() {
            return;
        }
        let clauses = tree.children(node).filter(|child| tree.kind(*child) == NodeKind::ElsifClause);
        let conditions: Vec<_> = std::iter::once(node)
            .chain(clauses)
            .filter_map(|branch| tree.child(branch, Role::Condition))
            .filter(|condition| !tree.node(*condition).has_error)
            .collect();
        for group in equal_groups(ctx.source, &conditions) {
            let related: Vec<_> = group.iter().map(|condition| tree.range(*condition)).collect();
            ctx.report(related[0]).related(related);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn one_finding_per_group() {
        rule("IfElseDuplicatedCondition").check(
            "Если А = 1 Тогда\nИначеЕсли Б Тогда\nElsIf а=1 Then\nИначеЕсли Б Тогда\nИначеЕсли А = 2 Тогда\nИначеЕсли А = 1 Тогда\nКонецЕсли;\n",
            expect![[r#"
                1:6 `А = 1` The condition is repeated in the same chain of `If` +1:6 +3:7 +6:11
                2:11 `Б` The condition is repeated in the same chain of `If` +2:11 +4:11
            "#]],
        );
    }

    #[test]
    fn literals_compare_exactly() {
        rule("IfElseDuplicatedCondition").check(
            "If A = \"x\" Then\nElsIf A = \"X\" Then\nElse\nIf A = \"x\" Then\nEndIf;\nEndIf;\n",
            expect![[""]],
        );
    }

    #[test]
    fn long_chains() {
        let chain: String = (0..40).map(|number| format!("ИначеЕсли А = {} Тогда\n", number % 37)).collect();
        rule("IfElseDuplicatedCondition").check(
            &format!("Если Б Тогда\n{chain}КонецЕсли;"),
            expect![[r#"
                2:11 `А = 0` The condition is repeated in the same chain of `If` +2:11 +39:11
                3:11 `А = 1` The condition is repeated in the same chain of `If` +3:11 +40:11
                4:11 `А = 2` The condition is repeated in the same chain of `If` +4:11 +41:11
            "#]],
        );
    }
}
