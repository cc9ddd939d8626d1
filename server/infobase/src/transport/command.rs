//! Any program of the user's own, with placeholders for the module. No shell is between.

use std::time::Duration;

use base::CancelToken;

use crate::change::AppliesTo;
use crate::transport::output::{diagnostics_of, summary};
use crate::transport::process::run;
use crate::transport::staging::{Staged, stage};
use crate::transport::{
    Applied, CommandLine, Failure, FailureKind, Plan, SourceFiles, Transport, TransportKind, Update,
};

/// The code by which a program says that a later attempt may succeed (`EX_TEMPFAIL`).
const TRY_AGAIN: i32 = 75;

/// Placeholders: `{file}`, `{root}`, `{path}`, `{module}`, `{metadata}`, `{extension}`, `{sha256}`, `{endSessions}`.
pub struct CommandTransport {
    pub program: String,
    pub arguments: Vec<String>,
    pub files: SourceFiles,
}

impl CommandTransport {
    fn line(&self, update: &Update, file: &str, root: &str) -> CommandLine {
        let mut line = CommandLine::new(&self.program);
        let end_sessions = if update.may_end_sessions { "yes" } else { "no" };
        let known = [
            ("{file}", file),
            ("{root}", root),
            ("{path}", update.module.path.as_str()),
            ("{module}", update.module.stem()),
            ("{metadata}", update.module.metadata.as_str()),
            ("{extension}", self.files.extension.as_str()),
            ("{sha256}", update.request.sha256.as_str()),
            ("{endSessions}", end_sessions),
        ];
        for argument in &self.arguments {
            line.add(filled(argument, &known));
        }
        line
    }
}

/// In one pass: what a placeholder stands for is never looked at again.
fn filled(argument: &str, known: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = argument;
    while let Some(at) = rest.find('{') {
        let (before, behind) = rest.split_at(at);
        text.push_str(before);
        match known.iter().find(|(name, _)| behind.starts_with(name)) {
            Some((name, value)) => {
                text.push_str(value);
                rest = &behind[name.len()..];
            }
            None => {
                text.push('{');
                rest = &behind[1..];
            }
        }
    }
    text + rest
}

impl Transport for CommandTransport {
    fn kind(&self) -> TransportKind {
        TransportKind::Command
    }

    fn plan(&self, update: &Update) -> Plan {
        let path = update.module.designer_path();
        let root =
            self.files.root.as_ref().map_or("<temporary folder>".into(), |root| root.to_string_lossy());
        let line = self.line(update, &format!("{root}/{path}"), &root);
        Plan { steps: vec![line.shown()], files: vec![path] }
    }

    fn apply(&mut self, update: &Update, limit: Duration, cancel: &CancelToken) -> Result<Applied, Failure> {
        let Staged { root, path, folder } = stage(&self.files, update)?;
        let file = root.join(path);
        let line = self.line(update, &file.to_string_lossy(), &root.to_string_lossy());
        let finished = run(&line, limit, cancel)?;
        drop(folder);
        let diagnostics = diagnostics_of(&finished.output);
        let kind = match finished.code {
            Some(0) => {
                return Ok(Applied {
                    backend: TransportKind::Command.name().to_owned(),
                    applies_to: AppliesTo::NewSessions,
                    diagnostics,
                    ..Applied::default()
                });
            }
            Some(TRY_AGAIN) => FailureKind::Again,
            _ => FailureKind::Rejected,
        };
        let code = finished.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
        let message = format!("{} ended with {code}: {}", self.program, summary(&finished.output));
        let failure = Failure { diagnostics, ..Failure::new(kind, message) };
        Err(if kind == FailureKind::Again { failure } else { failure.after_a_change() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once() {
        let known = [("{module}", "{file}"), ("{file}", "/tmp/м.bsl")];
        assert_eq!(filled("a{module}-{file}{other}{", &known), "a{file}-/tmp/м.bsl{other}{");
    }
}
