//! Errors of code that really ran, on the interpreter: their stacks are explained like those of the platform.

use base::Locale;
use expect_test::{Expect, expect};
use semantics::testing::TestProject;
use testhost::{Limits, Machine};

use super::golden::MODULE;
use super::{check, explained};

/// Runs a module and returns the error with its stack.
#[track_caller]
fn failure_of(name: &str, text: &str) -> String {
    let mut machine = Machine::new(Limits::default());
    match machine.load(name, text) {
        Ok(_) => panic!("the program ended without an error"),
        Err(failure) => failure.detailed(),
    }
}

/// Explains what a common module does when it runs.
#[track_caller]
fn check_run(module: &str, expected: Expect) {
    let error = failure_of("ОбщийМодуль.Тест.Модуль", module);
    check(module, &error, expected);
}

#[test]
fn the_golden_module_fails_in_line_45_because_of_line_30() {
    let module = MODULE.lines().skip(1).collect::<Vec<_>>().join("\n");
    let driver = "
Строка = Новый Структура(\"Товар, Количество, Сумма\", \"\", 2, 0);
Товары = Новый Массив;
Товары.Добавить(Строка);
СуммаЗаказа(Новый Структура(\"Товары\", Товары), Новый Массив);
";
    let text = module + driver;
    let error = failure_of("ОбщийМодуль.ЦеныСервер.Модуль", &text);
    expect![[r#"
        {ОбщийМодуль.ЦеныСервер.Модуль(45)}: Значение не является значением объектного типа (Значение)
        {ОбщийМодуль.ЦеныСервер.Модуль(45)}:Строка.Сумма = Строка.Количество * Цена.Значение;
        {ОбщийМодуль.ЦеныСервер.Модуль(16)}:Рассчитать(Строка, Цены);
        {ОбщийМодуль.ЦеныСервер.Модуль(52)}:СуммаЗаказа(Новый Структура("Товары", Товары), Новый Массив);"#]]
    .assert_eq(&error);
    let project = TestProject::of_text(&format!("//- /CommonModules/ЦеныСервер/Ext/Module.bsl\n{text}"));
    let found = explained(&project, &error, Locale::Ru);
    let lines: Vec<u32> = found[0].steps.iter().map(|step| step.line).collect();
    assert_eq!(lines, [45, 44, 30]);
    assert_eq!(found[0].place.as_ref().map(|place| place.line), Some(45));
}

#[test]
fn other_errors_that_ran() {
    check_run(
        "\
Функция Доля(Часть, Всего)
	Возврат Часть / Всего;
КонецФункции

Сообщить(Доля(1, 0));",
        expect![[r#"
            division Certain
              2: делитель — Всего
              > Проверить Всего на ноль перед делением
                  	Если Всего = 0 Тогда
                  		Возврат Неопределено;
                  	КонецЕсли;
              > Считать частное нулём, если Всего = 0
                  	Возврат ?(Всего = 0, 0, Часть / Всего);
        "#]],
    );
    check_run(
        "\
Функция Последний(Список)
	Для Номер = 0 По Список.Количество() Цикл
		Значение = Список[Номер];
	КонецЦикла;
	Возврат Значение;
КонецФункции

Список = Новый Массив;
Список.Добавить(1);
Сообщить(Последний(Список));",
        expect![[r#"
            bounds Certain
              3: берётся Список[Номер]
              2: * цикл доходит до Список.Количество(), а последний индекс на единицу меньше
              > Исправить границу: Список.Количество() - 1
                  	Для Номер = 0 По Список.Количество() - 1 Цикл
        "#]],
    );
    check_run(
        "\
Данные = Новый Структура(\"Имя\", 1);
Сообщить(Данные.Имена);",
        expect![[r#"
            fieldNotFound Possible
              2: у Данные спрашивают свойство Имена
              Данные здесь — Структура
        "#]],
    );
    check_run(
        "\
Список = Новый Массив;
Попытка
	Список.Дабавить(1);
Исключение
	ВызватьИсключение;
КонецПопытки;",
        expect![[r#"
            methodNotFound Likely
              3: у Список вызывают метод Дабавить
              Список здесь — Массив; метода Дабавить у него нет
              > Заменить на Добавить
                  	Список.Добавить(1);
        "#]],
    );
    check_run(
        "\
Итог = 0;
Кэш = Новый Соответствие;
Итог = Итог + Кэш.Получить(\"а\");",
        expect![[r#"
            conversion Certain
              3: преобразуется Кэш.Получить("а")
              3: * Кэш.Получить("а") даёт Неопределено, если ничего не найдено
        "#]],
    );
}

#[test]
fn english_errors_are_explained_as_russian_ones() {
    for (code, expected) in [
        ("X = 1 / 0;", "division"),
        ("X = 1;\nMessage(X.Name);", "notAnObject"),
        ("X = New Structure;\nMessage(X.Name);", "fieldNotFound"),
        ("X = New Array;\nX.Ad(1);", "methodNotFound"),
        ("X = New Array;\nMessage(X[5]);", "bounds"),
        ("X = Nothing1;", "variableNotDefined"),
        ("Do1(5);", "procedureNotDefined"),
        ("Procedure P(A)\nEndProcedure\nP();", "notEnoughArguments"),
        ("Procedure P(A)\nEndProcedure\nP(1, 2);", "tooManyArguments"),
        ("X = Number(\"a\");", "conversion"),
        ("CommitTransaction();", "noTransaction"),
        ("Procedure P()\nP();\nEndProcedure\nP();", "stackOverflow"),
        ("Q = New Query(\"SELECT &P AS A\");\nQ.Execute();", "queryParameter"),
    ] {
        let [english, russian] = [Locale::En, Locale::Ru].map(|language| {
            let mut machine = Machine::new(Limits { depth: 200, ..Limits::default() });
            machine.language = language;
            let failed = machine.load("CommonModule.Test.Module", code).err();
            let text = failed.map(|failure| failure.detailed()).unwrap_or_default();
            let project = TestProject::of_text(&format!("//- /CommonModules/Test/Ext/Module.bsl\n{code}"));
            explained(&project, &text, language).first().map(|it| it.entry.to_string()).unwrap_or(text)
        });
        assert_eq!(english, russian, "{code}");
        assert_eq!(english, expected, "{code}");
    }
}
