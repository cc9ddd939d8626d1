//! Hostile programs: each ends with a clear error, none with a crash or a hang.

use std::time::{Duration, Instant};

use testhost::{FailureKind, Limits, Machine};

/// The error that a program ends with, under limits that are small.
#[track_caller]
fn end_of(limits: Limits, code: &str) -> (FailureKind, String) {
    let mut machine = Machine::new(limits);
    let failure = machine.load("Тест", code).err().expect("the program should end with an error");
    (failure.kind, failure.message.to_string())
}

#[track_caller]
fn ends_for_memory(code: &str) {
    let limits = Limits { memory: 8 << 20, steps: 50_000_000, ..Limits::default() };
    let expected =
        (FailureKind::Limit, "Превышен максимальный расход памяти сервера за один вызов".to_owned());
    assert_eq!(end_of(limits, code), expected);
}

#[track_caller]
fn ends_for_steps(code: &str) {
    let limits = Limits { steps: 100_000, ..Limits::default() };
    assert_eq!(end_of(limits, code), (FailureKind::Limit, "Исчерпан предел числа операторов".to_owned()));
}

#[track_caller]
fn ends_for_time(code: &str) {
    let deadline = Some(Instant::now() + Duration::from_millis(50));
    let limits = Limits { deadline, ..Limits::default() };
    assert_eq!(end_of(limits, code), (FailureKind::Limit, "Исчерпано время выполнения".to_owned()));
}

#[track_caller]
fn prints(code: &str, expected: &str) {
    let mut machine = Machine::default();
    if let Err(failure) = machine.load("Тест", code) {
        panic!("{failure}");
    }
    assert_eq!(machine.output.join("\n"), expected);
}

#[test]
fn endless_loops_end() {
    ends_for_steps("Пока Истина Цикл\nКонецЦикла;");
    ends_for_steps("Пока Истина Цикл\n\tА = 1;\nКонецЦикла;");
    ends_for_steps("~Снова:\nПерейти ~Снова;");
    ends_for_steps("Для Н = 1 По 1000000000 Цикл\nКонецЦикла;");
    ends_for_steps("Н = 0;\nДля Н = 1 По 3 Цикл\n\tН = 0;\nКонецЦикла;");
    ends_for_steps(
        "М = Новый Массив;\nМ.Добавить(1);\nДля Каждого Э Из М Цикл\n\tМ.Добавить(1);\nКонецЦикла;",
    );
    ends_for_steps("Выполнить(\"Пока Истина Цикл КонецЦикла\");");
}

#[test]
fn an_error_handler_does_not_catch_a_limit() {
    ends_for_steps(
        "Пока Истина Цикл\nПопытка\n\tПока Истина Цикл\n\tКонецЦикла;\nИсключение\nКонецПопытки;\nКонецЦикла;",
    );
}

#[test]
fn time_ends() {
    ends_for_time("Пока Истина Цикл\nКонецЦикла;");
    // Few statements with much work each.
    ends_for_time("М = Новый Массив(1000000);\nПока Истина Цикл\n\tМ.Найти(1);\nКонецЦикла;");
}

#[test]
fn texts_that_double_end() {
    ends_for_memory("С = \"стриж\";\nПока Истина Цикл\n\tС = С + С;\nКонецЦикла;");
    ends_for_memory("С = \"стриж\";\nПока Истина Цикл\n\tС = СтрЗаменить(С, \"с\", \"сссс\");\nКонецЦикла;");
    ends_for_memory(
        "М = Новый Массив(1000);\nС = \"стриж\";\nПока Истина Цикл\n\tС = СтрСоединить(М, С) + С;\nКонецЦикла;",
    );
    ends_for_memory("С = \"стриж\";\nПока Истина Цикл\n\tС = СтрШаблон(\"%1%1%1\", С);\nКонецЦикла;");
}

#[test]
fn arrays_that_grow_end() {
    ends_for_memory("М = Новый Массив;\nПока Истина Цикл\n\tМ.Добавить(М.Количество());\nКонецЦикла;");
    ends_for_memory("М = Новый Массив(1000000000);");
    ends_for_memory("М = Новый Массив(100000, 100000);");
    ends_for_memory("М = Новый Массив(3000000000, 3000000000, 3000000000);");
}

