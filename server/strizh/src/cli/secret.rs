//! `strizh secret`: keeps secrets of infobases in the keyring of the system.

use std::io::{IsTerminal, Read};

use base::Locale;
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
    /// Keep what is typed, or what comes through a pipe.
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
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
}

impl EntryArguments {
    fn entry(&self) -> KeyringEntry {
        KeyringEntry { service: self.service.clone(), user: self.user.clone() }
    }

    fn locale(&self) -> Locale {
        if self.language == "en" { Locale::En } else { Locale::Ru }
    }
}

pub(crate) fn run(arguments: &SecretArguments) -> anyhow::Result<Outcome> {
    let command = &arguments.command;
    let (SecretCommand::Set(arguments) | SecretCommand::Delete(arguments)) = command;
    let (entry, locale) = (arguments.entry(), arguments.locale());
    let result = match command {
        SecretCommand::Set(_) => entry.write(&read_secret(locale)?),
        SecretCommand::Delete(_) => entry.delete(),
    };
    result.map_err(|error| anyhow::anyhow!(error.text(&entry, locale)))?;
    Ok(Outcome::Clean)
}

/// From the keyboard, unseen, or from a pipe.
fn read_secret(locale: Locale) -> anyhow::Result<Secret> {
    let input = std::io::stdin();
    let mut text = String::new();
    if input.is_terminal() {
        text = rpassword::prompt_password(match locale {
            Locale::Ru => "Секрет (при вводе не показывается): ",
            Locale::En => "The secret (it is not shown): ",
        })?;
    } else {
        input.lock().take(LIMIT_BYTES + 1).read_to_string(&mut text)?;
    }
    let text = text.trim();
    let problem = match (text.is_empty(), locale) {
        (true, Locale::Ru) => "секрет пуст, ничего не сохранено",
        (true, Locale::En) => "the secret is empty; nothing is kept",
        (false, Locale::Ru) => "секрет длиннее 64 КиБ, ничего не сохранено",
        (false, Locale::En) => "the secret is longer than 64 KiB; nothing is kept",
    };
    anyhow::ensure!(!text.is_empty() && text.len() as u64 <= LIMIT_BYTES, problem);
    Ok(Secret::new(text))
}
