//! `strizh model eval`: how good completion is on configurations that the model has not seen.

mod place;
mod table;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai::engine::EngineState;
use ai::eval::{EvalModule, Example, fit, select_cases};
use ai::lora::merge_adapter;
use ai::{
    Coefficients, Completer, Engine, EngineOptions, LocalEngine, ModelOptions, ModelSource, Ranking, Sources,
};
use anyhow::{Context, bail};
use base::{CancelToken, Locale};
use clap::{Args, ValueEnum};

use crate::cli::model::eval::place::{Configuration, Place, Tried};
use crate::cli::model::finetune::held_out_names;
use crate::cli::model::{model_path, models_folder};
use crate::cli::{Outcome, complain};

#[derive(Args)]
pub(crate) struct EvalArguments {
    /// Folders with one configuration each; the model must not have been trained on them.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// How many places, over all configurations.
    #[arg(long, value_name = "COUNT", default_value_t = 800)]
    cases: usize,
    /// Other numbers choose other places.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave sources out.
    #[arg(long, value_delimiter = ',')]
    without: Vec<Without>,
    /// A model file or folder instead of the model in the program.
    #[arg(long, value_name = "PATH")]
    model: Option<PathBuf>,
    /// A second model, for a table of before and after: one with adapters merged into it.
    #[arg(long, value_name = "PATH")]
    after: Option<PathBuf>,
    /// A LoRA adapter to merge into the model, for a table of before and after.
    #[arg(long, value_name = "PATH", conflicts_with = "after")]
    lora: Option<PathBuf>,
    /// Places of those modules only that `finetune` with the same share of the same folder does not learn from.
    #[arg(long, value_name = "SHARE")]
    held_out: Option<f64>,
    /// Fit the ranking on the first so many folders, print its coefficients, and measure the other folders with them.
    #[arg(long, value_name = "FOLDERS")]
    calibrate: Option<usize>,
    /// Show suggestions from this confidence on, instead of the default for automatic ones.
    #[arg(long)]
    gate: Option<f32>,
    /// Write the figures as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Without {
    Lines,
    Names,
    Model,
}

/// A combination of sources with its figures.
struct Tier {
    name: &'static str,
    sources: Sources,
    tried: Vec<Tried>,
}

const LOADING: Duration = Duration::from_secs(120);

pub(super) fn run(arguments: &EvalArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let fitted = arguments.calibrate.unwrap_or(0);
    if fitted >= arguments.folders.len() {
        bail!("--calibrate {fitted}: no folder is left to measure");
    }
    let has_model = !arguments.without.contains(&Without::Model);
    let engine = if has_model { Some(open(arguments.model.as_deref())?) } else { None };
    let (fit_on, measured) = arguments.folders.split_at(fitted);
    let ranking = match fit_on {
        [] => Ranking::default(),
        folders => calibrated(folders, arguments, engine.as_ref())?,
    };
    let mut variants = vec![engine.clone()];
    let adapted = arguments.lora.as_deref().map(|adapter| -> anyhow::Result<PathBuf> {
        let base = model_path(arguments.model.as_deref().unwrap_or(Path::new("embedded")), None)?;
        Ok(merge_adapter(&base, adapter, &models_folder(None)?)?)
    });
    if let Some(after) = adapted.transpose()?.or_else(|| arguments.after.clone()) {
        variants.push(Some(open(Some(&after))?));
    }
    let mut results = Vec::new();
    for engine in variants {
        results.push(measure(measured, arguments, engine.as_ref(), &ranking)?);
    }
    let gate = arguments.gate.unwrap_or(ranking.gate());
    let mut output = std::io::stdout().lock();
    if arguments.json {
        table::write_json(&results, gate, &mut output)?;
    } else {
        table::write(&results, gate, locale, &mut output)?;
    }
    Ok(Outcome::Clean)
}

