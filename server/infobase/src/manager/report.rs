//! What a session tells: events for whoever asked, rows of the audit.

use base::Locale;

use crate::change::{Change, ChangeClass, Effect, effect, overall_class};
use crate::digest::{hex, sha256};
use crate::manager::{Event, Need, Session, State, Submission, describe};
use crate::security::{Action, AuditRecord};

impl Session {
    pub(super) fn event(&self, submission: &Submission, state: State) -> Event {
        Event {
            path: submission.module.path.clone(),
            metadata: submission.module.metadata.clone(),
            ..Event::new(submission.number, state, state.text(self.options.locale))
        }
    }

    pub(super) fn ask(&self, submission: &Submission, changes: Vec<Change>, needs: Vec<Need>) -> Event {
        let reasons: Vec<_> = needs.iter().map(|need| need.text(self.options.locale)).collect();
        let mut message = reasons.join("; ");
        let dangerous: Vec<Change> =
            changes.iter().filter(|change| change.class == ChangeClass::Unsafe).cloned().collect();
        if needs.contains(&Need::UnsafeChanges) {
            message = format!("{message}: {}", describe(&dangerous, self.options.locale));
        }
        let class = overall_class(&changes);
        Event { changes, needs, class, ..self.say(submission, State::NeedsConsent, &message) }
    }

    /// What was done, by whom if not by the first transport, and what to know.
    pub(super) fn applied_message(
        &self,
        submission: &Submission,
        changes: &[Change],
        state: State,
        transport: usize,
    ) -> String {
        let locale = self.options.locale;
        let mut message = state.text(locale).to_owned();
        let Some(used) = self.transports.get(transport) else { return message };
        if transport > 0 {
            let name = used.kind().name();
            message = self.words(
                &format!("{message} запасным способом {name}"),
                &format!("{message} by the fallback {name}"),
            );
        }
        let Effect { notes, .. } = effect(used.kind(), used.is_live(), &submission.traits, changes);
        for note in notes {
            message = format!("{message}; {}", note.text(locale));
        }
        message
    }

    pub(super) fn say(&self, submission: &Submission, state: State, message: &str) -> Event {
        Event { message: message.to_owned(), ..self.event(submission, state) }
    }

    pub(super) fn words(&self, ru: &str, en: &str) -> String {
        if self.options.locale == Locale::Ru { ru.to_owned() } else { en.to_owned() }
    }

    pub(super) fn record(
        &self,
        submission: &Submission,
        is_allowed: bool,
        reason: &str,
        backend: &str,
    ) -> bool {
        let old = self.applied.get(&submission.module.path);
        let old = old.map(|text| hex(&sha256(text.as_bytes()))).unwrap_or_default();
        self.write(submission, is_allowed, reason, backend, &old)
    }

    pub(super) fn record_texts(&self, submission: &Submission, reason: &str, backend: &str, old: &str) {
        self.write(submission, true, reason, backend, old);
    }

    fn write(&self, submission: &Submission, allowed: bool, reason: &str, backend: &str, old: &str) -> bool {
        let action = match () {
            () if submission.is_dry_run => Action::DryRun,
            () if submission.is_rollback => Action::Rollback,
            () if submission.consent.end_sessions => Action::EndSessions,
            () => Action::Reload,
        };
        let record = AuditRecord {
            user: self.options.identity.user.clone(),
            action: action.name().to_owned(),
            resource: submission.module.path.clone(),
            allowed,
            reason: reason.to_owned(),
            backend: backend.to_owned(),
            old_sha256: old.to_owned(),
            new_sha256: hex(&sha256(submission.text.as_bytes())),
        };
        let written = self.options.audit.append(&record, self.clock.unix());
        written.inspect_err(|error| tracing::error!("cannot write the audit: {error}")).is_ok()
    }
}
