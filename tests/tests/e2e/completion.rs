//! Lists of completion over the protocol.

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{URI, did_open, initialize_params, start};

fn session(text: &str, item: Value) -> Client {
    let mut client = start();
    let capabilities = json!({"textDocument": {"completion": {"completionItem": item}}});
    let result = client.initialize(initialize_params(capabilities)).expect("initialize is answered");
    assert_eq!(result["capabilities"]["completionProvider"]["resolveProvider"], true);
    did_open(&mut client, URI, text);
    client
}

fn complete(client: &mut Client, line: u32, character: u32, trigger: Option<&str>) -> Value {
    let context = trigger
        .map_or(json!({"triggerKind": 1}), |trigger| json!({"triggerKind": 2, "triggerCharacter": trigger}));
    let params = json!({
        "textDocument": {"uri": URI},
        "position": {"line": line, "character": character},
        "context": context,
    });
    client.request("textDocument/completion", params).expect("an answer")
}

#[test]
fn members_are_proposed_and_described() {
    let text = "// Adds.\n//\n// Параметры:\n//  А - Число - первое\nФункция Сложить(А) Экспорт\nКонецФункции\n\nПроцедура П()\n\tМ = Новый Массив;\n\tМ.\nКонецПроцедуры\n";
    let item = json!({"snippetSupport": true, "insertReplaceSupport": true, "labelDetailsSupport": true,
        "documentationFormat": ["markdown"]});
    let mut client = session(text, item);
    let list = complete(&mut client, 9, 3, Some("."));
    let first = list["items"].as_array().expect("a list").iter().find(|item| item["label"] == "Добавить");
    let first = first.expect("arrays have it").clone();
    assert_eq!(first["insertTextFormat"], 2);
    assert_eq!(first["textEdit"]["newText"], "Добавить($0)");
    assert_eq!(first["textEdit"]["insert"]["start"], json!({"line": 9, "character": 3}));
    assert_eq!(first["labelDetails"]["detail"], "(Значение?)");
    let resolved = client.request("completionItem/resolve", first).expect("an answer");
    let documentation = resolved["documentation"]["value"].as_str().unwrap_or_default();
    assert!(documentation.contains("Добавить"), "{resolved}");

    let list = complete(&mut client, 8, 9, None);
    assert!(list["items"].as_array().is_some_and(|items| !items.is_empty()));
    assert_eq!(complete(&mut client, 8, 5, Some(" "))["items"], json!([]));
}

#[test]
fn documentation_of_methods_comes_from_their_comments() {
    let text = "// Adds.\n//\n// Параметры:\n//  А - Число - первое\nФункция Сложить(А) Экспорт\nКонецФункции\n\nПроцедура П()\n\tСлож\nКонецПроцедуры\n";
    let mut client = session(text, json!({"documentationFormat": ["markdown"]}));
    let list = complete(&mut client, 8, 5, None);
    let first = list["items"][0].clone();
    assert_eq!(first["label"], "Сложить");
    assert_eq!(first["textEdit"]["newText"], "Сложить(", "the client knows no snippets");
    let resolved = client.request("completionItem/resolve", first).expect("an answer");
    let documentation = resolved["documentation"]["value"].as_str().expect("a text");
    assert!(documentation.contains("Adds."), "{documentation}");
}

#[test]
fn queries_are_completed_inside_their_literals() {
    let text = "Процедура П()\n\tЗ = Новый Запрос(\"ВЫБРАТЬ СУ\n\t|ИЗ РегистрСведений.Цены КАК Ц\n\t|УПОРЯДОЧИТЬ \");\nКонецПроцедуры\n";
    let mut client = session(text, json!({"snippetSupport": true}));
    let list = complete(&mut client, 1, 29, None);
    assert_eq!(list["items"][0]["textEdit"]["newText"], "СУММА($0)", "{list}");
    let list = complete(&mut client, 3, 14, None);
    assert_eq!(list["items"][0]["label"], "ПО", "{list}");
}
