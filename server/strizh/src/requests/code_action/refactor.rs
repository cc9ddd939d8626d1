//! Rewrites of the selected code. Clients that can ask later get the edits of the one action that was picked.

use std::cell::OnceCell;

use base::TextRange;
use ide::{ProjectDocument, RefactorOptions, Refactoring, RefactoringEdit, RefactoringKind, Searched};
use platform::Platform;
use semantics::{ModuleId, Project, Scope};
use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::{OpenDocument, Snapshot, position_after, run, workspace_edit};
use crate::requests::code_action::Request;

/// Command of the client that starts a rename; sent to clients that say they have it.
const RENAME_COMMAND: &str = "strizh.rename";

/// What a client gives back to have the edits computed.
#[derive(Serialize, Deserialize)]
struct Picked {
    uri: lsp::Uri,
    version: i32,
    start: u32,
    end: u32,
    id: String,
}

pub(crate) fn actions(request: &Request<'_>, actions: &mut Vec<lsp::CodeAction>) {
    let (open, snapshot) = (request.open, request.snapshot);
    let selection = request.converter().text_range(request.range);
    let knowledge = Knowledge::new(open, snapshot);
    let is_known = |name: &str| knowledge.is_known(name);
    let getter = |offset| knowledge.attribute_getter(offset);
    let (searched, is_exact) = (|offset| knowledge.searched(offset), |offset| knowledge.is_exact(offset));
    let options = RefactorOptions {
        searched: Some(&searched),
        is_exact_field: Some(&is_exact),
        ..options(open, &is_known, &getter)
    };
    for offered in ide::refactorings(&open.document, selection, &options) {
        if !request.wants(kind_name(offered.kind)) {
            continue;
        }
        let mut action = lsp::CodeAction {
            title: request.say(offered.title_ru, offered.title_en),
            kind: Some(kind(offered.kind)),
            ..lsp::CodeAction::default()
        };
        if snapshot.session.resolves_actions {
            let picked = Picked {
                uri: open.uri.clone(),
                version: open.version,
                start: selection.start,
                end: selection.end,
                id: offered.id.to_owned(),
            };
            action.data = serde_json::to_value(picked).ok();
        } else if !fill(&mut action, open, snapshot, selection, &options, &offered) {
            continue;
        }
        actions.push(action);
    }
}

/// `codeAction/resolve`.
pub(crate) async fn resolve(mut action: lsp::CodeAction) -> Result<lsp::CodeAction> {
    let data = action.data.clone().unwrap_or_default();
    let Ok(picked) = serde_json::from_value::<Picked>(data) else { return Ok(action) };
    run("codeAction/resolve", move |snapshot, _| {
        let open = snapshot.document(&picked.uri).filter(|open| open.version == picked.version);
        let Some(open) = open else { return Err(Error::content_modified()) };
        let knowledge = Knowledge::new(open, snapshot);
        let is_known = |name: &str| knowledge.is_known(name);
        let getter = |offset| knowledge.attribute_getter(offset);
        let selection = TextRange { start: picked.start, end: picked.end.max(picked.start) };
        let (searched, is_exact) = (|offset| knowledge.searched(offset), |offset| knowledge.is_exact(offset));
        let options = RefactorOptions {
            searched: Some(&searched),
            is_exact_field: Some(&is_exact),
            ..options(open, &is_known, &getter)
        };
        let edit = ide::refactoring_edit(&open.document, selection, &options, &picked.id);
        if let Some(edit) = edit {
            apply(&mut action, open, snapshot, edit);
        }
        Ok(action)
    })
    .await?
}

fn options<'a>(
    open: &OpenDocument,
    is_known_method: &'a dyn Fn(&str) -> bool,
    attribute_getter: &'a dyn Fn(u32) -> Option<String>,
) -> RefactorOptions<'a> {
    RefactorOptions {
        module: open.module.kind,
        attribute_getter: Some(attribute_getter),
        is_known_method: Some(is_known_method),
        ..RefactorOptions::default()
    }
}

/// The edits of a rewrite of a loop at a place, if it fits.
pub(super) fn loop_rewrite(request: &Request<'_>, place: TextRange, id: &str) -> Option<RefactoringEdit> {
    let (open, snapshot) = (request.open, request.snapshot);
    let knowledge = Knowledge::new(open, snapshot);
    let (searched, is_exact) = (|offset| knowledge.searched(offset), |offset| knowledge.is_exact(offset));
    let options = RefactorOptions {
        module: open.module.kind,
        searched: Some(&searched),
        is_exact_field: Some(&is_exact),
        ..RefactorOptions::default()
    };
    ide::refactoring_edit(&open.document, place, &options, id)
}

