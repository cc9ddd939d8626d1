//! `textDocument/codeLens` and `codeLens/resolve`: how complex methods are, how often they are used, and
//! what hot ones cost. Uses are
//! counted when the client shows the line.

use base::{CancelToken, Locale};
use ide::{CodeLensKind, CodeLensOptions, Search};
use semantics::Definition;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, Locations, OpenFiles, Snapshot, path_of, run, run_in_project};
use crate::measured::hot_options;
use crate::settings::Settings;

/// The thresholds of the rules about complexity.
const CYCLOMATIC_THRESHOLD: u32 = 20;
const COGNITIVE_THRESHOLD: u32 = 15;
/// A command of the extension for VS Code; other editors show the text alone.
const SHOW_REFERENCES: &str = "strizh.showReferences";

pub(crate) async fn handle(params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
    let uri = params.text_document.uri;
    run_in_project("codeLens", uri.clone(), move |document, snapshot, token| {
        let converter = Converter::new(document.document, snapshot.session.encoding);
        let settings = &snapshot.settings;
        let lenses = ide::code_lenses(document.document, &options(settings), token).into_iter();
        let mut lenses: Vec<_> = lenses
            .map(|lens| {
                let title = complexity(lens.kind, settings.language);
                shown(converter.range(lens.range), title, String::new(), None)
            })
            .collect();
        let module = document.project.module(document.module).filter(|_| settings.reference_lens);
        for (_, method) in module.iter().flat_map(|module| module.methods()) {
            let range = converter.range(method.place().range());
            let data = json!({"uri": uri, "method": method.name});
            lenses.push(lsp::CodeLens { range, command: None, data: Some(data) });
        }
        if let Some(lines) = snapshot.measured.lines_of(document).filter(|_| settings.profile.lenses) {
            let options = hot_options(snapshot);
            let hot = ide::hot_lenses(document, &lines, &options, settings.language, token);
            let show = |lens: ide::HotLens| {
                let range = converter.range(lens.range);
                shown(range, lens.title, String::new(), None)
            };
            lenses.extend(hot.into_iter().map(show));
        }
        lenses.sort_by_key(|lens| lens.range.start);
        lenses
    })
    .await
}

pub(crate) async fn resolve(lens: lsp::CodeLens) -> Result<lsp::CodeLens> {
    run("codeLens/resolve", move |snapshot, token| {
        let resolved = lens.data.as_ref().and_then(|data| counted(&lens, data, snapshot, token));
        resolved.unwrap_or(lens)
    })
    .await
}

/// The lens of a method with the number of its uses.
fn counted(
    lens: &lsp::CodeLens,
    data: &Value,
    snapshot: &Snapshot,
    token: &CancelToken,
) -> Option<lsp::CodeLens> {
    let uri: lsp::Uri = serde_json::from_value(data.get("uri")?.clone()).ok()?;
    let project = snapshot.project();
    let module = project.module_by_path(&path_of(&uri))?;
    let index = project.module(module)?.find_method(data.get("method")?.as_str()?)?;
    let files = OpenFiles::new(snapshot);
    let search = Search { project: &project, files: &files, token };
    let found = ide::references_of(&search, &Definition::Method { module, index }, false);
    let is_open_end = found.is_cut || !snapshot.disk.is_complete;
    let mut locations = Locations::new(snapshot, &project);
    let places: Vec<_> = found.found.iter().filter_map(|it| locations.location(&it.location)).collect();
    let title = uses(places.len(), is_open_end, snapshot.settings.language);
    let arguments = vec![json!(uri), json!(lens.range.start), json!(places)];
    Some(shown(lens.range, title, SHOW_REFERENCES.to_owned(), Some(arguments)))
}

fn shown(range: lsp::Range, title: String, command: String, arguments: Option<Vec<Value>>) -> lsp::CodeLens {
    let command = lsp::Command { title, tooltip: None, command, arguments };
    lsp::CodeLens { range, command: Some(command), data: None }
}

fn options(settings: &Settings) -> CodeLensOptions {
    if !settings.complexity_lens {
        return CodeLensOptions::default();
    }
    CodeLensOptions {
        cyclomatic_threshold: Some(CYCLOMATIC_THRESHOLD),
        cognitive_threshold: Some(COGNITIVE_THRESHOLD),
    }
}

fn uses(count: usize, is_open_end: bool, language: Locale) -> String {
    let more = if is_open_end { "+" } else { "" };
    match (language, count) {
        (Locale::Ru, _) => format!("ссылок: {count}{more}"),
        (Locale::En, 1) if !is_open_end => "1 reference".to_owned(),
        (Locale::En, _) => format!("{count}{more} references"),
    }
}

fn complexity(kind: CodeLensKind, language: Locale) -> String {
    let CodeLensKind::Complexity { cyclomatic, cognitive } = kind;
    let (head, first, second) = match language {
        Locale::Ru => ("Сложность", "цикломатическая", "когнитивная"),
        Locale::En => ("Complexity", "cyclomatic", "cognitive"),
    };
    let part = |name: &str, score: Option<u32>| score.map(|score| format!("{name} {score}"));
    let parts: Vec<String> =
        [part(first, cyclomatic), part(second, cognitive)].into_iter().flatten().collect();
    format!("{head}: {}", parts.join(", "))
}
