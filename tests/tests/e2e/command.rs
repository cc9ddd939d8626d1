//! Runs commands of the binary in temporary projects.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use test_support::Fixture;

use crate::server::{binary, cache_folder};

pub(crate) const EMPTY_BLOCK: &str = "Если А Тогда\nКонецЕсли;\n";

/// Exit code, stdout, stderr.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    parts(command(folder, arguments).output().expect("strizh runs"))
}

/// A command that has a cache of its own.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", cache_folder());
    command
}

pub(crate) fn run_with_input(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = command(folder, arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("strizh runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("strizh reads");
    parts(child.wait_with_output().expect("strizh ends"))
}

fn parts(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

pub(crate) fn project(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    Fixture::parse(text).write_to(folder.path()).expect("files");
    folder
}

/// What `check --format json` with more arguments says, by file name: key and place of every finding.
#[track_caller]
pub(crate) fn findings(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let (_, output, errors) = run(folder, &[&["check", "--format", "json"], arguments].concat());
    assert_eq!(errors, "");
    listed(&output)
}

pub(crate) fn listed(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).expect("JSON");
    let mut lines = Vec::new();
    for file in report["fileinfos"].as_array().expect("a list") {
        let name = file["path"].as_str().expect("a text").rsplit('/').next().unwrap_or_default();
        for found in file["diagnostics"].as_array().expect("a list") {
            let (start, end) = (&found["range"]["start"], &found["range"]["end"]);
            let place = |place: &Value| format!("{}:{}", place["line"], place["character"]);
            lines.push(format!(
                "{name} {} {}-{}",
                found["code"].as_str().expect("a key"),
                place(start),
                place(end)
            ));
        }
    }
    lines
}
