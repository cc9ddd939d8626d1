//! What a method is said to do, and the comment that is offered for it.

use base::{Locale, apply_edits};

use super::project::Opened;
use crate::{explanation, method_comment};

const METADATA: &str = "//- /metadata
Catalog.Товары
 attribute Цена: Число
//- /CommonModules/Общий/Ext/Module.bsl
Функция Итог(А) Экспорт
	Возврат 1;
КонецФункции
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Перем Счетчик;

";

const CODE: &str = "Функция ПересчитатьЦену(Знач Скидка = 0)
	З = Новый Запрос(\"ВЫБРАТЬ Т.Ссылка ИЗ Справочник.Товары КАК Т\");
	Если Скидка > Счетчик Тогда
		Цена = Общий.Итог(Цена) + Свой();
		Сообщить(\"\");
	КонецЕсли;$0
	Возврат Цена;
КонецФункции

Функция Свой()
	Возврат 1;
КонецФункции
";

#[track_caller]
fn explained(code: &str, locale: Locale) -> String {
    let opened = Opened::of_text(&format!("{METADATA}{code}"));
    explanation(opened.document(), opened.offset, locale, &*opened.files).unwrap_or_default()
}

#[test]
fn facts_are_told_in_the_language_of_the_user() {
    let text = explained(CODE, Locale::Ru);
    for fact in [
        "`Общий.Итог`",
        "`Свой`",
        "`Сообщить`",
        "`Счетчик`",
        "**Записывает:** `Цена`",
        "`Справочник.Товары`",
        "цикломатическая сложность 2",
    ] {
        assert!(text.contains(fact), "{fact} is missing in {text}");
    }
    let text = explained("Procedure Own()\n\tMessage(1);$0\nEndProcedure\n", Locale::En);
    assert!(text.contains("**Calls of the platform:** `Message`"), "{text}");
}

#[test]
fn outside_of_methods_there_is_nothing_to_explain() {
    assert_eq!(explained("$0\nПроцедура П()\nКонецПроцедуры\n", Locale::Ru), "");
}

/// The module with the comment, if one is offered.
#[track_caller]
fn commented(code: &str) -> Option<String> {
    let opened = Opened::of_text(&format!("{METADATA}{code}"));
    let comment = method_comment(opened.document(), opened.offset)?;
    Some(apply_edits(&opened.document.text(), vec![comment.edit(&comment.purpose)]).0)
}

#[test]
fn a_comment_says_what_is_known() {
    let code = "Функция ПолучитьДанныеТовара(Товар, Знач Количество = 1)$0
	Возврат Новый Структура(\"Код\", 1);
КонецФункции
";
    let text = commented(code).expect("a comment");
    for line in [
        "// Получить данные товара.\n//\n// Параметры:\n//  Товар - ",
        "\n//  Количество - ",
        "\n// Возвращаемое значение:\n//  Структура",
        "\n//\nФункция ПолучитьДанныеТовара(",
    ] {
        assert!(text.contains(line), "{line:?} is missing in {text}");
    }
    let text = commented("Procedure WriteXMLFile()$0\nEndProcedure\n").expect("a comment");
    assert!(text.ends_with("// Write XML file.\n//\nProcedure WriteXMLFile()\nEndProcedure\n"), "{text}");
}

#[test]
fn a_comment_that_is_there_stays() {
    assert_eq!(commented("// Есть.\nПроцедура П()$0\nКонецПроцедуры\n"), None);
}
