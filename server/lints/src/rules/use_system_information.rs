//! `СистемнаяИнформация`, which describes the machine.

use crate::calls::PlatformName;
use crate::constructors::Constructors;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UseSystemInformation",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Critical,
    minutes: 5,
    is_on_by_default: false,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "`{0}` раскрывает сведения о компьютере: проверьте, зачем они нужны",
        en: "`{0}` discloses what the machine is: check what this is needed for",
    }],
    docs: docs!("use_system_information"),
    create: |_| Box::new(Constructors(&TYPES)),
    ..RuleInfo::DEFAULT
};

const TYPES: [PlatformName; 1] = [PlatformName::new("СистемнаяИнформация", "SystemInfo")];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn constructors_by_name_and_by_string() {
        rule("UseSystemInformation").check(
            "А = Новый СистемнаяИнформация;\nA = New SystemInfo();\nА = Новый(\"СистемнаяИнформация\");\nА = Новый СистемнаяИнформация2;\n",
            expect![[r#"
                1:5 `Новый СистемнаяИнформация` `СистемнаяИнформация` discloses what the machine is: check what this is needed for
                2:5 `New SystemInfo()` `SystemInfo` discloses what the machine is: check what this is needed for
                3:5 `Новый("СистемнаяИнформация")` `СистемнаяИнформация` discloses what the machine is: check what this is needed for
            "#]],
        );
    }
}
