//! One submission from beginning to end.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use base::{CancelToken, Locale};
use resilience::{Breaker, BreakerPreset, RetryPreset, SharedClock};

use crate::change::{Change, ChangeClass, compare, overall_class};
use crate::clock_text::utc;
use crate::digest::{hex, sha256};
use crate::gate::syntax_errors;
use crate::manager::history::HistoryEntry;
use crate::manager::{Event, History, Need, State, Submission, describe};
use crate::message::ReloadRequest;
use crate::security::{Action, AuditLog, Identity, Refusal};
use crate::transport::{Applied, Failure, FailureKind, Transport, Update};

/// What sessions differ in.
pub struct Options {
    pub identity: Identity,
    pub is_production: bool,
    pub extension: String,
    pub audit: AuditLog,
    pub locale: Locale,
    pub retry: RetryPreset,
    /// For one attempt, and for all with their waits.
    pub attempt_limit: Duration,
    pub total_limit: Duration,
    /// Folder of the configuration, for messages.
    pub root: PathBuf,
}

type Sleep = Box<dyn Fn(Duration, &CancelToken) + Send>;

/// Everything that is known about one infobase.
pub struct Session {
    pub(super) options: Options,
    pub(super) transports: Vec<Box<dyn Transport>>,
    pub(super) clock: SharedClock,
    sleep: Sleep,
    breaker: Breaker,
    /// Texts that are applied for sure, by path.
    pub(super) applied: HashMap<String, String>,
    history: History,
}

/// How the attempts ended.
struct Outcome {
    result: Result<Applied, Failure>,
    attempt: u32,
    transport: usize,
    /// Something may have arrived at some point.
    may_have_changed: bool,
}

impl Session {
    /// The first transport is asked; the others are there in case that it does not know how.
    pub fn new(options: Options, transports: Vec<Box<dyn Transport>>, clock: SharedClock) -> Self {
        let breaker = Breaker::new(BreakerPreset::A, SharedClock::clone(&clock));
        Self {
            options,
            transports,
            clock,
            sleep: Box::new(sleep),
            breaker,
            applied: HashMap::new(),
            history: History::default(),
        }
    }

    #[cfg(test)]
    pub(crate) fn with_sleep(mut self, sleep: Sleep) -> Self {
        self.sleep = sleep;
        self
    }

    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    /// The last event is returned, those before it go to `listener`.
    pub fn process(
        &mut self,
        mut submission: Submission,
        cancel: &CancelToken,
        listener: &mut dyn FnMut(Event),
    ) -> Event {
        let started = self.clock.now();
        if submission.is_rollback {
            let Some(previous) = self.history.previous(&submission.module.path) else {
                return self.say(
                    &submission,
                    State::Refused,
                    &self.words("нет прежнего текста", "there is no previous text"),
                );
            };
            submission.text = previous.to_owned();
        }
        let mut event = self.checked(&submission, cancel, listener);
        event.elapsed_ms =
            u64::try_from((self.clock.now().saturating_sub(started)).as_millis()).unwrap_or(u64::MAX);
        event
    }

    fn checked(
        &mut self,
        submission: &Submission,
        cancel: &CancelToken,
        listener: &mut dyn FnMut(Event),
    ) -> Event {
        let diagnostics = syntax_errors(&submission.text, self.options.locale);
        if let Some(first) = diagnostics.first() {
            let message = format!("{}:{}: {}", first.line, first.column, first.message);
            return Event { diagnostics, ..self.say(submission, State::Rejected, &message) };
        }
        if let Err(refusal) = self.allow(submission) {
            self.record(submission, false, &refusal.to_string(), "");
            return self.say(submission, State::Refused, &refusal.to_string());
        }
        let changes = self.changes(submission);
        let class = overall_class(&changes);
        if submission.is_dry_run {
            return self.planned(submission, changes);
        }
        let is_known = self.applied.contains_key(&submission.module.path);
        if is_known && class == ChangeClass::NoOp {
            return Event { changes, ..self.event(submission, State::Unchanged) };
        }
        let mut needs = Vec::new();
        if class == ChangeClass::Unsafe && !submission.consent.unsafe_changes {
            needs.push(Need::UnsafeChanges);
        }
        if self.options.is_production && !submission.consent.production {
            needs.push(Need::Production);
        }
        if !needs.is_empty() {
            return self.ask(submission, changes, needs);
        }
        self.send(submission, changes, cancel, listener)
    }

