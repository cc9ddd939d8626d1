//! Reading a workspace: progress, broken files, changes on the disk, the cache between runs.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::{Client, Started};

use crate::navigation::{ask, at, uri};
use crate::server::{binary, did_open, initialize_params};

const MODULE: &str = "Процедура П()\n\tА = ПродажиСервер.ПроцентСкидки(Контрагент);\nКонецПроцедуры\n";
const TARGET: &str = "CommonModules/ПродажиСервер/Ext/Module.bsl";

/// A copy of the demo and a cache of its own.
struct Workspace {
    folder: TempDir,
    cache: TempDir,
}

impl Workspace {
    fn new() -> Self {
        let workspace = Self {
            folder: tempfile::tempdir().expect("a folder"),
            cache: tempfile::tempdir().expect("a folder"),
        };
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer");
        copy(&demo, workspace.folder.path());
        workspace
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// A session in which the workspace is read.
    fn read(&self) -> Client {
        let mut client = self.start();
        let is_end = |params: &Value| params["value"]["kind"] == "end";
        client.notification("$/progress", is_end).expect("the end of reading");
        client
    }

    fn start(&self) -> Client {
        let cache = self.cache.path().to_string_lossy().into_owned();
        let environment = [("XDG_CACHE_HOME", &*cache), ("LOCALAPPDATA", &*cache), ("HOME", &*cache)];
        let started = Started { program: binary(), arguments: &["lsp"], environment: &environment };
        let mut client = Client::start(&started).expect("the server starts");
        let mut params = initialize_params(json!({"window": {"workDoneProgress": true}}));
        params["rootUri"] = json!(uri(self.folder.path()));
        client.initialize(params).expect("initialize is answered");
        client
    }

    /// Folders of facts, one for each workspace; suggestions of the model stand beside them.
    fn stored(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.cache.path().join("strizh")).expect("a cache");
        let paths = folders.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| !path.ends_with("suggestions")).collect()
    }

    /// Line of the called method's declaration, asked in a new module; `None`: unknown.
    fn line_of_target(&self, client: &mut Client) -> Option<u64> {
        let module = uri(&self.path("CommonModules/НовыйМодуль/Ext/Module.bsl"));
        did_open(client, &module, MODULE);
        let answer = client.request("textDocument/definition", at(&module, 1, 24)).expect("an answer");
        let is_target = answer[0]["uri"] == uri(&self.path(TARGET));
        is_target.then(|| answer[0]["range"]["start"]["line"].as_u64()).flatten()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a file");
        }
    }
}

#[test]
fn reading_is_reported_and_done_again_from_the_cache() {
    let workspace = Workspace::new();
    let mut client = workspace.read();
    let cold = workspace.line_of_target(&mut client);
    assert!(cold.is_some());
    client.shut_down().expect("an orderly end");
    assert_eq!(workspace.stored().len(), 1);
    let mut client = workspace.read();
    assert_eq!(workspace.line_of_target(&mut client), cold);
}

#[test]
fn a_damaged_cache_is_read_from_the_files() {
    let workspace = Workspace::new();
    workspace.read().shut_down().expect("an orderly end");
    for folder in workspace.stored() {
        for file in fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            let mut bytes = fs::read(&path).expect("bytes");
            for byte in bytes.iter_mut().step_by(101) {
                *byte ^= 0x55;
            }
            fs::write(&path, bytes).expect("a file");
        }
    }
    let mut client = workspace.read();
    assert!(workspace.line_of_target(&mut client).is_some());
}

#[test]
fn two_servers_share_a_workspace() {
    let workspace = Workspace::new();
    let (mut first, mut second) = (workspace.start(), workspace.start());
    for client in [&mut first, &mut second] {
        let module = uri(&workspace.path("CommonModules/НовыйМодуль/Ext/Module.bsl"));
        did_open(client, &module, MODULE);
        let answer = ask(client, "textDocument/definition", &at(&module, 1, 24));
        assert_eq!(answer[0]["uri"], uri(&workspace.path(TARGET)));
    }
}

#[test]
fn a_broken_file_costs_one_object_and_one_message() {
    let workspace = Workspace::new();
    let broken = workspace.path("Catalogs/Номенклатура.xml");
    let text = fs::read_to_string(&broken).expect("a file");
    fs::write(
        &broken,
        &text[..text.len() / 2
            - (0..4).find(|back| text.is_char_boundary(text.len() / 2 - back)).unwrap_or(0)],
    )
    .expect("a file");
    let mut client = workspace.read();
    let messages: Vec<Value> = client.received().expect("only frames");
    let shown: Vec<_> = messages
        .iter()
        .filter(|message| message["method"] == "window/showMessage")
        .filter_map(|message| message["params"]["message"].as_str())
        .collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Номенклатура.xml:"), "{shown:?}");
    assert!(workspace.line_of_target(&mut client).is_some());
}

#[test]
fn changes_on_the_disk_are_read() {
    let workspace = Workspace::new();
    let mut client = workspace.read();
    let before = workspace.line_of_target(&mut client).expect("the declaration");
    let target = workspace.path(TARGET);
    let text = fs::read_to_string(&target).expect("a module");
    let text = text.trim_start_matches('\u{feff}');
    fs::write(&target, format!("\u{feff}\r\n\r\n\r\n{text}")).expect("a file");
    let changes = json!({"changes": [{"uri": uri(&target), "type": 2}]});
    client.notify("workspace/didChangeWatchedFiles", changes).expect("the server reads");
    let line = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        workspace.line_of_target(&mut client).filter(|line| *line != before)
    });
    assert_eq!(line, Some(before + 3));
    let object = workspace.path("CommonModules/ПродажиСервер.xml");
    fs::remove_file(&object).expect("a file");
    let changes = json!({"changes": [{"uri": uri(&object), "type": 3}]});
    client.notify("workspace/didChangeWatchedFiles", changes).expect("the server reads");
    let is_gone = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        workspace.line_of_target(&mut client).is_none()
    });
    assert!(is_gone);
}
