//! A ternary operator inside another one or inside the condition of a branch.

use syntax::{NodeId, NodeKind, Role, SyntaxTree};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NestedTernaryOperator",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["brainoverload"],
    messages: &[
        Text { ru: "Вложенный тернарный оператор", en: "Nested ternary operator" },
        Text {
            ru: "Тернарный оператор в условии ветки",
            en: "Ternary operator in the condition of a branch",
        },
    ],
    docs: docs!("nested_ternary_operator"),
    create: |_| Box::new(NestedTernaryOperator),
    ..RuleInfo::DEFAULT
};

struct NestedTernaryOperator;

impl Rule for NestedTernaryOperator {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Ternary]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        if let Some(message) = surroundings(ctx.source.tree, node) {
            ctx.report_node(node).message(message);
        }
    }
}

/// Index of the message that fits what stands around the operator.
fn surroundings(tree: &SyntaxTree, ternary: NodeId) -> Option<u8> {
    let mut node = ternary;
    while let Some(parent) = tree.parent(node) {
        match tree.kind(parent) {
            NodeKind::Ternary => return Some(0),
            NodeKind::If | NodeKind::ElsifClause => {
                return (tree.node(node).role == Role::Condition).then_some(1);
            }
            kind if kind.is_statement() => return None,
            _ => node = parent,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn operators_inside_operators() {
        rule("NestedTernaryOperator").check(
            "А = ?(Б, Ф(1, ?(В, 1, 2)), ?(Г, 3, 4));\nА = ?(Б, 1, 2) + ?(В, 1, 2);\n",
            expect![[r#"
                1:15 `?(В, 1, 2)` Nested ternary operator
                1:28 `?(Г, 3, 4)` Nested ternary operator
            "#]],
        );
    }

    #[test]
    fn conditions_of_branches() {
        rule("NestedTernaryOperator").check(
            "If Not F(?(A, B, C)) Then\n\tD = ?(A, 1, 2);\nElsIf ?(A, B, C) = 1 Then\nEndIf;\nПока ?(А, Б, В) Цикл\nКонецЦикла;\n",
            expect![[r#"
                1:10 `?(A, B, C)` Ternary operator in the condition of a branch
                3:7 `?(A, B, C)` Ternary operator in the condition of a branch
            "#]],
        );
    }
}
