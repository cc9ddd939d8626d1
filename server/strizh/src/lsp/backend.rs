//! The method table: which request is answered where. State changes never reach it, see `in_order`.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;
use tower_lsp::{LanguageServer, LspServiceBuilder};

use crate::lsp::capabilities::initialize_result;
use crate::lsp::in_order::SNAPSHOT;
use crate::lsp::world::World;
use crate::requests::{
    call_hierarchy, code_action, code_lens, completion, document_color, document_diagnostic,
    document_highlight, document_link, document_symbol, document_text, execute_command, folding_range,
    formatting, go_to, hover, inlay_hint, inline_completion, linked_editing_range, model, references, rename,
    selection_range, semantic_tokens, signature_help, testing, workspace_symbol,
};

pub(crate) struct Backend {
    world: Arc<World>,
    tokens: semantic_tokens::LastTokens,
    completion: completion::LastList,
}

impl Backend {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self {
            world,
            tokens: semantic_tokens::LastTokens::default(),
            completion: completion::LastList::default(),
        }
    }

    async fn document_text(&self, params: Value) -> Result<Value> {
        document_text::handle(params).await
    }

    async fn model(&self) -> Result<Value> {
        model::handle(&self.world)
    }

    async fn sleep(&self, params: Value) -> Result<Value> {
        testing::sleep(params).await
    }

    async fn panic(&self, params: Value) -> Result<Value> {
        testing::panic(params).await
    }
}

/// Adds the requests that the protocol does not know.
pub(crate) fn with_own_methods(builder: LspServiceBuilder<Backend>) -> LspServiceBuilder<Backend> {
    let builder = builder
        .custom_method("strizh/documentText", Backend::document_text)
        .custom_method("strizh/model", Backend::model);
    if std::env::var_os(crate::lsp::TEST_REQUESTS).is_none() {
        return builder;
    }
    builder.custom_method("strizh/sleep", Backend::sleep).custom_method("strizh/panic", Backend::panic)
}

impl LanguageServer for Backend {
    async fn initialize(&self, _params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        Ok(initialize_result(&SNAPSHOT.with(|snapshot| snapshot.session.clone())))
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn completion(&self, params: lsp::CompletionParams) -> Result<Option<lsp::CompletionResponse>> {
        completion::handle(&self.world, &self.completion, params).await
    }

    async fn inline_completion(
        &self,
        params: lsp::InlineCompletionParams,
    ) -> Result<Option<lsp::InlineCompletionResponse>> {
        inline_completion::handle(&self.world, params).await
    }

    async fn completion_resolve(&self, item: lsp::CompletionItem) -> Result<lsp::CompletionItem> {
        completion::resolve(&self.completion, item).await
    }

    async fn document_symbol(
        &self,
        params: lsp::DocumentSymbolParams,
    ) -> Result<Option<lsp::DocumentSymbolResponse>> {
        document_symbol::handle(params).await
    }

    async fn document_link_resolve(&self, params: lsp::DocumentLink) -> Result<lsp::DocumentLink> {
        document_link::resolve(params).await
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        hover::handle(params).await
    }

    async fn signature_help(&self, params: lsp::SignatureHelpParams) -> Result<Option<lsp::SignatureHelp>> {
        signature_help::handle(params).await
    }

    async fn goto_definition(
        &self,
        params: lsp::DefinitionParams,
    ) -> Result<Option<lsp::DefinitionResponse>> {
        go_to::definition(params).await
    }

    async fn goto_declaration(
        &self,
        params: lsp::DeclarationParams,
    ) -> Result<Option<lsp::DeclarationResponse>> {
        go_to::declaration(params).await
    }

    async fn goto_type_definition(
        &self,
        params: lsp::TypeDefinitionParams,
    ) -> Result<Option<lsp::TypeDefinitionResponse>> {
        go_to::type_definition(params).await
    }

    async fn goto_implementation(
        &self,
        params: lsp::ImplementationParams,
    ) -> Result<Option<lsp::ImplementationResponse>> {
        go_to::implementation(params).await
    }

    async fn folding_range(&self, params: lsp::FoldingRangeParams) -> Result<Option<Vec<lsp::FoldingRange>>> {
        folding_range::handle(params).await
    }

    async fn selection_range(
        &self,
        params: lsp::SelectionRangeParams,
    ) -> Result<Option<Vec<lsp::SelectionRange>>> {
        selection_range::handle(params).await
    }

    async fn document_highlight(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        document_highlight::handle(params).await
    }

    async fn semantic_tokens_full(
        &self,
        params: lsp::SemanticTokensParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        semantic_tokens::full(&self.tokens, params).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: lsp::SemanticTokensDeltaParams,
    ) -> Result<Option<lsp::SemanticTokensDeltaResponse>> {
        semantic_tokens::delta(&self.tokens, params).await
    }

    async fn semantic_tokens_range(
        &self,
        params: lsp::SemanticTokensRangeParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        semantic_tokens::range(params).await
    }

    async fn formatting(&self, params: lsp::DocumentFormattingParams) -> Result<Option<Vec<lsp::TextEdit>>> {
        formatting::document(params).await
    }

    async fn range_formatting(
        &self,
        params: lsp::DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        formatting::range(params).await
    }

    async fn on_type_formatting(
        &self,
        params: lsp::DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        formatting::on_type(params).await
    }

    async fn code_action(
        &self,
        params: lsp::CodeActionParams,
    ) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
        code_action::handle(params).await
    }

    async fn code_action_resolve(&self, params: lsp::CodeAction) -> Result<lsp::CodeAction> {
        code_action::resolve(params).await
    }

    async fn code_lens(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        code_lens::handle(params).await
    }

    async fn inlay_hint(&self, params: lsp::InlayHintParams) -> Result<Option<Vec<lsp::InlayHint>>> {
        inlay_hint::handle(params).await
    }

    async fn document_color(&self, params: lsp::DocumentColorParams) -> Result<Vec<lsp::ColorInformation>> {
        document_color::colors(params).await
    }

    async fn color_presentation(
        &self,
        params: lsp::ColorPresentationParams,
    ) -> Result<Vec<lsp::ColorPresentation>> {
        document_color::presentations(params).await
    }

    async fn document_link(&self, params: lsp::DocumentLinkParams) -> Result<Option<Vec<lsp::DocumentLink>>> {
        document_link::handle(params).await
    }

    async fn linked_editing_range(
        &self,
        params: lsp::LinkedEditingRangeParams,
    ) -> Result<Option<lsp::LinkedEditingRanges>> {
        linked_editing_range::handle(params).await
    }

    async fn code_lens_resolve(&self, params: lsp::CodeLens) -> Result<lsp::CodeLens> {
        code_lens::resolve(params).await
    }

    async fn references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        references::handle(params).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: lsp::CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
        call_hierarchy::prepare(params).await
    }

    async fn incoming_calls(
        &self,
        params: lsp::CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
        call_hierarchy::incoming(params).await
    }

    async fn outgoing_calls(
        &self,
        params: lsp::CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
        call_hierarchy::outgoing(params).await
    }

    async fn symbol(
        &self,
        params: lsp::WorkspaceSymbolParams,
    ) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
        workspace_symbol::handle(params).await
    }

    async fn prepare_rename(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<lsp::PrepareRenameResult>> {
        rename::prepare(params).await
    }

    async fn rename(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        rename::rename(params).await
    }

    async fn diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReport> {
        document_diagnostic::handle(params).await
    }

    async fn execute_command(&self, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
        execute_command::handle(&self.world, params).await
    }
}
