//! Connections to other machines.

use crate::calls::PlatformName;
use crate::constructors::Constructors;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "InternetAccess",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Major,
    minutes: 60,
    is_on_by_default: false,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "`{0}` обращается в сеть: проверьте, с кем обменивается код",
        en: "`{0}` works with the network: check whom the code talks to",
    }],
    docs: docs!("internet_access"),
    create: |_| Box::new(Constructors(&TYPES)),
    ..RuleInfo::DEFAULT
};

const TYPES: [PlatformName; 9] = [
    PlatformName::new("FTPСоединение", "FTPConnection"),
    PlatformName::new("HTTPСоединение", "HTTPConnection"),
    PlatformName::new("WSОпределения", "WSDefinitions"),
    PlatformName::new("WSПрокси", "WSProxy"),
    PlatformName::new("ИнтернетПочтовыйПрофиль", "InternetMailProfile"),
    PlatformName::new("ИнтернетПочта", "InternetMail"),
    PlatformName::new("Почта", "Mail"),
    PlatformName::new("HTTPЗапрос", "HTTPRequest"),
    PlatformName::new("ИнтернетПрокси", "InternetProxy"),
];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn constructors_by_name_and_by_string() {
        rule("InternetAccess").check(
            "А = Новый FTPСоединение(Сервер);\nА = Новый(\"HTTPConnection\", П);\nХ = Новый почта;\nА = Новый ПочтаХ;\nА = Новый Массив;\nА = Новый HTTPЗапрос().Ф;\n",
            expect![[r#"
                1:5 `Новый FTPСоединение(Сервер)` `FTPСоединение` works with the network: check whom the code talks to
                2:5 `Новый("HTTPConnection", П)` `HTTPConnection` works with the network: check whom the code talks to
                3:5 `Новый почта` `почта` works with the network: check whom the code talks to
                6:5 `Новый HTTPЗапрос()` `HTTPЗапрос` works with the network: check whom the code talks to
            "#]],
        );
    }
}
