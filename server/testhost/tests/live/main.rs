//! Code of a whole configuration: objects, registers, events, transactions, hot replacement. A configuration of the
//! fixtures is opened, and code is run against it.

mod demo;
mod english;
mod golden;
mod hierarchy;
mod objects;
mod reload;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use base::{FileEntry, Files};
use testhost::{Clock, Configuration, Limits, Machine, Value};

pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut entries: Vec<_> =
            entries.map(|entry| FileEntry { is_folder: entry.path().is_dir(), path: entry.path() }).collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        entries
    }
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// A session of a configuration of the fixtures, on a virtual clock.
pub fn open(folder: &str) -> (Configuration, Machine) {
    let (metadata, problems) = metadata::load(&Disk, &fixtures().join(folder));
    assert!(problems.is_empty(), "{problems:?}");
    let (root, _) = metadata.roots().next().expect("a configuration");
    let configuration = Configuration::open(&metadata, root, Rc::new(Disk)).expect("a root");
    let mut machine = Machine::new(Limits::default());
    machine.clock = Clock::Virtual { now_ns: 0, statement_ns: 100, query_ns: 1_000_000 };
    configuration.attach(&mut machine).expect("a session");
    (configuration, machine)
}

/// What code prints, with the error it ends with.
pub fn run(folder: &str, code: &str) -> String {
    let (_configuration, mut machine) = open(folder);
    let result = machine.load("Тест", code);
    let mut output: Vec<String> = machine.output.iter().map(|line| line.replace('\u{a0}', " ")).collect();
    if let Err(failure) = result {
        output.push(format!("! {}", failure.detailed().replace('\u{a0}', " ")));
    }
    output.join("\n")
}

pub fn call(
    configuration: &Configuration,
    machine: &mut Machine,
    path: &str,
    arguments: Vec<Value>,
) -> String {
    match configuration.call(machine, path, arguments) {
        Ok(value) => value.presentation().to_string(),
        Err(failure) => failure.detailed(),
    }
}
