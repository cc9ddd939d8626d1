//! Measured lines in today's text: a line that moved is followed by what it says and what stands around it; a line
//! that says something else is told, never guessed.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::line_digest::{LineAnchor, SourceLines};
use crate::model::{LineProfile, ModuleProfile};

/// How far from its expected place a line may be found that neither is unique nor has kept a neighbor.
const NEARBY_LINES: u64 = 20;

/// What became of a measured line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It says the same in the same place.
    Same,
    /// It says the same elsewhere.
    Moved,
    /// Its text was not recorded; the line with its number exists.
    Unverified,
    /// No line says this any more: its numbers belong to code that is gone.
    Changed,
}

/// A measured line with its place today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedLine<'a> {
    pub profile: &'a LineProfile,
    /// Counted from one; `None` if it is gone.
    pub line: Option<u32>,
    pub freshness: Freshness,
}

impl ModuleProfile {
    /// Finds all measured lines in a text, in the order in which they were measured.
    pub fn place(&self, today: &SourceLines) -> Vec<PlacedLine<'_>> {
        if self.digest.is_some_and(|digest| digest == today.digest()) {
            let same = |profile| PlacedLine { profile, line: Some(profile.line), freshness: Freshness::Same };
            return self.lines.iter().map(same).collect();
        }
        Placer::new(today).place(&self.lines)
    }

    /// Remembers the text that was measured as far as it agrees with what is known of it: how many lines do and how
    /// many do not.
    pub fn attach(&mut self, measured: &SourceLines) -> (usize, usize) {
        let places: Vec<_> = self.place(measured).iter().map(|placed| placed.freshness).collect();
        let (mut same, mut other) = (0, 0);
        for (profile, freshness) in self.lines.iter_mut().zip(places) {
            match freshness {
                Freshness::Same | Freshness::Unverified => {
                    profile.anchor = measured.anchor(profile.line);
                    same += 1;
                }
                Freshness::Moved | Freshness::Changed => other += 1,
            }
        }
        self.digest = (other == 0 && same > 0).then(|| measured.digest());
        (same, other)
    }
}

struct Placer<'a> {
    today: &'a SourceLines,
    places: FxHashMap<u64, Vec<u32>>,
    taken: FxHashSet<u32>,
    /// Where lines went for certain, by their old number.
    certain: Vec<(u32, u32)>,
}

impl<'a> Placer<'a> {
    fn new(today: &'a SourceLines) -> Self {
        let mut places: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (index, digest) in today.digests().iter().enumerate() {
            places.entry(*digest).or_default().push(index as u32 + 1);
        }
        Self { today, places, taken: FxHashSet::default(), certain: Vec::new() }
    }

