//! Measured lines of a module at their places in today's text.

use base::TextRange;
use profile::{CountMeaning, Freshness, LineProfile, Measure, ModuleProfile, Profile, SourceLines};
use syntax::Document;

/// What is worth showing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HotOptions {
    /// Lines with a smaller part of everything get no hint, in percent.
    pub min_percent: f64,
    /// A cause is named from this part of everything on, in percent,
    pub cause_percent: f64,
    /// or from this time on.
    pub cause_ns: u64,
}

impl Default for HotOptions {
    fn default() -> Self {
        Self { min_percent: 1.0, cause_percent: 5.0, cause_ns: 100_000_000 }
    }
}

/// One measured line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HotLine<'a> {
    /// Of today's text, counted from zero.
    pub line: u32,
    pub profile: &'a LineProfile,
    pub freshness: Freshness,
}

/// The measured lines of a document.
pub struct HotLines<'a> {
    /// By line.
    lines: Vec<HotLine<'a>>,
    profile: &'a Profile,
    /// Lines whose text is no longer there.
    pub gone: usize,
}

impl<'a> HotLines<'a> {
    /// Finds the lines of a module in a document.
    pub fn new(document: &Document, profile: &'a Profile, module: &'a ModuleProfile) -> Self {
        let placed = module.place(&SourceLines::new(&document.text()));
        let count = document.rope().len_lines() as u32;
        let mut lines: Vec<HotLine<'a>> = placed
            .iter()
            .filter_map(|placed| {
                let line = placed.line?.checked_sub(1).filter(|line| *line < count)?;
                Some(HotLine { line, profile: placed.profile, freshness: placed.freshness })
            })
            .collect();
        let gone = placed.len() - lines.len();
        lines.sort_by_key(|line| line.line);
        Self { lines, profile, gone }
    }

    pub fn lines(&self) -> &[HotLine<'a>] {
        &self.lines
    }

    pub fn at(&self, line: u32) -> Option<&HotLine<'a>> {
        let index = self.lines.binary_search_by_key(&line, |known| known.line).ok()?;
        self.lines.get(index)
    }

    /// Counts of the source mean executions, not events of a log.
    pub fn counts_executions(&self) -> bool {
        self.profile.source.counts == CountMeaning::Executions
    }

    /// Part of everything that was measured, in percent.
    pub fn percent(&self, own_ns: u64) -> f64 {
        self.profile.share(own_ns) * 100.0
    }

    pub fn everything_ns(&self) -> u64 {
        self.profile.total.own_ns
    }

    /// Together; the count is the largest.
    pub(super) fn sum(&self, lines: impl Iterator<Item = u32>) -> Measure {
        let mut sum = Measure::default();
        let mut count = 0;
        for line in lines.filter_map(|line| self.at(line)) {
            count = count.max(line.profile.measure.count);
            sum.add(&with_total(&line.profile.measure));
        }
        sum.count = count;
        sum.total_ns = sum.total_ns.min(self.everything_ns().max(sum.own_ns));
        sum
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Some sources know the own time only.
pub(super) fn with_total(measure: &Measure) -> Measure {
    Measure { total_ns: measure.total_ns.max(measure.own_ns), ..*measure }
}

/// The text of a line without its indent and its end.
pub(super) fn line_range(document: &Document, line: u32) -> TextRange {
    let rope = document.rope();
    let Some(text) = rope.get_line(line as usize) else { return TextRange::empty(document.len()) };
    let start = rope.line_to_byte(line as usize);
    let text = text.to_string();
    let end = start + text.trim_end().len();
    let start = start + (text.len() - text.trim_start().len());
    TextRange::from(start.min(end)..end)
}
