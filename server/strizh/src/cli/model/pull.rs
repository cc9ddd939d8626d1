//! `strizh model pull`: fetches a model from a mirror that the user names, the only command for models that opens a
//! connection.

use std::io::Write;
use std::path::PathBuf;

use ai::files::inspect;
use ai::pull::{Progress, PullRequest, pull};
use anyhow::bail;
use base::{CancelToken, Locale};
use clap::Args;

use crate::cli::model::{models_folder, progress, size};
use crate::cli::{Outcome, complain};

#[derive(Args)]
pub(crate) struct PullArguments {
    /// Name from the list of the mirror, name of a file there, or the whole address of a file.
    #[arg(value_name = "NAME|URL")]
    name: String,
    /// Address of the folder with models.
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
    /// The hash that the file must have, as 64 hexadecimal digits.
    #[arg(long, value_name = "HASH")]
    sha256: Option<String>,
    /// A longer file is refused, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 8192)]
    max_size: u64,
    /// Own certificate authority, as a PEM file.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Address of a proxy.
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// Folder where models are kept, instead of the one in the user's cache.
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
}

pub(super) fn run(arguments: &PullArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let (mirror, name) = source(&arguments.name, arguments.mirror.as_deref())?;
    let request = PullRequest {
        mirror,
        name,
        folder: models_folder(arguments.models.as_deref())?.folder,
        sha256: arguments.sha256.clone(),
        max_bytes: arguments.max_size.saturating_mul(1 << 20),
        ca_file: arguments.ca_file.clone(),
        proxy: arguments.proxy.clone(),
    };
    let bar = progress::bar(0);
    let mut show = |progress: Progress| {
        bar.set_length(progress.total.unwrap_or(progress.bytes));
        bar.set_position(progress.bytes);
    };
    let pulled = pull(&request, &mut show, &CancelToken::new())?;
    bar.finish_and_clear();
    let mut output = std::io::stdout().lock();
    let (path, bytes) = (pulled.path.display(), size(pulled.bytes));
    match (locale, pulled.was_there) {
        (Locale::Ru, true) => writeln!(output, "{path}: уже есть, {bytes}")?,
        (Locale::En, true) => writeln!(output, "{path}: is there already, {bytes}")?,
        (Locale::Ru, false) => writeln!(output, "{path}: получено, {bytes}")?,
        (Locale::En, false) => writeln!(output, "{path}: fetched, {bytes}")?,
    }
    writeln!(output, "sha256: {}", pulled.sha256)?;
    if !pulled.is_verified {
        complain(match locale {
            Locale::Ru => "хеш заранее не был известен: сравните его с тем, что назвал владелец модели",
            Locale::En => "the hash was not known before: compare it with what the owner of the model says",
        });
    }
    let is_model = pulled.path.extension().is_some_and(|extension| extension == "gguf");
    match inspect(&pulled.path) {
        Err(error) if is_model => {
            complain(error);
            Ok(Outcome::Findings)
        }
        _ => Ok(Outcome::Clean),
    }
}

/// A mirror and a name there; the address of a file is both.
fn source(name: &str, mirror: Option<&str>) -> anyhow::Result<(String, String)> {
    match (name.split_once("://"), mirror) {
        (None, Some(mirror)) => Ok((mirror.to_owned(), name.to_owned())),
        (None, None) => {
            bail!("nothing is fetched from an unnamed place: give the address of a file or `--mirror`")
        }
        (Some(_), Some(_)) => bail!("an address and `--mirror` contradict each other"),
        (Some((scheme, rest)), None) => match rest.rsplit_once('/') {
            Some((folder, file)) if !file.is_empty() => {
                Ok((format!("{scheme}://{folder}/"), file.to_owned()))
            }
            _ => bail!("{name}: it is not the address of a file"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_mirrors_and_names() {
        let split = |name: &str, mirror| source(name, mirror).ok();
        let both = |mirror: &str, name: &str| Some((mirror.to_owned(), name.to_owned()));
        assert_eq!(split("https://a.example/x/m.gguf", None), both("https://a.example/x/", "m.gguf"));
        assert_eq!(split("small", Some("https://a.example/")), both("https://a.example/", "small"));
        assert_eq!(split("small", None), None);
        assert_eq!(split("https://a.example", None), None);
        assert_eq!(split("https://a.example/m.gguf", Some("https://b.example/")), None);
    }
}
