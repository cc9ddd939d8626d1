//! The project file `.bsl-language-server.json`: the names that existing projects use.

use std::path::{Path, PathBuf};

use base::Locale;
use serde::Deserialize;
use serde_json::Value;

use crate::settings::Trigger;
use crate::settings::names::unknown_setting;

pub(crate) const SETTINGS_FILE: &str = ".bsl-language-server.json";

/// Names that are read, or accepted from files written for other tools. `*` stands for any name.
const KNOWN: &[&str] = &[
    "$schema",
    "language",
    "diagnostics.computeTrigger",
    "diagnostics.mode",
    "diagnostics.parameters.*",
    "diagnostics.metadata.*",
    "diagnostics.skipSupport",
    "diagnostics.ordinaryAppSupport",
    "diagnostics.subsystemsFilter.*",
    "diagnostics.minimumLSPDiagnosticLevel",
    "diagnostics.overrideMinimumLSPDiagnosticLevel",
    "diagnostics.ignoredAuthors",
    "diagnostics.analyzeOnStart",
    "codeLens.*",
    "documentLink.*",
    "inlayHint.*",
    "formatting.useUpperCaseForOrNotAndKeywords",
    "formatting.useKeywordsFormatting",
    "formatting.useOnTypeFormatting",
    "references.*",
    "semanticTokens.*",
    "capabilities.*",
    "workspaceSymbol.*",
    "configurationRoot",
    "excludePaths",
    "siteRoot",
    "useDevSite",
    "traceLog",
    "sendErrors",
    "oscript.*",
    "v8platform.*",
];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FileSettings {
    pub(crate) language: Language,
    pub(crate) diagnostics: Value,
    pub(crate) formatting: Formatting,
    pub(crate) configuration_root: Option<PathBuf>,
    pub(crate) exclude_paths: Vec<String>,
    pub(crate) v8platform: Platform,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Platform {
    /// For example `8.3.21`.
    target_version: Option<String>,
}

impl Platform {
    pub(crate) fn version(&self) -> Option<(u16, u16, u16)> {
        let mut numbers = self.target_version.as_deref()?.split('.').map(|part| part.trim().parse().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next()??))
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Formatting {
    #[serde(alias = "useUpperCaseForOrNotAndKeywords")]
    pub(crate) use_upper_case_for_or_not_and_keywords: Option<bool>,
    pub(crate) use_keywords_formatting: Option<bool>,
    pub(crate) use_on_type_formatting: Option<bool>,
}

/// `ru` or `en` in any case.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Language(pub(crate) Option<Locale>);

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        match name.as_deref().map(str::to_lowercase).as_deref() {
            None => Ok(Self(None)),
            Some("ru") => Ok(Self(Some(Locale::Ru))),
            Some("en") => Ok(Self(Some(Locale::En))),
            Some(other) => {
                Err(serde::de::Error::custom(format!("unknown language {other:?}, expected ru or en")))
            }
        }
    }
}

impl FileSettings {
    /// Reads the file, with warnings about it; a missing one means defaults. The error names file, line and
    /// column.
    pub(crate) fn read(path: &Path) -> Result<(Self, Vec<String>), String> {
        let place = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => parse(&String::from_utf8_lossy(&bytes), &place),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Default::default()),
            Err(error) => Err(format!("{place}: {error}")),
        }
    }

    /// When to compute diagnostics, if the file says so. The incumbent's default differs, so only an
    /// explicit value counts.
    pub(crate) fn trigger(&self) -> Option<Trigger> {
        self.diagnostics.get("computeTrigger")?.as_str().and_then(Trigger::from_name)
    }
}

fn parse(text: &str, place: &str) -> Result<(FileSettings, Vec<String>), String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(Default::default());
    }
    let located = |error: serde_json::Error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        format!("{place}:{}:{}: {message}", error.line(), error.column())
    };
    let settings = serde_json::from_str::<FileSettings>(text).map_err(located)?;
    let value = serde_json::from_str::<Value>(text).map_err(located)?;
    let mut warnings = Vec::new();
    collect_unknown(&value, "", place, &mut warnings);
    Ok((settings, warnings))
}

fn collect_unknown(value: &Value, prefix: &str, place: &str, warnings: &mut Vec<String>) {
    let Some(object) = value.as_object() else { return };
    for (key, value) in object {
        let name = format!("{prefix}{key}");
        let section = format!("{name}.");
        if KNOWN.contains(&name.as_str()) || KNOWN.contains(&format!("{prefix}*").as_str()) {
            continue;
        }
        if KNOWN.iter().any(|known| known.starts_with(&section)) {
            collect_unknown(value, &section, place, warnings);
            continue;
        }
        let known = KNOWN.iter().map(|known| known.trim_end_matches(".*"));
        warnings.push(unknown_setting(&name, place, known));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_json_is_located() {
        let error =
            parse("{\n  \"language\": \"ru\",\n}", "p.json").expect_err("invariant: a trailing comma");
        assert_eq!(error, "p.json:3:1: trailing comma");
        let error = parse("{\"language\": \"de\"}", "p.json").expect_err("invariant: an unknown language");
        assert_eq!(error, "p.json:1:18: unknown language \"de\", expected ru or en");
    }

    #[test]
    fn unknown_names_are_reported_once_with_the_nearest_one() {
        let text = r#"{"langauge": "ru", "diagnostics": {"parameters": {"LineLength": true}, "mod": "all"}}"#;
        let (_, mut warnings) = parse(text, "p.json").expect("invariant: correct JSON");
        warnings.sort();
        assert_eq!(
            warnings,
            [
                "p.json: unknown setting \"diagnostics.mod\"; did you mean \"diagnostics.mode\"?",
                "p.json: unknown setting \"langauge\"; did you mean \"language\"?",
            ]
        );
    }

    #[test]
    fn a_file_of_another_tool_is_accepted_whole() {
        let text = "\u{feff}{\"language\": \"EN\", \"sendErrors\": \"never\", \"codeLens\": {\"a\": 1}, \
                    \"diagnostics\": {\"computeTrigger\": \"onsave\", \"subsystemsFilter\": {\"include\": []}}}";
        let (settings, warnings) = parse(text, "p.json").expect("invariant: correct JSON");
        assert_eq!(warnings, [""; 0]);
        assert_eq!(settings.language.0, Some(Locale::En));
        assert_eq!(settings.trigger(), Some(Trigger::OnSave));
    }
}
