//! The engine with a model that knows one text by heart.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use base::CancelToken;
use parking_lot::Mutex;

use super::fake::{FakeModel, Hook};
use super::*;
use crate::tokenizer::fixture::MODULE;

const PATIENCE: Duration = Duration::from_secs(60);

fn start(hook: Hook) -> LocalEngine {
    let engine = LocalEngine::start("fake", EngineOptions::default(), move || Ok(FakeModel::loaded(hook)));
    assert_eq!(engine.wait_until_loaded(PATIENCE), EngineState::Ready);
    engine
}

fn engine() -> LocalEngine {
    start(Arc::new(|_| {}))
}

/// The fixture with the caret behind the first place of a text.
fn caret_after(text: &str) -> Context {
    let at = MODULE.find(text).expect("the fixture has it") + text.len();
    let line_end = at + MODULE[at..].find('\n').unwrap_or_default();
    Context { prefix: MODULE[..at].into(), suffix: MODULE[line_end..].into(), ..Context::default() }
}

fn limits(extent: Extent) -> Limits {
    Limits { extent, max_tokens: 64, candidates: 1, deadline: None }
}

#[track_caller]
fn complete(engine: &LocalEngine, context: &Context, limits: &Limits) -> Vec<Generated> {
    engine.complete(context, limits, &CancelToken::new()).expect("the model works")
}

#[track_caller]
fn check(context: &Context, extent: Extent, expected: Option<(&str, usize)>) {
    let generated = complete(&engine(), context, &limits(extent));
    let texts: Vec<_> = generated.iter().map(|one| (one.text.as_str(), one.replaced)).collect();
    assert_eq!(texts, Vec::from_iter(expected), "{generated:?}");
}

#[test]
fn continues_the_line() {
    check(&caret_after("Отказ = Истина;\n\t\tВоз"), Extent::Line, Some(("Возврат;", 6)));
    check(
        &caret_after("Запрос.УстановитьПарам"),
        Extent::Line,
        Some(("УстановитьПараметр(\"Склад\", Склад);", 30)),
    );
    check(
        &caret_after("Request.Headers.Insert("),
        Extent::Line,
        Some(("\"Content-Type\", \"application/json\");", 0)),
    );
    check(&caret_after("Запрос = "), Extent::Line, Some(("Новый Запрос;", 0)));
}

#[test]
fn says_nothing_at_the_end_of_a_line() {
    check(&caret_after("Запрос = Новый Запрос;"), Extent::Line, None);
}

#[test]
fn letter_case_is_the_texts() {
    let mut context = caret_after("Запрос.");
    context.prefix.push_str("устанОВИТЬпара");
    check(&context, Extent::Line, Some(("УстановитьПараметр(\"Склад\", Склад);", 28)));
}

#[test]
fn continues_several_lines() {
    let expected =
        "SetString();\n\tWriteJSON(Writer, New Structure(\"Number, Date\", Order.Number, Order.Date));";
    check(&caret_after("Writer.SetSt"), Extent::Lines(2), Some((expected, 5)));
}

#[test]
fn stops_where_the_model_ends() {
    check(&caret_after("EndFunction\n\n#End"), Extent::Lines(9), Some(("EndRegion", 3)));
}

#[test]
fn several_candidates_are_different_and_ordered() {
    let limits = Limits { candidates: 3, ..limits(Extent::Line) };
    let generated = complete(&engine(), &caret_after("НоваяСтрока."), &limits);
    let value = |one: &Generated| one.score.log_probability - one.score.typed;
    assert!(generated.len() > 1, "{generated:?}");
    for pair in generated.windows(2) {
        assert_ne!(pair[0].text, pair[1].text);
        assert!(value(&pair[0]) >= value(&pair[1]));
    }
    // More paths find nothing less likely than one path does.
    let greedy = complete(&engine(), &caret_after("НоваяСтрока."), &Limits { candidates: 1, ..limits });
    assert!(value(&generated[0]) >= value(&greedy[0]));
}

