//! `strizh model`: files of models are merged, looked at and kept. One file per subcommand.

mod eval;
mod finetune;
mod inspect;
mod list;
mod merge;
mod progress;
mod pull;
mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};

use ai::embedded;
use ai::files::ModelsFolder;
use anyhow::Context;
use base::Locale;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::facts_store::{MODELS, SUGGESTIONS, cache_folder, create_folder};

#[derive(Args)]
pub(crate) struct ModelArguments {
    /// Language of the messages.
    #[arg(long, global = true, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    #[command(subcommand)]
    command: ModelCommand,
}

#[derive(Subcommand)]
enum ModelCommand {
    /// Write a model as one GGUF file, with LoRA adapters merged into it.
    Merge(Box<merge::MergeArguments>),
    /// Tell what a model or an adapter is: sizes, types, tokenizer, licence, memory.
    Inspect(inspect::InspectArguments),
    /// Read a model or an adapter to the last byte and tell whether it can be used.
    Verify(verify::VerifyArguments),
    /// Measure completion on configurations that the model has not seen.
    Eval(Box<eval::EvalArguments>),
    /// Fetch a model from a mirror that you name.
    Pull(pull::PullArguments),
    /// List the models of this machine.
    List(list::ListArguments),
    /// Delete suggestions that earlier sessions have left on this machine.
    ClearCache,
    /// Train LoRA adapters of a model on one's own modules.
    Finetune(Box<finetune::FinetuneArguments>),
}

pub(crate) fn run(arguments: &ModelArguments) -> anyhow::Result<Outcome> {
    let locale = if arguments.language == "en" { Locale::En } else { Locale::Ru };
    match &arguments.command {
        ModelCommand::Merge(arguments) => merge::run(arguments, locale),
        ModelCommand::Inspect(arguments) => inspect::run(arguments, locale),
        ModelCommand::Verify(arguments) => verify::run(arguments, locale),
        ModelCommand::Eval(arguments) => eval::run(arguments, locale),
        ModelCommand::Pull(arguments) => pull::run(arguments, locale),
        ModelCommand::List(arguments) => list::run(arguments, locale),
        ModelCommand::ClearCache => clear_cache(locale),
        ModelCommand::Finetune(arguments) => finetune::run(arguments, locale),
    }
}

fn clear_cache(locale: Locale) -> anyhow::Result<Outcome> {
    let folder = cache_folder().context("the user has no folder for caches")?.join(SUGGESTIONS);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| folder.display().to_string());
        }
        _ => {}
    }
    let folder = folder.display();
    match locale {
        Locale::Ru => writeln!(std::io::stdout(), "{folder}: подсказок прошлых сеансов больше нет")?,
        Locale::En => writeln!(std::io::stdout(), "{folder}: no suggestions of earlier sessions are left")?,
    }
    Ok(Outcome::Clean)
}

/// Where models are kept: the given folder, or the one in the user's cache.
fn models_folder(given: Option<&Path>) -> anyhow::Result<ModelsFolder> {
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None => cache_folder()
            .context("the user has no folder for caches: give one with `--models`")?
            .join(MODELS),
    };
    create_folder(&folder).with_context(|| folder.display().to_string())?;
    Ok(ModelsFolder::new(folder))
}

/// A path as it was given; for the word `embedded` the model of this program, written to the folder of models.
fn model_path(given: &Path, models: Option<&Path>) -> anyhow::Result<PathBuf> {
    if given != Path::new("embedded") {
        return Ok(given.to_owned());
    }
    Ok(models_folder(models)?.export(embedded::NAME, embedded::BYTES)?)
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    const MIB: f64 = (1 << 20) as f64;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..0x10_0000 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / MIB),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 40370176 as `40,370,176`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut result = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!([0, 999, 1000, 40_370_176].map(grouped), ["0", "999", "1,000", "40,370,176"]);
        assert_eq!([5, 2048, 9 << 20].map(size), ["5 B", "2.0 KiB", "9.0 MiB"]);
        assert_eq!(hex(&[0, 171]), "00ab");
    }
}
