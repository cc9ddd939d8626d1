//! Everything that has to hold before a push, in one command.

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
    ("tests", || shell::run("", "cargo", &["test", "--quiet", "--workspace"])),
];

const EDITOR_STEPS: &[Step] = &[
    ("generated files", || generate::run(generate::Mode::Check)),
    ("VS Code", || shell::run("editors/vscode", "bash", &["test/run.sh"])),
    ("Neovim", editors::neovim),
];

pub(crate) fn run(extent: Extent) -> Result<()> {
    let mut steps = RUST_STEPS.to_vec();
    if extent != Extent::RustOnly {
        steps.extend(EDITOR_STEPS);
    }
    if extent == Extent::RealEditors {
        steps.push(("real editors", editors::all));
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
