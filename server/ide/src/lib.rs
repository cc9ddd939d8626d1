//! What an editor may ask about a module. Plain values with byte ranges; no protocol types, no IO.

mod call_hierarchy;
mod code;
mod colors;
mod completion;
mod directives;
mod explanation;
mod folding;
mod formatting;
mod highlights;
mod hot;
mod hover;
mod inlay_hints;
mod lenses;
mod linked_editing;
mod links;
mod literals;
mod meaning;
mod method_comment;
mod names;
mod navigation;
mod prompt_context;
mod query;
mod query_colors;
mod refactor;
mod references;
mod rename;
mod script;
mod selection;
mod semantic_tokens;
mod signature;
mod symbols;
#[cfg(test)]
mod tests;
mod truth;
mod workspace_symbols;

pub use call_hierarchy::{
    CallItem, Caller, IncomingCall, OutgoingCall, call_item, incoming_calls, outgoing_calls,
};
pub use colors::{Color, DocumentColor, color_presentations, document_colors};
pub use completion::{
    COMPLETION_TRIGGERS, CallPlace, Completion, CompletionItem, CompletionKind, CompletionOptions,
    CompletionPosition, KeywordItem, KeywordItemKind, PositionKind, completion_documentation,
    completion_position, completions, keyword_items,
};
pub use explanation::explanation;
pub use folding::{Fold, FoldKind, folding_ranges};
pub use formatting::{FormatOptions, Indent, format, format_on_type};
pub use highlights::{Highlight, HighlightKind, document_highlights};
pub use hot::{
    Cause, CauseKind, Estimate, HotFinding, HotHint, HotLens, HotLine, HotLines, HotOptions, LoopPlace,
    hot_findings, hot_hints, hot_hover, hot_lenses, slow_code,
};
pub use hover::{Hover, hover};
pub use inlay_hints::{InlayHint, InlayHintKind, InlayHintOptions, inlay_hints};
pub use lenses::{CodeLens, CodeLensKind, CodeLensOptions, code_lenses};
pub use linked_editing::linked_editing_ranges;
pub use links::{DocumentLink, LinkTarget, document_links};
pub use meaning::ProjectDocument;
pub use method_comment::{MethodComment, method_comment};
pub use navigation::{Target, definition, implementations, reference_target, type_definition};
pub use prompt_context::{
    PromptContext, PromptOptions, PromptPlace, PromptSnippet, PromptSnippetKind, has_secret, mask_secrets,
    prompt_context,
};
pub use query::query_highlights;
pub use refactor::{
    RefactorOptions, Refactoring, RefactoringEdit, RefactoringKind, Searched, attribute_getter,
    exact_query_field, refactoring_edit, refactorings, searched_collection,
};
pub use references::{FoundReference, References, Search, UseKind, references, references_of};
pub use rename::{
    RenameEdit, RenameEditKind, RenameKind, RenameProblem, Renameable, check_spelling,
    prepare_project_rename, prepare_rename, rename_in_project, rename_local,
};
pub use script::Script;
pub use selection::selection_ranges;
pub use semantic_tokens::{SemanticToken, SemanticTokenKind, SemanticTokenModifiers, semantic_tokens};
pub use signature::{ParameterLabel, SignatureHelp, SignatureLabel, signature_help};
pub use symbols::{Symbol, SymbolKind, document_symbols};
pub use truth::{JudgedName, NameTruth, judge_names};
pub use workspace_symbols::{
    SymbolIndex, WorkspaceSymbol, WorkspaceSymbolKind, module_name, workspace_symbols,
};
