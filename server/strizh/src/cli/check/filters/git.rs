//! Runs git.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// What a git command says on stdout. Paths come as they are, whatever the user's settings say.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "core.quotePath=false"]).args(arguments);
    let output = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("git was not found"),
        result => result.context("git cannot be run")?,
    };
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("git: {}", complaint.lines().next().unwrap_or("failed").trim_start_matches("fatal: "));
    }
    Ok(output.stdout)
}

/// The top folder of the repository around a folder.
pub(super) fn repository(folder: &Path) -> anyhow::Result<PathBuf> {
    let top = git(folder, &["rev-parse", "--show-toplevel"])
        .with_context(|| format!("{} is not in a git repository", folder.display()))?;
    let top = PathBuf::from(String::from_utf8_lossy(&top).trim_end_matches(['\n', '\r']));
    Ok(std::fs::canonicalize(&top).unwrap_or(top))
}
