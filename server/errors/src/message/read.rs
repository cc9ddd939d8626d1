//! From lines to errors: which line begins an error, which one belongs to its stack, its causes, its query.

use super::clean::clean_lines;
use super::journal::{context_frame, journal_events};
use super::mark::{Mark, Marked, find_mark};
use super::{ErrorLink, ErrorReport, ErrorSource, QueryPlace, ReportedError, StackFrame};
use crate::catalogue::find_entry;

const MAX_ERRORS: usize = 50;
const MAX_LINKS: usize = 20;
const MAX_FRAMES: usize = 200;
const MAX_MESSAGE: usize = 2_000;
const MAX_QUERY: usize = 20_000;

const CAUSES: [&str; 5] = ["по причине", "due to", "by reason", "caused by", "because of"];
const ERROR_MARK: &str = "<<?>>";

/// Reads every error of a text. If nothing looks like one, the first line counts as a message.
pub fn read_errors(text: &str) -> ErrorReport {
    let (lines, is_cut) = clean_lines(text);
    let mut report = ErrorReport { is_cut, ..ErrorReport::default() };
    let (events, others) = journal_events(&lines);
    for event in events {
        let mut found = read_lines(&event.description);
        for error in &mut found {
            error.source = ErrorSource::TechnologicalJournal;
            let frames = event.stack.iter().take(MAX_FRAMES).cloned();
            if let Some(link) = error.links.first_mut().filter(|link| link.stack.is_empty()) {
                link.stack.extend(frames);
            }
        }
        report.errors.append(&mut found);
    }
    report.errors.extend(read_lines(&others));
    if report.errors.is_empty() {
        let first = lines.iter().map(|line| line.trim()).find(|line| line.chars().any(char::is_alphabetic));
        report.errors.extend(first.map(|line| {
            let message = shortened(line, MAX_MESSAGE);
            ReportedError {
                links: vec![ErrorLink { message, ..ErrorLink::default() }],
                ..ReportedError::default()
            }
        }));
    }
    report.is_cut |= report.errors.len() > MAX_ERRORS;
    report.errors.truncate(MAX_ERRORS);
    report
}

fn read_lines(lines: &[String]) -> Vec<ReportedError> {
    let mut reader = Reader::default();
    for line in lines {
        if reader.errors.len() > MAX_ERRORS {
            break;
        }
        reader.line(line);
    }
    reader.errors
}

#[derive(Default)]
struct Reader {
    errors: Vec<ReportedError>,
    /// The next message is the cause of the last one.
    expects_cause: bool,
    follows_blank: bool,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let text = line.trim();
        if text.is_empty() {
            self.follows_blank = true;
            return;
        }
        if let Some(rest) = behind_cause_word(text) {
            self.expects_cause = !self.errors.is_empty();
            if !rest.is_empty() {
                self.line(rest);
            }
        } else if let Some(category) = category(text) {
            if let Some(error) = self.errors.last_mut() {
                error.category = category.to_owned();
            }
        } else if let Some(found) = find_mark(line, 0).filter(|found| found.start == 0) {
            self.marked(&found);
        } else {
            self.text(line);
        }
        self.follows_blank = false;
    }

    fn marked(&mut self, found: &Marked<'_>) {
        let text = found.rest.trim();
        match found.mark {
            Mark::Script { path, line, column, message } => {
                let place = frame("", path, line, column, "");
                let message = shortened(message, MAX_MESSAGE);
                if !self.expects_cause {
                    self.errors
                        .push(ReportedError { source: ErrorSource::OneScript, ..ReportedError::default() });
                    self.expects_cause = true;
                }
                self.push_link(ErrorLink { message, place: Some(place), ..ErrorLink::default() });
            }
            Mark::Query { line, column } => {
                let query = QueryPlace { line, column, text: String::new() };
                let message = shortened(text, MAX_MESSAGE);
                // A query fails in a call, and the call is what the message before is about.
                let is_cause = self.expects_cause || self.link().is_some_and(|link| link.query.is_none());
                if !is_cause {
                    self.errors.push(ReportedError::default());
                }
                self.expects_cause = true;
                self.push_link(ErrorLink { message, query: Some(query), ..ErrorLink::default() });
            }
            Mark::Module { extension, path, line, column } => {
                if self.begins_error(found, path, line) {
                    let place = frame(extension, path, line, column, "");
                    if !self.expects_cause {
                        self.errors.push(ReportedError::default());
                        self.expects_cause = true;
                    }
                    // A stack without its message.
                    let is_stack = looks_like_code(text) && find_entry(text).is_none();
                    self.push_link(match is_stack {
                        true => ErrorLink {
                            stack: vec![StackFrame { source: shortened(text, MAX_MESSAGE), ..place }],
                            ..ErrorLink::default()
                        },
                        false => ErrorLink {
                            message: shortened(text, MAX_MESSAGE),
                            place: Some(place),
                            ..ErrorLink::default()
                        },
                    });
                } else {
                    let frame = frame(extension, path, line, column, text);
                    if let Some(link) = self.link().filter(|link| link.stack.len() < MAX_FRAMES) {
                        link.stack.push(frame);
                    }
                }
            }
        }
    }

    /// A message or a line of a stack? Stacks repeat code, messages do not look like it.
    fn begins_error(&mut self, found: &Marked<'_>, path: &str, line: u32) -> bool {
        let expects_cause = self.expects_cause;
        let Some(link) = self.link() else { return true };
        if expects_cause {
            return true;
        }
        let text = found.rest.trim();
        if text.is_empty() {
            return false;
        }
        if find_entry(text).is_some() && !text.ends_with(';') {
            return true;
        }
        let repeats = |place: &StackFrame| place.line == line && base::same_name(&place.module, path);
        let is_repeated = link.stack.is_empty() && link.place.as_ref().is_some_and(repeats);
        !is_repeated && !looks_like_code(text) && found.rest.starts_with([' ', '\t'])
    }

    fn text(&mut self, line: &str) {
        let text = line.trim();
        if self.expects_cause {
            self.push_link(ErrorLink { message: shortened(text, MAX_MESSAGE), ..ErrorLink::default() });
            return;
        }
        if let Some(frame) = context_frame(text) {
            if let Some(link) = self.link().filter(|link| link.stack.len() < MAX_FRAMES) {
                link.stack.push(frame);
            }
            return;
        }
        let follows_blank = self.follows_blank;
        let is_known = find_entry(text).is_some() && !looks_like_code(text);
        match self.link() {
            Some(link) if link.query.is_some() && !(is_known && follows_blank) => {
                let query = link.query.get_or_insert_default();
                if query.text.len() + line.len() < MAX_QUERY {
                    query.text.push_str(line);
                    query.text.push('\n');
                }
            }
            Some(link) if !follows_blank && (link.stack.is_empty() || text.contains(ERROR_MARK)) => {
                continue_link(link, line, text);
            }
            _ if is_known => {
                self.errors.push(ReportedError::default());
                self.push_link(ErrorLink { message: shortened(text, MAX_MESSAGE), ..ErrorLink::default() });
            }
            _ => {}
        }
    }

    fn link(&mut self) -> Option<&mut ErrorLink> {
        self.errors.last_mut()?.links.last_mut()
    }

    fn push_link(&mut self, link: ErrorLink) {
        self.expects_cause = false;
        if let Some(error) = self.errors.last_mut() {
            if error.links.len() < MAX_LINKS {
                error.links.push(link);
            } else if let Some(last) = error.links.last_mut() {
                // What is last matters most: it is the reason.
                *last = link;
            }
        }
    }
}

