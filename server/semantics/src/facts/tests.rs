//! Facts as they come out of modules, closed and open.

use std::fmt::Write;

use expect_test::{Expect, expect};
use syntax::{Change, Document, Position, PositionEncoding};

use crate::facts::{ModuleFacts, OpenFacts, Receiver};

fn dump_references(facts: &ModuleFacts) -> String {
    let mut lines = String::new();
    for reference in facts.references() {
        let receiver = match reference.receiver {
            Receiver::None => String::new(),
            Receiver::Path(path) => format!("{path} . "),
            Receiver::Complex => "… . ".to_owned(),
        };
        let place = reference.place;
        let _ = writeln!(
            lines,
            "{}:{} {:?}({}) {:?} {receiver}{}",
            place.line,
            place.column_utf16,
            reference.kind,
            reference.arguments,
            reference.origin,
            reference.name
        );
    }
    lines
}

fn dump_declarations(facts: &ModuleFacts) -> String {
    let mut lines = String::new();
    for variable in facts.variables() {
        let _ = writeln!(
            lines,
            "variable {} {}:{} export={} {:?} description={:?}",
            variable.name,
            variable.place().line,
            variable.place().column_utf16,
            variable.is_export,
            variable.directive,
            variable.description()
        );
    }
    for method in facts.methods() {
        let _ = writeln!(
            lines,
            "method {} {}:{} {:?} end={} function={} export={} async={} {:?} description={:?} deprecated={} returns={:?}",
            method.name,
            method.place().line,
            method.place().column_utf16,
            method.range(),
            method.end_line(),
            method.is_function,
            method.is_export,
            method.is_async,
            method.directive,
            method.description(),
            method.is_deprecated,
            method.returns,
        );
        for annotation in method.annotations() {
            let _ =
                writeln!(lines, "  &{}({}) {}", annotation.name, annotation.argument, annotation.place.line);
        }
        for parameter in method.parameters() {
            let place = parameter.place();
            let _ = writeln!(
                lines,
                "  {} {}:{} value={} default={:?} {:?}",
                parameter.name,
                place.line,
                place.column,
                parameter.is_by_value,
                parameter.default,
                parameter.shape
            );
        }
    }
    for region in facts.regions() {
        let _ = writeln!(
            lines,
            "region {} {}-{} depth={}",
            region.name, region.line, region.end_line, region.depth
        );
    }
    lines
}

/// References of a text; facts of the open document have to be the same.
#[track_caller]
fn check_references(text: &str, expected: Expect) {
    let facts = ModuleFacts::of_text(text);
    expected.assert_eq(&dump_references(&facts));
    check_open(text);
}

#[track_caller]
fn check_declarations(text: &str, expected: Expect) {
    expected.assert_eq(&dump_declarations(&ModuleFacts::of_text(text)));
    check_open(text);
}

#[track_caller]
fn check_open(text: &str) {
    let open = OpenFacts::default().update(&Document::new(text));
    check_same(&open, text);
}

#[track_caller]
fn check_same(facts: &ModuleFacts, text: &str) {
    let fresh = ModuleFacts::of_text(text);
    assert_eq!(dump_references(facts), dump_references(&fresh));
    assert_eq!(dump_declarations(facts), dump_declarations(&fresh));
    assert_eq!(facts.length(), fresh.length());
}

const MODULE: &str = "\
#Область ПрограммныйИнтерфейс

