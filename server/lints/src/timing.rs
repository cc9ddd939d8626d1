//! What rules cost. The clock is given: this crate reads none.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::finding::RuleId;
use crate::registry::all_rules;

/// Nanoseconds since any moment.
pub type Clock = fn() -> u64;

pub(crate) struct Timing {
    clock: Clock,
    /// Nanoseconds by rule.
    totals: Vec<AtomicU64>,
}

impl Timing {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, totals: all_rules().iter().map(|_| AtomicU64::new(0)).collect() }
    }

    pub(crate) fn measure(&self, rule: RuleId, stage: impl FnOnce()) {
        let start = (self.clock)();
        stage();
        let spent = (self.clock)().saturating_sub(start);
        self.totals[rule.0 as usize].fetch_add(spent, Ordering::Relaxed);
    }

    /// The most expensive rules first.
    pub(crate) fn costs(&self) -> Vec<(RuleId, u64)> {
        let totals = self.totals.iter().map(|total| total.load(Ordering::Relaxed)).enumerate();
        let mut costs: Vec<_> = totals.map(|(index, total)| (RuleId(index as u16), total)).collect();
        costs.retain(|(_, total)| *total > 0);
        costs.sort_by_key(|(rule, total)| (std::cmp::Reverse(*total), *rule));
        costs
    }
}

#[cfg(test)]
mod tests {
    use crate::{ModuleInfo, Options, RuleSet, check_text};

    #[test]
    fn rules_are_measured_with_the_given_clock() {
        static NOW: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let (mut rules, _) = RuleSet::new(&Options::default());
        check_text("А = 1;", &rules, &ModuleInfo::default());
        assert_eq!(rules.costs(), []);
        rules.measure(|| NOW.fetch_add(5, std::sync::atomic::Ordering::Relaxed));
        check_text("А = 1;", &rules, &ModuleInfo::default());
        let costs = rules.costs();
        assert!(costs.len() > 10 && costs.is_sorted_by_key(|(_, cost)| std::cmp::Reverse(*cost)));
    }
}
