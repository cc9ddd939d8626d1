//! Requests about the whole project, on a copy of the demo configuration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::Client;

use crate::server::{binary, did_open, initialize_params, start};

const DEADLINE: Duration = Duration::from_secs(60);
const EVENTS: &str = "CommonModules/СобытияТорговли/Ext/Module.bsl";
const SALES: &str = "CommonModules/ПродажиСервер/Ext/Module.bsl";

/// A session on a copy of the demo configuration.
struct Project {
    folder: TempDir,
    client: Client,
}

impl Project {
    fn start(capabilities: Value) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer");
        copy(&demo, folder.path());
        Self { client: session(folder.path(), capabilities), folder }
    }

    /// Another session on the same files.
    fn restart(&mut self, capabilities: Value) {
        self.client = session(self.folder.path(), capabilities);
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn text(&self, file: &str) -> String {
        let bytes = std::fs::read(self.path(file)).expect("the file exists");
        String::from_utf8(bytes).expect("the file is text").trim_start_matches('\u{feff}').to_owned()
    }

    /// Opens a module; parameters of a request at the end of the first occurrence of a text.
    fn open_at(&mut self, file: &str, text: &str) -> Value {
        let content = self.text(file);
        let uri = uri(&self.path(file));
        did_open(&mut self.client, &uri, &content);
        let at = content.find(text).expect("the module has the text") + text.len();
        let line = content[..at].matches('\n').count();
        let start = content[..at].rfind('\n').map_or(0, |at| at + 1);
        let character = content[start..at].encode_utf16().count();
        json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
    }

    /// Repeats a request until the project is read and the answer fits.
    fn request(&mut self, method: &str, params: &Value, fits: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + DEADLINE;
        loop {
            let id = self.client.send_request(method, params.clone()).expect("the server reads");
            let answer = self.client.answer(id).expect("an answer");
            match answer {
                Ok(answer) if fits(&answer) => return answer,
                other => assert!(Instant::now() < end, "{method}: {other:?}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Carries edits out as an editor would: everything else stays byte for byte.
    fn apply(&self, edit: &Value) {
        for change in edit["documentChanges"].as_array().expect("a list of files") {
            let path = file_of(change["textDocument"]["uri"].as_str().expect("an address"));
            let text = std::fs::read_to_string(&path).expect("the file is text");
            let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let mut edits: Vec<(usize, usize, &str)> = change["edits"]
                .as_array()
                .expect("a list of edits")
                .iter()
                .map(|edit| {
                    let offset = |end: &str| bom + offset_of(&text[bom..], &edit["range"][end]);
                    (offset("start"), offset("end"), edit["newText"].as_str().expect("a text"))
                })
                .collect();
            edits.sort();
            let mut changed = text.clone();
            for (start, end, new) in edits.iter().rev() {
                changed.replace_range(start..end, new);
            }
            std::fs::write(&path, changed).expect("the file can be written");
        }
    }

    /// Files and keys of what the check finds.
    fn findings(&self) -> Vec<(String, String)> {
        let output = Command::new(binary())
            .args(["check", "--format", "json"])
            .arg(self.folder.path())
            .output()
            .expect("strizh runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let mut found = Vec::new();
        for file in report["fileinfos"].as_array().expect("a list of files") {
            for finding in file["diagnostics"].as_array().into_iter().flatten() {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                found.push((text(&file["path"]), text(&finding["code"])));
            }
        }
        found.sort();
        found
    }
}

fn session(folder: &Path, capabilities: Value) -> Client {
    let mut client = start();
    let mut params = initialize_params(capabilities);
    params["rootUri"] = json!(uri(folder));
    client.initialize(params).expect("initialize is answered");
    client
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file");
        }
    }
}

fn uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri += &format!("%{other:02X}"),
        }
    }
    uri
}

