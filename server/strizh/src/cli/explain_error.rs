//! `strizh explain-error`: a pasted error becomes a place, a reason and repairs.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base::encoding::{decode, encode};
use base::{CancelToken, Locale, apply_edits};
use clap::Args;
use errors::{Explanation, LineState, Occurrences, Rendering, Repair, Style, explain};
use semantics::Project;
use serde::Serialize;

use crate::cli::{Outcome, complain};
use crate::error_history::{ErrorHistory, moment};
use crate::files::read_module;
use crate::settings::Settings;
use crate::workspace::{CachedSource, Unobserved, WorkspaceOptions, load, project_folder};

/// More text is not read: an error is a page at most.
const MAX_INPUT: u64 = 16 << 20;

#[derive(Args)]
pub(crate) struct ExplainErrorArguments {
    /// File with the text of the error; `-` or nothing reads stdin.
    file: Option<PathBuf>,
    /// Folder of the configuration or the scripts; the current folder if none is given.
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    #[arg(long, default_value = "text", value_parser = ["text", "markdown", "json"])]
    format: String,
    #[arg(long, value_parser = ["ru", "en"])]
    language: Option<String>,
    /// Make the repair with this number of the first error.
    #[arg(long, value_name = "NUMBER")]
    apply: Option<usize>,
    /// Remember what helped, for the next time.
    #[arg(long, value_name = "NOTE")]
    fixed: Option<String>,
    /// Neither look at earlier occurrences nor remember this one.
    #[arg(long)]
    no_history: bool,
}

/// One error in the JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(flatten)]
    explanation: &'a Explanation,
    occurrences: &'a Occurrences,
}

pub(crate) fn run(arguments: &ExplainErrorArguments) -> anyhow::Result<Outcome> {
    let text = input(arguments.file.as_deref())?;
    if text.trim().is_empty() {
        bail!("no text of an error was given");
    }
    let given = arguments.project.clone().unwrap_or_else(|| PathBuf::from("."));
    if !given.is_dir() {
        bail!("{}: no such folder", given.display());
    }
    let folder = project_folder(&given);
    let (settings, warnings) =
        Settings::for_command_line(None, &folder).map_err(|error| anyhow::anyhow!(error))?;
    warnings.iter().for_each(complain);
    let locale = match arguments.language.as_deref() {
        Some("en") => Locale::En,
        Some(_) => Locale::Ru,
        None => settings.language,
    };
    let project = read_project(&folder, &settings, locale);
    let read = |path: &Path| read_module(path).ok().map(|decoded| decoded.text);
    let found = explain(&text, &project, &read, locale);
    let mut history =
        if arguments.no_history { ErrorHistory::nothing() } else { ErrorHistory::of_project(&folder) };
    let note = arguments.fixed.as_deref().unwrap_or_default();
    let occurrences: Vec<Occurrences> = found.iter().map(|found| history.note(found, note)).collect();
    if let Err(error) = history.save() {
        complain(format_args!("{error:#}"));
    }
    show(arguments, &folder, locale, &found, &occurrences)?;
    if let Some(number) = arguments.apply {
        let repairs = found.first().map_or(&[][..], |found| found.repairs.as_slice());
        let repair = number.checked_sub(1).and_then(|index| repairs.get(index));
        let Some(repair) = repair else { bail!("there is no repair {number}, only {}", repairs.len()) };
        let is_other_text = found.first().and_then(|found| found.place.as_ref()).map(|place| place.state);
        if is_other_text == Some(LineState::Differs) {
            bail!("{}: the file is not what ran, nothing was changed", repair.path.display());
        }
        apply(repair)?;
    }
    let is_known = found.iter().any(|found| !found.entry.is_empty() || found.place.is_some());
    Ok(if is_known { Outcome::Clean } else { Outcome::Findings })
}

fn input(file: Option<&Path>) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let name = match file.filter(|file| *file != Path::new("-")) {
        Some(file) => {
            let opened =
                std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
            opened.take(MAX_INPUT).read_to_end(&mut bytes)?;
            file.display().to_string()
        }
        None => {
            std::io::stdin().lock().take(MAX_INPUT).read_to_end(&mut bytes).context("cannot read stdin")?;
            "stdin".to_owned()
        }
    };
    decode(bytes).map(|decoded| decoded.text).map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

fn read_project(folder: &Path, settings: &Settings, language: Locale) -> Project {
    let folders = vec![folder.to_owned()];
    let source = CachedSource::open(&folders);
    let exclude = settings.exclude_paths.clone();
    let options = WorkspaceOptions { folders, exclude, help_folder: None, language };
    let workspace = load(&options, &source, &source, &Unobserved, &CancelToken::new());
    source.save();
    workspace.map(|workspace| workspace.project).unwrap_or_default()
}

fn show(
    arguments: &ExplainErrorArguments,
    folder: &Path,
    locale: Locale,
    found: &[Explanation],
    occurrences: &[Occurrences],
) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    let pairs = found.iter().zip(occurrences);
    if arguments.format == "json" {
        let answers: Vec<Answer<'_>> =
            pairs.map(|(explanation, occurrences)| Answer { explanation, occurrences }).collect();
        serde_json::to_writer_pretty(&mut output, &serde_json::json!({"errors": answers}))?;
        writeln!(output)?;
        return Ok(());
    }
    let style = if arguments.format == "markdown" { Style::Markdown } else { Style::Text };
    let rendering = Rendering { style, locale, folder: Some(folder), moment: &moment };
    for (index, (explanation, occurrences)) in pairs.enumerate() {
        if index > 0 {
            writeln!(output, "\n{}\n", "-".repeat(60))?;
        }
        output.write_all(rendering.render(explanation, occurrences).as_bytes())?;
    }
    Ok(())
}

/// Writes a module as it was: with its encoding.
fn apply(repair: &Repair) -> anyhow::Result<()> {
    let path = &repair.path;
    let decoded = read_module(path).map_err(|error| anyhow::anyhow!(error))?;
    let (text, _) = apply_edits(&decoded.text, repair.edits.clone());
    let Some(bytes) = encode(&text, decoded.encoding) else {
        bail!("{}: the encoding of the file lacks a letter", path.display());
    };
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    complain(format_args!("{}: {}", path.display(), repair.title));
    Ok(())
}