fn open(path: Option<&Path>) -> anyhow::Result<Arc<dyn Engine>> {
    let source = match path {
        Some(path) => ModelSource::Path(path.to_owned()),
        None => ModelSource::Embedded { name: ai::embedded::NAME, bytes: ai::embedded::BYTES },
    };
    let engine = LocalEngine::open(source, ModelOptions::default(), EngineOptions::default());
    let end = Instant::now() + LOADING;
    loop {
        match engine.status().state {
            EngineState::Ready => return Ok(Arc::new(engine)),
            EngineState::Failed(why) => bail!("the model cannot be loaded: {why}"),
            _ if Instant::now() > end => bail!("the model is not loaded after {} s", LOADING.as_secs()),
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Combinations that are measured.
fn tiers(arguments: &EvalArguments, has_model: bool) -> Vec<Tier> {
    let with = |without| !arguments.without.contains(&without);
    let (lines, names) = (with(Without::Lines), with(Without::Names));
    let sources = |lines, names, model| Sources { lines, names, model };
    let all = [
        ("lines", sources(lines, false, false)),
        ("names", sources(false, names, false)),
        ("lines+names", sources(lines, names, false)),
        ("model", sources(false, false, has_model)),
        ("all", sources(lines, names, has_model)),
    ];
    let is_something = |sources: &Sources| sources.lines || sources.names || sources.model;
    let mut tiers: Vec<Tier> = Vec::new();
    for (name, sources) in all.into_iter().filter(|(_, sources)| is_something(sources)) {
        tiers.retain(|known| known.sources != sources);
        tiers.push(Tier { name, sources, tried: Vec::new() });
    }
    tiers
}

fn measure(
    folders: &[PathBuf],
    arguments: &EvalArguments,
    engine: Option<&Arc<dyn Engine>>,
    ranking: &Ranking,
) -> anyhow::Result<Vec<Tier>> {
    let mut tiers = tiers(arguments, engine.is_some());
    let gate = arguments.gate.unwrap_or(ranking.gate());
    each_place(folders, arguments, &mut |configuration, place| {
        let completer = Completer::new(Arc::clone(&configuration.lines)).with_ranking(ranking.clone());
        completer.set_engine(engine.cloned());
        let last = tiers.len().saturating_sub(1);
        for (index, tier) in tiers.iter_mut().enumerate() {
            let tried = place.try_out(&completer, tier.sources, (index == last).then_some(gate));
            tier.tried.push(tried);
        }
    })?;
    Ok(tiers)
}

/// Goes through the chosen places of all configurations.
fn each_place(
    folders: &[PathBuf],
    arguments: &EvalArguments,
    ask: &mut dyn FnMut(&Configuration, &Place<'_>),
) -> anyhow::Result<()> {
    let cancel = CancelToken::new();
    for folder in folders {
        let configuration = Configuration::read(folder).with_context(|| folder.display().to_string())?;
        let wanted = arguments.cases.div_ceil(folders.len());
        let held_out = arguments.held_out.map(|share| held_out_names(folder, share)).transpose()?;
        let is_wanted =
            |module: &EvalModule| held_out.as_ref().is_none_or(|names| names.contains(&module.path));
        let cases = select_cases(&configuration.modules, &is_wanted, wanted, arguments.seed);
        complain(format_args!(
            "{}: {} modules, {} places, index of {} words in {:.1} s, {:.1} MiB",
            folder.display(),
            configuration.modules.len(),
            cases.len(),
            configuration.lines.word_count(),
            configuration.seconds,
            configuration.lines.memory() as f64 / f64::from(1 << 20),
        ));
        for case in &cases {
            configuration.at(case, &cancel, |place| ask(&configuration, place));
        }
    }
    Ok(())
}

/// Fits the coefficients and prints them as they stand in the sources.
fn calibrated(
    folders: &[PathBuf],
    arguments: &EvalArguments,
    engine: Option<&Arc<dyn Engine>>,
) -> anyhow::Result<Ranking> {
    let (mut without, mut with): (Vec<Example>, Vec<Example>) = (Vec::new(), Vec::new());
    each_place(folders, arguments, &mut |configuration, place| {
        let completer = Completer::new(Arc::clone(&configuration.lines));
        let project = Sources { model: false, ..Sources::default() };
        without.extend(place.examples(&completer, project));
        completer.set_engine(engine.cloned());
        if engine.is_some() {
            with.extend(place.examples(&completer, Sources::default()));
        }
    })?;
    let show = |name: &str, coefficients: &Coefficients, count: usize| {
        let values: Vec<String> = coefficients.iter().map(|value| format!("{value:.3}")).collect();
        complain(format_args!("{name} (from {count} candidates): [{}]", values.join(", ")));
    };
    let without_model = fit(&without);
    show("WITHOUT_MODEL", &without_model, without.len());
    let default = Ranking::default();
    let with_model = if with.is_empty() { default.with_model } else { fit(&with) };
    show("WITH_MODEL", &with_model, with.len());
    Ok(Ranking::new(without_model, with_model, arguments.gate.unwrap_or(default.gate())))
}
