//! Whole trainings of a tiny model on a tiny language.

use std::path::Path;
use std::sync::Arc;

use ::base::CancelToken;

use super::tiny::{model, tensors, tiny};
use super::*;

/// A token per byte; line feeds and letters only.
struct Letters;

impl Encode for Letters {
    fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let token = |byte: u8| match byte {
            b'\n' => Ok(10),
            b'a'..=b'z' => Ok(u32::from(byte - b'a') + 11),
            _ => Err(format!("the byte {byte} has no token")),
        };
        text.bytes().map(token).collect()
    }

    fn bytes(&self, token: u32) -> usize {
        usize::from(token >= 10)
    }

    fn ends_line(&self, token: u32) -> bool {
        token <= 10
    }
}

/// Lines of a language in which the second half of a line follows from the first.
fn module(name: &str, seed: u64) -> Module {
    let mut random = random::Random::new(seed);
    let (mut text, mut cuts) = (String::new(), Vec::new());
    for _ in 0..30 {
        let start = text.len();
        let line = ["abcd", "bcda", "xyzw", "klmn"][random.below(4)];
        text.push_str(line);
        cuts.push(Cut { kind: CutKind::LineRest, range: start + 1..text.len() });
        cuts.push(Cut { kind: CutKind::Statement, range: start..text.len() });
        text.push('\n');
    }
    Module { name: name.to_owned(), text, cuts }
}

fn format() -> WindowFormat {
    WindowFormat { tokens: 48, suffix_tokens: 8, middle_tokens: 12, ..WindowFormat::default() }
}

fn corpora() -> (Corpus, Corpus) {
    let modules: Vec<Module> = (0..8).map(|seed| module("m", seed)).collect();
    let (train, problems) = Corpus::new(format(), &modules[..6], &Letters);
    assert_eq!(problems, [""; 0]);
    (train, Corpus::new(format(), &modules[6..], &Letters).0)
}

fn trainer(threads: usize) -> Trainer {
    trainer_on(Hardware::Processor, threads, 0.0)
}

fn trainer_on(hardware: Hardware, threads: usize, dropout: f32) -> Trainer {
    let architecture = tiny();
    let base = Arc::new(model(&tensors(&architecture, 1), &architecture));
    let options = TrainingOptions {
        adapter: AdapterOptions { rank: 4, alpha: 8.0, targets: Target::ALL.to_vec(), dropout },
        rates: Rates { peak: 0.02, ..Rates::default() },
        batch_tokens: 500,
        seed: 7,
        threads,
        hardware,
    };
    Trainer::new(base, options, format().tokens).expect("the options are fine")
}

fn run(
    trainer: &mut Trainer,
    folder: &Path,
    steps: u64,
    resume: bool,
    cancel_at: Option<u64>,
) -> Result<(Outcome, Vec<Event>), FinetuneError> {
    let (train, held_out) = corpora();
    let texts = Texts { train: &train, held_out: &held_out, encode: &Letters };
    let mut plan = Plan::new(Budget::Steps(steps), folder, "tiny");
    (plan.resume, plan.check_windows, plan.final_windows) = (resume, 10, 30);
    let cancel = CancelToken::new();
    let mut events = Vec::new();
    let outcome = finetune(trainer, texts, &plan, &cancel, &mut |event| {
        if matches!(event, Event::Step { step, .. } if Some(step) == cancel_at) {
            cancel.cancel();
        }
        events.push(event);
    })?;
    Ok((outcome, events))
}

#[test]
fn a_language_is_learned_and_an_adapter_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (outcome, events) = run(&mut trainer(2), folder.path(), 40, false, None).expect("it trains");
    assert_eq!((outcome.ending, outcome.steps), (Ending::Complete, 40));
    let after = outcome.after.expect("it was not cancelled");
    let losses = (outcome.before.mean_gap_loss(), after.mean_gap_loss());
    assert!(losses.1 < 0.5 * losses.0, "{losses:?}");
    assert!(after.exact > outcome.before.exact, "{after:?}");
    assert!(matches!(events[0], Event::Base(_)));
    let config = std::fs::read_to_string(folder.path().join(ADAPTER_CONFIG)).expect("it was written");
    let config: serde_json::Value = serde_json::from_str(&config).expect("it is JSON");
    assert_eq!((config["r"].as_u64(), config["peft_type"].as_str()), (Some(4), Some("LORA")));
    let weights = std::fs::read(folder.path().join(ADAPTER_WEIGHTS)).expect("it was written");
    let weights = safetensors::SafeTensors::deserialize(&weights).expect("it is readable");
    assert_eq!(weights.len(), 2 * 2 * 7);
    let name = "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight";
    assert_eq!(weights.tensor(name).expect("it is there").shape(), [16, 4]);
}

#[test]
fn a_training_that_was_broken_off_goes_on_as_if_nothing_had_happened() {
    let (whole, halves) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (expected, _) = run(&mut trainer(2), whole.path(), 9, false, None).expect("it trains");
    let (broken, _) = run(&mut trainer(1), halves.path(), 9, false, Some(4)).expect("it trains");
    assert_eq!((broken.ending, broken.steps), (Ending::Cancelled, 4));
    let again = run(&mut trainer(1), halves.path(), 9, false, None).expect_err("it was begun before");
    assert!(again.to_string().contains("--resume"), "{again}");
    let (outcome, events) = run(&mut trainer(1), halves.path(), 9, true, None).expect("it goes on");
    assert!(matches!(events[1], Event::Resumed { steps: 4, .. }));
    assert_eq!((outcome.adapter, outcome.tokens), (expected.adapter, expected.tokens));
    let weights = [&whole, &halves].map(|folder| std::fs::read(folder.path().join(ADAPTER_WEIGHTS)).ok());
    assert!(weights[0].is_some() && weights[0] == weights[1]);
}

