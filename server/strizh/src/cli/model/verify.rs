//! `strizh model verify`: can the file be used, and is it the right one.

use std::io::Write;
use std::path::PathBuf;

use ai::files::verify;
use base::Locale;
use clap::Args;

use crate::cli::model::{grouped, hex, model_path, progress, size};
use crate::cli::{Outcome, complain};

#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// File or folder of a model or of an adapter, or `embedded`: the model of this program.
    path: PathBuf,
    /// The hash that it must have, as 64 hexadecimal digits.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    sha256: Option<[u8; 32]>,
}

/// Code 1 if the file is refused.
pub(super) fn run(arguments: &VerifyArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let bar = progress::bar(0);
    let path = model_path(&arguments.path, None)?;
    let result = verify(&path, arguments.sha256, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let found = match result {
        Ok(found) => found,
        Err(error) => {
            complain(error);
            return Ok(Outcome::Findings);
        }
    };
    let mut output = std::io::stdout().lock();
    let (path, bytes, parameters) = (path.display(), size(found.bytes), grouped(found.parameters));
    let tensors = found.tensors;
    match locale {
        Locale::Ru => {
            writeln!(output, "{path}: исправно, {bytes}, тензоров {tensors}, параметров {parameters}")?;
        }
        Locale::En => writeln!(output, "{path}: fine, {bytes}, {tensors} tensors, {parameters} parameters")?,
    }
    writeln!(output, "sha256: {}", hex(&found.sha256))?;
    Ok(Outcome::Clean)
}

fn parse_hash(text: &str) -> Result<[u8; 32], String> {
    let digits: Vec<u8> = text.chars().filter_map(|digit| Some(digit.to_digit(16)? as u8)).collect();
    let pairs: Vec<u8> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if text.chars().count() != digits.len() || digits.len() != 64 {
        return Err("64 hexadecimal digits are needed".to_owned());
    }
    pairs.try_into().map_err(|_| "64 hexadecimal digits are needed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_whole() {
        let text = "0123456789abcdef".repeat(4);
        assert_eq!(parse_hash(&text).map(|hash| hex(&hash)), Ok(text.clone()));
        assert_eq!(parse_hash(&text.to_uppercase()).map(|hash| hex(&hash)), Ok(text.clone()));
        for wrong in ["", "0", &text[1..], &format!("{}g", &text[1..]), &format!("{text}00")] {
            assert!(parse_hash(wrong).is_err(), "{wrong}");
        }
    }
}
