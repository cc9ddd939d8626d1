//! An editor measures a running host: started, stopped, shown on the lines, refused where it has to be.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{Client, Failure};

use crate::hot_lines::{labels, plain, repairs, uri};
use crate::server::{binary, did_open, start};

const PATIENCE: Duration = Duration::from_secs(60);
const MODULE: &str = "CommonModules/РасчетСумм/Ext/Module.bsl";

/// A host that runs a copy of the example again and again and lets itself be measured.
struct Stand {
    folder: tempfile::TempDir,
    host: Child,
    debug: String,
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = self.host.kill();
        let _ = self.host.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the fixture exists") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

impl Stand {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/live"), &folder.path().join("cf"));
        let module = folder.path().join("cf").join(MODULE);
        let text = std::fs::read_to_string(&module).expect("a module");
        // Short enough to end several times within a second.
        let text = text.replace("Количество = 10000", "Количество = 300");
        std::fs::write(&module, text).expect("written");
        let mut command = Command::new(binary());
        command.args([
            "run",
            "--listen",
            "127.0.0.1:0",
            "--debug-listen",
            "127.0.0.1:0",
            "--infobase",
            "demo",
        ]);
        command.args(["--call", "РасчетСумм.Пример", "--every", "1", "--audit"]);
        command.arg(folder.path().join("host.jsonl")).arg(folder.path().join("cf"));
        command.env("STRIZH_RELOAD_TOKEN", "invented-token").stdout(Stdio::piped());
        let mut host = command.spawn().expect("the host starts");
        let mut lines = BufReader::new(host.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let debug = lines.find_map(|line| line.strip_prefix("debug ").map(str::to_owned));
        // Whoever writes later must not find a closed pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { folder, host, debug: debug.expect("the host tells where it can be measured") }
    }

    fn module(&self) -> PathBuf {
        self.folder.path().join("cf").join(MODULE)
    }

