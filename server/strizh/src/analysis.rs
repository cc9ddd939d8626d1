//! The border to the rules: settings become a rule set, findings become plain values with messages.

use std::path::Path;
use std::sync::Arc;

use base::{CancelToken, Edit, Locale, Severity, TextRange};
use syntax::Document;

use crate::settings::Settings;

/// The rules in force with their parameters.
pub(crate) struct Rules {
    locale: Locale,
}

/// Kind of a module, as its path tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module;

/// Results kept between two checks of one open module.
#[derive(Default)]
pub(crate) struct ModuleState;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Unused,
    Deprecated,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) key: &'static str,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) range: TextRange,
    pub(crate) related: Vec<TextRange>,
    pub(crate) tags: Vec<Tag>,
    /// Edits that repair the place; empty when there is no fix.
    pub(crate) edits: Vec<Edit>,
}

impl Rules {
    /// The rules and what is wrong with their settings.
    pub(crate) fn new(settings: &Settings) -> (Self, Vec<String>) {
        (Self { locale: settings.language }, Vec::new())
    }
}

impl Module {
    pub(crate) fn from_path(_path: &Path) -> Self {
        Self
    }
}

impl ModuleState {
    /// Findings sorted by position; `None` if cancelled.
    pub(crate) fn check(
        &mut self,
        document: &Document,
        rules: &Arc<Rules>,
        _module: Module,
        token: &CancelToken,
    ) -> Option<Vec<Finding>> {
        let mut findings = Vec::new();
        let mut cursor = document.tree().walk();
        let mut descend = document.tree().root_node().has_error();
        loop {
            if token.is_cancelled() {
                return None;
            }
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                let message = match rules.locale {
                    Locale::Ru => "Ошибка разбора исходного кода",
                    Locale::En => "Syntax error",
                };
                findings.push(Finding {
                    key: "ParseError",
                    severity: Severity::Error,
                    message: message.to_owned(),
                    range: TextRange::from(node.byte_range()),
                    related: Vec::new(),
                    tags: Vec::new(),
                    edits: Vec::new(),
                });
                descend = false;
            }
            if descend && cursor.goto_first_child() {
                descend = cursor.node().has_error();
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return Some(findings);
                }
            }
            descend = cursor.node().has_error();
        }
    }
}

/// Checks a module that is not open.
pub(crate) fn check_text(text: &str, rules: &Arc<Rules>, module: Module) -> Vec<Finding> {
    let document = Document::new(text);
    ModuleState::default().check(&document, rules, module, &CancelToken::new()).unwrap_or_default()
}
