//! Totals of a run.

use std::collections::BTreeMap;

use base::Severity;
use lints::{Finding, RuleId, RuleSet};

#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    by_severity: [usize; Severity::ALL.len()],
    by_rule: BTreeMap<RuleId, usize>,
    fixable: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) modules: usize,
    pub(crate) unreadable: usize,
    counts: Counts,
    /// Findings that the baseline knows.
    pub(crate) known: usize,
}

impl Counts {
    pub(crate) fn new(findings: &[Finding], rules: &RuleSet) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            counts.by_severity[rules.severity(finding.rule) as usize] += 1;
            *counts.by_rule.entry(finding.rule).or_default() += 1;
            counts.fixable += usize::from(!finding.fix.is_empty());
        }
        counts
    }

    fn add(&mut self, other: &Self) {
        self.fixable += other.fixable;
        for (total, count) in self.by_severity.iter_mut().zip(other.by_severity) {
            *total += count;
        }
        for (rule, count) in &other.by_rule {
            *self.by_rule.entry(*rule).or_default() += count;
        }
    }
}

impl Summary {
    pub(crate) fn add(&mut self, counts: &Counts) {
        self.modules += 1;
        self.counts.add(counts);
    }

    /// Number of findings of this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.counts.by_severity[severity as usize]
    }

    /// Number of findings of this severity or a stronger one.
    pub(crate) fn at_least(&self, least: Severity) -> usize {
        Severity::ALL.into_iter().filter(|severity| *severity >= least).map(|it| self.count(it)).sum()
    }

    pub(crate) fn total(&self) -> usize {
        self.at_least(Severity::Hint)
    }

    pub(crate) fn fixable(&self) -> usize {
        self.counts.fixable
    }

    /// Rules with the number of their findings, the most frequent first.
    pub(crate) fn by_rule(&self) -> Vec<(RuleId, usize)> {
        let mut rules: Vec<_> = self.counts.by_rule.iter().map(|(rule, count)| (*rule, *count)).collect();
        rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
        rules
    }
}
