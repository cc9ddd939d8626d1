//! What the tour shows, in the order a newcomer would try it.

use std::process::Command;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::tour::{Tour, live, measured, model, names};

/// Code with an empty block and a layout that nobody wants.
const SCRUFFY: &str = "процедура П()\nЕСЛИ А=1 ТОГДА\nКонецЕсли;\nконецпроцедуры\n";
const SHOWN_FINDINGS: usize = 3;

pub(crate) fn walk(tour: &mut Tour) -> anyhow::Result<()> {
    tour.step("Открыть самый большой модуль", "Open the largest module", open)?;
    tour.step("Прочитать конфигурацию", "Read the configuration", names::reading)?;
    tour.step("Переход к методу другого модуля", "Go to a method of another module", names::definition)?;
    tour.step("Что о нём известно", "What is known about it", names::hover)?;
    tour.step("Где он используется", "Where it is used", names::references)?;
    tour.step("Дополнение после точки", "Completion behind the dot", names::completion)?;
    tour.step("Структура модуля", "Outline", outline)?;
    tour.step("Свёртка", "Folding", folding)?;
    tour.step("Раскраска по смыслу", "Semantic colours", colours)?;
    tour.step("Вхождения имени под курсором", "Occurrences of the name under the cursor", occurrences)?;
    tour.step("Расширение выделения", "Growing selection", selection)?;
    tour.step("Правка: новое замечание сразу", "An edit: its finding at once", edit)?;
    tour.step("Быстрые исправления", "Quick fixes", actions)?;
    tour.step("Отменить правку: замечание ушло", "Undo: the finding is gone", undo)?;
    tour.step("Модель в программе", "The model inside the program", model::status)?;
    tour.step("Строку дописывает модель, без сети", "The model ends a line, offline", model::suggestion)?;
    tour.step("Форматирование", "Formatting", formatting)?;
    tour.step("Запрос, отменённый сразу", "A request cancelled at once", cancelling)?;
    tour.step("Испорченный кадр протокола", "A malformed protocol frame", malformed)?;
    tour.step("Проверить весь проект в фоне", "Check the whole project in the background", workspace)?;
    tour.step("То же из командной строки", "The same from the command line", command_line)?;
    if live::has_example(tour) {
        tour.step(
            "Модуль на лету: новый код в работающем хосте",
            "Hot reload into a running host",
            live::hot_reload,
        )?;
    }
    if measured::runnable(tour).is_some() {
        tour.step(
            "Замер, причина, правка, новый замер",
            "Measure, cause, repair, measure again",
            measured::faster,
        )?;
    }
    tour.step("Память сервера", "Memory of the server", memory)?;
    tour.step("Завершение", "Shutdown", shutdown)
}

/// The host is the interpreter of Strizh, on this machine.
fn document(tour: &Tour) -> Value {
    json!({"textDocument": {"uri": tour.uri}})
}

fn list(value: &Value) -> anyhow::Result<&Vec<Value>> {
    value.as_array().context("the answer is not a list")
}

fn open(tour: &mut Tour) -> anyhow::Result<String> {
    let document = json!({"uri": tour.uri, "languageId": "bsl", "version": 1, "text": tour.text});
    tour.client.notify("textDocument/didOpen", json!({"textDocument": document}))?;
    let findings = tour.client.diagnostics(&tour.uri, 1)?;
    let name = tour.module.display();
    let lines = tour.text.lines().count();
    let mut result =
        format!("{name}: {lines} {}, {}", tour.say("строк", "lines"), count(tour, findings.len()));
    for finding in findings.iter().take(SHOWN_FINDINGS) {
        result += &format!("\n{}", shown(finding));
    }
    Ok(result)
}

fn count(tour: &Tour, findings: usize) -> String {
    format!("{}: {findings}", tour.say("замечаний", "findings"))
}

fn shown(finding: &Value) -> String {
    let line = finding["range"]["start"]["line"].as_u64().unwrap_or(0) + 1;
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    format!("{line}: {} {}", text("code"), text("message"))
}

