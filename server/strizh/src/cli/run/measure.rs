//! Measurements as the JSON of profiles, which `docs/profile-format.md` describes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use testhost::{LineMeasure, Measurement};

use crate::cli::run::target::Target;

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u32,
    source: Source,
    modules: Vec<Module<'a>>,
}

#[derive(Serialize)]
struct Source {
    kind: &'static str,
    counts: &'static str,
}

#[derive(Serialize)]
struct Module<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    measure: Measure,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measure {
    count: u64,
    own_ns: u64,
    total_ns: u64,
    #[serde(skip_serializing_if = "is_zero")]
    sql_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    sql_ns: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

pub(super) fn write(path: &Path, measurement: &Measurement, target: &Target) -> anyhow::Result<()> {
    let mut modules: BTreeMap<&str, BTreeMap<u32, &LineMeasure>> = BTreeMap::new();
    for ((module, line), measure) in &measurement.lines {
        modules.entry(module).or_default().insert(*line, measure);
    }
    let module = |(name, lines): (_, BTreeMap<u32, &LineMeasure>)| Module {
        name,
        path: target.path_of(name),
        lines: lines.into_iter().map(|(line, measure)| line_of(target, name, line, measure)).collect(),
    };
    let file = File {
        format: "strizh-profile",
        version: 1,
        source: Source { kind: "host", counts: "executions" },
        modules: modules.into_iter().map(module).collect(),
    };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

fn line_of(target: &Target, module: &str, line: u32, measure: &LineMeasure) -> Line {
    Line {
        line,
        text: target.line_text(module, line).filter(|text| !text.is_empty()),
        measure: Measure {
            count: measure.count,
            own_ns: measure.own_ns,
            total_ns: measure.total_ns,
            sql_count: measure.query_count,
            sql_ns: measure.query_ns,
        },
    }
}
