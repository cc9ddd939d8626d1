//! `strizh model merge`: one GGUF file out of a model and its adapters.

use std::io::Write;
use std::path::{Path, PathBuf};

use ai::Order;
use ai::files::{Checkpoint, ModelsFolder, PromptFacts, Quantization, Value};
use ai::lora::{Adapter, Merge, MergeProgress, MergedModel, PlanSummary, merge_kept};
use base::Locale;
use clap::Args;

use crate::cli::model::{grouped, model_path, models_folder, progress, size};
use crate::cli::{Outcome, complain};

#[derive(Args)]
pub(crate) struct MergeArguments {
    /// Folder with `config.json` and safetensors, a GGUF file, or `embedded`: the model of this program.
    #[arg(long, value_name = "PATH")]
    base: PathBuf,
    /// Folder of a PEFT adapter, or a GGUF file. Several are merged one after the other.
    #[arg(long, value_name = "PATH")]
    adapter: Vec<PathBuf>,
    /// The file to write. Without it the model is only kept in the folder of models.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder where models are kept, instead of the one in the user's cache.
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
    /// Type of the matrices.
    #[arg(long, default_value = "q8_0", value_parser = ["q4_k", "q8_0", "f16", "f32"])]
    quantize: String,
    /// Merge into a quantized base all the same. Right for adapters trained on its rounded weights; others lose.
    #[arg(long)]
    allow_quantized_base: bool,
    /// Name of the model, for people.
    #[arg(long)]
    name: Option<String>,
    /// Licence of the weights.
    #[arg(long, alias = "licence")]
    license: Option<String>,
    /// Order of a prompt: prefix first as Qwen2.5-Coder, or suffix first.
    #[arg(long, value_parser = ["psm", "spm"])]
    fim: Option<String>,
    /// How many tokens of the suffix the model was trained with.
    #[arg(long, value_name = "COUNT")]
    suffix_tokens: Option<u32>,
    /// How many tokens at once the model was trained with.
    #[arg(long, value_name = "COUNT")]
    context: Option<u32>,
}

pub(super) fn run(arguments: &MergeArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let base = Checkpoint::open(&model_path(&arguments.base, arguments.models.as_deref())?)?;
    let quantization = Quantization::from_name(&arguments.quantize).unwrap_or(Quantization::Q8);
    let texts = [("general.name", &arguments.name), ("general.license", &arguments.license)];
    let metadata = texts
        .into_iter()
        .filter_map(|(key, text)| Some((key.to_owned(), Value::text(text.as_ref()?))))
        .collect();
    let adapters = arguments.adapter.iter().map(|path| Adapter::open(path)).collect::<Result<Vec<_>, _>>()?;
    let job = Merge {
        base: &base,
        adapters: &adapters,
        quantization,
        prompt: prompt(arguments, &base.prompt),
        metadata,
        allows_quantized_base: arguments.allow_quantized_base,
    };
    let folder = models_folder(arguments.models.as_deref())?;
    let (hashed, written) = (progress::bar(input_bytes(&job)), progress::bar(base.parameters()));
    let merged = merge_kept(&job, &folder, env!("CARGO_PKG_VERSION"), &mut |progress| match progress {
        MergeProgress::Hashed { bytes } => hashed.set_position(bytes),
        MergeProgress::Written { parameters } => {
            hashed.finish_and_clear();
            written.set_position(parameters);
        }
    })?;
    hashed.finish_and_clear();
    written.finish_and_clear();
    let mut output = std::io::stdout().lock();
    if !adapters.is_empty() {
        show_adapters(&merged.summary, locale, &mut output)?;
    }
    show_result(&merged, arguments.out.as_deref(), locale, &mut output)?;
    Ok(Outcome::Clean)
}

/// Bytes of the files that are read.
fn input_bytes(job: &Merge<'_>) -> u64 {
    let adapters = job.adapters.iter().flat_map(|adapter| &adapter.parts);
    job.base.parts.iter().chain(adapters).filter_map(|path| Some(path.metadata().ok()?.len())).sum()
}

fn show_result(
    merged: &MergedModel,
    target: Option<&Path>,
    locale: Locale,
    output: &mut impl Write,
) -> anyhow::Result<()> {
    let kept = &merged.kept;
    let is_same = target.map(|target| ModelsFolder::place(kept, target)).transpose()?;
    let was_there = is_same.unwrap_or(merged.was_there);
    let (path, bytes) = (target.unwrap_or(&kept.path).display(), size(kept.bytes));
    match (locale, was_there) {
        (Locale::Ru, true) => writeln!(output, "{path}: уже есть, {bytes}")?,
        (Locale::En, true) => writeln!(output, "{path}: is there already, {bytes}")?,
        (Locale::Ru, false) => writeln!(output, "{path}: записано, {bytes}")?,
        (Locale::En, false) => writeln!(output, "{path}: written, {bytes}")?,
    }
    let parameters = grouped(merged.summary.merged_parameters);
    match locale {
        Locale::Ru => writeln!(output, "параметров: {parameters}")?,
        Locale::En => writeln!(output, "parameters: {parameters}")?,
    }
    if let Some(note) = &kept.note {
        writeln!(output, "sha256: {}", note.sha256)?;
    }
    Ok(())
}

fn show_adapters(summary: &PlanSummary, locale: Locale, output: &mut impl Write) -> std::io::Result<()> {
    for note in &summary.notes {
        complain(note);
    }
    let share = 100.0 * summary.adapter_parameters as f64 / summary.base_parameters.max(1) as f64;
    let (parameters, base) = (grouped(summary.adapter_parameters), grouped(summary.base_parameters));
    let (matrices, replaced) = (summary.matrices, summary.replaced);
    match locale {
        Locale::Ru => writeln!(
            output,
            "Адаптер: параметров {parameters} ({share:.2} % от {base}), матриц {matrices}, заменено тензоров {replaced}"
        )?,
        Locale::En => writeln!(
            output,
            "Adapter: {parameters} parameters ({share:.2} % of {base}), {matrices} matrices, {replaced} tensors replaced"
        )?,
    }
    if summary.is_untied {
        match locale {
            Locale::Ru => writeln!(output, "Выходной слой отделён от встраивания.")?,
            Locale::En => writeln!(output, "The output layer was untied from the embedding.")?,
        }
    }
    Ok(())
}

/// What is said on the command line wins over what the model knows of itself.
fn prompt(arguments: &MergeArguments, known: &PromptFacts) -> PromptFacts {
    let number = |given: Option<u32>, known: usize| given.map_or(known, |given| given as usize);
    PromptFacts {
        order: arguments.fim.as_deref().and_then(Order::named).or(known.order),
        suffix_tokens: number(arguments.suffix_tokens, known.suffix_tokens),
        context: number(arguments.context, known.context),
    }
}
