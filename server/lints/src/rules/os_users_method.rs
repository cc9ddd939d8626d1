//! `ПользователиОС`, which lists the accounts of the operating system.

use crate::calls::{GlobalCalls, PlatformName};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "OSUsersMethod",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "`ПользователиОС` раскрывает учётные записи операционной системы: проверьте, зачем они нужны",
        en: "`OSUsers` discloses accounts of the operating system: check what they are needed for",
    }],
    docs: docs!("os_users_method"),
    create: |_| Box::new(GlobalCalls(&NAMES)),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ПользователиОС", "OSUsers")];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_the_global_method() {
        rule("OSUsersMethod").check(
            "Список = ПользователиОС();\nList = OSUSERS();\nА = Сервер.ПользователиОС();\n",
            expect![[r#"
                1:10 `ПользователиОС` `OSUsers` discloses accounts of the operating system: check what they are needed for
                2:8 `OSUSERS` `OSUsers` discloses accounts of the operating system: check what they are needed for
            "#]],
        );
    }
}
