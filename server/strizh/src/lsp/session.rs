//! What was agreed with the client when the session began. Nothing here changes afterwards.

use std::path::PathBuf;

use serde_json::Value;
use syntax::PositionEncoding;
use tower_lsp::gen_lsp_types::{
    ClientCapabilities, CompletionClientCapabilities, InitializeParams, PositionEncodingKind,
    WorkspaceFolders,
};

use crate::rule_pages::RulePages;

#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    pub(crate) encoding: PositionEncoding,
    /// The client asks for diagnostics; they are not pushed to it then.
    pub(crate) pulls_diagnostics: bool,
    pub(crate) refreshes_diagnostics: bool,
    pub(crate) refreshes_hints: bool,
    pub(crate) hierarchical_symbols: bool,
    pub(crate) line_folding_only: bool,
    pub(crate) folding_limit: Option<usize>,
    pub(crate) document_changes: bool,
    /// Edits can ask for a look before they are made.
    pub(crate) change_annotations: bool,
    pub(crate) refreshes_lenses: bool,
    /// The client asks for the edits of the action that was picked.
    pub(crate) resolves_actions: bool,
    /// The client has the command `strizh.rename`.
    pub(crate) has_rename_command: bool,
    /// The client makes edits when the server asks for it.
    pub(crate) applies_edits: bool,
    /// The client shows the state of the model.
    pub(crate) wants_model_status: bool,
    /// The client shows the state of hot reloads.
    pub(crate) wants_reload_status: bool,
    /// The client shows text-to-be at the caret.
    pub(crate) shows_inline_completion: bool,
    /// The user does not trust the workspace.
    pub(crate) is_untrusted: bool,
    pub(crate) related_information: bool,
    /// Where the client finds the help of rules, if it can open it.
    pub(crate) rule_pages: Option<RulePages>,
    /// Labels of parameters may be places in the label of the signature.
    pub(crate) label_offsets: bool,
    pub(crate) configuration: bool,
    pub(crate) watches_files: bool,
    pub(crate) progress: bool,
    pub(crate) completion: CompletionSupport,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) parent_process: Option<i32>,
}

/// What the client can show in a list of completion.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CompletionSupport {
    pub(crate) snippets: bool,
    pub(crate) insert_replace: bool,
    pub(crate) label_details: bool,
    pub(crate) tags: bool,
}

impl CompletionSupport {
    fn new(completion: Option<&CompletionClientCapabilities>) -> Self {
        let item = completion.and_then(|completion| completion.completion_item.clone()).unwrap_or_default();
        Self {
            snippets: item.snippet_support == Some(true),
            insert_replace: item.insert_replace_support == Some(true),
            label_details: item.label_details_support == Some(true),
            tags: item.tag_support.is_some(),
        }
    }
}

impl Session {
    pub(crate) fn new(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let text_document = capabilities.text_document.clone().unwrap_or_default();
        let workspace = capabilities.workspace.clone().unwrap_or_default();
        let completion = CompletionSupport::new(text_document.completion.as_ref());
        let folding = text_document.folding_range.unwrap_or_default();
        let symbols = text_document.document_symbol.unwrap_or_default();
        let watched_files = workspace.did_change_watched_files.unwrap_or_default();
        let actions = text_document.code_action.unwrap_or_default();
        let resolved = actions.resolve_support.map(|it| it.properties).unwrap_or_default();
        let edits = workspace.workspace_edit.unwrap_or_default();
        let experimental = capabilities.experimental.as_ref();
        let publishing = text_document.publish_diagnostics.unwrap_or_default();
        let pulling = text_document.diagnostic.clone().map(|it| it.diagnostics_capabilities);
        let related = publishing.diagnostics_capabilities;
        let opens_pages = [Some(&related), pulling.as_ref()]
            .into_iter()
            .flatten()
            .any(|it| it.code_description_support == Some(true));
        let signatures = text_document.signature_help.unwrap_or_default().signature_information;
        let parameters = signatures.unwrap_or_default().parameter_information.unwrap_or_default();
        Self {
            encoding: negotiate_encoding(capabilities),
            pulls_diagnostics: text_document.diagnostic.is_some(),
            refreshes_diagnostics: workspace.diagnostics.and_then(|it| it.refresh_support) == Some(true),
            refreshes_hints: workspace.inlay_hint.and_then(|it| it.refresh_support) == Some(true),
            hierarchical_symbols: symbols.hierarchical_document_symbol_support == Some(true),
            line_folding_only: folding.line_folding_only == Some(true),
            folding_limit: folding.range_limit.map(|limit| limit as usize),
            document_changes: edits.document_changes == Some(true),
            change_annotations: edits.change_annotation_support.is_some(),
            refreshes_lenses: workspace.code_lens.and_then(|it| it.refresh_support) == Some(true),
            resolves_actions: actions.data_support == Some(true)
                && resolved.iter().any(|property| property == "edit"),
            has_rename_command: says(experimental, "renameCommand"),
            applies_edits: workspace.apply_edit == Some(true),
            wants_model_status: says(experimental, "modelStatus"),
            wants_reload_status: says(experimental, "reloadStatus"),
            shows_inline_completion: text_document.inline_completion.is_some(),
            is_untrusted: says(experimental, "untrustedWorkspace"),
            related_information: related.related_information == Some(true),
            rule_pages: if opens_pages { RulePages::find() } else { None },
            label_offsets: parameters.label_offset_support == Some(true),
            configuration: workspace.configuration == Some(true),
            watches_files: watched_files.dynamic_registration == Some(true),
            progress: capabilities.window.as_ref().and_then(|it| it.work_done_progress) == Some(true),
            completion,
            roots: workspace_roots(params),
            parent_process: params.process_id,
        }
    }
}

/// A wish of the client that the protocol does not know.
fn says(experimental: Option<&Value>, name: &str) -> bool {
    experimental.and_then(|wishes| wishes.get(name)?.as_bool()) == Some(true)
}

/// UTF-8 if it is offered (no conversion on either side), else what every client understands.
fn negotiate_encoding(capabilities: &ClientCapabilities) -> PositionEncoding {
    let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    match offered {
        Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => PositionEncoding::Utf8,
        _ => PositionEncoding::Utf16,
    }
}

#[expect(deprecated, reason = "old clients send only rootUri or rootPath")]
fn workspace_roots(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(WorkspaceFolders::WorkspaceFolderList(folders)) =
        &params.workspace_folders_initialize_params.workspace_folders
    {
        return folders.iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect();
    }
    if let Some(root) = &params.root_uri {
        return root.to_file_path().into_iter().collect();
    }
    let path = serde_json::to_value(&params.root_path).unwrap_or_default();
    path.as_str().map(PathBuf::from).into_iter().collect()
}

/// Settings sent with the first message, if any.
pub(crate) fn initial_settings(params: &InitializeParams) -> Option<&Value> {
    params.initialization_options.as_ref().filter(|options| options.is_object())
}
