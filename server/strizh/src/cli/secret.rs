//! `strizh secret`: keeps secrets of infobases in the keyring of the system.

use std::io::{IsTerminal, Read, Write};

use clap::{Args, Subcommand};
use infobase::security::{KeyringEntry, OWN_SERVICE, Secret};

use crate::cli::Outcome;

/// A secret is a password or a token, not a file.
const LIMIT_BYTES: u64 = 64 * 1024;

#[derive(Args)]
pub(crate) struct SecretArguments {
    #[command(subcommand)]
    command: SecretCommand,
}

#[derive(Subcommand)]
enum SecretCommand {
    /// Keep what stands on the standard input.
    Set(EntryArguments),
    /// Remove what is kept.
    Delete(EntryArguments),
}

#[derive(Args)]
struct EntryArguments {
    /// The `user` of {"keyring": {"user": …}}.
    user: String,
    /// The application that the secret is kept for.
    #[arg(long, default_value = OWN_SERVICE)]
    service: String,
}

impl EntryArguments {
    fn entry(&self) -> KeyringEntry {
        KeyringEntry { service: self.service.clone(), user: self.user.clone() }
    }
}

pub(crate) fn run(arguments: &SecretArguments) -> anyhow::Result<Outcome> {
    let (entry, result) = match &arguments.command {
        SecretCommand::Set(arguments) => {
            let entry = arguments.entry();
            let result = entry.write(&read_secret()?);
            (entry, result)
        }
        SecretCommand::Delete(arguments) => {
            let entry = arguments.entry();
            let result = entry.delete();
            (entry, result)
        }
    };
    result.map_err(|error| anyhow::anyhow!(error.text(&entry, base::Locale::En)))?;
    Ok(Outcome::Clean)
}

fn read_secret() -> anyhow::Result<Secret> {
    let input = std::io::stdin();
    if input.is_terminal() {
        writeln!(std::io::stderr(), "the secret, then the end of the input (it is shown while typed):")?;
    }
    let mut text = String::new();
    input.lock().take(LIMIT_BYTES).read_to_string(&mut text)?;
    let text = text.trim();
    anyhow::ensure!(!text.is_empty(), "the standard input is empty; nothing is kept");
    Ok(Secret::new(text))
}
