//! `ПолучитьФорму`, which hands out a form without opening it.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, callee_of};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "GetFormMethod",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["error"],
    messages: &[Text {
        ru: "Вместо `ПолучитьФорму` используйте `ОткрытьФорму`",
        en: "Use `OpenForm` instead of `GetForm`",
    }],
    docs: docs!("get_form_method"),
    create: |_| Box::new(GetFormMethod),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ПолучитьФорму", "GetForm")];

struct GetFormMethod;

impl Rule for GetFormMethod {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(callee) = callee_of(ctx, call, &NAMES) {
            ctx.report_node(callee.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn both_forms_of_the_call() {
        rule("GetFormMethod").check(
            "Ф = ПолучитьФорму(\"Форма\");\nДокументы.Заказ.getForm(\"F\").Open();\nОткрытьФорму(\"Форма\");\nФ = О.ПолучитьФорму;\n",
            expect![[r#"
                1:5 `ПолучитьФорму` Use `OpenForm` instead of `GetForm`
                2:17 `getForm` Use `OpenForm` instead of `GetForm`
            "#]],
        );
    }
}
