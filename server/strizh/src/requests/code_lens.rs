//! `textDocument/codeLens`: how complex methods are.

use base::Locale;
use ide::{CodeLensKind, CodeLensOptions};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};
use crate::settings::Settings;

/// The thresholds of the rules about complexity.
const CYCLOMATIC_THRESHOLD: u32 = 20;
const COGNITIVE_THRESHOLD: u32 = 15;

pub(crate) async fn handle(params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
    run_on("codeLens", params.text_document.uri, |open, snapshot, token| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let lenses = ide::code_lenses(&open.document, &options(&snapshot.settings), token).into_iter();
        let convert = |lens: ide::CodeLens| lsp::CodeLens {
            range: converter.range(lens.range),
            command: Some(lsp::Command {
                title: title(lens.kind, snapshot.settings.language),
                tooltip: None,
                // Nothing to run: the text is all there is to it.
                command: String::new(),
                arguments: None,
            }),
            data: None,
        };
        lenses.map(convert).collect()
    })
    .await
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

fn title(kind: CodeLensKind, language: Locale) -> String {
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
