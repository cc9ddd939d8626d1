//! What the server tells the client about itself.

use ide::{SemanticTokenKind, SemanticTokenModifiers};
use syntax::PositionEncoding;
use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::session::Session;
use crate::measuring;
use crate::reload::{HISTORY, RELOAD, RELOAD_PLAN, UNDO};
use crate::requests::assistant::{DOCUMENT, EXPLAIN, GENERATE, LAST_REQUEST};
use crate::requests::explain_error::EXPLAIN_ERROR;
use crate::requests::profile;

pub(crate) const CHECK_WORKSPACE: &str = "strizh.checkWorkspace";

pub(crate) fn initialize_result(session: &Session) -> lsp::InitializeResult {
    lsp::InitializeResult {
        capabilities: capabilities(session),
        server_info: Some(lsp::ServerInfo {
            name: "strizh".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

fn capabilities(session: &Session) -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(match session.encoding {
            PositionEncoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            PositionEncoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(lsp::TextDocumentSync::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::Incremental),
            will_save: None,
            will_save_wait_until: None,
            save: Some(lsp::Save::SaveOptions(lsp::SaveOptions { include_text: Some(false) })),
        })),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(ide::COMPLETION_TRIGGERS.map(String::from).to_vec()),
            resolve_provider: Some(true),
            completion_item: Some(lsp::ServerCompletionItemOptions { label_details_support: Some(true) }),
            ..Default::default()
        }),
        hover_provider: Some(lsp::HoverProvider::Bool(true)),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(vec!["(".to_owned(), ",".to_owned()]),
            retrigger_characters: Some(vec![")".to_owned()]),
            ..Default::default()
        }),
        definition_provider: Some(lsp::DefinitionProvider::Bool(true)),
        declaration_provider: Some(lsp::DeclarationProvider::Bool(true)),
        type_definition_provider: Some(lsp::TypeDefinitionProvider::Bool(true)),
        implementation_provider: Some(lsp::ImplementationProvider::Bool(true)),
        document_symbol_provider: Some(lsp::DocumentSymbolProvider::Bool(true)),
        folding_range_provider: Some(lsp::FoldingRangeProvider::Bool(true)),
        selection_range_provider: Some(lsp::SelectionRangeProvider::Bool(true)),
        document_highlight_provider: Some(lsp::DocumentHighlightProvider::Bool(true)),
        semantic_tokens_provider: Some(semantic_tokens()),
        document_formatting_provider: Some(lsp::DocumentFormattingProvider::Bool(true)),
        document_range_formatting_provider: Some(lsp::DocumentRangeFormattingProvider::Bool(true)),
        document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions {
            first_trigger_character: ";".to_owned(),
            more_trigger_character: Some(vec!["\n".to_owned()]),
        }),
        code_action_provider: Some(lsp::CodeActionProvider::CodeActionOptions(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![
                lsp::CodeActionKind::QuickFix,
                lsp::CodeActionKind::RefactorExtract,
                lsp::CodeActionKind::RefactorInline,
                lsp::CodeActionKind::RefactorRewrite,
                lsp::CodeActionKind::Source,
                lsp::CodeActionKind::SourceFixAll,
            ]),
            resolve_provider: Some(true),
            ..Default::default()
        })),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(true), ..Default::default() }),
        references_provider: Some(lsp::ReferencesProvider::Bool(true)),
        call_hierarchy_provider: Some(lsp::CallHierarchyProvider::Bool(true)),
        workspace_symbol_provider: Some(lsp::WorkspaceSymbolProvider::Bool(true)),
        inlay_hint_provider: Some(lsp::InlayHintProvider::Bool(true)),
        color_provider: Some(lsp::ColorProvider::Bool(true)),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(true),
            ..Default::default()
        }),
        // Static: Neovim knows no other way.
        inline_completion_provider: Some(lsp::InlineCompletionProvider::Bool(true)),
        linked_editing_range_provider: Some(lsp::LinkedEditingRangeProvider::Bool(true)),
        rename_provider: Some(lsp::RenameProvider::RenameOptions(lsp::RenameOptions {
            prepare_provider: Some(true),
            ..Default::default()
        })),
        diagnostic_provider: session.pulls_diagnostics.then(|| {
            lsp::DiagnosticProvider::DiagnosticOptions(lsp::DiagnosticOptions {
                identifier: Some("strizh".to_owned()),
                ..Default::default()
            })
        }),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: [
                CHECK_WORKSPACE,
                EXPLAIN,
                EXPLAIN_ERROR,
                DOCUMENT,
                GENERATE,
                LAST_REQUEST,
                profile::IMPORT,
                profile::CLEAR,
                measuring::START,
                measuring::STOP,
                RELOAD,
                RELOAD_PLAN,
                UNDO,
                HISTORY,
            ]
            .map(str::to_owned)
            .to_vec(),
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn semantic_tokens() -> lsp::SemanticTokensProvider {
    lsp::SemanticTokensProvider::SemanticTokensOptions(lsp::SemanticTokensOptions {
        legend: lsp::SemanticTokensLegend {
            token_types: SemanticTokenKind::ALL.into_iter().map(|kind| token_type(kind).to_owned()).collect(),
            token_modifiers: SemanticTokenModifiers::NAMES.map(str::to_owned).to_vec(),
        },
        range: Some(lsp::SemanticTokensOptionsRange::Bool(true)),
        full: Some(lsp::Full::SemanticTokensFullDelta(lsp::SemanticTokensFullDelta { delta: Some(true) })),
        ..Default::default()
    })
}

fn token_type(kind: SemanticTokenKind) -> &'static str {
    match kind {
        SemanticTokenKind::Keyword => "keyword",
        SemanticTokenKind::Comment => "comment",
        SemanticTokenKind::String => "string",
        SemanticTokenKind::Number => "number",
        SemanticTokenKind::Operator => "operator",
        SemanticTokenKind::Function => "function",
        SemanticTokenKind::Method => "method",
        SemanticTokenKind::Parameter => "parameter",
        SemanticTokenKind::Variable => "variable",
        SemanticTokenKind::Property => "property",
        SemanticTokenKind::Class => "class",
        SemanticTokenKind::Decorator => "decorator",
        SemanticTokenKind::Macro => "macro",
        SemanticTokenKind::Namespace => "namespace",
        SemanticTokenKind::Label => "label",
    }
}
