//! The figures as tables for people and as JSON for programs.

use std::io::Write;

use ai::eval::{CaretKind, Figures, Outcome};
use base::Locale;
use serde_json::{Value, json};

use crate::cli::model::eval::Tier;
use crate::cli::model::eval::place::{Tried, Truth};

const SHOWN_RATES: [f64; 8] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];

pub(super) fn write(
    results: &[Vec<Tier>],
    gate: f32,
    locale: Locale,
    output: &mut impl Write,
) -> anyhow::Result<()> {
    let is_russian = locale == Locale::Ru;
    for (index, tiers) in results.iter().enumerate() {
        let title = match (results.len(), index, is_russian) {
            (1, _, true) => "Источники",
            (1, _, false) => "Sources",
            (_, 0, true) => "Источники: до",
            (_, 0, false) => "Sources: before",
            (_, _, true) => "Источники: после",
            (_, _, false) => "Sources: after",
        };
        writeln!(output, "## {title}\n")?;
        write_tiers(tiers, gate, is_russian, output)?;
        if let Some(last) = tiers.last() {
            write_curve(last, is_russian, output)?;
        }
    }
    write_quality(results, gate, is_russian, output)
}

fn write_tiers(tiers: &[Tier], gate: f32, is_russian: bool, output: &mut impl Write) -> anyhow::Result<()> {
    let header = if is_russian {
        "| источники | мест | показано | точно, из всех | точно, из показанного | близость | первое слово | начало строки / внутри / начало слова, точно | мс p50 / p95 |"
    } else {
        "| sources | places | shown | exact of all | exact of shown | similarity | first word | exact at line start / inside / word start | ms p50 / p95 |"
    };
    writeln!(output, "{header}\n|---|---|---|---|---|---|---|---|---|")?;
    for tier in tiers {
        // A source alone shows whatever it has; the gate belongs to the ranking of all.
        let is_joined = tier.sources.lines && tier.sources.names;
        let everything = figures(&tier.tried, 0.0);
        row(tier.name, tier, &everything, 0.0, output)?;
        if is_joined {
            let name = format!("{}, ≥ {gate:.2}", tier.name);
            row(&name, tier, &figures(&tier.tried, gate), gate, output)?;
        }
    }
    writeln!(output)?;
    Ok(())
}

fn row(name: &str, tier: &Tier, all: &Figures, gate: f32, output: &mut impl Write) -> anyhow::Result<()> {
    let by_kind = |kind| {
        let of_kind = tier.tried.iter().filter(|tried| tried.kind == kind);
        percent(Figures::of(&of_kind.map(|tried| gated(tried, gate)).collect::<Vec<_>>()).exact_rate())
    };
    let (middle, high) = latency(&tier.tried);
    writeln!(
        output,
        "| {name} | {} | {} ({}) | {} ({}) | {} | {:.3} | {} | {} / {} / {} | {middle:.2} / {high:.2} |",
        all.cases,
        percent(all.shown_rate()),
        all.shown,
        percent(all.exact_rate()),
        all.exact,
        percent(all.precision()),
        all.mean_similarity(),
        percent(all.first_identifier_rate()),
        by_kind(CaretKind::LineStart),
        by_kind(CaretKind::Inside),
        by_kind(CaretKind::WordStart),
    )?;
    Ok(())
}

fn gated(tried: &Tried, gate: f32) -> Outcome {
    let outcome = &tried.outcome;
    let offered = outcome.offered.clone().filter(|_| outcome.confidence >= gate);
    Outcome { offered, ..outcome.clone() }
}

fn figures(tried: &[Tried], gate: f32) -> Figures {
    Figures::of(&tried.iter().map(|tried| gated(tried, gate)).collect::<Vec<_>>())
}

