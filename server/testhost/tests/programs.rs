//! Small programs with what they print. A program begins with `//@ name`; `//> text` is a line that it has to print and
//! `//! text` the error that it has to end with, one line for each cause. Everything between is its module.

use std::fs;
use std::path::Path;

use testhost::{Clock, Limits, Machine};

/// One program of a file.
struct Program {
    name: String,
    code: String,
    expected: Vec<String>,
}

fn programs_of(text: &str) -> Vec<Program> {
    let mut programs: Vec<Program> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("//@") {
            programs.push(Program { name: name.trim().into(), code: String::new(), expected: Vec::new() });
            continue;
        }
        let Some(program) = programs.last_mut() else { continue };
        if let Some(expected) = line.strip_prefix("//>") {
            program.expected.push(expected.strip_prefix(' ').unwrap_or(expected).into());
        } else if let Some(error) = line.strip_prefix("//!") {
            program.expected.push(format!("! {}", error.trim()));
        } else {
            program.code += line;
            program.code.push('\n');
        }
    }
    programs
}

fn run(code: &str) -> Vec<String> {
    let mut machine = Machine::new(Limits { steps: 1_000_000, ..Limits::default() });
    machine.clock = Clock::Virtual { now_ns: 0, statement_ns: 100, query_ns: 1_000_000 };
    let result = machine.load("Тест", code);
    // Lines of one message are lines of the expectation.
    let mut output: Vec<String> = machine
        .output
        .iter()
        .flat_map(|text| text.split('\n'))
        .map(|line| line.replace('\u{a0}', "_"))
        .collect();
    // Causes are lines of their own.
    let mut failure = result.err();
    while let Some(current) = failure {
        output.push(format!("! {}", current.description()));
        failure = current.cause;
    }
    output
}

#[test]
fn programs_print_what_they_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of programs")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let (mut count, mut problems) = (0, String::new());
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of programs");
        for program in programs_of(&text) {
            count += 1;
            let output = run(&program.code);
            if output != program.expected {
                let file = file.file_name().unwrap_or_default().to_string_lossy();
                problems += &format!(
                    "{file}: {}\n  expected:\n    {}\n  printed:\n    {}\n",
                    program.name,
                    program.expected.join("\n    "),
                    output.join("\n    ")
                );
            }
        }
    }
    assert!(problems.is_empty(), "{problems}");
    assert!(count >= 400, "only {count} programs were found");
}