fn file_of(uri: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = uri.strip_prefix("file://").expect("a file").bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next(), rest.next()].map(|digit| char::from(digit.expect("a digit")));
            let digits: String = digits.iter().collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("a number"));
        } else {
            bytes.push(byte);
        }
    }
    PathBuf::from(String::from_utf8(bytes).expect("a path"))
}

fn offset_of(text: &str, position: &Value) -> usize {
    let number = |name: &str| position[name].as_u64().expect("a number") as usize;
    let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
    let mut units = 0;
    let mut letters = text[start..].char_indices();
    loop {
        match letters.next() {
            Some((at, _)) if units == number("character") => return start + at,
            Some((_, letter)) => units += letter.len_utf16(),
            None => return text.len(),
        }
    }
}

/// How many places each file has.
fn files(places: &Value) -> BTreeMap<String, usize> {
    let mut files = BTreeMap::new();
    for place in places.as_array().expect("a list") {
        let path = file_of(place["uri"].as_str().expect("an address"));
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let folder = path.parent().and_then(Path::parent).and_then(Path::file_name);
        *files.entry(format!("{}/{name}", folder.unwrap_or_default().to_string_lossy())).or_insert(0) += 1;
    }
    files
}

fn is_list_of(count: usize) -> impl Fn(&Value) -> bool {
    move |answer: &Value| answer.as_array().is_some_and(|list| list.len() >= count)
}

#[test]
fn references_are_found_in_all_modules_and_in_metadata() {
    let mut project = Project::start(json!({}));
    let mut params = project.open_at(EVENTS, "Процедура ПересчетЦен");
    params["context"] = json!({"includeDeclaration": true});
    let found = project.request("textDocument/references", &params, is_list_of(2));
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");
    let mut params = project.open_at(SALES, "Функция ПроцентСкидки");
    params["context"] = json!({"includeDeclaration": false});
    let found = project.request("textDocument/references", &params, is_list_of(1));
    assert_eq!(
        files(&found),
        BTreeMap::from([("ЗаказПокупателя/ObjectModule.bsl".to_owned(), 1)]),
        "{found}"
    );
}

#[test]
fn calls_are_followed_in_both_directions() {
    let mut project = Project::start(json!({}));
    let params = project.open_at(SALES, "Функция ПроцентСкидки");
    let items = project.request("textDocument/prepareCallHierarchy", &params, is_list_of(1));
    assert_eq!(items[0]["name"], "ПроцентСкидки");
    let params = json!({"item": items[0]});
    let incoming = project.request("callHierarchy/incomingCalls", &params, is_list_of(1));
    let caller = &incoming[0]["from"];
    assert_eq!(incoming[0]["fromRanges"].as_array().map(Vec::is_empty), Some(false));
    let outgoing = project.request("callHierarchy/outgoingCalls", &json!({"item": caller}), is_list_of(1));
    let names: Vec<_> = outgoing.as_array().expect("a list").iter().map(|call| &call["to"]["name"]).collect();
    assert!(names.contains(&&json!("ПроцентСкидки")), "{names:?}");
}

#[test]
fn names_of_the_project_are_searched() {
    let mut project = Project::start(json!({}));
    let query = json!({"query": "пцен"});
    let found = project.request("workspace/symbol", &query, is_list_of(1));
    let names: Vec<_> = found.as_array().expect("a list").iter().map(|symbol| &symbol["name"]).collect();
    assert!(names.contains(&&json!("ПересчетЦен")), "{names:?}");
}

#[test]
fn uses_are_counted_above_methods() {
    let mut project = Project::start(json!({}));
    let params = project.open_at(EVENTS, "Процедура ПересчетЦен");
    let params = json!({"textDocument": params["textDocument"]});
    let lenses = project.request("textDocument/codeLens", &params, is_list_of(1));
    let lens = lenses.as_array().expect("a list").iter().find(|lens| lens["data"]["method"] == "ПересчетЦен");
    let counts = |lens: &Value| lens["command"]["title"] == "1 reference";
    let resolved = project.request("codeLens/resolve", lens.expect("the lens"), counts);
    assert_eq!(resolved["command"]["command"], "strizh.showReferences");
    assert_eq!(resolved["command"]["arguments"][2].as_array().map(Vec::len), Some(1));
}

