//! The place of the caret as the index sees it: words before it, what is typed of the current one, names in scope.

use base::fold_case;
use rustc_hash::{FxHashMap, FxHashSet};

use super::lexer::{Lexeme, LexemeKind, lex};
use super::module_tokens::{Keywords, begins_method, ends_method, local_names, word_of};
use super::token::{DOT, LINE_END, OPENING, Token, UNKNOWN, Vocabulary, WordId};
use crate::{Context, Place};

/// Lines above the caret that are looked at, if the method is that long.
const LINES_AT_MOST: usize = 500;
const BYTES_AT_MOST: usize = 48 * 1024;

#[derive(Debug)]
pub(crate) struct Caret {
    /// Words before the caret, at least those of the current line; begins with the end of a line.
    pub(crate) before: Vec<Token>,
    /// Where the current line begins in `before`: at the end of the line above.
    pub(crate) line: usize,
    /// What is typed of the current word or string.
    pub(crate) partial: String,
    /// A blank, or nothing but blanks, stands before what comes next.
    pub(crate) has_blank: bool,
    /// Names of the method, with their part of all uses, recent ones weighing more.
    pub(crate) scope: Vec<(Token, f32)>,
    scope_ids: FxHashSet<WordId>,
    /// The first words right of the caret.
    pub(crate) after: Vec<WordId>,
    /// Words that the vocabulary lacks; their numbers go on where it ends.
    own_words: Vec<String>,
    first_own: WordId,
}

impl Caret {
    /// `None` where no code is written: in comments.
    pub(crate) fn read(context: &Context, vocabulary: &Vocabulary) -> Option<Self> {
        if matches!(context.place, Place::Comment | Place::Documentation) {
            return None;
        }
        let text = &context.prefix[method_start(&context.prefix)..];
        let mut lexemes = lex(text);
        let ends_line = text.is_empty() || text.ends_with('\n');
        if !ends_line && lexemes.last().is_some_and(|last| last.kind == LexemeKind::LineEnd) {
            let line_has_lexemes = lexemes.len() > 1 && {
                let last_line = text.rfind('\n').map_or(0, |at| at + 1);
                lexemes[lexemes.len() - 2].end > last_line
            };
            if line_has_lexemes {
                lexemes.pop();
            }
        }
        let line_start = text.rfind('\n').map_or(0, |at| at + 1);
        let first =
            lexemes.partition_point(|lexeme| lexeme.end <= line_start || is_end_above(lexeme, line_start));
        let rest = lexemes.last().map_or(line_start, |last| last.end.max(line_start));
        if text.get(rest..).is_some_and(|rest| rest.contains("//")) {
            return None;
        }
        let partial_start = take_partial(text, &mut lexemes, first);
        let mut caret = Self {
            before: vec![Token::new(LINE_END, 0)],
            line: 0,
            partial: text[partial_start..].to_owned(),
            has_blank: text[..partial_start].ends_with([' ', '\t', '\n']) || partial_start == 0,
            scope: Vec::new(),
            scope_ids: FxHashSet::default(),
            after: first_words(&context.suffix, vocabulary),
            own_words: Vec::new(),
            first_own: vocabulary.len() as WordId,
        };
        caret.add_words(text, &lexemes, first, vocabulary);
        if caret.typed() == 0 && caret.partial.is_empty() && caret.after.first() == Some(&LINE_END) {
            // Rows have no empty lines.
            caret.after.remove(0);
        }
        caret.add_scope(&Keywords::of(vocabulary));
        Some(caret)
    }

    fn add_words(&mut self, text: &str, lexemes: &[Lexeme], first: usize, vocabulary: &Vocabulary) {
        let mut own: FxHashMap<String, WordId> = FxHashMap::default();
        for (index, lexeme) in lexemes.iter().enumerate() {
            if index == first {
                self.line = self.before.len() - 1;
            }
            let token = match lexeme.kind {
                LexemeKind::LineEnd => Token::new(LINE_END, 0),
                _ => {
                    let word = word_of(text, lexeme);
                    let known = vocabulary.find(word);
                    if known.id() == UNKNOWN { self.own_word(word, &mut own) } else { known }
                }
            };
            self.before.push(token.with_blank(lexeme.blank_before));
        }
        if first >= lexemes.len() {
            self.line = self.before.len() - 1;
        }
    }

    fn own_word(&mut self, word: &str, own: &mut FxHashMap<String, WordId>) -> Token {
        let (words, first) = (&mut self.own_words, self.first_own);
        let id = *own.entry(fold_case(word).into_owned()).or_insert_with(|| {
            words.push(word.to_owned());
            first + words.len() as WordId - 1
        });
        Token::new(id, 0)
    }