/// A line below a message without mark: the code that it is about, or more of the message.
fn continue_link(link: &mut ErrorLink, line: &str, text: &str) {
    let is_code = text.contains(ERROR_MARK)
        || (looks_like_code(text) && (line.starts_with([' ', '\t']) || link.place.is_some()));
    if is_code && link.context.is_empty() {
        link.context = shortened(text, MAX_MESSAGE);
    } else if !is_code && link.message.len() + text.len() < MAX_MESSAGE {
        if !link.message.is_empty() {
            link.message.push('\n');
        }
        link.message.push_str(text);
    }
}

fn frame(extension: &str, path: &str, line: u32, column: Option<u32>, source: &str) -> StackFrame {
    StackFrame {
        extension: extension.to_owned(),
        module: path.to_owned(),
        line,
        column,
        source: shortened(source, MAX_MESSAGE),
    }
}

/// What stands behind `по причине:`.
fn behind_cause_word(text: &str) -> Option<&str> {
    let folded = base::fold_case(text);
    let word = CAUSES.iter().find(|word| folded.starts_with(**word))?;
    let rest = text.get(word.len()..)?.trim_start();
    rest.strip_prefix(':').map(str::trim)
}

/// `[ОшибкаВоВремяВыполненияВстроенногоЯзыка, ОшибкаХранимыхДанных]`
fn category(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let is_word = |letter: char| letter.is_alphanumeric() || ", _".contains(letter);
    (inner.chars().all(is_word) && inner.chars().any(char::is_alphabetic)).then_some(inner.trim())
}

const KEYWORDS: [&str; 18] = [
    "если",
    "иначеесли",
    "для",
    "пока",
    "возврат",
    "вызватьисключение",
    "выполнить",
    "процедура",
    "функция",
    "if",
    "elsif",
    "for",
    "while",
    "return",
    "raise",
    "execute",
    "procedure",
    "function",
];

fn looks_like_code(text: &str) -> bool {
    let code = text.split("//").next().unwrap_or_default().trim_end();
    let word = text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let is_call = || {
        let name = code.split('(').next().unwrap_or_default();
        let is_path = !name.is_empty()
            && name.chars().all(|letter| letter.is_alphanumeric() || "._[]".contains(letter));
        code.contains('(') && is_path
    };
    let is_assignment = || {
        let target = code.split(" = ").next().unwrap_or_default();
        code.contains(" = ")
            && target.chars().all(|letter| letter.is_alphanumeric() || "._[]()\"".contains(letter))
    };
    code.ends_with(';')
        || text.contains(ERROR_MARK)
        || KEYWORDS.contains(&base::fold_case(word).as_ref())
        || is_call()
        || is_assignment()
}

fn shortened(text: &str, limit: usize) -> String {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text[..end].to_owned()
}
