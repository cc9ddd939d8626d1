//! Regions of a module, paired from the directives of its sections. A region without its end is none.

use base::TextRange;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::facts::place::Shift;

/// A closed region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionFact {
    /// As written; empty while it is not typed yet.
    pub name: SmolStr,
    /// From the start of one directive to the end of the other.
    pub range: TextRange,
    pub line: u32,
    pub end_line: u32,
    /// How many regions are around it.
    pub depth: u32,
}

/// `#Область Имя` or `#КонецОбласти`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RegionMark {
    /// `None` for an end.
    pub name: Option<SmolStr>,
    pub range: TextRange,
    pub line: u32,
}

/// Pairs each end with the nearest start that is still open.
pub(crate) fn paired<'a>(marks: impl Iterator<Item = (Shift, &'a RegionMark)>) -> Vec<RegionFact> {
    let mut all: Vec<(RegionFact, bool)> = Vec::new();
    let mut open = Vec::new();
    for (shift, mark) in marks {
        let range = shift.range(mark.range);
        let line = mark.line.saturating_add(shift.line);
        if let Some(name) = &mark.name {
            let depth = open.len() as u32;
            open.push(all.len());
            all.push((RegionFact { name: name.clone(), range, line, end_line: line, depth }, false));
        } else if let Some((region, is_closed)) = open.pop().and_then(|index| all.get_mut(index)) {
            region.range.end = range.end;
            region.end_line = line;
            *is_closed = true;
        }
    }
    all.into_iter().filter(|(_, is_closed)| *is_closed).map(|(region, _)| region).collect()
}
