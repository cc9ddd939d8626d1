//! A chain of conditions that says nothing about the remaining cases.

use syntax::{NodeId, NodeKind, TokenKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IfElseIfEndsWithElse",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["badpractice"],
    messages: &[Text {
        ru: "У `Если` с `ИначеЕсли` нет ветки `Иначе`",
        en: "`If` with `ElsIf` has no `Else` branch",
    }],
    docs: docs!("if_else_if_ends_with_else"),
    create: |_| Box::new(IfElseIfEndsWithElse),
    ..RuleInfo::DEFAULT
};

struct IfElseIfEndsWithElse;

impl Rule for IfElseIfEndsWithElse {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let last_clause = tree
            .children(node)
            .filter(|child| matches!(tree.kind(*child), NodeKind::ElsifClause | NodeKind::ElseClause))
            .last();
        if last_clause.is_none_or(|clause| tree.kind(clause) != NodeKind::ElsifClause) {
            return;
        }
        if let Some(end) = tree.last_token(node).filter(|token| token.kind == TokenKind::EndIf) {
            ctx.report_token(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_chains_need_an_else() {
        rule("IfElseIfEndsWithElse").check(
            "Если А Тогда\nИначеЕсли Б Тогда\nКонецЕсли;\nIf A Then\nElsIf B Then\nElse\nEndIf;\nЕсли А Тогда\nКонецЕсли;\n\
             Если А Тогда\nИначе\n\tIf A Then\n\tElsIf B Then\n\tElsIf C Then\n\tEndIf\nКонецЕсли;\n",
            expect![[r#"
                3:1 `КонецЕсли` `If` with `ElsIf` has no `Else` branch
                15:2 `EndIf` `If` with `ElsIf` has no `Else` branch
            "#]],
        );
    }
}
