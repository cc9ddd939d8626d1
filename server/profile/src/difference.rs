//! Two measurements of the same thing compared: what became slower, by how much, and whether that is too much.

use rustc_hash::FxHashMap;
use serde::Serialize;
use smol_str::SmolStr;

use crate::measure::Measure;
use crate::model::{ModuleProfile, Profile};
use crate::module_key::module_key;

/// A place in both measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub module: SmolStr,
    /// Empty for a line outside of known methods.
    pub method: SmolStr,
    /// The line today, or where it was; zero for a whole method.
    pub line: u32,
    pub text: SmolStr,
    pub before: Measure,
    pub after: Measure,
}

/// What decides about failure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threshold {
    /// Growth in percent that is too much.
    pub percent: f64,
    /// Places below this share of the time, in percent, in both measurements are noise.
    pub min_share: f64,
    /// Compares time per execution instead of sums.
    pub per_count: bool,
}

/// The comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    pub before: Measure,
    pub after: Measure,
    /// The largest change of own time first.
    pub changes: Vec<Change>,
}

impl Difference {
    /// Compares methods where both sides know them, lines elsewhere.
    pub fn new(before: &Profile, after: &Profile) -> Self {
        Self::by(before, after, compare_modules)
    }

    /// Compares lines everywhere.
    pub fn of_lines(before: &Profile, after: &Profile) -> Self {
        Self::by(before, after, |before, after, changes| {
            compare_lines(name_of(before, after), before, after, changes);
        })
    }

    fn by(
        before: &Profile,
        after: &Profile,
        compare: impl Fn(&ModuleProfile, &ModuleProfile, &mut Vec<Change>),
    ) -> Self {
        let mut changes = Vec::new();
        let mut later: FxHashMap<String, &ModuleProfile> =
            after.modules.iter().map(|module| (module_key(&module.name), module)).collect();
        let none = ModuleProfile::default();
        for module in &before.modules {
            let other = later.remove(&module_key(&module.name)).unwrap_or(&none);
            compare(module, other, &mut changes);
        }
        for module in &after.modules {
            if later.contains_key(&module_key(&module.name)) {
                compare(&none, module, &mut changes);
            }
        }
        let size = |change: &Change| change.after.own_ns.abs_diff(change.before.own_ns);
        changes.sort_by(|left, right| {
            let place = |change: &Change| (change.module.clone(), change.method.clone(), change.line);
            size(right).cmp(&size(left)).then_with(|| place(left).cmp(&place(right)))
        });
        Self { before: before.total, after: after.total, changes }
    }

    /// Whether everything together became too slow.
    pub fn is_total_regressed(&self, threshold: &Threshold) -> bool {
        is_too_much(&self.before, &self.after, threshold)
    }

    /// Places that became too slow and matter.
    pub fn regressions(&self, threshold: &Threshold) -> Vec<&Change> {
        let share = |own: u64, total: u64| if total == 0 { 0.0 } else { own as f64 * 100.0 / total as f64 };
        let matters = |change: &&Change| {
            share(change.after.own_ns, self.after.own_ns) >= threshold.min_share
                || share(change.before.own_ns, self.before.own_ns) >= threshold.min_share
        };
        let changes = self.changes.iter().filter(matters);
        changes.filter(|change| is_too_much(&change.before, &change.after, threshold)).collect()
    }
}

/// Growth of own time in percent; `None` if there was nothing before.
pub fn growth(before: &Measure, after: &Measure, per_count: bool) -> Option<f64> {
    let time = |measure: &Measure| {
        let own = measure.own_ns as f64;
        if per_count && measure.count > 0 { own / measure.count as f64 } else { own }
    };
    let (before, after) = (time(before), time(after));
    (before > 0.0).then(|| (after / before - 1.0) * 100.0)
}

/// What is new is slower than nothing.
fn is_too_much(before: &Measure, after: &Measure, threshold: &Threshold) -> bool {
    match growth(before, after, threshold.per_count) {
        Some(growth) => growth > threshold.percent,
        None => after.own_ns > 0,
    }
}

fn name_of<'a>(before: &'a ModuleProfile, after: &'a ModuleProfile) -> &'a SmolStr {
    if after.name.is_empty() { &before.name } else { &after.name }
}

fn compare_modules(before: &ModuleProfile, after: &ModuleProfile, changes: &mut Vec<Change>) {
    let name = name_of(before, after);
    let knows_methods = |module: &ModuleProfile| !module.methods.is_empty() || module.lines.is_empty();
    if knows_methods(before) && knows_methods(after) {
        compare_methods(name, before, after, changes);
    } else {
        compare_lines(name, before, after, changes);
    }
}

