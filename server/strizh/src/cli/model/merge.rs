//! `strizh model merge`: one GGUF file out of a model and its adapters.

use std::io::Write;
use std::path::PathBuf;

use ai::files::{Checkpoint, Prompt, PromptOrder, Quantization, Value};
use ai::lora::{Adapter, Merge, PlanSummary, merge};
use base::Locale;
use clap::Args;

use crate::cli::model::{grouped, hex, progress, size};
use crate::cli::{Outcome, complain};

#[derive(Args)]
pub(crate) struct MergeArguments {
    /// Folder with `config.json` and safetensors, or a GGUF file.
    #[arg(long, value_name = "PATH")]
    base: PathBuf,
    /// Folder of a PEFT adapter, or a GGUF file. Several are merged one after the other.
    #[arg(long, value_name = "PATH")]
    adapter: Vec<PathBuf>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
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
    let base = Checkpoint::open(&arguments.base)?;
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
    let bar = progress::bar(base.parameters());
    let (report, summary) = merge(&job, &arguments.out, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    let mut output = std::io::stdout().lock();
    if !adapters.is_empty() {
        show_adapters(&summary, locale, &mut output)?;
    }
    let (parameters, bytes) = (grouped(report.parameters), size(report.bytes));
    let path = report.path.display();
    match locale {
        Locale::Ru => writeln!(output, "{path}: параметров {parameters}, {bytes}")?,
        Locale::En => writeln!(output, "{path}: {parameters} parameters, {bytes}")?,
    }
    writeln!(output, "sha256 {}", hex(&report.sha256))?;
    Ok(Outcome::Clean)
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
fn prompt(arguments: &MergeArguments, known: &Prompt) -> Prompt {
    let number = |given: Option<u32>, known: usize| given.map_or(known, |given| given as usize);
    Prompt {
        order: arguments.fim.as_deref().and_then(PromptOrder::from_name).unwrap_or(known.order),
        suffix_tokens: number(arguments.suffix_tokens, known.suffix_tokens),
        context: number(arguments.context, known.context),
    }
}
