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
    let mut opened = open_brackets(context, typed.len());
    let is_open_above = opened.is_empty();
    close_by_rest(&mut opened, rest_of_line);
    let end = balanced_end(&text, &opened, is_open_above);
    // A statement keeps its end when a closer too many is taken out.
    let ends_statement = end < text.len() && text.ends_with(';') && rest_of_line.trim().is_empty();
    text.truncate(end);
    if ends_statement {
        text.push(';');
    }
    text.truncate(without_following_lines(&text, &context.suffix));
    text.truncate(without_rest(&text, rest_of_line));
    if rest_of_line.trim().is_empty() {
        complete_brackets(&mut text, &opened);
    }
    let new = new_part(&text, typed)?;
    let is_worth = new.trim().chars().count() >= CHARACTERS || is_end_of_statement(new);
    (is_worth && new.trim() != rest_of_line.trim()).then_some(text)
}

/// Lets an acceptor judge; ends the block that a line begins if nothing below does, or cuts to what is accepted.
pub fn accept(acceptor: &dyn Acceptor, context: &Context, text: String, replaced: usize) -> Option<String> {
    let verdict = acceptor.judge(&text, replaced);
    if verdict != Verdict::Accepted
        && let Some(closed) = with_block_end(context, &text, replaced)
        && acceptor.judge(&closed, replaced) == Verdict::Accepted
    {
        return Some(closed);
    }
    match verdict {
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

/// The text with the end of the block that its line begins.
fn with_block_end(context: &Context, text: &str, replaced: usize) -> Option<String> {
    let before = context.prefix.get(..context.prefix.len().checked_sub(replaced)?)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let whole = format!("{line}{text}");
    let end = block_end(whole.trim())?;
    let line_break = if context.prefix.contains("\r\n") { "\r\n" } else { "\n" };
    let is_alone = !text.contains('\n') && first_line(&context.suffix).trim().is_empty();
    is_alone.then(|| format!("{text}{line_break}{indentation}{end}"))
}

/// What ends the block that a whole line begins.
fn block_end(line: &str) -> Option<&'static str> {
    let word = |word: Option<&str>| base::fold_case(word.unwrap_or_default()).into_owned();
    let mut words = line.split(|letter| !is_word_character(letter)).filter(|word| !word.is_empty());
    let first = word(words.next());
    let last = word(words.next_back());
    Some(match (first.as_str(), last.as_str()) {
        ("если", "тогда") => "КонецЕсли;",
        ("if", "then") => "EndIf;",
        ("для" | "пока", "цикл") => "КонецЦикла;",
        ("for" | "while", "do") => "EndDo;",
        _ => return None,
    })
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

/// What stands right of the caret closes the innermost brackets.
fn close_by_rest(opened: &mut Vec<char>, rest: &str) {
    walk(rest, &mut Vec::new(), |_, closer| {
        if opened.last() == Some(&closer) {
            opened.pop();
        }
        true
    });
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
fn balanced_end(text: &str, opened: &[char], is_open_above: bool) -> usize {
    let mut open = opened.to_vec();
    let mut spare = usize::from(is_open_above);
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
        check("А = Б($0\n", "В));", expect!["В);"]);
        check("А = Б($0);\n", "Вес));", expect!["Вес"]);
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

    /// Knows no block without its end.
    struct Closed;

    impl Acceptor for Closed {
        fn judge(&self, text: &str, _replaced: usize) -> Verdict {
            if text.contains("Тогда") && !text.contains("КонецЕсли") {
                Verdict::Rejected
            } else {
                Verdict::Accepted
            }
        }
    }

    #[test]
    fn blocks_without_end_get_one() {
        let context =
            Context {
                prefix: "А = 1;\n\t\tЕсли ".to_owned(), suffix: "\n".to_owned(), ..Context::default()
            };
        let accepted = |text: &str| accept(&Closed, &context, text.to_owned(), 0);
        assert_eq!(accepted("Б Тогда").as_deref(), Some("Б Тогда\n\t\tКонецЕсли;"));
        assert_eq!(accepted("Б Тогда В = 1;"), None);
        assert_eq!(accepted("Б = 1").as_deref(), Some("Б = 1"));
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