#[test]
fn other_collections_that_grow_end() {
    ends_for_memory("С = Новый Соответствие;\nПока Истина Цикл\n\tС[С.Количество()] = 1;\nКонецЦикла;");
    ends_for_memory(
        "С = Новый Структура;\nН = 0;\nПока Истина Цикл\n\tН = Н + 1;\n\tС.Вставить(\"Т\" + Формат(Н % 50, \"ЧН=0;ЧГ=0\"), Новый Массив(Н));\nКонецЦикла;",
    );
    ends_for_memory(
        "Сп = Новый СписокЗначений;\nПока Истина Цикл\n\tСп.Добавить(1, \"представление\");\nКонецЦикла;",
    );
    ends_for_memory(
        "Т = Новый ТаблицаЗначений;\nТ.Колонки.Добавить(\"А\");\nПока Истина Цикл\n\tТ.Добавить();\nКонецЦикла;",
    );
    ends_for_memory(
        "Д = Новый ДеревоЗначений;\nСтрока = Д;\nПока Истина Цикл\n\tСтрока = Строка.Строки.Добавить();\nКонецЦикла;",
    );
    ends_for_memory(
        "Пока Истина Цикл\n\tСообщить(\"еще одно сообщение, которое никто не прочтет\");\nКонецЦикла;",
    );
    ends_for_memory("Пока Истина Цикл\n\tПоместитьВоВременноеХранилище(Новый Массив(1000));\nКонецЦикла;");
}

#[test]
fn objects_that_only_name_each_other_count() {
    ends_for_memory("Пока Истина Цикл\n\tМ = Новый Массив(1000);\n\tМ[0] = М;\nКонецЦикла;");
}

#[test]
fn texts_in_many_places_count_once() {
    prints(
        "С = \"стриж\";\nДля Н = 1 По 16 Цикл\n\tС = С + С;\nКонецЦикла;\nМ = Новый Массив;\nДля Н = 1 По 10000 Цикл\n\tМ.Добавить(С);\nКонецЦикла;\nСообщить(М.Количество() = 10000);",
        "Да",
    );
}

#[test]
fn memory_that_was_given_back_is_free() {
    let mut machine = Machine::new(Limits { memory: 16 << 20, ..Limits::default() });
    let code = "Для Н = 1 По 50 Цикл\n\tМ = Новый Массив(100000);\n\tС = СтрСоединить(М, \"----------\");\nКонецЦикла;";
    assert!(machine.load("Тест", code).is_ok(), "what lives at one time is little");
}

#[test]
fn recursion_ends_with_an_error_that_can_be_caught() {
    let code = "Процедура П(А)\n\tП(А + 1);\nКонецПроцедуры\nПопытка\n\tП(0);\nИсключение\n\tСообщить(КраткоеПредставлениеОшибки(ИнформацияОбОшибке()));\nКонецПопытки;";
    prints(code, "Переполнение стека встроенного языка на сервере");
}

#[test]
fn recursion_through_texts_ends() {
    let code = "Процедура П() Экспорт\n\tВыполнить(\"П()\");\nКонецПроцедуры\nП();";
    assert_eq!(
        end_of(Limits::default(), code),
        (FailureKind::Limit, "Переполнение стека встроенного языка".to_owned())
    );
    let code = "Функция Ф() Экспорт\n\tВозврат Вычислить(\"Ф()\");\nКонецФункции\nФ();";
    assert_eq!(end_of(Limits::default(), code).0, FailureKind::Limit);
}

#[test]
fn long_chains_of_objects_end_without_recursion() {
    for kind in ["Массив", "Структура", "Соответствие", "СписокЗначений"]
    {
        let add = match kind {
            "Массив" | "СписокЗначений" => "Новое.Добавить(М)",
            _ => "Новое.Вставить(\"А\", М)",
        };
        let code = format!(
            "М = Неопределено;\nДля Н = 1 По 100000 Цикл\n\tНовое = Новый {kind};\n\t{add};\n\tМ = Новое;\nКонецЦикла;\nМ = Неопределено;\nНовое = Неопределено;\nСообщить(\"да\");"
        );
        prints(&code, "да");
    }
}

#[test]
fn deep_trees_end_without_recursion() {
    prints(
        "Д = Новый ДеревоЗначений;\nД.Колонки.Добавить(\"А\");\nСтрока = Д;\nДля Н = 1 По 100000 Цикл\n\tСтрока = Строка.Строки.Добавить();\n\tСтрока.А = Н;\nКонецЦикла;\nСообщить(Д.Строки.Найти(100000, \"А\", Истина).А = 100000);\nД = Неопределено;",
        "Да",
    );
}

#[test]
fn deep_texts_of_programs_are_refused() {
    let deep_expression = format!("А = {}1{};", "(".repeat(20_000), ")".repeat(20_000));
    assert_eq!(end_of(Limits::default(), &deep_expression).0, FailureKind::Syntax);
    let deep_blocks = format!("{}{}", "Если Истина Тогда\n".repeat(20_000), "КонецЕсли;\n".repeat(20_000));
    assert_eq!(end_of(Limits::default(), &deep_blocks).0, FailureKind::Syntax);
    let deep_index = format!("М = 1;\nА = М{};", "[0]".repeat(20_000));
    assert_eq!(end_of(Limits::default(), &deep_index).0, FailureKind::Syntax);
    let negations = format!("А = {}Истина;", "НЕ ".repeat(20_000));
    assert_eq!(end_of(Limits::default(), &negations).0, FailureKind::Syntax);
}

