//! Hot reload between processes: an editor saves, the host shows new behavior; and the commands around it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use test_support::{Client, Started};

use crate::command::{project, run_with_input};
use crate::server::{binary, cache_folder};

const TOKEN: &str = "invented-token";
const MODULE: &str = "cf/CommonModules/Версии/Ext/Module.bsl";
const PATIENCE: Duration = Duration::from_secs(60);

const CONFIGURATION: &str = r#"//- /cf/Configuration.xml
<?xml version="1.0" encoding="UTF-8"?>
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.17"><Configuration uuid="11111111-1111-4111-8111-111111111111"><Properties><Name>Проба</Name><ScriptVariant>Russian</ScriptVariant></Properties><ChildObjects><CommonModule>Версии</CommonModule></ChildObjects></Configuration></MetaDataObject>
//- /cf/CommonModules/Версии.xml
<?xml version="1.0" encoding="UTF-8"?>
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.17"><CommonModule uuid="22222222-2222-4222-8222-222222222222"><Properties><Name>Версии</Name><Server>true</Server></Properties></CommonModule></MetaDataObject>
"#;

fn code(version: u32) -> String {
    format!("Функция Версия() Экспорт\n\tВозврат {version};\nКонецФункции\n")
}

/// A project, a host that runs it, and the user's file that names the host.
struct Stand {
    folder: tempfile::TempDir,
    user: tempfile::TempDir,
    host: Child,
    lines: Receiver<String>,
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = self.host.kill();
        let _ = self.host.wait();
    }
}

impl Stand {
    fn start() -> Self {
        let folder = project(CONFIGURATION);
        let user = tempfile::tempdir().expect("a folder");
        let module = folder.path().join(MODULE);
        std::fs::create_dir_all(module.parent().expect("a folder")).expect("folders");
        std::fs::write(&module, code(1)).expect("written");
        let mut command = Command::new(binary());
        command.args(["run", "--listen", "127.0.0.1:0", "--call", "Версии.Версия", "--audit"]);
        command.arg(user.path().join("host.jsonl")).arg(folder.path().join("cf"));
        command.env("STRIZH_RELOAD_TOKEN", TOKEN).stdout(Stdio::piped());
        let mut host = command.spawn().expect("the host starts");
        let output = host.stdout.take().expect("a pipe");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let stand = Self { folder, user, host, lines };
        assert_eq!(stand.line(), "Версии.Версия = 1");
        let address = stand.line();
        stand.configure(&address, "developer");
        stand
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("the host says something")
    }

    fn file(&self) -> PathBuf {
        self.user.path().join("infobase.json")
    }

    fn configure(&self, address: &str, role: &str) {
        let text = json!({"workspaces": {(self.folder.path().to_string_lossy()): {
            "user": "anna", "role": role, "transport": "http",
            "audit": self.user.path().join("client.jsonl"),
            "http": {"server": address, "token": {"environment": "STRIZH_RELOAD_TOKEN"}},
        }}});
        std::fs::write(self.file(), text.to_string()).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(self.file(), std::fs::Permissions::from_mode(0o600))
                .expect("permissions");
        }
    }

    fn command(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(binary());
        command.args(arguments).env("STRIZH_RELOAD_TOKEN", TOKEN).env("XDG_STATE_HOME", self.user.path());
        let output = command.stdin(Stdio::null()).output().expect("strizh runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }

    fn reload(&self, more: &[&str]) -> (i32, String, String) {
        let (module, file) = (self.folder.path().join(MODULE), self.file());
        let arguments = ["reload", "--language", "en", "--config"];
        let named = [file.to_str().expect("a path"), module.to_str().expect("a path")];
        self.command(&[&arguments[..], &named[..], more].concat())
    }

    /// An editor with hot reload on.
    fn editor(&self, experimental: Value) -> Client {
        let cache = cache_folder().to_string_lossy();
        let state = self.user.path().to_string_lossy();
        let environment = [
            ("STRIZH_TEST_REQUESTS", "1"),
            ("STRIZH_RELOAD_TOKEN", TOKEN),
            ("XDG_CACHE_HOME", &*cache),
            ("XDG_STATE_HOME", &*state),
        ];
        let started = Started { program: binary(), arguments: &["lsp"], environment: &environment };
        let mut client = Client::start(&started).expect("the server starts");
        let params = json!({
            "processId": std::process::id(),
            "rootUri": uri(self.folder.path()),
            "capabilities": {"experimental": experimental, "window": {"workDoneProgress": true}},
            "initializationOptions": {
                "language": "en", "diagnostics": {"debounceMilliseconds": 0},
                "infobase": {
                    "hotReload": {"enable": true, "onSave": true, "debounceMilliseconds": 1},
                    "configurationFile": self.file(),
                },
            },
        });
        client.initialize(params).expect("initialize is answered");
        client
    }

    fn write(&self, text: &str) {
        std::fs::write(self.folder.path().join(MODULE), text).expect("written");
    }
}

fn uri(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from("file://");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte) {
            uri.push(byte.into());
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn save(client: &mut Client, uri: &str, version: i64, text: &str) {
    let change =
        json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]});
    client.notify("textDocument/didChange", change).expect("the server reads");
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}})).expect("the server reads");
}

