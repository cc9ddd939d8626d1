//! `Сообщить`, which a user of a form may never see.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedMessage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 2,
    minutes_per_point: 0,
    is_on_by_default: true,
    scope: Scope::Bsl,
    modules: &[],
    compatibility: None,
    tags: &["standard", "deprecated"],
    params: &[],
    fix: FixSafety::None,
    messages: &[Text {
        ru: "Вместо `Сообщить` используйте сообщение пользователю с привязкой к полю",
        en: "Use a user message bound to a field instead of `Message`",
    }],
    docs: docs!("deprecated_message"),
    create: |_| Box::new(DeprecatedMessage),
};

const NAMES: [PlatformName; 1] = [PlatformName::new("Сообщить", "Message")];

struct DeprecatedMessage;

impl Rule for DeprecatedMessage {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, &NAMES) {
            ctx.report_node(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_the_global_method_is_deprecated() {
        rule("DeprecatedMessage").check(
            "СООБЩИТЬ(1);\nMessage(\"x\", Status);\nОбъект.Сообщить();\nСообщение = Сообщить;\n",
            expect![[r#"
                1:1 `СООБЩИТЬ` Use a user message bound to a field instead of `Message`
                2:1 `Message` Use a user message bound to a field instead of `Message`
            "#]],
        );
    }
}
