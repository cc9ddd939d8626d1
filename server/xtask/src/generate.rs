//! Generated files: the parser, the settings page of the VS Code extension, the list of rules.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{measure_rules, shell};

const PACKAGE: &str = "editors/vscode/package.json";

/// Settings of the client itself; the server does not know them.
const CLIENT_SETTINGS: &[&str] = &["strizh.server.", "strizh.trace."];

const SETTINGS_HEAD_EN: &str = "\
# Settings of the server

[По-русски](settings.ru.md)

The section `strizh` of the editor's settings; other clients send it as initialization options. Rules and everything else
about a project are in `.bsl-language-server.json` in its root, see [migrating.md](migrating.md). What only the VS Code client
knows is in [its page](../editors/vscode/README.md). This table is made from the program.

`*`: belongs to the user's own settings; a folder cannot set it.

| Setting | Meaning | Default |
|---|---|---|
";

const SETTINGS_HEAD_RU: &str = "\
# Настройки сервера

[English](settings.md)

Раздел `strizh` настроек редактора; другие клиенты передают его при запуске. Правила и всё, что относится к проекту,
настраиваются файлом `.bsl-language-server.json` в его корне, см. [migrating.ru.md](migrating.ru.md). Что знает только клиент
VS Code — на [его странице](../editors/vscode/README.md). Таблица получена из программы.

`*`: задаётся только в настройках пользователя, папка её задать не может.

| Настройка | Что значит | По умолчанию |
|---|---|---|
";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

/// Rewrites the files. Programs are built for it.
pub(crate) fn write() -> Result<()> {
    all(Mode::Write, None)
}

/// Checks the files; programs lie in a folder, or are built.
pub(crate) fn check(programs: Option<&Path>) -> Result<()> {
    all(Mode::Check, programs)
}

fn all(mode: Mode, programs: Option<&Path>) -> Result<()> {
    let check: &[&str] = if mode == Mode::Check { &["--check"] } else { &[] };
    start(programs, "strizh-grammar-tool", check, |program, arguments| shell::run("", program, arguments))?;
    let strizh = |arguments: &[&str]| {
        start(programs, "strizh", arguments, |program, arguments| shell::read("", program, arguments))
    };
    settings(mode, &strizh)?;
    settings_pages(mode, &strizh)?;
    queries(mode)?;
    rules(mode, &strizh)
}

/// Starts a program of the workspace: from a folder, or through cargo.
fn start<T>(
    programs: Option<&Path>,
    name: &str,
    arguments: &[&str],
    run: impl FnOnce(&str, &[&str]) -> Result<T>,
) -> Result<T> {
    match programs {
        Some(folder) => {
            let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
            run(&path.to_string_lossy(), arguments)
        }
        None => run("cargo", &[&["run", "--quiet", "--package", name, "--"], arguments].concat()),
    }
}

type Program<'a> = &'a dyn Fn(&[&str]) -> Result<String>;

/// Writes the pages that list the rules.
fn rules(mode: Mode, strizh: Program<'_>) -> Result<()> {
    for (language, file) in [("en", "docs/rules.md"), ("ru", "docs/rules.ru.md")] {
        let new = strizh(&["explain", "--table", "--language", language, "--costs", measure_rules::COSTS])?;
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

/// Writes the pages that list the settings of the server.
fn settings_pages(mode: Mode, strizh: Program<'_>) -> Result<()> {
    for (language, file, head) in
        [("en", "docs/settings.md", SETTINGS_HEAD_EN), ("ru", "docs/settings.ru.md", SETTINGS_HEAD_RU)]
    {
        let schema: Value = serde_json::from_str(&strizh(&["settings-schema", "--language", language])?)
            .context("settings-schema printed no JSON")?;
        let mut new = head.to_owned();
        for (name, setting) in schema.as_object().context("settings-schema printed no object")? {
            new += &settings_row(name, setting);
        }
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

fn settings_row(name: &str, setting: &Value) -> String {
    let description = setting["markdownDescription"].as_str().unwrap_or_default().replace('|', "\\|");
    let values: Vec<String> = setting["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(|value| format!("`{value}`")))
        .collect();
    let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) };
    let default = match &setting["default"] {
        Value::Null => "–".to_owned(),
        default => format!("`{default}`"),
    };
    let mark = if setting["scope"] == "machine" { " \\*" } else { "" };
    format!("| `{name}`{mark} | {description}{values} | {default} |\n")
}

/// What the folder of an untrusted workspace must not set: everything that belongs to the machine or names another one.
fn restricted(properties: &serde_json::Map<String, Value>) -> Value {
    let is_restricted = |name: &str, setting: &Value| {
        let scope = setting["scope"].as_str().unwrap_or_default();
        scope.starts_with("machine")
            || name.starts_with("strizh.ai.remote.")
            || name.starts_with("strizh.infobase.")
    };
    properties
        .iter()
        .filter(|(name, value)| is_restricted(name, value))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// Copies the queries of the grammars to where Neovim looks for them.
fn queries(mode: Mode) -> Result<()> {
    for language in ["bsl", "sdbl"] {
        let from = shell::root().join("grammar").join(language).join("queries");
        let to = shell::root().join("editors/nvim/queries").join(language);
        for entry in fs::read_dir(&from).with_context(|| format!("cannot list {}", from.display()))? {
            let (source, target) = {
                let entry = entry?;
                (entry.path(), to.join(entry.file_name()))
            };
            let new = fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
            match mode {
                Mode::Check if fs::read(&target).unwrap_or_default() != new => {
                    bail!("{} is out of date: run `cargo xtask generate`", target.display())
                }
                Mode::Check => {}
                Mode::Write => fs::create_dir_all(&to)
                    .and_then(|()| fs::write(&target, new))
                    .with_context(|| format!("cannot write {}", target.display()))?,
            }
        }
    }
    Ok(())
}

/// Puts the server's settings into the manifest of the extension.
fn settings(mode: Mode, strizh: Program<'_>) -> Result<()> {
    let schema: Value =
        serde_json::from_str(&strizh(&["settings-schema"])?).context("settings-schema printed no JSON")?;
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
    let restricted = restricted(properties);
    *package
        .pointer_mut("/capabilities/untrustedWorkspaces/restrictedConfigurations")
        .with_context(|| format!("{PACKAGE} has no restrictedConfigurations"))? = restricted;
    let new = serde_json::to_string_pretty(&package)? + "\n";
    match mode {
        Mode::Check if new != old => bail!("{PACKAGE} is out of date: run `cargo xtask generate`"),
        Mode::Check => Ok(()),
        Mode::Write => fs::write(&path, new).with_context(|| format!("cannot write {PACKAGE}")),
    }
}
