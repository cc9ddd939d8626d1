//! The step of the tour that makes measured code faster: a configuration runs on the interpreter of Strizh, its measurement
//! names the cause of the slowest line, the rewrite is applied, and the second measurement tells what it gave.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use test_support::{Client, Started};

use crate::tour::steps::apply;
use crate::tour::{Tour, address};

const MODULE: &str = "CommonModules/РасчетСумм/Ext/Module.bsl";
const MEASURE: &str = "measure.json";
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// The configuration whose code can be run, if it lies beside the one that is shown.
pub(super) fn runnable(tour: &Tour) -> Option<PathBuf> {
    let folder = tour.root.parent()?.parent()?.join("live");
    folder.join(MODULE).is_file().then_some(folder)
}

/// What a run gave.
struct Run {
    result: String,
    total_ns: u64,
}

pub(super) fn faster(tour: &mut Tour) -> anyhow::Result<String> {
    let source = runnable(tour).context("there is no configuration to run")?;
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?.join("live");
    copy(&source, &root)?;
    let measure = folder.path().join(MEASURE);
    let slow = run(&root, &measure)?;
    let (cause, text) = rewrite(tour, &root, &measure)?;
    std::fs::write(root.join(MODULE), text)?;
    let fast = run(&root, &measure)?;
    if fast.result != slow.result {
        bail!("{} {} {}", slow.result, tour.say("стало", "became"), fast.result);
    }
    let seconds = |run: &Run| format!("{:.3}", run.total_ns as f64 / 1e9);
    Ok(format!(
        "{} {} → {} {} ({} ×)\n{cause}",
        tour.say("метод с запросом в цикле:", "a method with a query in a loop:"),
        seconds(&slow),
        seconds(&fast),
        tour.say("с, результат тот же", "s, the same result"),
        slow.total_ns / fast.total_ns.max(1)
    ))
}

/// Runs the example on a virtual clock; the time is that of the module that calculates.
fn run(root: &Path, measure: &Path) -> anyhow::Result<Run> {
    let output = Command::new(std::env::current_exe()?)
        .arg("run")
        .arg(root)
        .args(["--call", "РасчетСумм.Пример", "--argument", "10000", "--virtual-clock"])
        .args(["--statement-cost", "4991ns", "--query-cost", "220.054us", "--measure"])
        .arg(measure)
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let profile: Value = serde_json::from_slice(&std::fs::read(measure)?)?;
    let modules = profile["modules"].as_array().context("no modules in the measurement")?;
    let module = modules.iter().find(|module| module["path"] == MODULE).context("the module did not run")?;
    let lines = module["lines"].as_array().into_iter().flatten();
    let total_ns = lines.filter_map(|line| line["measure"]["ownNs"].as_u64()).sum();
    Ok(Run { result: String::from_utf8_lossy(&output.stdout).trim().to_owned(), total_ns })
}

/// The cause that the editor shows, and the module after its repair.
fn rewrite(tour: &Tour, root: &Path, measure: &Path) -> anyhow::Result<(String, String)> {
    let binary = std::env::current_exe()?;
    let mut client = Client::start(&Started { program: &binary, arguments: &["lsp"], environment: &[] })?;
    let language = tour.say("ru", "en");
    client.initialize(json!({
        "processId": std::process::id(), "rootUri": address(root)?, "capabilities": {},
        "initializationOptions": {"language": language, "ai": {"mode": "off"}},
    }))?;
    let text = std::fs::read_to_string(root.join(MODULE))?.trim_start_matches('\u{feff}').to_owned();
    let uri = address(&root.join(MODULE))?;
    let document = json!({"uri": uri, "languageId": "bsl", "version": 1, "text": text});
    client.notify("textDocument/didOpen", json!({"textDocument": document}))?;
    let arguments = json!([measure.to_string_lossy()]);
    client.request(
        "workspace/executeCommand",
        json!({"command": "strizh.profile.import", "arguments": arguments}),
    )?;
    let line = text.lines().position(|line| line.contains(".Выполнить()")).context("no query")?;
    let place = json!({"line": line, "character": 20});
    let params = json!({
        "textDocument": {"uri": uri}, "range": {"start": place, "end": place},
        "context": {"diagnostics": [], "only": ["quickfix"]},
    });
    let end = Instant::now() + PATIENCE;
    loop {
        let actions = client.request("textDocument/codeAction", params.clone())?;
        let actions = actions.as_array().cloned().unwrap_or_default();
        let measured = |action: &&Value| action["diagnostics"][0]["message"].is_string();
        // What the fields of the query hold is known when the metadata are read.
        if let Some(action) = actions.iter().filter(measured).find(|action| !action["edit"].is_null()) {
            let edits = action["edit"]["changes"][&uri].as_array().context("no edits")?;
            let message = action["diagnostics"][0]["message"].as_str().unwrap_or_default();
            let title = action["title"].as_str().unwrap_or_default();
            return Ok((format!("{message}\n→ {title}"), apply(&text, edits)));
        }
        if Instant::now() > end {
            bail!("no repair is offered for line {}", line + 1);
        }
        std::thread::sleep(PAUSE);
    }
}

pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
