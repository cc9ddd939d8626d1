//! `strizh format`: lays out modules in place, keeping encoding and line ends.

use std::io::Write;
use std::path::{Path, PathBuf};

use base::encoding::encode;
use base::{CancelToken, apply_edits};
use clap::Args;
use ide::{FormatOptions, Indent};
use rayon::prelude::*;
use syntax::Document;

use crate::cli::{Outcome, complain};
use crate::files::{find_modules, read_module};
use crate::settings::Settings;

#[derive(Args)]
pub(crate) struct FormatArguments {
    /// Files and folders; the current folder if none is given.
    paths: Vec<PathBuf>,
    /// Change nothing; name the modules that would change and end with code 1 if there are any.
    #[arg(long)]
    check: bool,
    /// Indent by that many spaces instead of a tab.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..=16))]
    spaces: Option<u8>,
}

pub(crate) fn run(arguments: &FormatArguments) -> anyhow::Result<Outcome> {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let folder = paths.iter().find(|path| path.is_dir()).cloned().unwrap_or_else(|| PathBuf::from("."));
    let (settings, warnings) =
        Settings::for_command_line(None, &folder).map_err(|error| anyhow::anyhow!(error))?;
    warnings.iter().for_each(complain);
    let mut problems: Vec<String> = Vec::new();
    paths.retain(|path| {
        let exists = path.exists();
        if !exists {
            problems.push(format!("{}: no such file or folder", path.display()));
        }
        exists
    });
    let found = find_modules(&paths, &settings.exclude_paths);
    problems.extend(found.problems);
    let options = format_options(arguments, &settings);
    let format = |path: &PathBuf| format_file(path, &options, arguments.check);
    let results: Vec<_> = found.modules.par_iter().map(format).collect();
    let mut output = std::io::stdout().lock();
    let mut changed = 0;
    for (path, result) in found.modules.iter().zip(results) {
        match result {
            Ok(true) => {
                changed += 1;
                writeln!(output, "{}", path.strip_prefix(".").unwrap_or(path).display())?;
            }
            Ok(false) => {}
            Err(problem) => problems.push(problem),
        }
    }
    problems.iter().for_each(complain);
    Ok(match (problems.is_empty(), arguments.check && changed > 0) {
        (false, _) => Outcome::Trouble,
        (true, true) => Outcome::Findings,
        (true, false) => Outcome::Clean,
    })
}

fn format_options(arguments: &FormatArguments, settings: &Settings) -> FormatOptions {
    FormatOptions {
        indent: arguments.spaces.map_or(Indent::Tab, Indent::Spaces),
        canonical_keywords: settings.canonical_keywords,
        upper_case_operators: settings.upper_case_operators,
        trim_trailing_whitespace: true,
        insert_final_newline: true,
    }
}

/// True if the module changes.
fn format_file(path: &Path, options: &FormatOptions, only_check: bool) -> Result<bool, String> {
    let decoded = read_module(path)?;
    let document = Document::new(&decoded.text);
    let edits = ide::format(&document, None, options, &CancelToken::new());
    let (text, _) = apply_edits(&decoded.text, edits);
    if text == decoded.text {
        return Ok(false);
    }
    if !only_check {
        let bytes = encode(&text, decoded.encoding)
            .ok_or_else(|| format!("{}: the encoding of the file lacks a letter", path.display()))?;
        std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(true)
}
