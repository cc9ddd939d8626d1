//! What may be shown, as far as text alone can tell: whole brackets and strings, nothing that stands there already,
//! never nothing.

use crate::lines::{ends_method, is_word_character};
use crate::{Acceptor, Context, Extent, Verdict};

/// Fewer new characters are not worth a glance.
const CHARACTERS: usize = 2;

/// The good part of a continuation that replaces the last `replaced` bytes before the caret; `None` if there is none.
pub fn clean(context: &Context, text: &str, replaced: usize, extent: Extent) -> Option<String> {
    let typed = context.prefix.get(context.prefix.len().checked_sub(replaced)?..)?;
    let rest_of_line = first_line(&context.suffix);
    let mut text = cut_lines(text, extent).to_owned();
    text.truncate(text.trim_end().len());
    let opened = open_brackets(context, typed.len());
    text.truncate(balanced_end(&text, &opened));
    text.truncate(without_following_lines(&text, &context.suffix));
    text.truncate(without_rest(&text, rest_of_line));
    if rest_of_line.trim().is_empty() {
        complete_brackets(&mut text, &opened);
    }
    let new = new_part(&text, typed)?;
    let is_worth = new.trim().chars().count() >= CHARACTERS || is_end_of_statement(new);
    (is_worth && new.trim() != rest_of_line.trim()).then_some(text)
}

/// Lets an acceptor judge; cuts to what it accepts.
pub fn accept(acceptor: &dyn Acceptor, context: &Context, text: String, replaced: usize) -> Option<String> {
    match acceptor.judge(&text, replaced) {
        Verdict::Accepted => Some(text),
        Verdict::Rejected => None,
        Verdict::CutAt(end) => {
            let cut = text.get(..end)?.trim_end();
            let typed = context.prefix.get(context.prefix.len().checked_sub(replaced)?..)?;
            let is_worth = new_part(cut, typed)?.trim().chars().count() >= CHARACTERS;
            is_worth.then(|| cut.to_owned())
        }
    }
}

/// What a continuation adds to what is typed; `None` if it does not begin with that.
fn new_part<'a>(text: &'a str, typed: &str) -> Option<&'a str> {
    let begins = text.get(..typed.len()).is_some_and(|start| base::same_name(start, typed));
    begins.then(|| &text[typed.len()..])
}

