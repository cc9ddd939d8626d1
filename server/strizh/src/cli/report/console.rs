//! For people: place, severity, rule, message, and the line with the place marked.

use std::fmt::Write;

use base::{Locale, Severity};
use lints::{Finding, RuleId};

use crate::cli::report::{File, Report, Summary};

const TAB: &str = "    ";
/// Letters of a source line that are shown; longer lines are cut around the place.
const MAX_WIDTH: usize = 120;
const LEAD: usize = 40;

pub(crate) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let mut text = String::new();
    for finding in &file.findings {
        // Writing to a string never fails.
        let _ = one(report, file, finding, &mut text);
    }
    text
}

fn one(report: &Report<'_>, file: &File<'_>, finding: &Finding, text: &mut String) -> std::fmt::Result {
    let start = file.lines.place(finding.range.start);
    let end = file.lines.place(finding.range.end);
    let severity = report.rules.severity(finding.rule);
    let paint = |code: &str, part: &str| match report.uses_color {
        true => format!("\x1b[{code}m{part}\x1b[0m"),
        false => part.to_owned(),
    };
    let color = color(severity);
    let place = format!("{}:{}:{}", file.path.display(), start.line + 1, start.column + 1);
    let (name, key) = (severity.name().to_lowercase(), finding.rule.info().key);
    let message = finding.message(report.locale());
    writeln!(text, "{}: {} {}: {message}", paint("1", &place), paint(color, &name), paint("1", key))?;
    let line = file.lines.line(start.line);
    let is_one_line = start.line == end.line;
    let marked = if is_one_line { end.column.saturating_sub(start.column) as usize } else { usize::MAX };
    let (source, mark_at, mark_length) = excerpt(line, start.column as usize, marked);
    let number = (start.line + 1).to_string();
    let margin = " ".repeat(number.len());
    let bar = paint("34", "|");
    writeln!(text, "{margin} {bar}")?;
    writeln!(text, "{} {bar} {source}", paint("34", &number))?;
    let mark = paint(color, &"^".repeat(mark_length.max(1)));
    writeln!(text, "{margin} {bar} {}{mark}\n", " ".repeat(mark_at))
}

/// The line with tabs as spaces, cut if it is long, and where the mark goes.
fn excerpt(line: &str, start: usize, length: usize) -> (String, usize, usize) {
    let mut cells: Vec<char> = Vec::new();
    let (mut mark_start, mut mark_end) = (None, None);
    let mut column = 0;
    for letter in line.chars() {
        if column >= start {
            mark_start.get_or_insert(cells.len());
        }
        if column >= start.saturating_add(length) {
            mark_end.get_or_insert(cells.len());
        }
        match letter {
            '\t' => cells.extend(TAB.chars()),
            letter if letter.is_control() => cells.push(' '),
            letter => cells.push(letter),
        }
        column += letter.len_utf16();
    }
    let mark_start = mark_start.unwrap_or(cells.len());
    let mark_end = mark_end.unwrap_or(cells.len()).max(mark_start);
    if cells.len() <= MAX_WIDTH {
        return (cells.iter().collect(), mark_start, mark_end - mark_start);
    }
    let first = if mark_start + LEAD < MAX_WIDTH { 0 } else { mark_start - LEAD };
    let last = cells.len().min(first + MAX_WIDTH);
    let lead = if first > 0 { "…" } else { "" };
    let tail = if last < cells.len() { "…" } else { "" };
    let shown: String = cells[first..last].iter().collect();
    let mark_at = mark_start - first + lead.chars().count();
    (format!("{lead}{shown}{tail}"), mark_at, mark_end.min(last).saturating_sub(mark_start))
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Information => "1;36",
        Severity::Hint => "2",
    }
}

/// Counts of rules, if there are several, and one line of totals.
pub(crate) fn end(report: &Report<'_>, summary: &Summary) -> String {
    let rules = summary.by_rule();
    let mut text = if rules.len() > 1 { rule_table(report, &rules) } else { String::new() };
    text += &totals(report.locale(), summary);
    for (count, ru, en) in [
        (summary.fixable(), "Исправимо автоматически", "Fixable"),
        (summary.known, "Известно раньше", "Known before"),
        (summary.unreadable, "Не прочитано", "Unreadable"),
    ] {
        if count > 0 {
            let name = if report.locale() == Locale::Ru { ru } else { en };
            text += &format!(" {name}: {count}.");
        }
    }
    text + "\n"
}

fn totals(locale: Locale, summary: &Summary) -> String {
    let (modules, total) = (summary.modules, summary.total());
    let [hints, infos, warnings, errors] = Severity::ALL.map(|severity| summary.count(severity));
    match locale {
        Locale::Ru if total == 0 => format!("Модулей проверено: {modules}. Замечаний нет."),
        Locale::Ru => format!(
            "Модулей проверено: {modules}. Замечаний: {total} (ошибки: {errors}, предупреждения: {warnings}, \
             сведения: {infos}, подсказки: {hints})."
        ),
        Locale::En if total == 0 => format!("Checked {modules} modules. No findings."),
        Locale::En => format!(
            "Checked {modules} modules. Findings: {total} (errors: {errors}, warnings: {warnings}, \
             information: {infos}, hints: {hints})."
        ),
    }
}

fn rule_table(report: &Report<'_>, rules: &[(RuleId, usize)]) -> String {
    let width = rules.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or(0);
    let key_width = rules.iter().map(|(rule, _)| rule.info().key.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (rule, count) in rules {
        let (key, title) = (rule.info().key, rule.info().title(report.locale()));
        let _ = writeln!(text, "{count:>width$}  {key:key_width$}  {title}");
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_long_lines_keep_the_mark_in_place() {
        assert_eq!(excerpt("\tА = 1;", 1, 1), ("    А = 1;".to_owned(), 4, 1));
        assert_eq!(excerpt("А", 1, 0), ("А".to_owned(), 1, 0));
        let (source, at, length) = excerpt(&"я".repeat(300), 200, 5);
        assert_eq!((source.chars().count(), at, length), (MAX_WIDTH + 2, LEAD + 1, 5));
    }
}
