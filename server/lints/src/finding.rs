//! A place where a rule found something.

use std::collections::BTreeSet;

use base::{Edit, Locale, TextRange};
use smol_str::SmolStr;

use crate::registry::all_rules;
use crate::rule::RuleInfo;

/// Index of a rule in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    pub fn info(self) -> &'static RuleInfo {
        all_rules()[self.0 as usize]
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Edits of several fixes, those that can be made together: of two fixes that touch the same text the later one is
/// left out as a whole. Equal edits count once, since two findings may ask for the same repair.
pub fn joint_edits<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Edit> {
    let mut taken: BTreeSet<Edit> = BTreeSet::new();
    for finding in findings {
        if finding.fix.iter().all(|edit| taken.contains(edit) || is_free(&taken, edit.range)) {
            taken.extend(finding.fix.iter().cloned());
        }
    }
    taken.into_iter().collect()
}

/// No edit taken so far touches the range. They do not overlap, so the last one that starts before its end tells.
fn is_free(taken: &BTreeSet<Edit>, range: TextRange) -> bool {
    let behind = |offset| Edit::insert(offset, "");
    if range.is_empty() {
        let mut same_place = taken.range(behind(range.start)..).take_while(|edit| edit.range == range);
        let before = taken.range(..behind(range.start)).next_back();
        same_place.next().is_none() && before.is_none_or(|edit| edit.range.end <= range.start)
    } else {
        let end = Edit::replace(TextRange { start: range.end, end: 0 }, "");
        taken.range(..end).next_back().is_none_or(|edit| edit.range.end <= range.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(edits: &[Edit]) -> Finding {
        let range = TextRange::empty(0);
        Finding {
            rule: RuleId(0),
            range,
            message: 0,
            args: Vec::new(),
            related: Vec::new(),
            fix: edits.to_vec(),
        }
    }

    #[test]
    fn a_fix_is_made_as_a_whole_or_not_at_all() {
        let delete = |start, end| Edit::delete(TextRange::new(start, end));
        let (one, two) =
            (finding(&[delete(0, 2), Edit::insert(6, "x")]), finding(&[delete(1, 3), delete(8, 9)]));
        let inside = finding(&[delete(5, 7)]);
        let beside = finding(&[delete(2, 6), Edit::insert(6, "x")]);
        let other_text = finding(&[Edit::insert(6, "y")]);
        let edits = joint_edits([&one, &two, &inside, &beside, &other_text]);
        assert_eq!(edits, [delete(0, 2), delete(2, 6), Edit::insert(6, "x")]);
    }
}
