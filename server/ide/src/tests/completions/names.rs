//! Names without a dot.

use expect_test::expect;

use super::{ask, ask_in, check};

#[test]
fn locals_come_first_the_nearest_before_all() {
    let asked = ask(
        "Перем СуммаМодуля;\nФункция СуммаЗаказа(Заказ)\nКонецФункции\nПроцедура П(СуммаВсего)\n\tСуммаСкидки = 5;\n\tА = Сум$0;\nКонецПроцедуры\n",
    );
    check(
        &asked,
        6,
        &expect![[r#"
            СуммаСкидки [Variable] Число
            СуммаВсего [Parameter]
            СуммаМодуля [Variable]
            СуммаЗаказа(Заказ) [Function] → СуммаЗаказа($0)
            СредстваМультимедиа [Property]
            ОткрытьСправкуФормы [Function] → ОткрытьСправкуФормы($0)
        "#]],
    );
}

#[test]
fn keywords_and_snippets_fit_the_place() {
    let asked = ask("Процедура П()\n\tЕсли Истина Тогда\n\t\tК$0\n\tКонецЕсли;\nКонецПроцедуры\n");
    check(
        &asked,
        3,
        &expect![[r#"
        КонецЕсли [Keyword]
        КлиентскоеПриложение [Property]
        КопииБазыДанных [Property]
    "#]],
    );
    let asked = ask("Procedure P()\n\tfore$0\nEndProcedure\n");
    check(
        &asked,
        3,
        &expect![[r#"
        For Each [Snippet] For Each … In … Do → For Each ${1:Item} In ${2:Collection} Do\n\t$0\nEndDo;
        FormConversationsRepresentation [Enum]
        FormPagesRepresentation [Enum]
    "#]],
    );
}

#[test]
fn types_behind_new() {
    let asked = ask("Процедура П()\n\tА = Новый $0\nКонецПроцедуры\n");
    check(
        &asked,
        6,
        &expect![[r#"
        Структура(Ключи?, Значения?) [Constructor] ?Структура Structure
        Массив(КоличествоЭлементов1?) [Constructor] ?Массив Array
        ОписаниеОповещения(ИмяПроцедуры, Модуль, ДополнительныеПараметры?, ИмяПроцедурыОбработкиОшибки?, МодульОбработкиОшибки?) [Constructor] → ОписаниеОповещения($0) ?ОписаниеОповещения NotifyDescription NotifyDescription CallbackDescription
        ОписаниеТипов(ИсходноеОписаниеТипов?, ДобавляемыеТипы?, ВычитаемыеТипы?, КвалификаторыЧисла?, КвалификаторыСтроки?, КвалификаторыДаты?, КвалификаторыДвоичныхДанных?) [Constructor] ?ОписаниеТипов TypeDescription
        Соответствие(ФиксированноеСоответствие?) [Constructor] ?Соответствие Map
        Запрос(ТекстЗапроса?) [Constructor] ?Запрос Query
    "#]],
    );
    let asked = ask("Procedure P()\n\tA = New Valu$0\nEndProcedure\n");
    check(
        &asked,
        3,
        &expect![[r#"
        ValueTable [Constructor]
        ValueList [Constructor]
        ValueStorage(Значение, АлгоритмСжатияДанных?) [Constructor] → ValueStorage($0)
    "#]],
    );
}

#[test]
fn methods_of_other_modules_by_their_own_names() {
    let asked = ask_in(
        "demo/designer",
        "CommonModules/ПродажиВызовСервера/Ext/Module.bsl",
        "Процедура Новая()\n\tА = ценана$0\nКонецПроцедуры\n",
    );
    check(
        &asked,
        3,
        &expect![[r#"
            ПродажиСервер.ЦенаНаДату(Номенклатура, ВидЦены, ДатаЦены) [Function] → ПродажиСервер.ЦенаНаДату($0) ?ЦенаНаДату
        "#]],
    );
    let asked = ask_in(
        "demo/designer",
        "CommonModules/ПродажиКлиент/Ext/Module.bsl",
        "Процедура Новая()\n\tА = ценана$0\nКонецПроцедуры\n",
    );
    check(
        &asked,
        3,
        &expect![[r#"
        ПродажиСервер.ЦенаНаДату(Номенклатура, ВидЦены, ДатаЦены) [Function] недоступен здесь → ПродажиСервер.ЦенаНаДату($0) ?ЦенаНаДату
    "#]],
    );
}

#[test]
fn arguments_prefer_what_the_parameter_takes() {
    let asked =
        ask("Процедура П()\n\tОтбор = Новый ОтборКомпоновкиДанных;\n\tСообщить(\"\", $0);\nКонецПроцедуры\n");
    check(
        &asked,
        4,
        &expect![[r#"
        Новый [Keyword]
        НЕ [Keyword]
        Истина [Keyword]
        Ложь [Keyword]
    "#]],
    );
    let asked = ask(
        "// Параметры:\n//  Быстро - Булево\nПроцедура А(Быстро)\nКонецПроцедуры\nПроцедура П()\n\tЧисло = 1;\n\tФлаг = Ложь;\n\tА($0);\nКонецПроцедуры\n",
    );
    check(
        &asked,
        4,
        &expect![[r#"
        Истина [Keyword]
        Ложь [Keyword]
        Флаг [Variable] Булево
        Новый [Keyword]
    "#]],
    );
}

#[test]
fn comparisons_prefer_values_of_the_other_side() {
    let asked = ask_in(
        "demo/designer",
        "CommonModules/ПродажиСервер/Ext/Module.bsl",
        "Процедура Новая()\n\tЗаказ = Документы.ЗаказПокупателя.СоздатьДокумент();\n\tЕсли Заказ.Статус = $0\nКонецПроцедуры\n",
    );
    check(
        &asked,
        3,
        &expect![[r#"
        Перечисления.СтатусыЗаказов.Новый [EnumValue]
        Перечисления.СтатусыЗаказов.Согласован [EnumValue]
        Перечисления.СтатусыЗаказов.Отгружен [EnumValue]
    "#]],
    );
}

#[test]
fn triggers_answer_only_where_they_mean_something() {
    use semantics::testing::TestProject;
    use syntax::Document;
    for (code, trigger, is_answered) in [
        ("А = Новый $0", ' ', true),
        ("А = $0", ' ', false),
        ("А = \"$0", '"', false),
        ("А = \"т\"$0", '"', false),
        ("&$0", '&', true),
        ("#$0", '#', true),
    ] {
        let test = TestProject::of_text(code);
        let (module, offset) = test.cursor.expect("invariant: a cursor");
        let document = Document::new(test.text(module));
        let asked = super::answer(test.project, module, document, offset, Some(trigger));
        assert_eq!(!asked.completion.items.is_empty(), is_answered, "{code}");
    }
}

#[test]
fn onescript_has_its_own_platform_and_modules() {
    let asked = ask_in("os", "src/main.os", "\nА = Новый Пра$0");
    check(
        &asked,
        2,
        &expect![[r#"
        Прайс [Constructor]
        ЗаписьПротокола [Constructor]
    "#]],
    );
    let asked = ask_in("os", "src/main.os", "\nА = ФорматыП$0");
    check(
        &asked,
        2,
        &expect![[r#"
        ФорматыПрайса [Module]
    "#]],
    );
    let asked = ask_in("os", "src/main.os", "\nЗапуститьП$0");
    check(
        &asked,
        2,
        &expect![[r#"
        ЗапуститьПриложение(cmdLine, currentDir?, wait?, retCode?) [Function] → ЗапуститьПриложение($0)
    "#]],
    );
}

#[test]
fn lists_are_bounded_and_say_so() {
    // Names of the platform that nobody uses wait for the first letter.
    let asked = ask("Процедура П()\n\t$0\nКонецПроцедуры\n");
    assert!(asked.completion.items.len() < 300 && asked.completion.is_incomplete);
    let asked = ask("Процедура П()\n\tС$0\nКонецПроцедуры\n");
    assert_eq!(asked.completion.items.len(), 300);
    assert!(asked.completion.is_incomplete);
    let asked = ask("Процедура П()\n\tСоответс$0\nКонецПроцедуры\n");
    assert!(!asked.completion.is_incomplete);
}

#[test]
fn every_place_is_answered() {
    use semantics::testing::TestProject;
    use syntax::Document;

    use crate::{CompletionOptions, ProjectDocument, completions};
    let test = TestProject::of_fixtures("demo/extension");
    let modules: Vec<_> = test.project.modules().map(|module| module.id).collect();
    for module in modules {
        let document = Document::new(test.text(module));
        let of = ProjectDocument { document: &document, project: &test.project, module };
        for offset in (0..document.len() + 2).step_by(43) {
            let list = completions(of, offset, None, CompletionOptions::default());
            assert!(list.items.len() <= 300);
        }
    }
}
