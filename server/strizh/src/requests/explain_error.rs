//! `strizh.explainError`: a pasted error becomes an answer in Markdown with places and edits. The repairs of the last
//! answer are offered as code actions where they belong.

use std::path::Path;
use std::sync::Arc;

use errors::{Explanation, Rendering, Repair, Style, explain};
use semantics::Project;
use serde_json::{Value, json};
use syntax::Document;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};
use xxhash_rust::xxh3::xxh3_64;

use crate::error_history::{ErrorHistory, moment};
use crate::files::read_module;
use crate::lsp::{Converter, Errand, Locations, Snapshot, World, path_of, run, workspace_edit};

pub(crate) const EXPLAIN_ERROR: &str = "strizh.explainError";
/// Longer texts are no errors.
const MAX_TEXT: usize = 4 << 20;
/// Repairs that are kept for code actions.
const MAX_OFFERED: usize = 100;

/// A repair that waits for its module to be looked at.
pub(crate) struct OfferedRepair {
    pub(crate) repair: Repair,
    /// Of the module that the edits belong to.
    text_hash: u64,
    /// Lines that the explanation is about, counted from zero.
    lines: Vec<u32>,
}

impl OfferedRepair {
    /// The repair belongs to this line of this text.
    pub(crate) fn fits(
        &self,
        path: &Path,
        text: &dyn Fn() -> String,
        lines: std::ops::RangeInclusive<u32>,
    ) -> bool {
        self.repair.path == path
            && self.lines.iter().any(|line| lines.contains(line))
            && xxh3_64(text().as_bytes()) == self.text_hash
    }
}

/// Arguments: the text; or the text, the number of an error and the number of its repair, from zero, which is made then.
pub(crate) async fn handle(world: &Arc<World>, arguments: &[Value]) -> Result<Option<Value>> {
    let Some(text) = arguments.first().and_then(Value::as_str).map(str::to_owned) else {
        return Err(Error::invalid_params("expected the text of an error"));
    };
    if text.len() > MAX_TEXT {
        return Err(Error::invalid_params("the text is too long for an error"));
    }
    let number = |index: usize| arguments.get(index).and_then(Value::as_u64).map(|number| number as usize);
    if let (Some(error), Some(repair)) = (number(1), number(2)) {
        let edit = run("explainError", move |snapshot, _| {
            let project = snapshot.project();
            let found = found(&text, snapshot, &project);
            let repair = found.get(error)?.repairs.get(repair)?;
            Answer { snapshot, project: &project }.edit(repair)
        });
        let Some(edit) = edit.await? else {
            return Err(Error::invalid_params("there is no such repair"));
        };
        world.send_errand(Errand::ApplyEdit(Box::new(edit)));
        return Ok(None);
    }
    run("explainError", move |snapshot, _| Some(answer(&text, snapshot))).await
}

fn read(path: &Path, snapshot: &Snapshot) -> Option<String> {
    let open = snapshot.documents().find(|(uri, _)| path_of(uri) == path);
    match open {
        Some((_, open)) => Some(open.document.text()),
        None => read_module(path).ok().map(|decoded| decoded.text),
    }
}

fn found(text: &str, snapshot: &Snapshot, project: &Project) -> Vec<Explanation> {
    explain(text, project, &|path| read(path, snapshot), snapshot.settings.language)
}

fn answer(text: &str, snapshot: &Snapshot) -> Value {
    let project = snapshot.project();
    let found = found(text, snapshot, &project);
    let folder = snapshot.session.roots.first();
    let mut history = match folder.filter(|_| !snapshot.session.is_untrusted) {
        Some(folder) => ErrorHistory::of_project(folder),
        None => ErrorHistory::nothing(),
    };
    let locale = snapshot.settings.language;
    let rendering = Rendering {
        style: Style::Markdown,
        locale,
        folder: folder.map(std::path::PathBuf::as_path),
        moment: &moment,
    };
    let mut pages = Vec::new();
    for explanation in &found {
        let occurrences = history.note(explanation, "");
        pages.push(rendering.render(explanation, &occurrences));
    }
    if let Err(error) = history.save() {
        tracing::warn!("{error:#}");
    }
    *snapshot.repairs.lock() = offered(&found, snapshot);
    let answer = Answer { snapshot, project: &project };
    let errors: Vec<Value> = found.iter().map(|explanation| answer.error(explanation)).collect();
    json!({"markdown": pages.join("\n\n---\n\n"), "errors": errors})
}

/// Repairs with what tells later that they still fit.
fn offered(found: &[Explanation], snapshot: &Snapshot) -> Vec<OfferedRepair> {
    let mut offered = Vec::new();
    for explanation in found {
        for repair in &explanation.repairs {
            let Some(text) = read(&repair.path, snapshot) else { continue };
            let document = Document::new(&text);
            let place = explanation.place.iter().map(|place| (&place.path, place.line));
            let steps = explanation.steps.iter().map(|step| (&step.path, step.line));
            let own = place.chain(steps).filter(|(path, _)| **path == repair.path);
            let mut lines: Vec<u32> = own.map(|(_, line)| line.saturating_sub(1)).collect();
            let edits = repair.edits.iter().filter(|edit| edit.range.end <= document.len());
            lines.extend(edits.map(|edit| document.rope().byte_to_line(edit.range.start as usize) as u32));
            let text_hash = xxh3_64(text.as_bytes());
            offered.push(OfferedRepair { repair: repair.clone(), text_hash, lines });
        }
    }
    offered.truncate(MAX_OFFERED);
    offered
}

#[derive(Clone, Copy)]
struct Answer<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
}

impl Answer<'_> {
    fn error(self, explanation: &Explanation) -> Value {
        let mut locations = Locations::new(self.snapshot, self.project);
        let place = explanation.place.as_ref();
        let location = place.and_then(|place| locations.file_range(&place.path, place.range));
        let steps: Vec<Value> = explanation
            .steps
            .iter()
            .map(|step| {
                let location = locations.file_range(&step.path, step.range);
                json!({"text": step.text, "role": step.role, "line": step.line, "location": location})
            })
            .collect();
        let stack: Vec<Value> = explanation
            .stack
            .iter()
            .map(|frame| {
                let uri = frame.path.as_deref().and_then(|path| locations.uri(path));
                let line = frame.line;
                json!({"module": frame.frame.module, "method": frame.method, "line": line, "uri": uri, "state": frame.state})
            })
            .collect();
        let repairs: Vec<Value> = explanation
            .repairs
            .iter()
            .map(|repair| {
                json!({"title": repair.title, "edit": self.edit(repair), "needsReview": repair.needs_review})
            })
            .collect();
        json!({
            "message": explanation.messages.last(),
            "entry": explanation.entry,
            "confidence": explanation.confidence,
            "location": location,
            "steps": steps,
            "stack": stack,
            "repairs": repairs,
            "fingerprint": explanation.fingerprint,
        })
    }

    /// The edits in terms of the client; of a closed module as it is on the disk.
    fn edit(self, repair: &Repair) -> Option<lsp::WorkspaceEdit> {
        let session = &self.snapshot.session;
        let open = self.snapshot.documents().find(|(uri, _)| path_of(uri) == repair.path);
        if let Some((_, open)) = open {
            return Some(workspace_edit(open, session, repair.edits.clone()));
        }
        let document = Document::new(&read(&repair.path, self.snapshot)?);
        let edits = Converter::new(&document, session.encoding).text_edits(repair.edits.clone());
        let uri = lsp::Uri::from_file_path(&repair.path).ok()?;
        Some(lsp::WorkspaceEdit { changes: Some([(uri, edits)].into()), ..Default::default() })
    }
}
