//! Running programs from the root of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// Runs a program in a folder of the repository; its output goes to the terminal.
pub(crate) fn run(folder: &str, program: &str, arguments: &[&str]) -> Result<()> {
    run_with(&[], folder, program, arguments)
}

/// The same with more variables in its environment.
pub(crate) fn run_with(
    environment: &[(&str, &Path)],
    folder: &str,
    program: &str,
    arguments: &[&str],
) -> Result<()> {
    let line = format!("{program} {}", arguments.join(" "));
    let mut command = command(folder, program, arguments);
    let variables = environment.iter().map(|(name, path)| (name, path.as_os_str()));
    let status = command.envs(variables).status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed in {}: {status}", if folder.is_empty() { "the root folder" } else { folder });
    }
    Ok(())
}

/// Standard output of a program that has to succeed.
pub(crate) fn read(folder: &str, program: &str, arguments: &[&str]) -> Result<String> {
    let line = format!("{program} {}", arguments.join(" "));
    let output =
        command(folder, program, arguments).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed no UTF-8"))
}

fn command(folder: &str, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root().join(folder));
    command
}