#[test]
fn scores_equal_those_of_what_was_generated() {
    let engine = engine();
    for place in ["Запрос.УстановитьПарам", "Запрос.Устан", "Отказ = Истина;\n\t\tВоз", "Запрос = "]
    {
        let context = caret_after(place);
        let generated = complete(&engine, &context, &limits(Extent::Line)).remove(0);
        let other = ("Возвратный(1);".to_owned(), generated.replaced);
        let wrong = ("Другое".to_owned(), 1000);
        let candidates = [(generated.text.clone(), generated.replaced), other, wrong];
        let scores = engine.score(&context, &candidates, &CancelToken::new()).expect("the model works");
        let score = scores[0].expect("it fits");
        assert!(
            (score.log_probability - generated.score.log_probability).abs() < 1e-3,
            "{score:?} {generated:?}"
        );
        assert!((score.typed - generated.score.typed).abs() < 1e-3, "{score:?} {generated:?}");
        assert_eq!(score.tokens, generated.score.tokens);
        assert!(scores[1].is_none_or(|other| other.mean() < score.mean()));
        assert_eq!(scores[2], None);
    }
}

#[test]
fn typing_reads_a_few_tokens_only() {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let engine = start(Arc::new(move |tokens: &[u32]| {
        counter.fetch_add(tokens.len(), Ordering::Relaxed);
    }));
    let start = caret_after("Запрос.");
    // Scores of no candidates: only the prompt is read.
    let read_prompt = |context: &Context| engine.score(context, &[], &CancelToken::new());
    assert_eq!(read_prompt(&start), Ok(Vec::new()));
    read.store(0, Ordering::Relaxed);
    let typed = "УстановитьПараметр";
    for end in (1..=typed.len()).filter(|end| typed.is_char_boundary(*end)) {
        let mut context = start.clone();
        context.prefix.push_str(&typed[..end]);
        assert_eq!(read_prompt(&context), Ok(Vec::new()));
    }
    let read = read.load(Ordering::Relaxed);
    assert!(read <= 2 * typed.chars().count(), "{read}");
}

#[test]
fn cancelling_gives_what_is_there() {
    let cancel = CancelToken::new();
    let (inner, passes) = (cancel.clone(), AtomicUsize::new(0));
    let engine = start(Arc::new(move |tokens: &[u32]| {
        if tokens.len() == 1 && passes.fetch_add(1, Ordering::Relaxed) == 4 {
            inner.cancel();
        }
    }));
    // One of the passes was that of warming up.
    let context = caret_after("Запрос.");
    let generated = engine.complete(&context, &limits(Extent::Line), &cancel).expect("the model works");
    assert_eq!(generated.len(), 1);
    assert_eq!(generated[0].finish, Finish::Cancelled);
    assert!("УстановитьПараметр(\"Склад\", Склад);".starts_with(&generated[0].text), "{generated:?}");
    let again = engine.complete(&context, &limits(Extent::Line), &cancel).expect("the model works");
    assert_eq!((again[0].text.as_str(), again[0].finish), ("", Finish::Cancelled));
}

#[test]
fn deadlines_and_limits_end_answers() {
    let engine = engine();
    let context = caret_after("Запрос.");
    let past = Limits { deadline: Some(Instant::now()), ..limits(Extent::Line) };
    let generated = complete(&engine, &context, &past);
    assert_eq!((generated[0].text.as_str(), generated[0].finish), ("", Finish::Deadline));
    let generated = complete(&engine, &context, &Limits { max_tokens: 4, ..limits(Extent::Line) });
    assert_eq!(generated[0].finish, Finish::Limit);
    assert!("УстановитьПараметр".starts_with(&generated[0].text), "{generated:?}");
    assert!(!generated[0].text.is_empty());
}

/// An engine whose passes wait for permission once the gate is shut.
fn gated() -> (Arc<LocalEngine>, Arc<Mutex<()>>) {
    let gate = Arc::new(Mutex::new(()));
    let inner = Arc::clone(&gate);
    (Arc::new(start(Arc::new(move |_: &[u32]| drop(inner.lock())))), gate)
}

