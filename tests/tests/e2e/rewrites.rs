//! Rewrites, renames, and what else is shown in a module without knowing the project.

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{URI, did_change, did_open, document, initialize_params, open, start};

const MODULE: &str = "&НаКлиенте\nПроцедура П(А)\n\tБ = А + 1;\n\tВ(Б);\nКонецПроцедуры\n\nФункция Р() Экспорт\nКонецФункции\n";

fn open_with(capabilities: Value, text: &str) -> Client {
    let mut client = start();
    client.initialize(initialize_params(capabilities)).expect("initialize is answered");
    did_open(&mut client, URI, text);
    client
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    let position = |(line, character): (u32, u32)| json!({"line": line, "character": character});
    json!({"start": position(start), "end": position(end)})
}

fn at(line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}})
}

fn action(client: &mut Client, title: &str, range: Value) -> Value {
    let context = json!({"diagnostics": [], "only": ["refactor"]});
    let params = json!({"textDocument": {"uri": URI}, "range": range, "context": context});
    let answer = client.request("textDocument/codeAction", params).expect("an answer");
    let actions = answer.as_array().expect("a list").clone();
    let is_refactoring = |it: &Value| it["kind"].as_str().is_some_and(|kind| kind.starts_with("refactor."));
    assert!(actions.iter().all(is_refactoring), "{actions:?}");
    actions.into_iter().find(|it| it["title"] == title).expect("the action is offered")
}

#[test]
fn a_client_that_cannot_ask_later_gets_the_edits_at_once() {
    let mut client = open(MODULE);
    let action = action(&mut client, "Extract method", range((2, 1), (2, 11)));
    let edits = action["edit"]["changes"][URI].as_array().expect("edits");
    assert_eq!(edits.len(), 2);
    assert_eq!(edits[0]["newText"], "Б = НоваяФункция(А);");
    assert!(
        edits[1]["newText"]
            .as_str()
            .is_some_and(|text| text.contains("&НаКлиенте\nФункция НоваяФункция(А)\n"))
    );
}

