//! Rows for programs. The profile itself has a form of its own.

use serde::Serialize;

use super::rows::Row;
use super::{Report, rows};
use crate::difference::{Change, Difference, Threshold, growth};
use crate::measure::Measure;
use crate::model::Source;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportJson<'a> {
    source: &'a Source,
    total: &'a Measure,
    rows: &'a [Row],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DifferenceJson<'a> {
    before: &'a Measure,
    after: &'a Measure,
    growth_percent: Option<f64>,
    is_regressed: bool,
    changes: Vec<ChangeJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeJson<'a> {
    #[serde(flatten)]
    change: &'a Change,
    growth_percent: Option<f64>,
    is_regression: bool,
}

impl Report<'_> {
    pub fn json(&self) -> String {
        let rows = rows(self.profile, self.grouping, self.resolution);
        let shown = &rows[..rows.len().min(self.top)];
        pretty(&ReportJson { source: &self.profile.source, total: &self.profile.total, rows: shown })
    }
}

impl Difference {
    /// All changes with what decides about them.
    pub fn json(&self, threshold: Option<&Threshold>) -> String {
        let limits = threshold.copied().unwrap_or_default();
        let found = threshold.map(|threshold| self.regressions(threshold)).unwrap_or_default();
        let is_regression = |change: &Change| found.iter().any(|found| std::ptr::eq(*found, change));
        let changes = self.changes.iter().map(|change| ChangeJson {
            change,
            growth_percent: growth(&change.before, &change.after, limits.per_count),
            is_regression: is_regression(change),
        });
        pretty(&DifferenceJson {
            before: &self.before,
            after: &self.after,
            growth_percent: growth(&self.before, &self.after, limits.per_count),
            is_regressed: threshold.is_some_and(|limit| self.is_total_regressed(limit)) || !found.is_empty(),
            changes: changes.collect(),
        })
    }
}

fn pretty(value: &impl Serialize) -> String {
    // Strings, finite numbers and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
