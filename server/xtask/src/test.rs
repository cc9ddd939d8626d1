//! Everything that has to hold before a push, in one command.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::{editors, generate, shell, tidy};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    All,
    RustOnly,
    /// All, and the editors in which a person would look.
    RealEditors,
}

/// A title and what to do.
type Step = (&'static str, fn() -> Result<()>);

const RUST_STEPS: &[Step] = &[
    ("format", || shell::run("", "cargo", &["fmt", "--all", "--check"])),
    ("clippy", || {
        shell::run(
            "",
            "cargo",
            &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"],
        )
    }),
    ("tidy", tidy::run),
    ("Redis for the tests", provide_redis),
    ("tests", tests),
];

const EDITOR_STEPS: &[Step] = &[
    ("generated files", || generate::check(Some(&programs()?))),
    ("VS Code", || shell::run("editors/vscode", "bash", &["test/run.sh"])),
    ("Neovim", || editors::neovim(&strizh()?)),
];

pub(crate) fn run(extent: Extent) -> Result<()> {
    let mut steps = RUST_STEPS.to_vec();
    if extent != Extent::RustOnly {
        steps.extend(EDITOR_STEPS);
    }
    if extent == Extent::RealEditors {
        steps.push(("real editors", || editors::all(&[])));
    }
    let start = Instant::now();
    for (index, (title, step)) in steps.iter().enumerate() {
        let started = Instant::now();
        eprintln!("── {title}");
        if let Err(error) = step() {
            eprintln!("{index} passed, 1 failed, {} skipped", steps.len() - index - 1);
            return Err(error).with_context(|| format!("step \"{title}\""));
        }
        eprintln!("── {title}: ok in {:.0} s", started.elapsed().as_secs_f64());
    }
    eprintln!("all steps in {:.0} s", start.elapsed().as_secs_f64());
    eprintln!("{} passed, 0 failed", steps.len());
    Ok(())
}

/// The end-to-end tests get the binary that `cargo test` builds anyway: built alone it has fewer features turned on, which
/// would compile candle and most of the house a second time.
fn tests() -> Result<()> {
    shell::run("", "cargo", &["build", "--quiet", "--workspace", "--lib", "--bins", "--tests"])?;
    let binary = strizh()?;
    let environment = [(editors::BINARY_VARIABLE, binary.as_path())];
    shell::run_with(&environment, "", "cargo", &["test", "--quiet", "--workspace"])
}

fn strizh() -> Result<PathBuf> {
    Ok(programs()?.join(format!("strizh{}", std::env::consts::EXE_SUFFIX)))
}

/// Where the tests have built the programs: beside this one.
fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program has no path")?;
    Ok(own.parent().map(Path::to_owned).unwrap_or_default())
}

/// The shared cache is tested against a real server, which no package registry of Rust has.
fn provide_redis() -> Result<()> {
    if shell::read("", "redis-server", &["--version"]).is_ok() {
        return Ok(());
    }
    let install = ["install", "--yes", "--no-install-recommends", "redis-server"];
    shell::run("", "apt-get", &["update", "--quiet"])
        .and_then(|()| shell::run("", "apt-get", &install))
        .context("redis-server is not on the PATH and cannot be installed; install it and try again")
}