fn final_state(client: &mut Client) -> Value {
    let is_final =
        |params: &Value| !["pending", "sending"].contains(&params["state"].as_str().unwrap_or_default());
    client.notification("strizh/reload", is_final).expect("a state")
}

#[test]
fn a_save_shows_new_behavior() {
    let stand = Stand::start();
    let mut client = stand.editor(json!({"reloadStatus": true}));
    let uri = uri(&stand.folder.path().join(MODULE));
    crate::server::did_open(&mut client, &uri, &code(1));
    save(&mut client, &uri, 2, &code(2));
    let event = final_state(&mut client);
    assert_eq!(
        (event["state"].as_str(), event["appliesTo"].as_str()),
        (Some("applied"), Some("immediately"))
    );
    assert_eq!(
        (event["uri"].as_str(), event["changes"][0]["kind"].as_str()),
        (Some(uri.as_str()), Some("body"))
    );
    assert_eq!(stand.line(), "Версии.Версия = 2");

    // The host compiles more strictly than a parser: its complaint becomes a diagnostic.
    save(&mut client, &uri, 3, &code(3).replace("Возврат 3", "Возврат НетТакого"));
    assert_eq!(final_state(&mut client)["state"], "rejected");
    let has_complaint = |params: &Value| {
        let list = params["diagnostics"].as_array().cloned().unwrap_or_default();
        list.iter().any(|it| it["code"] == "HotReload" && it["range"]["start"]["line"] == 1)
    };
    client.notification("textDocument/publishDiagnostics", has_complaint).expect("a diagnostic");

    // Broken text is not sent.
    save(&mut client, &uri, 4, "Функция Версия() Экспорт\n");
    let event = final_state(&mut client);
    assert_eq!((event["state"].as_str(), event["attempt"].as_i64()), (Some("rejected"), Some(0)));

    save(&mut client, &uri, 5, &code(5));
    assert_eq!(final_state(&mut client)["state"], "applied");
    assert_eq!(stand.line(), "Версии.Версия = 5");
    let undo = json!({"command": "strizh.undoHotReload", "arguments": [uri]});
    client.request("workspace/executeCommand", undo).expect("undone");
    assert_eq!(final_state(&mut client)["state"], "applied");
    assert_eq!(stand.line(), "Версии.Версия = 2");
    let history = json!({"command": "strizh.hotReloadHistory", "arguments": []});
    let history = client.request("workspace/executeCommand", history).expect("a history");
    assert_eq!(history.as_array().map(Vec::len), Some(3));
    assert_eq!(client.shut_down().expect("ends"), Some(0));
}

#[test]
fn the_action_asks_before_it_disturbs_sessions() {
    let stand = Stand::start();
    let mut client = stand.editor(json!({}));
    let uri = uri(&stand.folder.path().join(MODULE));
    crate::server::did_open(&mut client, &uri, &code(1));
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": [], "only": ["source"]}});
    let actions = client.request("textDocument/codeAction", params).expect("actions");
    let action =
        actions.as_array().and_then(|all| all.iter().find(|it| it["title"] == "Hot reload this module"));
    let command = action.expect("the action")["command"].clone();
    assert_eq!(command["arguments"], json!([uri]));
    let text = code(2).replace("Версия()", "Версия(Номер)");
    let change = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]});
    client.notify("textDocument/didChange", change).expect("the server reads");
    client
        .request("workspace/executeCommand", json!({"command": command["command"], "arguments": [uri]}))
        .expect("taken");
    // The client of the test dismisses every question, which means no.
    let question = client.notification("window/showMessageRequest", |_| true).expect("a question");
    let message = question["message"].as_str().unwrap_or_default();
    assert!(message.contains("disturb living sessions: Версия: parameters changed"), "{message}");
    assert_eq!(question["actions"][0]["title"], "Cancel");
    let is_end = |params: &Value| params["value"]["kind"] == "end";
    client.notification("$/progress", is_end).expect("the progress ends");
    assert_eq!(client.shut_down().expect("ends"), Some(0));
    assert!(stand.lines.try_recv().is_err(), "nothing was applied");
}

