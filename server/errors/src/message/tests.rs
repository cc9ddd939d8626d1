//! Pasted texts and what is read from them.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(text: &str, expected: Expect) {
    let mut shown = String::new();
    for error in read_errors(text).errors {
        let _ = writeln!(shown, "{:?} {}", error.source, error.category);
        for link in &error.links {
            let message = if link.message.is_empty() { "(no message)" } else { link.message.as_str() };
            let _ = writeln!(shown, "  {}", message.replace('\n', " | "));
            if let Some(place) = &link.place {
                let _ = writeln!(shown, "    at {}", show(place));
            }
            for frame in &link.stack {
                let _ = writeln!(shown, "    in {}", show(frame));
            }
            if let Some(query) = &link.query {
                let _ = writeln!(shown, "    query {}:{} {:?}", query.line, query.column, query.text);
            }
            if !link.context.is_empty() {
                let _ = writeln!(shown, "    code {}", link.context);
            }
        }
    }
    expected.assert_eq(&shown);
}

fn show(frame: &StackFrame) -> String {
    let column = frame.column.map(|column| format!(",{column}")).unwrap_or_default();
    let text = format!("{} {}:{}{column} {}", frame.extension, frame.module, frame.line, frame.source);
    text.trim().to_owned()
}

#[test]
fn a_message_with_its_stack() {
    check(
        "{ОбщийМодуль.ЦеныСервер.Модуль(45)}: Значение не является значением объектного типа (Цена)\n\
         {ОбщийМодуль.ЦеныСервер.Модуль(45)}:\tСумма = Цена.Значение;\n\
         {Документ.Заказ.МодульОбъекта(12)}:ЦеныСервер.Рассчитать(ЭтотОбъект);",
        expect![[r#"
            Platform 
              Значение не является значением объектного типа (Цена)
                at ОбщийМодуль.ЦеныСервер.Модуль:45
                in ОбщийМодуль.ЦеныСервер.Модуль:45 Сумма = Цена.Значение;
                in Документ.Заказ.МодульОбъекта:12 ЦеныСервер.Рассчитать(ЭтотОбъект);
        "#]],
    );
}

#[test]
fn causes_in_both_languages() {
    check(
        "{ОбщийМодуль.А.Модуль(10)}: Ошибка при вызове метода контекста (Выполнить)\n\
         \tРезультат = Запрос.Выполнить();\n\
         по причине:\n\
         {(3, 12)}: Поле не найдено \"Т.Кодд\"\n\
         ВЫБРАТЬ\n\tТ.Код,\n\t<<?>>Т.Кодд\nИЗ Справочник.Товары КАК Т",
        expect![[r#"
            Platform 
              Ошибка при вызове метода контекста (Выполнить)
                at ОбщийМодуль.А.Модуль:10
                code Результат = Запрос.Выполнить();
              Поле не найдено "Т.Кодд"
                query 3:12 "ВЫБРАТЬ\n\tТ.Код,\n\t<<?>>Т.Кодд\nИЗ Справочник.Товары КАК Т\n"
        "#]],
    );
    check(
        "{CommonModule.A.Module(10)}: Error calling context method (Write)\ndue to:\nAccess violation!\n\
         by reason: {Catalog.Goods.ObjectModule(3)}: Division by zero\n[ScriptRuntimeError, AccessViolation]",
        expect![[r#"
            Platform ScriptRuntimeError, AccessViolation
              Error calling context method (Write)
                at CommonModule.A.Module:10
              Access violation!
              Division by zero
                at Catalog.Goods.ObjectModule:3
        "#]],
    );
}

#[test]
fn noise_of_clipboards() {
    check(
        "\u{feff}1. <b>{ОбщийМодуль.А.Модуль(1)}:&nbsp;Деление на&#32;0</b><br/>{ОбщийМодуль.А.Модуль(1)}:А = 1 / Б;",
        expect![[r#"
            Platform 
              Деление на 0
                at ОбщийМодуль.А.Модуль:1
                in ОбщийМодуль.А.Модуль:1 А = 1 / Б;
        "#]],
    );
    check(
        "  > {ОбщийМодуль.А.Модуль(1)}: Деление на 0\r\n  > {ОбщийМодуль.А.Модуль(1)}:А = 1 / Б;\r\n\
         * {ОбщийМодуль.Б.Модуль(2)}: Индекс находится за границами массива",
        expect![[r#"
            Platform 
              Деление на 0
                at ОбщийМодуль.А.Модуль:1
                in ОбщийМодуль.А.Модуль:1 А = 1 / Б;
            Platform 
              Индекс находится за границами массива
                at ОбщийМодуль.Б.Модуль:2
        "#]],
    );
    check(
        "{\"error\": \"{ОбщийМодуль.А.Модуль(1)}: Деление на 0\\n{ОбщийМодуль.Б.Модуль(7)}:А.Посчитать();\", \"code\": 5}",
        expect![[r#"
            Platform 
              Деление на 0
                at ОбщийМодуль.А.Модуль:1
                in ОбщийМодуль.Б.Модуль:7 А.Посчитать();", "code": 5}
        "#]],
    );
    check(
        "21.11.2026 10:00:00 Ошибка выполнения: {ОбщийМодуль.А.Модуль(1)}: Деление на 0 {ОбщийМодуль.Б.Модуль(7)}:А.Посчитать();",
        expect![[r#"
            Platform 
              Деление на 0
                at ОбщийМодуль.А.Модуль:1
                in ОбщийМодуль.Б.Модуль:7 А.Посчитать();
        "#]],
    );
}

#[test]
fn extensions_compile_errors_and_exceptions_of_code() {
    check(
        "{YAXUNIT ОбщийМодуль.ОМ_Тест.Модуль(86)}:ЮТест.ОжидаетЧто(x)",
        expect![[r#"
            Platform 
              (no message)
                in YAXUNIT ОбщийМодуль.ОМ_Тест.Модуль:86 ЮТест.ОжидаетЧто(x)
        "#]],
    );
    check(
        "{ОбщийМодуль.Х.Модуль(30,13)}: Переменная не определена (Документы)\n\tЗначение = <<?>>Документы.Найти(); (Проверка: Сервер)",
        expect![[r#"
            Platform 
              Переменная не определена (Документы)
                at ОбщийМодуль.Х.Модуль:30,13
                code Значение = <<?>>Документы.Найти(); (Проверка: Сервер)
        "#]],
    );
    check(
        "{Документ.Заказ.МодульОбъекта(5)}: Не заполнен контрагент\nПроверьте документ\n{Документ.Заказ.МодульОбъекта(5)}:ВызватьИсключение Текст;",
        expect![[r#"
            Platform 
              Не заполнен контрагент | Проверьте документ
                at Документ.Заказ.МодульОбъекта:5
                in Документ.Заказ.МодульОбъекта:5 ВызватьИсключение Текст;
        "#]],
    );
}

#[test]
fn several_errors_and_none() {
    check(
        "Деление на 0\n\nТранзакция не активна\n\nпросто текст",
        expect![[r#"
            Platform 
              Деление на 0
            Platform 
              Транзакция не активна
        "#]],
    );
    check(
        "Что-то пошло не так",
        expect![[r#"
        Platform 
          Что-то пошло не так
    "#]],
    );
    check("", expect![""]);
}

#[test]
fn onescript() {
    check(
        "{Модуль /home/me/задача.os / Ошибка в строке: 5 / Деление на ноль}\n\tА = 1 / 0;",
        expect![[r#"
            OneScript 
              Деление на ноль
                at /home/me/задача.os:5
                code А = 1 / 0;
        "#]],
    );
    check(
        "{Module C:\\work\\task.os / Error at line: 12,7 / Property not found (Name)}",
        expect![[r#"
        OneScript 
          Property not found (Name)
            at C:\work\task.os:12,7
    "#]],
    );
}

#[test]
fn the_technological_journal() {
    check(
        "32:10.123456-0,EXCP,5,process=rphost,p:processName=base,Exception=DataBaseException,Descr='src\\DataBase.cpp(6520):\n\
         580392e6-ba49-4280-ac67-fcd6f2180121: {ОбщийМодуль.А.Модуль(1)}: Ошибка СУБД ''X'' SQLSTATE=40001, native=1205',\
         Context='Документ.Заказ.МодульОбъекта : 12 : А.Посчитать();\n\tОбщийМодуль.А.Модуль : 1 : Б = Запрос.Выполнить();'\n\
         32:11.000001-0,CALL,1,process=rphost",
        expect![[r#"
            TechnologicalJournal 
              Ошибка СУБД 'X' SQLSTATE=40001, native=1205
                at ОбщийМодуль.А.Модуль:1
                in ОбщийМодуль.А.Модуль:1 Б = Запрос.Выполнить();
                in Документ.Заказ.МодульОбъекта:12 А.Посчитать();
        "#]],
    );
}

#[test]
fn hostile_texts_end_quickly_and_without_panic() {
    let texts = [
        "{".repeat(300_000),
        "{А.Б(1)}: ".repeat(50_000),
        "по причине:\n".repeat(50_000),
        "{А.Б(1)}: а\nпо причине:\n".repeat(20_000),
        "<".repeat(100_000) + &"&#".repeat(100_000),
        "{А.Б(99999999999999)}: х {(1,)}: {(,1)}: {()}: {А(1,2,3)}: \u{1f600}}".to_owned(),
        "{Модуль / Ошибка в строке: / } {Модуль x / Ошибка в строке: 5 / ".repeat(1000),
        "00:00.0-0,EXCP,Descr='".repeat(1000),
        "я".repeat(2 << 20),
        "\0\u{202e}{А.Б(1)}\u{200b}: Деление\u{a0}на 0".to_owned(),
    ];
    for text in texts {
        let report = read_errors(&text);
        assert!(report.errors.len() <= 50);
        assert!(report.errors.iter().all(|error| !error.links.is_empty()));
    }
}