#[test]
fn the_newest_request_wins() {
    let (engine, gate) = gated();
    let shut = gate.lock();
    let (sender, answers) = sync_channel(8);
    let mut threads = Vec::new();
    for number in 0..4 {
        let (engine, sender) = (Arc::clone(&engine), sender.clone());
        threads.push(std::thread::spawn(move || {
            let answer = complete(&engine, &caret_after("Запрос."), &limits(Extent::Line));
            sender.send((number, answer[0].finish)).expect("somebody listens");
        }));
        // The requests must arrive in order.
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(shut);
    for thread in threads {
        thread.join().expect("no thread panics");
    }
    let mut answers: Vec<_> = answers.try_iter().collect();
    answers.sort_by_key(|(number, _)| *number);
    let last = answers.pop();
    assert_eq!(last, Some((3, Finish::Complete)));
    assert!(answers.iter().all(|(_, finish)| *finish == Finish::Cancelled), "{answers:?}");
}

#[test]
fn waiting_ends_when_nobody_wants_the_answer() {
    let (engine, gate) = gated();
    let shut = gate.lock();
    let cancel = CancelToken::new();
    let canceller = cancel.clone();
    let thread = std::thread::spawn(move || canceller.cancel());
    let answer = engine.complete(&caret_after("Запрос."), &limits(Extent::Line), &cancel);
    assert_eq!(answer.expect("the model works")[0].finish, Finish::Cancelled);
    let deadline = Some(Instant::now());
    let answer = complete(&engine, &caret_after("Запрос."), &Limits { deadline, ..limits(Extent::Line) });
    assert_eq!(answer[0].finish, Finish::Deadline);
    thread.join().expect("no thread panics");
    drop(shut);
}

#[test]
fn texts_about_the_same_are_near() {
    let engine = engine();
    let embed = |text: &str| engine.embed(text, &CancelToken::new()).expect("the model works");
    let near =
        |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(left, right)| left * right).sum::<f32>();
    let query = embed("Запрос = Новый Запрос;");
    assert!((near(&query, &query) - 1.0).abs() < 1e-5);
    let same = near(&query, &embed("Запрос = Новый Запрос; Запрос = Новый Запрос;"));
    assert!(same > near(&query, &embed("If Answer.StatusCode <> 200 Then")));
    assert_eq!(embed("").len(), query.len());
}

#[test]
fn loading_blocks_nobody_and_may_fail() {
    let (go, wait) = sync_channel::<()>(1);
    let engine = LocalEngine::start("slow", EngineOptions::default(), move || {
        wait.recv().expect("somebody sends");
        Err::<super::Loaded<FakeModel>, _>("no such file".into())
    });
    assert_eq!(engine.status().state, EngineState::Loading);
    let ask = || engine.complete(&caret_after("Запрос."), &limits(Extent::Line), &CancelToken::new());
    assert_eq!(ask(), Err(EngineError::NotReady));
    go.send(()).expect("somebody listens");
    assert_eq!(engine.wait_until_loaded(PATIENCE), EngineState::Failed("no such file".into()));
    assert_eq!(ask(), Err(EngineError::Failed("no such file".into())));
}

#[test]
fn a_panic_switches_the_engine_off() {
    let passes = AtomicUsize::new(0);
    let engine = start(Arc::new(move |_: &[u32]| {
        assert!(passes.fetch_add(1, Ordering::Relaxed) < 4, "as asked");
    }));
    let ask = || engine.complete(&caret_after("Запрос."), &limits(Extent::Line), &CancelToken::new());
    for _ in 0..2 {
        let Err(EngineError::Failed(why)) = ask() else { panic!("it must fail") };
        assert!(why.contains("as asked"), "{why}");
    }
}

#[test]
fn dropping_ends_the_work() {
    let (engine, gate) = gated();
    let asking = Arc::clone(&engine);
    let shut = gate.lock();
    let thread = std::thread::spawn(move || {
        drop(asking.complete(&caret_after("Запрос."), &limits(Extent::Line), &CancelToken::new()));
    });
    drop(shut);
    thread.join().expect("no thread panics");
    drop(engine);
}

#[test]
fn the_status_tells_what_happened() {
    let engine = engine();
    complete(&engine, &caret_after("Запрос."), &limits(Extent::Line));
    let status = engine.status();
    assert_eq!((status.completions, status.memories), (1, 1));
    assert!(status.prompt_tokens > 0 && status.read_tokens >= status.prompt_tokens);
    assert_eq!(engine.describe(), "fake, 1.5 M parameters");
    assert!(engine.tokenizer().is_some());
}