    fn editor(&self, url: &str, experimental: Value) -> Client {
        let mut client = start();
        let params = json!({
            "processId": std::process::id(),
            "rootUri": uri(&self.folder.path().join("cf")),
            "capabilities": {"experimental": experimental, "window": {"workDoneProgress": true}},
            "initializationOptions": {
                "language": "en",
                "profile": {"debugServer": {"url": url, "infobase": "demo"}},
            },
        });
        client.initialize(params).expect("initialize is answered");
        client
    }
}

fn execute(client: &mut Client, command: &str, arguments: &[&str]) -> Result<Value, Failure> {
    let params = json!({"command": command, "arguments": arguments});
    let id = client.send_request("workspace/executeCommand", params).expect("the server reads");
    client.answer(id).expect("an answer")
}

#[track_caller]
fn check_refused(client: &mut Client, command: &str, arguments: &[&str], why: &str) {
    let failure = execute(client, command, arguments).expect_err("refused");
    assert!(failure.message.contains(why), "{}", failure.message);
    let is_told = |params: &Value| params["message"].as_str().is_some_and(|text| text.contains(why));
    client.notification("window/showMessage", is_told).expect("the user is told");
}

#[test]
fn a_running_host_is_measured_and_its_lines_are_shown() {
    let stand = Stand::start();
    let mut client = stand.editor(&stand.debug, json!({}));
    let text = std::fs::read_to_string(stand.module()).expect("a module");
    let uri = uri(&stand.module());
    did_open(&mut client, &uri, text.trim_start_matches('\u{feff}'));
    check_refused(&mut client, "strizh.profile.stop", &[], "no measurement runs");

    let started = Instant::now();
    let measured = loop {
        let answer = execute(&mut client, "strizh.profile.start", &[]).expect("it is measured");
        assert_eq!(answer, json!({"server": stand.debug, "infobase": "demo"}));
        check_refused(&mut client, "strizh.profile.start", &[], "a measurement runs already");
        let is_begin = |params: &Value| params["value"]["title"] == "Strizh: measuring";
        client.notification("$/progress", is_begin).expect("it is shown that it runs");
        // Between two calls there is nothing to measure.
        match execute(&mut client, "strizh.profile.stop", &[]) {
            Ok(measured) => break measured,
            Err(failure) if started.elapsed() > PATIENCE => panic!("{}", failure.message),
            Err(failure) => assert!(failure.message.contains("nothing ran"), "{}", failure.message),
        }
    };
    assert!(measured["modules"].as_u64().is_some_and(|count| count >= 2), "{measured}");
    let is_told =
        |params: &Value| params["message"].as_str().is_some_and(|text| text.contains("is loaded. Modules:"));
    client.notification("window/showMessage", is_told).expect("the user is told");

    let found = loop {
        let found = repairs(&mut client, &uri);
        if !found.is_empty() || started.elapsed() > PATIENCE {
            break found;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let message =
        plain(found.first().expect("a cause")["diagnostics"][0]["message"].as_str().unwrap_or_default());
    assert!(message.contains("line 17 executed") && message.contains("not measured"), "{message}");
    let shown = labels(&mut client, &uri);
    assert!(shown.iter().any(|label| label.contains(" × ") || label.ends_with('×')), "{shown:?}");
    check_refused(&mut client, "strizh.profile.stop", &[], "no measurement runs");
    assert_eq!(client.shut_down().expect("ends"), Some(0));
}

#[test]
fn the_end_of_a_session_leaves_the_infobase_to_others() {
    let stand = Stand::start();
    for is_orderly in [true, false] {
        let mut client = stand.editor(&stand.debug, json!({}));
        execute(&mut client, "strizh.profile.start", &[]).expect("nobody else measures");
        if is_orderly {
            assert_eq!(client.shut_down().expect("ends"), Some(0));
        } else {
            client.close_input();
            client.wait_exit().expect("ends");
        }
    }
    // A second debugger is told that there is one.
    let (mut first, mut second) =
        (stand.editor(&stand.debug, json!({})), stand.editor(&stand.debug, json!({})));
    execute(&mut first, "strizh.profile.start", &[]).expect("nobody else measures");
    check_refused(&mut second, "strizh.profile.start", &[], "another debugger is attached");
}

#[test]
fn a_host_that_goes_away_ends_the_measurement() {
    let mut stand = Stand::start();
    let mut client = stand.editor(&stand.debug, json!({}));
    execute(&mut client, "strizh.profile.start", &[]).expect("it is measured");
    stand.host.kill().and_then(|()| stand.host.wait()).expect("the host ends");
    let is_told = |params: &Value| {
        params["message"].as_str().is_some_and(|text| text.contains("Strizh: no measurement: "))
    };
    client.notification("window/showMessage", is_told).expect("the user is told");
    check_refused(&mut client, "strizh.profile.stop", &[], "no measurement runs");
    check_refused(&mut client, "strizh.profile.start", &[], "no debug server answers");
}

#[test]
fn only_what_the_user_allows_is_asked() {
    let stand = Stand::start();
    let start = "strizh.profile.start";
    let mut client = stand.editor("", json!({}));
    check_refused(&mut client, start, &[], "the setting strizh.profile.debugServer.url");
    check_refused(&mut client, start, &["http://10.0.0.1:1550"], "only this machine is asked");
    check_refused(&mut client, start, &["http://localhost.example:1"], "only this machine is asked");
    check_refused(&mut client, start, &["https://127.0.0.1:1"], "begins with http://");
    check_refused(&mut client, start, &[&stand.debug, "other"], "the debug server refuses: notRegistered");
    execute(&mut client, start, &[&stand.debug]).expect("an argument names the server");

    let mut distrusted = stand.editor(&stand.debug, json!({"untrustedWorkspace": true}));
    check_refused(&mut distrusted, start, &[], "the workspace is not trusted");
    check_refused(&mut distrusted, start, &[&stand.debug], "the workspace is not trusted");
}