fn outline(tour: &mut Tour) -> anyhow::Result<String> {
    let symbols = tour.client.request("textDocument/documentSymbol", document(tour))?;
    let symbols = list(&symbols)?;
    let (mut regions, mut methods) = (0, 0);
    let mut waiting: Vec<&Value> = symbols.iter().collect();
    while let Some(symbol) = waiting.pop() {
        match symbol["kind"].as_u64() {
            Some(3) => regions += 1,
            Some(6 | 12) => methods += 1,
            _ => {}
        }
        waiting.extend(symbol["children"].as_array().into_iter().flatten());
    }
    let found = format!(
        "{} {regions}, {} {methods}",
        tour.say("областей", "regions"),
        tour.say("методов", "methods")
    );
    if methods == 0 { bail!("{found}") } else { Ok(found) }
}

fn folding(tour: &mut Tour) -> anyhow::Result<String> {
    let ranges = tour.client.request("textDocument/foldingRange", document(tour))?;
    let ranges = list(&ranges)?.len();
    if ranges == 0 { bail!("0") } else { Ok(format!("{ranges}")) }
}

fn colours(tour: &mut Tour) -> anyhow::Result<String> {
    let tokens = tour.client.request("textDocument/semanticTokens/full", document(tour))?;
    let tokens = list(&tokens["data"])?.len() / 5;
    if tokens == 0 { bail!("0") } else { Ok(format!("{tokens} {}", tour.say("слов", "tokens"))) }
}

/// The first parameter or variable that a method assigns to.
fn cursor(tour: &Tour) -> anyhow::Result<Value> {
    let lines = tour.text.lines().enumerate();
    let assignment = lines.into_iter().find(|(_, line)| {
        let mut words = line.split_whitespace();
        let is_name = words.next().is_some_and(|word| word.chars().all(char::is_alphanumeric));
        is_name && words.next() == Some("=")
    });
    let (line, text) = assignment.context("the module assigns nothing")?;
    let indent = text.chars().take_while(|letter| letter.is_whitespace()).count();
    Ok(json!({"line": line, "character": indent}))
}

fn occurrences(tour: &mut Tour) -> anyhow::Result<String> {
    let params = json!({"textDocument": {"uri": tour.uri}, "position": cursor(tour)?});
    let found = tour.client.request("textDocument/documentHighlight", params)?;
    let found = list(&found)?;
    let lines: Vec<String> = found
        .iter()
        .map(|place| (place["range"]["start"]["line"].as_u64().unwrap_or(0) + 1).to_string())
        .collect();
    if lines.is_empty() {
        bail!("0")
    }
    Ok(format!("{} {}", tour.say("строки", "lines"), lines.join(", ")))
}

fn selection(tour: &mut Tour) -> anyhow::Result<String> {
    let params = json!({"textDocument": {"uri": tour.uri}, "positions": [cursor(tour)?]});
    let ranges = tour.client.request("textDocument/selectionRange", params)?;
    let mut range = &list(&ranges)?[0];
    let mut steps = 1;
    while range["parent"].is_object() {
        range = &range["parent"];
        steps += 1;
    }
    if steps < 2 {
        bail!("{steps}")
    } else {
        Ok(format!("{steps} {}", tour.say("ступеней", "steps")))
    }
}

/// Replaces the whole text or inserts before a line, and waits for the diagnostics of that version.
pub(super) fn change(tour: &mut Tour, changes: Value) -> anyhow::Result<Vec<Value>> {
    tour.version += 1;
    let document = json!({"uri": tour.uri, "version": tour.version});
    let params = json!({"textDocument": document, "contentChanges": changes});
    tour.client.notify("textDocument/didChange", params)?;
    tour.client.diagnostics(&tour.uri, tour.version)
}

pub(super) fn insertion(tour: &Tour) -> anyhow::Result<Value> {
    let line = cursor(tour)?["line"].clone();
    Ok(json!({"line": line, "character": 0}))
}

fn edit(tour: &mut Tour) -> anyhow::Result<String> {
    let place = insertion(tour)?;
    let text = "Если Истина Тогда\nКонецЕсли;\n";
    let findings = change(tour, json!([{"range": {"start": place, "end": place}, "text": text}]))?;
    let new = findings.iter().find(|finding| finding["range"]["start"]["line"] == place["line"]);
    new.map(shown).context("no finding in the new lines")
}

fn actions(tour: &mut Tour) -> anyhow::Result<String> {
    let line = insertion(tour)?["line"].clone();
    let range = json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": 200}});
    // The findings of the edit have arrived already; a second look at the same text brings them again.
    let place = json!({"line": line, "character": 0});
    let findings = change(tour, json!([{"range": {"start": place, "end": place}, "text": ""}]))?;
    let here: Vec<Value> =
        findings.into_iter().filter(|finding| finding["range"]["start"]["line"] == line).collect();
    let params = json!({"textDocument": {"uri": tour.uri}, "range": range, "context": {"diagnostics": here}});
    let actions = tour.client.request("textDocument/codeAction", params)?;
    let titles: Vec<&str> = list(&actions)?.iter().filter_map(|action| action["title"].as_str()).collect();
    if titles.is_empty() { bail!("0") } else { Ok(titles.join("\n")) }
}

