//! Generated files: the parser, the settings page of the VS Code extension, the list of rules.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{measure_rules, shell};

const PACKAGE: &str = "editors/vscode/package.json";

/// Settings of the client itself; the server does not know them.
const CLIENT_SETTINGS: &[&str] = &["strizh.server.", "strizh.trace."];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

pub(crate) fn run(mode: Mode) -> Result<()> {
    let mut arguments = vec!["run", "--quiet", "--package", "strizh-grammar-tool", "--"];
    if mode == Mode::Check {
        arguments.push("--check");
    }
    shell::run("", "cargo", &arguments)?;
    settings(mode)?;
    rules(mode)
}

/// Writes the pages that list the rules.
fn rules(mode: Mode) -> Result<()> {
    for (language, file) in [("en", "docs/rules.md"), ("ru", "docs/rules.ru.md")] {
        let arguments =
            ["run", "--quiet", "--package", "strizh", "--", "explain", "--table", "--language", language];
        let new = shell::read("", "cargo", &[&arguments[..], &["--costs", measure_rules::COSTS]].concat())?;
        let path = shell::root().join(file);
        match mode {
            Mode::Check if fs::read_to_string(&path).unwrap_or_default() != new => {
                bail!("{file} is out of date: run `cargo xtask generate`")
            }
            Mode::Check => {}
            Mode::Write => fs::write(&path, new).with_context(|| format!("cannot write {file}"))?,
        }
    }
    Ok(())
}

/// Puts the server's settings into the manifest of the extension.
fn settings(mode: Mode) -> Result<()> {
    let schema =
        shell::read("", "cargo", &["run", "--quiet", "--package", "strizh", "--", "settings-schema"])?;
    let schema: Value = serde_json::from_str(&schema).context("settings-schema printed no JSON")?;
    let path = shell::root().join(PACKAGE);
    let old = fs::read_to_string(&path).with_context(|| format!("cannot read {PACKAGE}"))?;
    let mut package: Value = serde_json::from_str(&old).with_context(|| format!("{PACKAGE} is no JSON"))?;
    let properties = package
        .pointer_mut("/contributes/configuration/properties")
        .and_then(Value::as_object_mut)
        .with_context(|| format!("{PACKAGE} has no contributes.configuration.properties"))?;
    properties.retain(|name, _| CLIENT_SETTINGS.iter().any(|prefix| name.starts_with(prefix)));
    properties.extend(schema.as_object().context("settings-schema printed no object")?.clone());
    properties.sort_keys();
    let new = serde_json::to_string_pretty(&package)? + "\n";
    match mode {
        Mode::Check if new != old => bail!("{PACKAGE} is out of date: run `cargo xtask generate`"),
        Mode::Check => Ok(()),
        Mode::Write => fs::write(&path, new).with_context(|| format!("cannot write {PACKAGE}")),
    }
}
