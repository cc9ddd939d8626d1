//! Lines of the model in the ordinary list, for editors that cannot show them at the caret: only when the user asks, at the
//! end, and the list does not wait for them.

use std::time::{Duration, Instant};

use ai::Extent;
use base::CancelToken;
use ide::ProjectDocument;
use tower_lsp::gen_lsp_types as lsp;

use crate::acceptor::with_acceptor;
use crate::assistant::{Ask, Effort, ModelState, prepare};
use crate::lsp::{Converter, OpenDocument, Snapshot, World};
use crate::requests::inline_completion::fit;
use crate::settings::AiMode;

/// What marks a line of the model.
const MARK: &str = "Strizh AI";
const PATIENCE: Duration = Duration::from_millis(100);
const CANDIDATES: usize = 2;
const LABEL_LETTERS: usize = 60;

pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) snapshot: &'a Snapshot,
    pub(super) open: &'a OpenDocument,
    pub(super) of: ProjectDocument<'a>,
    pub(super) caret: u32,
}

pub(super) fn is_invoked(context: &lsp::CompletionContext) -> bool {
    context.trigger_kind == lsp::CompletionTriggerKind::Invoked
}

impl Asked<'_> {
    /// Adds what the model has; true if it may have more later.
    pub(super) fn add(&self, items: &mut Vec<lsp::CompletionItem>, token: &CancelToken) -> bool {
        let settings = &self.snapshot.settings.ai;
        let is_wanted = settings.completion_items.unwrap_or(!self.snapshot.session.shows_inline_completion);
        if settings.mode == AiMode::Off || !is_wanted {
            return false;
        }
        let Some(completions) = self.world.assistant.completions() else { return false };
        let prepared = prepare(self.world, self.snapshot, self.open, self.of, self.caret);
        let Some(prepared) = prepared else { return false };
        let end = Instant::now() + PATIENCE;
        let found = with_acceptor(self.of, self.caret, |acceptor| {
            let ask = Ask {
                context: &prepared.context,
                acceptor,
                effort: Effort::Model,
                extent: Extent::Line,
                candidates: CANDIDATES,
                is_invoked: true,
                deadline: Some(end),
            };
            completions.suggest(&ask, token)
        });
        let range = Converter::new(self.of.document, self.snapshot.session.encoding).range(prepared.word);
        let fitted = found.iter().filter_map(|suggestion| fit(&prepared, suggestion)).take(CANDIDATES);
        let new: Vec<_> = fitted
            .enumerate()
            .map(|(index, fitted)| self.item(index, fitted.text, fitted.filter, range))
            .collect();
        let is_late =
            new.is_empty() && (Instant::now() >= end || completions.status().state == ModelState::Loading);
        items.extend(new);
        is_late
    }

    fn item(
        &self,
        index: usize,
        text: String,
        filter: Option<String>,
        range: lsp::Range,
    ) -> lsp::CompletionItem {
        let has_details = self.snapshot.session.completion.label_details;
        let description = Some(MARK.to_owned());
        lsp::CompletionItem {
            label: label(&text),
            label_details: has_details
                .then(|| lsp::CompletionItemLabelDetails { detail: None, description: description.clone() }),
            kind: Some(lsp::CompletionItemKind::Text),
            detail: description.filter(|_| !has_details),
            sort_text: Some(format!("~{index}")),
            filter_text: filter,
            text_edit: Some(lsp::CompletionItemTextEdit::TextEdit(lsp::TextEdit { range, new_text: text })),
            ..lsp::CompletionItem::default()
        }
    }
}

fn label(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    let shown: String = line.chars().take(LABEL_LETTERS).collect();
    if shown.len() == text.trim().len() { shown } else { format!("{shown}…") }
}