    fn add_scope(&mut self, keywords: &Keywords) {
        let names = local_names(&self.before, keywords);
        let mut uses: Vec<Token> = Vec::new();
        for (index, token) in self.before.iter().enumerate() {
            let after_dot = index > 0 && self.before[index - 1].id() == DOT;
            let is_call = self.before.get(index + 1).is_some_and(|next| next.id() == OPENING);
            if names.contains(&token.id()) && !after_dot && !is_call {
                uses.push(token.bare());
            }
        }
        let mut weights: FxHashMap<WordId, usize> = FxHashMap::default();
        for (age, token) in uses.iter().rev().enumerate() {
            let slot = *weights.entry(token.id()).or_insert_with(|| {
                self.scope.push((*token, 0.05));
                self.scope.len() - 1
            });
            self.scope[slot].1 += 0.85f32.powi(age as i32);
        }
        let sum: f32 = self.scope.iter().map(|(_, weight)| weight).sum();
        for (token, weight) in &mut self.scope {
            *weight /= sum;
            self.scope_ids.insert(token.id());
        }
    }

    pub(crate) fn is_in_scope(&self, id: WordId) -> bool {
        self.scope_ids.contains(&id)
    }

    pub(crate) fn find(&self, text: &str, vocabulary: &Vocabulary) -> Token {
        let known = vocabulary.find(text);
        let own = || self.own_words.iter().position(|word| base::same_name(word, text));
        match known.id() {
            UNKNOWN => own().map_or(known, |own| Token::new(self.first_own + own as WordId, 0)),
            _ => known,
        }
    }

    pub(crate) fn text<'a>(&'a self, token: Token, vocabulary: &'a Vocabulary) -> &'a str {
        match token.id().checked_sub(self.first_own) {
            Some(own) => self.own_words.get(own as usize).map_or("", String::as_str),
            None => vocabulary.text(token),
        }
    }

    /// Words typed of the current line.
    pub(crate) fn typed(&self) -> usize {
        self.before.len() - 1 - self.line
    }
}

fn first_words(suffix: &str, vocabulary: &Vocabulary) -> Vec<WordId> {
    const WORDS: usize = 10;
    const BYTES: usize = 400;
    let end =
        (0..=BYTES.min(suffix.len())).rev().find(|&end| suffix.is_char_boundary(end)).unwrap_or_default();
    let text = &suffix[..end];
    // An empty line right of the caret leaves no lexeme.
    let mut words =
        if text.trim_start_matches([' ', '\t', '\r']).starts_with('\n') { vec![LINE_END] } else { vec![] };
    // The last word may be cut.
    let lexemes = lex(text);
    let whole = &lexemes[..lexemes.len().saturating_sub(if end < suffix.len() { 2 } else { 0 })];
    words.extend(whole.iter().map(|lexeme| match lexeme.kind {
        LexemeKind::LineEnd => LINE_END,
        _ => vocabulary.find(word_of(text, lexeme)).id(),
    }));
    words.truncate(WORDS);
    words
}

fn is_end_above(lexeme: &Lexeme, line_start: usize) -> bool {
    lexeme.kind == LexemeKind::LineEnd && lexeme.end < line_start
}

/// Takes off the lexeme that is being typed; gives where it begins, the end of the text if there is none.
fn take_partial(text: &str, lexemes: &mut Vec<Lexeme>, first: usize) -> usize {
    let line = lexemes.get(first..).unwrap_or_default();
    let is_continued = line.first().is_some_and(|lexeme| text[lexeme.start..].starts_with('|'));
    // A quote that nothing closes: everything behind it is one string that is being typed.
    let opened = line.iter().position(|lexeme| {
        lexeme.kind == LexemeKind::Operator && text[lexeme.start..lexeme.end].starts_with('"')
    });
    if let Some(opened) = opened.filter(|_| !is_continued) {
        let start = line[opened].start;
        lexemes.truncate(first + opened);
        return start;
    }
    match line.last() {
        Some(last)
            if last.end == text.len() && matches!(last.kind, LexemeKind::Word | LexemeKind::Number) =>
        {
            let start = last.start;
            lexemes.pop();
            start
        }
        _ => text.len(),
    }
}

/// Where the method around the end of the text begins; some lines above it if none does.
fn method_start(prefix: &str) -> usize {
    let mut at = prefix.rfind('\n').map_or(0, |at| at + 1);
    let mut nearest = at;
    for line in 0..LINES_AT_MOST {
        let text = &prefix[at..];
        if begins_method(text.lines().next().unwrap_or_default()) {
            return at;
        }
        let is_above = line > 0 && ends_method(text.lines().next().unwrap_or_default());
        if is_above && line > 8 || at == 0 || prefix.len() - at > BYTES_AT_MOST {
            return nearest;
        }
        nearest = at;
        at = prefix[..at - 1].rfind('\n').map_or(0, |at| at + 1);
    }
    nearest
}