fn fill(
    action: &mut lsp::CodeAction,
    open: &OpenDocument,
    snapshot: &Snapshot,
    selection: TextRange,
    options: &RefactorOptions<'_>,
    offered: &Refactoring,
) -> bool {
    let edit = ide::refactoring_edit(&open.document, selection, options, offered.id);
    let is_possible = edit.is_some();
    if let Some(edit) = edit {
        apply(action, open, snapshot, edit);
    }
    is_possible
}

fn apply(action: &mut lsp::CodeAction, open: &OpenDocument, snapshot: &Snapshot, edit: RefactoringEdit) {
    let session = &snapshot.session;
    if let Some(at) = edit.rename.filter(|_| session.has_rename_command) {
        let position = position_after(&open.document, &edit.edits, at, session.encoding);
        let arguments = [serde_json::to_value(&open.uri), serde_json::to_value(position)];
        action.command = Some(lsp::Command {
            title: action.title.clone(),
            tooltip: None,
            command: RENAME_COMMAND.to_owned(),
            arguments: arguments.into_iter().collect::<std::result::Result<_, _>>().ok(),
        });
    }
    action.edit = Some(workspace_edit(open, session, edit.edits));
}

fn kind(kind: RefactoringKind) -> lsp::CodeActionKind {
    match kind {
        RefactoringKind::QuickFix => lsp::CodeActionKind::QuickFix,
        RefactoringKind::Extract => lsp::CodeActionKind::RefactorExtract,
        RefactoringKind::Inline => lsp::CodeActionKind::RefactorInline,
        RefactoringKind::Rewrite => lsp::CodeActionKind::RefactorRewrite,
        RefactoringKind::Source => lsp::CodeActionKind::Source,
    }
}

fn kind_name(kind: RefactoringKind) -> &'static str {
    match kind {
        RefactoringKind::QuickFix => "quickfix",
        RefactoringKind::Extract => "refactor.extract",
        RefactoringKind::Inline => "refactor.inline",
        RefactoringKind::Rewrite => "refactor.rewrite",
        RefactoringKind::Source => "source",
    }
}

/// What the project tells. It is put together only when that is asked.
struct Knowledge<'a> {
    open: &'a OpenDocument,
    snapshot: &'a Snapshot,
    project: OnceCell<Project>,
}

impl<'a> Knowledge<'a> {
    fn new(open: &'a OpenDocument, snapshot: &'a Snapshot) -> Self {
        Self { open, snapshot, project: OnceCell::new() }
    }

    fn module(&self) -> Option<(&Project, ModuleId)> {
        let project = self.project.get_or_init(|| self.snapshot.project());
        let module = project.module_by_path(&self.open.uri.to_file_path().ok()?)?;
        Some((project, module))
    }

    /// A function that reads attributes of the reference that is named at an offset.
    fn attribute_getter(&self, offset: u32) -> Option<String> {
        let (project, module) = self.module()?;
        ide::attribute_getter(ProjectDocument { document: &self.open.document, project, module }, offset)
    }

    fn of(&self) -> Option<ProjectDocument<'_>> {
        let (project, module) = self.module()?;
        Some(ProjectDocument { document: &self.open.document, project, module })
    }

    fn searched(&self, offset: u32) -> Option<Searched> {
        ide::searched_collection(self.of()?, offset)
    }

    fn is_exact(&self, offset: u32) -> bool {
        self.of().is_some_and(|of| ide::exact_query_field(of, offset))
    }

    /// Can a method be called by its bare name? While the project is being read everything may turn out to be known.
    fn is_known(&self, name: &str) -> bool {
        let platform = if self.open.module.is_oscript { Platform::onescript() } else { Platform::embedded() };
        let is_of_platform = platform.function(name).is_some() || platform.is_context_method(name);
        if is_of_platform || !self.snapshot.disk.is_complete {
            return true;
        }
        let Some((project, module)) = self.module() else { return false };
        let is_read = project.visible_root(module).is_none_or(|root| project.is_complete(root));
        !is_read || Scope::new(project, module).resolve_call(name).is_some()
    }
}
