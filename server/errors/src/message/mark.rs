//! Places in braces that errors and stacks begin with: `{ОбщийМодуль.Цены.Модуль(45)}`, `{(3, 12)}` of queries,
//! `{Модуль x.os / Ошибка в строке: 5 / …}` of OneScript.

/// Longer ones are text that happens to begin with a brace.
const MAX_MARK: usize = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    Module { extension: &'a str, path: &'a str, line: u32, column: Option<u32> },
    Query { line: u32, column: u32 },
    Script { path: &'a str, line: u32, column: Option<u32>, message: &'a str },
}

/// A mark in a line and what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marked<'a> {
    pub(super) mark: Mark<'a>,
    /// Where it begins in the line.
    pub(super) start: usize,
    /// Behind the colon, as written.
    pub(super) rest: &'a str,
}

const SCRIPT_LINES: [&str; 4] = [" / Ошибка в строке:", " / Error at line:", " / Error in line:", " / Line:"];

/// The first mark of a line at or behind an offset.
pub(super) fn find_mark(line: &str, from: usize) -> Option<Marked<'_>> {
    let rest = line.get(from..)?;
    rest.match_indices('{').find_map(|(at, _)| {
        let start = from + at;
        let (mark, rest) = read_mark(line.get(start + 1..)?)?;
        Some(Marked { mark, start, rest })
    })
}

/// Reads a mark behind its opening brace.
fn read_mark(text: &str) -> Option<(Mark<'_>, &str)> {
    if let Some(found) = read_script(text) {
        return Some(found);
    }
    let end = text.find('}').filter(|end| *end <= MAX_MARK)?;
    let (inside, rest) = (&text[..end], &text[end + 1..]);
    if inside.contains('{') {
        return None;
    }
    // Behind a brace stands a colon; at the end of a line it may have got lost.
    let behind = match rest.strip_prefix(':') {
        Some(behind) => behind,
        None if rest.trim().is_empty() => "",
        None => return None,
    };
    let (path, numbers) = inside.strip_suffix(')')?.rsplit_once('(')?;
    let (line, column) = read_numbers(numbers)?;
    if path.is_empty() {
        return Some((Mark::Query { line, column: column? }, behind));
    }
    let is_path = path.contains(char::is_alphabetic) && !path.contains(['"', '<', '>', '|', ';', '=', '\n']);
    let (extension, path) = split_extension(path);
    is_path.then_some((Mark::Module { extension, path, line, column }, behind))
}

/// `45`, `45,3`, `45, 3`.
fn read_numbers(text: &str) -> Option<(u32, Option<u32>)> {
    match text.split_once(',') {
        Some((line, column)) => Some((line.trim().parse().ok()?, Some(column.trim().parse().ok()?))),
        None => Some((text.trim().parse().ok()?, None)),
    }
}

/// `YAXUNIT ОбщийМодуль.Тест.Модуль`: the name of an extension and one blank.
pub(super) fn split_extension(path: &str) -> (&str, &str) {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    match path.split_once(' ') {
        Some((extension, path)) if is_name(extension) => (extension, path.trim()),
        _ => ("", path.trim()),
    }
}

fn read_script(text: &str) -> Option<(Mark<'_>, &str)> {
    let (head, tail) = SCRIPT_LINES.iter().find_map(|separator| text.split_once(separator))?;
    if head.len() > MAX_MARK || head.contains(['{', '}', '\n']) {
        return None;
    }
    let path = ["Модуль ", "Module "].iter().find_map(|word| head.strip_prefix(word))?;
    let (numbers, message) = tail.split_once(" / ")?;
    let (line, column) = read_numbers(numbers)?;
    let (message, rest) = message.rsplit_once('}').unwrap_or((message, ""));
    let mark = Mark::Script { path: path.trim(), line, column, message: message.trim() };
    Some((mark, rest.strip_prefix(':').unwrap_or(rest)))
}
