//! The record of everything that was asked for: lines of JSON, each with the digest of the one before. A second file
//! holds the digest of the last line, so that a cut end shows as well.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock_text::utc;
use crate::digest::{hex, sha256};

/// What the first line follows.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// A line is never longer than this: texts of modules are not kept.
const MAX_LINE: u64 = 64 * 1024;

/// Who wanted what, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRecord {
    pub user: String,
    pub action: String,
    /// The module, or what else was asked for.
    pub resource: String,
    pub allowed: bool,
    /// Why not, or how it ended.
    pub reason: String,
    pub backend: String,
    pub old_sha256: String,
    pub new_sha256: String,
}

/// A line as it is written; the order of the fields is part of the digest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seq: u64,
    timestamp: String,
    user_id: String,
    action: String,
    resource: String,
    allowed: bool,
    reason: String,
    backend: String,
    old_sha256: String,
    new_sha256: String,
    previous: String,
    hash: String,
}

/// Appends; lines are never changed.
#[derive(Clone, Debug)]
pub struct AuditLog {
    path: PathBuf,
}

impl AuditLog {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line. Several programs may share the file. `now`: since 1970.
    pub fn append(&self, record: &AuditRecord, now: Duration) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            create_private_folder(folder)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        file.lock()?;
        let written = self.append_locked(&mut file, record, now);
        file.unlock()?;
        written
    }

    fn append_locked(&self, file: &mut File, record: &AuditRecord, now: Duration) -> io::Result<()> {
        let (seq, previous) = last_line(file)?.map_or((0, START.to_owned()), |line| (line.seq, line.hash));
        let mut line = Line {
            seq: seq + 1,
            timestamp: utc(now),
            user_id: record.user.clone(),
            action: record.action.clone(),
            resource: record.resource.clone(),
            allowed: record.allowed,
            reason: record.reason.clone(),
            backend: record.backend.clone(),
            old_sha256: record.old_sha256.clone(),
            new_sha256: record.new_sha256.clone(),
            previous,
            hash: String::new(),
        };
        line.hash = digest(&line);
        let mut text = serde_json::to_string(&line).map_err(io::Error::other)?;
        text.push('\n');
        file.write_all(text.as_bytes())?;
        std::fs::write(head_path(&self.path), format!("{} {}\n", line.seq, line.hash))
    }
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn head_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".head");
    name.into()
}

/// Of everything but the digest itself.
fn digest(line: &Line) -> String {
    let unsigned = Line { hash: String::new(), ..line.clone() };
    hex(&sha256(serde_json::to_string(&unsigned).unwrap_or_default().as_bytes()))
}

/// A file that ends in something else is left as it is: the chain is broken, and `verify` will say so.
fn last_line(file: &mut File) -> io::Result<Option<Line>> {
    let length = file.seek(SeekFrom::End(0))?;
    if length == 0 {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_LINE)))?;
    let mut tail = Vec::new();
    file.take(MAX_LINE).read_to_end(&mut tail)?;
    let tail = String::from_utf8_lossy(&tail);
    let last = tail.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
    let line = serde_json::from_str(last);
    line.map(Some)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the last line of the audit is broken"))
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditProblem {
    /// It is no record, or more than one.
    Broken,
    /// Its text does not have its digest.
    Changed,
    /// A line before it was changed, removed or added.
    OutOfChain,
    /// Lines at the end are missing, or others stand there.
    CutOff,
}

impl fmt::Display for AuditProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Broken => "this is no record",
            Self::Changed => "the record was changed",
            Self::OutOfChain => "the record does not follow the one before it",
            Self::CutOff => "the file does not end with the record that was written last",
        })
    }
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    pub records: u64,
    pub refused: u64,
    /// Numbers of lines, counted from one, with what is wrong there.
    pub problems: Vec<(u64, AuditProblem)>,
}

