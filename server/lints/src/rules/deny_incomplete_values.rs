//! Dimensions of registers that records may leave empty.

use metadata::ObjectKind;

use crate::context::ProjectContext;
use crate::project::objects_shown_on;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DenyIncompleteValues",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    is_on_by_default: false,
    scope: Scope::Bsl,
    tags: &["badpractice"],
    messages: &[Text {
        ru: "У измерения {1} регистра {0} не запрещены незаполненные значения",
        en: "The dimension {1} of the register {0} may be left empty",
    }],
    docs: docs!("deny_incomplete_values"),
    create: |_| Box::new(DenyIncompleteValues),
    ..RuleInfo::DEFAULT
};

const KINDS: &[ObjectKind] = &[
    ObjectKind::InformationRegister,
    ObjectKind::AccumulationRegister,
    ObjectKind::AccountingRegister,
    ObjectKind::CalculationRegister,
];

struct DenyIncompleteValues;

impl Rule for DenyIncompleteValues {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for object in objects_shown_on(ctx, KINDS) {
            for dimension in object.dimensions.iter().filter(|it| !it.denies_incomplete_values) {
                ctx.report(anchor).arg(&object.name).arg(&dimension.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn dimensions_and_the_module_they_are_shown_on() {
        rule("DenyIncompleteValues").check(
            "\
//- /metadata
InformationRegister.Цены
dimension Товар: Строка
strict-dimension Склад: Строка
dimension Валюта: Строка
AccumulationRegister.Запасы
dimension Товар: Строка
CalculationRegister.Начисления
dimension Сотрудник: Строка
Sequence.Порядок
dimension Товар: Строка
//- /InformationRegisters/Цены/Ext/ManagerModule.bsl
// Менеджер
//- /InformationRegisters/Цены/Ext/RecordSetModule.bsl
// Набор
//- /AccumulationRegisters/Запасы/Ext/RecordSetModule.bsl
// Набор
//- /Ext/SessionModule.bsl
// Сеанс
",
            expect![[r#"
                /AccumulationRegisters/Запасы/Ext/RecordSetModule.bsl
                1:1 `// Набор` The dimension Товар of the register Запасы may be left empty
                /Ext/SessionModule.bsl
                1:1 `// Сеанс` The dimension Сотрудник of the register Начисления may be left empty
                /InformationRegisters/Цены/Ext/ManagerModule.bsl
                1:1 `// Менеджер` The dimension Товар of the register Цены may be left empty
                1:1 `// Менеджер` The dimension Валюта of the register Цены may be left empty
            "#]],
        );
    }
}