// Считает.
&НаСервере
&Вместо(\"Посчитать\")
Функция Рас_Посчитать(Знач Первый, Второй = 0, Третий = \"а\") Экспорт
	Итог = Первый + Второй; // хвост
	Возврат Итог;
КонецФункции // Рас_Посчитать
&AtClient
Async Procedure Run()
	#Region Inner
	Await RunAsync();
	#EndRegion
EndProcedure

#КонецОбласти
#Область Лишняя
";

#[test]
fn methods_have_their_parts() {
    check_declarations(
        MODULE,
        expect![[r#"
            method Рас_Посчитать 5:8 TextRange { start: 77, end: 356 } end=8 function=true export=true async=false AtServer description=Some(TextRange { start: 58, end: 76 }) deprecated=false returns=Unknown
              &Вместо(Посчитать) 4
              Первый 5:50 value=true default=None Unknown
              Второй 5:64 value=false default=Some("0") Named("Число")
              Третий 5:82 value=false default=Some("\"а\"") Named("Строка")
            method Run 10:16 TextRange { start: 386, end: 476 } end=14 function=false export=false async=true AtClient description=None deprecated=false returns=Unknown
            region ПрограммныйИнтерфейс 0-16 depth=0
            region Inner 11-13 depth=1
        "#]],
    );
}

#[test]
fn variables_have_a_description_above_or_behind() {
    check_declarations(
        "// Сверху.\n&НаКлиенте\nПерем А, Б Экспорт;\nПерем В; // Сзади.\nVar D Export;\n",
        expect![[r#"
            variable А 2:6 export=false AtClient description=Some(TextRange { start: 0, end: 16 })
            variable Б 2:9 export=true AtClient description=Some(TextRange { start: 0, end: 16 })
            variable В 3:6 export=false None description=Some(TextRange { start: 86, end: 100 })
            variable D 4:4 export=true None description=None
        "#]],
    );
}

#[test]
fn names_are_known_by_what_is_before_them() {
    check_references(
        "Процедура П(Парам)\n\
         \tПерем Своя;\n\
         \tСвоя = Общий.Функция(Парам, , 1);\n\
         \tСвоя.Поле.Метод();\n\
         \tОбщая = Справочники.Товары.НайтиПоКоду(\"01\").Владелец;\n\
         \tОбщая = Общая + Парам.Поле;\n\
         \tВыполнитьЧтоТо(,);\n\
         \tМассив[0].Имя = Новый Структура(\"Ключ\", \"Справочник.Товары\");\n\
         \tНовый Массив();\n\
         \tДля Каждого Строка Из Таблица Цикл Ждать Пауза(Строка.Имя); КонецЦикла;\n\
         \tДобавитьОбработчик Событие.Наступило, Обработать;\n\
         \tПерейти ~Метка;\n\
         \t~Метка: А = Новый(\"Массив\");\n\
         КонецПроцедуры\n\
         Общая = 1;\n",
        expect![[r#"
            2:8 Read(0) Outside общий
            2:14 FunctionCall(3) Outside общий . функция
            3:6 Read(0) Local своя . поле
            3:11 ProcedureCall(0) Local своя.поле . метод
            4:1 Write(0) MaybeLocal общая
            4:9 Read(0) Outside справочники
            4:21 Read(0) Outside справочники . товары
            4:28 FunctionCall(1) Outside справочники.товары . найтипокоду
            4:46 Read(0) Outside … . владелец
            5:1 Write(0) MaybeLocal общая
            5:9 Read(0) MaybeLocal общая
            5:23 Read(0) Local парам . поле
            6:1 ProcedureCall(2) Outside выполнитьчтото
            7:1 Read(0) Outside массив
            7:11 Write(0) Outside … . имя
            7:23 New(2) Outside структура
            7:34 Literal(0) Outside ключ
            7:42 Literal(0) Outside справочник.товары
            8:7 New(0) Outside массив
            9:13 Write(0) MaybeLocal строка
            9:23 Read(0) Outside таблица
            9:42 ProcedureCall(1) Outside пауза
            9:48 Read(0) MaybeLocal строка
            9:55 Read(0) MaybeLocal строка . имя
            10:20 Read(0) Outside событие
            10:28 Read(0) Outside событие . наступило
            10:39 Read(0) Outside обработать
            12:9 Write(0) MaybeLocal а
            12:20 Literal(0) Outside массив
            14:0 Write(0) MaybeLocal общая
        "#]],
    );
}

#[test]
fn english_code_and_broken_code_have_references_too() {
    check_references(
        "Procedure Run(Value)\n\tResult = Catalogs.Goods.\n\tOther(Value.\n\tIf Value.IsFolder Then\nEndProcedure\n)) Ж😀",
        expect![[r#"
            1:1 Write(0) MaybeLocal result
            1:10 Read(0) Outside catalogs
            1:19 Read(0) Outside catalogs . goods
            2:1 FunctionCall(1) Outside catalogs.goods . other
            3:10 Read(0) Local value . isfolder
            5:3 Read(0) Outside ж
        "#]],
    );
}

#[test]
fn annotations_and_literals_are_references() {
    check_references(
        "&После(\"ПриЗаписи\")\nПроцедура А(Б = \"Имя\")\n\tВ(\"не имя\", \"1а\", \"а.\", \"Ё1.б_\", \"а\"\"б\", \"\");\nКонецПроцедуры",
        expect![[r#"
            0:8 Annotation(0) Outside призаписи
            1:17 Literal(0) Outside имя
            2:1 ProcedureCall(6) Outside в
            2:26 Literal(0) Outside ё1.б_
        "#]],
    );
}

#[test]
fn columns_count_units_of_utf16() {
    check_references(
        "\tА(\"😀\"); Б(); Длинное😀 = 1;",
        expect![[r#"
            0:1 ProcedureCall(1) Outside а
            0:10 ProcedureCall(0) Outside б
            0:15 Write(0) MaybeLocal длинное
        "#]],
    );
}

#[test]
fn names_are_looked_up_without_case() {
    let facts = ModuleFacts::of_text(MODULE);
    assert_eq!(facts.method("рас_посчитать").map(|method| method.place().line), Some(5));
    assert_eq!(facts.method("RUN").map(|method| method.place().line), Some(10));
    assert!(facts.method("Итог").is_none());
    assert!(facts.variable("Итог").is_none());
    assert!(facts.mentions("итог") && !facts.mentions("нет"));
    assert_eq!(facts.references_of("итог").count(), 2);
    assert_eq!(facts.references_with_prefix("run").count(), 1);
    let run = MODULE.find("RunAsync").expect("invariant: the text has it") as u32;
    assert_eq!(facts.reference_at(run + 3).map(|reference| reference.name), Some("runasync"));
    assert_eq!(facts.method_at(run).map(|method| method.fact().name.as_str()), Some("Run"));
    assert_eq!(facts.method_at_index(1).map(|method| method.fact().name.as_str()), Some("Run"));
    assert!(facts.method_at_index(2).is_none() && facts.method_at(u32::MAX).is_none());
}

#[test]
fn edits_give_what_a_fresh_look_gives() {
    let mut document = Document::new(MODULE);
    let mut open = OpenFacts::default();
    check_same(&open.update(&document), &document.text());
    let edits = [
        ((2, 0), (2, 0), "Перем Новая; // об этом\n\n"),
        ((8, 1), (8, 5), "Общий.Итог"),
        ((9, 0), (10, 0), ""),
        ((0, 0), (3, 0), "😀"),
        ((3, 0), (3, 0), "КонецФункции\r\n"),
    ];
    for (start, end, text) in edits {
        let range = Some((Position::new(start.0, start.1), Position::new(end.0, end.1)));
        let changes = [Change { range, text: text.to_owned() }];
        document.apply(&changes, PositionEncoding::Utf16).expect("invariant: the lines exist");
        let facts = open.update(&document);
        let fresh = OpenFacts::default().update(&document);
        assert_eq!(dump_references(&facts), dump_references(&fresh));
        assert_eq!(dump_declarations(&facts), dump_declarations(&fresh));
    }
}

#[test]
fn descriptions_give_types() {
    check_declarations(
        "// Соответствие - кэш\nПерем Кэш;\n\n\
         // Устарела. Следует использовать Новую.\n//\n// Параметры:\n//  Первый - Число\n//\n// Возвращаемое значение:\n//  Массив из Строка\n\
         Функция Старая(Первый = Неопределено, Второй = Ложь)\nКонецФункции\n\
         // См. Общий.Метод\nФункция Метод(А) Экспорт\nКонецФункции\n",
        expect![[r#"
            variable Кэш 1:6 export=false None description=Some(TextRange { start: 0, end: 36 })
            method Старая 10:8 TextRange { start: 270, end: 388 } end=11 function=true export=false async=false None description=Some(TextRange { start: 57, end: 269 }) deprecated=true returns=Collection { name: "Массив", element: Named("Строка") }
              Первый 10:28 value=false default=Some("Неопределено") Named("Число")
              Второй 10:69 value=false default=Some("Ложь") Named("Булево")
            method Метод 13:8 TextRange { start: 420, end: 489 } end=14 function=true export=true async=false None description=Some(TextRange { start: 389, end: 419 }) deprecated=false returns=SeeReference("Общий.Метод")
              А 13:26 value=false default=None SeeReference("Общий.Метод.А")
        "#]],
    );
}

#[test]
fn code_tells_what_descriptions_leave_out() {
    let text = "\
Перем Кэш, Счетчик;

// Возвращаемое значение:
//  Структура - данные
Функция Данные()
	Результат = Новый Структура(\"Имя\", \"\");
	Счетчик = 1;
	Возврат Результат;
КонецФункции

Функция Общая()
	Если Кэш = Неопределено Тогда
		Кэш = Данные();
	КонецЕсли;
	Возврат Кэш;
КонецФункции

// Возвращаемое значение:
//  Строка
Функция Описанная()
	Возврат 1;
КонецФункции

Счетчик = \"\";
";
    let describe = |facts: &ModuleFacts| {
        let mut lines = String::new();
        for method in facts.methods() {
            let _ = writeln!(lines, "{}: {:?}", method.name, method.returns);
        }
        for variable in facts.variables() {
            let _ = writeln!(lines, "{}: {:?}", variable.name, facts.variable_shape(variable));
        }
        lines
    };
    let shown = describe(&ModuleFacts::of_text(text));
    expect![[r#"
        Данные: Structure { name: "Структура", fields: [Field { name: "Имя", shape: Named("Строка"), description: "", offset: None }] }
        Общая: Union { parts: [Global("Кэш"), GlobalCall { function: "Данные", literal: None }], is_open: false }
        Описанная: Named("Строка")
        Кэш: GlobalCall { function: "Данные", literal: None }
        Счетчик: Union { parts: [Named("Число"), Named("Строка")], is_open: false }
    "#]]
    .assert_eq(&shown);
    assert_eq!(describe(&OpenFacts::default().update(&Document::new(text))), shown);
}

#[test]
fn queries_name_objects() {
    check_references(
        "А = \"ВЫБРАТЬ Т.Код, ВЫРАЗИТЬ(Т.Поле КАК Документ.Заказ).Номер, ЗНАЧЕНИЕ(Перечисление.Виды.Первый)\n\
         \t|ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т\n\
         \t|  ЛЕВОЕ СОЕДИНЕНИЕ РегистрНакопления.Запасы.Остатки(&Дата, Т.Код ССЫЛКА Справочник.Склады) КАК О ПО ИСТИНА\n\
         \t|;ВЫБРАТЬ * ИЗ ВТ, (ВЫБРАТЬ 1 ИЗ Catalog.Goods) КАК В\"; Б = \"Справочник.Товары\";\n",
        expect![[r#"
            0:0 Write(0) MaybeLocal а
            0:40 QueryTable(0) Outside документ.заказ
            0:72 QueryTable(0) Outside перечисление.виды.первый
            1:18 QueryTable(0) Outside справочник.товары
            2:21 QueryTable(0) Outside регистрнакопления.запасы.остатки
            2:74 QueryTable(0) Outside справочник.склады
            3:34 QueryTable(0) Outside catalog.goods
            3:57 Write(0) MaybeLocal б
            3:62 Literal(0) Outside справочник.товары
        "#]],
    );
}
