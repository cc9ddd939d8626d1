//! What a change means with each way of applying it: who runs the new code, and what people have to know.

use base::Locale;
use metadata::ModuleKind;
use serde::{Deserialize, Serialize};

use crate::change::{Change, ChangeClass, ChangeKind, ModuleTraits, overall_class};
use crate::transport::TransportKind;

/// Who runs the new code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AppliesTo {
    /// Sessions that begin later, service calls, background jobs.
    #[default]
    NewSessions,
    /// The next call.
    Immediately,
}

/// Something to know before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Open sessions keep the old code.
    NewSessionsOnly,
    /// Common modules that reuse values keep them until the session ends.
    CachedValues,
    /// An open form has to be opened again.
    ReopenForm,
    /// A new export of a global module may collide with other names.
    GlobalNames,
    /// The module's own code runs only when it is initialized again.
    NotInitialized,
    /// Living instances keep the variables they have.
    OldState,
}

impl Note {
    pub fn text(self, locale: Locale) -> &'static str {
        let (ru, en) = match self {
            Self::NewSessionsOnly => {
                ("новый код получат только новые сеансы", "only new sessions run the new code")
            }
            Self::CachedValues => (
                "модуль повторно использует значения: старые остаются до конца сеанса",
                "the module reuses returned values: old ones stay until the session ends",
            ),
            Self::ReopenForm => {
                ("открытую форму нужно открыть заново", "an open form has to be opened again")
            }
            Self::GlobalNames => (
                "модуль глобальный: новое имя может совпасть с другими",
                "the module is global: a new name may collide with others",
            ),
            Self::NotInitialized => (
                "код вне методов выполнится только при новой инициализации модуля",
                "code outside of methods runs only when the module is initialized again",
            ),
            Self::OldState => (
                "живые экземпляры сохранят прежние переменные модуля",
                "living instances keep the variables they have",
            ),
        };
        if locale == Locale::Ru { ru } else { en }
    }
}

/// What happens when changes are applied in some way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub applies_to: AppliesTo,
    pub class: ChangeClass,
    pub notes: Vec<Note>,
}

/// `host_is_live`: the server behind `http` has said that it replaces code at once.
pub fn effect(
    transport: TransportKind,
    host_is_live: bool,
    traits: &ModuleTraits,
    changes: &[Change],
) -> Effect {
    let mut notes = Vec::new();
    let has = |kind: ChangeKind| changes.iter().any(|change| change.kind == kind);
    let is_of_session = matches!(
        traits.kind,
        ModuleKind::SessionModule
            | ModuleKind::ManagedApplicationModule
            | ModuleKind::OrdinaryApplicationModule
            | ModuleKind::ExternalConnectionModule
            | ModuleKind::ApplicationModule
    );
    // Nothing but a host of our own replaces code under a running session.
    let is_immediate = transport == TransportKind::Http && host_is_live && !is_of_session;
    if !is_immediate {
        notes.push(Note::NewSessionsOnly);
    }
    if traits.caches_values {
        notes.push(Note::CachedValues);
    }
    if traits.kind == ModuleKind::FormModule {
        notes.push(Note::ReopenForm);
    }
    if traits.is_global && has(ChangeKind::Added) {
        notes.push(Note::GlobalNames);
    }
    if has(ChangeKind::ModuleBody) {
        notes.push(Note::NotInitialized);
    }
    if has(ChangeKind::Variable) {
        notes.push(Note::OldState);
    }
    let applies_to = if is_immediate { AppliesTo::Immediately } else { AppliesTo::NewSessions };
    Effect { applies_to, class: overall_class(changes), notes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Bound;

    fn of(kind: ModuleKind) -> ModuleTraits {
        ModuleTraits { kind, ..ModuleTraits::default() }
    }

    #[test]
    fn only_an_own_host_replaces_code_at_once() {
        let changes = [Change {
            name: "А".to_owned(),
            kind: ChangeKind::Body,
            class: ChangeClass::Safe,
            bindings: Vec::new(),
        }];
        let common = of(ModuleKind::CommonModule);
        let live = effect(TransportKind::Http, true, &common, &changes);
        assert_eq!((live.applies_to, live.notes), (AppliesTo::Immediately, Vec::new()));
        for kind in [TransportKind::Ibcmd, TransportKind::Designer, TransportKind::Command] {
            let effect = effect(kind, true, &common, &changes);
            assert_eq!(effect.applies_to, AppliesTo::NewSessions);
            assert_eq!(effect.notes, [Note::NewSessionsOnly]);
        }
        let session = effect(TransportKind::Http, true, &of(ModuleKind::SessionModule), &changes);
        assert_eq!(session.applies_to, AppliesTo::NewSessions, "session modules act for new sessions only");
    }

    #[test]
    fn what_people_have_to_know_is_named() {
        let change =
            |kind| Change { name: String::new(), kind, class: ChangeClass::Unsafe, bindings: Vec::new() };
        let traits = ModuleTraits {
            kind: ModuleKind::CommonModule,
            is_global: true,
            caches_values: true,
            bound: Bound::default(),
        };
        let changes = [ChangeKind::Added, ChangeKind::ModuleBody, ChangeKind::Variable].map(change);
        let effect_of_all = effect(TransportKind::Http, true, &traits, &changes);
        assert_eq!(
            effect_of_all.notes,
            [Note::CachedValues, Note::GlobalNames, Note::NotInitialized, Note::OldState]
        );
        let form = effect(TransportKind::Ibcmd, false, &of(ModuleKind::FormModule), &[]);
        assert_eq!(form.notes, [Note::NewSessionsOnly, Note::ReopenForm]);
    }
}
