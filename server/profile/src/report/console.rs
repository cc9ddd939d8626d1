//! A table for terminals.

use std::fmt::Write;

use base::Locale;

use super::rows::{Row, Staleness};
use super::{Grouping, Report, choose, count_text, rows, share_text, time_text};
use crate::model::{CountMeaning, QueryRepeat};

const COLUMNS: usize = 6;

impl Report<'_> {
    /// The table with a line of totals before it.
    pub fn console(&self) -> String {
        let mut output = self.totals();
        let all = rows(self.profile, self.grouping, self.resolution);
        let shown = &all[..all.len().min(self.top)];
        let cells: Vec<[String; COLUMNS]> = shown.iter().map(|row| self.cells(row)).collect();
        let heads = self.heads();
        let mut widths = heads.map(|head| head.chars().count());
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        if !shown.is_empty() {
            output.push('\n');
            push_cells(&mut output, &heads.map(str::to_owned), &widths);
            output.push_str(choose(self.locale, "Место\n", "Place\n"));
        }
        let indent = " ".repeat(widths.iter().map(|width| width + 2).sum());
        for (row, cells) in shown.iter().zip(&cells) {
            push_cells(&mut output, cells, &widths);
            output.push_str(&self.place(row));
            output.push('\n');
            for remark in self.remarks(row) {
                let _ = writeln!(output, "{indent}{remark}");
            }
        }
        if shown.len() < all.len() {
            let (rest, locale) = (count_text((all.len() - shown.len()) as u64, self.locale), self.locale);
            let _ = match locale {
                Locale::Ru => writeln!(output, "… и ещё {rest}; --top показывает больше"),
                Locale::En => writeln!(output, "… and {rest} more; --top shows them"),
            };
        }
        output
    }

    fn heads(&self) -> [&'static str; COLUMNS] {
        let is_events = self.profile.source.counts == CountMeaning::Events;
        match (self.locale, is_events) {
            (Locale::Ru, true) => ["Своё", "%", "Всего", "Событий", "Запросы", "Ожидания"],
            (Locale::Ru, false) => ["Своё", "%", "Всего", "Раз", "Запросы", "Ожидания"],
            (Locale::En, true) => ["Own", "%", "Total", "Events", "Queries", "Waits"],
            (Locale::En, false) => ["Own", "%", "Total", "Count", "Queries", "Waits"],
        }
    }

    fn cells(&self, row: &Row) -> [String; COLUMNS] {
        let (measure, locale) = (&row.measure, self.locale);
        let time = |ns: u64| if ns == 0 { "-".to_owned() } else { time_text(ns, locale) };
        [
            time(measure.own_ns),
            share_text(row.share, locale).trim_end_matches(" %").to_owned(),
            time(measure.total_ns),
            count_text(measure.count, locale),
            time(measure.sql_ns),
            time(measure.lock_ns),
        ]
    }

    fn totals(&self) -> String {
        let (total, locale) = (&self.profile.total, self.locale);
        let mut parts =
            vec![format!("{} {}", choose(locale, "Всего", "Total"), time_text(total.own_ns, locale))];
        let mut add = |name: &str, ns: u64, count: u64| {
            if ns > 0 || count > 0 {
                let share = share_text(self.profile.share(ns), locale);
                let (time, count) = (time_text(ns, locale), count_text(count, locale));
                parts.push(format!("{name} {time} ({share}, {count})"));
            }
        };
        add(choose(locale, "запросы", "queries"), total.sql_ns, total.sql_count);
        add(choose(locale, "ожидание блокировок", "lock waits"), total.lock_ns, total.lock_waits);
        for (name, count) in [
            (choose(locale, "таймауты", "timeouts"), total.timeouts),
            (choose(locale, "взаимоблокировки", "deadlocks"), total.deadlocks),
            (choose(locale, "исключения", "exceptions"), total.errors),
        ] {
            if count > 0 {
                parts.push(format!("{name} {}", count_text(count, locale)));
            }
        }
        if self.profile.outside.own_ns > 0 {
            let outside = time_text(self.profile.outside.own_ns, locale);
            parts.push(format!("{} {outside}", choose(locale, "вне кода", "outside of code")));
        }
        let mut text = parts.join(", ");
        if let Some(period) = &self.profile.source.period {
            let _ = write!(text, "\n{} … {}", period.from, period.to);
        }
        text.push('\n');
        text
    }

    fn place(&self, row: &Row) -> String {
        let mut text = row.module.to_string();
        if row.line > 0 {
            let _ = write!(text, ":{}", row.line);
        }
        if !row.method.is_empty() {
            let _ = write!(text, " {}", row.method);
        } else if row.line == 0 && self.grouping != Grouping::Module {
            let _ = write!(text, " {}", choose(self.locale, "(без строки)", "(no line)"));
        }
        text
    }

    fn remarks(&self, row: &Row) -> Vec<String> {
        let mut remarks = Vec::new();
        if !row.text.is_empty() {
            remarks.push(row.text.to_string());
        }
        match row.staleness {
            Some(Staleness::Moved) => remarks.push(
                choose(self.locale, "строка переместилась после замера", "the line has moved since")
                    .to_owned(),
            ),
            Some(Staleness::Changed) => remarks.push(
                choose(
                    self.locale,
                    "строки больше нет: текст изменился после замера",
                    "the line is gone: the text has changed since",
                )
                .to_owned(),
            ),
            None => {}
        }
        remarks.extend(row.repeat.as_ref().map(|repeat| repeat_text(repeat, self.locale)));
        remarks
    }
}

fn push_cells(output: &mut String, cells: &[String; COLUMNS], widths: &[usize; COLUMNS]) {
    for (cell, width) in cells.iter().zip(widths) {
        let _ = write!(output, "{cell:>width$}  ");
    }
}

/// A statement in a loop, with its numbers and its text.
pub(super) fn repeat_text(repeat: &QueryRepeat, locale: Locale) -> String {
    let count = |number: u64| count_text(number, locale);
    let time = time_text(repeat.time_ns, locale);
    let (most, calls) = (count(repeat.most_in_call), count(repeat.calls));
    match locale {
        Locale::Ru => format!(
            "запрос в цикле: {} одинаковых, {time}, вызовов сервера: {calls}, в одном до {most}: {}",
            count(repeat.statements),
            repeat.text
        ),
        Locale::En => format!(
            "query in a loop: {} equal ones, {time}, in {calls} server calls, up to {most} in one: {}",
            count(repeat.statements),
            repeat.text
        ),
    }
}
