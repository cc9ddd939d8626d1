//! Which repairs go together: the one place that decides it for editors and for the command line.

use std::collections::BTreeMap;

use base::Edit;

use crate::finding::{Finding, RuleId};
use crate::rule::FixSafety;

/// Edits that do not overlap, sorted, and the rules of the findings that they repair.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ChosenFixes {
    pub edits: Vec<Edit>,
    pub rules: Vec<RuleId>,
}

/// Picks the repairs of rules that are at least as safe as `most`. The edits of a finding come together or not at all;
/// findings whose edits overlap those of an earlier one wait for the next round, and so do those whose edits touch what
/// another rule changes: both may want to change the same blank.
pub fn choose_fixes<'a>(findings: impl IntoIterator<Item = &'a Finding>, most: FixSafety) -> ChosenFixes {
    let may_be_fixed = |finding: &&Finding| {
        let safety = finding.rule.info().fix;
        safety != FixSafety::None && safety <= most && !finding.fix.is_empty()
    };
    let mut findings: Vec<&Finding> = findings.into_iter().filter(may_be_fixed).collect();
    // What goes away needs no layout.
    findings.sort_by_key(|finding| !finding.fix.iter().all(|edit| edit.text.is_empty()));
    let mut taken = Taken::default();
    let mut rules = Vec::new();
    for finding in findings {
        if taken.add_all(finding) {
            rules.push(finding.rule);
        }
    }
    let edits = taken.edits.into_values().map(|(edit, _)| edit.clone()).collect();
    ChosenFixes { edits, rules }
}

/// Edits of all fixes that can be made together, whatever their risk.
#[cfg(test)]
pub(crate) fn joint_edits<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Edit> {
    choose_fixes(findings, FixSafety::Unsafe).edits
}

/// Edits by start and end.
#[derive(Default)]
struct Taken<'a> {
    edits: BTreeMap<(u32, u32), (&'a Edit, RuleId)>,
}

impl<'a> Taken<'a> {
    fn add_all(&mut self, finding: &'a Finding) -> bool {
        let mut added = Vec::with_capacity(finding.fix.len());
        for edit in &finding.fix {
            let key = (edit.range.start, edit.range.end);
            match self.edits.get(&key) {
                // Two findings may ask for the same.
                Some((known, _)) if known.text == edit.text => {}
                None if self.is_free(key, finding.rule) => {
                    self.edits.insert(key, (edit, finding.rule));
                    added.push(key);
                }
                _ => {
                    added.iter().for_each(|key| {
                        self.edits.remove(key);
                    });
                    return false;
                }
            }
        }
        true
    }

    /// Edits do not overlap each other, so the neighbors tell.
    fn is_free(&self, key: (u32, u32), rule: RuleId) -> bool {
        let is_apart = |end: u32, start: u32, other: RuleId| end < start || (end == start && other == rule);
        let before = self.edits.range(..key).next_back();
        let after = self.edits.range(key..).next();
        before.is_none_or(|((_, end), (_, other))| is_apart(*end, key.0, *other))
            && after.is_none_or(|((start, _), (_, other))| is_apart(key.1, *start, *other))
    }
}

#[cfg(test)]
mod tests {
    use base::TextRange;

    use super::*;
    use crate::registry::{all_rules, rule_by_key};

    fn finding(fix: &[(u32, u32, &str)], safety: FixSafety) -> Finding {
        let info =
            all_rules().iter().find(|rule| rule.fix == safety).expect("invariant: some rules have fixes");
        let rule = rule_by_key(info.key).expect("invariant: the key is known");
        let edit = |(start, end, text): &(u32, u32, &str)| Edit::replace(TextRange::new(*start, *end), *text);
        let fix = fix.iter().map(edit).collect();
        Finding { rule, range: TextRange::default(), message: 0, args: Vec::new(), related: Vec::new(), fix }
    }

    #[track_caller]
    fn check(fixes: &[&[(u32, u32, &str)]], expected: &str) {
        let findings: Vec<_> = fixes.iter().map(|fix| finding(fix, FixSafety::Safe)).collect();
        let chosen = choose_fixes(&findings, FixSafety::Safe);
        let shown = |edit: &Edit| format!("{}..{}={}", edit.range.start, edit.range.end, edit.text);
        let edits: Vec<String> = chosen.edits.iter().map(shown).collect();
        assert_eq!(format!("{}: {}", chosen.rules.len(), edits.join(" ")), expected);
    }

    #[test]
    fn a_finding_is_repaired_whole_or_not_at_all() {
        check(&[&[(0, 4, "a")], &[(6, 8, "b"), (2, 3, "c")], &[(7, 9, "d")]], "2: 0..4=a 7..9=d");
    }

    #[test]
    fn neighbors_and_equal_edits_are_no_conflict() {
        check(&[&[(2, 4, "a")], &[(4, 6, "b")], &[(2, 2, "c")], &[(4, 6, "b")]], "4: 2..2=c 2..4=a 4..6=b");
        check(&[&[(2, 2, "a")], &[(2, 2, "b")]], "1: 2..2=a");
        check(&[&[(2, 6, "a")], &[(4, 4, "b")]], "1: 2..6=a");
    }

    #[test]
    fn deletions_go_first() {
        check(&[&[(1, 3, "x")], &[(2, 3, "")]], "1: 2..3=");
    }

    #[test]
    fn another_rule_keeps_its_distance() {
        let first = finding(&[(2, 4, "a")], FixSafety::Safe);
        let mut infos = all_rules().iter().filter(|rule| rule.fix == FixSafety::Safe);
        let other = infos
            .next_back()
            .and_then(|info| rule_by_key(info.key))
            .expect("invariant: some rules have fixes");
        let second = |start, end| Finding { rule: other, ..finding(&[(start, end, "b")], FixSafety::Safe) };
        assert_eq!(choose_fixes([&first, &second(4, 6)], FixSafety::Safe).rules.len(), 1);
        assert_eq!(choose_fixes([&first, &second(5, 6)], FixSafety::Safe).rules.len(), 2);
    }

    #[test]
    fn unsafe_repairs_have_to_be_asked_for() {
        let safe = finding(&[(0, 1, "")], FixSafety::Safe);
        let info = all_rules().iter().any(|rule| rule.fix == FixSafety::Unsafe);
        if info {
            let risky = finding(&[(2, 3, "")], FixSafety::Unsafe);
            assert_eq!(choose_fixes([&safe, &risky], FixSafety::Safe).edits.len(), 1);
            assert_eq!(choose_fixes([&safe, &risky], FixSafety::Unsafe).edits.len(), 2);
        }
        assert_eq!(choose_fixes([&safe], FixSafety::None), ChosenFixes::default());
    }
}
