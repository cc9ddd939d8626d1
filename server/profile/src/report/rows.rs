//! Rows of tables, the hottest first.

use serde::Serialize;
use smol_str::SmolStr;

use crate::measure::Measure;
use crate::model::{LineProfile, ModuleProfile, Profile, QueryRepeat};
use crate::placement::Freshness;
use crate::sources::Resolution;

/// What a row stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    #[default]
    Line,
    Method,
    Module,
}

/// One place with its numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub module: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Today, if the sources are known, else when it was measured; zero for modules and for entries of calls.
    pub line: u32,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub method: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub text: SmolStr,
    /// Part of all own time, 0 to 1.
    pub share: f64,
    pub measure: Measure,
    /// The line moved or is gone since it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staleness: Option<Staleness>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<QueryRepeat>,
}

/// What readers must know before they look at the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Staleness {
    Moved,
    Changed,
}

/// All places of a profile, by own time, then by total time, then by name.
pub fn rows(profile: &Profile, grouping: Grouping, resolution: Option<&Resolution>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, module) in profile.modules.iter().enumerate() {
        match grouping {
            Grouping::Line => {
                rows.extend(module.lines.iter().map(|line| line_row(profile, number, line, resolution)));
                rows.extend(rest_row(module, module.lines.iter().map(|line| line.measure.own_ns)));
            }
            Grouping::Method => {
                rows.extend(module.methods.iter().map(|method| Row {
                    line: method.first_line,
                    method: method.name.clone(),
                    measure: method.measure,
                    ..module_row(module)
                }));
                rows.extend(rest_row(module, module.methods.iter().map(|method| method.measure.own_ns)));
            }
            Grouping::Module => rows.push(Row { measure: module.measure, ..module_row(module) }),
        }
    }
    for row in &mut rows {
        row.share = profile.share(row.measure.own_ns);
    }
    let time = |row: &Row| (row.measure.own_ns, row.measure.total_ns, row.measure.count);
    rows.sort_by(|left, right| {
        time(right).cmp(&time(left)).then_with(|| (&left.module, left.line).cmp(&(&right.module, right.line)))
    });
    rows
}

fn module_row(module: &ModuleProfile) -> Row {
    Row { module: module.name.clone(), path: module.path.clone(), ..Row::default() }
}

fn line_row(profile: &Profile, number: usize, line: &LineProfile, resolution: Option<&Resolution>) -> Row {
    let module = &profile.modules[number];
    let placed = resolution.and_then(|resolution| resolution.places.get(&(number as u32, line.line)));
    let (today, staleness) = match placed {
        Some((Some(today), Freshness::Moved)) => (*today, Some(Staleness::Moved)),
        Some((Some(today), _)) => (*today, None),
        Some((None, _)) => (line.line, Some(Staleness::Changed)),
        None => (line.line, None),
    };
    let is_around = |first: u32, last: u32| (first..=last).contains(&today);
    let method = module.methods.iter().find(|method| is_around(method.first_line, method.last_line));
    let is_known = staleness != Some(Staleness::Changed);
    Row {
        line: today,
        method: method.filter(|_| is_known).map(|method| method.name.clone()).unwrap_or_default(),
        text: line.text.clone(),
        measure: line.measure,
        staleness,
        repeat: line.repeat.clone(),
        ..module_row(module)
    }
}

/// What belongs to the module but to none of its parts, such as the code around the statements of a call.
fn rest_row(module: &ModuleProfile, parts: impl Iterator<Item = u64>) -> Option<Row> {
    let known = parts.fold(0, u64::saturating_add);
    let own_ns = module.measure.own_ns.saturating_sub(known);
    let measure = Measure { own_ns, total_ns: own_ns, ..Measure::default() };
    (own_ns > 0).then(|| Row { measure, ..module_row(module) })
}
