//! `strizh model list`: what is kept on this machine.

use std::io::Write;
use std::path::PathBuf;

use ai::embedded;
use ai::files::{Inspection, KeptModel, inspect};
use base::Locale;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::model::{grouped, models_folder, size};

#[derive(Args)]
pub(crate) struct ListArguments {
    /// Folder where models are kept, instead of the one in the user's cache.
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
}

pub(super) fn run(arguments: &ListArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let folder = models_folder(arguments.models.as_deref())?;
    let mut output = std::io::stdout().lock();
    let (name, bytes) = (embedded::NAME, size(embedded::BYTES.len() as u64));
    match locale {
        Locale::Ru => writeln!(output, "embedded  {bytes}, {name}, внутри программы")?,
        Locale::En => writeln!(output, "embedded  {bytes}, {name}, inside the program")?,
    }
    for kept in &folder.list() {
        writeln!(output, "{}  {}", kept.path.display(), describe(kept, locale))?;
    }
    Ok(Outcome::Clean)
}

fn describe(kept: &KeptModel, locale: Locale) -> String {
    let mut parts = vec![size(kept.bytes)];
    match inspect(&kept.path) {
        Ok(Inspection::Model(model)) => {
            let parameters = grouped(model.parameters);
            parts.push(match locale {
                Locale::Ru => format!("параметров {parameters}"),
                Locale::En => format!("{parameters} parameters"),
            });
            parts.extend(model.name);
        }
        Ok(Inspection::Adapter(_)) => parts.push("LoRA".to_owned()),
        Ok(Inspection::Other { architecture, .. }) => parts.push(architecture),
        Err(error) => parts.push(error.problem),
    }
    if let Some(note) = &kept.note {
        parts.push(note.quantization.clone());
        let sources: Vec<&str> =
            std::iter::once(&note.base).chain(&note.adapters).map(String::as_str).collect();
        parts.push(sources.join(" + "));
    }
    parts.join(", ")
}
