//! How people and editors hear of a reload: notifications, messages, diagnostics, progress, questions.

use std::time::Duration;

use base::{Locale, TextRange};
use infobase::Diagnostic;
use infobase::manager::{Consent, Event, State};
use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::{Converter, Errand, OpenDocument, SOURCE, Snapshot, World};
use crate::reload::{Reloads, UnderWay, Wish};

const METHOD: &str = "strizh/reload";
/// A question that nobody answers means no.
const PATIENCE: Duration = Duration::from_secs(300);

/// Complaints about one revision of a document.
pub(super) struct Shown {
    generation: u64,
    diagnostics: Vec<Diagnostic>,
}

/// What has to be agreed to, and for which text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    number: u64,
    event: Event,
}

impl Reloads {
    /// Called from the threads of managers.
    pub(super) fn heard(&self, world: &World, event: Event) {
        let is_final = event.state.is_final();
        let under_way = if is_final && event.state != State::NeedsConsent {
            self.under_way.lock().remove(&event.number)
        } else {
            self.under_way.lock().get(&event.number).cloned()
        };
        let Some(under_way) = under_way else { return };
        let snapshot = world.snapshot();
        if snapshot.session.wants_reload_status {
            let mut params = serde_json::to_value(&event).unwrap_or_default();
            params["uri"] = json!(under_way.uri);
            world.outbox.send_blocking(METHOD, &params);
        }
        if !is_final {
            return;
        }
        self.note_diagnostics(world, &snapshot, &under_way, &event);
        if event.state == State::NeedsConsent {
            world.send_errand(Errand::AskForReload(Box::new(Question {
                number: event.number,
                event: event.clone(),
            })));
        } else if let Some((kind, message)) = message(&snapshot, &under_way, &event) {
            world.outbox.send_blocking("window/showMessage", &json!({"type": kind, "message": message}));
        }
        self.waiting.lock().remove(&event.number);
        if let Some(waiter) = self.waiters.lock().remove(&event.number) {
            // Whoever showed progress may have gone.
            let _ = waiter.send(event);
        }
    }

    /// Something was wrong before a manager could be asked.
    pub(super) fn refuse(&self, world: &World, number: u64, why: &str) {
        self.heard(world, Event::new(number, State::Refused, why));
    }

    pub(super) fn explain_off(&self, world: &World, snapshot: &Snapshot) {
        let message = match (snapshot.session.is_untrusted, snapshot.settings.language) {
            (true, Locale::Ru) => "Strizh: рабочей области не доверяют, перезагрузка на лету выключена.",
            (true, Locale::En) => "Strizh: the workspace is not trusted, so hot reload is off.",
            (false, Locale::Ru) => {
                "Strizh: перезагрузка на лету выключена; включается настройкой strizh.infobase.hotReload.enable."
            }
            (false, Locale::En) => {
                "Strizh: hot reload is off; the setting strizh.infobase.hotReload.enable turns it on."
            }
        };
        world.outbox.send_or_drop("window/showMessage", &json!({"type": 2, "message": message}));
    }

    fn note_diagnostics(&self, world: &World, snapshot: &Snapshot, under_way: &UnderWay, event: &Event) {
        let had = self.shown.lock().remove(&under_way.uri).is_some();
        // Our own parser has shown its complaints already.
        let is_new = !event.state.is_success() && !event.diagnostics.is_empty() && event.attempt > 0;
        if is_new {
            let shown = Shown { generation: under_way.generation, diagnostics: event.diagnostics.clone() };
            self.shown.lock().insert(under_way.uri.clone(), shown);
        }
        if is_new || had {
            world.schedule.touch(under_way.uri.clone(), Duration::ZERO);
            if snapshot.session.refreshes_diagnostics {
                world.send_errand(Errand::RefreshDiagnostics);
            }
        }
    }