fn losses(events: &[Event]) -> Vec<f64> {
    let loss = |event: &Event| match event {
        Event::Step { report, .. } => Some(report.loss),
        _ => None,
    };
    events.iter().filter_map(loss).collect()
}

#[track_caller]
fn check_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found_loss, expected_loss) in found.iter().zip(expected) {
        let is_close = (found_loss - expected_loss).abs() < 0.01 * expected_loss;
        assert!(is_close, "{found:?} instead of {expected:?}");
    }
}

#[test]
fn candle_trains_as_the_passes_written_by_hand() {
    for dropout in [0.0, 0.2] {
        let run_on = |hardware| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            run(&mut trainer_on(hardware, 2, dropout), folder.path(), 12, false, None).expect("it trains")
        };
        let (expected, expected_events) = run_on(Hardware::Processor);
        let (outcome, events) = run_on(Hardware::CandleProcessor);
        assert_eq!((outcome.steps, outcome.tokens), (expected.steps, expected.tokens));
        let expected_losses = losses(&expected_events);
        check_close(&losses(&events), &expected_losses);
        assert!(expected_losses[11] < 0.8 * expected_losses[0], "{expected_losses:?}");
        let after = |outcome: &Outcome| outcome.after.expect("it was not cancelled").mean_loss();
        check_close(&[after(&outcome)], &[after(&expected)]);
    }
}

#[test]
fn a_training_goes_on_with_the_other_way_of_computing() {
    let whole = tempfile::tempdir().expect("a temporary folder");
    let (_, expected) = run(&mut trainer(1), whole.path(), 10, false, None).expect("it trains");
    let ways = [Hardware::Processor, Hardware::CandleProcessor];
    for (first, second) in [(ways[0], ways[1]), (ways[1], ways[0])] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (broken, mut events) =
            run(&mut trainer_on(first, 1, 0.0), folder.path(), 10, false, Some(5)).expect("it trains");
        assert_eq!((broken.ending, broken.steps), (Ending::Cancelled, 5));
        let (outcome, rest) =
            run(&mut trainer_on(second, 1, 0.0), folder.path(), 10, true, None).expect("it goes on");
        assert_eq!((outcome.ending, outcome.steps), (Ending::Complete, 10));
        events.extend(rest);
        check_close(&losses(&events), &losses(&expected));
    }
}

#[test]
fn dropout_is_repeatable_and_written_to_the_adapter() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let (first, _) = run(&mut trainer_on(Hardware::Processor, 1, 0.25), folders[0].path(), 6, false, None)
        .expect("it trains");
    run(&mut trainer_on(Hardware::Processor, 2, 0.25), folders[1].path(), 6, false, Some(2))
        .expect("it trains");
    let (second, _) = run(&mut trainer_on(Hardware::Processor, 2, 0.25), folders[1].path(), 6, true, None)
        .expect("it goes on");
    assert_eq!(first.adapter, second.adapter);
    let config = std::fs::read_to_string(folders[0].path().join(ADAPTER_CONFIG)).expect("it was written");
    let config: serde_json::Value = serde_json::from_str(&config).expect("it is JSON");
    assert_eq!(config["lora_dropout"].as_f64(), Some(0.25));
    let error = run(&mut trainer(1), folders[1].path(), 7, true, None).expect_err("other options");
    assert!(error.to_string().contains("other options"), "{error}");
    let options = AdapterOptions { dropout: 1.0, ..AdapterOptions::default() };
    assert!(Adapter::new(&tiny(), &options, 1).is_err());
}

#[test]
fn a_checkpoint_of_another_training_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(&mut trainer(1), folder.path(), 1, false, None).expect("it trains");
    let mut other = trainer(1);
    other.options.rates.peak = 0.5;
    let error = run(&mut other, folder.path(), 2, true, None).expect_err("other options");
    assert!(error.to_string().contains("other options"), "{error}");
    std::fs::write(folder.path().join(CHECKPOINT), [1; 40]).expect("a file");
    assert!(run(&mut trainer(1), folder.path(), 2, true, None).is_err());
}

#[test]
fn windows_hold_the_suffix_first_and_end_with_the_gap() {
    let modules = [module("m", 1)];
    let (corpus, _) = Corpus::new(format(), &modules, &Letters);
    let tokens = Letters.encode(&modules[0].text).expect("letters only");
    for window in corpus.probes(3, 20) {
        let [3, rest @ ..] = window.tokens.as_slice() else { panic!("{window:?}") };
        let middle = rest.iter().position(|token| *token == 2).expect("the middle is marked");
        let (suffix, before) = (&rest[..middle], &rest[middle + 1..rest.len() - 1]);
        assert_eq!(rest.last(), Some(&0));
        assert!(window.tokens.len() <= 49 && window.gap.end == window.tokens.len() - 1);
        assert!(suffix.len() <= 8 && (suffix.is_empty() || suffix[0] == 10), "{suffix:?}");
        let joined = [before, suffix].concat();
        assert!(tokens.windows(joined.len()).any(|piece| piece == joined), "the pieces are neighbors");
    }
    assert_eq!(corpus.probes(3, 20), corpus.probes(3, 20));
}
