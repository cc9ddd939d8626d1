//! Measurements put together: the client's and the server's side of one run come as events of their own.

use std::collections::BTreeMap;

use crate::message::{MeasureResult, ModuleId, Target};

/// Lines of all targets, in the order of modules and lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    pub session: String,
    pub targets: Vec<Target>,
    /// Sum over the targets.
    pub total_ns: u64,
    pub modules: Vec<MeasuredModule>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasuredModule {
    pub module: ModuleId,
    pub lines: Vec<MeasuredLine>,
}

/// One line. Times are nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeasuredLine {
    /// Counted from one.
    pub line: u32,
    pub count: u64,
    pub total_ns: u64,
    pub own_ns: u64,
    /// The line calls the server.
    pub server_calls: u64,
}

impl Measurement {
    /// Puts results of one measurement together; those of others are left out.
    pub fn merge(session: &str, results: &[MeasureResult]) -> Self {
        let mut measurement = Self { session: session.to_owned(), ..Self::default() };
        let mut lines: BTreeMap<ModuleId, BTreeMap<u32, MeasuredLine>> = BTreeMap::new();
        for result in results.iter().filter(|result| base::same_name(&result.session, session)) {
            let nanoseconds = |ticks: f64| {
                let frequency = if result.frequency > 0.0 { result.frequency } else { 1e6 };
                (ticks / frequency * 1e9).round() as u64
            };
            measurement.total_ns = measurement.total_ns.saturating_add(nanoseconds(result.total));
            if !measurement.targets.iter().any(|target| target.id == result.target.id) {
                measurement.targets.push(result.target.clone());
            }
            for module in &result.modules {
                let known = lines.entry(module.module.clone()).or_default();
                for cost in &module.lines {
                    let line = known.entry(cost.line).or_default();
                    line.line = cost.line;
                    line.count = line.count.saturating_add(cost.count);
                    line.total_ns = line.total_ns.saturating_add(nanoseconds(cost.total));
                    line.own_ns = line.own_ns.saturating_add(nanoseconds(cost.own));
                    line.server_calls = line.server_calls.saturating_add(cost.server_calls);
                }
            }
        }
        let modules = lines.into_iter();
        measurement.modules = modules
            .map(|(module, lines)| MeasuredModule { module, lines: lines.into_values().collect() })
            .collect();
        measurement
    }
}
