//! Slow code that a measurement has found to be slow.

use base::{CancelToken, Locale, TextRange};
use profile::Measure;
use rustc_hash::FxHashSet;

use crate::hot::causes::{Cause, CauseKind, LoopPlace, slow_code_in};
use crate::hot::estimate::Estimate;
use crate::hot::lines::{HotLines, HotOptions, line_range};
use crate::hot::numbers::{count, exact_percent, time, times_word};
use crate::meaning::ProjectDocument;

/// A line that costs much with the reason for it, or a loop around such a line.
#[derive(Clone, Debug, PartialEq)]
pub struct HotFinding {
    /// `None`: a loop, which is no reason by itself, or a statement that a log has seen again and again.
    pub cause: Option<CauseKind>,
    /// In the document.
    pub range: TextRange,
    /// The line that was measured, counted from zero.
    pub line: u32,
    pub message: String,
    pub estimate: Option<Estimate>,
    /// What speaks for the finding.
    pub measure: Measure,
}

/// Executions from which on something is repeated.
const MANY: u64 = 10;

/// Findings in the order of the text. Only methods with measured lines are looked at.
pub fn hot_findings(
    document: ProjectDocument<'_>,
    lines: &HotLines<'_>,
    options: &HotOptions,
    locale: Locale,
    token: &CancelToken,
) -> Vec<HotFinding> {
    if lines.is_empty() {
        return Vec::new();
    }
    let teller = Teller { document, lines, options, locale };
    let mut findings = Vec::new();
    let mut told = FxHashSet::default();
    let mut loops = FxHashSet::default();
    let causes = slow_code_in(document, &teller.hot_methods(), token);
    if token.is_cancelled() {
        return Vec::new();
    }
    for cause in strongest(&causes) {
        let Some(finding) = teller.finding(cause) else { continue };
        if let Some(place) = cause.around.filter(|place| loops.insert(place.line)) {
            findings.extend(teller.loop_finding(place));
        }
        told.insert(finding.line);
        findings.push(finding);
    }
    findings.extend(teller.repeats().filter(|finding| !told.contains(&finding.line)));
    findings.sort_by_key(|finding| (finding.range.start, finding.cause));
    findings.dedup();
    findings
}

/// Guesses are left out where something certain is known about the same line.
fn strongest(causes: &[Cause]) -> impl Iterator<Item = &Cause> {
    let certain = causes.iter().filter(|it| !it.is_guess).flat_map(|it| it.lines.iter().copied());
    let certain: FxHashSet<u32> = certain.collect();
    causes.iter().filter(move |cause| !cause.is_guess || !cause.lines.iter().any(|it| certain.contains(it)))
}

struct Teller<'t> {
    document: ProjectDocument<'t>,
    lines: &'t HotLines<'t>,
    options: &'t HotOptions,
    locale: Locale,
}

