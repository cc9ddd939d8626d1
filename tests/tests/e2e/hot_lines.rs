//! A measurement in an editor: imported, shown, repaired, taken away.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{did_open, initialize_params, start};

const DEADLINE: Duration = Duration::from_secs(60);

/// The module with the example, and its text.
fn example() -> (PathBuf, String) {
    let live = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/live");
    let path = live.join("CommonModules/РасчетСумм/Ext/Module.bsl");
    let text = std::fs::read_to_string(&path).expect("the fixture exists");
    (path, text.trim_start_matches('\u{feff}').to_owned())
}

/// The numbers of the documentation's example for the query in its loop.
fn profile(text: &str) -> String {
    let line = |number: usize, count: u64, own: u64| {
        json!({"line": number, "text": text.lines().nth(number - 1).unwrap_or_default().trim(),
            "measure": {"count": count, "ownNs": own, "totalNs": own}})
    };
    let lines = [line(15, 1, 25), line(16, 10_000, 249_549_975), line(17, 10_000, 2_250_450_000)];
    let module = json!({"name": "CommonModule.РасчетСумм.Module", "lines": lines});
    json!({"format": "strizh-profile", "version": 1, "modules": [module]}).to_string()
}

pub(crate) fn uri(path: &Path) -> String {
    let text = path.canonicalize().expect("the fixture exists").to_string_lossy().into_owned();
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => (byte as char).to_string(),
        other => format!("%{other:02X}"),
    };
    format!("file://{}", text.bytes().map(encode).collect::<String>())
}

pub(crate) fn labels(client: &mut Client, uri: &str) -> Vec<String> {
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 100, "character": 0}});
    let params = json!({"textDocument": {"uri": uri}, "range": range});
    let answer = client.request("textDocument/inlayHint", params).expect("an answer");
    let hints = answer.as_array().cloned().unwrap_or_default();
    let hints = hints.iter().filter(|hint| hint["tooltip"].is_string());
    hints.filter_map(|hint| hint["label"].as_str()).map(plain).collect()
}

pub(crate) fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// Repairs at the line of the query that a measurement offers.
pub(crate) fn repairs(client: &mut Client, uri: &str) -> Vec<Value> {
    let place = json!({"line": 16, "character": 20});
    let params = json!({"textDocument": {"uri": uri}, "range": {"start": place, "end": place},
        "context": {"diagnostics": [], "only": ["quickfix"]}});
    let answer = client.request("textDocument/codeAction", params).expect("an answer");
    let actions = answer.as_array().cloned().unwrap_or_default();
    actions.into_iter().filter(|it| it["title"] == "Execute one query before the loop").collect()
}