fn latency(tried: &[Tried]) -> (f64, f64) {
    let mut times: Vec<f64> = tried.iter().map(|tried| tried.seconds * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
    (at(0.5), at(0.95))
}

fn write_curve(tier: &Tier, is_russian: bool, output: &mut impl Write) -> anyhow::Result<()> {
    let header = if is_russian {
        "| порог | показано | точно, из показанного | точно, из всех |"
    } else {
        "| gate | shown | exact of shown | exact of all |"
    };
    writeln!(output, "{header}\n|---|---|---|---|")?;
    for (gate, at) in curve(tier) {
        let (shown, exact) = (percent(at.shown_rate()), percent(at.exact_rate()));
        writeln!(output, "| {gate:.2} | {shown} | {} | {exact} |", percent(at.precision()))?;
    }
    writeln!(output)?;
    Ok(())
}

/// Figures at the gates that show given parts of the places.
fn curve(tier: &Tier) -> Vec<(f32, Figures)> {
    let mut confidences: Vec<f32> = tier.tried.iter().map(|tried| tried.outcome.confidence).collect();
    confidences.sort_by(|left, right| right.total_cmp(left));
    let gate_of = |rate: &f64| {
        let index = ((confidences.len() as f64 * rate) as usize).min(confidences.len().saturating_sub(1));
        confidences.get(index).copied().unwrap_or_default()
    };
    SHOWN_RATES.iter().map(gate_of).map(|gate| (gate, figures(&tier.tried, gate))).collect()
}

/// Sums of what is true of what is shown.
#[derive(Default)]
struct Quality {
    shown: usize,
    parses: usize,
    names_found: usize,
    names: usize,
    without_findings: usize,
    without_errors: usize,
    with_bugs: usize,
    exact: usize,
    cases: usize,
}

fn quality(tiers: &[Tier], gate: f32) -> Quality {
    let mut quality = Quality::default();
    let Some(tier) = tiers.last() else { return quality };
    let all = figures(&tier.tried, gate);
    (quality.cases, quality.exact) = (all.cases, all.exact);
    for truth in tier.tried.iter().filter_map(|tried| tried.truth) {
        let Truth { parses, names_found, names_missing, findings } = truth;
        quality.shown += 1;
        quality.parses += usize::from(parses);
        quality.names_found += names_found;
        quality.names += names_found + names_missing;
        quality.without_findings += usize::from(!findings.any);
        quality.without_errors += usize::from(!findings.error);
        quality.with_bugs += usize::from(findings.bug);
    }
    quality
}

fn write_quality(
    results: &[Vec<Tier>],
    gate: f32,
    is_russian: bool,
    output: &mut impl Write,
) -> anyhow::Result<()> {
    let sums: Vec<Quality> = results.iter().map(|tiers| quality(tiers, gate)).collect();
    let (metric, before, after) = if is_russian {
        ("показатель", "до", "после")
    } else {
        ("metric", "before", "after")
    };
    match sums.len() {
        1 => writeln!(output, "| {metric} | |\n|---|---|")?,
        _ => writeln!(output, "| {metric} | {before} | {after} |\n|---|---|---|")?,
    }
    let names = if is_russian {
        [
            "разбирается без ошибок",
            "имена находятся",
            "нет замечаний правил по умолчанию",
            "нет замечаний уровня ошибки",
            "остаток строки угадан точно",
            "есть замечания правил об ошибках",
        ]
    } else {
        [
            "syntax accuracy",
            "API knowledge (names that resolve)",
            "best practices (no findings of the default rules)",
            "compilability (no error-level findings)",
            "completion accuracy (exact rest of the line)",
            "bug rate (findings of rules about bugs)",
        ]
    };
    /// How many of how many.
    type Cell = fn(&Quality) -> (usize, usize);
    let cells: [Cell; 6] = [
        |sum| (sum.parses, sum.shown),
        |sum| (sum.names_found, sum.names),
        |sum| (sum.without_findings, sum.shown),
        |sum| (sum.without_errors, sum.shown),
        |sum| (sum.exact, sum.cases),
        |sum| (sum.with_bugs, sum.shown),
    ];
    for (name, cell) in names.iter().zip(cells) {
        write!(output, "| {name} |")?;
        for sum in &sums {
            let (part, whole) = cell(sum);
            write!(output, " {} ({part} / {whole}) |", percent(part as f64 / whole.max(1) as f64))?;
        }
        writeln!(output)?;
    }
    Ok(())
}

pub(super) fn write_json(results: &[Vec<Tier>], gate: f32, output: &mut impl Write) -> anyhow::Result<()> {
    let of_figures = |all: &Figures| {
        json!({
            "places": all.cases, "shown": all.shown, "exact": all.exact, "precision": all.precision(),
            "similarity": all.mean_similarity(), "firstWord": all.first_identifier_rate(),
        })
    };
    let of_tier = |tier: &Tier| {
        let (middle, high) = latency(&tier.tried);
        let curve: Vec<Value> =
            curve(tier).iter().map(|(gate, all)| json!({"gate": gate, "figures": of_figures(all)})).collect();
        json!({
            "sources": tier.name, "all": of_figures(&figures(&tier.tried, 0.0)),
            "gated": of_figures(&figures(&tier.tried, gate)), "p50Ms": middle, "p95Ms": high, "curve": curve,
        })
    };
    let of_result = |tiers: &Vec<Tier>| {
        let sum = quality(tiers, gate);
        json!({
            "tiers": tiers.iter().map(of_tier).collect::<Vec<_>>(),
            "shown": sum.shown, "parses": sum.parses, "names": sum.names, "namesFound": sum.names_found,
            "withoutFindings": sum.without_findings, "withoutErrors": sum.without_errors, "withBugs": sum.with_bugs,
        })
    };
    let value = json!({ "gate": gate, "results": results.iter().map(of_result).collect::<Vec<_>>() });
    writeln!(output, "{value:#}")?;
    Ok(())
}

fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}
