//! Branches of one statement that do the same.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::control_flow::equal_groups;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IfElseDuplicatedCodeBlock",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 10,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Ветки `Если` делают одно и то же", en: "Branches of `If` do the same"
    }],
    docs: docs!("if_else_duplicated_code_block"),
    create: |_| Box::new(IfElseDuplicatedCodeBlock),
    ..RuleInfo::DEFAULT
};

struct IfElseDuplicatedCodeBlock;

impl Rule for IfElseDuplicatedCodeBlock {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let is_clause =
            |child: &NodeId| matches!(tree.kind(*child), NodeKind::ElsifClause | NodeKind::ElseClause);
        if !tree.children(node).any(|child| is_clause(&child)) {
            return;
        }
        let blocks: Vec<_> = std::iter::once(node)
            .chain(tree.children(node).filter(is_clause))
            .filter_map(|branch| tree.child_of_kind(branch, NodeKind::Block))
            .filter(|block| !tree.token_span(*block).is_empty() && !tree.node(*block).is_broken)
            .collect();
        for group in equal_groups(ctx.source, &blocks) {
            let related: Vec<_> = group.iter().map(|block| tree.range(*block)).collect();
            ctx.report(related[0]).related(related);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn comments_and_case_do_not_matter() {
        rule("IfElseDuplicatedCodeBlock").check(
            "Если А Тогда\n\tБ = 1; // раз\n\tВ();\nИначеЕсли Г Тогда\n\tБ = 2;\nИначе\n\tб=1; в();\nКонецЕсли;\n\
             If A Then\nElsIf B Then\nElse\nEndIf;\nIf A Then\n\tB();\nElse\n\tB(1);\nEndIf;\n",
            expect![[r#"
                2:2 `Б = 1; // раз⏎	В();` Branches of `If` do the same +2:2 +7:2
            "#]],
        );
    }

    #[test]
    fn directives_make_a_difference() {
        rule("IfElseDuplicatedCodeBlock").check(
            "Если А Тогда\n#Если Сервер Тогда\n\tБ();\n\tВ();\n#КонецЕсли\nИначе\n\tБ();\n#Если Сервер Тогда\n\tВ();\n#КонецЕсли\nКонецЕсли;\n",
            expect![[""]],
        );
    }
}
