//! Which parts of a module `#Если` leaves out: the host is a server.

use base::{TextRange, same_name};
use syntax::{DirectiveWord, DirectiveWordKind, Source, TokenKind, directive_words};

const SERVER: [&str; 2] = ["Сервер", "Server"];

/// A branch of `#Если` that is open.
struct Branch {
    /// Where a part that is left out began.
    skipped_from: Option<u32>,
    was_taken: bool,
}

/// Ranges of code that a server does not have.
pub(super) fn inactive_ranges(source: Source<'_>) -> Vec<TextRange> {
    let mut ranges = Vec::new();
    let mut branches: Vec<Branch> = Vec::new();
    for token in source.tree.tokens().iter().filter(|token| token.kind.is_directive()) {
        match token.kind {
            TokenKind::DirectiveIf => {
                let is_true = is_true(source, token.range());
                let skipped_from = (!is_true).then_some(token.end);
                branches.push(Branch { skipped_from, was_taken: is_true });
            }
            TokenKind::DirectiveElsif | TokenKind::DirectiveElse => {
                let Some(branch) = branches.last_mut() else { continue };
                if let Some(start) = branch.skipped_from.take() {
                    ranges.push(TextRange { start, end: token.start });
                }
                let is_true = token.kind == TokenKind::DirectiveElse || is_true(source, token.range());
                let is_taken = is_true && !branch.was_taken;
                branch.was_taken |= is_taken;
                branch.skipped_from = (!is_taken).then_some(token.end);
            }
            TokenKind::DirectiveEndIf => {
                if let Some(start) = branches.pop().and_then(|branch| branch.skipped_from) {
                    ranges.push(TextRange { start, end: token.start });
                }
            }
            TokenKind::DirectiveDelete => ranges.push(token.range()),
            _ => {}
        }
    }
    ranges
}

fn is_true(source: Source<'_>, directive: TextRange) -> bool {
    let words = directive_words(source.text, directive);
    let mut words = words.iter().filter(|word| word.kind != DirectiveWordKind::Instruction).peekable();
    any(&mut words)
}

/// `ИЛИ` binds weaker than `И`.
fn any<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a DirectiveWord<'a>>>) -> bool {
    let mut value = all(words);
    while words.next_if(|word| is_one_of(word, &["ИЛИ", "Or"])).is_some() {
        value |= all(words);
    }
    value
}

fn all<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a DirectiveWord<'a>>>) -> bool {
    let mut value = single(words);
    while words.next_if(|word| is_one_of(word, &["И", "And"])).is_some() {
        value &= single(words);
    }
    value
}

/// A chain of `НЕ`, then a name or parentheses.
fn single<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a DirectiveWord<'a>>>) -> bool {
    let mut is_negated = false;
    while words.next_if(|word| is_one_of(word, &["НЕ", "Not"])).is_some() {
        is_negated = !is_negated;
    }
    let value = match words.next() {
        Some(word) if word.text == "(" => {
            let mut depth = 1;
            let mut inner = Vec::new();
            for word in words.by_ref() {
                match word.text {
                    "(" => depth += 1,
                    ")" => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                inner.push(word);
            }
            any(&mut boxed(inner))
        }
        Some(word) => is_one_of(word, &SERVER),
        None => false,
    };
    value != is_negated
}

/// Erases the type, which would otherwise grow with every parenthesis.
fn boxed<'a>(
    words: Vec<&'a DirectiveWord<'a>>,
) -> std::iter::Peekable<Box<dyn Iterator<Item = &'a DirectiveWord<'a>> + 'a>> {
    let words: Box<dyn Iterator<Item = _>> = Box::new(words.into_iter());
    words.peekable()
}

fn is_one_of(word: &DirectiveWord<'_>, spellings: &[&str]) -> bool {
    spellings.iter().any(|spelling| same_name(word.text, spelling))
}