fn undo(tour: &mut Tour) -> anyhow::Result<String> {
    let place = insertion(tour)?;
    let line = place["line"].as_u64().unwrap_or(0);
    let end = json!({"line": line + 2, "character": 0});
    let findings = change(tour, json!([{"range": {"start": place, "end": end}, "text": ""}]))?;
    let text = tour.client.request("strizh/documentText", document(tour))?;
    if text["text"].as_str() != Some(&tour.text) {
        bail!("the texts differ");
    }
    Ok(count(tour, findings.len()))
}

fn formatting(tour: &mut Tour) -> anyhow::Result<String> {
    let uri = "untitled:tour.bsl";
    let document = json!({"uri": uri, "languageId": "bsl", "version": 1, "text": SCRUFFY});
    tour.client.notify("textDocument/didOpen", json!({"textDocument": document}))?;
    let params = json!({"textDocument": {"uri": uri}, "options": {"tabSize": 4, "insertSpaces": true}});
    let edits = tour.client.request("textDocument/formatting", params)?;
    tour.client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}))?;
    let text = apply(SCRUFFY, list(&edits)?);
    if text == SCRUFFY {
        bail!("nothing was laid out")
    } else {
        Ok(format!("\n{text}").trim_end().to_owned())
    }
}

/// Applies edits to a text without letters outside the basic plane and with LF line ends.
pub(super) fn apply(text: &str, edits: &[Value]) -> String {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
    let offset = |position: &Value| {
        let line = position["line"].as_u64().unwrap_or(0) as usize;
        let column = position["character"].as_u64().unwrap_or(0) as usize;
        let start = starts.get(line).copied().unwrap_or(text.len());
        start + text[start..].chars().take(column).map(char::len_utf8).sum::<usize>()
    };
    let edits = edits.iter().map(|edit| {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        base::Edit::replace(range.into(), edit["newText"].as_str().unwrap_or_default())
    });
    base::apply_edits(text, edits.collect()).0
}

fn cancelling(tour: &mut Tour) -> anyhow::Result<String> {
    let id = tour.client.send_request("textDocument/semanticTokens/full", document(tour))?;
    tour.client.cancel(id)?;
    Ok(match tour.client.answer(id)? {
        Ok(_) => tour.say("ответ успел раньше", "the answer was faster").to_owned(),
        Err(failure) => failure.to_string(),
    })
}

fn malformed(tour: &mut Tour) -> anyhow::Result<String> {
    tour.client.send_raw(b"Content-Length: 7\r\n\r\n{\"a\": \xFF")?;
    match tour.client.answer_without_id()? {
        Ok(_) => bail!("accepted"),
        Err(failure) => Ok(failure.to_string()),
    }
}

fn workspace(tour: &mut Tour) -> anyhow::Result<String> {
    tour.client.request("workspace/executeCommand", json!({"command": "strizh.checkWorkspace"}))?;
    let end = tour.client.notification("$/progress", |params| params["value"]["kind"] == "end")?;
    Ok(end["value"]["message"].as_str().unwrap_or_default().to_owned())
}

fn command_line(tour: &mut Tour) -> anyhow::Result<String> {
    let binary = std::env::current_exe()?;
    let language = tour.say("ru", "en");
    let output = Command::new(binary).args(["check", "--language", language]).arg(&tour.root).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        Some(0 | 1) => Ok(text.lines().last().unwrap_or_default().to_owned()),
        code => bail!("exit code {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn memory(tour: &mut Tour) -> anyhow::Result<String> {
    match crate::bench::resident_megabytes(tour.client.process_id()) {
        Some(megabytes) => Ok(format!("{megabytes:.1} MB")),
        None => Ok(tour.say("здесь не измеряется", "not measured on this system").to_owned()),
    }
}

fn shutdown(tour: &mut Tour) -> anyhow::Result<String> {
    match tour.client.shut_down()? {
        Some(0) => Ok(tour.say("код 0", "code 0").to_owned()),
        code => bail!("exit code {code:?}"),
    }
}
