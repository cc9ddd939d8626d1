//! Reads the roots of a folder on one core and prints what they hold and how long it took:
//! `cargo run --release -p metadata --example load -- <folder>`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base::{FileEntry, Files};
use metadata::{
    Details, FileRole, MetadataObject, find_roots, list_files, parse_form, read_configuration, read_object,
};

struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let entry = |entry: std::fs::DirEntry| FileEntry {
            path: entry.path(),
            is_folder: entry.file_type().is_ok_and(|kind| kind.is_dir()),
        };
        let mut entries: Vec<_> = entries.map(entry).collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        entries
    }
}

#[derive(Default)]
struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    fn add(&mut self, name: &'static str, count: usize) {
        *self.0.entry(name).or_default() += count;
    }

    fn add_object(&mut self, object: &MetadataObject) {
        self.add("objects", 1);
        self.add("attributes", object.attributes.len());
        self.add("attributes of sections", object.tabular_sections.iter().map(|s| s.attributes.len()).sum());
        self.add("tabular sections", object.tabular_sections.len());
        self.add("forms", object.forms.len());
        self.add("dimensions", object.dimensions.len());
        self.add("resources", object.resources.len());
        self.add("other fields", object.other_fields.len());
        self.add("enum values", object.enum_values.len());
        self.add("commands", object.commands.len());
        self.add("templates", object.templates.len());
        match &object.details {
            Details::CommonModule(_) => self.add("common modules", 1),
            Details::EventSubscription { .. } => self.add("event subscriptions", 1),
            Details::ScheduledJob { .. } => self.add("scheduled jobs", 1),
            Details::WebService { operations, .. } => self.add("operations", operations.len()),
            _ => {}
        }
        if object.kind == metadata::ObjectKind::CommonForm {
            self.add("common forms", 1);
        }
    }
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let start = Instant::now();
    let roots = find_roots(&Disk, &folder);
    writeln!(out, "{} roots in {:?}", roots.len(), start.elapsed())?;
    for root in &roots {
        let start = Instant::now();
        let listed = list_files(&Disk, root);
        writeln!(
            out,
            "{} {:?}: {} files in {:?}",
            root.folder.display(),
            root.layout,
            listed.len(),
            start.elapsed()
        )?;
        let start = Instant::now();
        let files: Vec<_> = listed.iter().map(|file| (file, read_if_xml(file))).collect();
        writeln!(out, "  bytes read in {:?}", start.elapsed())?;
        let mut counts = Counts::default();
        let start = Instant::now();
        let mut size = 0;
        let mut in_forms = Duration::ZERO;
        for (file, bytes) in files {
            size += bytes.len();
            let problems = match file.role {
                FileRole::Configuration => {
                    let (configuration, problems) = read_configuration(bytes, root.layout, &file.path);
                    writeln!(out, "  {} {:?}", configuration.name, configuration.compatibility)?;
                    problems
                }
                FileRole::Object(kind) => {
                    let (object, problems) = read_object(bytes, root.layout, kind, &file.path);
                    counts.add_object(&object);
                    problems
                }
                FileRole::Form => {
                    let start = Instant::now();
                    let (form, problems) = parse_form(bytes, &file.path, root.layout);
                    counts.add("form elements", form.elements.len());
                    in_forms += start.elapsed();
                    problems
                }
                _ => continue,
            };
            for problem in problems {
                writeln!(out, "  {problem:?}")?;
            }
        }
        let all = start.elapsed();
        writeln!(out, "  {} KB of XML in {all:?}, forms {in_forms:?}", size / 1024)?;
        for (name, count) in counts.0 {
            writeln!(out, "  {count:6} {name}")?;
        }
    }
    Ok(())
}

fn read_if_xml(file: &metadata::RootFile) -> Vec<u8> {
    match file.role {
        FileRole::Configuration | FileRole::Object(_) | FileRole::Form => {
            std::fs::read(&file.path).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
