//! A scripted session over a real configuration: how long the index takes cold and warm, and what an editor waits for
//! afterwards. Positions are sampled evenly, so that two runs ask the same questions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use regex::Regex;
use serde_json::{Value, json};
use test_support::{Client, Started};
use tower_lsp::gen_lsp_types::Uri;

use crate::bench::process::{cpu_seconds_of, resident_megabytes};
use crate::files::{find_modules, read_module};

const OPENED_MODULES: usize = 40;
const PLACES_PER_MODULE: usize = 6;

/// A row of the table: what was measured and the result.
type Row = (String, String);

pub(crate) fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let script = Script::new(folder)?;
    let cache = std::env::temp_dir().join(format!("strizh-bench-cache-{}", std::process::id()));
    let rows = run_sessions(folder, &script, &cache);
    let _ = std::fs::remove_dir_all(cache);
    rows
}

fn run_sessions(folder: &Path, script: &Script, cache: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let (mut cold, seconds) = start(folder, cache)?;
    rows.push(("cold index".to_owned(), index_row(&cold, seconds)));
    cold.shut_down()?;
    let started = Instant::now();
    let mut warm = begin(folder, cache)?;
    let definition = script.wait_for_definition(&mut warm)?;
    let first = started.elapsed().as_secs_f64();
    rows.push(("warm: first definition in another module".to_owned(), format!("{first:.2} s, {definition}")));
    warm.notification("$/progress", is_end)?;
    rows.push(("warm index".to_owned(), index_row(&warm, started.elapsed().as_secs_f64())));
    rows.extend(script.ask_everything(&mut warm)?);
    let resident = resident_megabytes(warm.process_id());
    rows.push(("resident after the session".to_owned(), format!("{:.0} MB", resident.unwrap_or_default())));
    warm.shut_down()?;
    Ok(rows)
}

/// A server that has read the whole configuration, and how long that took.
fn start(folder: &Path, cache: &Path) -> anyhow::Result<(Client, f64)> {
    let started = Instant::now();
    let mut client = begin(folder, cache)?;
    client.notification("$/progress", is_end)?;
    Ok((client, started.elapsed().as_secs_f64()))
}

fn begin(folder: &Path, cache: &Path) -> anyhow::Result<Client> {
    let binary = std::env::current_exe()?;
    let cache = cache.to_string_lossy();
    let environment = [("XDG_CACHE_HOME", &*cache), ("LOCALAPPDATA", &*cache), ("HOME", &*cache)];
    let mut client =
        Client::start(&Started { program: &binary, arguments: &["lsp"], environment: &environment })?;
    client.initialize(json!({
        "processId": null,
        "rootUri": uri(folder)?,
        "capabilities": {
            "window": {"workDoneProgress": true},
            "textDocument": {"completion": {"completionItem": {"snippetSupport": true}}},
        },
    }))?;
    Ok(client)
}

fn is_end(params: &Value) -> bool {
    params["value"]["kind"] == "end"
}

fn index_row(client: &Client, wall: f64) -> String {
    let cpu = cpu_seconds_of(client.process_id()).unwrap_or_default();
    let resident = resident_megabytes(client.process_id()).unwrap_or_default();
    format!("{wall:.2} s, {cpu:.2} s CPU, resident {resident:.0} MB")
}

fn uri(path: &Path) -> anyhow::Result<String> {
    let path = std::path::absolute(path)?;
    Ok(Uri::from_file_path(&path).ok().context("the path is no address")?.to_string())
}

/// What the session does.
struct Script {
    modules: Vec<(PathBuf, String)>,
    /// A call of another module's method, and the file of that module.
    cross_module: (PathBuf, String, Value, String),
    /// The method that is called most often.
    popular: (PathBuf, String, Value),
}

