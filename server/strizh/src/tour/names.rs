//! What the server knows about names: a call of another module is looked at from all sides.

use serde_json::{Value, json};

use crate::tour::Tour;

const SHOWN: usize = 4;

/// A call whose method lies in another file: where its name starts, and what the server said.
#[derive(Clone)]
pub(super) struct Call {
    name: String,
    place: Value,
    definition: Value,
}

fn ask(tour: &mut Tour, method: &str, place: &Value) -> anyhow::Result<Value> {
    let mut params = json!({"textDocument": {"uri": tour.uri}, "position": place});
    if method == "textDocument/references" {
        params["context"] = json!({"includeDeclaration": true});
    }
    tour.client.request(method, params)
}

/// Places behind dots with the names that are called there.
fn calls(tour: &Tour) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (line, text) in tour.text.lines().enumerate() {
        let code = text.split("//").next().unwrap_or_default();
        for (dot, _) in code.match_indices('.') {
            let rest = &code[dot + 1..];
            let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
            if end > 0 && rest[end..].starts_with('(') {
                let character = code[..=dot].encode_utf16().count();
                found.push((rest[..end].to_owned(), json!({"line": line, "character": character})));
            }
        }
    }
    found
}

/// Found once, so that the steps behind take their own time only.
fn call(tour: &mut Tour) -> anyhow::Result<Option<Call>> {
    if tour.call.is_none() {
        tour.call = find_call(tour)?;
    }
    Ok(tour.call.clone())
}

fn find_call(tour: &mut Tour) -> anyhow::Result<Option<Call>> {
    for (name, place) in calls(tour) {
        let definition = ask(tour, "textDocument/definition", &place)?;
        let target = match &definition {
            Value::Array(places) => places.first().cloned().unwrap_or_default(),
            place => place.clone(),
        };
        let uri = target["uri"].as_str().or_else(|| target["targetUri"].as_str()).unwrap_or_default();
        if !uri.is_empty() && uri != tour.uri && uri.ends_with("sl") {
            return Ok(Some(Call { name, place, definition: target }));
        }
    }
    Ok(None)
}

fn nothing(tour: &Tour) -> String {
    tour.say("модуль не вызывает других", "the module calls no other").to_owned()
}

/// Waits until the project has been read, so that every step sees all of it.
pub(super) fn reading(tour: &mut Tour) -> anyhow::Result<String> {
    tour.client.notification("$/progress", |params| params["value"]["kind"] == "end")?;
    let found = tour.client.request("workspace/symbol", json!({"query": ""}))?;
    let count = found.as_array().map_or(0, Vec::len);
    Ok(format!("{count} {}", tour.say("имён", "names")))
}

pub(super) fn definition(tour: &mut Tour) -> anyhow::Result<String> {
    let Some(call) = call(tour)? else { return Ok(nothing(tour)) };
    let range = &call.definition["range"];
    let range = if range.is_object() { range } else { &call.definition["targetSelectionRange"] };
    let line = range["start"]["line"].as_u64().unwrap_or(0) + 1;
    Ok(format!("{} → {} {line}", call.name, tour.say("другой модуль, строка", "another module, line")))
}

pub(super) fn hover(tour: &mut Tour) -> anyhow::Result<String> {
    let Some(call) = call(tour)? else { return Ok(nothing(tour)) };
    let hover = ask(tour, "textDocument/hover", &call.place)?;
    let text = hover["contents"]["value"].as_str().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("```"));
    Ok(lines.take(SHOWN).map(|line| format!("\n{line}")).collect())
}

pub(super) fn references(tour: &mut Tour) -> anyhow::Result<String> {
    let Some(call) = call(tour)? else { return Ok(nothing(tour)) };
    let found = ask(tour, "textDocument/references", &call.place)?;
    let count = found.as_array().map_or(0, Vec::len);
    Ok(format!("{}: {count} {}", call.name, tour.say("мест", "places")))
}

pub(super) fn completion(tour: &mut Tour) -> anyhow::Result<String> {
    let Some(call) = call(tour)? else { return Ok(nothing(tour)) };
    let found = ask(tour, "textDocument/completion", &call.place)?;
    let items = found["items"].as_array().or_else(|| found.as_array()).cloned().unwrap_or_default();
    let labels: Vec<&str> = items.iter().filter_map(|item| item["label"].as_str()).take(SHOWN).collect();
    Ok(format!("{}: {}…", items.len(), labels.join(", ")))
}
