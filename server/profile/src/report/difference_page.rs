//! A comparison as a page: a table of methods and lines that shows what became worse and what better.

use base::Locale;
use serde::Serialize;

use super::choose;
use super::difference::verdict;
use super::page::{MAX_ROWS, fill_page};
use crate::difference::{Change, Difference, Threshold};
use crate::measure::Measure;

const PAGE: &str = include_str!("page/difference.html");
const SCRIPT: &str = include_str!("page/difference.js");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageData<'a> {
    language: &'static str,
    before: &'a Measure,
    after: &'a Measure,
    is_per_count: bool,
    limit: Option<f64>,
    is_regressed: bool,
    verdict: String,
    methods: Vec<PageRow<'a>>,
    lines: Vec<PageRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageRow<'a> {
    #[serde(flatten)]
    change: &'a Change,
    is_regression: bool,
}

impl Difference {
    /// The whole page. `lines`: the same two measurements compared by lines; `threshold` judges methods, as everywhere.
    pub fn page(
        &self,
        lines: &Difference,
        threshold: Option<&Threshold>,
        is_per_count: bool,
        locale: Locale,
    ) -> String {
        let failed = threshold.map_or(0, |threshold| self.regressions(threshold).len());
        let is_total = threshold.is_some_and(|threshold| self.is_total_regressed(threshold));
        let data = PageData {
            language: choose(locale, "ru", "en"),
            before: &self.before,
            after: &self.after,
            is_per_count,
            limit: threshold.map(|threshold| threshold.percent),
            is_regressed: is_total || failed > 0,
            verdict: threshold
                .map(|threshold| verdict(is_total, failed, threshold, locale))
                .unwrap_or_default(),
            methods: rows(self, threshold),
            lines: rows(lines, threshold),
        };
        let title = choose(locale, "Сравнение замеров", "Two profiles compared");
        fill_page(PAGE, SCRIPT, title, &data, locale)
    }
}

/// What has changed, the largest change first.
fn rows<'a>(difference: &'a Difference, threshold: Option<&Threshold>) -> Vec<PageRow<'a>> {
    let failed = threshold.map(|threshold| difference.regressions(threshold)).unwrap_or_default();
    let changed = difference.changes.iter().filter(|change| change.before != change.after).take(MAX_ROWS);
    changed
        .map(|change| PageRow {
            change,
            is_regression: failed.iter().any(|failed| std::ptr::eq(*failed, change)),
        })
        .collect()
}
