//! What a model is told about a place.

use std::fmt::Write;

use expect_test::{Expect, expect};
use syntax::Document;

use super::project::Opened;
use super::visible;
use crate::{ProjectDocument, PromptContext, PromptOptions, prompt_context};

const METADATA: &str = "//- /metadata
Catalog.Товары
 attribute Цена: Число
InformationRegister.Цены periodical
 dimension Товар: СправочникСсылка.Товары
 resource Цена: Число
//- /CommonModules/Общий/Ext/Module.bsl
// Считает.
Функция Итог(Знач А, Б = 1) Экспорт
	Возврат 1;
КонецФункции
";

#[track_caller]
fn ask(code: &str) -> PromptContext {
    let opened = Opened::of_text(&format!("{METADATA}//- /CommonModules/Тест/Ext/Module.bsl\n{code}"));
    prompt_context(opened.document(), opened.offset, &PromptOptions::default()).expect("no secret")
}

fn shown(context: &PromptContext) -> String {
    let mut text = format!("{} {:?} {:?}\n", context.module, context.place, context.script);
    let tail: String = context.prefix.lines().next_back().unwrap_or_default().to_owned();
    let _ =
        writeln!(text, "…{}|{}", visible(&tail), visible(context.suffix.lines().next().unwrap_or_default()));
    for snippet in &context.snippets {
        let _ = writeln!(text, "{:?}: {}", snippet.kind, visible(&snippet.text));
    }
    text
}

#[track_caller]
fn check(code: &str, expected: Expect) {
    expected.assert_eq(&shown(&ask(code)));
}

#[test]
fn members_and_headers_come_first() {
    check(
        "Функция Свой(Имя) Экспорт
	Возврат Имя;
КонецФункции

Процедура П()
	Данные = Новый Структура(\"Код, Имя\", 1, \"\");
	Свой(Общий.Итог(1));
	Данные.К$0
КонецПроцедуры
",
        expect![[r#"
            Тест Code Russian
            …\tДанные.К|
            Members: Код, Количество, Имя, Вставить, Очистить, Свойство, Удалить
            Signature: Функция Итог(Знач А, Б = 1) Экспорт: Число // Общий
            Signature: Функция Свой(Имя) Экспорт
            Members: Данные: Код, Имя
        "#]],
    );
}

#[test]
fn english_code_gets_english_words() {
    check(
        "Function Own(Name) Export
	Return 1;
EndFunction

Procedure P()
	Data = New Structure(\"Code, Name\");
	Own(1);
	X = $0
EndProcedure
",
        expect![[r#"
            Тест Code English
            …\tX = |
            Signature: Function Own(Name) Export: Number
            Members: Data: Code, Name
        "#]],
    );
}

#[test]
fn tables_of_the_query_are_told_with_their_fields() {
    check(
        "Процедура П()
	З = Новый Запрос(\"ВЫБРАТЬ
	|	Ц.$0
	|ИЗ РегистрСведений.Цены КАК Ц
	|ЛЕВОЕ СОЕДИНЕНИЕ Справочник.Товары КАК Т ПО Т.Ссылка = Ц.Товар\");
КонецПроцедуры
",
        expect![[r#"
            Тест Query Russian
            …\t|\tЦ.|
            Tables: Ц (РегистрСведений.Цены): Товар, Цена, Активность, НомерСтроки, Период, Регистратор, Представление, ВерсияДанных, МоментВремени
            Tables: Т (Справочник.Товары): Цена, Код, ПометкаУдаления, Наименование, ЭтоГруппа, Владелец, Родитель, Предопределенный, ИмяПредопределенныхДанных, Ссылка, Представление, ВерсияДанных, МоментВремени
        "#]],
    );
}

#[test]
fn comments_and_literals_are_told_apart() {
    check(
        "// Опис$0ание.\nПроцедура П()\nКонецПроцедуры\n",
        expect![[r#"
        Тест Documentation Russian
        …// Опис|ание.
    "#]],
    );
    check(
        "Процедура П()\n\t// зам$0етка\nКонецПроцедуры\n",
        expect![[r#"
        Тест Comment Russian
        …\t// зам|етка
    "#]],
    );
    check(
        "Процедура П()\n\tА = \"тек$0ст\";\nКонецПроцедуры\n",
        expect![[r#"
        Тест Text Russian
        …\tА = "тек|ст";
    "#]],
    );
}

#[test]
fn secrets_stay_in_the_module() {
    let context =
        ask("Процедура П()\n\tПароль = \"qwerty\";\n\tА = $0\n\tТокен = \"abc\";\nКонецПроцедуры\n");
    assert!(context.prefix.ends_with("Пароль = \"***\";\n\tА = "), "{}", context.prefix);
    assert_eq!(context.suffix, "\n\tТокен = \"***\";\nКонецПроцедуры\n");
    let opened = Opened::of_text("Процедура П()\n\tПароль = \"qw$0\";\nКонецПроцедуры\n");
    assert_eq!(prompt_context(opened.document(), opened.offset, &PromptOptions::default()), None);
}

#[test]
fn the_window_stays_while_the_caret_moves_on() {
    let line = "\tСообщить(\"строка модуля\"); // 😀\n";
    let opened = Opened::of_text("Процедура П()\n$0КонецПроцедуры\n");
    let document = Document::new(&format!("Процедура П()\n{}КонецПроцедуры\n", line.repeat(400)));
    let of = ProjectDocument { document: &document, ..opened.document() };
    let options = PromptOptions { prefix_bytes: 2000, suffix_bytes: 300, ..PromptOptions::default() };
    let mut starts = Vec::new();
    for offset in (0..document.len()).step_by(37) {
        let context = prompt_context(of, offset, &options).expect("no secret");
        assert!(context.prefix.len() <= 2000 && context.suffix.len() <= 300, "at {offset}");
        let caret = document.rope().char_to_byte(document.rope().byte_to_char(offset as usize));
        let start = caret - context.prefix.len();
        assert!(start == 0 || document.slice((start - 1..start).into()) == "\n", "at {offset}");
        assert!(caret < 2000 || context.prefix.len() >= 900, "at {offset}: {}", context.prefix.len());
        starts.push(start);
    }
    starts.dedup();
    assert!(starts.is_sorted() && starts.len() < 40, "{}", starts.len());
}

#[test]
fn a_line_without_end_is_cut() {
    let opened = Opened::of_text("$0");
    let document = Document::new(&"Ж".repeat(10_000));
    let of = ProjectDocument { document: &document, ..opened.document() };
    let options = PromptOptions { prefix_bytes: 100, suffix_bytes: 50, ..PromptOptions::default() };
    let context = prompt_context(of, 9_999, &options).expect("no secret");
    assert!(!context.prefix.is_empty() && context.prefix.len() <= 100, "{}", context.prefix.len());
    assert_eq!(context.suffix.chars().count(), 25);
}

#[test]
fn given_lines_are_masked_and_follow() {
    let opened = Opened::of_text("Процедура П()\n\t$0\nКонецПроцедуры\n");
    let (recent, similar) = (["Пароль = \"a\";".to_owned()], ["А = 1;".to_owned()]);
    let options = PromptOptions { recent_edits: &recent, similar: &similar, ..PromptOptions::default() };
    let context = prompt_context(opened.document(), opened.offset, &options).expect("no secret");
    let texts: Vec<&str> = context.snippets.iter().map(|snippet| snippet.text.as_str()).collect();
    assert_eq!(texts, ["Пароль = \"***\";", "А = 1;"]);
}
