//! `cargo xtask compare`: Strizh and other checkers as black boxes on the same code. Findings are compared by rule,
//! file and range; time and memory stand side by side. Nothing of the others is kept in the repository.

mod findings;
mod process;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell;
use findings::{Finding, Findings};
use process::{Cost, measure};

/// Keys that the table has, the most frequent ones first.
const KEYS: usize = 200;
/// Examples of each disagreement that are written down.
const EXAMPLES: usize = 40;

/// Command line: `FOLDER [--bsl-language-server JAR|REPORT.json] [--java JAVA] [--onec-hbk-bsl PROGRAM] [--out FOLDER]`.
#[derive(Default)]
struct Arguments {
    folder: PathBuf,
    bsl_language_server: Option<PathBuf>,
    java: Option<PathBuf>,
    onec_hbk_bsl: Option<PathBuf>,
    out: Option<PathBuf>,
}

/// What a tool found and what that cost; a report that was made before has no cost.
struct Outcome {
    name: &'static str,
    findings: Findings,
    cost: Option<Cost>,
}

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let arguments = parse(words)?;
    let out = arguments.out.clone().unwrap_or_else(|| shell::root().join("target/compare"));
    fs::create_dir_all(&out).with_context(|| format!("cannot create {}", out.display()))?;
    let own = run_strizh(&arguments.folder)?;
    let mut others = Vec::new();
    if let Some(place) = &arguments.bsl_language_server {
        others.push(run_bsl_language_server(&arguments, place, &out)?);
    }
    if let Some(program) = &arguments.onec_hbk_bsl {
        others.push(run_onec_hbk_bsl(&arguments.folder, program)?);
    }
    let table = table(&own, &others);
    fs::write(out.join("table.md"), &table).context("cannot write the table")?;
    for other in &others {
        write_examples(&own, other, &out)?;
    }
    std::io::stdout().write_all(table.as_bytes()).context("cannot print the table")?;
    eprintln!("table and examples: {}", out.display());
    Ok(())
}

fn parse(words: &[&str]) -> Result<Arguments> {
    let mut arguments = Arguments::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().map(PathBuf::from).with_context(|| format!("{word} needs a value"));
        match *word {
            "--bsl-language-server" => arguments.bsl_language_server = Some(value()?),
            "--java" => arguments.java = Some(value()?),
            "--onec-hbk-bsl" => arguments.onec_hbk_bsl = Some(value()?),
            "--out" => arguments.out = Some(value()?),
            folder if !folder.starts_with('-') => arguments.folder = PathBuf::from(folder),
            unknown => bail!("unknown option {unknown}"),
        }
    }
    if arguments.folder.as_os_str().is_empty() {
        bail!("name the folder of a configuration");
    }
    arguments.folder = fs::canonicalize(&arguments.folder)
        .with_context(|| format!("no folder {}", arguments.folder.display()))?;
    Ok(arguments)
}

/// Every rule is on, so that tools with other defaults can be compared.
const ALL_RULES: &str = r#"{"language":"ru","diagnostics":{"mode":"all","parameters":{"Typo":false}}}"#;

fn run_strizh(folder: &Path) -> Result<Outcome> {
    shell::run("", "cargo", &["build", "--release", "--package", "strizh"])?;
    let program = shell::root().join("target/release/strizh");
    let settings = settings_file()?;
    let arguments = ["check", "--format", "json", "--fail-on", "never", "--config"];
    let mut command = std::process::Command::new(program);
    command.args(arguments).arg(settings).arg(folder);
    let (output, cost) = measure(command)?;
    Ok(Outcome { name: "Strizh", findings: findings::of_report(&output, folder)?, cost: Some(cost) })
}

fn settings_file() -> Result<PathBuf> {
    let path = shell::root().join("target/compare-settings.json");
    fs::write(&path, ALL_RULES).context("cannot write the settings")?;
    Ok(path)
}

fn run_bsl_language_server(arguments: &Arguments, place: &Path, out: &Path) -> Result<Outcome> {
    let name = "BSL Language Server";
    if place.extension().is_some_and(|extension| extension == "json") {
        let report = fs::read(place).with_context(|| format!("no report {}", place.display()))?;
        return Ok(Outcome { name, findings: findings::of_report(&report, &arguments.folder)?, cost: None });
    }
    let mut command = std::process::Command::new(arguments.java.as_deref().unwrap_or(Path::new("java")));
    command.args(["-Xmx6g", "-jar"]).arg(place).args(["analyze", "-q", "-c"]).arg(settings_file()?).arg("-s");
    command.arg(&arguments.folder).arg("-w").arg(&arguments.folder).arg("-o").arg(out).args(["-r", "json"]);
    // Paths in its report are relative to the folder it runs in.
    command.current_dir(&arguments.folder);
    let (_, cost) = measure(command)?;
    let report = fs::read(out.join("bsl-json.json")).context("the tool wrote no report")?;
    Ok(Outcome { name, findings: findings::of_report(&report, &arguments.folder)?, cost: Some(cost) })
}

