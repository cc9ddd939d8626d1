//! Fields of queries that their tables do not have.

use base::Edit;
use rustc_hash::FxHashMap;
use semantics::{Lookup, TableSource, Type};

use crate::context::ProjectContext;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::spelling::nearest;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnknownQueryField",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error", "sql"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "У таблицы {1} нет поля {0}", en: "The table {1} has no field {0}"
    }],
    docs: docs!("unknown_query_field"),
    create: |_| Box::new(UnknownQueryField),
    ..RuleInfo::DEFAULT
};

struct UnknownQueryField;

impl Rule for UnknownQueryField {
    fn needs_project(&self) -> bool {
        true
    }

    fn needs_queries(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let scope = ctx.scope();
        let mut sources: FxHashMap<&str, Option<TableSource>> = FxHashMap::default();
        let mut missing: FxHashMap<(&str, String), bool> = FxHashMap::default();
        for (offset, queries) in ctx.queries() {
            for field in &queries.fields {
                let Some(table) = queries.tables.get(field.table as usize) else { continue };
                let path = table.path.as_str();
                let source = *sources.entry(path).or_insert_with(|| {
                    let names: Vec<&str> = path.split('.').collect();
                    scope.query_table(&names)
                });
                let Some(source) = source else { continue };
                let range = field.range.shifted(offset);
                let name = ctx.text(range);
                let is_missing = *missing.entry((path, name.clone())).or_insert_with(|| {
                    scope.member(&Type::Source(source), &name) == Lookup::Missing && !ctx.is_in_literal(&name)
                });
                if is_missing {
                    let fields = scope.members(&Type::Source(source));
                    let names =
                        fields.iter().flat_map(|field| [field.names.ru.as_str(), field.names.en.as_str()]);
                    let fix = nearest(&name, names).map(|meant| Edit::replace(range, meant));
                    ctx.report(range).arg(name).arg(path).fix(fix);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn fields_that_are_not_there() {
        rule("UnknownQueryField").check(
            "\
//- /metadata
Catalog.Товары
attribute Артикул: Строка
section Состав
column Деталь: Строка
AccumulationRegister.Запасы
dimension Товар: СправочникСсылка.Товары
resource Количество: Число
//- /CommonModules/Тест/Ext/Module.bsl
Функция Данные() Экспорт
	А = Новый Запрос(\"ВЫБРАТЬ Т.Ссылка, Т.Артикул.Что, т.Артикль, Т.Состав.(Деталь), С.Деталь, С.Ссылка, С.Узел,
	|О.КоличествоОстаток, О.Количество, П.Любое, Вр.Любое, Неизвестный.Поле
	|ИЗ Справочник.Товары КАК Т
	|ЛЕВОЕ СОЕДИНЕНИЕ Справочник.Товары.Состав КАК С ПО С.Ссылка = Т.Ссыль
	|ЛЕВОЕ СОЕДИНЕНИЕ AccumulationRegister.Запасы.Balance(, Товар = &Т) КАК О ПО О.Товар = Т.Ссылка
	|ЛЕВОЕ СОЕДИНЕНИЕ (ВЫБРАТЬ Вл.Нет ИЗ Справочник.Товары КАК Вл) КАК П ПО Т.Ссылка В (ВЫБРАТЬ Т.КодПоля ИЗ ВТ КАК Вр)
	|ЛЕВОЕ СОЕДИНЕНИЕ ВТ КАК Вр ПО Истина\");
	Б = Новый Запрос(\"ВЫБРАТЬ Т.Нет ИЗ Справочник.Товары КАК Т ГДЕ Т.Вид = [Вид]\");
КонецФункции
",
            expect![[r#"
                /CommonModules/Тест/Ext/Module.bsl
                2:55 `Артикль` The table Справочник.Товары has no field Артикль
                2:105 `Узел` The table Справочник.Товары.Состав has no field Узел
                3:26 `Количество` The table AccumulationRegister.Запасы.Balance has no field Количество
                5:67 `Ссыль` The table Справочник.Товары has no field Ссыль
                7:32 `Нет` The table Справочник.Товары has no field Нет
                7:96 `КодПоля` The table Справочник.Товары has no field КодПоля
            "#]],
        );
    }
}
