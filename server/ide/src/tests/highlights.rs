//! Highlights shown in the text itself.

use expect_test::{Expect, expect};

use crate::tests::with_cursor;
use crate::{HighlightKind, document_highlights};

/// Shows the text with `[r:…]`, `[w:…]` and `[t:…]` around the highlights.
#[track_caller]
fn check(fixture: &str, expected: Expect) {
    let (document, offset) = with_cursor(fixture);
    let text = document.text();
    let mut shown = String::new();
    let mut end = 0;
    for highlight in document_highlights(&document, offset) {
        let range = highlight.range.as_usize();
        let kind = match highlight.kind {
            HighlightKind::Text => 't',
            HighlightKind::Read => 'r',
            HighlightKind::Write => 'w',
        };
        shown += &format!("{}[{kind}:{}]", &text[end..range.start], &text[range.clone()]);
        end = range.end;
    }
    shown += &text[end..];
    expected.assert_eq(&shown);
}

#[test]
fn a_local_name_stays_in_its_method() {
    check(
        "Перем А;\nПроцедура П(Б)\n\tБ$0 = б + А.Б + Б.Б();\n\tДля Каждого В Из Б Цикл КонецЦикла;\nКонецПроцедуры\nПроцедура Р() Б = 1; КонецПроцедуры",
        expect![[r#"
            Перем А;
            Процедура П([w:Б])
            	[w:Б] = [r:б] + А.Б + [r:Б].Б();
            	Для Каждого В Из [r:Б] Цикл КонецЦикла;
            КонецПроцедуры
            Процедура Р() Б = 1; КонецПроцедуры"#]],
    );
    check(
        "Процедура П()\n\tДля Сч = 1 По Сч$0 Цикл Сч = 2; КонецЦикла;\nКонецПроцедуры\nСч = 1;",
        expect![[r#"
        Процедура П()
        	Для [w:Сч] = 1 По [r:Сч] Цикл [w:Сч] = 2; КонецЦикла;
        КонецПроцедуры
        Сч = 1;"#]],
    );
}

#[test]
fn a_name_of_the_module_is_hidden_by_a_local_one() {
    check(
        "Перем Кэш$0 Экспорт;\nПроцедура П()\n\tкэш = 1;\nКонецПроцедуры\nПроцедура Р(Кэш)\n\tКэш = 2;\nКонецПроцедуры\nКэш = Кэш + 1;",
        expect![[r#"
            Перем [w:Кэш] Экспорт;
            Процедура П()
            	[w:кэш] = 1;
            КонецПроцедуры
            Процедура Р(Кэш)
            	Кэш = 2;
            КонецПроцедуры
            [w:Кэш] = [r:Кэш] + 1;"#]],
    );
    check(
        "Процедура П()\n\tА = Объект$0;\nКонецПроцедуры\nПроцедура Р()\n\tОбъект.Записать();\nКонецПроцедуры",
        expect![[r#"
        Процедура П()
        	А = [r:Объект];
        КонецПроцедуры
        Процедура Р()
        	[r:Объект].Записать();
        КонецПроцедуры"#]],
    );
}

#[test]
fn methods_and_members_are_apart() {
    check(
        "Функция Сумма()\nКонецФункции\nСумма = сумма$0() + А.Сумма() + А.Сумма;",
        expect![[r#"
        Функция [w:Сумма]()
        КонецФункции
        Сумма = [r:сумма]() + А.Сумма() + А.Сумма;"#]],
    );
    check(
        "А.Текст$0 = 1;\nБ = В.текст + Текст + Г.Текст();",
        expect![[r#"
        А.[w:Текст] = 1;
        Б = В.[r:текст] + Текст + Г.[r:Текст]();"#]],
    );
    check(
        "А = Новый Массив; Б = Новый Массив$0(1); Массив = 1;",
        expect!["А = Новый [r:Массив]; Б = Новый [r:Массив](1); Массив = 1;"],
    );
}

#[test]
fn labels_and_annotations() {
    check(
        "~М$0: А();\nПерейти ~М;\nМ = 1;",
        expect![[r#"
        ~[w:М]: А();
        Перейти ~[r:М];
        М = 1;"#]],
    );
    check(
        "&НаСерв$0ере\nПроцедура А() КонецПроцедуры\n&НаСервере\nПроцедура Б() КонецПроцедуры",
        expect![[r#"
        &[r:НаСервере]
        Процедура А() КонецПроцедуры
        &[r:НаСервере]
        Процедура Б() КонецПроцедуры"#]],
    );
}

#[test]
fn keywords_of_one_statement() {
    check(
        "Если А Тогда\n\tЕсли Б Тогда КонецЕсли;\nИначеЕсли В Тог$0да\nИначе\nКонецЕсли;",
        expect![[r#"
            [t:Если] А [t:Тогда]
            	Если Б Тогда КонецЕсли;
            [t:ИначеЕсли] В [t:Тогда]
            [t:Иначе]
            [t:КонецЕсли];"#]],
    );
    check(
        "While A Do\n\tFor Each B In C Do Break; EndDo;\n\tIf D Then Con$0tinue; EndIf;\n\tBreak;\nEndDo;",
        expect![[r#"
            [t:While] A [t:Do]
            	For Each B In C Do Break; EndDo;
            	If D Then [t:Continue]; EndIf;
            	[t:Break];
            [t:EndDo];"#]],
    );
    check(
        "Асинх Функция А() Экспорт\n\tЕсли Б Тогда Возврат 1; КонецЕсли;\n\tВозврат$0 2;\nКонецФункции",
        expect![[r#"
        [t:Асинх] [t:Функция] А() Экспорт
        	Если Б Тогда [t:Возврат] 1; КонецЕсли;
        	[t:Возврат] 2;
        [t:КонецФункции]"#]],
    );
    check(
        "Попытка А();\nИсключение ВызватьИсключение;\nКонецПопытки$0",
        expect![[r#"
        [t:Попытка] А();
        [t:Исключение] ВызватьИсключение;
        [t:КонецПопытки]"#]],
    );
    check("А = Новый$0 Массив;", expect!["А = Новый Массив;"]);
}

#[test]
fn directives_of_one_chain() {
    check(
        "#Область А\n#Область Б\n#КонецОбласти\n#Конец$0Области",
        expect![[r#"
        [t:#Область А]
        #Область Б
        #КонецОбласти
        [t:#КонецОбласти]"#]],
    );
    check(
        "#Если$0 Клиент Тогда\n#ИначеЕсли Сервер Тогда\n#Иначе\n#КонецЕсли",
        expect![[r#"
        [t:#Если Клиент Тогда]
        [t:#ИначеЕсли Сервер Тогда]
        [t:#Иначе]
        [t:#КонецЕсли]"#]],
    );
}

#[test]
fn broken_code_and_nothing_at_all() {
    check(
        "Процедура А(\n\tБ = Б$0 + ;\nКонецПроцедуры",
        expect![[r#"
            Процедура А(
            	[w:Б] = [r:Б] + ;
            КонецПроцедуры"#]],
    );
    check("А = 1; $0 ", expect!["А = 1;  "]);
    check("$0", expect![]);
}
