//! The demo configuration and its extension in both layouts.

use expect_test::expect;
use platform::Script;

use crate::definition::{Definition, Location};
use crate::scope::Scope;
use crate::testing::TestProject;
use crate::types::Type;

#[track_caller]
fn type_of_path(test: &TestProject, module: &str, path: &[&str]) -> String {
    let module = test.module(module);
    let scope = Scope::new(&test.project, module);
    let (first, rest) = path.split_first().expect("invariant: a path");
    let mut value = scope.resolve_name(first).map_or(Type::Unknown, |it| scope.type_of_definition(&it));
    for name in rest {
        let member = scope.member(&value, name).found();
        value = member.map_or(Type::Unknown, |member| scope.member_type(&value, &member));
    }
    value.display(&test.project, Script::Russian)
}

#[test]
fn forms_know_their_data() {
    for (folder, end) in [("demo/designer", "Ext/Form/Module.bsl"), ("demo/edt", "Module.bsl")] {
        let test = TestProject::of_fixtures(folder);
        let module = format!("Documents/ЗаказПокупателя/Forms/ФормаДокумента/{end}");
        let type_of = |path: &[&str]| type_of_path(&test, &module, path);
        expect!["ДанныеФормыСтруктура (ДокументОбъект.ЗаказПокупателя)"].assert_eq(&type_of(&["Объект"]));
        expect!["СправочникСсылка.Контрагенты"].assert_eq(&type_of(&["Объект", "Контрагент"]));
        expect!["ДанныеФормыКоллекция (ДокументТабличнаяЧасть.ЗаказПокупателя.Товары)"]
            .assert_eq(&type_of(&["Объект", "Товары"]));
        expect!["ТаблицаФормы"].assert_eq(&type_of(&["Элементы", "Товары"]));
        expect!["СправочникСсылка.Номенклатура"].assert_eq(&type_of(&[
            "Элементы",
            "Товары",
            "ТекущиеДанные",
            "Номенклатура",
        ]));
        expect!["Дата"].assert_eq(&type_of(&["ЭтотОбъект", "Объект", "Дата"]));
    }
}

#[test]
fn declarations_are_found() {
    let test = TestProject::of_fixtures("demo/designer");
    let module = test.module("CommonModules/ПродажиСервер/Ext/Module.bsl");
    let scope = Scope::new(&test.project, module);
    let place = |path: &[&str], is_call| {
        let definition = scope.resolve_path(path, is_call)?;
        test.project.location(&definition)
    };
    assert!(matches!(place(&["ПродажиВызовСервера", "ОтменитьЗаказы"], true), Some(Location::Module { .. })));
    assert!(matches!(place(&["ПродажиКлиент"], false), Some(Location::ModuleStart(_))));
    let Some(Location::File { path, .. }) = place(&["Справочники", "Номенклатура"], false)
    else {
        panic!("no file");
    };
    assert!(path.ends_with("Catalogs/Номенклатура.xml"));
    let global = scope.resolve_call("ОткрытьЗагрузкуЦен");
    assert!(matches!(global, Some(Definition::Method { .. })));
}

#[test]
fn extensions_see_their_base() {
    let mut test = TestProject::of_fixtures("demo");
    let extension = test.project.modules().find(|module| {
        module.path.to_string_lossy().contains("extension") && test.project.base_module(module.id).is_some()
    });
    let extension = extension.expect("invariant: a borrowed module").id;
    let base = test.project.base_module(extension).expect("invariant: its base");
    let method = test.project.module(base).and_then(|module| Some(module.method(0)?.name.clone()));
    let method = method.expect("invariant: a method");
    let found = Scope::new(&test.project, extension).resolve_call(&method);
    assert!(matches!(found, Some(Definition::Method { .. })), "{method}");
    test.texts.clear();
}

#[test]
fn english_configuration() {
    let test = TestProject::of_fixtures("demo-en");
    let module = test.module("CommonModules/OrderServer/Ext/Module.bsl");
    let scope = Scope::new(&test.project, module);
    let value = scope.resolve_path(&["Catalogs", "Products"], false).expect("invariant: a catalog");
    let manager = scope.type_of_definition(&value);
    let found = scope.call_type(&manager, "FindByCode", None);
    expect!["CatalogRef.Products"].assert_eq(&found.display(&test.project, test.project.script(module)));
}
