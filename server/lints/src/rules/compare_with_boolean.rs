//! Comparisons of boolean values with `Истина` and `Ложь`.

use semantics::{Definition, Scope as NameScope, Shape, Type};

use crate::calls::PlatformName;
use crate::context::{Context, ProjectContext};
use crate::project::{Operand, ValuesNeeded};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CompareWithBoolean",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["clumsy", "suspicious"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Логическое значение сравнивается с константой",
        en: "A boolean value is compared with a constant",
    }],
    docs: docs!("compare_with_boolean"),
    create: |_| Box::new(CompareWithBoolean),
    ..RuleInfo::DEFAULT
};

const GET: PlatformName = PlatformName::new("Получить", "Get");

struct CompareWithBoolean;

impl Rule for CompareWithBoolean {
    fn values_needed(&self) -> ValuesNeeded {
        ValuesNeeded::Few
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn section(&self, ctx: &mut Context<'_>) {
        for comparison in ctx.values.into_iter().flat_map(|values| &values.comparisons) {
            if matches!(comparison.operand, Operand::Boolean) {
                ctx.report(comparison.range).fix(comparison.fix.clone());
            }
        }
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let scope = ctx.scope();
        for (offset, values) in ctx.values() {
            for comparison in &values.comparisons {
                let Operand::Other(shape) = &comparison.operand else { continue };
                if is_boolean(scope, shape) {
                    let fix = comparison.fix.clone().map(|mut edit| {
                        edit.range = edit.range.shifted(offset);
                        edit
                    });
                    ctx.report(comparison.range.shifted(offset)).fix(fix);
                }
            }
        }
    }
}

/// Nothing but a boolean. Variables of the module are empty at first, columns of a row and keys of structures may be,
/// and a map need not have the key.
fn is_boolean(scope: NameScope<'_>, shape: &Shape) -> bool {
    let may_be_empty = match shape {
        Shape::Global(name) => matches!(scope.resolve_name(name), Some(Definition::Variable { .. }) | None),
        Shape::Member(receiver, _) => {
            let receiver = scope.type_of(receiver);
            let is_row = |part: &Type| {
                matches!(
                    part,
                    Type::Row { .. }
                        | Type::Table { .. }
                        | Type::Structure { .. }
                        | Type::Source(_)
                        | Type::Module(_)
                )
            };
            receiver.is_open() || receiver.parts().iter().any(is_row)
        }
        Shape::Index { .. } | Shape::Element(_) => true,
        Shape::Call { method, .. } => GET.is(method),
        _ => false,
    };
    !may_be_empty && scope.type_of(shape) == Type::BOOLEAN
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn what_the_text_alone_tells() {
        rule("CompareWithBoolean").check(
            "// Параметры:\n//  Раз - Булево\n//  Два - Булево, Строка\nПроцедура А(Раз, Два, Три = Истина)\n\
             \tЕсли Раз = Истина И (Два = Ложь) ИЛИ Три = Истина Тогда\n\t\tБ = (В > 1) <> Ложь;\n\tКонецЕсли;\n\
             \tБ = НЕ Х = Истина;\n\tФлаг = НЕ Х;\n\tФ(Ложь = Флаг, (Истина) <> Ложь, НЕ Истина = Х);\n\tХ = А = В = Истина;\n\
             \tХ = Истина = Б = 1;\n\tХ = (НЕ Х) = Истина;\n\tВ = Флаг > Истина;\nКонецПроцедуры\n",
            expect![[r#"
                5:7 `Раз = Истина` A boolean value is compared with a constant
                6:10 `> 1) <> Ложь` A boolean value is compared with a constant
                10:4 `Ложь = Флаг` A boolean value is compared with a constant
                10:18 `Истина) <> Ложь` A boolean value is compared with a constant
                12:6 `Истина = Б =` A boolean value is compared with a constant
                13:7 `НЕ Х) = Истина` A boolean value is compared with a constant
            "#]],
        );
    }

    #[test]
    fn what_the_project_knows() {
        rule("CompareWithBoolean").check(
            "\
//- /metadata
Catalog.Товары
CommonModule.Общий server
//- /CommonModules/Общий/Ext/Module.bsl
// Возвращаемое значение:
//  Булево
Функция Можно() Экспорт
КонецФункции
Функция Неясно()
КонецФункции
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Перем Кэш;
Процедура А(Ссылка)
	Кэш = Истина;
	Если ЗначениеЗаполнено(Ссылка) = Истина Тогда
	ИначеЕсли Общий.Можно() = Ложь И Неясно() = Ложь Тогда
	ИначеЕсли ЭтотОбъект.ПометкаУдаления <> Истина Тогда
	КонецЕсли;
КонецПроцедуры
Процедура Б()
	Если Кэш = Истина ИЛИ ПометкаУдаления = Истина ИЛИ Неизвестное = Истина Тогда
	КонецЕсли;
	Если Кэш Тогда
		Иногда = Истина;
	КонецЕсли;
	Если Иногда = Истина Тогда
	КонецЕсли;
	Отбор = Новый Структура(\"Флаг\", Истина);
	Кэши = Новый Соответствие;
	Кэши.Вставить(1, Истина);
	Если Отбор.Флаг = Истина ИЛИ Кэши[1] = Истина ИЛИ Кэши.Получить(1) = Истина Тогда
	КонецЕсли;
КонецПроцедуры
",
            expect![[r#"
                /Catalogs/Товары/Ext/ObjectModule.bsl
                4:7 `ЗначениеЗаполнено(Ссылка) = Истина` A boolean value is compared with a constant
                5:17 `.Можно() = Ложь` A boolean value is compared with a constant
                6:22 `.ПометкаУдаления <> Истина` A boolean value is compared with a constant
                10:24 `ПометкаУдаления = Истина` A boolean value is compared with a constant
            "#]],
        );
    }

    #[test]
    fn the_constant_is_dropped() {
        rule("CompareWithBoolean").check_fix(
            "Процедура А()\n\tФлаг = НЕ Х;\n\tЕсли Флаг = Истина Или Ложь <> Флаг Тогда\n\tКонецЕсли;\n\tЕсли (Х > 1) = Ложь Или Флаг <> Истина Тогда\n\
             \tКонецЕсли;\n\tБ = НЕ Флаг = Ложь;\n\tБ = НЕ Флаг = Истина;\n\tB = False = Флаг;\nКонецПроцедуры\n",
            expect![[r#"
                Процедура А()
                	Флаг = НЕ Х;
                	Если Флаг Или Флаг Тогда
                	КонецЕсли;
                	Если НЕ (Х > 1) Или НЕ Флаг Тогда
                	КонецЕсли;
                	Б = НЕ Флаг = Ложь;
                	Б = НЕ Флаг;
                	B = NOT Флаг;
                КонецПроцедуры
            "#]],
        );
    }
}
