//! Strings: templates, lines, and attributes named in one.

use expect_test::expect;

use crate::tests::project::Opened;
use crate::tests::refactor::{check, check_not_offered, check_not_offered_with, check_with};
use crate::{RefactorOptions, attribute_getter};

#[test]
fn a_sum_becomes_a_template() {
    check(
        "concatenationToTemplate",
        "А = \"Всего \" +$0 Количество(Б) + \"0 \"\"штук\"\" из \" + В.Г + \".\";",
        expect![[r#"А = СтрШаблон("Всего %(1)0 ""штук"" из %2.", Количество(Б), В.Г);"#]],
    );
    check(
        "concatenationToTemplate",
        "If A Then\n\tB = A + $0\": \" + C;\nEndIf;",
        expect![[r#"
        If A Then
        	B = StrTemplate("%1: %2", A, C);
        EndIf;"#]],
    );
    for fixture in ["А = Б +$0 1;", "А = Б + В +$0 \"г\";", "А = \"100%\" +$0 Б;", "А = \"б\" +$0 \"в\";"]
    {
        check_not_offered("concatenationToTemplate", fixture);
    }
}

#[test]
fn lines_of_a_literal() {
    check(
        "toMultilineString",
        "Процедура П()\n\tА = \"раз\" + Символы.ПС +$0 \"два\" + \"!\";\nКонецПроцедуры",
        expect![[r#"
            Процедура П()
            	А = "раз
            		|два!";
            КонецПроцедуры"#]],
    );
    check(
        "fromMultilineString",
        "If A Then\n\tB = \"one$0\n\t|  two\n\t|three\";\nEndIf;",
        expect![[r#"
            If A Then
            	B = "one" + Chars.LF
            		+ "  two" + Chars.LF
            		+ "three";
            EndIf;"#]],
    );
    check_not_offered("toMultilineString", "А = \"раз\" +$0 \"два\";");
    check_not_offered("fromMultilineString", "А = \"раз$0\";");
    check_not_offered("fromMultilineString", "А = \"ВЫБРАТЬ$0\n|\tТ.Ссылка КАК Ссылка\n|ИЗ\n|\tТ КАК Т\";");
}

#[test]
fn attributes_are_read_at_once() {
    let name = |_| Some("ОбщегоНазначения.ЗначенияРеквизитовОбъекта".to_owned());
    let getter = RefactorOptions { attribute_getter: Some(&name), ..RefactorOptions::default() };
    let module = "Процедура П(Ссылка)\n\tЕсли Ссылка.Код$0 = 1 Тогда\n\t\tА(Ссылка.Владелец.Имя);\n\tКонецЕсли;\n\tБ(Ссылка, ссылка.код);\nКонецПроцедуры\n";
    check_with(
        &getter,
        "readAttributesAtOnce",
        module,
        expect![[r#"
        Процедура П(Ссылка)
        	$0Реквизиты = ОбщегоНазначения.ЗначенияРеквизитовОбъекта(Ссылка, "Код, Владелец");
        	Если Реквизиты.Код = 1 Тогда
        		А(Реквизиты.Владелец.Имя);
        	КонецЕсли;
        	Б(Ссылка, Реквизиты.код);
        КонецПроцедуры
    "#]],
    );
    check_not_offered("readAttributesAtOnce", module);
    for body in [
        "А(Б.Код$0);",
        "А(Б.Код$0, Б.Имя()); ",
        "А(Б.Код$0); Б.Имя = 1; А(Б.Имя);",
        "А(Б.Код$0); Б = Ф(); А(Б.Имя);",
    ] {
        let fixture = format!("Процедура П(Б)\n{body}\nКонецПроцедуры");
        check_not_offered_with(&getter, "readAttributesAtOnce", &fixture);
    }
}

#[test]
fn a_function_that_reads_attributes_is_found_for_references_only() {
    let getter = |parameter: &str| {
        let fixture = format!(
            "//- /metadata
CommonModule.ОбщегоНазначения
CommonModule.Альфа
Catalog.Товары
attribute Цена: Число
//- /CommonModules/Альфа/Ext/Module.bsl
Function ObjectAttributesValues(Ref, Names) Export
EndFunction
//- /CommonModules/ОбщегоНазначения/Ext/Module.bsl
Функция ЗначенияРеквизитовОбъекта(Ссылка, Имена) Экспорт
КонецФункции
//- /Catalogs/Товары/Ext/ManagerModule.bsl
// Параметры:
//   Товар - {parameter}
Процедура П(Товар)
	А = Това$0р.Цена;
КонецПроцедуры
"
        );
        let open = Opened::of_text(&fixture);
        attribute_getter(open.document(), open.offset)
    };
    let found = Some("ОбщегоНазначения.ЗначенияРеквизитовОбъекта".to_owned());
    assert_eq!(getter("СправочникСсылка.Товары"), found);
    assert_eq!(getter("ЛюбаяСсылка"), found);
    assert_eq!(getter("СправочникОбъект.Товары"), None);
    assert_eq!(getter("Число, СправочникСсылка.Товары"), None);
    assert_eq!(getter("Произвольный"), None);
}
