//! Calls in both directions.

use expect_test::{Expect, expect};

use crate::tests::project::Opened;
use crate::{CallItem, Caller, call_item, incoming_calls, outgoing_calls};

fn name(opened: &Opened, item: CallItem) -> String {
    let project = &opened.project.project;
    let method = item.method.and_then(|index| project.method(item.module, index));
    let module = project.module(item.module).expect("invariant: the module exists");
    let name = method.map_or("", |method| method.fact().name.as_str());
    let path = module.path.components().rev().nth(2).map(|it| it.as_os_str().to_string_lossy().into_owned());
    format!("{}.{name}", path.unwrap_or_default())
}

#[track_caller]
fn check(fixture: &str, expected: Expect) {
    let opened = Opened::of_text(fixture);
    let item = call_item(opened.document(), opened.offset).expect("invariant: a method stands there");
    let mut lines = String::new();
    for call in incoming_calls(&opened.search(), item) {
        let from = match call.caller {
            Caller::Code(item) => name(&opened, item),
            Caller::Metadata(location) => opened.show(&location),
        };
        let places: Vec<_> = call.places.iter().map(|place| place.line + 1).collect();
        lines += &format!("from {from} {places:?}\n");
    }
    for call in outgoing_calls(&opened.search(), item) {
        let text = opened.project.text(item.module);
        let places: Vec<_> = call.places.iter().map(|range| range.slice(text)).collect();
        lines += &format!("to {} {places:?}\n", name(&opened, call.called));
    }
    expected.assert_eq(&lines);
}

#[test]
fn calls_of_a_method() {
    check(
        r#"
//- /metadata
CommonModule.Общий
CommonModule.Другой
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Работа$0() Экспорт
    Помощь();
    Сообщить(1);
    Модуль = Другой;
    Модуль.Начать();
    Помощь();
    Работа();
КонецПроцедуры
Процедура Помощь()
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
Процедура Начать() Экспорт
    Общий.Работа();
    Общий.Работа();
КонецПроцедуры
Общий.Работа();
"#,
        expect![[r#"
            from Другой.Начать [2, 3]
            from Другой. [5]
            from Общий.Работа [7]
            to Общий.Помощь ["Помощь", "Помощь"]
            to Другой.Начать ["Начать"]
            to Общий.Работа ["Работа"]
        "#]],
    );
    check(
        r#"
//- /metadata-en
CommonModule.Common
//- /CommonModules/Common/Ext/Module.bsl
Procedure Work()
    Help$0();
EndProcedure
Procedure Help()
    Common.Exported();
EndProcedure
Procedure Exported() Export
EndProcedure
"#,
        expect![[r#"
            from Common.Work [2]
            to Common.Exported ["Exported"]
        "#]],
    );
}