/// Renames a method and returns the edit.
fn rename(project: &mut Project, file: &str, declaration: &str, new_name: &str) -> Value {
    let capabilities = json!({"workspace": {"workspaceEdit": {
        "documentChanges": true, "changeAnnotationSupport": {"groupsOnLabel": true},
    }}});
    project.restart(capabilities);
    let mut params = project.open_at(file, declaration);
    let target = project.request("textDocument/prepareRename", &params, |answer| !answer.is_null());
    assert!(declaration.ends_with(target["placeholder"].as_str().expect("a name")));
    params["newName"] = json!(new_name);
    project.request("textDocument/rename", &params, |answer| !answer.is_null())
}

#[test]
fn methods_are_renamed_with_everything_that_names_them() {
    let mut project = Project::start(json!({}));
    let before = project.findings();
    let form = "Documents/ЗаказПокупателя/Forms/ФормаСписка/Ext/Form/Module.bsl";
    let subscription = "Процедура ПриЗаписиДокументовТорговли";
    let renames = [
        (
            EVENTS,
            "Процедура ПересчетЦен",
            "ПересчитатьЦены",
            "ScheduledJobs/ПересчетЦен.xml",
            ".ПересчитатьЦены<",
        ),
        (
            EVENTS,
            subscription,
            "ЗаписанДокумент",
            "EventSubscriptions/ПриЗаписиДокументовТорговли.xml",
            ".ЗаписанДокумент<",
        ),
        (
            form,
            "Процедура ОтменитьВыбранные",
            "ОтменитьОтмеченные",
            "Documents/ЗаказПокупателя/Forms/ФормаСписка/Ext/Form.xml",
            ">ОтменитьОтмеченные<",
        ),
        (SALES, "Функция ПроцентСкидки", "СкидкаКлиента", SALES, "СкидкаКлиента("),
    ];
    for (file, declaration, new_name, changed, text) in renames {
        let before = std::fs::read(project.path(changed)).expect("the file exists");
        let edit = rename(&mut project, file, declaration, new_name);
        project.apply(&edit);
        let after = std::fs::read(project.path(changed)).expect("the file exists");
        assert!(String::from_utf8_lossy(&after).contains(text), "{changed}");
        let count = |bytes: &[u8], wanted: u8| bytes.iter().filter(|byte| **byte == wanted).count();
        assert_eq!((after[..3] == before[..3], count(&after, b'\r')), (true, count(&before, b'\r')));
        if changed.ends_with(".xml") {
            assert_eq!(edit["changeAnnotations"]["metadata"]["needsConfirmation"], true);
        }
    }
    assert_eq!(project.findings(), before);
    project.restart(json!({}));
    let mut params = project.open_at(EVENTS, "Процедура ПересчитатьЦены");
    params["context"] = json!({"includeDeclaration": false});
    let found = project.request("textDocument/references", &params, is_list_of(1));
    assert_eq!(files(&found).into_keys().collect::<Vec<_>>().len(), 1, "{found}");
    let left = project.text(SALES).contains("ПроцентСкидки");
    assert!(!left, "the old name is left");
}

#[test]
fn names_that_others_give_are_refused() {
    let mut project = Project::start(json!({}));
    let object = "Documents/ЗаказПокупателя/Ext/ObjectModule.bsl";
    let params = project.open_at(object, "Процедура ПередЗаписью");
    let end = Instant::now() + DEADLINE;
    loop {
        let id = project.client.send_request("textDocument/prepareRename", params.clone()).expect("it reads");
        let failure = project.client.answer(id).expect("an answer").expect_err("a refusal");
        assert_eq!(failure.code, -32803);
        if failure.message.contains("the platform looks for it by this name") {
            break;
        }
        assert!(Instant::now() < end, "{failure}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
