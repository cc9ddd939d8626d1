//! Methods put into the regions of the standard.

use expect_test::{Expect, expect};
use lints::ModuleKind;

use crate::RefactorOptions;
use crate::tests::refactor::{check_not_offered_with, check_with};

fn options(module: ModuleKind) -> RefactorOptions<'static> {
    RefactorOptions { module, ..RefactorOptions::default() }
}

#[track_caller]
fn check(module: ModuleKind, fixture: &str, expected: Expect) {
    check_with(&options(module), "organizeRegions", fixture, expected);
}

#[test]
fn a_common_module() {
    check(
        ModuleKind::CommonModule,
        "// Авторские права\n\n// Служебная.\nПроцедура Б$0()\nКонецПроцедуры // Б\n\n// Отдельный комментарий\n\n// Публичная.\nФункция А() Экспорт\n\tВозврат 1;\nКонецФункции\n\nПроцедура В()\nКонецПроцедуры\n\n// конец\n",
        expect![[r#"
            // Авторские права

            #Область ПрограммныйИнтерфейс

            // Отдельный комментарий

            // Публичная.
            Функция А() Экспорт
            	Возврат 1;
            КонецФункции

            #КонецОбласти

            #Область СлужебныеПроцедурыИФункции

            // Служебная.
            Процедура Б()
            КонецПроцедуры // Б

            Процедура В()
            КонецПроцедуры

            #КонецОбласти

            // конец
        "#]],
    );
}

#[test]
fn regions_that_exist_stay() {
    check(
        ModuleKind::ObjectModule,
        "#If Server Then\r\n\r\nVar A;\r\n// About B.\r\nVar B Export;\r\n\r\n#Region Public\r\n\r\nProcedure C() Export$0\r\nEndProcedure\r\n\r\n#EndRegion\r\n\r\nProcedure BeforeWrite(Cancel)\r\nEndProcedure\r\n\r\nFunction D() Export\r\nEndFunction\r\n\r\n#Region Private\r\n\r\n#Region Inner\r\n#EndRegion\r\n\r\n#EndRegion\r\n\r\nProcedure E()\r\nEndProcedure\r\n\r\n#Else\r\nRaise \"x\";\r\n#EndIf\r\n",
        expect![[r##"
            #If Server Then

            #Region Variables

            Var A;
            // About B.
            Var B Export;

            #EndRegion

            #Region Public

            Procedure C() Export
            EndProcedure

            Function D() Export
            EndFunction

            #EndRegion

            #Region EventHandlers

            Procedure BeforeWrite(Cancel)
            EndProcedure

            #EndRegion

            #Region Private

            #Region Inner
            #EndRegion

            Procedure E()
            EndProcedure

            #EndRegion

            #Else
            Raise "x";
            #EndIf
        "##]],
    );
}

#[test]
fn a_form_module() {
    check(
        ModuleKind::FormModule,
        "&НаКлиенте\nПроцедура Печать(Команда)\nКонецПроцедуры\n&НаСервере\nПроцедура ПриСозданииНаСервере(Отказ, Обработка)\nКонецПроцедуры\n&НаКлиенте\nПроцедура ТоварыПриАктивизацииСтроки(Элемент)\nКонецПроцедуры\n&НаКлиенте\nПроцедура КодПриИзменении(Элемент)$0\nКонецПроцедуры\nПроцедура Прочее()\nКонецПроцедуры\nА = 1;\n",
        expect![[r#"
            #Область ОбработчикиСобытийФормы

            &НаСервере
            Процедура ПриСозданииНаСервере(Отказ, Обработка)
            КонецПроцедуры

            #КонецОбласти

            #Область ОбработчикиСобытийЭлементовШапкиФормы

            &НаКлиенте
            Процедура КодПриИзменении(Элемент)
            КонецПроцедуры

            #КонецОбласти

            #Область ОбработчикиСобытийЭлементовТаблицыФормыТовары

            &НаКлиенте
            Процедура ТоварыПриАктивизацииСтроки(Элемент)
            КонецПроцедуры

            #КонецОбласти

            #Область ОбработчикиКомандФормы

            &НаКлиенте
            Процедура Печать(Команда)
            КонецПроцедуры

            #КонецОбласти

            #Область СлужебныеПроцедурыИФункции

            Процедура Прочее()
            КонецПроцедуры

            #КонецОбласти

            #Область Инициализация

            А = 1;

            #КонецОбласти
        "#]],
    );
}

#[test]
fn nothing_to_do() {
    let organized = "#Область ПрограммныйИнтерфейс\nПроцедура А() Экспорт\nКонецПроцедуры\n#КонецОбласти\n$0";
    check_not_offered_with(&options(ModuleKind::CommonModule), "organizeRegions", organized);
    check_not_offered_with(
        &options(ModuleKind::Unknown),
        "organizeRegions",
        "Процедура А()\nКонецПроцедуры\n$0",
    );
}