fn compare_methods(name: &SmolStr, before: &ModuleProfile, after: &ModuleProfile, changes: &mut Vec<Change>) {
    let mut methods: Vec<(SmolStr, Measure, Measure)> = Vec::new();
    for (module, is_after) in [(before, false), (after, true)] {
        let mut rest = module.measure;
        let mut own: Vec<(SmolStr, Measure)> = Vec::new();
        for method in &module.methods {
            rest.own_ns = rest.own_ns.saturating_sub(method.measure.own_ns);
            own.push((method.name.clone(), method.measure));
        }
        if rest.own_ns > 0 {
            own.push((SmolStr::default(), Measure { own_ns: rest.own_ns, ..Measure::default() }));
        }
        for (method, measure) in own {
            let known = methods.iter().position(|known| base::same_name(&known.0, &method));
            let index = known.unwrap_or_else(|| {
                methods.push((method, Measure::default(), Measure::default()));
                methods.len() - 1
            });
            let side = if is_after { &mut methods[index].2 } else { &mut methods[index].1 };
            side.add(&measure);
        }
    }
    let change = |(method, before, after)| Change {
        module: name.clone(),
        method,
        line: 0,
        text: SmolStr::default(),
        before,
        after,
    };
    changes.extend(methods.into_iter().map(change));
}

/// Lines are the same if they say the same; of several equal ones the first belongs to the first.
fn compare_lines(name: &SmolStr, before: &ModuleProfile, after: &ModuleProfile, changes: &mut Vec<Change>) {
    let mut later: FxHashMap<(u64, u32), Vec<usize>> = FxHashMap::default();
    // Without a text only the number is left.
    let key = |line: &crate::model::LineProfile| {
        (line.anchor.digest, if line.anchor.is_unknown() { line.line } else { 0 })
    };
    for (index, line) in after.lines.iter().enumerate().rev() {
        later.entry(key(line)).or_default().push(index);
    }
    let mut taken = vec![false; after.lines.len()];
    for line in &before.lines {
        let index = later.get_mut(&key(line)).and_then(Vec::pop);
        let other = index.map(|index| {
            taken[index] = true;
            &after.lines[index]
        });
        changes.push(Change {
            module: name.clone(),
            method: SmolStr::default(),
            line: other.map_or(line.line, |other| other.line),
            text: line.text.clone(),
            before: line.measure,
            after: other.map(|other| other.measure).unwrap_or_default(),
        });
    }
    for (line, _) in after.lines.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        changes.push(Change {
            module: name.clone(),
            method: SmolStr::default(),
            line: line.line,
            text: line.text.clone(),
            before: Measure::default(),
            after: line.measure,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::ProfileBuilder;
    use crate::model::Source;

    fn profile(lines: &[(u32, &str, u64, u64)]) -> Profile {
        let mut builder = ProfileBuilder::new();
        for (line, text, count, own_ns) in lines {
            let measure = Measure { count: *count, own_ns: *own_ns, total_ns: *own_ns, ..Measure::default() };
            builder.add_line("CommonModule.М.Module", *line, text, &measure);
        }
        builder.finish(Source::default())
    }

    #[test]
    fn lines_are_compared_wherever_they_stand() {
        let before = profile(&[(1, "А();", 10, 1000), (2, "Б();", 1, 100), (3, "Ушла();", 1, 10)]);
        let after = profile(&[(5, "Б();", 1, 300), (6, "А();", 20, 1100), (7, "Новая();", 1, 500)]);
        let difference = Difference::new(&before, &after);
        let told: Vec<_> = difference
            .changes
            .iter()
            .map(|change| (change.text.as_str(), change.line, change.before.own_ns, change.after.own_ns))
            .collect();
        assert_eq!(
            told,
            [("Новая();", 7, 0, 500), ("Б();", 5, 100, 300), ("А();", 6, 1000, 1100), ("Ушла();", 3, 10, 0)]
        );
        let threshold = Threshold { percent: 20.0, min_share: 1.0, per_count: false };
        let names = |threshold: &Threshold| {
            let regressions = difference.regressions(threshold);
            regressions.iter().map(|change| change.text.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(&threshold), ["Новая();", "Б();"]);
        assert_eq!(names(&Threshold { min_share: 20.0, ..threshold }), ["Новая();"]);
        assert!(difference.is_total_regressed(&threshold));
        assert!(!difference.is_total_regressed(&Threshold { percent: 80.0, ..threshold }));
        assert_eq!(
            growth(&difference.changes[2].before, &difference.changes[2].after, true),
            Some(-45.0).map(|_: f64| (55.0 / 100.0 - 1.0) * 100.0)
        );
    }

    #[test]
    fn nothing_differs_from_itself() {
        let profile = profile(&[(1, "", 10, 1000), (2, "", 1, 100)]);
        let difference = Difference::new(&profile, &profile);
        assert!(difference.changes.iter().all(|change| change.before == change.after));
        assert!(!difference.is_total_regressed(&Threshold::default()));
        assert!(difference.regressions(&Threshold::default()).is_empty());
    }
}