#[test]
fn long_texts_of_programs_run() {
    let sum = format!("А = 0{};\nСообщить(А = 20000);", " + 1".repeat(20_000));
    prints(&sum, "Да");
    let many = format!("А = 0;\n{}Сообщить(А = 20000);", "А = А + 1;\n".repeat(20_000));
    prints(&many, "Да");
}

#[test]
fn deep_queries_are_refused() {
    let subqueries =
        format!("{}ВЫБРАТЬ 1 КАК А{}", "ВЫБРАТЬ Т.А ИЗ (".repeat(2_000), ") КАК Т".repeat(2_000));
    let code = format!("З = Новый Запрос(\"{subqueries}\");\nЗ.Выполнить();");
    assert_eq!(end_of(Limits::default(), &code).0, FailureKind::Runtime);
}

#[test]
fn products_of_tables_end() {
    let table = "Т = Новый ТаблицаЗначений;\nТ.Колонки.Добавить(\"А\");\nДля Н = 1 По 3000 Цикл\n\tТ.Добавить().А = Н;\nКонецЦикла;\nЗ = Новый Запрос(\"ВЫБРАТЬ Т.А ПОМЕСТИТЬ В1 ИЗ &Т КАК Т ; ВЫБРАТЬ Л.А ИЗ В1 КАК Л, В1 КАК С, В1 КАК Ю\");\nЗ.УстановитьПараметр(\"Т\", Т);\nЗ.Выполнить();";
    let limits = Limits { memory: 64 << 20, ..Limits::default() };
    assert_eq!(end_of(limits, table).0, FailureKind::Limit);
    let pairs = table.replace(
        "В1 КАК Л, В1 КАК С, В1 КАК Ю",
        "В1 КАК Л ВНУТРЕННЕЕ СОЕДИНЕНИЕ В1 КАК С ПО Л.А < 0 ИЛИ С.А < 0",
    );
    let limits = Limits { steps: 1_000_000, ..Limits::default() };
    assert_eq!(end_of(limits, &pairs).0, FailureKind::Limit);
}

#[test]
fn texts_of_json_may_be_hostile() {
    let deep = "С = \"[\";\nДля Н = 1 По 15 Цикл\n\tС = С + С;\nКонецЦикла;\nЧ = Новый ЧтениеJSON;\nЧ.УстановитьСтроку(С);\nПрочитатьJSON(Ч);";
    assert_eq!(
        end_of(Limits::default(), deep),
        (FailureKind::Runtime, "Вложенность JSON слишком велика".to_owned())
    );
    let endless = "С = Новый Структура;\nС.Вставить(\"Я\", С);\nЗ = Новый ЗаписьJSON;\nЗ.УстановитьСтроку();\nЗаписатьJSON(З, С);";
    assert_eq!(
        end_of(Limits::default(), endless),
        (FailureKind::Runtime, "Вложенность JSON слишком велика".to_owned())
    );
}

#[test]
fn odd_arguments_do_no_harm() {
    let code = "Для Каждого Ч Из СтрРазделить(\"-9223372036854775808,-1,0,9223372036854775807,99999999999999999999999999\", \",\") Цикл
	Для Каждого Выражение Из СтрРазделить(\"Лев(С, Ч);Прав(С, Ч);Сред(С, Ч);Сред(С, 1, Ч);Символ(Ч);КодСимвола(С, Ч);СтрПолучитьСтроку(С, Ч);Окр(1.5, Ч);ДобавитьМесяц(Д, Ч);Д + Ч;Д - Ч;Pow(2, Ч);М[Ч];М.Получить(Ч);Дата(Ч, Ч, Ч);Формат(Ч, Ф);ПобитовыйСдвигВлево(1, Ч);СтрНайти(С, Т, , Ч)\", \";\") Цикл
		Попытка
			Выполнить(\"С = \"\"стриж\"\"; Т = \"\"и\"\"; Д = '20240101'; М = Новый Массив(2); Ф = \"\"ЧДЦ=99; ЧЦ=99; ЧС=-50\"\"; Ч = Число(Ч); А = \" + Выражение);
		Исключение
		КонецПопытки;
	КонецЦикла;
КонецЦикла;
Сообщить(\"цел\");";
    let mut machine = Machine::default();
    assert!(machine.load("Тест", code).is_ok(), "errors are caught");
    assert_eq!(machine.output.join(""), "цел");
}
