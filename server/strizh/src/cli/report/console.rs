//! For people: place, severity, rule, message, and the line with the place marked.

use std::fmt::Write;

use base::{Locale, Severity};
use lints::Finding;

use crate::cli::report::{File, Report, Summary};

const TAB: &str = "    ";
/// Letters of a source line that are shown; longer lines are cut around the place.
const MAX_WIDTH: usize = 120;
const LEAD: usize = 40;

pub(crate) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let mut text = String::new();
    for finding in file.findings {
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

pub(crate) fn end(report: &Report<'_>, summary: &Summary) -> String {
    let [hints, infos, warnings, errors] = summary.counts;
    let total = summary.at_least(Severity::Hint);
    let mut text = match report.locale() {
        Locale::Ru if total == 0 => format!("Модулей проверено: {}. Замечаний нет.", summary.modules),
        Locale::Ru => format!(
            "Модулей проверено: {}. Замечаний: {total} (ошибки: {errors}, предупреждения: {warnings}, \
             сведения: {infos}, подсказки: {hints}).",
            summary.modules
        ),
        Locale::En if total == 0 => format!("Checked {} modules. No findings.", summary.modules),
        Locale::En => format!(
            "Checked {} modules. Findings: {total} (errors: {errors}, warnings: {warnings}, \
             information: {infos}, hints: {hints}).",
            summary.modules
        ),
    };
    text += &match (report.locale(), summary.fixable, summary.unreadable) {
        (_, 0, 0) => String::new(),
        (Locale::Ru, 0, unreadable) => format!(" Не прочитано: {unreadable}."),
        (Locale::Ru, fixable, 0) => format!(" Исправимо автоматически: {fixable}."),
        (Locale::Ru, fixable, unreadable) => {
            format!(" Исправимо автоматически: {fixable}. Не прочитано: {unreadable}.")
        }
        (Locale::En, 0, unreadable) => format!(" Unreadable: {unreadable}."),
        (Locale::En, fixable, 0) => format!(" Fixable: {fixable}."),
        (Locale::En, fixable, unreadable) => format!(" Fixable: {fixable}. Unreadable: {unreadable}."),
    };
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