#[test]
fn a_measurement_is_shown_repaired_and_taken_away() {
    let (path, text) = example();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("замер.json");
    std::fs::write(&file, profile(&text)).expect("the folder is writable");
    let mut client = start();
    let mut params = initialize_params(json!({}));
    params["rootUri"] = json!(uri(path.ancestors().nth(4).expect("a root")));
    client.initialize(params).expect("initialize is answered");
    let uri = uri(&path);
    did_open(&mut client, &uri, &text);
    assert_eq!(labels(&mut client, &uri), [""; 0]);

    let id = import(&mut client, &file);
    let answer = client.answer(id).expect("an answer").expect("it is read");
    assert_eq!(answer, json!({"modules": 1, "lines": 3, "brokenLines": 0}));
    // Types of the query's fields are known when the metadata are read.
    let started = Instant::now();
    let found = loop {
        let found = repairs(&mut client, &uri);
        if !found.is_empty() || started.elapsed() > DEADLINE {
            break found;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(labels(&mut client, &uri), ["250 ms · 10% · 10,000 ×", "2.25 s · 90% · 10,000 ×"]);
    let action = found.first().expect("the repair is offered");
    let message = plain(action["diagnostics"][0]["message"].as_str().unwrap_or_default());
    assert!(message.contains("line 17 executed 10,000 times, 2.25 s (90.0%)"), "{message}");
    assert!(message.contains("Estimate: about 250 ms") && message.contains("not measured"), "{message}");
    assert_eq!(action["diagnostics"][0]["severity"], 4);
    let edits = action["edit"]["changes"][&uri].as_array().expect("edits");
    assert!(edits.iter().any(|it| it["newText"].as_str().is_some_and(|it| it.contains("В (&Товар)"))));

    let hover = json!({"textDocument": {"uri": uri}, "position": {"line": 16, "character": 20}});
    let shown = client.request("textDocument/hover", hover).expect("an answer");
    assert!(
        plain(shown["contents"]["value"].as_str().unwrap_or_default())
            .contains("| Own time | 2.25 s (90.0%) |")
    );
    let lenses = client.request("textDocument/codeLens", json!({"textDocument": {"uri": uri}}));
    let lenses = lenses.expect("an answer").to_string();
    assert!(plain(&lenses).contains("Query in a loop: 2.25 s"), "{lenses}");

    client
        .request("workspace/executeCommand", json!({"command": "strizh.profile.clear"}))
        .expect("it is taken away");
    assert_eq!(labels(&mut client, &uri), [""; 0]);
    assert_eq!(repairs(&mut client, &uri), Vec::<Value>::new());
    // A file that is no profile is named with the place.
    std::fs::write(&file, "{\"format\": 1").expect("the folder is writable");
    let id = import(&mut client, &file);
    let failure = client.answer(id).expect("an answer");
    let failure = failure.expect_err("it is no profile");
    assert!(failure.message.contains("замер.json:1:"), "{}", failure.message);
}

fn import(client: &mut Client, path: &Path) -> i64 {
    let params = json!({"command": "strizh.profile.import", "arguments": [path.to_string_lossy()]});
    client.send_request("workspace/executeCommand", params).expect("the server reads")
}

fn editor_of_example(text: &str, path: &Path) -> Client {
    let mut client = start();
    let mut params = initialize_params(json!({"window": {"workDoneProgress": true}}));
    params["rootUri"] = json!(uri(path.ancestors().nth(4).expect("a root")));
    client.initialize(params).expect("initialize is answered");
    did_open(&mut client, &uri(path), text);
    client
}

/// Two hours of a process, with a line that is broken.
fn journal(folder: &Path) {
    let process = folder.join("rphost_4120");
    std::fs::create_dir_all(&process).expect("a folder");
    let event = |minute: u32, line: &str| {
        format!(
            "{minute:02}:07.480001-48200,DBPOSTGRS,4,process=rphost,p:processName=trade,SessionID=12,DBMS=DBPOSTGRS,\
             Sql='SELECT 1',RowsAffected=1,Context='{line}'\r\n"
        )
    };
    let context = "ОбщийМодуль.РасчетСумм.Модуль : 17 : Выборка = Запрос.Выполнить().Выбрать();";
    let first = format!("\u{feff}stray\r\n{}", event(1, context));
    std::fs::write(process.join("26112012.log"), first).expect("written");
    std::fs::write(process.join("26112013.log"), format!("\u{feff}{}", event(2, context))).expect("written");
}

#[test]
fn journals_and_debug_measurements_are_imported_too() {
    let (path, text) = example();
    let folder = tempfile::tempdir().expect("a folder");
    journal(folder.path());
    let mut client = editor_of_example(&text, &path);
    let uri = uri(&path);
    let id = import(&mut client, folder.path());
    let answer = client.answer(id).expect("an answer").expect("it is read");
    assert_eq!((answer["modules"].as_u64(), answer["lines"].as_u64()), (Some(1), Some(1)), "{answer}");
    assert!(answer["brokenLines"].as_u64().is_some_and(|count| count > 0), "{answer}");
    let is_told = |params: &Value| {
        params["message"]
            .as_str()
            .is_some_and(|text| text.contains("Lines of the journal that were not understood: "))
    };
    client.notification("window/showMessage", is_told).expect("broken lines are counted");
    assert_eq!(labels(&mut client, &uri), ["96.4 ms · 100% · 2 ×"]);
    // One of the rotated files.
    let id = import(&mut client, &folder.path().join("rphost_4120/26112013.log"));
    client.answer(id).expect("an answer").expect("it is read");
    assert_eq!(labels(&mut client, &uri), ["48.2 ms · 100% · 1 ×"]);
    let id = import(&mut client, &folder.path().join("nothing"));
    let failure = client.answer(id).expect("an answer").expect_err("there is nothing");
    assert!(failure.message.contains("nothing"), "{}", failure.message);
}

/// A file that would take minutes: a hole that nobody stores.
#[cfg(unix)]
#[test]
fn long_journals_show_progress_and_are_given_up() {
    let (path, text) = example();
    let folder = tempfile::tempdir().expect("a folder");
    let file = std::fs::File::create(folder.path().join("26112012.log")).expect("a file");
    file.set_len(1 << 40).expect("a hole");
    let mut client = editor_of_example(&text, &path);
    let title = |params: &Value| params["value"]["title"] == "Strizh: reading the measurement";
    let by_client = import(&mut client, folder.path());
    let begin = client.notification("$/progress", title).expect("progress");
    assert_eq!(begin["value"]["cancellable"], true);
    // Meanwhile everything else is answered.
    assert_eq!(labels(&mut client, &uri(&path)), [""; 0]);
    let token = json!({"token": begin["token"]});
    client.notify("window/workDoneProgress/cancel", token).expect("the server reads");
    assert_eq!(client.answer(by_client).expect("an answer").expect_err("given up").code, -32800);
    let is_end = |params: &Value| params["value"]["kind"] == "end" && params["token"] == begin["token"];
    client.notification("$/progress", is_end).expect("the progress ends");
    let request = import(&mut client, folder.path());
    client.notification("$/progress", title).expect("progress");
    client.cancel(request).expect("the server reads");
    assert_eq!(client.answer(request).expect("an answer").expect_err("given up").code, -32800);
    assert_eq!(client.shut_down().expect("ends"), Some(0));
}
