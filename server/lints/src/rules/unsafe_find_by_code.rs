//! Search by a code that several items may have.

use metadata::{MetadataObject, ObjectKind};
use rustc_hash::FxHashMap;
use semantics::{Origin, Receiver, ReferenceKind};

use crate::context::ProjectContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnsafeFindByCode",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["design", "suspicious"],
    messages: &[Text {
        ru: "Код объекта {0} не уникален: поиск по нему может дать не тот элемент",
        en: "Codes of {0} are not unique: the search may find another item",
    }],
    docs: docs!("unsafe_find_by_code"),
    create: |_| Box::new(UnsafeFindByCode),
    ..RuleInfo::DEFAULT
};

/// In lower case.
const METHODS: [&str; 2] = ["найтипокоду", "findbycode"];

struct UnsafeFindByCode;

impl Rule for UnsafeFindByCode {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let facts = &ctx.module().facts;
        let mut known: FxHashMap<&str, Option<&MetadataObject>> = FxHashMap::default();
        for method in METHODS.into_iter().filter(|method| facts.mentions(method)) {
            for reference in facts.references_of(method) {
                let Receiver::Path(path) = reference.receiver else { continue };
                // The result of a statement is lost, so nothing is found.
                if reference.kind != ReferenceKind::FunctionCall || reference.origin == Origin::Local {
                    continue;
                }
                let object = *known.entry(path).or_insert_with(|| object_of(ctx, path));
                if let Some(object) = object.filter(|object| !has_unique_code(object)) {
                    ctx.report(reference.place.range()).arg(&object.name);
                }
            }
        }
    }
}

fn has_unique_code(object: &MetadataObject) -> bool {
    object.keys.is_code_unique && !object.keys.has_code_series_by_part
}

/// The object behind `справочники.валюты`; an extension need not repeat what its base says.
fn object_of<'a>(ctx: &ProjectContext<'a>, path: &str) -> Option<&'a MetadataObject> {
    let project = ctx.project.project;
    let mut names = path.split('.');
    let (collection, name) = (names.next()?, names.next()?);
    let kind = ObjectKind::from_collection(collection).or_else(|| ObjectKind::from_name(collection))?;
    let has_codes = matches!(
        kind,
        ObjectKind::Catalog | ObjectKind::ChartOfCharacteristicTypes | ObjectKind::ChartOfAccounts
    );
    let root = project.visible_root(ctx.module().id).filter(|_| has_codes)?;
    let id = project.find_object(Some(root), kind, name)?;
    project.object_chain(id).last().map(|(_, object)| object)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn codes_that_repeat() {
        rule("UnsafeFindByCode").check(
            "\
//- /metadata
Catalog.Валюты
Catalog.Склады unique
Catalog.Ячейки unique by-part
ChartOfAccounts.Основной
Document.Заказ
//- /CommonModules/Тест/Ext/Module.bsl
Функция Найти() Экспорт
	А = Справочники.Валюты.НайтиПоКоду(1).Имя + Catalogs.Валюты.FindByCode(2);
	А = Справочники.Склады.НайтиПоКоду(1);
	А = Справочники.Ячейки.НайтиПоКоду(1);
	Ф(ПланыСчетов.Основной.НайтиПоКоду(1));
	Справочники.Валюты.НайтиПоКоду(1);
	А = Справочники.Прочее.НайтиПоКоду(1);
	А = Документы.Заказ.НайтиПоКоду(1);
	А = Справочники.Валюты.НайтиПоНаименованию(1);
КонецФункции
",
            expect![[r#"
                /CommonModules/Тест/Ext/Module.bsl
                2:25 `НайтиПоКоду` Codes of Валюты are not unique: the search may find another item
                2:62 `FindByCode` Codes of Валюты are not unique: the search may find another item
                4:25 `НайтиПоКоду` Codes of Ячейки are not unique: the search may find another item
                5:25 `НайтиПоКоду` Codes of Основной are not unique: the search may find another item
            "#]],
        );
    }
}
