//! Modules are replaced while the infobase runs.

use expect_test::expect;
use testhost::Value;

use super::{call, fixtures, open};

const MODULE: &str = "CommonModules/РасчетСумм/Ext/Module.bsl";

fn text_of(path: &str) -> String {
    std::fs::read_to_string(fixtures().join("live").join(path)).expect("a module")
}

#[test]
fn the_next_call_runs_the_new_code() {
    let (configuration, mut machine) = open("live");
    let version =
        |configuration, machine: &mut _| call(configuration, machine, "РасчетСумм.Версия", Vec::new());
    assert_eq!(version(&configuration, &mut machine), "1");
    for round in 2..=50 {
        let text = text_of(MODULE).replace("Возврат 1;", &format!("Возврат {round};"));
        configuration.replace_module(&mut machine, MODULE, &text).expect("a replacement");
        assert_eq!(version(&configuration, &mut machine), round.to_string());
    }
    let broken =
        configuration.replace_module(&mut machine, "ОбщийМодуль.РасчетСумм.Модуль", "Функция Версия(");
    expect!["{ОбщийМодуль.РасчетСумм.Модуль(1,15)}: Ожидается )"]
        .assert_eq(&broken.expect_err("a refusal").to_string());
    let unknown = configuration.replace_module(&mut machine, "ОбщийМодуль.Нет.Модуль", "");
    expect!["no module is named ОбщийМодуль.Нет.Модуль"]
        .assert_eq(&unknown.expect_err("a refusal").to_string());
    assert_eq!(version(&configuration, &mut machine), "50");
}

#[test]
fn objects_live_on_with_new_code() {
    let (configuration, mut machine) = open("live");
    let keeper = machine
        .load("Тест", "Перем Товар Экспорт; Товар = Справочники.Товары.СоздатьЭлемент(); Товар.Наименование = \"Болт\"; Товар.Записать();")
        .expect("an object");
    let path = "Catalogs/Товары/Ext/ObjectModule.bsl";
    let text = text_of(path)
        .replace("Процедура ПередЗаписью(Отказ)", "Функция Приветствие() Экспорт\n\tВозврат \"Новый код: \" + Наименование;\nКонецФункции\n\nПроцедура ПередЗаписью(Отказ)");
    configuration.replace_module(&mut machine, "CatalogObject.нет", &text).expect_err("no such name");
    configuration.replace_module(&mut machine, "Catalog.Товары.ObjectModule", &text).expect("a replacement");
    let Some(Value::Object(object)) = keeper.variable(&testhost::Name::new("Товар")) else {
        panic!("no object")
    };
    let instance = object.instance(&mut machine).expect("a module").expect("an instance");
    let greeting = machine.call(&instance, "Приветствие", Vec::new()).expect("a text");
    assert_eq!(greeting.presentation().as_ref(), "Новый код: Болт");
}

#[test]
fn variables_of_a_module_keep_their_values() {
    let (configuration, mut machine) = open("live");
    let old = "Перем Счетчик;\nФункция Версия() Экспорт\n\tСчетчик = Счетчик + 1;\n\tВозврат Счетчик;\nКонецФункции\nСчетчик = 0;\n";
    configuration.replace_module(&mut machine, MODULE, old).expect("a replacement");
    let count = |machine: &mut _| call(&configuration, machine, "РасчетСумм.Версия", Vec::new());
    assert_eq!(count(&mut machine), "1");
    assert_eq!(count(&mut machine), "2");
    let new = old.replace("Возврат Счетчик;", "Возврат Счетчик * 10;");
    configuration.replace_module(&mut machine, MODULE, &new).expect("a replacement");
    assert_eq!(count(&mut machine), "30");
}

#[test]
fn a_call_that_leaves_a_transaction_open_changes_nothing() {
    let (configuration, mut machine) = open("live");
    let text = "Функция Версия() Экспорт\n\tНачатьТранзакцию();\n\tНаполнениеДанными.НовыйКонтрагент(\"А\", \"1\", 0);\n\tВозврат 1;\nКонецФункции\nФункция Пример() Экспорт\n\tВозврат Справочники.Контрагенты.НайтиПоНаименованию(\"А\").Пустая();\nКонецФункции\n";
    configuration.replace_module(&mut machine, MODULE, text).expect("a replacement");
    call(&configuration, &mut machine, "РасчетСумм.Версия", Vec::new());
    assert_eq!(call(&configuration, &mut machine, "РасчетСумм.Пример", Vec::new()), "Да");
}
