//! Errors explained by the command and by the server.

use std::path::Path;

use serde_json::{Value, json};

use crate::command::{command, project, run_with_input};
use crate::server::{initialize_params, start};

const PROJECT: &str = "\
//- /Configuration.xml
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><Configuration uuid=\"11111111-1111-4111-8111-111111111111\">
<Properties><Name>Проба</Name></Properties><ChildObjects><CommonModule>Цены</CommonModule></ChildObjects></Configuration></MetaDataObject>
//- /CommonModules/Цены.xml
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><CommonModule uuid=\"22222222-2222-4222-8222-222222222222\">
<Properties><Name>Цены</Name><Server>true</Server></Properties></CommonModule></MetaDataObject>
//- /CommonModules/Цены/Ext/Module.bsl
Функция Доля(Часть, Всего) Экспорт
	Возврат Часть / Всего;
КонецФункции
";
const ERROR: &str =
    "{ОбщийМодуль.Цены.Модуль(2)}: Деление на 0\n{ОбщийМодуль.Цены.Модуль(2)}:Возврат Часть / Всего;\n";
const MODULE: &str = "CommonModules/Цены/Ext/Module.bsl";

fn explain(folder: &Path, arguments: &[&str], text: &str) -> (i32, String, String) {
    let arguments = [&["explain-error"], arguments].concat();
    run_with_input(folder, &[&arguments[..], &["--no-history"]].concat(), text)
}

#[test]
fn a_pasted_error_has_a_place_and_repairs() {
    let folder = project(PROJECT);
    let (code, output, errors) = explain(folder.path(), &["-"], ERROR);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(output.contains(&format!("{MODULE}:2 (Доля)")), "{output}");
    assert!(output.contains("1. Проверить Всего на ноль перед делением"), "{output}");
    let (code, output, _) = explain(folder.path(), &["--language", "en"], ERROR);
    assert_eq!(code, 0);
    assert!(output.contains("the divisor is Всего"), "{output}");
    let (_, output, _) = explain(folder.path(), &["--format", "json"], ERROR);
    let answer: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(answer["errors"][0]["entry"], "division");
    assert_eq!(answer["errors"][0]["place"]["line"], 2);
}

#[test]
fn repairs_are_made_on_request() {
    let folder = project(PROJECT);
    let (code, _, errors) = explain(folder.path(), &["--apply", "1"], ERROR);
    assert_eq!(code, 0, "{errors}");
    let text = std::fs::read_to_string(folder.path().join(MODULE)).expect("the module");
    assert!(text.contains(
        "\tЕсли Всего = 0 Тогда\n\t\tВозврат Неопределено;\n\tКонецЕсли;\n\tВозврат Часть / Всего;"
    ));
    let (code, _, errors) = explain(folder.path(), &["--apply", "9"], ERROR);
    assert_eq!(code, 2);
    assert!(errors.contains("there is no repair 9"), "{errors}");
}

#[test]
fn unknown_texts_and_wrong_usage_have_codes() {
    let folder = project(PROJECT);
    assert_eq!(explain(folder.path(), &[], "что-то не так").0, 1);
    let (code, _, errors) = explain(folder.path(), &[], "\n");
    assert_eq!(code, 2);
    assert!(errors.contains("no text of an error was given"), "{errors}");
    assert_eq!(explain(folder.path(), &["--project", "missing"], ERROR).0, 2);
}

#[test]
fn earlier_occurrences_are_told() {
    let folder = project(PROJECT);
    let state = folder.path().join("state");
    std::fs::write(folder.path().join("error.txt"), ERROR).expect("a file");
    let explain = |arguments: &[&str]| {
        let mut command = command(folder.path(), &[&["explain-error", "error.txt"], arguments].concat());
        let output =
            command.env("XDG_STATE_HOME", &state).env("LOCALAPPDATA", &state).env("HOME", &state).output();
        String::from_utf8(output.expect("strizh runs").stdout).expect("output is UTF-8")
    };
    assert!(!explain(&[]).contains("Раньше"));
    assert!(explain(&["--fixed", "проверили знаменатель"]).contains("эта же ошибка: 1 раз"));
    let third = explain(&[]);
    assert!(third.contains("эта же ошибка: 2 раз"), "{third}");
    assert!(third.contains("что помогло: проверили знаменатель"), "{third}");
}

#[test]
fn the_server_answers_with_places_edits_and_code_actions() {
    let folder = project(PROJECT);
    let mut client = start();
    // A workspace that is not trusted leaves no traces in the user's state folder.
    let mut params = initialize_params(json!({"experimental": {"untrustedWorkspace": true}}));
    let root = format!("file://{}", folder.path().display());
    params["workspaceFolders"] = json!([{"uri": root, "name": "project"}]);
    client.initialize(params).expect("initialize is answered");
    let path = folder.path().join(MODULE);
    let text = std::fs::read_to_string(&path).expect("the module");
    let uri = format!("{root}/CommonModules/%D0%A6%D0%B5%D0%BD%D1%8B/Ext/Module.bsl");
    let document = json!({"uri": uri, "languageId": "bsl", "version": 1, "text": text});
    client.notify("textDocument/didOpen", json!({"textDocument": document})).expect("the server reads");
    let ask = json!({"command": "strizh.explainError", "arguments": [ERROR]});
    let mut answer = Value::Null;
    // The project may still be loading.
    for _ in 0..100 {
        answer = client.request("workspace/executeCommand", ask.clone()).expect("an answer");
        if !answer["errors"][0]["location"].is_null() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let error = &answer["errors"][0];
    assert_eq!(error["location"]["uri"], json!(uri), "{answer}");
    assert_eq!(error["location"]["range"]["start"]["line"], 1);
    assert!(
        answer["markdown"].as_str().is_some_and(|text| text.contains("Division") || text.contains("Деление"))
    );
    assert!(!error["repairs"][0]["edit"].is_null());
    let range = json!({"start": {"line": 1, "character": 3}, "end": {"line": 1, "character": 3}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params).expect("an answer");
    let titles: Vec<&str> =
        actions.as_array().expect("a list").iter().filter_map(|action| action["title"].as_str()).collect();
    assert!(titles.iter().any(|title| title.starts_with("Error: Check Всего for zero")), "{titles:?}");
}