/// Checks every line of a log and its end.
pub fn verify(path: &Path) -> io::Result<AuditReport> {
    let mut report = AuditReport::default();
    let mut expected = (1, START.to_owned());
    let mut number = 0;
    for text in BufReader::new(File::open(path)?).split(b'\n') {
        let text = text?;
        number += 1;
        let Ok(line) = serde_json::from_slice::<Line>(&text) else {
            report.problems.push((number, AuditProblem::Broken));
            continue;
        };
        report.records += 1;
        report.refused += u64::from(!line.allowed);
        // Other blanks or another order of the fields would be another text with the same meaning.
        let is_as_written = serde_json::to_vec(&line).is_ok_and(|written| written == text);
        if line.hash != digest(&line) || !is_as_written {
            report.problems.push((number, AuditProblem::Changed));
        } else if (line.seq, &line.previous) != (expected.0, &expected.1) {
            report.problems.push((number, AuditProblem::OutOfChain));
        }
        expected = (line.seq + 1, line.hash);
    }
    let head = std::fs::read_to_string(head_path(path)).unwrap_or_default();
    let is_whole = head.trim() == format!("{} {}", expected.0 - 1, expected.1) || number == 0;
    if !is_whole {
        report.problems.push((number, AuditProblem::CutOff));
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(folder: &tempfile::TempDir) -> AuditLog {
        let log = AuditLog::new(folder.path().join("deep/audit.jsonl"));
        for number in 0..4 {
            let record = AuditRecord {
                user: "anna".to_owned(),
                action: "reload".to_owned(),
                resource: format!("CommonModules/М{number}/Ext/Module.bsl"),
                allowed: number != 2,
                reason: "Insufficient permissions".to_owned(),
                ..AuditRecord::default()
            };
            log.append(&record, Duration::from_secs(1_780_000_000 + number)).expect("written");
        }
        log
    }

    #[test]
    fn a_log_that_nobody_has_touched_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = log(&folder);
        let report = verify(log.path()).expect("readable");
        assert_eq!(report, AuditReport { records: 4, refused: 1, problems: Vec::new() });
        let text = std::fs::read_to_string(log.path()).expect("readable");
        assert!(text.starts_with(
            r#"{"seq":1,"timestamp":"2026-05-28T20:26:40.000000Z","user_id":"anna","action":"reload""#
        ));
    }

    #[test]
    fn tampering_shows() {
        let check = |tamper: fn(&mut Vec<String>), expected: &[(u64, AuditProblem)]| {
            let folder = tempfile::tempdir().expect("a folder");
            let log = log(&folder);
            let text = std::fs::read_to_string(log.path()).expect("readable");
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            tamper(&mut lines);
            std::fs::write(log.path(), lines.join("\n") + "\n").expect("written");
            assert_eq!(verify(log.path()).expect("readable").problems, expected);
        };
        check(
            |lines| lines[2] = lines[2].replace("\"allowed\":false", "\"allowed\":true"),
            &[(3, AuditProblem::Changed)],
        );
        check(|lines| drop(lines.remove(1)), &[(2, AuditProblem::OutOfChain)]);
        check(
            |lines| lines.swap(0, 1),
            &[(1, AuditProblem::OutOfChain), (2, AuditProblem::OutOfChain), (3, AuditProblem::OutOfChain)],
        );
        check(|lines| drop(lines.pop()), &[(3, AuditProblem::CutOff)]);
        check(|lines| lines[0].push(' '), &[(1, AuditProblem::Changed)]);
        check(
            |lines| lines[1] = "{}".to_owned(),
            &[(2, AuditProblem::Broken), (3, AuditProblem::OutOfChain)],
        );
        // A changed line with a digest of its own still does not fit those behind it.
        check(
            |lines| {
                let mut line: Line = serde_json::from_str(&lines[1]).expect("a line");
                line.user_id = "boris".to_owned();
                line.hash = digest(&line);
                lines[1] = serde_json::to_string(&line).expect("text");
            },
            &[(3, AuditProblem::OutOfChain)],
        );
    }

    #[test]
    fn programs_that_write_at_once_keep_the_chain() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = AuditLog::new(folder.path().join("audit.jsonl"));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        log.append(&AuditRecord::default(), Duration::ZERO).expect("written");
                    }
                });
            }
        });
        let report = verify(log.path()).expect("readable");
        assert_eq!((report.records, report.problems), (100, Vec::new()));
    }
}
