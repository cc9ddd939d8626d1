//! Generates `src` of both grammars from their `grammar.js`; with `--check` only tells whether it is up to date.
//! Contributors start it with `cargo xtask generate`. Its first build takes minutes, so nothing depends on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

/// Reserved words exist from this version of the binary interface on.
const ABI_VERSION: usize = 15;

const GRAMMARS: &[&str] = &["bsl", "sdbl"];

const GENERATED: &[&str] = &[
    "grammar.json",
    "node-types.json",
    "parser.c",
    "tree_sitter/alloc.h",
    "tree_sitter/array.h",
    "tree_sitter/parser.h",
];

#[derive(Clone, Copy)]
enum Mode {
    Write,
    Check,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mode = match words.as_slice() {
        [] => Mode::Write,
        ["--check"] => Mode::Check,
        _ => {
            eprintln!("usage: strizh-grammar-tool [--check]");
            return ExitCode::from(2);
        }
    };
    match run(mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mode: Mode) -> Result<()> {
    GRAMMARS.iter().try_for_each(|name| update(name, mode).with_context(|| format!("grammar {name}")))
}

fn update(name: &str, mode: Mode) -> Result<()> {
    let grammar = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let fresh = tempfile::tempdir().context("cannot create a temporary folder")?;
    generate(&grammar, fresh.path())?;
    let stale = stale_files(fresh.path(), &grammar.join("src"))?;
    match mode {
        Mode::Check if !stale.is_empty() => {
            bail!("out of date, run `cargo xtask generate`: {}", stale.join(", "))
        }
        Mode::Check => Ok(()),
        Mode::Write => copy(&stale, fresh.path(), &grammar.join("src")),
    }
}

fn generate(grammar: &Path, target: &Path) -> Result<()> {
    let mut diagnostics = Vec::new();
    generate_parser_in_directory(
        grammar,
        Some(target),
        None::<PathBuf>,
        ABI_VERSION,
        None,
        Some("native"),
        true,
        OptLevel::default(),
        &mut diagnostics,
    )
    .context("the grammar is wrong")
}

/// Generated files whose bytes differ from the committed ones.
fn stale_files(fresh: &Path, committed: &Path) -> Result<Vec<&'static str>> {
    let mut stale = Vec::new();
    for name in GENERATED.iter().copied() {
        let new = fs::read(fresh.join(name)).with_context(|| format!("{name} was not generated"))?;
        if fs::read(committed.join(name)).ok() != Some(new) {
            stale.push(name);
        }
    }
    Ok(stale)
}

fn copy(names: &[&str], from: &Path, to: &Path) -> Result<()> {
    for name in names {
        let target = to.join(name);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::copy(from.join(name), &target).with_context(|| format!("cannot write {}", target.display()))?;
        eprintln!("wrote {name}");
    }
    Ok(())
}