impl Script {
    fn new(folder: &Path) -> anyhow::Result<Self> {
        let paths = find_modules(&[folder.to_path_buf()], &[]).modules;
        let call = Regex::new(r"\b(\p{L}[\p{L}\d_]*)\.(\p{L}[\p{L}\d_]*)\(")?;
        let common: BTreeMap<String, PathBuf> = paths.iter().filter_map(|path| common_module(path)).collect();
        let step = (paths.len() / OPENED_MODULES).max(1);
        let mut calls: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut cross_module = None;
        let mut modules = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let Ok(decoded) = read_module(path) else { continue };
            for found in call.captures_iter(&decoded.text) {
                let Some(target) = common.get(&found[1]) else { continue };
                *calls.entry((found[1].to_owned(), found[2].to_owned())).or_default() += 1;
                let is_elsewhere = target != path && !path.starts_with(folder.join("CommonModules"));
                if cross_module.is_none() && is_elsewhere {
                    let start = found.get(2).map_or(0, |name| name.start());
                    let place = position(&decoded.text, start);
                    cross_module = Some((path.clone(), decoded.text.clone(), place, uri(target)?));
                }
            }
            if index % step == 0 && decoded.text.len() > 2_000 {
                modules.push((path.clone(), decoded.text));
            }
        }
        let ((module, method), _) = calls.into_iter().max_by_key(|(_, count)| *count).context("no calls")?;
        let path = common.get(&module).context("no common module")?.clone();
        let text = read_module(&path).map_err(anyhow::Error::msg)?.text;
        let declaration =
            Regex::new(&format!(r"(?i)(?:Функция|Процедура|Function|Procedure)\s+({method})\("))?;
        let start = declaration.captures(&text).and_then(|found| found.get(1)).map_or(0, |name| name.start());
        let place = position(&text, start);
        let cross_module = cross_module.context("no call of another module")?;
        Ok(Self { modules, cross_module, popular: (path, text, place) })
    }

    /// Asks until the answer is right, as somebody would who clicks again and again.
    fn wait_for_definition(&self, client: &mut Client) -> anyhow::Result<String> {
        let (path, text, place, target) = &self.cross_module;
        open(client, path, text)?;
        let params = json!({"textDocument": {"uri": uri(path)?}, "position": place});
        for asked in 1..1_000 {
            let answer = client.request("textDocument/definition", params.clone())?;
            if answer.to_string().contains(target.as_str()) {
                return Ok(format!("asked {asked} times"));
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        anyhow::bail!("the definition in {target} was never found")
    }

    fn ask_everything(&self, client: &mut Client) -> anyhow::Result<Vec<Row>> {
        let name = Regex::new(r"\p{L}[\p{L}\d_]{3,}")?;
        let dot = Regex::new(r"\p{L}[\p{L}\d_]*\.")?;
        let call = Regex::new(r"\p{L}[\p{L}\d_]*\(")?;
        let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (path, text) in &self.modules {
            open(client, path, text)?;
            for (method, at_end, pattern) in [
                ("textDocument/completion", true, &dot),
                ("textDocument/hover", false, &name),
                ("textDocument/definition", false, &name),
                ("textDocument/signatureHelp", true, &call),
            ] {
                for place in sample(text, pattern, at_end) {
                    let params = json!({"textDocument": {"uri": uri(path)?}, "position": place});
                    times.entry(method).or_default().push(timed(client, method, params)?);
                }
            }
        }
        let mut rows: Vec<Row> =
            times.into_iter().map(|(method, times)| (method.to_owned(), percentiles(times))).collect();
        for query in ["Обновить", "Получ", "знрек", "Module"] {
            let time = timed(client, "workspace/symbol", json!({"query": query}))?;
            rows.push((format!("workspace/symbol {query}"), format!("{time:.1} ms")));
        }
        let (path, text, place) = &self.popular;
        open(client, path, text)?;
        let params = json!({
            "textDocument": {"uri": uri(path)?}, "position": place, "context": {"includeDeclaration": true},
        });
        let started = Instant::now();
        let found = client.request("textDocument/references", params)?;
        let time = started.elapsed().as_secs_f64() * 1e3;
        let count = found.as_array().map_or(0, Vec::len);
        rows.push((
            "references of the most called method".to_owned(),
            format!("{time:.0} ms, {count} places"),
        ));
        Ok(rows)
    }
}

fn common_module(path: &Path) -> Option<(String, PathBuf)> {
    let mut parts = path.iter().skip_while(|part| *part != "CommonModules");
    let name = parts.nth(1)?.to_str()?;
    Some((name.to_owned(), path.to_owned()))
}

fn open(client: &mut Client, path: &Path, text: &str) -> anyhow::Result<()> {
    let document = json!({"uri": uri(path)?, "languageId": "bsl", "version": 1, "text": text});
    client.notify("textDocument/didOpen", json!({"textDocument": document}))?;
    // The first question waits for the document to be opened: that is measured elsewhere.
    client.request(
        "textDocument/documentHighlight",
        json!({
            "textDocument": {"uri": uri(path)?}, "position": {"line": 0, "character": 0},
        }),
    )?;
    Ok(())
}

/// Places in code, evenly over the text; comments are left out.
fn sample(text: &str, pattern: &Regex, at_end: bool) -> Vec<Value> {
    let is_code = |start: usize| {
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        !text[line..start].contains("//")
    };
    let found: Vec<_> = pattern.find_iter(text).filter(|found| is_code(found.start())).collect();
    let step = (found.len() / PLACES_PER_MODULE).max(1);
    let places = found.iter().step_by(step).take(PLACES_PER_MODULE);
    places.map(|found| position(text, if at_end { found.end() } else { found.start() + 2 })).collect()
}

/// Position of a byte offset in UTF-16.
fn position(text: &str, offset: usize) -> Value {
    let offset = (offset..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": line, "character": before[start..].encode_utf16().count()})
}

fn timed(client: &mut Client, method: &str, params: Value) -> anyhow::Result<f64> {
    let started = Instant::now();
    client.request(method, params)?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

fn percentiles(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at =
        |share: usize| times.get((times.len() * share / 100).min(times.len() - 1)).copied().unwrap_or(0.0);
    format!(
        "median {:.1} ms, p95 {:.1} ms, max {:.1} ms over {} places",
        at(50),
        at(95),
        at(100),
        times.len()
    )
}
