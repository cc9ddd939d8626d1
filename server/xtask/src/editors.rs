//! Real editors: what they show, and that the same edits end in the same findings everywhere.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

const DEMO: &str = "fixtures/demo/designer";
/// A binary to try instead of building one.
pub(crate) const BINARY_VARIABLE: &str = "STRIZH_BINARY";

/// Neovim from pip opens a module of the demo and has to show findings; quick enough for every push.
pub(crate) fn neovim(binary: &Path) -> Result<()> {
    run_script("nvim/test/run.sh", binary, Some("nvim"), &["STABLE_ONLY=1"])
}

/// Everything in every editor that can be had here: a VS Code workbench, two versions of Neovim, Emacs, Helix.
pub(crate) fn all() -> Result<()> {
    let binary = release_binary()?;
    run_script("vscode/test/workbench/run.sh", &binary, Some("vscode"), &[])?;
    run_script("nvim/test/run.sh", &binary, Some("nvim"), &[])?;
    run_script("emacs/test/run.sh", &binary, None, &[])?;
    run_script("helix/test/run.sh", &binary, None, &[])?;
    same_findings()
}

fn release_binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(BINARY_VARIABLE) {
        return Ok(PathBuf::from(path));
    }
    shell::run("", "cargo", &["build", "--quiet", "--release", "--package", "strizh"])?;
    Ok(shell::root().join("target/release/strizh"))
}

/// Runs a script of an editor; screenshots and results go to `target/editors/OUT`.
fn run_script(script: &str, binary: &Path, out: Option<&str>, environment: &[&str]) -> Result<()> {
    if !cfg!(unix) {
        eprintln!("editors/{script} needs a shell of Unix and is left out");
        return Ok(());
    }
    let binary = binary.to_string_lossy();
    let script = format!("editors/{script}");
    let out = out.map(|name| format!("target/editors/{name}"));
    let mut arguments = environment.to_vec();
    arguments.extend(["bash", &script, &binary, DEMO]);
    arguments.extend(out.as_deref());
    shell::run("", "env", &arguments)
}

/// The session of edits in `editors/test/session.json` has the same end in all editors.
fn same_findings() -> Result<()> {
    let folder = shell::root().join("target/editors");
    let read = |name: &str| -> Result<Value> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
    };
    let expected = read("vscode/session.json")?;
    for other in ["nvim/session-0.11.json", "nvim/session-0.12.json"] {
        if !folder.join(other).exists() {
            eprintln!("{other} is missing: that editor was left out");
            continue;
        }
        let found = read(other)?;
        if found != expected {
            bail!("{other} ends with other findings than VS Code:\n{found:#}\n{expected:#}");
        }
    }
    let count = expected.as_array().map_or(0, Vec::len);
    eprintln!("the session of edits ends with the same {count} findings everywhere");
    Ok(())
}
