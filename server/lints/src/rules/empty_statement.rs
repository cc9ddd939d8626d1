//! A `;` that ends nothing.

use base::Edit;
use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "EmptyStatement",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["badpractice"],
    fix: FixSafety::Safe,
    messages: &[Text { ru: "Лишняя точка с запятой", en: "Needless semicolon" }],
    docs: docs!("empty_statement"),
    create: |_| Box::new(EmptyStatement),
    ..RuleInfo::DEFAULT
};

struct EmptyStatement;

impl Rule for EmptyStatement {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::EmptyStatement]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        let tree = ctx.source.tree;
        let previous = (0..statement.0)
            .rev()
            .map(NodeId)
            .find(|node| tree.kind(*node).is_statement() || tree.kind(*node) == NodeKind::Error);
        // A `;` behind broken code is most likely no mistake of its own.
        let is_after_error =
            previous.is_some_and(|node| tree.kind(node) == NodeKind::Error || tree.has_serious_error(node));
        if !is_after_error {
            let range = tree.range(statement);
            ctx.report(range).fix([Edit::delete(range)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn lone_semicolons() {
        rule("EmptyStatement").check(
            "А = 1;;\nIf A Then\n\t;\nEndIf; // нет\n;\n~М: ;\n",
            expect![[r#"
                1:7 `;` Needless semicolon
                3:2 `;` Needless semicolon
                5:1 `;` Needless semicolon
            "#]],
        );
    }

    #[test]
    fn not_behind_broken_code() {
        rule("EmptyStatement").check(
            "А = ;;\nБ = 1;;\n",
            expect![[r#"
                2:7 `;` Needless semicolon
            "#]],
        );
    }

    #[test]
    fn the_fix_deletes_the_semicolon() {
        rule("EmptyStatement").check_fix(
            "А = 1;;;\r\nЕсли А Тогда ; КонецЕсли;\r\n",
            expect![[r#"
                А = 1;␍
                Если А Тогда  КонецЕсли;␍
            "#]],
        );
    }
}
