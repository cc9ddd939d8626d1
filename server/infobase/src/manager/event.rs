//! What whoever asked is told, step by step.

use base::Locale;
use serde::Serialize;

use crate::change::{AppliesTo, Change, ChangeClass};
use crate::message::Diagnostic;

/// Where a change is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Waits for the pause after saving, or for the one before it.
    Pending,
    /// A newer text of the same module takes its place.
    Coalesced,
    Sending,
    Applied,
    /// The other side goes on in the background.
    Queued,
    /// The same code is applied already.
    Unchanged,
    /// A dry run is over.
    Planned,
    /// The text is broken, or the other side does not want it.
    Rejected,
    /// Not allowed.
    Refused,
    /// Somebody has to agree first.
    NeedsConsent,
    /// Nobody answers.
    Unavailable,
    /// It failed half-way, and the previous text is back.
    RolledBack,
    /// What is applied is not known.
    Stale,
}

impl State {
    /// True for the last event of a submission.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::Sending)
    }

    pub fn is_success(self) -> bool {
        matches!(self, Self::Applied | Self::Queued | Self::Unchanged | Self::Planned | Self::Coalesced)
    }

    pub fn text(self, locale: Locale) -> &'static str {
        let (ru, en) = match self {
            Self::Pending => ("ожидает", "pending"),
            Self::Coalesced => ("заменено более новым текстом", "replaced by a newer text"),
            Self::Sending => ("применяется", "being applied"),
            Self::Applied => ("применено", "applied"),
            Self::Queued => ("применяется в фоне", "being applied in the background"),
            Self::Unchanged => ("код не изменился", "the code has not changed"),
            Self::Planned => ("проверено без применения", "checked without applying"),
            Self::Rejected => ("отклонено", "rejected"),
            Self::Refused => ("запрещено", "refused"),
            Self::NeedsConsent => ("нужно согласие", "consent is needed"),
            Self::Unavailable => ("сервер недоступен", "the server is unavailable"),
            Self::RolledBack => ("не удалось; возвращен прежний текст", "failed; the previous text is back"),
            Self::Stale => ("неизвестно, какой текст применен", "it is not known which text is applied"),
        };
        if locale == Locale::Ru { ru } else { en }
    }
}

/// What somebody has to agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Need {
    UnsafeChanges,
    EndSessions,
    Production,
}

impl Need {
    pub fn text(self, locale: Locale) -> &'static str {
        let (ru, en) = match self {
            Self::UnsafeChanges => {
                ("изменения могут нарушить работу живых сеансов", "the changes may disturb living sessions")
            }
            Self::EndSessions => ("сеансы пользователей будут завершены", "sessions of users will be ended"),
            Self::Production => ("база отмечена как рабочая", "the infobase is marked as production"),
        };
        if locale == Locale::Ru { ru } else { en }
    }
}

/// Agreement for one submission; the default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    pub unsafe_changes: bool,
    pub end_sessions: bool,
    pub production: bool,
}

impl Consent {
    pub fn give(&mut self, need: Need) {
        match need {
            Need::UnsafeChanges => self.unsafe_changes = true,
            Need::EndSessions => self.end_sessions = true,
            Need::Production => self.production = true,
        }
    }
}

/// One step of one submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub number: u64,
    /// Relative to the root of the sources.
    pub path: String,
    pub metadata: String,
    pub state: State,
    /// For people.
    pub message: String,
    pub backend: String,
    pub applies_to: AppliesTo,
    pub generation: String,
    pub attempt: u32,
    pub elapsed_ms: u64,
    pub class: ChangeClass,
    pub changes: Vec<Change>,
    pub needs: Vec<Need>,
    pub needs_restart: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
    /// What a dry run would do.
    pub steps: Vec<String>,
}

impl Event {
    /// Something happened before anything is known of a module.
    pub fn new(number: u64, state: State, message: &str) -> Self {
        Self {
            number,
            state,
            message: message.to_owned(),
            path: String::new(),
            metadata: String::new(),
            backend: String::new(),
            applies_to: AppliesTo::default(),
            generation: String::new(),
            attempt: 0,
            elapsed_ms: 0,
            class: ChangeClass::NoOp,
            changes: Vec::new(),
            needs: Vec::new(),
            needs_restart: Vec::new(),
            diagnostics: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// Names of changed parts in one line.
pub fn describe(changes: &[Change], locale: Locale) -> String {
    const MAX_SHOWN: usize = 8;
    let shown = changes.iter().take(MAX_SHOWN).map(|change| {
        let text = change.kind.text(locale);
        let bindings: Vec<_> = change.bindings.iter().map(|binding| binding.text(locale)).collect();
        let bindings =
            if bindings.is_empty() { String::new() } else { format!(" ({})", bindings.join(", ")) };
        if change.name.is_empty() { text.to_owned() } else { format!("{}: {text}{bindings}", change.name) }
    });
    let mut text = shown.collect::<Vec<_>>().join("; ");
    if let Some(more) = changes.len().checked_sub(MAX_SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!("; +{more}"));
    }
    text
}