/// `;` alone is a whole rest of a line.
fn is_end_of_statement(text: &str) -> bool {
    text.trim() == ";"
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// As many lines as wanted, and not beyond the end of the method.
fn cut_lines(text: &str, extent: Extent) -> &str {
    let at_most = match extent {
        Extent::Line => 1,
        Extent::Lines(count) => usize::from(count.max(1)),
    };
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index >= at_most || index > 0 && ends_method(line) {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

/// Closers that the line needs for what is open before the replaced text, the innermost last.
fn open_brackets(context: &Context, replaced: usize) -> Vec<char> {
    let before = &context.prefix[..context.prefix.len() - replaced];
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.trim_start().starts_with('|') {
        return Vec::new();
    }
    let mut open = Vec::new();
    walk(line, &mut open, |_, _| true);
    open
}

/// Goes through code; calls `close` at closers that nothing opened, which may stop the walk. Gives where it stopped.
fn walk(text: &str, open: &mut Vec<char>, mut close: impl FnMut(usize, char) -> bool) -> usize {
    for (at, letter) in text.char_indices() {
        let is_in_string = open.last() == Some(&'"');
        match letter {
            '"' if is_in_string => {
                open.pop();
            }
            '\n' if is_in_string => {
                open.pop();
            }
            _ if is_in_string => {}
            '"' => open.push('"'),
            '/' if text[at..].starts_with("//") => return text.len(),
            '(' => open.push(')'),
            '[' => open.push(']'),
            ')' | ']' => {
                if open.last() == Some(&letter) {
                    open.pop();
                } else if !close(at, letter) {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Where the text ends at the latest: before a closer that nothing opened. Brackets may be open since lines above; one
/// closer more than this line opened is then possible, so only text with more closers than that is cut.
fn balanced_end(text: &str, opened: &[char]) -> usize {
    let mut open = opened.to_vec();
    let mut spare = usize::from(opened.is_empty());
    walk(text, &mut open, |_, _| {
        let may_close = spare > 0;
        spare = spare.saturating_sub(1);
        may_close
    })
}

/// Where the text begins to repeat the lines below the caret.
fn without_following_lines(text: &str, suffix: &str) -> usize {
    let below: Vec<&str> =
        suffix.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).take(3).collect();
    let Some(next) = below.first() else { return text.len() };
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let is_repeated = index > 0 && is_long(next) && line.trim() == *next;
        if is_repeated {
            return text[..end].trim_end().len();
        }
        end += line.len();
    }
    text.len()
}

fn is_long(line: &str) -> bool {
    line.chars().filter(|letter| is_word_character(*letter)).count() > 3
}

/// Where the text begins to repeat what stands right of the caret.
fn without_rest(text: &str, rest: &str) -> usize {
    let rest = rest.trim();
    if !rest.is_empty() && text.ends_with(rest) { text.len() - rest.len() } else { text.len() }
}

/// Closes what the line leaves open, if the text ends a statement or an argument.
fn complete_brackets(text: &mut String, opened: &[char]) {
    let mut open = opened.to_vec();
    walk(text, &mut open, |_, _| true);
    let last = text.chars().next_back();
    let is_ended = last == Some(';');
    if open.is_empty() || open.contains(&'"') || !is_ended {
        return;
    }
    text.pop();
    while let Some(closer) = open.pop() {
        text.push(closer);
    }
    text.push(';');
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// `$1` begins what is replaced, `$0` is the caret.
    #[track_caller]
    fn check(code: &str, text: &str, expected: Expect) {
        let (prefix, suffix) = code.split_once("$0").expect("invariant: there is a caret");
        let (prefix, replaced) = match prefix.split_once("$1") {
            Some((before, typed)) => (format!("{before}{typed}"), typed.len()),
            None => (prefix.to_owned(), 0),
        };
        let context = Context { prefix, suffix: suffix.to_owned(), ..Context::default() };
        let shown = clean(&context, text, replaced, Extent::Lines(3));
        expected.assert_eq(&shown.map_or("nothing".to_owned(), |text| text.replace('\n', "⏎")));
    }

    #[test]
    fn closers_without_openers_are_cut() {
        check("А = Б($0\n", "В));", expect!["В)"]);
        check("А = $0\n", "Б(В[1]) + \")\";", expect!["Б(В[1]) + \")\";"]);
        check("$0\n", "В);", expect!["В);"]);
    }

    #[test]
    fn open_brackets_are_closed() {
        check("А = Б(В, $0\n", "Г;", expect!["Г);"]);
        check("А = Б(В, $0\n", "Г,", expect!["Г,"]);
    }

    #[test]
    fn what_stands_there_is_not_repeated() {
        check("Сообщить($0);\n", "Текст);", expect!["Текст"]);
        check("А = 1;$0\nВозврат Истина;\n", "\nБ = 1;\nВозврат Истина;", expect!["⏎Б = 1;"]);
        check("А = Б$0;\n", ";", expect!["nothing"]);
    }

    #[test]
    fn methods_are_not_ended() {
        check("\t$0\n", "Возврат А;\nКонецФункции\n", expect!["Возврат А;"]);
    }

    #[test]
    fn nothing_is_never_shown() {
        check("А$0\n", "", expect!["nothing"]);
        check("$1А$0\n", "А", expect!["nothing"]);
        check("$1сооб$0\n", "Сообщить(А);", expect!["Сообщить(А);"]);
        check("$1Сооб$0\n", "Сумма", expect!["nothing"]);
    }
}
