//! `Сообщить`, which a user of a form may never see.

use crate::calls::{GlobalCalls, PlatformName};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedMessage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 2,
    scope: Scope::Bsl,
    tags: &["standard", "deprecated"],
    messages: &[Text {
        ru: "Вместо `Сообщить` используйте сообщение пользователю с привязкой к полю",
        en: "Use a user message bound to a field instead of `Message`",
    }],
    docs: docs!("deprecated_message"),
    create: |_| Box::new(GlobalCalls(&NAMES)),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("Сообщить", "Message")];

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
