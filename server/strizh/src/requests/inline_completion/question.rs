//! One request from its arrival to its items: what is asked first, and what is asked when the first has no answer.

use std::sync::Arc;
use std::time::Instant;

use ai::{Extent, Source, Suggestion};
use base::CancelToken;
use ide::ProjectDocument;
use syntax::{Change, Position};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::acceptor::with_acceptor;
use crate::assistant::{Ask, Completions, Effort, Prepared, Shown, prepare};
use crate::lsp::{Converter, SNAPSHOT, Snapshot, Uri, World, run_in_project};
use crate::requests::inline_completion::item::{Selected, fit, to_item};
use crate::requests::inline_completion::{LOADING_PATIENCE, MODEL_PAUSE, REMOTE_PAUSE};
use crate::settings::AiMode;

/// The user may choose among so many.
const INVOKED_CANDIDATES: usize = 3;
/// An invoked request may think so many times longer.
const INVOKED_PATIENCE: u32 = 6;

#[derive(Default)]
pub(super) struct Answer {
    pub(super) items: Vec<lsp::InlineCompletionItem>,
    pub(super) shown: Option<Shown>,
    /// No engine was needed.
    pub(super) is_instant: bool,
}

pub(super) struct Question {
    world: Arc<World>,
    pub(super) uri: Uri,
    position: lsp::Position,
    is_invoked: bool,
    selected: Option<lsp::SelectedCompletionInfo>,
    arrived: Instant,
}

/// What a look at the place says.
enum Looked {
    /// Nothing is suggested here.
    Silent,
    Found(Answer),
    /// Nothing is known without an engine.
    Unknown,
}

