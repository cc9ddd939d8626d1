//! Edits of open documents.

use std::path::Path;

use crate::facts::ModuleFacts;
use crate::scope::Scope;
use crate::testing::TestProject;

fn edited(before: &str, after: &str) -> (TestProject, crate::project::Project) {
    let test = TestProject::of_text(before);
    let module = test.module("Module.bsl");
    let project = test.project.with_facts(module, ModuleFacts::of_text(after));
    (test, project)
}

#[test]
fn only_signatures_change_the_epoch() {
    let (test, project) =
        edited("Процедура А() Экспорт\nКонецПроцедуры", "Процедура А() Экспорт\nБ();\nКонецПроцедуры");
    assert_eq!(project.signature_epoch(), test.project.signature_epoch());
    let (test, project) =
        edited("Процедура А() Экспорт\nКонецПроцедуры", "Процедура А(Б) Экспорт\nКонецПроцедуры");
    assert_ne!(project.signature_epoch(), test.project.signature_epoch());
    let module = test.module("Module.bsl");
    let back = project.with_facts(module, ModuleFacts::of_text("Процедура А() Экспорт\nКонецПроцедуры"));
    assert_eq!(back.signature_epoch(), test.project.signature_epoch());
}

#[test]
fn files_come_and_go() {
    let test = TestProject::of_text("Процедура А() Экспорт\nКонецПроцедуры");
    let path = Path::new("/CommonModules/Абв/Ext/Module.bsl");
    let (project, id) =
        test.project.with_module(path, ModuleFacts::of_text("Процедура В() Экспорт\nКонецПроцедуры"));
    let names: Vec<_> = project.modules().map(|module| module.path.display().to_string()).collect();
    assert_eq!(names, ["/CommonModules/Абв/Ext/Module.bsl", "/CommonModules/Тест/Ext/Module.bsl"]);
    assert_eq!(project.module_by_path(path), Some(id));
    assert_ne!(project.signature_epoch(), test.project.signature_epoch());
    let gone = project.without_module(id);
    assert_eq!(gone.module_by_path(path), None);
    assert_eq!(gone.signature_epoch(), test.project.signature_epoch());
    let (again, same) = gone.with_module(path, ModuleFacts::default());
    assert_eq!((same, again.modules().count()), (id, 2));
}

#[test]
fn many_edits_are_folded_into_the_table() {
    let test = TestProject::of_text("Процедура А() Экспорт\nКонецПроцедуры");
    let mut project = test.project.clone();
    for index in 0..600 {
        let path = format!("/CommonModules/М{index}/Ext/Module.bsl");
        project = project.with_module(Path::new(&path), ModuleFacts::default()).0;
    }
    assert_eq!(project.modules().count(), 601);
    let module = project.module_by_path(Path::new("/CommonModules/Тест/Ext/Module.bsl"));
    let scope = Scope::new(&project, module.expect("invariant: it was there from the start"));
    assert!(scope.resolve_call("А").is_some());
}