    /// Complaints of the other side about this revision.
    pub(crate) fn diagnostics(&self, open: &OpenDocument, converter: &Converter<'_>) -> Vec<lsp::Diagnostic> {
        let shown = self.shown.lock();
        let Some(shown) = shown.get(&open.uri).filter(|shown| shown.generation == open.generation) else {
            return Vec::new();
        };
        let to_lsp = |diagnostic: &Diagnostic| lsp::Diagnostic {
            range: converter.range(place(open, diagnostic)),
            severity: Some(lsp::DiagnosticSeverity::Error),
            code: Some(lsp::Code::String("HotReload".to_owned())),
            source: Some(SOURCE.to_owned()),
            message: lsp::Message::String(diagnostic.message.clone()),
            ..Default::default()
        };
        shown.diagnostics.iter().map(to_lsp).collect()
    }
}

/// From the column to the end of the line; both count from one.
fn place(open: &OpenDocument, diagnostic: &Diagnostic) -> TextRange {
    let rope = open.document.rope();
    let line = (diagnostic.line.saturating_sub(1) as usize).min(rope.len_lines().saturating_sub(1));
    let text = rope.line(line).to_string();
    let text = text.trim_end();
    let start = rope.line_to_byte(line);
    let column: usize =
        text.chars().take(diagnostic.column.saturating_sub(1) as usize).map(char::len_utf8).sum();
    TextRange::from(start + column..start + text.len().max(column))
}

/// Failures are said, successes only to who asked and sees no status.
fn message(snapshot: &Snapshot, under_way: &UnderWay, event: &Event) -> Option<(u8, String)> {
    let path = if event.metadata.is_empty() { &event.path } else { &event.metadata };
    let mut text = if path.is_empty() { event.message.clone() } else { format!("{path}: {}", event.message) };
    for step in &event.steps {
        text = format!("{text}\n{step}");
    }
    let is_asked = under_way.wish != Wish::Saved;
    let kind = match event.state {
        State::Coalesced => return None,
        State::Planned => 3,
        state if state.is_success() => {
            let is_told = is_asked && !snapshot.session.wants_reload_status;
            return is_told.then_some((3, text));
        }
        // Who saves broken text sees its diagnostics.
        State::Rejected if !is_asked && !event.diagnostics.is_empty() => return None,
        State::Rejected | State::Refused => 2,
        _ => 1,
    };
    Some((kind, format!("Strizh: {text}")))
}

/// Asks the user; everything but a yes means no.
pub(crate) async fn ask(world: &World, client: &Client, question: Question) {
    let snapshot = world.snapshot();
    let (yes, no) = match snapshot.settings.language {
        Locale::Ru => ("Применить", "Отмена"),
        Locale::En => ("Apply", "Cancel"),
    };
    let action = |title: &str| lsp::MessageActionItem { title: title.to_owned(), ..Default::default() };
    let message = format!("{}: {}", question.event.metadata, question.event.message);
    let request =
        client.show_message_request(lsp::MessageType::Warning, message, Some(vec![action(no), action(yes)]));
    let answer = tokio::time::timeout(PATIENCE, request).await;
    let under_way = world.reloads.under_way.lock().remove(&question.number);
    let is_agreed = matches!(&answer, Ok(Ok(Some(item))) if item.title == yes);
    let Some(mut under_way) = under_way.filter(|_| is_agreed) else { return };
    // The yes was for that text; who has written on gets a question of their own.
    let snapshot = world.snapshot();
    let is_same =
        snapshot.document(&under_way.uri).is_none_or(|open| open.generation == under_way.generation);
    if is_same {
        let mut consent: Consent = under_way.consent;
        question.event.needs.iter().for_each(|need| consent.give(*need));
        under_way.consent = consent;
        world.reloads.hand_in(&snapshot, under_way);
    }
}

/// Shows one submission until it ends.
pub(crate) async fn show_progress(world: &World, number: u64, token: &str, is_shown: bool) {
    let Some(waiting) = world.reloads.waiting.lock().remove(&number) else { return };
    let send = |value: Value| {
        if is_shown {
            world.outbox.send_or_drop("$/progress", &json!({"token": token, "value": value}));
        }
    };
    let title = match world.snapshot().settings.language {
        Locale::Ru => "Strizh: перезагрузка модуля",
        Locale::En => "Strizh: reloading the module",
    };
    send(json!({"kind": "begin", "title": title, "cancellable": false}));
    let message = waiting.await.map(|event| event.message).unwrap_or_default();
    send(json!({"kind": "end", "message": message}));
}
