//! Real editors: what they show, and that the same edits end in the same findings everywhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

const DEMO: &str = "fixtures/demo/designer";
/// A binary to try instead of building one.
pub(crate) const BINARY_VARIABLE: &str = "STRIZH_BINARY";
/// A file for one line: why the script has left something out, or what it could not get.
const REASON_VARIABLE: &str = "STRIZH_REASON";
/// A script ends with this code where its editor cannot be had.
const SKIPPED: i32 = 77;
const OUT: &str = "target/editors";

/// An editor and the script that tries it: `SCRIPT BINARY DEMO WORDS…`.
struct Trial {
    title: &'static str,
    script: &'static str,
    words: &'static [&'static str],
}

const NEOVIM: Trial = Trial {
    title: "Neovim 0.11",
    script: "editors/nvim/test/run.sh",
    words: &["target/editors/nvim", "0.11"],
};

const TRIALS: &[Trial] = &[
    Trial {
        title: "VS Code",
        script: "editors/vscode/test/workbench/run.sh",
        words: &["target/editors/vscode"],
    },
    Trial {
        title: "report of a profile in a browser",
        script: "tests/browser/run.sh",
        words: &["target/editors/browser"],
    },
    NEOVIM,
    Trial { title: "Neovim 0.12", script: NEOVIM.script, words: &["target/editors/nvim", "0.12"] },
    Trial { title: "Emacs", script: "editors/emacs/test/run.sh", words: &[] },
    Trial { title: "Helix", script: "editors/helix/test/run.sh", words: &[] },
    Trial { title: "Kate", script: "editors/kate/test/run.sh", words: &["target/editors/kate"] },
];

/// What the session of edits in `editors/test/session.json` ends with; the others have to agree with the first.
const SESSIONS: &[&str] = &["vscode/session.json", "nvim/session-0.11.json", "nvim/session-0.12.json"];

enum Verdict {
    Passed(String),
    Failed(String),
    Skipped(String),
}

/// Neovim from pip opens a module of the demo and has to show findings; quick enough for every push.
pub(crate) fn neovim(binary: &Path) -> Result<()> {
    match try_out(&NEOVIM, binary)? {
        Verdict::Failed(reason) => bail!("{}: {reason}", NEOVIM.title),
        Verdict::Skipped(reason) => eprintln!("{} is left out: {reason}", NEOVIM.title),
        Verdict::Passed(_) => {}
    }
    Ok(())
}

/// Everything in every editor that can be had here; `only` leaves those whose titles begin with one of its words.
pub(crate) fn all(only: &[&str]) -> Result<()> {
    let binary = release_binary()?;
    for name in SESSIONS {
        // The findings of an earlier run prove nothing.
        let _ = fs::remove_file(shell::root().join(OUT).join(name));
    }
    let plain = |text: &str| text.to_lowercase().replace(' ', "");
    let is_wanted =
        |title: &str| only.is_empty() || only.iter().any(|word| plain(title).starts_with(&plain(word)));
    let mut verdicts = Vec::new();
    for trial in TRIALS.iter().filter(|trial| is_wanted(trial.title)) {
        eprintln!("── {}", trial.title);
        let started = Instant::now();
        let verdict = try_out(trial, &binary)?;
        verdicts.push((trial.title, started.elapsed(), verdict));
    }
    let started = Instant::now();
    let verdict = same_findings().unwrap_or_else(|error| Verdict::Failed(format!("{error:#}")));
    verdicts.push(("the same session of edits", started.elapsed(), verdict));
    summarize(&verdicts)
}

/// One line for each editor, here and in `target/editors/summary.txt`; an error if one has failed.
fn summarize(verdicts: &[(&str, Duration, Verdict)]) -> Result<()> {
    let [mut passed, mut failed, mut skipped] = [0, 0, 0];
    let mut summary = String::new();
    for (title, time, verdict) in verdicts {
        let (word, note) = match verdict {
            Verdict::Passed(note) => (counted(&mut passed, "passed"), note),
            Verdict::Failed(note) => (counted(&mut failed, "failed"), note),
            Verdict::Skipped(note) => (counted(&mut skipped, "skipped"), note),
        };
        let line = format!("{word:<8} {title:<33} {:>4.0} s  {note}", time.as_secs_f64());
        summary += &format!("{}\n", line.trim_end());
    }
    let total: f64 = verdicts.iter().map(|(_, time, _)| time.as_secs_f64()).sum();
    summary += &format!("editors: {passed} passed, {failed} failed, {skipped} skipped in {total:.0} s\n");
    eprint!("{summary}");
    fs::write(shell::root().join(OUT).join("summary.txt"), summary).context("cannot write the summary")?;
    if failed > 0 {
        bail!("{failed} of the editors failed");
    }
    Ok(())
}

fn counted(counter: &mut u32, word: &'static str) -> &'static str {
    *counter += 1;
    word
}

fn release_binary() -> Result<PathBuf> {
    let Some(path) = std::env::var_os(BINARY_VARIABLE) else {
        shell::run("", "cargo", &["build", "--quiet", "--release", "--package", "strizh"])?;
        return Ok(shell::root().join("target/release/strizh"));
    };
    let path = std::path::absolute(&path).context("the current folder is gone")?;
    if !path.is_file() {
        bail!("{BINARY_VARIABLE} names {}, which is no file", path.display());
    }
    Ok(path)
}

/// Runs the script of an editor; what it prints goes to the terminal.
fn try_out(trial: &Trial, binary: &Path) -> Result<Verdict> {
    if !cfg!(unix) {
        return Ok(Verdict::Skipped(format!("{} needs a shell of Unix", trial.script)));
    }
    let folder = shell::root().join(OUT);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let reason_file = folder.join("reason.txt");
    let _ = fs::remove_file(&reason_file);
    let status = Command::new("bash")
        .arg(trial.script)
        .arg(binary)
        .arg(DEMO)
        .args(trial.words)
        .env(REASON_VARIABLE, &reason_file)
        .current_dir(shell::root())
        .status()
        .with_context(|| format!("cannot start bash for {}", trial.script))?;
    let reason = fs::read_to_string(&reason_file).unwrap_or_default().trim().to_owned();
    Ok(match status.code() {
        Some(0) => Verdict::Passed(String::new()),
        Some(SKIPPED) => Verdict::Skipped(reason),
        _ if reason.is_empty() => Verdict::Failed(format!("{}: {status}, see above", trial.script)),
        _ => Verdict::Failed(reason),
    })
}

/// The session of edits has the same end in all editors that were tried.
fn same_findings() -> Result<Verdict> {
    let folder = shell::root().join(OUT);
    let there: Vec<&&str> = SESSIONS.iter().filter(|name| folder.join(name).exists()).collect();
    let [first, others @ ..] = there.as_slice() else {
        return Ok(Verdict::Skipped("no editor has played it".to_owned()));
    };
    if others.is_empty() {
        return Ok(Verdict::Skipped(format!("only {first} is there")));
    }
    let expected = read_session(&folder.join(first))?;
    for other in others {
        let found = read_session(&folder.join(other))?;
        if found != expected {
            bail!("{other} ends with other findings than {first}:\n{found:#}\n{expected:#}");
        }
    }
    let count = expected.as_array().map_or(0, Vec::len);
    if count == 0 {
        bail!("{first} ends without findings, which proves nothing");
    }
    Ok(Verdict::Passed(format!("{count} equal findings in {} editors", there.len())))
}

fn read_session(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}
