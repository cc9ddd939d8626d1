//! What rules cost, for `--timing`.

use std::sync::OnceLock;
use std::time::Instant;

use lints::RuleSet;

use crate::cli::check::arguments::TimingRows;
use crate::cli::complain;

/// The cheapest rules share one row.
const MAX_ROWS: usize = 40;

/// Nanoseconds since the first call.
pub(super) fn nanoseconds() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// A table on stderr, the most expensive rules first.
pub(super) fn show(rules: &RuleSet, rows: TimingRows) {
    let costs = rules.costs();
    let total: u64 = costs.iter().map(|(_, cost)| cost).sum();
    let row = |name: &str, cost: u64| {
        let share = cost as f64 * 100.0 / total.max(1) as f64;
        complain(format_args!("{:>10.1} ms {share:>5.1} %  {name}", cost as f64 / 1e6));
    };
    let (shown, rest) =
        costs.split_at(if rows == TimingRows::All { costs.len() } else { costs.len().min(MAX_ROWS) });
    shown.iter().for_each(|(rule, cost)| row(rule.info().key, *cost));
    if !rest.is_empty() {
        row(&format!("{} other rules", rest.len()), rest.iter().map(|(_, cost)| cost).sum());
    }
    row("all rules, all threads together", total);
}
