//! Searches and sums of texts in loops.

use expect_test::expect;

use super::running::check_same;
use super::{check, check_not_offered};

const JOIN: &str = "concatenationToJoin";
const FIND: &str = "findToMap";
const INDEX: &str = "findRowsIndex";

#[test]
fn a_growing_text_becomes_parts() {
    check_same(
        JOIN,
        "\
Функция Список(Числа)
	Текст = \"\";
	Для Каждого Число Из Числа Цикл
		Если Число > 1 Тогда
			Текст$0 = Текст + Число + \";\";
		Иначе
			Текст = Текст + \"мало \" + Число + \",\" + Число * 2;
		КонецЕсли;
	КонецЦикла;
	Возврат Текст;
КонецФункции

Числа = Новый Массив;
Числа.Добавить(1);
Числа.Добавить(2000);
Числа.Добавить(3);
Сообщить(Список(Числа));
Сообщить(Список(Новый Массив));
",
        expect![[r#"
            Функция Список(Числа)
            	Текст = "";
            	ЧастиТекста = Новый Массив;
            	Для Каждого Число Из Числа Цикл
            		Если Число > 1 Тогда
            			ЧастиТекста.Добавить("" + Число + ";");
            		Иначе
            			ЧастиТекста.Добавить("мало " + Число + "," + Число * 2);
            		КонецЕсли;
            	КонецЦикла;
            	Текст = СтрСоединить(ЧастиТекста);
            	Возврат Текст;
            КонецФункции

            Числа = Новый Массив;
            Числа.Добавить(1);
            Числа.Добавить(2000);
            Числа.Добавить(3);
            Сообщить(Список(Числа));
            Сообщить(Список(Новый Массив));
            // мало 1,22_000;3; | 
            // запросов: 0 -> 0
        "#]],
    );
}

#[test]
fn a_text_that_is_not_empty_keeps_its_beginning() {
    check_same(
        JOIN,
        "\
Function Lines(Items)
	Result = \"head:\";
	If Items.Count() > 0 Then
		For Index = 0 To Items.UBound() Do
			While False Do
			EndDo;
			Result$0 = Result + Items[Index];
		EndDo;
	EndIf;
	Return Result;
EndFunction

Items = New Array;
Items.Add(True);
Items.Add(Undefined);
Items.Add(5);
Message(Lines(Items));
",
        expect![[r#"
            Function Lines(Items)
            	Result = "head:";
            	If Items.Count() > 0 Then
            		PartsOfResult = New Array;
            		For Index = 0 To Items.UBound() Do
            			While False Do
            			EndDo;
            			PartsOfResult.Add("" + Items[Index]);
            		EndDo;
            		Result = Result + StrConcat(PartsOfResult);
            	EndIf;
            	Return Result;
            EndFunction

            Items = New Array;
            Items.Add(True);
            Items.Add(Undefined);
            Items.Add(5);
            Message(Lines(Items));
            // head:Да5
            // запросов: 0 -> 0
        "#]],
    );
}

#[test]
fn texts_that_are_read_in_the_loop_stay() {
    // The text is looked at.
    check_not_offered(
        JOIN,
        "Функция А(М)\n\tТ = \"\";\n\tДля Каждого Э Из М Цикл\n\t\tТ$0 = Т + Э;\n\t\tСообщить(Т);\n\tКонецЦикла;\nКонецФункции\n",
    );
    // It may be a number.
    check_not_offered(
        JOIN,
        "Функция А(М)\n\tТ = 0;\n\tДля Каждого Э Из М Цикл\n\t\tТ$0 = Т + Э;\n\tКонецЦикла;\nКонецФункции\n",
    );
    // The caller sees it when an error ends the loop.
    check_not_offered(
        JOIN,
        "Процедура А(Т, М)\n\tТ = \"\";\n\tДля Каждого Э Из М Цикл\n\t\tТ$0 = Т + Э;\n\tКонецЦикла;\nКонецПроцедуры\n",
    );
    // So does the handler.
    check_not_offered(
        JOIN,
        "Функция А(М)\n\tТ = \"\";\n\tПопытка\n\t\tДля Каждого Э Из М Цикл\n\t\t\tТ$0 = Т + Э;\n\t\tКонецЦикла;\n\tИсключение\n\t\tСообщить(Т);\n\tКонецПопытки;\nКонецФункции\n",
    );
    // Something else is put before it.
    check_not_offered(
        JOIN,
        "Функция А(М)\n\tТ = \"\";\n\tДля Каждого Э Из М Цикл\n\t\tТ$0 = Э + Т;\n\tКонецЦикла;\nКонецФункции\n",
    );
}

#[test]
fn a_search_in_a_table_becomes_a_map() {
    check_same(
        FIND,
        "\
Цены = Новый ТаблицаЗначений;
Цены.Колонки.Добавить(\"Товар\");
Цены.Колонки.Добавить(\"Цена\");
Для Номер = 1 По 4 Цикл
	Строка = Цены.Добавить();
	Строка.Товар = Номер % 3;
	Строка.Цена = Номер * 10;
КонецЦикла;
Итог = 0;
Для Товар = 0 По 5 Цикл
	Найденная = Цены.$0Найти(Товар, \"Товар\");
	Если Найденная <> Неопределено Тогда
		Итог = Итог + Найденная.Цена;
		Найденная.Цена = 0;
	КонецЕсли;
КонецЦикла;
Сообщить(Итог);
",
        expect![[r#"
            Цены = Новый ТаблицаЗначений;
            Цены.Колонки.Добавить("Товар");
            Цены.Колонки.Добавить("Цена");
            Для Номер = 1 По 4 Цикл
            	Строка = Цены.Добавить();
            	Строка.Товар = Номер % 3;
            	Строка.Цена = Номер * 10;
            КонецЦикла;
            Итог = 0;
            СтрокиПоТовар = Новый Соответствие;
            Для Каждого СтрокаТаблицы Из Цены Цикл
            	Если СтрокиПоТовар.Получить(СтрокаТаблицы.Товар) = Неопределено Тогда
            		СтрокиПоТовар.Вставить(СтрокаТаблицы.Товар, СтрокаТаблицы);
            	КонецЕсли;
            КонецЦикла;
            Для Товар = 0 По 5 Цикл
            	Найденная = СтрокиПоТовар.Получить(Товар);
            	Если Найденная <> Неопределено Тогда
            		Итог = Итог + Найденная.Цена;
            		Найденная.Цена = 0;
            	КонецЕсли;
            КонецЦикла;
            Сообщить(Итог);
            // 60
            // запросов: 0 -> 0
        "#]],
    );
}

#[test]
fn a_search_in_an_array_becomes_a_map() {
    check_same(
        FIND,
        "\
Items = New Array;
Items.Add(\"b\");
Items.Add(\"a\");
Items.Add(\"b\");
For Index = 0 To 2 Do
	Place = Items.Fi$0nd(Mid(\"abc\", Index + 1, 1));
	Message(?(Place = Undefined, \"no\", Place));
EndDo;
",
        expect![[r#"
            Items = New Array;
            Items.Add("b");
            Items.Add("a");
            Items.Add("b");
            IndexesOfItems = New Map;
            For ItemIndex = 0 To Items.UBound() Do
            	If IndexesOfItems.Get(Items[ItemIndex]) = Undefined Then
            		IndexesOfItems.Insert(Items[ItemIndex], ItemIndex);
            	EndIf;
            EndDo;
            For Index = 0 To 2 Do
            	Place = IndexesOfItems.Get(Mid("abc", Index + 1, 1));
            	Message(?(Place = Undefined, "no", Place));
            EndDo;
            // 1 | 0 | no
            // запросов: 0 -> 0
        "#]],
    );
}

#[test]
fn collections_that_change_are_searched_again() {
    let with = |statement: &str| {
        format!(
            "Процедура А(К, Чужая)\n\tТ = Новый ТаблицаЗначений;\n\tДля Каждого Э Из К Цикл\n\t\tС = Т.$0Найти(Э, \"Ключ\");\n\t\t{statement}\n\tКонецЦикла;\nКонецПроцедуры\n"
        )
    };
    check(
        "findToMap",
        &with("Б(Э);"),
        expect![[r#"
        Процедура А(К, Чужая)
        	Т = Новый ТаблицаЗначений;
        	$0СтрокиПоКлюч = Новый Соответствие;
        	Для Каждого СтрокаТаблицы Из Т Цикл
        		Если СтрокиПоКлюч.Получить(СтрокаТаблицы.Ключ) = Неопределено Тогда
        			СтрокиПоКлюч.Вставить(СтрокаТаблицы.Ключ, СтрокаТаблицы);
        		КонецЕсли;
        	КонецЦикла;
        	Для Каждого Э Из К Цикл
        		С = СтрокиПоКлюч.Получить(Э);
        		Б(Э);
        	КонецЦикла;
        КонецПроцедуры
    "#]],
    );
    for statement in
        ["Т.Добавить();", "Т = Чужая;", "С.Ключ = 1;", "Б(С);", "Б(Т);", "Т.Колонки.Добавить(\"Ключ\");"]
    {
        check_not_offered(FIND, &with(statement));
    }
    // Nobody knows what the parameter is.
    check_not_offered(
        FIND,
        "Процедура А(К, Т)\n\tДля Каждого Э Из К Цикл\n\t\tС = Т.$0Найти(Э, \"Ключ\");\n\tКонецЦикла;\nКонецПроцедуры\n",
    );
    // All columns are searched.
    check_not_offered(
        FIND,
        "Т = Новый ТаблицаЗначений;\nПока Истина Цикл\n\tС = Т.$0Найти(1);\nКонецЦикла;\n",
    );
}

#[test]
fn rows_get_an_index() {
    check_same(
        INDEX,
        "\
Т = Новый ТаблицаЗначений;
Т.Колонки.Добавить(\"А\");
Т.Добавить().А = 1;
Т.Добавить().А = 1;
Для А = 0 По 1 Цикл
	Строки = Т.$0НайтиСтроки(Новый Структура(\"А\", А));
	Сообщить(Строки.Количество());
КонецЦикла;
",
        expect![[r#"
            Т = Новый ТаблицаЗначений;
            Т.Колонки.Добавить("А");
            Т.Добавить().А = 1;
            Т.Добавить().А = 1;
            Т.Индексы.Добавить("А");
            Для А = 0 По 1 Цикл
            	Строки = Т.НайтиСтроки(Новый Структура("А", А));
            	Сообщить(Строки.Количество());
            КонецЦикла;
            // 0 | 2
            // запросов: 0 -> 0
        "#]],
    );
    check_not_offered(
        INDEX,
        "Т = Новый ТаблицаЗначений;\nТ.Индексы.Добавить(\"А\");\nПока Истина Цикл\n\tС = Т.$0НайтиСтроки(Новый Структура(\"А\", 1));\nКонецЦикла;\n",
    );
}