impl Question {
    pub(super) fn new(world: Arc<World>, params: lsp::InlineCompletionParams) -> Arc<Self> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let is_invoked = params.context.trigger_kind == lsp::InlineCompletionTriggerKind::Invoked;
        Arc::new(Self {
            world,
            uri: text_document.uri,
            position,
            is_invoked,
            selected: params.context.selected_completion_info,
            arrived: Instant::now(),
        })
    }

    pub(super) async fn answer(self: &Arc<Self>) -> Result<Answer> {
        let mode = SNAPSHOT.with(|snapshot| snapshot.settings.ai.mode);
        let is_wanted = match mode {
            AiMode::Off => false,
            AiMode::OnDemand => self.is_invoked,
            AiMode::Automatic => true,
        };
        let Some(completions) = self.world.assistant.completions().filter(|_| is_wanted) else {
            return Ok(Answer::default());
        };
        if self.is_invoked {
            let mut readiness = self.world.assistant.readiness();
            let _ = tokio::time::timeout(LOADING_PATIENCE, readiness.wait_for(|is_ready| *is_ready)).await;
        }
        let mut efforts = vec![(Effort::Instant, std::time::Duration::ZERO), (Effort::Model, MODEL_PAUSE)];
        if completions.has_remote() {
            efforts.push((Effort::Remote, REMOTE_PAUSE));
        }
        // Who asks wants the best of all at once.
        if self.is_invoked {
            efforts.drain(..efforts.len() - 1);
        }
        for (effort, pause) in efforts {
            if !self.is_invoked {
                tokio::time::sleep_until((self.arrived + pause).into()).await;
            }
            match self.look(&completions, effort).await? {
                Looked::Silent => break,
                Looked::Found(answer) => return Ok(answer),
                Looked::Unknown => {}
            }
        }
        Ok(Answer::default())
    }

    async fn look(self: &Arc<Self>, completions: &Arc<dyn Completions>, effort: Effort) -> Result<Looked> {
        let (question, completions) = (Arc::clone(self), Arc::clone(completions));
        let looked = run_in_project("inlineCompletion", self.uri.clone(), move |of, snapshot, token| {
            question.look_at(of, snapshot, &*completions, effort, token)
        });
        Ok(looked.await?.unwrap_or(Looked::Silent))
    }

    fn look_at(
        &self,
        of: ProjectDocument<'_>,
        snapshot: &Snapshot,
        completions: &dyn Completions,
        effort: Effort,
        token: &CancelToken,
    ) -> Looked {
        let Some(open) = snapshot.document(&self.uri) else { return Looked::Silent };
        let converter = Converter::new(of.document, snapshot.session.encoding);
        let caret = converter.offset(self.position);
        let selected = self.selected(&converter, caret);
        let changed = selected.as_ref().and_then(|selected| with_selected(of, snapshot, selected));
        let (document, caret) = changed.as_ref().map_or((of.document, caret), |(it, caret)| (it, *caret));
        let seen = ProjectDocument { document, ..of };
        let Some(prepared) = prepare(&self.world, snapshot, open, seen, caret) else { return Looked::Silent };
        if !self.is_invoked && !prepared.ends_line() {
            return Looked::Silent;
        }
        let suggestions = match self.known(&prepared, effort) {
            known if !known.is_empty() => known,
            _ => self.ask(&prepared, seen, snapshot, completions, effort, token),
        };
        let count = if self.is_invoked { INVOKED_CANDIDATES } else { 1 };
        let fitted: Vec<_> = suggestions
            .iter()
            .filter_map(|suggestion| Some((suggestion, fit(&prepared, suggestion)?)))
            .take(count)
            .collect();
        let Some((first, _)) = fitted.first() else { return Looked::Unknown };
        let is_instant = !matches!(first.source, Source::Model | Source::Remote);
        let kept: Vec<Suggestion> = fitted.iter().map(|(suggestion, _)| (*suggestion).clone()).collect();
        let range = match &selected {
            Some(selected) => selected.range,
            None => converter.range(prepared.word),
        };
        let items = fitted.into_iter();
        let items = items.filter_map(|(_, it)| to_item(it, &prepared, range, selected.as_ref())).collect();
        Looked::Found(Answer { items, shown: Shown::new(&self.uri, &prepared, &kept), is_instant })
    }

    /// What is shown already or was computed for this place.
    fn known(&self, prepared: &Prepared, effort: Effort) -> Vec<Suggestion> {
        if effort != Effort::Instant {
            return Vec::new();
        }
        let assistant = &self.world.assistant;
        let slots = [&assistant.shown, &assistant.expected];
        let known = slots.into_iter().map(|slot| {
            let slot = slot.lock();
            slot.as_ref().map_or_else(Vec::new, |shown| shown.rest_at(&self.uri, prepared))
        });
        known.into_iter().find(|known| !known.is_empty()).unwrap_or_default()
    }

    fn ask(
        &self,
        prepared: &Prepared,
        of: ProjectDocument<'_>,
        snapshot: &Snapshot,
        completions: &dyn Completions,
        effort: Effort,
        token: &CancelToken,
    ) -> Vec<Suggestion> {
        let settings = &snapshot.settings.ai;
        let patience = match (effort, self.is_invoked) {
            (Effort::Remote, _) => settings.remote.timeout,
            (_, true) => settings.deadline * INVOKED_PATIENCE,
            (_, false) => settings.deadline,
        };
        with_acceptor(of, prepared.caret, |acceptor| {
            let ask = Ask {
                context: &prepared.context,
                acceptor,
                effort,
                extent: Extent::Line,
                candidates: if self.is_invoked { INVOKED_CANDIDATES } else { 1 },
                is_invoked: self.is_invoked,
                deadline: Some(Instant::now() + patience),
            };
            completions.suggest(&ask, token)
        })
    }

    /// The proposal that is selected in the list of the editor. Neovim fills the field from what is selected in the text,
    /// which need not end at the caret and means nothing then.
    fn selected(&self, converter: &Converter<'_>, caret: u32) -> Option<Selected> {
        let info = self.selected.as_ref()?;
        let range = converter.text_range(info.range);
        let is_at_caret = range.end == caret && info.range.start.line == info.range.end.line;
        (is_at_caret && !info.text.is_empty())
            .then(|| Selected { range: info.range, text: info.text.clone() })
    }
}

/// The document as if the selected proposal had been inserted, and the caret behind it.
fn with_selected(
    of: ProjectDocument<'_>,
    snapshot: &Snapshot,
    selected: &Selected,
) -> Option<(syntax::Document, u32)> {
    let mut document = of.document.clone();
    let encoding = snapshot.session.encoding;
    let position = |it: lsp::Position| Position::new(it.line, it.character);
    let start = document.to_offset(position(selected.range.start), encoding)?;
    let range = Some((position(selected.range.start), position(selected.range.end)));
    document.apply(&[Change { range, text: selected.text.clone() }], encoding).ok()?;
    Some((document, start + selected.text.len() as u32))
}