impl Teller<'_> {
    /// Ranges of methods with lines that cost something; of code outside methods, the lines themselves.
    fn hot_methods(&self) -> Vec<TextRange> {
        let module = self.document.project.module(self.document.module);
        let mut ranges: Vec<TextRange> = Vec::new();
        for hot in self.lines.lines() {
            let range = line_range(self.document.document, hot.line);
            if ranges.last().is_some_and(|last| last.contains(range)) {
                continue;
            }
            let method = module.and_then(|module| module.facts.method_at(range.start));
            ranges.push(method.map_or(range, |method| method.range()));
        }
        ranges
    }

    fn finding(&self, cause: &Cause) -> Option<HotFinding> {
        let measure = self.lines.sum(cause.lines.iter().copied());
        let cost = cost_of(cause.kind, &measure);
        let percent = self.lines.percent(cost);
        let is_dear = percent >= self.options.cause_percent || cost >= self.options.cause_ns;
        let is_waiting = waits(cause.kind) && (measure.lock_waits > 0 || is_dear);
        let is_repeated = !needs_many(cause.kind) || measure.count >= MANY;
        if cost == 0 || !((is_dear && is_repeated) || is_waiting) {
            return None;
        }
        let line = self.dearest(cause)?;
        let estimate = self.estimate(cause, line, cost, measure.count);
        let mut message = self.numbers(&cause.title(self.locale), line, measure.count, cost, percent);
        if let Some(estimate) = &estimate {
            message = format!("{message} {}.", estimate.text(self.locale));
        }
        message = format!("{message} {}", self.advice(cause.kind));
        Some(HotFinding { cause: Some(cause.kind), range: cause.range, line, message, estimate, measure })
    }

    fn advice(&self, kind: CauseKind) -> String {
        let advice = kind.advice(self.locale);
        let head = match self.locale {
            Locale::Ru => "Что сделать",
            Locale::En => "What to do",
        };
        format!("{head}: {advice}.")
    }

    /// `Запрос в цикле: строка 18 выполнена 10 000 раз, 2,25 с (90,0 %).`
    fn numbers(&self, title: &str, line: u32, executions: u64, cost: u64, percent: f64) -> String {
        let (line, locale) = (line + 1, self.locale);
        let (n, t) = (count(executions, locale), time(cost, locale));
        let share = exact_percent(percent, locale);
        match (locale, self.lines.counts_executions()) {
            (Locale::Ru, true) => {
                format!("{title}: строка {line} выполнена {n} {}, {t} ({share}).", times_word(executions))
            }
            (Locale::Ru, false) => format!("{title}: строка {line}, событий журнала: {n}, {t} ({share})."),
            (Locale::En, true) => format!("{title}: line {line} executed {n} times, {t} ({share})."),
            (Locale::En, false) => format!("{title}: line {line}, events of the log: {n}, {t} ({share})."),
        }
    }

    /// The line among those of a cause that costs most.
    fn dearest(&self, cause: &Cause) -> Option<u32> {
        let known = cause.lines.iter().filter_map(|line| self.lines.at(*line));
        let cost = |measure: &Measure| cost_of(cause.kind, measure);
        known.max_by_key(|hot| (cost(&hot.profile.measure), std::cmp::Reverse(hot.line))).map(|hot| hot.line)
    }

    /// An estimate is about the method with the line.
    fn estimate(&self, cause: &Cause, line: u32, cost: u64, executions: u64) -> Option<Estimate> {
        let module = self.document.project.module(self.document.module)?;
        let offset = line_range(self.document.document, line).start;
        let method = module.facts.method_at(offset);
        let rope = self.document.document.rope();
        let before = match method {
            Some(method) => {
                let range = method.range();
                let first = rope.byte_to_line(range.start as usize) as u32;
                let last = rope.byte_to_line((range.end as usize).min(rope.len_bytes())) as u32;
                self.lines.sum(first..=last).total_ns
            }
            None => self.lines.everything_ns(),
        };
        Estimate::of(cause.kind, before.max(cost), cost, executions)
    }

    /// How often a loop goes round.
    fn loop_finding(&self, place: LoopPlace) -> Option<HotFinding> {
        let rounds = self.lines.at(place.body_line)?.profile.measure.count;
        let measure = self.lines.sum(place.line..=place.last_line);
        let percent = self.lines.percent(measure.own_ns);
        let (n, t) = (count(rounds, self.locale), time(measure.own_ns, self.locale));
        let (line, share) = (place.line + 1, exact_percent(percent, self.locale));
        if rounds < MANY || !self.lines.counts_executions() {
            return None;
        }
        let message = match self.locale {
            Locale::Ru => format!("Цикл: проходов {n} (строка {line}), {t} ({share})."),
            Locale::En => format!("Loop over {n} items (line {line}), {t} ({share})."),
        };
        let range = line_range(self.document.document, place.line);
        Some(HotFinding { cause: None, range, line: place.line, message, estimate: None, measure })
    }

    /// Statements that a log has seen again and again from one line.
    fn repeats(&self) -> impl Iterator<Item = HotFinding> {
        self.lines.lines().iter().filter_map(|hot| {
            let repeat = hot.profile.repeat.as_ref()?;
            let measure = hot.profile.measure;
            let percent = self.lines.percent(repeat.time_ns);
            let is_dear =
                percent >= self.options.cause_percent || repeat.time_ns >= self.options.cause_ns;
            let (n, most) = (count(repeat.statements, self.locale), count(repeat.most_in_call, self.locale));
            let (t, share) = (time(repeat.time_ns, self.locale), exact_percent(percent, self.locale));
            let line = hot.line + 1;
            let message = match self.locale {
                Locale::Ru => format!(
                    "Один и тот же запрос к базе: строка {line}, повторений {n}, до {most} за один вызов сервера, {t} ({share})."
                ),
                Locale::En => format!(
                    "The same statement of the database: line {line}, {n} times, up to {most} within one server call, {t} ({share})."
                ),
            };
            let range = line_range(self.document.document, hot.line);
            is_dear.then_some(HotFinding { cause: None, range, line: hot.line, message, estimate: None, measure })
        })
    }
}

/// What a cause is to blame for: what the line itself does, or what it calls as well.
fn cost_of(kind: CauseKind, measure: &Measure) -> u64 {
    let calls = matches!(
        kind,
        CauseKind::QueryBehindCall
            | CauseKind::ServerCallInLoop
            | CauseKind::FormContextWithoutNeed
            | CauseKind::RepeatedCall
            | CauseKind::WriteInLoop
    );
    if calls { measure.total_ns.max(measure.own_ns) } else { measure.own_ns }
}

fn waits(kind: CauseKind) -> bool {
    matches!(kind, CauseKind::RemoteWorkInTransaction | CauseKind::ReadBeforeLock)
}

/// In loops, one execution is no reason to complain.
fn needs_many(kind: CauseKind) -> bool {
    use CauseKind as K;
    matches!(
        kind,
        K::QueryInLoop
            | K::QueryBehindCall
            | K::ReferenceFieldInLoop
            | K::ObjectOnlyRead
            | K::SearchByValueInLoop
            | K::LinearSearchInLoop
            | K::GrowingText
            | K::NestedLoopJoin
            | K::ServerCallInLoop
            | K::ReferenceSearch
            | K::WriteInLoop
            | K::InvariantInLoop
            | K::RepeatedCall
            | K::TryInLoop
            | K::TypeTestsInLoop
    )
}