    fn place<'p>(mut self, lines: &'p [LineProfile]) -> Vec<PlacedLine<'p>> {
        let mut found: Vec<Option<u32>> = lines.iter().map(|line| self.certain_place(line)).collect();
        for (line, found) in lines.iter().zip(&mut found) {
            if found.is_none() && !line.anchor.is_unknown() {
                *found = self.likely_place(line);
            }
        }
        lines.iter().zip(found).map(|(profile, found)| self.placed(profile, found)).collect()
    }

    fn placed<'p>(&self, profile: &'p LineProfile, found: Option<u32>) -> PlacedLine<'p> {
        let exists = (1..=self.today.len()).contains(&(profile.line as usize));
        let (line, freshness) = match found {
            Some(line) if line == profile.line => (found, Freshness::Same),
            Some(_) => (found, Freshness::Moved),
            None if profile.anchor.is_unknown() && exists => (Some(profile.line), Freshness::Unverified),
            None => (None, Freshness::Changed),
        };
        PlacedLine { profile, line, freshness }
    }

    fn candidates(&self, anchor: &LineAnchor) -> Vec<u32> {
        let places = self.places.get(&anchor.digest).map(Vec::as_slice).unwrap_or_default();
        places.iter().copied().filter(|line| !self.taken.contains(line)).collect()
    }

    fn neighbors(&self, line: u32, anchor: &LineAnchor) -> usize {
        let here = self.today.anchor(line);
        let is_kept = |then: u64, now: u64| then != 0 && then == now;
        usize::from(is_kept(anchor.before, here.before)) + usize::from(is_kept(anchor.after, here.after))
    }

    /// The only line that says this, or the only one with both neighbors.
    fn certain_place(&mut self, profile: &LineProfile) -> Option<u32> {
        if profile.anchor.is_unknown() {
            return None;
        }
        let candidates = self.candidates(&profile.anchor);
        let line = match candidates.as_slice() {
            [line] => *line,
            several => {
                let mut kept = several.iter().filter(|line| self.neighbors(**line, &profile.anchor) == 2);
                let first = kept.next()?;
                if kept.next().is_some() {
                    return None;
                }
                *first
            }
        };
        self.taken.insert(line);
        self.certain.push((profile.line, line));
        Some(line)
    }

    /// The best of several equal lines: with neighbors, else near the place that certain lines around it suggest.
    fn likely_place(&mut self, profile: &LineProfile) -> Option<u32> {
        let expected = self.expected(profile.line);
        let distance = |line: u32| i64::from(line).abs_diff(expected);
        let rank =
            |line: &u32| (std::cmp::Reverse(self.neighbors(*line, &profile.anchor)), distance(*line), *line);
        let best = self.candidates(&profile.anchor).into_iter().min_by_key(rank)?;
        let is_kept = self.neighbors(best, &profile.anchor) > 0 || distance(best) <= NEARBY_LINES;
        is_kept.then(|| self.taken.insert(best)).map(|_| best)
    }

    fn expected(&self, line: u32) -> i64 {
        let nearest = self.certain.iter().min_by_key(|(then, _)| then.abs_diff(line));
        i64::from(line) + nearest.map_or(0, |(then, now)| i64::from(*now) - i64::from(*then))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::line_digest::line_digest;

    /// Measures the lines that end with `//!` in `then` and finds them in `now`.
    #[track_caller]
    fn check(then: &str, now: &str, expected: Expect) {
        let lines = SourceLines::new(then);
        let measured = then.lines().enumerate().filter(|(_, line)| line.ends_with("//!"));
        let profile = |(index, text): (usize, &str)| LineProfile {
            line: index as u32 + 1,
            anchor: lines.anchor(index as u32 + 1),
            text: text.trim().into(),
            ..LineProfile::default()
        };
        let module = ModuleProfile { lines: measured.map(profile).collect(), ..ModuleProfile::default() };
        expected.assert_eq(&told(&module, now));
    }

    fn told(module: &ModuleProfile, now: &str) -> String {
        let placed = module.place(&SourceLines::new(now));
        let tell = |placed: &PlacedLine<'_>| {
            let line = placed.line.map_or_else(|| "-".to_owned(), |line| line.to_string());
            format!("{} -> {line} {:?}\n", placed.profile.line, placed.freshness)
        };
        placed.iter().map(tell).collect()
    }

    #[test]
    fn lines_are_followed() {
        check(
            "Процедура А()\n\tБ(); //!\n\tВ(); //!\nКонецПроцедуры",
            "// Описание\n\nПроцедура А()\n\tБ(); //!\n\tГ();\n\tВ(); //!\nКонецПроцедуры",
            expect![[r#"
                2 -> 4 Moved
                3 -> 6 Moved
            "#]],
        );
    }

    #[test]
    fn changed_lines_are_told() {
        check(
            "Procedure A()\n\tB(1); //!\n\tC(); //!\nEndProcedure",
            "Procedure A()\n\tB(2); //!\n\tC(); //!\nEndProcedure",
            expect![[r#"
                2 -> - Changed
                3 -> 3 Same
            "#]],
        );
    }

    #[test]
    fn equal_lines_keep_their_neighbors() {
        let body = |name: &str| format!("Процедура {name}()\n\tЗапрос.Выполнить(); //!\nКонецПроцедуры\n");
        let then = body("А") + &body("Б") + &body("В");
        check(
            &then,
            &(body("Новая") + &then),
            expect![[r#"
                2 -> 5 Moved
                5 -> 8 Moved
                8 -> 11 Moved
            "#]],
        );
        check(
            &then,
            &(body("А") + &body("В")),
            expect![[r#"
                2 -> 2 Same
                5 -> 5 Same
                8 -> - Changed
            "#]],
        );
    }

    #[test]
    fn lines_without_text_stay_where_they_are() {
        let line = |line| LineProfile { line, ..LineProfile::default() };
        let module = ModuleProfile { lines: vec![line(1), line(7)], ..ModuleProfile::default() };
        expect![[r#"
            1 -> 1 Unverified
            7 -> - Changed
        "#]]
        .assert_eq(&told(&module, "А();\nБ();"));
    }

    #[test]
    fn the_measured_text_is_attached() {
        let mut module = ModuleProfile::default();
        let anchor = LineAnchor { digest: line_digest("Б();"), ..LineAnchor::default() };
        module.lines.push(LineProfile { line: 2, anchor, ..LineProfile::default() });
        assert_eq!(module.attach(&SourceLines::new("Новое();\nА();\nБ();")), (0, 1));
        assert_eq!(module.digest, None);
        let measured = SourceLines::new("А();\n\tБ();");
        assert_eq!(module.attach(&measured), (1, 0));
        assert_eq!(module.digest, Some(measured.digest()));
        assert_eq!(module.lines[0].anchor, measured.anchor(2));
    }
}
