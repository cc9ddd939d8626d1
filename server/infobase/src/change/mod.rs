//! What has changed in a module since its last applied text, method by method, and how risky it is to replace it while
//! sessions live.

mod binding;
mod compare;
mod effect;
mod parts;

use serde::{Deserialize, Serialize};

pub use binding::{Binding, Bound, bindings};
pub use compare::compare;
pub use effect::{AppliesTo, Effect, Note, effect};

/// How a part of a module differs from the text that is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// Same header, other code.
    Body,
    Added,
    Removed,
    Signature,
    /// `Экспорт` was removed.
    Export,
    /// Procedure and function exchanged, or `Асинх` changed.
    Kind,
    /// Where the method runs: `&НаСервере`.
    Directive,
    /// How an extension takes part: `&Вместо`.
    Annotation,
    /// A variable of the module.
    Variable,
    /// Code outside of methods.
    ModuleBody,
    /// Conditions of `#Если` around methods.
    Preprocessor,
    /// The same methods in another order.
    Order,
}

impl ChangeKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Signature => "signature",
            Self::Export => "export",
            Self::Kind => "kind",
            Self::Directive => "directive",
            Self::Annotation => "annotation",
            Self::Variable => "variable",
            Self::ModuleBody => "moduleBody",
            Self::Preprocessor => "preprocessor",
            Self::Order => "order",
        }
    }

    /// What a person reads.
    pub fn text(self, locale: base::Locale) -> &'static str {
        let (ru, en) = match self {
            Self::Body => ("изменено тело", "body changed"),
            Self::Added => ("добавлен", "added"),
            Self::Removed => ("удален", "removed"),
            Self::Signature => ("изменены параметры", "parameters changed"),
            Self::Export => ("убран Экспорт", "Export removed"),
            Self::Kind => {
                ("процедура стала функцией или наоборот", "procedure became function or the other way")
            }
            Self::Directive => ("изменена директива компиляции", "directive changed"),
            Self::Annotation => ("изменена аннотация расширения", "annotation of an extension changed"),
            Self::Variable => ("изменена переменная модуля", "variable of the module changed"),
            Self::ModuleBody => ("изменен код вне методов", "code outside of methods changed"),
            Self::Preprocessor => ("изменены условия препроцессора", "preprocessor conditions changed"),
            Self::Order => ("изменен порядок методов", "order of methods changed"),
        };
        if locale == base::Locale::Ru { ru } else { en }
    }
}

/// How much living sessions may mind. The worst of all changes counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChangeClass {
    /// Nothing has to be sent.
    NoOp,
    Safe,
    /// Sent only after a confirmation that names it.
    Unsafe,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of a method or a variable; empty for the module itself.
    pub name: String,
    pub kind: ChangeKind,
    pub class: ChangeClass,
    /// What calls the method by its name, if that makes the change dangerous.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<Binding>,
}

/// What paths and metadata tell about a module besides its text.
#[derive(Clone, Debug, Default)]
pub struct ModuleTraits {
    pub kind: metadata::ModuleKind,
    /// A global common module.
    pub is_global: bool,
    /// A common module that keeps returned values.
    pub caches_values: bool,
    pub bound: Bound,
}

impl ModuleTraits {
    /// What calls a method by its name.
    fn bindings(&self, name: &str) -> Vec<Binding> {
        let bound = self.bound.get().iter().flatten();
        bound.filter(|binding| base::same_name(&binding.method, name)).cloned().collect()
    }

    /// Whether methods may be called by files that nobody has looked at.
    fn may_be_bound(&self) -> bool {
        use metadata::ModuleKind;
        self.bound.get().is_none()
            && matches!(
                self.kind,
                ModuleKind::FormModule
                    | ModuleKind::CommandModule
                    | ModuleKind::HTTPServiceModule
                    | ModuleKind::WEBServiceModule
                    | ModuleKind::IntegrationServiceModule
                    | ModuleKind::BotModule
                    | ModuleKind::WEBSocketClientModule
            )
    }
}

/// The worst class; no changes are no-op.
pub fn overall_class(changes: &[Change]) -> ChangeClass {
    changes.iter().map(|change| change.class).max().unwrap_or(ChangeClass::NoOp)
}
