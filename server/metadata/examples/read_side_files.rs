//! Reads all forms, roles, schemas, predefined items and support states below the given folders once and says how
//! much was found and how long one core was busy: `cargo run --release -p metadata --example read_side_files -- DIR…`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use metadata::{Form, Layout};

#[derive(Default)]
struct Count {
    files: usize,
    bytes: usize,
    time: Duration,
    problems: usize,
    /// What was found in the files, by name.
    found: Vec<(&'static str, usize)>,
}

impl Count {
    fn add(&mut self, size: usize, time: Duration, problems: usize, found: &[(&'static str, usize)]) {
        self.files += 1;
        self.bytes += size;
        self.time += time;
        self.problems += problems;
        for &(name, number) in found {
            match self.found.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += number,
                None => self.found.push((name, number)),
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    for folder in std::env::args_os().skip(1).map(PathBuf::from) {
        let mut paths = Vec::new();
        collect(&folder, &mut paths)?;
        paths.sort();
        let mut kinds: Vec<(&str, Count)> = Vec::new();
        for path in &paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Some(kind) = KINDS.iter().find(|kind| **kind == name) else { continue };
            // A form that is named `Form` has a description of that name, too.
            if name == "Form.xml" && path.parent().is_some_and(|parent| !parent.ends_with("Ext")) {
                continue;
            }
            let index = kinds.iter().position(|(known, _)| known == kind).unwrap_or_else(|| {
                kinds.push((kind, Count::default()));
                kinds.len() - 1
            });
            measure(kind, path, &mut kinds[index].1)?;
        }
        report(&folder, &kinds)?;
    }
    Ok(())
}

const KINDS: &[&str] = &[
    "Form.xml",
    "Form.form",
    "Rights.xml",
    "Rights.rights",
    "Predefined.xml",
    "Template.xml",
    "Template.dcs",
    "ParentConfigurations.bin",
];

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), paths)?;
        } else {
            paths.push(entry.path());
        }
    }
    Ok(())
}

fn measure(kind: &str, path: &Path, count: &mut Count) -> std::io::Result<()> {
    let bytes = std::fs::read(path)?;
    let size = bytes.len();
    let start = Instant::now();
    match kind {
        "Form.xml" | "Form.form" => {
            let layout = if kind == "Form.xml" { Layout::Designer } else { Layout::Edt };
            let (form, problems) = metadata::parse_form(bytes, path, layout);
            count.add(size, start.elapsed(), problems.len(), &form_numbers(&form));
        }
        "Rights.xml" | "Rights.rights" => {
            let (rights, problems) = metadata::read_rights(bytes, path);
            let number = rights.objects.iter().map(|object| object.rights.len()).sum();
            let found = [("objects", rights.objects.len()), ("rights", number)];
            count.add(size, start.elapsed(), problems.len(), &found);
        }
        "Predefined.xml" => {
            let (items, problems) = metadata::read_predefined(bytes, path);
            count.add(size, start.elapsed(), problems.len(), &[("items", items.len())]);
        }
        "ParentConfigurations.bin" => {
            let support = metadata::read_support(&bytes);
            let found = [("vendors", support.vendors.len()), ("objects", support.len())];
            count.add(size, start.elapsed(), 0, &found);
        }
        _ => {
            let (queries, problems) = metadata::read_composition_queries(bytes, path);
            count.add(size, start.elapsed(), problems.len(), &[("queries", queries.len())]);
        }
    }
    Ok(())
}

fn form_numbers(form: &Form) -> [(&'static str, usize); 8] {
    let of_elements = form.elements.iter().map(|element| element.handlers.len()).sum::<usize>();
    [
        ("attributes", form.attributes.len()),
        ("columns", form.attributes.iter().map(|it| it.columns.len()).sum()),
        ("parameters", form.parameters.len()),
        ("queries", form.attributes.iter().filter(|it| it.query.is_some()).count()),
        ("elements", form.elements.len()),
        ("commands", form.commands.len()),
        ("actions", form.commands.iter().map(|it| it.actions.len()).sum()),
        ("event bindings", form.handlers.len() + of_elements),
    ]
}

fn report(folder: &Path, kinds: &[(&str, Count)]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", folder.display())?;
    for (kind, count) in kinds {
        let megabytes = count.bytes as f64 / 1e6;
        let seconds = count.time.as_secs_f64();
        let found = count.found.iter().map(|(name, number)| format!("{number} {name}")).collect::<Vec<_>>();
        writeln!(
            out,
            "  {kind}: {} files, {megabytes:.1} MB, {:.0} ms, {:.0} MB/s, {} problems; {}",
            count.files,
            seconds * 1e3,
            megabytes / seconds.max(1e-9),
            count.problems,
            found.join(", ")
        )?;
    }
    Ok(())
}
