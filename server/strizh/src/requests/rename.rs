//! `textDocument/prepareRename` and `textDocument/rename` in the whole project.

use std::borrow::Cow;
use std::collections::HashMap;

use base::Locale;
use ide::{ProjectDocument, RenameEdit, RenameEditKind, RenameKind, RenameProblem, Renameable, Search};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::lsp::{Converter, Locations, OpenFiles, Snapshot, run_in_project};

/// The protocol's code for a request that was understood and cannot be done.
const REQUEST_FAILED: i64 = -32803;
/// Names of the annotations that ask for a look before the change.
const METADATA: &str = "metadata";
const LITERALS: &str = "literals";

pub(crate) async fn prepare(
    params: lsp::TextDocumentPositionParams,
) -> Result<Option<lsp::PrepareRenameResult>> {
    let position = params.position;
    let found = run_in_project("prepareRename", params.text_document.uri, move |document, snapshot, _| {
        let converter = Converter::new(document.document, snapshot.session.encoding);
        let found = ide::prepare_project_rename(document, converter.offset(position));
        let found =
            found.and_then(|found| check_loaded(found, snapshot)).map_err(|it| failed(&it, snapshot))?;
        let placeholder =
            lsp::PrepareRenamePlaceholder { range: converter.range(found.range), placeholder: found.name };
        Ok(Some(lsp::PrepareRenameResult::PrepareRenamePlaceholder(placeholder)))
    });
    found.await?.unwrap_or(Ok(None))
}

pub(crate) async fn rename(params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let new_name = params.new_name;
    let edit = run_in_project("rename", text_document.uri, move |document, snapshot, token| {
        let files = OpenFiles::new(snapshot);
        let search = Search { project: document.project, files: &files, token };
        let edits = renamed(document, snapshot, &search, position, new_name.trim());
        let edits = edits.map_err(|problem| failed(&problem, snapshot))?;
        Ok(Some(workspace_edit(document, snapshot, &edits, new_name.trim())))
    });
    edit.await?.unwrap_or(Ok(None))
}

fn renamed(
    document: ProjectDocument<'_>,
    snapshot: &Snapshot,
    search: &Search<'_>,
    position: lsp::Position,
    new_name: &str,
) -> std::result::Result<Vec<RenameEdit>, RenameProblem> {
    let offset = Converter::new(document.document, snapshot.session.encoding).offset(position);
    check_loaded(ide::prepare_project_rename(document, offset)?, snapshot)?;
    ide::rename_in_project(document, search, offset, new_name)
}

/// A rename that misses places breaks the project, so names of several methods wait until everything is read.
fn check_loaded(found: Renameable, snapshot: &Snapshot) -> std::result::Result<Renameable, RenameProblem> {
    let is_local = matches!(found.kind, RenameKind::Local | RenameKind::Label);
    if is_local || snapshot.disk.is_complete { Ok(found) } else { Err(RenameProblem::StillLoading) }
}

/// Edits file by file. What is not code is annotated, so that the client shows it first.
fn workspace_edit(
    document: ProjectDocument<'_>,
    snapshot: &Snapshot,
    edits: &[RenameEdit],
    new_name: &str,
) -> lsp::WorkspaceEdit {
    let mut locations = Locations::new(snapshot, document.project);
    let mut files: Vec<(lsp::Uri, Vec<lsp::Edit>)> = Vec::new();
    for edit in edits {
        let Some(lsp::Location { uri, range }) = locations.location(&edit.location) else { continue };
        let new_text = edit.text.clone().unwrap_or_else(|| new_name.to_owned());
        let text_edit = lsp::TextEdit { range, new_text };
        let annotation = annotation(edit.kind).filter(|_| snapshot.session.change_annotations);
        let edit = match annotation {
            Some(id) => lsp::Edit::AnnotatedTextEdit(lsp::AnnotatedTextEdit {
                annotation_id: id.to_owned(),
                text_edit,
            }),
            None => lsp::Edit::TextEdit(text_edit),
        };
        match files.last_mut().filter(|(last, _)| *last == uri) {
            Some((_, edits)) => edits.push(edit),
            None => files.push((uri, vec![edit])),
        }
    }
    if !snapshot.session.document_changes {
        let changes = files.into_iter().map(|(uri, edits)| (uri, plain(edits))).collect();
        return lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() };
    }
    let has = |kind| edits.iter().any(|edit| annotation(edit.kind) == Some(kind));
    let used = [METADATA, LITERALS].into_iter().filter(|kind| has(kind));
    let annotations: HashMap<_, _> =
        used.map(|kind| (kind.to_owned(), describe(kind, snapshot.settings.language))).collect();
    let is_annotated = snapshot.session.change_annotations && !annotations.is_empty();
    let change = |(uri, edits): (lsp::Uri, Vec<lsp::Edit>)| {
        let version = snapshot.document(&uri).map(|open| open.version);
        let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
            version,
            text_document_identifier: lsp::TextDocumentIdentifier { uri },
        };
        lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit { text_document, edits })
    };
    lsp::WorkspaceEdit {
        document_changes: Some(files.into_iter().map(change).collect()),
        change_annotations: is_annotated.then_some(annotations),
        ..Default::default()
    }
}

fn plain(edits: Vec<lsp::Edit>) -> Vec<lsp::TextEdit> {
    let text_edit = |edit| match edit {
        lsp::Edit::TextEdit(edit) => Some(edit),
        lsp::Edit::AnnotatedTextEdit(edit) => Some(edit.text_edit),
        lsp::Edit::SnippetTextEdit(_) => None,
    };
    edits.into_iter().filter_map(text_edit).collect()
}

fn annotation(kind: RenameEditKind) -> Option<&'static str> {
    match kind {
        RenameEditKind::Metadata => Some(METADATA),
        RenameEditKind::Literal => Some(LITERALS),
        RenameEditKind::Code | RenameEditKind::Comment => None,
    }
}

fn describe(annotation: &str, language: Locale) -> lsp::ChangeAnnotation {
    let label = match (annotation, language) {
        (METADATA, Locale::Ru) => "Файлы метаданных",
        (METADATA, Locale::En) => "Files of metadata",
        (_, Locale::Ru) => "Строковые литералы",
        (_, Locale::En) => "String literals",
    };
    lsp::ChangeAnnotation { label: label.to_owned(), needs_confirmation: Some(true), description: None }
}

fn failed(problem: &RenameProblem, snapshot: &Snapshot) -> Error {
    let message = problem.message(snapshot.settings.language);
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: Cow::Owned(message), data: None }
}
