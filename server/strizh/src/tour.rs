//! `strizh tour`: starts the real server on a project, uses everything it can do, and prints each step with
//! its result and its time. The project is only read.

mod live;
mod measured;
mod model;
mod names;
mod steps;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use base::Locale;
use clap::Args;
use serde_json::json;
use test_support::{Client, Started};

use crate::cli::Outcome;
use crate::files::find_modules;
use crate::lsp::Uri;

#[derive(Args)]
pub(crate) struct TourArguments {
    /// The project to walk through.
    #[arg(long, default_value = "fixtures/demo/designer")]
    path: PathBuf,
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
}

/// The state of a tour.
struct Tour {
    client: Client,
    locale: Locale,
    /// The module that is shown, below the root.
    module: PathBuf,
    uri: String,
    text: String,
    root: PathBuf,
    version: i64,
    failures: usize,
    /// A call of another module in the text.
    call: Option<names::Call>,
}

const TITLE_WIDTH: usize = 44;

pub(crate) fn run(arguments: &TourArguments) -> anyhow::Result<Outcome> {
    let locale = if arguments.language == "en" { Locale::En } else { Locale::Ru };
    let root = arguments.path.canonicalize().with_context(|| format!("{}", arguments.path.display()))?;
    let (module, text) = largest_module(&root)?;
    let binary = std::env::current_exe().context("cannot find the own binary")?;
    let started = Instant::now();
    let started_server = Started { program: &binary, arguments: &["lsp"], environment: &[] };
    let mut client = Client::start(&started_server)?;
    let result = client.initialize(json!({
        "processId": std::process::id(),
        "rootUri": address(&root)?,
        "capabilities": {
            "textDocument": {
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
                "inlineCompletion": {},
            },
            "window": {"workDoneProgress": true},
        },
        "initializationOptions": {
            "language": arguments.language,
            "diagnostics": {"debounceMilliseconds": 0},
        },
    }))?;
    let milliseconds = started.elapsed().as_secs_f64() * 1e3;
    let uri = address(&module)?;
    let module = module.strip_prefix(&root).unwrap_or(&module).to_path_buf();
    let mut tour = Tour { client, locale, module, uri, text, root, version: 1, failures: 0, call: None };
    let version = result["serverInfo"]["version"].as_str().unwrap_or("?");
    let title = tour.say("Сервер запущен и ответил", "The server has started and answered");
    tour.print(title, &format!("strizh {version}, {}", tour.root.display()), milliseconds, true)?;
    steps::walk(&mut tour)?;
    match tour.failures {
        0 => Ok(Outcome::Clean),
        _ => Ok(Outcome::Findings),
    }
}

impl Tour {
    fn say(&self, ru: &'static str, en: &'static str) -> &'static str {
        match self.locale {
            Locale::Ru => ru,
            Locale::En => en,
        }
    }

    /// Runs a step and prints what came out of it. A step that fails does not stop the tour.
    fn step(
        &mut self,
        ru: &'static str,
        en: &'static str,
        work: impl FnOnce(&mut Self) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        let result = work(self);
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        let title = self.say(ru, en);
        match result {
            Ok(result) => self.print(title, &result, milliseconds, true),
            Err(error) => {
                self.failures += 1;
                self.print(title, &format!("{error:#}"), milliseconds, false)
            }
        }
    }

    fn print(&self, title: &str, result: &str, milliseconds: f64, is_ok: bool) -> anyhow::Result<()> {
        let mark = if is_ok { "ok  " } else { "FAIL" };
        let dots = ".".repeat(TITLE_WIDTH.saturating_sub(title.chars().count()));
        let mut lines = result.lines();
        let first = lines.next().unwrap_or_default();
        let mut output = std::io::stdout().lock();
        writeln!(output, "{mark} {title} {dots} {milliseconds:>8.1} ms  {first}")?;
        for line in lines {
            writeln!(output, "       {line}")?;
        }
        Ok(())
    }
}

fn largest_module(root: &Path) -> anyhow::Result<(PathBuf, String)> {
    let modules = find_modules(&[root.to_path_buf()], &[]).modules;
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |data| data.len());
    let Some(module) = modules.into_iter().max_by_key(size) else {
        bail!("{}: no modules", root.display());
    };
    let text = crate::files::read_module(&module).map_err(|error| anyhow::anyhow!(error))?.text;
    Ok((module, text))
}

fn address(path: &Path) -> anyhow::Result<String> {
    match Uri::from_file_path(path) {
        Ok(uri) => Ok(uri.to_string()),
        Err(()) => bail!("{}: not an absolute path", path.display()),
    }
}
