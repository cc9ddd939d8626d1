//! `strizh audit verify`: whether the record of what was done to infobases is whole.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use infobase::security::verify;

use crate::cli::Outcome;
use crate::live::audit_file;

#[derive(Args)]
pub(crate) struct AuditArguments {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check every record against the one before it.
    Verify {
        /// The log; the user's own by default.
        file: Option<PathBuf>,
    },
}

pub(crate) fn run(arguments: &AuditArguments) -> anyhow::Result<Outcome> {
    let AuditCommand::Verify { file } = &arguments.command;
    let file = file.clone().or_else(audit_file).context("there is no folder for the audit; name the file")?;
    let report = verify(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut output = std::io::stdout();
    for (line, problem) in &report.problems {
        writeln!(output, "{}:{line}: {problem}", file.display())?;
    }
    writeln!(
        output,
        "{}: {} records, {} refused, {} problems",
        file.display(),
        report.records,
        report.refused,
        report.problems.len()
    )?;
    Ok(if report.problems.is_empty() { Outcome::Clean } else { Outcome::Findings })
}
