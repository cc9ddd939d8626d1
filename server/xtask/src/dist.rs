//! What users install: the release binary, and the VS Code package that carries it.

use std::fs;

use anyhow::{Context, Result};

use crate::shell;

pub(crate) fn run() -> Result<()> {
    shell::run("", "cargo", &["build", "--release", "--package", "strizh"])?;
    let root = shell::root();
    let name = format!("strizh{}", std::env::consts::EXE_SUFFIX);
    let server = root.join("editors/vscode/server");
    fs::create_dir_all(&server).context("cannot create editors/vscode/server")?;
    fs::copy(root.join("target/release").join(&name), server.join(&name))
        .context("cannot copy the binary")?;
    shell::run("editors/vscode", "npm", &["ci"])?;
    let target = vscode_target();
    let out = format!("../../target/strizh-{target}.vsix");
    shell::run("editors/vscode", "npm", &["run", "package", "--", "--target", &target, "-o", &out])?;
    eprintln!("target/release/{name}\ntarget/strizh-{target}.vsix");
    Ok(())
}

/// Name of this platform in the marketplace.
fn vscode_target() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{machine}")
}
