//! Tables of queries that the configuration does not have.

use base::{Edit, TextRange};
use rustc_hash::FxHashMap;
use semantics::TableSource;

use crate::context::ProjectContext;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::spelling::nearest;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "QueryToMissingMetadata",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["suspicious", "sql"],
    fix: FixSafety::Unsafe,
    messages: &[
        Text {
            ru: "В конфигурации нет объекта {0}", en: "The configuration has no {0}"
        },
        Text { ru: "Нет таблицы {0}", en: "There is no table {0}" },
    ],
    docs: docs!("query_to_missing_metadata"),
    create: |_| Box::new(QueryToMissingMetadata),
    ..RuleInfo::DEFAULT
};

struct QueryToMissingMetadata;

impl Rule for QueryToMissingMetadata {
    fn needs_project(&self) -> bool {
        true
    }

    fn needs_queries(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let project = ctx.project.project;
        let Some(root) = project.visible_root(ctx.module().id).filter(|root| project.is_complete(*root))
        else {
            return;
        };
        for (offset, queries) in ctx.queries() {
            for object in &queries.objects {
                let is_known = project.find_object(Some(root), object.kind, &object.name).is_some();
                // Without a single object of the kind only a part of the configuration may be there.
                if !is_known
                    && !ctx.is_in_literal(&object.name)
                    && project.root_chain(Some(root)).any(|(_, root)| !root.of_kind(object.kind).is_empty())
                {
                    let range = object.range.shifted(offset);
                    let names = project.root_chain(Some(root)).flat_map(|(_, root)| {
                        root.of_kind(object.kind)
                            .filter_map(|index| Some(root.objects().get(index)?.name.as_str()))
                    });
                    let meant = nearest(&object.name, names);
                    let name = TextRange { start: range.end - object.name.len() as u32, end: range.end };
                    let fix = meant.map(|meant| Edit::replace(name, meant));
                    report(ctx, 0, range, fix);
                }
            }
            let mut known: FxHashMap<&str, Option<TableSource>> = FxHashMap::default();
            for table in &queries.tables {
                let names: Vec<&str> = table.path.split('.').collect();
                let [kind, object, _] = names.as_slice() else { continue };
                let source = known.entry(&table.path).or_insert_with(|| ctx.scope().query_table(&names));
                // Sections of objects that are not there are reported with them.
                if source.is_none()
                    && let Some(TableSource::Object(object)) = ctx.scope().query_table(&[kind, object])
                    && has_known_tables(ctx, object)
                {
                    report(ctx, 1, table.range.shifted(offset), None);
                }
            }
        }
    }
}

/// Other kinds may have tables that nobody told us about.
fn has_known_tables(ctx: &ProjectContext<'_>, object: semantics::ObjectId) -> bool {
    use metadata::ObjectKind as K;
    let kind = ctx.project.project.object(object).map(|object| object.kind);
    matches!(
        kind,
        Some(K::Catalog | K::Document | K::InformationRegister | K::AccumulationRegister | K::ExchangePlan)
    )
}

fn report(ctx: &mut ProjectContext<'_>, message: u8, range: TextRange, fix: Option<Edit>) {
    let path = ctx.text(range);
    ctx.report(range).message(message).arg(path).fix(fix);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_takes_what_was_meant() {
        let text = "\
//- /metadata
Catalog.Номенклатура
attribute Артикул: Строка
//- /CommonModules/Тест/Ext/Module.bsl
Функция Данные() Экспорт
	Возврат Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ Справочник.Номенкалтура КАК Т\");
КонецФункции
Функция Поля() Экспорт
	Возврат Новый Запрос(\"ВЫБРАТЬ Т.Артикл ИЗ Справочник.Номенклатура КАК Т\");
КонецФункции
";
        for (key, old, new) in [
            ("QueryToMissingMetadata", "Номенкалтура", "Номенклатура"),
            ("UnknownQueryField", "Артикл", "Артикул"),
        ] {
            let findings = rule(key).findings(text);
            let fixes: Vec<_> = findings.iter().flat_map(|finding| &finding.fix).collect();
            assert_eq!(fixes.iter().map(|edit| edit.text.as_str()).collect::<Vec<_>>(), [new]);
            assert_eq!(fixes[0].range.len() as usize, old.len());
        }
    }

    #[test]
    fn objects_and_tables_that_are_not_there() {
        rule("QueryToMissingMetadata").check(
            "\
//- /metadata
Catalog.Товары
section Состав
InformationRegister.Цены periodical
//- /CommonModules/Тест/Ext/Module.bsl
Функция Данные() Экспорт
	А = Новый Запрос(\"ВЫБРАТЬ Т.Код, ЗНАЧЕНИЕ(Справочник.Нет.ПустаяСсылка) КАК Пусто
	|ИЗ Справочник.Товары КАК Т
	|ЛЕВОЕ СОЕДИНЕНИЕ Catalog.Absent AS A
	|ПО ВЫРАЗИТЬ(Т.Поле КАК Справочник.Нет).Код = A.Code И Т.Поле ССЫЛКА Справочник.Товары
	|ЛЕВОЕ СОЕДИНЕНИЕ РегистрСведений.Цены.СрезПоследних(, Истина) КАК Ц ПО ИСТИНА
	|ЛЕВОЕ СОЕДИНЕНИЕ Справочник.Товары.Детали КАК Д ПО ИСТИНА
	|ЛЕВОЕ СОЕДИНЕНИЕ Справочник.Товары.Состав КАК С ПО ИСТИНА
	|ГДЕ Т.Вид В (ЗНАЧЕНИЕ(ВидСчета.Активный), ЗНАЧЕНИЕ(Документ.Нет.ПустаяСсылка))\");
	Б = Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ Справочник.Шаблон КАК Т ГДЕ Т.Вид = [Вид]\");
	В = Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ Справочник.Начало\" + \"Имени КАК Т\");
	Г = Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ ВременнаяТаблица КАК Т, Справочник.Опечатка КАК О\");
КонецФункции
",
            expect![[r#"
                /CommonModules/Тест/Ext/Module.bsl
                2:44 `Справочник.Нет` The configuration has no Справочник.Нет
                4:20 `Catalog.Absent` The configuration has no Catalog.Absent
                5:26 `Справочник.Нет` The configuration has no Справочник.Нет
                7:20 `Справочник.Товары.Детали` There is no table Справочник.Товары.Детали
                12:61 `Справочник.Опечатка` The configuration has no Справочник.Опечатка
            "#]],
        );
    }
}
