//! Attributes named like what holds them.

use metadata::{Attribute, ObjectKind};

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::objects_shown_on;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SameMetadataObjectAndChildNames",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 30,
    scope: Scope::Bsl,
    modules: &[ModuleKind::ManagerModule, ModuleKind::ObjectModule, ModuleKind::SessionModule],
    tags: &["standard", "sql", "design"],
    messages: &[
        Text {
            ru: "Реквизит {1} назван так же, как его объект {0}",
            en: "The attribute {1} is named like its object {0}",
        },
        Text {
            ru: "Реквизит {1} объекта {0} назван так же, как его табличная часть",
            en: "The attribute {1} of the object {0} is named like its tabular section",
        },
    ],
    docs: docs!("same_metadata_object_and_child_names"),
    create: |_| Box::new(SameMetadataObjectAndChildNames),
    ..RuleInfo::DEFAULT
};

const KINDS: &[ObjectKind] = &[
    ObjectKind::AccountingRegister,
    ObjectKind::AccumulationRegister,
    ObjectKind::BusinessProcess,
    ObjectKind::CalculationRegister,
    ObjectKind::Catalog,
    ObjectKind::ChartOfAccounts,
    ObjectKind::ChartOfCalculationTypes,
    ObjectKind::ChartOfCharacteristicTypes,
    ObjectKind::Document,
    ObjectKind::ExchangePlan,
    ObjectKind::InformationRegister,
    ObjectKind::Task,
];

struct SameMetadataObjectAndChildNames;

impl Rule for SameMetadataObjectAndChildNames {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for object in objects_shown_on(ctx, KINDS) {
            let fields = object.attributes.iter().chain(&object.dimensions).chain(&object.resources);
            for field in fields.filter(|field| is_named(field, &object.name)) {
                ctx.report(anchor).arg(&object.name).arg(&field.name);
            }
            for section in &object.tabular_sections {
                for field in section.attributes.iter().filter(|field| is_named(field, &section.name)) {
                    ctx.report(anchor).message(1).arg(&object.name).arg(&field.name);
                }
            }
        }
    }
}

fn is_named(attribute: &Attribute, name: &str) -> bool {
    attribute.name.len() == name.len() && base::same_name(&attribute.name, name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn attributes_of_objects_and_sections() {
        rule("SameMetadataObjectAndChildNames").check(
            "\
//- /metadata
Catalog.Склады
attribute склады: Строка
section Ячейки
column ЯЧЕЙКИ: Строка
column Склады: Строка
Document.Заказ
section Заказ
attribute Номер: Строка
InformationRegister.Цены
resource Цены: Число
Constant.Курс
Task.Задание
attribute Задание: Строка
//- /Catalogs/Склады/Ext/ManagerModule.bsl
// Менеджер
//- /Catalogs/Склады/Ext/ObjectModule.bsl
// Объект
//- /InformationRegisters/Цены/Ext/RecordSetModule.bsl
// Набор
//- /Ext/SessionModule.bsl
// Сеанс
",
            expect![[r#"
                /Catalogs/Склады/Ext/ManagerModule.bsl
                1:1 `// Менеджер` The attribute склады is named like its object Склады
                1:1 `// Менеджер` The attribute ЯЧЕЙКИ of the object Склады is named like its tabular section
                /Ext/SessionModule.bsl
                1:1 `// Сеанс` The attribute Задание is named like its object Задание
            "#]],
        );
    }
}
