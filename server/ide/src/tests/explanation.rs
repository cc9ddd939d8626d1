//! What a method is said to do, and the comment that is offered for it.

use base::{Locale, apply_edits};
use expect_test::{Expect, expect};

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
fn check(code: &str, locale: Locale, expected: Expect) {
    let opened = Opened::of_text(&format!("{METADATA}{code}"));
    let text = explanation(opened.document(), opened.offset, locale, &*opened.files);
    expected.assert_eq(&(text.unwrap_or_default() + "\n"));
}

#[test]
fn facts_are_told_in_the_language_of_the_user() {
    check(CODE, Locale::Ru, expect![[r#""#]]);
    check("Procedure Own()\n\tMessage(1);$0\nEndProcedure\n", Locale::En, expect![[r#""#]]);
}

#[test]
fn outside_of_methods_there_is_nothing_to_explain() {
    check("$0\nПроцедура П()\nКонецПроцедуры\n", Locale::Ru, expect!["\n"]);
}

#[track_caller]
fn check_comment(code: &str, expected: Expect) {
    let opened = Opened::of_text(&format!("{METADATA}{code}"));
    let comment = method_comment(opened.document(), opened.offset);
    let text = comment.map_or("nothing\n".to_owned(), |comment| {
        apply_edits(&opened.document.text(), vec![comment.edit(&comment.purpose)]).0
    });
    expected.assert_eq(&text);
}

#[test]
fn a_comment_says_what_is_known() {
    check_comment(
        "Функция ПолучитьДанныеТовара(Товар, Знач Количество = 1)$0
	Возврат Новый Структура(\"Код\", 1);
КонецФункции
",
        expect![[r#""#]],
    );
    check_comment("Procedure WriteXMLFile()$0\nEndProcedure\n", expect![[r#""#]]);
}

#[test]
fn a_comment_that_is_there_stays() {
    check_comment(
        "// Есть.\nПроцедура П()$0\nКонецПроцедуры\n",
        expect![[r#"
        nothing
    "#]],
    );
}
