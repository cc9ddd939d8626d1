//! `check --watch`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::command::{EMPTY_BLOCK, command, project};

/// Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// The totals of the next run. They and the line that the program waits come from two streams in any order.
fn next_totals(lines: &Receiver<String>) -> String {
    let (mut totals, mut is_waiting) = (None, false);
    loop {
        let line = lines.recv_timeout(PATIENCE).expect("another run");
        is_waiting |= line.contains("waiting for changes");
        totals = totals.or(Some(line).filter(|line| line.starts_with("Checked ")));
        if let (Some(totals), true) = (&totals, is_waiting) {
            return totals.clone();
        }
    }
}

fn check(more: &[&str]) {
    let folder = project("//- /a.bsl\nА = 1;\n");
    let arguments = ["check", "--watch", "--language", "en", "--only", "EmptyCodeBlock"];
    let mut command = command(folder.path(), &[&arguments, more].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("strizh runs");
    let (sender, lines) = channel();
    for stream in [
        child.stdout.take().map(|it| Box::new(it) as Box<dyn std::io::Read + Send>),
        child.stderr.take().map(|it| Box::new(it) as _),
    ] {
        let (sender, stream) = (sender.clone(), stream.expect("a pipe"));
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
    }
    assert_eq!(next_totals(&lines), "Checked 1 modules. No findings.");
    std::fs::write(folder.path().join("b.txt"), "nothing").expect("a file");
    std::fs::write(folder.path().join("b.bsl"), EMPTY_BLOCK).expect("a file");
    assert!(next_totals(&lines).starts_with("Checked 2 modules. Findings: 1 "));
    child.kill().expect("strizh ends");
    child.wait().expect("strizh ends");
}

#[test]
fn changes_are_checked_again() {
    check(&[]);
}

#[test]
fn changes_are_found_by_looking() {
    check(&["--poll"]);
}
