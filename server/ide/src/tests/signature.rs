//! Parameters of calls while the arguments are typed.

use base::Locale;
use expect_test::{Expect, expect};

use crate::signature_help;
use crate::tests::project::Opened;

/// Signatures with the active parameter in braces.
#[track_caller]
fn check(text: &str, expected: Expect) {
    let open = Opened::of_text(text);
    let Some(help) = signature_help(open.document(), open.offset, Locale::Ru, &*open.files) else {
        return expected.assert_eq("");
    };
    let mut lines = Vec::new();
    for (index, signature) in help.signatures.iter().enumerate() {
        let is_active = index == help.active_signature;
        let mut line = signature.label.clone();
        let active = help.active_parameter.filter(|_| is_active).and_then(|at| signature.parameters.get(at));
        if let Some(parameter) = active {
            line.insert(parameter.range.end as usize, '}');
            line.insert(parameter.range.start as usize, '{');
        }
        lines.push(format!("{} {line}", if is_active { ">" } else { " " }));
        if let Some(parameter) = active.filter(|parameter| !parameter.documentation.is_empty()) {
            lines.push(format!("    {}", parameter.documentation));
        }
    }
    expected.assert_eq(&lines.join("\n"));
}

const METHOD: &str = "// Параметры:\n//  А - Строка - первый\n//  Б - Число - второй\n//\nПроцедура Ф(А, Знач Б = 1, В)\nКонецПроцедуры\n\n";

fn call(code: &str) -> String {
    format!("{METHOD}Процедура П()\n\t{code}\nКонецПроцедуры\n")
}

#[test]
fn methods_of_the_module() {
    check(
        &call("Ф($0);"),
        expect![[r#"
        > Процедура Ф({А}, Знач Б = 1, В)
            *Строка* — первый"#]],
    );
    check(
        &call("Ф(1, $0);"),
        expect![[r#"
        > Процедура Ф(А, {Знач Б = 1}, В)
            *Число* — второй"#]],
    );
    check(&call("Ф(, , $0);"), expect!["> Процедура Ф(А, Знач Б = 1, {В})"]);
    check(&call("Ф(1, 2, 3, 4$0);"), expect!["> Процедура Ф(А, Знач Б = 1, В)"]);
    check(&call("Ф(1)$0;"), expect![[r#""#]]);
}

#[test]
fn broken_code() {
    check(
        &call("Ф(а, $0"),
        expect![[r#"
        > Процедура Ф(А, {Знач Б = 1}, В)
            *Число* — второй"#]],
    );
    check(
        &call("Если Ф(а, $0 Тогда"),
        expect![[r#"
        > Процедура Ф(А, {Знач Б = 1}, В)
            *Число* — второй"#]],
    );
    check(
        &format!("{METHOD}Процедура П()\n\tФ(а,$0"),
        expect![[r#"
        > Процедура Ф(А, {Знач Б = 1}, В)
            *Число* — второй"#]],
    );
    check(&call("Х = Нет($0);"), expect![[r#""#]]);
}

#[test]
fn nested_calls_and_literals() {
    check(&call("Ф(1, Ф(2, 3), $0);"), expect!["> Процедура Ф(А, Знач Б = 1, {В})"]);
    check(
        &call("Ф(1, Ф(2$0, 3), 4);"),
        expect![[r#"
        > Процедура Ф({А}, Знач Б = 1, В)
            *Строка* — первый"#]],
    );
    check(
        &call("Ф(\"а, б\n\t|в, г\", $0);"),
        expect![[r#"
        > Процедура Ф(А, {Знач Б = 1}, В)
            *Число* — второй"#]],
    );
    check(
        &call("Ф(А[1, $0], 2);"),
        expect![[r#"
        > Процедура Ф({А}, Знач Б = 1, В)
            *Строка* — первый"#]],
    );
}

#[test]
fn constructors() {
    check(
        "С = Новый Структура($0\"А\", 1);",
        expect![[r#"
          Новый Структура([ФиксированнаяСтруктура])
        > Новый Структура({[Ключи]}, [Значения])
            *Произвольный*"#]],
    );
    check(
        "С = Новый Структура($0);",
        expect![[r#"
        > Новый Структура({[ФиксированнаяСтруктура]})
            *ФиксированнаяСтруктура*
          Новый Структура([Ключи], [Значения])"#]],
    );
    check(
        "S = New Structure(\"A\", $0);",
        expect![[r#"
          New Structure([ФиксированнаяСтруктура])
        > New Structure([Ключи], {[Значения]})
            *Arbitrary*"#]],
    );
    check(
        "М = Новый Массив(2, $0);",
        expect![[r#"
        > Новый Массив([Массив])
          Новый Массив([КоличествоЭлементов1])"#]],
    );
}

#[test]
fn methods_of_the_platform() {
    check(
        "А = СтрНайти(\"а\", $0);",
        expect![[r#"
        > СтрНайти(Строка, {ПодстрокаПоиска}, [НаправлениеПоиска], [НачальнаяПозиция], [НомерВхождения]): Число
            *Строка*"#]],
    );
    check(
        "A = StrFind(\"a\", $0);",
        expect![[r#"
        > StrFind(Строка, {ПодстрокаПоиска}, [НаправлениеПоиска], [НачальнаяПозиция], [НомерВхождения]): Number
            *String*"#]],
    );
    check(
        "Т = Новый ТаблицаЗначений;\nТ.Колонки.Добавить($0);",
        expect![[r#"
        > Добавить({[Имя]}, [Тип], [Заголовок], [Ширина]): КолонкаТаблицыЗначений
            *Строка*"#]],
    );
    check(
        "М = Новый Массив;\nМ.Вставить(0, $0",
        expect![[r#"
        > Вставить(Индекс, {[Значение]})
            *Произвольный*"#]],
    );
}

#[test]
fn other_modules() {
    let common = "//- /CommonModules/Общий/Ext/Module.bsl\nФункция Сумма(А, Б) Экспорт\n\tВозврат 1;\nКонецФункции\n//- /CommonModules/Тест/Ext/Module.bsl\n";
    check(&format!("{common}Х = Общий.Сумма(1, $0);"), expect!["> Функция Сумма(А, {Б}) Экспорт: Число"]);
    check(&format!("{common}Если Общий.Сумма($0"), expect!["> Функция Сумма({А}, Б) Экспорт: Число"]);
}