#[test]
fn a_client_that_can_ask_later_does_so() {
    let capabilities = json!({
        "textDocument": {"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}},
        "experimental": {"renameCommand": true},
    });
    let mut client = open_with(capabilities, MODULE);
    let offered = action(&mut client, "Extract variable", range((2, 5), (2, 10)));
    assert_eq!(offered["edit"], Value::Null);
    let resolved = client.request("codeAction/resolve", offered.clone()).expect("an answer");
    assert_eq!(resolved["edit"]["changes"][URI][0]["newText"], "НоваяПеременная = А + 1;\n\t");
    assert_eq!(resolved["command"]["command"], "strizh.rename");
    assert_eq!(resolved["command"]["arguments"], json!([URI, {"line": 2, "character": 1}]));
    did_change(&mut client, 2, json!([{"text": "А = 1;"}]));
    let id = client.send_request("codeAction/resolve", offered).expect("the server reads");
    let failure = client.answer(id).expect("an answer").expect_err("the document has changed");
    assert_eq!(failure.code, -32801);
}

#[test]
fn a_missing_method_is_offered_to_be_written() {
    let mut client = open(MODULE);
    let titles = |client: &mut Client, line: u32| {
        let params = json!({"textDocument": {"uri": URI}, "range": range((line, 1), (line, 1)),
            "context": {"diagnostics": [], "only": ["quickfix"]}});
        let answer = client.request("textDocument/codeAction", params).expect("an answer");
        let actions = answer.as_array().expect("a list").clone();
        actions.iter().map(|it| it["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&mut client, 3), ["Create procedure"]);
    did_change(&mut client, 2, json!([{"text": MODULE.replace("В(Б)", "Сообщить(Б)")}]));
    assert_eq!(titles(&mut client, 3), [""; 0]);
}

#[test]
fn local_names_are_renamed() {
    let mut client = open(MODULE);
    let prepared = client.request("textDocument/prepareRename", at(3, 3)).expect("an answer");
    assert_eq!(prepared, json!({"range": range((3, 3), (3, 4)), "placeholder": "Б"}));
    let mut params = at(3, 3);
    params["newName"] = json!("Итог");
    let edit = client.request("textDocument/rename", params.clone()).expect("an answer");
    let edits = edit["changes"][URI].as_array().expect("edits");
    let ranges: Vec<&Value> = edits.iter().map(|edit| &edit["range"]).collect();
    assert_eq!(ranges, [&range((2, 1), (2, 2)), &range((3, 3), (3, 4))]);
    for (line, character, name, message) in [
        (3, 3, "Если", "\"Если\" is a keyword of the language"),
        (3, 3, "А", "the method already has a variable \"А\""),
        (6, 8, "п", "the module already has a method \"п\""),
    ] {
        let mut params = at(line, character);
        params["newName"] = json!(name);
        let id = client.send_request("textDocument/rename", params).expect("the server reads");
        let failure = client.answer(id).expect("an answer").expect_err("a refusal");
        assert_eq!((failure.code, failure.message.as_str()), (-32803, message));
    }
}

#[test]
fn local_names_change_together() {
    let mut client = open(MODULE);
    let linked = client.request("textDocument/linkedEditingRange", at(1, 13)).expect("an answer");
    assert_eq!(linked["ranges"], json!([range((1, 12), (1, 13)), range((2, 5), (2, 6))]));
    let nothing = client.request("textDocument/linkedEditingRange", at(6, 9)).expect("an answer");
    assert_eq!(nothing, Value::Null);
}

#[test]
fn colors_are_shown_and_changed() {
    let mut client = open("А = Новый Цвет(255, 0, 0);\n");
    let colors = client.request("textDocument/documentColor", document()).expect("an answer");
    let place = range((0, 4), (0, 25));
    assert_eq!(
        colors,
        json!([{"range": place, "color": {"red": 1.0, "green": 0.0, "blue": 0.0, "alpha": 1.0}}])
    );
    let navy = json!({"red": 0.0, "green": 0.0, "blue": 0.502, "alpha": 1.0});
    let params = json!({"textDocument": {"uri": URI}, "color": navy, "range": place});
    let ways = client.request("textDocument/colorPresentation", params).expect("an answer");
    let labels: Vec<_> =
        ways.as_array().expect("a list").iter().map(|it| it["textEdit"]["newText"].clone()).collect();
    assert_eq!(labels, ["Новый Цвет(0, 0, 128)", "WebЦвета.Ультрамарин"]);
}

#[test]
fn pages_named_in_comments_are_links() {
    let mut client = open("// См. its.1c.ru/db/v8std#content:455 и Модуль.Метод\nА = 1;\n");
    let links = client.request("textDocument/documentLink", document()).expect("an answer");
    assert_eq!(
        links,
        json!([{"range": range((0, 7), (0, 37)), "target": "https://its.1c.ru/db/v8std#content:455"}])
    );
}

#[test]
fn complex_methods_are_marked() {
    let branches = "\tЕсли А Тогда\n\t\tБ();\n\tКонецЕсли;\n".repeat(20);
    let text = format!("Процедура П(А)\n{branches}КонецПроцедуры\n");
    let mut client = open(&text);
    let lenses = client.request("textDocument/codeLens", document()).expect("an answer");
    assert_eq!(lenses[0]["command"]["title"], "Complexity: cyclomatic 21, cognitive 20");
    let settings = json!({"settings": {"strizh": {
        "codeLens.complexity.enable": false, "codeLens.references.enable": false, "language": "en",
    }}});
    client.notify("workspace/didChangeConfiguration", settings).expect("the server reads");
    assert_eq!(client.request("textDocument/codeLens", document()).expect("an answer"), json!([]));
}
