//! A place where a rule found something.

use base::{Edit, Locale, TextRange};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::registry::all_rules;
use crate::rule::RuleInfo;

/// Index of a rule in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    pub fn info(self) -> &'static RuleInfo {
        all_rules()[self.0 as usize]
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: RuleId,
    pub range: TextRange,
    /// Which of the rule's messages.
    pub(crate) message: u8,
    pub(crate) args: Vec<SmolStr>,
    /// Further places that explain the finding.
    pub related: Vec<TextRange>,
    /// The repair; empty if there is none.
    pub fix: Vec<Edit>,
}

impl Finding {
    pub fn message(&self, locale: Locale) -> String {
        let messages = self.rule.info().messages;
        let Some(template) = messages.get(self.message as usize) else { return String::new() };
        let mut message = template.get(locale).to_owned();
        for (index, argument) in self.args.iter().enumerate() {
            message = message.replace(&format!("{{{index}}}"), argument);
        }
        message
    }

    pub(crate) fn shifted(&self, offset: u32) -> Self {
        let mut finding = self.clone();
        finding.range = finding.range.shifted(offset);
        finding.related.iter_mut().for_each(|range| *range = range.shifted(offset));
        finding.fix.iter_mut().for_each(|edit| edit.range = edit.range.shifted(offset));
        finding
    }
}
