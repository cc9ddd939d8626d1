//! Hover, signatures and going to declarations in a project that is read from the disk.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{did_open, initialize_params, start};

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer").canonicalize().expect("the demo")
}

pub(crate) fn uri(path: &Path) -> String {
    let encode = |byte: &u8| match byte {
        b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let path: String = path.to_string_lossy().as_bytes().iter().map(encode).collect();
    format!("file://{path}")
}

/// A session in the demo configuration with one new module open.
fn open(text: &str) -> (Client, String) {
    let mut client = start();
    let mut params = initialize_params(json!({}));
    params["rootUri"] = json!(uri(&demo()));
    client.initialize(params).expect("initialize is answered");
    let module = uri(&demo().join("CommonModules/НовыйМодуль/Ext/Module.bsl"));
    did_open(&mut client, &module, text);
    (client, module)
}

/// Asks until there is an answer: the project is read in the background.
pub(crate) fn ask(client: &mut Client, method: &str, params: &Value) -> Value {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = client.request(method, params.clone()).expect("an answer");
        let is_empty = answer.is_null() || answer.as_array().is_some_and(Vec::is_empty);
        if !is_empty || Instant::now() > deadline {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
}

const MODULE: &str = "\
// См. ПродажиСервер.ПроцентСкидки
Процедура П()
\tА = ПродажиСервер.ПроцентСкидки(Контрагент, );
\tБ = А;
КонецПроцедуры
";

#[test]
fn names_lead_to_other_modules() {
    let (mut client, module) = open(MODULE);
    let places = ask(&mut client, "textDocument/definition", &at(&module, 2, 24));
    let target = demo().join("CommonModules/ПродажиСервер/Ext/Module.bsl");
    assert_eq!(places[0]["uri"], uri(&target));
    assert_eq!(places[0]["range"]["start"], json!({"line": 224, "character": 8}));
    let places = ask(&mut client, "textDocument/declaration", &at(&module, 3, 5));
    assert_eq!(places[0]["uri"], module);
    assert_eq!(places[0]["range"]["start"], json!({"line": 2, "character": 1}));
    let places = ask(&mut client, "textDocument/implementation", &at(&module, 2, 8));
    assert_eq!(places[0]["uri"], uri(&target));
    let places = ask(&mut client, "textDocument/typeDefinition", &at(&module, 2, 8));
    assert_eq!(places[0]["uri"], uri(&target));
}

#[test]
fn hover_and_signatures_show_the_description() {
    let (mut client, module) = open(MODULE);
    let hover = ask(&mut client, "textDocument/hover", &at(&module, 2, 24));
    let text = hover["contents"]["value"].as_str().expect("markdown");
    assert!(text.starts_with("```bsl\nФункция ПроцентСкидки(Контрагент, СуммаЗаказа) Экспорт"), "{text}");
    assert!(text.contains("**Parameters:**"), "{text}");
    assert_eq!(hover["range"]["start"], json!({"line": 2, "character": 19}));
    let help = ask(&mut client, "textDocument/signatureHelp", &at(&module, 2, 45));
    assert_eq!(help["activeParameter"], 1);
    assert_eq!(help["signatures"][0]["parameters"][1]["label"], "СуммаЗаказа");
}

#[test]
fn links_to_methods_are_found_when_they_are_followed() {
    let (mut client, module) = open(MODULE);
    ask(&mut client, "textDocument/definition", &at(&module, 2, 24));
    let links = ask(&mut client, "textDocument/documentLink", &json!({"textDocument": {"uri": module}}));
    assert_eq!(links[0]["target"], Value::Null);
    let link = client.request("documentLink/resolve", links[0].clone()).expect("an answer");
    let target = demo().join("CommonModules/ПродажиСервер/Ext/Module.bsl");
    assert_eq!(link["target"], format!("{}#L225", uri(&target)));
}

#[test]
fn hints_name_parameters_and_types() {
    let text = "Процедура П()\n\tА = ПродажиСервер.ПроцентСкидки(Б, 1);\n\tВ = Справочники.Товары.НайтиПоКоду(1);\nКонецПроцедуры\n";
    let (mut client, module) = open(text);
    ask(&mut client, "textDocument/definition", &at(&module, 1, 24));
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let params = json!({"textDocument": {"uri": module}, "range": range});
    let hints = ask(&mut client, "textDocument/inlayHint", &params);
    let shown: Vec<_> = hints.as_array().expect("hints").iter().map(|hint| hint["label"].clone()).collect();
    assert_eq!(shown, [": Число", "СуммаЗаказа:"]);
    assert_eq!(hints[0]["position"], json!({"line": 1, "character": 2}));
    assert_eq!(hints[1]["position"], json!({"line": 1, "character": 36}));
    let off = json!({"inlayHint.parameters.enable": false, "inlayHint.types.enable": false});
    let settings = json!({"settings": {"strizh": off}});
    client.notify("workspace/didChangeConfiguration", settings).expect("the server reads");
    assert_eq!(client.request("textDocument/inlayHint", params).expect("an answer"), json!([]));
}
