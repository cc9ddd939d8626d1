//! `textDocument/documentSymbol`: the outline, nested if the client can show it.

use ide::{Symbol, SymbolKind};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

pub(crate) async fn handle(params: lsp::DocumentSymbolParams) -> Result<Option<lsp::DocumentSymbolResponse>> {
    run_on("documentSymbol", params.text_document.uri, |open, snapshot, token| {
        let symbols = ide::document_symbols(&open.document, token);
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        if snapshot.session.hierarchical_symbols {
            let nested = symbols.into_iter().map(|symbol| nested(&converter, symbol)).collect();
            return lsp::DocumentSymbolResponse::DocumentSymbolList(nested);
        }
        let mut flat = Vec::new();
        flatten(&converter, &open.uri, symbols, None, &mut flat);
        lsp::DocumentSymbolResponse::SymbolInformationList(flat)
    })
    .await
}

#[expect(deprecated, reason = "the field must be named to be left empty")]
fn nested(converter: &Converter<'_>, symbol: Symbol) -> lsp::DocumentSymbol {
    lsp::DocumentSymbol {
        name: display_name(&symbol.name),
        detail: symbol.detail,
        kind: kind(symbol.kind),
        tags: symbol.is_deprecated.then(|| vec![lsp::SymbolTag::Deprecated]),
        deprecated: None,
        range: converter.range(symbol.range),
        selection_range: converter.range(symbol.selection),
        children: Some(symbol.children.into_iter().map(|child| nested(converter, child)).collect()),
    }
}

#[expect(deprecated, reason = "the field must be named to be left empty")]
fn flatten(
    converter: &Converter<'_>,
    uri: &lsp::Uri,
    symbols: Vec<Symbol>,
    container: Option<&str>,
    flat: &mut Vec<lsp::SymbolInformation>,
) {
    for symbol in symbols {
        flat.push(lsp::SymbolInformation {
            deprecated: None,
            location: lsp::Location { uri: uri.clone(), range: converter.range(symbol.range) },
            base_symbol_information: lsp::BaseSymbolInformation {
                name: display_name(&symbol.name),
                kind: kind(symbol.kind),
                tags: symbol.is_deprecated.then(|| vec![lsp::SymbolTag::Deprecated]),
                container_name: container.map(str::to_owned),
            },
        });
        flatten(converter, uri, symbol.children, Some(&symbol.name), flat);
    }
}

/// Clients refuse empty names, which half-typed regions and methods have.
fn display_name(name: &str) -> String {
    if name.trim().is_empty() { "…".to_owned() } else { name.to_owned() }
}

fn kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Region => lsp::SymbolKind::Namespace,
        SymbolKind::Procedure => lsp::SymbolKind::Method,
        SymbolKind::Function => lsp::SymbolKind::Function,
        SymbolKind::Variable => lsp::SymbolKind::Variable,
    }
}