    /// What the user's role has to allow for this submission.
    fn allow(&self, submission: &Submission) -> Result<(), Refusal> {
        let mut actions = vec![match () {
            () if submission.is_dry_run => Action::DryRun,
            () if submission.is_rollback => Action::Rollback,
            () => Action::Reload,
        }];
        if self.options.is_production && !submission.is_dry_run {
            actions.push(Action::ChangeProduction);
        }
        if submission.consent.end_sessions {
            actions.push(Action::EndSessions);
        }
        let role = self.options.identity.role;
        if actions.into_iter().all(|action| role.allows(action)) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    /// What is different from the applied text; asks the other side once which one it has.
    fn changes(&mut self, submission: &Submission) -> Vec<Change> {
        let path = &submission.module.path;
        if !self.applied.contains_key(path)
            && !submission.is_dry_run
            && let Some(transport) = self.transports.first_mut()
            && let Some(digest) = transport.applied_digest(&submission.module)
        {
            let known = [submission.base.as_deref(), Some(submission.text.as_str())];
            let found = known.into_iter().flatten().find(|text| hex(&sha256(text.as_bytes())) == digest);
            if let Some(text) = found {
                self.applied.insert(path.clone(), text.to_owned());
            }
        }
        let base = self.applied.get(path).or(submission.base.as_ref());
        base.map_or_else(Vec::new, |base| compare(base, &submission.text, &submission.traits))
    }

    fn planned(&self, submission: &Submission, changes: Vec<Change>) -> Event {
        let update = self.update(submission, &changes);
        let steps =
            self.transports.first().map(|transport| transport.plan(&update).steps).unwrap_or_default();
        let class = overall_class(&changes);
        Event { changes, class, steps, ..self.event(submission, State::Planned) }
    }

    fn send(
        &mut self,
        submission: &Submission,
        changes: Vec<Change>,
        cancel: &CancelToken,
        listener: &mut dyn FnMut(Event),
    ) -> Event {
        // What cannot be recorded is not done.
        if !self.record(submission, true, "requested", "") {
            let path = self.options.audit.path().display().to_string();
            let message = self
                .words(&format!("нельзя записать аудит: {path}"), &format!("cannot write the audit: {path}"));
            return self.say(submission, State::Refused, &message);
        }
        let Ok(permit) = self.breaker.acquire() else {
            self.record(submission, true, "the breaker is open", "");
            let message = self.words(
                "несколько попыток подряд не удались, следующая через минуту",
                "several attempts failed in a row; the next one is possible in a minute",
            );
            return self.say(submission, State::Unavailable, &message);
        };
        let update = self.update(submission, &changes);
        let outcome = self.attempts(submission, &update, cancel, listener);
        match &outcome.result {
            Err(failure) if failure.kind == FailureKind::Again => permit.failure(),
            Err(failure) if failure.kind == FailureKind::Cancelled => drop(permit),
            _ => permit.success(),
        }
        let backend = self.transports.get(outcome.transport).map_or("", |it| it.kind().name()).to_owned();
        let class = overall_class(&changes);
        let event = match outcome.result {
            Ok(applied) => self.applied(submission, &changes, applied, outcome.transport),
            Err(failure) if failure.kind == FailureKind::SessionsInTheWay && !update.may_end_sessions => {
                self.record(submission, true, &failure.message, &backend);
                self.undo(submission, outcome.may_have_changed, outcome.transport, cancel);
                let mut event = self.ask(submission, Vec::new(), vec![Need::EndSessions]);
                event.message = format!("{}: {}", event.message, failure.message);
                event
            }
            Err(failure) => {
                self.record(submission, true, &failure.message, &backend);
                self.failed(submission, failure, outcome.may_have_changed, outcome.transport, cancel)
            }
        };
        let backend = if event.backend.is_empty() { backend } else { event.backend.clone() };
        Event { changes, class, backend, attempt: outcome.attempt, ..event }
    }

    fn update(&self, submission: &Submission, changes: &[Change]) -> Update {
        let digest = |text: &str| hex(&sha256(text.as_bytes()));
        let base = self.applied.get(&submission.module.path);
        Update {
            request: ReloadRequest {
                module: submission.module.stem().to_owned(),
                code: submission.text.clone(),
                timestamp: utc(self.clock.unix()).trim_end_matches('Z').to_owned(),
                path: submission.module.path.clone(),
                metadata: submission.module.metadata.clone(),
                extension: self.options.extension.clone(),
                sha256: digest(&submission.text),
                base_sha256: base.map(|text| digest(text)).unwrap_or_default(),
                dry_run: submission.is_dry_run,
                changes: changes.to_vec(),
            },
            module: submission.module.clone(),
            may_end_sessions: submission.consent.end_sessions,
        }
    }

    fn attempts(
        &mut self,
        submission: &Submission,
        update: &Update,
        cancel: &CancelToken,
        listener: &mut dyn FnMut(Event),
    ) -> Outcome {
        let started = self.clock.now();
        let (mut number, mut index, mut may_have_changed) = (0, 0, false);
        loop {
            let left = self.options.total_limit.saturating_sub(self.clock.now().saturating_sub(started));
            listener(Event { attempt: number + 1, ..self.event(submission, State::Sending) });
            let result = match self.transports.get_mut(index) {
                Some(transport) => transport.apply(update, self.options.attempt_limit.min(left), cancel),
                None => Err(Refusal::NotConfigured.into()),
            };
            let attempt = number + 1;
            let Err(failure) = result else {
                return Outcome { result, attempt, transport: index, may_have_changed };
            };
            may_have_changed |= failure.may_have_changed;
            if failure.kind == FailureKind::Unsupported && index + 1 < self.transports.len() {
                index += 1;
                continue;
            }
            let wait = self.options.retry.wait_after(number).filter(|_| failure.kind == FailureKind::Again);
            match wait.filter(|wait| *wait < left && !cancel.is_cancelled()) {
                Some(wait) => (self.sleep)(wait, cancel),
                None => return Outcome { result: Err(failure), attempt, transport: index, may_have_changed },
            }
            number += 1;
        }
    }

    fn applied(
        &mut self,
        submission: &Submission,
        changes: &[Change],
        applied: Applied,
        transport: usize,
    ) -> Event {
        let path = &submission.module.path;
        let previous = self.applied.insert(path.clone(), submission.text.clone());
        let previous = previous.or_else(|| submission.base.clone());
        let now = self.clock.unix();
        let mut entry = HistoryEntry::new(submission.number, path, previous, &submission.text, now);
        entry.backend.clone_from(&applied.backend);
        entry.generation.clone_from(&applied.generation);
        entry.changes = describe(changes, self.options.locale);
        self.record_texts(submission, "applied", &applied.backend, &entry.old_sha256);
        self.history.push(entry);
        let state = if applied.is_queued { State::Queued } else { State::Applied };
        let message = self.applied_message(submission, changes, state, transport);
        Event {
            backend: applied.backend,
            applies_to: applied.applies_to,
            generation: applied.generation,
            needs_restart: applied.needs_restart,
            diagnostics: applied.diagnostics,
            ..self.say(submission, state, &message)
        }
    }

    fn failed(
        &mut self,
        submission: &Submission,
        failure: Failure,
        may_have_changed: bool,
        transport: usize,
        cancel: &CancelToken,
    ) -> Event {
        let undone = self.undo(submission, may_have_changed, transport, cancel);
        let state = match (undone, failure.kind) {
            (Some(true), _) => State::RolledBack,
            (Some(false), _) | (None, FailureKind::Conflict) => State::Stale,
            (None, FailureKind::Again | FailureKind::Cancelled) => State::Unavailable,
            (None, _) => State::Rejected,
        };
        if failure.kind == FailureKind::Conflict {
            self.applied.remove(&submission.module.path);
        }
        let message = match state {
            State::RolledBack | State::Stale => {
                format!("{}: {}", state.text(self.options.locale), failure.message)
            }
            _ => failure.message,
        };
        Event { diagnostics: failure.diagnostics, ..self.say(submission, state, &message) }
    }

    /// Brings the previous text back if something may have arrived: whether it is back; `None` if there was no need.
    fn undo(
        &mut self,
        submission: &Submission,
        is_needed: bool,
        transport: usize,
        cancel: &CancelToken,
    ) -> Option<bool> {
        if !is_needed {
            return None;
        }
        let path = &submission.module.path;
        let previous = self.applied.remove(path).or_else(|| submission.base.clone());
        let (Some(previous), false) = (previous, cancel.is_cancelled()) else { return Some(false) };
        let back = Submission { text: previous.clone(), consent: Default::default(), ..submission.clone() };
        let update = self.update(&back, &[]);
        let limit = self.options.attempt_limit;
        let result = self.transports.get_mut(transport)?.apply(&update, limit, cancel);
        let reason =
            result.as_ref().map_or_else(|failure| failure.message.clone(), |_| "rolled back".to_owned());
        self.record(&Submission { is_rollback: true, ..back }, true, &reason, "");
        if result.is_err() {
            return Some(false);
        }
        self.applied.insert(path.clone(), previous);
        Some(true)
    }
}

/// Waits in slices, so that nobody waits for the waiting.
fn sleep(wait: Duration, cancel: &CancelToken) {
    const SLICE: Duration = Duration::from_millis(20);
    let mut left = wait;
    while !left.is_zero() && !cancel.is_cancelled() {
        let slice = left.min(SLICE);
        std::thread::sleep(slice);
        left -= slice;
    }
}
