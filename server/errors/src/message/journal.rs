//! Events `EXCP` of the technological journal, and the places and prefixes that its texts bring along.

use super::StackFrame;
use super::mark::split_extension;

const MAX_EVENT_LINES: usize = 500;

/// What an event says.
#[derive(Debug, Default)]
pub(super) struct JournalEvent {
    pub(super) description: Vec<String>,
    /// From `Context`, the innermost call first.
    pub(super) stack: Vec<StackFrame>,
}

/// The events of a text and the lines around them.
pub(super) fn journal_events(lines: &[String]) -> (Vec<JournalEvent>, Vec<String>) {
    let mut events = Vec::new();
    let mut others = Vec::new();
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        if !is_event_start(line) {
            others.extend(plain_line(line));
            next += 1;
            continue;
        }
        let rest = &lines[next..];
        let ends = |line: &String| is_event_start(line);
        let length = rest.iter().skip(1).position(ends).map_or(rest.len(), |at| at + 1);
        let length = length.min(MAX_EVENT_LINES);
        if base::fold_case(line).contains(",excp,") {
            events.push(read_event(&rest[..length].join("\n")));
        }
        next += length;
    }
    (events, others)
}

/// `32:10.123456-0,EXCP,5,…`
fn is_event_start(line: &str) -> bool {
    let Some((time, rest)) = line.trim_start().split_once('-') else { return false };
    let is_time =
        time.len() >= 5 && time.chars().all(|letter| letter.is_ascii_digit() || ":.".contains(letter));
    let Some((length, rest)) = rest.split_once(',') else { return false };
    is_time && time.contains(':') && length.bytes().all(|byte| byte.is_ascii_digit()) && rest.contains(',')
}

fn read_event(text: &str) -> JournalEvent {
    let mut event = JournalEvent::default();
    if let Some(description) = property(text, "Descr") {
        event.description = description.lines().filter_map(plain_line).collect();
    }
    if let Some(context) = property(text, "Context") {
        event.stack = context.lines().filter_map(|line| context_frame(line.trim())).collect();
        // The journal writes calls from the outside to the inside.
        event.stack.reverse();
    }
    event
}

/// The value of a property: up to the next comma, or in quotes that are doubled inside.
fn property(text: &str, name: &str) -> Option<String> {
    let start = text.find(&format!(",{name}="))? + name.len() + 2;
    let value = text.get(start..)?;
    let Some(quote) = value.chars().next().filter(|letter| matches!(letter, '\'' | '"')) else {
        return Some(value.split([',', '\n']).next().unwrap_or_default().to_owned());
    };
    let mut plain = String::new();
    let mut letters = value[1..].chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == quote {
            if letters.peek() != Some(&quote) {
                break;
            }
            letters.next();
        }
        plain.push(letter);
    }
    Some(plain)
}

/// `Документ.Заказ.МодульОбъекта : 12 : Цены.Рассчитать();`
pub(super) fn context_frame(text: &str) -> Option<StackFrame> {
    let mut parts = text.splitn(3, " : ");
    let (module, line) = (parts.next()?.trim(), parts.next()?.trim());
    let source = parts.next().unwrap_or_default().trim();
    let (extension, path) = split_extension(module);
    let is_path = path.contains('.')
        && path.chars().all(|letter| letter.is_alphanumeric() || "._".contains(letter))
        && path.chars().any(char::is_alphabetic);
    let line = line.trim_end_matches(':').trim().parse().ok()?;
    is_path.then(|| StackFrame {
        extension: extension.to_owned(),
        module: path.to_owned(),
        line,
        column: None,
        source: source.to_owned(),
    })
}

/// A line without the identifier before its text; none if it only names a place in the platform's own sources.
fn plain_line(line: &str) -> Option<String> {
    let text = line.trim_start();
    if is_source_place(text.trim_end()) {
        return None;
    }
    if let Some((identifier, rest)) = text.split_once(": ")
        && is_identifier(identifier)
    {
        return Some(rest.to_owned());
    }
    Some(line.to_owned())
}

/// `src\DataBase.cpp(6520):`
fn is_source_place(text: &str) -> bool {
    let place = text.trim_end_matches(':');
    let Some((file, number)) = place.strip_suffix(')').and_then(|place| place.rsplit_once('(')) else {
        return false;
    };
    let is_file = file.ends_with(".cpp") || file.ends_with(".h");
    is_file && !file.contains(' ') && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// `580392e6-ba49-4280-ac67-fcd6f2180121`
pub(crate) fn is_identifier(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
