//! The steps of the tour that the model makes: a line is typed letter by letter and completed, and the status is asked.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::tour::Tour;
use crate::tour::steps::{change, insertion};

/// The model is loaded in the background; the first steps may be faster.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);
/// Lines that are tried until something is shown.
const MAX_LINES: usize = 40;
const MIN_LETTERS: usize = 14;
const INVOKED: u8 = 1;

/// What kind of engine is there.
pub(super) fn status(tour: &mut Tour) -> anyhow::Result<String> {
    let end = Instant::now() + PATIENCE;
    loop {
        let status = tour.client.request("strizh/model", Value::Null)?;
        match status["state"].as_str() {
            Some("ready") => {
                let megabytes = status["memoryBytes"].as_u64().unwrap_or(0) >> 20;
                let parameters = status["parameters"].as_u64().unwrap_or(0) as f64 / 1e6;
                let name = status["name"].as_str().unwrap_or_default();
                let remote = status["remote"].as_str().unwrap_or_default();
                let place = match remote {
                    "" => tour.say("ничего не отправляется", "nothing is sent"),
                    other => other,
                };
                let millions = tour.say("млн параметров", "M parameters");
                return Ok(format!("{name}: {parameters:.1} {millions}, {megabytes} MB, {place}"));
            }
            Some("loading") if Instant::now() < end => std::thread::sleep(PAUSE),
            other => bail!("{}: {}", other.unwrap_or("?"), status["message"]),
        }
    }
}

/// Types the beginning of a line that the module has, below the first line of a method, and lets the model end it.
pub(super) fn suggestion(tour: &mut Tour) -> anyhow::Result<String> {
    let place = insertion(tour)?;
    let typed: Vec<String> = beginnings(&tour.text);
    for text in typed.iter().take(MAX_LINES) {
        change(tour, json!([{"range": {"start": place, "end": place}, "text": format!("{text}\n")}]))?;
        let started = Instant::now();
        let found = ask(tour, &place, text)?;
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        let end = json!({"line": place["line"].as_u64().unwrap_or(0) + 1, "character": 0});
        change(tour, json!([{"range": {"start": place, "end": end}, "text": ""}]))?;
        if let Some(found) = found {
            return Ok(format!("{} ▸ {found}   {milliseconds:.0} ms", text.trim()));
        }
    }
    bail!("nothing was shown for {} lines", typed.len().min(MAX_LINES))
}

fn ask(tour: &mut Tour, place: &Value, text: &str) -> anyhow::Result<Option<String>> {
    let character = text.encode_utf16().count();
    let params = json!({
        "textDocument": {"uri": tour.uri},
        "position": {"line": place["line"], "character": character},
        "context": {"triggerKind": INVOKED},
    });
    let answer = tour.client.request("textDocument/inlineCompletion", params)?;
    let items = answer["items"].as_array().or_else(|| answer.as_array()).context("no list")?;
    let Some(item) = items.first() else { return Ok(None) };
    let new = item["insertText"].as_str().unwrap_or_default();
    // The item may replace what was typed of the last word.
    let kept = item["range"]["start"]["character"].as_u64().map_or(character, |at| at as usize);
    let known: usize = character.saturating_sub(kept);
    let added: String = new.chars().skip(known).collect();
    Ok((!added.trim().is_empty()).then_some(added))
}

/// Halves of lines of code.
fn beginnings(text: &str) -> Vec<String> {
    let is_code = |line: &&str| {
        let start = line.trim_start();
        line.starts_with('\t') && start.len() > MIN_LETTERS && !start.starts_with(['/', '|', '#', '&', '"'])
    };
    let half = |line: &str| line.chars().take(line.chars().count() / 2).collect::<String>();
    text.lines().filter(is_code).map(half).filter(|half| half.trim().len() > MIN_LETTERS / 2).collect()
}
