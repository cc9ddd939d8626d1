//! `strizh model finetune`: LoRA adapters of a model, trained on one's own modules.

mod cuts;
mod device;
mod show;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ai::files::Checkpoint;
use ai::finetune::{
    AdapterOptions, BaseModel, Budget, Corpus, Ending, Hardware, Module, Plan, Rates, Target, Texts, Trainer,
    TrainingOptions, WindowFormat, finetune,
};
use ai::{Order, Tokenizer};
use anyhow::{Context, anyhow};
use base::{CancelToken, Locale};
use clap::Args;

use crate::cli::model::{grouped, model_path};
use crate::cli::{Outcome, complain};
use show::Show;

#[derive(Args)]
pub(crate) struct FinetuneArguments {
    /// Folder with the modules to learn from.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder with `config.json` and safetensors, a GGUF file, or `embedded`: the model of this program.
    #[arg(long, value_name = "PATH", default_value = "embedded")]
    base: PathBuf,
    /// Where the adapter and checkpoints are written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How long to train.
    #[arg(long, default_value_t = 20.0, value_parser = positive, conflicts_with = "steps")]
    minutes: f64,
    /// How many steps to train, instead of a time: then the result is the same each time.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,
    /// Go on with the checkpoint in the output folder.
    #[arg(long)]
    resume: bool,
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    rank: u16,
    #[arg(long, default_value_t = 32.0, value_parser = positive)]
    alpha: f64,
    /// Part of the inputs of the thin matrices that is left out while training.
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "PART")]
    dropout: f64,
    /// Which projections are adapted.
    #[arg(long, value_delimiter = ',', default_value = "q,k,v,o,gate,up,down")]
    targets: Vec<String>,
    /// Part of the modules that is not learned from and measured with.
    #[arg(long, default_value_t = 0.1, value_parser = part, value_name = "PART")]
    held_out: f64,
    /// The highest learning rate.
    #[arg(long, default_value_t = 0.002, value_parser = positive)]
    rate: f64,
    /// Tokens per step.
    #[arg(long, default_value_t = 4096, value_parser = clap::value_parser!(u32).range(64..=1_000_000))]
    batch: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads to train with; all processors without it.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// What to train on: `cpu`, `cuda` or `cuda:N` (the NVIDIA GPU with that number), `candle-cpu` (what a GPU would
    /// compute, on the processor: slow, for comparisons).
    #[arg(long, value_name = "DEVICE")]
    device: Option<Hardware>,
    /// Order of a prompt, if the model does not tell: prefix first as Qwen2.5-Coder, or suffix first.
    #[arg(long, value_parser = ["psm", "spm"])]
    fim: Option<String>,
}

fn positive(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err("not a positive number".to_owned()) }
}

fn part(text: &str) -> Result<f64, String> {
    positive(text).and_then(|value| if value < 1.0 { Ok(value) } else { Err("not below 1".to_owned()) })
}

fn share(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..1.0).contains(&value) { Ok(value) } else { Err("not between 0 and 1".to_owned()) }
}

pub(super) use texts::held_out_names;

pub(super) fn run(arguments: &FinetuneArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let options = training_options(arguments)?;
    if let Some(hardware) = arguments.device {
        device::announce(hardware, options.threads, locale)?;
    }
    let (base, tokenizer, format) = open(&model_path(&arguments.base, None)?, arguments.fim.as_deref())?;
    let base = Arc::new(base);
    let texts = texts::read(&arguments.data, arguments.held_out)?;
    let train = corpus(&format, &texts.train, &tokenizer);
    let held_out = corpus(&format, &texts.held_out, &tokenizer);
    let mut trainer = Trainer::new(base.clone(), options, format.tokens)?;
    describe(&texts, [&train, &held_out], [trainer.adapter().parameters(), base.parameters()], locale);
    let budget = match arguments.steps {
        Some(steps) => Budget::Steps(steps),
        None => Budget::Time(Duration::from_secs_f64(60.0 * arguments.minutes)),
    };
    let name = arguments.base.display().to_string();
    let plan = Plan { resume: arguments.resume, ..Plan::new(budget, &arguments.out, &name) };
    let texts = Texts { train: &train, held_out: &held_out, encode: &tokenizer };
    let cancel = stop_with_the_keyboard()?;
    let mut show = Show::new(locale);
    let outcome = finetune(&mut trainer, texts, &plan, &cancel, &mut |event| show.event(event));
    show.finish();
    let outcome = outcome?;
    show::table(&outcome, budget, locale)?;
    Ok(if outcome.ending == Ending::Cancelled { Outcome::Trouble } else { Outcome::Clean })
}

