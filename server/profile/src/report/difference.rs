//! A comparison for terminals.

use std::fmt::Write;

use base::Locale;

use super::{choose, percent_text, time_text};
use crate::difference::{Change, Difference, Threshold, growth};
use crate::measure::Measure;

impl Difference {
    /// The largest changes and, with a threshold, what is too much.
    pub fn console(&self, threshold: Option<&Threshold>, top: usize, locale: Locale) -> String {
        let limits = threshold.copied().unwrap_or_default();
        let mut output = format!(
            "{}: {}\n",
            choose(locale, "Всего", "Total"),
            change_text(&self.before, &self.after, &limits, locale)
        );
        let changed = self.changes.iter().filter(|change| change.before.own_ns != change.after.own_ns);
        let failed = threshold.map(|threshold| self.regressions(threshold)).unwrap_or_default();
        for change in changed.take(top) {
            let mark = if failed.iter().any(|failed| std::ptr::eq(*failed, change)) { "! " } else { "  " };
            let text = change_text(&change.before, &change.after, &limits, locale);
            let _ = writeln!(output, "{mark}{text}  {}", place(change));
            if !change.text.is_empty() {
                let _ = writeln!(output, "      {}", change.text);
            }
        }
        if let Some(threshold) = threshold {
            output.push_str(&verdict(self.is_total_regressed(threshold), failed.len(), threshold, locale));
        }
        output
    }
}

pub(super) fn verdict(is_total: bool, places: usize, threshold: &Threshold, locale: Locale) -> String {
    let percent = percent_text(threshold.percent, locale);
    let total = match (is_total, locale) {
        (true, Locale::Ru) => ", общее время тоже",
        (true, Locale::En) => ", and so did everything together",
        (false, _) => "",
    };
    match (locale, is_total || places > 0) {
        (Locale::Ru, true) => format!("Замедление больше {percent}: мест {places}{total}\n"),
        (Locale::En, true) => format!("Slower by more than {percent}: {places} places{total}\n"),
        (Locale::Ru, false) => format!("Замедления больше {percent} нет\n"),
        (Locale::En, false) => format!("Nothing is slower by more than {percent}\n"),
    }
}

fn change_text(before: &Measure, after: &Measure, limits: &Threshold, locale: Locale) -> String {
    let time = |measure: &Measure| {
        let count = if limits.per_count { measure.count.max(1) } else { 1 };
        time_text(measure.own_ns / count, locale)
    };
    let change = match growth(before, after, limits.per_count) {
        Some(growth) if growth >= 0.0 => format!("+{}", percent_text(growth, locale)),
        Some(growth) => percent_text(growth, locale),
        None if after.own_ns == 0 => percent_text(0.0, locale),
        None => choose(locale, "новое", "new").to_owned(),
    };
    format!("{} → {} ({change})", time(before), time(after))
}

fn place(change: &Change) -> String {
    let mut text = change.module.to_string();
    if change.line > 0 {
        let _ = write!(text, ":{}", change.line);
    }
    if !change.method.is_empty() {
        let _ = write!(text, " {}", change.method);
    }
    text
}
