//! The formats, and where each of them goes.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::report::{File, Report, Summary, code_quality, console, generic, json, junit, sarif, tslint};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Console,
    /// All findings and figures of all modules.
    Json,
    /// Code hosts and editors.
    Sarif,
    /// Build servers that show tests.
    Junit,
    /// Generic issues of SonarQube.
    Generic,
    /// Code quality of GitLab.
    CodeQuality,
    /// Tools that read reports of TSLint.
    Tslint,
}

/// `FORMAT` or `FORMAT=FILE`.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) format: Format,
    /// `None` means stdout.
    pub(crate) file: Option<PathBuf>,
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the name of the file is missing".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = Format::from_str(name, true).map_err(|_| {
            let known = Format::value_variants().iter().filter_map(|format| format.to_possible_value());
            let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
            format!("unknown format \"{name}\"; known formats: {}", known.join(", "))
        })?;
        Ok(Self { format, file })
    }
}

impl Format {
    pub(super) fn shows_clean_modules(self) -> bool {
        self == Self::Json
    }

    pub(super) fn begin(self, report: &Report<'_>) -> String {
        match self {
            Self::Console => String::new(),
            Self::Json => json::begin(report),
            Self::Sarif => sarif::begin(report),
            Self::Junit => junit::BEGIN.to_owned(),
            Self::Generic => generic::BEGIN.to_owned(),
            Self::CodeQuality | Self::Tslint => "[".to_owned(),
        }
    }

    pub(super) fn file(self, report: &Report<'_>, file: &File<'_>) -> String {
        match self {
            Self::Console => console::file(report, file),
            Self::Json => json::file(report, file),
            Self::Sarif => sarif::file(report, file),
            Self::Junit => junit::file(report, file),
            Self::Generic => generic::file(report, file),
            Self::CodeQuality => code_quality::file(report, file),
            Self::Tslint => tslint::file(report, file),
        }
    }

    /// What stands between two parts.
    pub(super) fn separator(self) -> &'static str {
        match self {
            Self::Console | Self::Junit => "",
            _ => ",\n",
        }
    }

    pub(super) fn end(self, report: &Report<'_>, summary: &Summary) -> String {
        match self {
            Self::Console => console::end(report, summary),
            Self::Json => "]}\n".to_owned(),
            Self::Sarif => sarif::end(summary),
            Self::Junit => junit::END.to_owned(),
            Self::Generic => "]}\n".to_owned(),
            Self::CodeQuality | Self::Tslint => "]\n".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_name_a_format_and_perhaps_a_file() {
        let target: Target = "code-quality=out/a=b.json".parse().expect("a target");
        assert_eq!((target.format, target.file), (Format::CodeQuality, Some("out/a=b.json".into())));
        let target: Target = "JSON".parse().expect("a target");
        assert_eq!((target.format, target.file), (Format::Json, None));
        assert!("xml".parse::<Target>().expect_err("an unknown format").contains("junit"));
        assert!("json=".parse::<Target>().is_err());
    }
}