fn open(path: &Path, order: Option<&str>) -> anyhow::Result<(BaseModel, Tokenizer, WindowFormat)> {
    let mut checkpoint = Checkpoint::open(path)?;
    if let Some(order) = order.and_then(Order::named) {
        checkpoint.prompt.order = Some(order);
    }
    let tokenizer = checkpoint
        .tokenizer
        .as_deref()
        .ok_or_else(|| anyhow!("{}: there is no `tokenizer.json` with the base model", path.display()))?;
    let tokenizer = Tokenizer::from_json(tokenizer).map_err(|error| anyhow!("{error}"))?;
    let format = WindowFormat::new(&tokenizer, &checkpoint.prompt)?;
    Ok((BaseModel::open(&checkpoint)?, tokenizer, format))
}

fn training_options(arguments: &FinetuneArguments) -> anyhow::Result<TrainingOptions> {
    let target = |name: &String| {
        Target::from_name(name.trim()).ok_or_else(|| {
            let known = Target::ALL.map(Target::name).join(", ");
            anyhow!("--targets: `{name}` is no projection; there are {known}")
        })
    };
    let defaults = TrainingOptions::default();
    Ok(TrainingOptions {
        adapter: AdapterOptions {
            rank: usize::from(arguments.rank),
            alpha: arguments.alpha as f32,
            targets: arguments.targets.iter().map(target).collect::<Result<_, _>>()?,
            dropout: arguments.dropout as f32,
        },
        rates: Rates { peak: arguments.rate as f32, ..Rates::default() },
        batch_tokens: arguments.batch as usize,
        seed: arguments.seed,
        threads: arguments.threads.map_or(defaults.threads, usize::from),
        hardware: arguments.device.unwrap_or_default(),
    })
}

fn corpus(format: &WindowFormat, modules: &[Module], tokenizer: &Tokenizer) -> Corpus {
    let (corpus, problems) = Corpus::new(format.clone(), modules, tokenizer);
    problems.iter().for_each(complain);
    corpus
}

fn describe(texts: &texts::Texts, corpora: [&Corpus; 2], parameters: [usize; 2], locale: Locale) {
    let modules = corpora.map(Corpus::modules);
    let tokens = corpora.map(|corpus| grouped(corpus.tokens() as u64));
    let share = 100.0 * parameters[0] as f64 / parameters[1].max(1) as f64;
    let parameters = parameters.map(|count| grouped(count as u64));
    let (skipped, repeated) = (texts.skipped, texts.repeated);
    complain(match locale {
        Locale::Ru => format!(
            "для обучения модулей {}, токенов {}; отложено модулей {}, токенов {}; с ошибками {skipped}, повторов {repeated}",
            modules[0], tokens[0], modules[1], tokens[1]
        ),
        Locale::En => format!(
            "{} modules with {} tokens to learn from, {} with {} held out; {skipped} with errors, {repeated} repeated",
            modules[0], tokens[0], modules[1], tokens[1]
        ),
    });
    complain(match locale {
        Locale::Ru => format!("обучается параметров {} ({share:.2} % от {})", parameters[0], parameters[1]),
        Locale::En => format!("{} parameters are trained ({share:.2} % of {})", parameters[0], parameters[1]),
    });
}

/// Ctrl-C ends the training after the step that is under way; what was learned is saved.
fn stop_with_the_keyboard() -> anyhow::Result<CancelToken> {
    let cancel = CancelToken::new();
    let shared = cancel.clone();
    ctrlc::set_handler(move || shared.cancel()).context("cannot watch for Ctrl-C")?;
    Ok(cancel)
}
