//! Colors, fonts and borders that are made in code.

use crate::calls::PlatformName;
use crate::constructors::Constructors;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "StyleElementConstructors",
    kind: RuleKind::Error,
    severity: RuleSeverity::Minor,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "badpractice"],
    messages: &[Text {
        ru: "Вместо конструктора `{0}` используйте элемент стиля",
        en: "Use a style item instead of the constructor of `{0}`",
    }],
    docs: docs!("style_element_constructors"),
    create: |_| Box::new(Constructors(&TYPES)),
    ..RuleInfo::DEFAULT
};

const TYPES: [PlatformName; 3] = [
    PlatformName::new("Рамка", "Border"),
    PlatformName::new("Цвет", "Color"),
    PlatformName::new("Шрифт", "Font"),
];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn constructors_by_name_and_by_string() {
        rule("StyleElementConstructors").check(
            "А = Новый Рамка(Тип, 1);\nЭлемент.Шрифт = Новый Шрифт;\nA = New Color(255, 0, 0);\nА = Новый(\"цвет\", П);\nА = Новый ЦветХ;\nА = Новый(Тип(\"Цвет\"));\n",
            expect![[r#"
                1:5 `Новый Рамка(Тип, 1)` Use a style item instead of the constructor of `Рамка`
                2:17 `Новый Шрифт` Use a style item instead of the constructor of `Шрифт`
                3:5 `New Color(255, 0, 0)` Use a style item instead of the constructor of `Color`
                4:5 `Новый("цвет", П)` Use a style item instead of the constructor of `цвет`
            "#]],
        );
    }
}
