//! Numbers beside and above hot lines, and all of them under the pointer.

use base::{CancelToken, Locale, TextRange};
use profile::{Freshness, Measure};

use crate::hot::causes::CauseKind;
use crate::hot::findings::{HotFinding, hot_findings};
use crate::hot::lines::{HotLine, HotLines, HotOptions, line_range};
use crate::hot::numbers::{count, exact_percent, percent, time};
use crate::hover::{Hover, Page};
use crate::meaning::ProjectDocument;

/// `2,4 с · 38 % · 10 000 ×` behind a line.
#[derive(Clone, Debug, PartialEq)]
pub struct HotHint {
    /// The end of the line.
    pub offset: u32,
    pub line: u32,
    pub label: String,
    /// What the numbers mean.
    pub tooltip: String,
}

/// A line of text above a method or a hot line.
#[derive(Clone, Debug, PartialEq)]
pub struct HotLens {
    pub range: TextRange,
    pub title: String,
}

/// Hints of the lines of a range.
pub fn hot_hints(
    document: ProjectDocument<'_>,
    lines: &HotLines<'_>,
    range: TextRange,
    options: &HotOptions,
    locale: Locale,
) -> Vec<HotHint> {
    let rope = document.document.rope();
    let line_of = |offset: u32| rope.byte_to_line((offset as usize).min(rope.len_bytes())) as u32;
    let (first, last) = (line_of(range.start), line_of(range.end));
    let inside = lines.lines().iter().filter(|hot| (first..=last).contains(&hot.line));
    let hints = inside.filter_map(|hot| {
        let label = label(lines, &hot.profile.measure, options, locale)?;
        let offset = line_range(document.document, hot.line).end;
        Some(HotHint { offset, line: hot.line, label, tooltip: meaning(hot.freshness, locale).to_owned() })
    });
    hints.collect()
}

/// The numbers of a line that costs enough. Where most of it is spent in calls, the time with them is told.
fn label(lines: &HotLines<'_>, measure: &Measure, options: &HotOptions, locale: Locale) -> Option<String> {
    let (own, total) = (measure.own_ns, measure.total_ns.max(measure.own_ns));
    let is_calling = own < total / 2;
    let shown = if is_calling { total } else { own };
    let part = lines.percent(shown);
    if shown == 0 || part < options.min_percent {
        return None;
    }
    let n = count(measure.count, locale);
    let numbers = format!("{} · {} · {n}\u{a0}×", time(shown, locale), percent(part.min(100.0), locale));
    Some(match (is_calling, locale) {
        (false, _) => numbers,
        (true, Locale::Ru) => format!("с вызовами {numbers}"),
        (true, Locale::En) => format!("with calls {numbers}"),
    })
}

fn meaning(freshness: Freshness, locale: Locale) -> &'static str {
    match (freshness, locale) {
        (Freshness::Moved, Locale::Ru) => {
            "Время · часть замера · выполнений. Строка переместилась после замера."
        }
        (Freshness::Moved, Locale::En) => {
            "Time · part of the measurement · executions. The line has moved since."
        }
        (Freshness::Unverified, Locale::Ru) => {
            "Время · часть замера · выполнений. Текст строки при замере неизвестен: она могла измениться."
        }
        (Freshness::Unverified, Locale::En) => {
            "Time · part of the measurement · executions. The measured text is not known: the line may have changed."
        }
        (_, Locale::Ru) => "Время · часть замера · выполнений.",
        (_, Locale::En) => "Time · part of the measurement · executions.",
    }
}

/// Lenses above methods that cost enough and above lines with a known cause.
pub fn hot_lenses(
    document: ProjectDocument<'_>,
    lines: &HotLines<'_>,
    options: &HotOptions,
    locale: Locale,
    token: &CancelToken,
) -> Vec<HotLens> {
    let mut lenses = method_lenses(document, lines, options, locale);
    for finding in hot_findings(document, lines, options, locale, token) {
        let Some(title) = lens_title(&finding, lines, options, locale) else { continue };
        lenses.push(HotLens { range: line_range(document.document, finding.line), title });
    }
    lenses.sort_by(|left, right| (left.range.start, &left.title).cmp(&(right.range.start, &right.title)));
    lenses.dedup();
    lenses
}

fn lens_title(
    finding: &HotFinding,
    lines: &HotLines<'_>,
    options: &HotOptions,
    locale: Locale,
) -> Option<String> {
    let kind: CauseKind = finding.cause?;
    let hot = lines.at(finding.line)?;
    let numbers = label(lines, &hot.profile.measure, options, locale)?;
    Some(format!("{}: {numbers}", kind.title(locale)))
}

