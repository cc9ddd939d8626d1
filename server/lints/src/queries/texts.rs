//! Which literals the query rules take for queries: any text where something is selected or dropped, whatever the
//! program does with it.

use base::same_name;
use syntax::{NodeId, Source, Token, TokenKind};

const SELECT: [&str; 2] = ["ВЫБРАТЬ", "SELECT"];
const DROP: [&str; 2] = ["УНИЧТОЖИТЬ", "DROP"];
/// One of these has to follow `ВЫБРАТЬ`.
const CLAUSES: [&str; 16] = [
    "КАК",
    "AS",
    "ИЗ",
    "FROM",
    "ГДЕ",
    "WHERE",
    "СОЕДИНЕНИЕ",
    "JOIN",
    "ОБЪЕДИНИТЬ",
    "UNION",
    "СГРУППИРОВАТЬ",
    "GROUP",
    "УПОРЯДОЧИТЬ",
    "ORDER",
    "ИТОГИ",
    "TOTALS",
];
/// With the quotes.
const MIN_LENGTH: usize = 12;

pub(super) fn is_query_text(source: Source<'_>, node: NodeId) -> bool {
    if (source.tree.range(node).len() as usize) < MIN_LENGTH {
        return false;
    }
    let tokens = source.tree.tokens_of(node).iter().filter(|token| token.kind.is_string());
    let lines = tokens.map(|token| line_of(source, token)).filter(|line| !is_skipped(line));
    is_query(lines) && source.node_text(node).chars().nth(MIN_LENGTH - 1).is_some()
}

/// A line of a literal without what delimits it.
fn line_of<'a>(source: Source<'a>, token: &Token) -> &'a str {
    let line = source.token_text(token);
    let line = line.strip_prefix(['"', '|']).unwrap_or(line);
    match token.kind {
        TokenKind::String | TokenKind::StringTail => line.strip_suffix('"').unwrap_or(line),
        _ => line,
    }
}

fn is_skipped(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('|') || line.starts_with("\"\"") || line.starts_with("//")
}

fn is_query<'a>(mut lines: impl Iterator<Item = &'a str> + Clone) -> bool {
    // Nothing but blanks stands between here and the last place where a query may start.
    let mut may_start = true;
    while let Some(line) = lines.next() {
        let mut rest = line;
        loop {
            let start = rest.trim_start();
            if may_start && starts_query(start, &lines) {
                return true;
            }
            may_start &= start.is_empty();
            let Some(at) = rest.find(['"', '|', ';']) else { break };
            rest = &rest[at + 1..];
            may_start = true;
        }
    }
    false
}

/// The first word selects or drops, and what it needs follows.
fn starts_query<'a>(start: &'a str, lines: &(impl Iterator<Item = &'a str> + Clone)) -> bool {
    let end = start.find(char::is_whitespace).unwrap_or(start.len());
    let (word, rest) = start.split_at(end);
    let is_one_of = |known: &[&str]| known.iter().any(|known| same_name(word, known));
    let (selects, drops) = (is_one_of(&SELECT), is_one_of(&DROP));
    if !selects && !drops {
        return false;
    }
    let mut words = std::iter::once(rest).chain(lines.clone()).flat_map(str::split_whitespace);
    let has_first = words.next().is_some();
    has_first && (drops || words.any(|word| CLAUSES.iter().any(|clause| same_name(word, clause))))
}
