//! Lists of members.

use expect_test::expect;

use super::check_own_members;

#[test]
fn members_of_objects_and_managers() {
    let metadata = "//- /metadata
Catalog.Товары
 attribute Цена: Число
 section Состав
 column Деталь: СправочникСсылка.Товары
 predefined Основной
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Процедура Проверить() Экспорт
КонецПроцедуры
//- /Catalogs/Товары/Ext/ManagerModule.bsl
Функция Все() Экспорт
КонецФункции
";
    let code = |code: &str| format!("{metadata}//- /CommonModules/Тест/Ext/Module.bsl\n{code}");
    check_own_members(
        &code("А = Справочники.Товары$0;"),
        expect![[r#"
            Function Все
            Predefined Основной"#]],
    );
    check_own_members(
        &code("А = Справочники.Товары.СоздатьЭлемент()$0;"),
        expect![[r#"
            Attribute Цена
            Method Проверить
            Section Состав
            StandardAttribute Владелец
            StandardAttribute ИмяПредопределенныхДанных
            StandardAttribute Код
            StandardAttribute Наименование
            StandardAttribute ПометкаУдаления
            StandardAttribute Предопределенный
            StandardAttribute Родитель
            StandardAttribute Ссылка
            StandardAttribute ЭтоГруппа"#]],
    );
    check_own_members(
        &code("А = Справочники.Товары.ПустаяСсылка().Состав[0]$0;"),
        expect![[r#"
            Attribute Деталь
            StandardAttribute НомерСтроки"#]],
    );
    check_own_members(&code("А = Метаданные.Справочники.Товары.ТабличныеЧасти$0;"), expect!["Object Состав"]);
}
