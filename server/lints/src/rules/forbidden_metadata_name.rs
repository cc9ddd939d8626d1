//! Objects and attributes with names that mean something in queries.

use metadata::{MetadataObject, ObjectKind};
use smol_str::SmolStr;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::objects_shown_on;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ForbiddenMetadataName",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 30,
    scope: Scope::Bsl,
    modules: &[
        ModuleKind::ManagerModule,
        ModuleKind::ObjectModule,
        ModuleKind::ValueManagerModule,
        ModuleKind::SessionModule,
    ],
    tags: &["standard", "sql", "design"],
    messages: &[Text {
        ru: "Имя {1} у объекта {0} запрещено: так называются таблицы языка запросов",
        en: "The name {1} is forbidden in the object {0}: tables of the query language are called so",
    }],
    docs: docs!("forbidden_metadata_name"),
    create: |_| Box::new(ForbiddenMetadataName),
    ..RuleInfo::DEFAULT
};

/// Kinds that are looked at, and whose names are forbidden.
const KINDS: &[ObjectKind] = &[
    ObjectKind::AccountingRegister,
    ObjectKind::AccumulationRegister,
    ObjectKind::BusinessProcess,
    ObjectKind::CalculationRegister,
    ObjectKind::Catalog,
    ObjectKind::ChartOfAccounts,
    ObjectKind::ChartOfCalculationTypes,
    ObjectKind::ChartOfCharacteristicTypes,
    ObjectKind::Constant,
    ObjectKind::Document,
    ObjectKind::DocumentJournal,
    ObjectKind::Enum,
    ObjectKind::ExchangePlan,
    ObjectKind::FilterCriterion,
    ObjectKind::InformationRegister,
    ObjectKind::Task,
];

struct ForbiddenMetadataName;

impl Rule for ForbiddenMetadataName {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for object in objects_shown_on(ctx, KINDS) {
            for name in names(object).filter(|name| is_forbidden(name)) {
                ctx.report(anchor).arg(&object.name).arg(name);
            }
        }
    }
}

/// Of the object and its parts.
fn names(object: &MetadataObject) -> impl Iterator<Item = &SmolStr> {
    let fields = object.attributes.iter().chain(&object.dimensions).chain(&object.resources);
    let sections = object.tabular_sections.iter().flat_map(|section| {
        std::iter::once(&section.name).chain(section.attributes.iter().map(|attribute| &attribute.name))
    });
    std::iter::once(&object.name).chain(fields.map(|attribute| &attribute.name)).chain(sections)
}

fn is_forbidden(name: &str) -> bool {
    KINDS.iter().any(|kind| {
        let words = [kind.name(), kind.folder(), kind.name_ru(), kind.collection_ru()];
        words.iter().any(|word| word.len() == name.len() && base::same_name(word, name))
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_of_objects_and_their_parts() {
        rule("ForbiddenMetadataName").check(
            "\
//- /metadata
Catalog.Товары
attribute документ: Строка
section Задачи
column Enums: Строка
column Товар: Строка
InformationRegister.Цены
dimension РегистрСведений: Строка
resource FilterCriterion: Строка
AccumulationRegister.Остатки
dimension Catalog: Строка
Enum.Перечисление
Constant.КритерииОтбора
Report.Документ
//- /Catalogs/Товары/Ext/ObjectModule.bsl
// Объект
//- /InformationRegisters/Цены/Ext/ManagerModule.bsl
// Менеджер
//- /InformationRegisters/Цены/Ext/RecordSetModule.bsl
// Набор
//- /AccumulationRegisters/Остатки/Ext/RecordSetModule.bsl
// Набор
//- /Ext/SessionModule.bsl
// Сеанс
",
            expect![[r#"
                /Catalogs/Товары/Ext/ObjectModule.bsl
                1:1 `// Объект` The name документ is forbidden in the object Товары: tables of the query language are called so
                1:1 `// Объект` The name Задачи is forbidden in the object Товары: tables of the query language are called so
                1:1 `// Объект` The name Enums is forbidden in the object Товары: tables of the query language are called so
                /Ext/SessionModule.bsl
                1:1 `// Сеанс` The name Перечисление is forbidden in the object Перечисление: tables of the query language are called so
                1:1 `// Сеанс` The name КритерииОтбора is forbidden in the object КритерииОтбора: tables of the query language are called so
                /InformationRegisters/Цены/Ext/ManagerModule.bsl
                1:1 `// Менеджер` The name РегистрСведений is forbidden in the object Цены: tables of the query language are called so
                1:1 `// Менеджер` The name FilterCriterion is forbidden in the object Цены: tables of the query language are called so
            "#]],
        );
    }
}