#[test]
fn nothing_is_reloaded_without_trust_or_settings() {
    let stand = Stand::start();
    let mut client = stand.editor(json!({"untrustedWorkspace": true, "reloadStatus": true}));
    let uri = uri(&stand.folder.path().join(MODULE));
    crate::server::did_open(&mut client, &uri, &code(1));
    save(&mut client, &uri, 2, &code(2));
    let command = json!({"command": "strizh.hotReload", "arguments": [uri]});
    assert_eq!(client.request("workspace/executeCommand", command).expect("answered"), Value::Null);
    let is_refusal = |params: &Value| params["message"].as_str().is_some_and(|it| it.contains("not trusted"));
    client.notification("window/showMessage", is_refusal).expect("a message");
    assert_eq!(client.shut_down().expect("ends"), Some(0));
    assert!(stand.lines.try_recv().is_err(), "nothing was applied");
}

#[test]
fn the_command_line_reloads_and_verifies() {
    let stand = Stand::start();
    stand.write(&code(2));
    let (status, output, errors) = stand.reload(&["--dry-run"]);
    assert_eq!(status, 0, "{output}{errors}");
    assert!(output.contains("POST http://127.0.0.1:"), "{output}");
    let (status, output, errors) = stand.reload(&[]);
    assert_eq!(status, 0, "{output}{errors}");
    assert!(output.contains("Module.bsl: applied"), "{output}");
    assert_eq!(stand.line(), "Версии.Версия = 2");
    stand.write("Функция Версия() Экспорт\n");
    let (status, output, _) = stand.reload(&[]);
    assert_eq!(status, 1);
    assert!(output.contains("EndFunction is expected"), "{output}");

    let log = stand.user.path().join("client.jsonl");
    let log = log.to_str().expect("a path");
    let (status, output, _) = stand.command(&["audit", "verify", log]);
    assert_eq!(status, 0, "{output}");
    let text = std::fs::read_to_string(log).expect("readable");
    std::fs::write(log, text.replacen("\"anna\"", "\"vera\"", 1)).expect("written");
    let (status, output, _) = stand.command(&["audit", "verify", log]);
    assert_eq!(status, 1);
    assert!(output.contains("the record was changed"), "{output}");
}

#[test]
fn the_host_needs_a_token_and_stays_on_this_machine() {
    let folder = project(CONFIGURATION);
    let run = |arguments: &[&str], token: Option<&str>| {
        let mut command = Command::new(binary());
        command.args(["run", "--listen"]).args(arguments).arg(folder.path().join("cf"));
        command.env_remove("STRIZH_RELOAD_TOKEN").stdin(Stdio::null());
        if let Some(token) = token {
            command.env("STRIZH_RELOAD_TOKEN", token);
        }
        let output = command.output().expect("strizh runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, errors) = run(&["127.0.0.1:0"], None);
    assert_eq!(status, Some(2));
    assert!(errors.contains("STRIZH_RELOAD_TOKEN is not set"), "{errors}");
    let (status, errors) = run(&["0.0.0.0:0"], Some(TOKEN));
    assert_eq!(status, Some(2));
    assert!(errors.contains("not among the allowed hosts"), "{errors}");
    let call = ["127.0.0.1:0", "--call", "Версии.Версия"];
    for of_one_run in [["--argument", "1"], ["--time", "1s"], ["--allow-read", "."]] {
        let (status, errors) = run(&[&call[..], &of_one_run].concat(), Some(TOKEN));
        assert_eq!(status, Some(2));
        assert!(errors.contains("cannot be used with"), "{errors}");
    }
}

#[test]
fn a_secret_that_cannot_be_one_is_not_kept() {
    let folder = project("");
    let set = |language, input: &str| {
        run_with_input(folder.path(), &["secret", "set", "demo", "--language", language], input)
    };
    let refused = |text: &str| (2, String::new(), format!("strizh: {text}\n"));
    assert_eq!(set("en", " \n"), refused("the secret is empty; nothing is kept"));
    assert_eq!(set("ru", ""), refused("секрет пуст, ничего не сохранено"));
    let long = "x".repeat((64 << 10) + 1);
    assert_eq!(set("en", &long), refused("the secret is longer than 64 KiB; nothing is kept"));
}
