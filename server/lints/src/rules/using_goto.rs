//! A jump to a label.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingGoto",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Critical,
    minutes: 5,
    tags: &["standard", "badpractice"],
    messages: &[Text {
        ru: "Переход `Перейти` запутывает ход выполнения",
        en: "`Goto` obscures the flow of control",
    }],
    docs: docs!("using_goto"),
    create: |_| Box::new(UsingGoto),
    ..RuleInfo::DEFAULT
};

struct UsingGoto;

impl Rule for UsingGoto {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Goto]
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
    fn every_jump_is_reported() {
        rule("UsingGoto").check(
            "Процедура А()\n\tПерейти ~Конец;\n\t~Конец:\nКонецПроцедуры\n~M: Goto ~M;\nБ = \"Перейти ~М\";\n",
            expect![[r#"
                2:2 `Перейти ~Конец` `Goto` obscures the flow of control
                5:5 `Goto ~M` `Goto` obscures the flow of control
            "#]],
        );
    }
}