fn run_onec_hbk_bsl(folder: &Path, program: &Path) -> Result<Outcome> {
    let mut command = std::process::Command::new(program);
    command.args(["check", "--format", "json", "--no-config", "--exit-zero"]).arg(folder);
    let (output, cost) = measure(command)?;
    Ok(Outcome { name: "onec-hbk-bsl", findings: findings::of_list(&output, folder)?, cost: Some(cost) })
}

fn table(own: &Outcome, others: &[Outcome]) -> String {
    let mut text =
        String::from("| | CPU, s | time, s | peak memory, MB | findings |\n|---|---|---|---|---|\n");
    for outcome in std::iter::once(own).chain(others) {
        let count: usize = outcome.findings.values().map(|found| found.len()).sum();
        let cost = outcome.cost.as_ref().map_or("| | | |".to_owned(), |cost| {
            format!("| {:.1} | {:.1} | {:.0} |", cost.cpu_seconds, cost.seconds, cost.peak_megabytes)
        });
        let _ = writeln!(text, "| {} {cost} {count} |", outcome.name);
    }
    text.push_str("\n| rule | Strizh |");
    for other in others {
        let _ = write!(text, " {} | both | only Strizh | only it |", other.name);
    }
    let columns = 2 + others.len() * 4;
    let _ = writeln!(text, "\n|{}", "---|".repeat(columns));
    for key in keys(own, others) {
        let _ = write!(text, "| {key} | {} |", found(own, key).len());
        for other in others {
            let (mine, theirs) = (found(own, key), found(other, key));
            let both = mine.intersection(theirs).count();
            let _ = write!(
                text,
                " {} | {both} | {} | {} |",
                theirs.len(),
                mine.len() - both,
                theirs.len() - both
            );
        }
        text.push('\n');
    }
    text
}

fn found<'a>(outcome: &'a Outcome, key: &str) -> &'a std::collections::BTreeSet<Finding> {
    static NOTHING: std::collections::BTreeSet<Finding> = std::collections::BTreeSet::new();
    outcome.findings.get(key).unwrap_or(&NOTHING)
}

/// The most frequent keys first.
fn keys<'a>(own: &'a Outcome, others: &'a [Outcome]) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in std::iter::once(own).chain(others) {
        for (key, findings) in &outcome.findings {
            let most = counts.entry(key).or_default();
            *most = (*most).max(findings.len());
        }
    }
    let mut keys: Vec<_> = counts.into_iter().collect();
    keys.sort_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
    keys.into_iter().take(KEYS).map(|(key, _)| key).collect()
}

/// One file per rule with the places where the tools disagree.
fn write_examples(own: &Outcome, other: &Outcome, out: &Path) -> Result<()> {
    let folder = out.join(other.name.replace(' ', "-"));
    fs::create_dir_all(&folder).context("cannot create the folder of examples")?;
    for key in keys(own, std::slice::from_ref(other)) {
        let (mine, theirs) = (found(own, key), found(other, key));
        let mut text = String::new();
        for (title, left, right) in [("only Strizh", mine, theirs), (other.name, theirs, mine)] {
            let only: Vec<_> = left.difference(right).collect();
            let _ = writeln!(text, "# {title}: {}", only.len());
            // Evenly over the files.
            let step = (only.len() / EXAMPLES).max(1);
            for finding in only.iter().step_by(step).take(EXAMPLES) {
                let _ = writeln!(text, "{finding}");
            }
        }
        fs::write(folder.join(format!("{key}.txt")), text).context("cannot write examples")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &'static str, lines: &[u32], cost: Option<Cost>) -> Outcome {
        let found = |line: &u32| {
            format!(
                r#"{{"code":"MagicNumber","range":{{"start":{{"line":{line},"character":0}},"end":{{"line":{line},"character":1}}}}}}"#
            )
        };
        let list: Vec<String> = lines.iter().map(found).collect();
        let report = format!(r#"{{"fileinfos":[{{"path":"/a/b.bsl","diagnostics":[{}]}}]}}"#, list.join(","));
        let findings = findings::of_report(report.as_bytes(), Path::new("/a")).expect("a report");
        Outcome { name, findings, cost }
    }

    #[test]
    fn tables_have_a_row_per_tool_and_rule() {
        let cost = Cost { cpu_seconds: 1.25, seconds: 2.0, peak_megabytes: 30.0 };
        let text = table(&outcome("Strizh", &[1, 2], Some(cost)), &[outcome("Other", &[2, 3, 4], None)]);
        assert!(text.contains("| Strizh | 1.2 | 2.0 | 30 | 2 |\n| Other | | | | 3 |\n"), "{text}");
        assert!(text.ends_with("| MagicNumber | 2 | 3 | 1 | 1 | 2 |\n"), "{text}");
    }
}