fn method_lenses(
    document: ProjectDocument<'_>,
    lines: &HotLines<'_>,
    options: &HotOptions,
    locale: Locale,
) -> Vec<HotLens> {
    let Some(module) = document.project.module(document.module) else { return Vec::new() };
    let rope = document.document.rope();
    let mut lenses = Vec::new();
    for (_, method) in module.methods() {
        let range = method.range();
        let last = rope.byte_to_line((range.end as usize).min(rope.len_bytes())) as u32;
        let first = rope.byte_to_line((range.start as usize).min(rope.len_bytes())) as u32;
        let mut measure = lines.sum(first..=last);
        let inside = lines.lines().iter().filter(|hot| (first..=last).contains(&hot.line));
        // The first statement runs once per call, unless it is a loop; the header may be counted too.
        measure.count = inside.map(|hot| hot.profile.measure.count).next().unwrap_or_default();
        let Some(numbers) = label(lines, &measure, options, locale) else { continue };
        lenses.push(HotLens { range: method.place().range(), title: numbers });
    }
    lenses
}

/// All numbers of the line of an offset, and why it is slow.
pub fn hot_hover(
    document: ProjectDocument<'_>,
    offset: u32,
    lines: &HotLines<'_>,
    options: &HotOptions,
    locale: Locale,
    token: &CancelToken,
) -> Option<Hover> {
    let rope = document.document.rope();
    let line = rope.byte_to_line((offset as usize).min(rope.len_bytes())) as u32;
    let hot = lines.at(line)?;
    let mut page = Page::default();
    page.paragraph(&table(lines, hot, locale));
    page.paragraph(match hot.freshness {
        Freshness::Same | Freshness::Changed => "",
        other => meaning(other, locale),
    });
    let findings = hot_findings(document, lines, options, locale, token);
    let here = findings.iter().filter(|finding| finding.line == line);
    let entries: Vec<String> = here.map(|finding| format!("- {}", finding.message)).collect();
    page.list(if locale == Locale::Ru { "Причины" } else { "Causes" }, &entries);
    Some(Hover { range: line_range(document.document, line), markdown: page.finish() })
}

/// One row per number that is known.
fn table(lines: &HotLines<'_>, hot: &HotLine<'_>, locale: Locale) -> String {
    let measure = &hot.profile.measure;
    let total = measure.total_ns.max(measure.own_ns);
    let is_russian = locale == Locale::Ru;
    let say = |russian: &'static str, english: &'static str| if is_russian { russian } else { english };
    let share = |ns: u64| exact_percent(lines.percent(ns).min(100.0), locale);
    let mut rows = vec![
        (
            say("Своё время", "Own time"),
            format!("{} ({})", time(measure.own_ns, locale), share(measure.own_ns)),
        ),
        (say("С вызовами", "With calls"), format!("{} ({})", time(total, locale), share(total))),
    ];
    let counted = if lines.counts_executions() {
        say("Выполнений", "Executions")
    } else {
        say("Событий журнала", "Events of the log")
    };
    rows.push((counted, count(measure.count, locale)));
    if let Some(mean) = measure.own_ns.checked_div(measure.count) {
        rows.push((say("В среднем", "Mean"), time(mean, locale)));
    }
    if measure.sql_count > 0 || measure.sql_ns > 0 {
        let numbers =
            format!("{} · {}\u{a0}×", time(measure.sql_ns, locale), count(measure.sql_count, locale));
        rows.push((say("Запросы к базе", "Statements of the database"), numbers));
    }
    if measure.sql_rows > 0 {
        rows.push((say("Строк из базы", "Rows of the database"), count(measure.sql_rows, locale)));
    }
    if measure.lock_waits > 0 {
        let numbers =
            format!("{} · {}\u{a0}×", time(measure.lock_ns, locale), count(measure.lock_waits, locale));
        rows.push((say("Ожидание блокировок", "Lock waits"), numbers));
    }
    for (russian, english, number) in [
        ("Таймауты", "Timeouts", measure.timeouts),
        ("Взаимоблокировки", "Deadlocks", measure.deadlocks),
        ("Исключения", "Exceptions", measure.errors),
        ("Вызовы сервера", "Server calls", measure.server_calls),
    ] {
        if number > 0 {
            rows.push((say(russian, english), count(number, locale)));
        }
    }
    let head = format!("| {} | |\n|---|---:|", say("Замер строки", "Measured line"));
    rows.iter().fold(head, |text, (name, value)| format!("{text}\n| {name} | {value} |"))
}
