//! A module as tokens: words numbered, local names of each method marked.

use rustc_hash::FxHashSet;

use base::fold_case;

use super::lexer::{Lexeme, LexemeKind, lex};
use super::token::{CLOSING, COMMA, DOT, EQUALS, LINE_END, OPENING, Token, Vocabulary, WordId};

/// Tokens of a text that begins at a line. The row begins with the end of a line that is not there, so that all lines
/// look alike.
pub(crate) fn tokens_of(text: &str, vocabulary: &mut Vocabulary) -> Vec<Token> {
    let lexemes = lex(text);
    let mut tokens = Vec::with_capacity(lexemes.len() + 1);
    tokens.push(Token::new(LINE_END, 0));
    tokens.extend(lexemes.iter().map(|lexeme| {
        let token = match lexeme.kind {
            LexemeKind::LineEnd => Token::new(LINE_END, 0),
            _ => vocabulary.intern(word_of(text, lexeme)),
        };
        token.with_blank(lexeme.blank_before)
    }));
    let keywords = Keywords::of(vocabulary);
    mark_locals(&mut tokens, &keywords, |id| vocabulary.note_local(id));
    tokens
}

pub(crate) fn word_of<'a>(text: &'a str, lexeme: &Lexeme) -> &'a str {
    text.get(lexeme.start..lexeme.end).unwrap_or_default()
}

/// Numbers of the words that tell where methods and variables begin.
pub(crate) struct Keywords {
    method: [WordId; 4],
    method_end: [WordId; 4],
    variable: [WordId; 2],
    each: [WordId; 2],
    loop_start: [WordId; 2],
    by_value: [WordId; 2],
}

impl Keywords {
    pub(crate) fn of(vocabulary: &Vocabulary) -> Self {
        let id = |word: &str| vocabulary.find(word).id();
        Self {
            method: ["Процедура", "Функция", "Procedure", "Function"].map(id),
            method_end: ["КонецПроцедуры", "КонецФункции", "EndProcedure", "EndFunction"].map(id),
            variable: ["Перем", "Var"].map(id),
            each: ["Каждого", "Each"].map(id),
            loop_start: ["Для", "For"].map(id),
            by_value: ["Знач", "Val"].map(id),
        }
    }
}

/// True if a line begins a method, whatever its keywords' language and case.
pub(crate) fn begins_method(line: &str) -> bool {
    starts_with_word(line, &["процедура", "функция", "procedure", "function"])
}

pub(crate) fn ends_method(line: &str) -> bool {
    starts_with_word(line, &["конецпроцедуры", "конецфункции", "endprocedure", "endfunction"])
}

fn starts_with_word(line: &str, words: &[&str]) -> bool {
    let first = line.trim_start().split(|character| !super::lexer::is_word_character(character)).next();
    first.is_some_and(|first| words.contains(&fold_case(first).as_ref()))
}

/// Marks the occurrences of parameters and variables, method by method.
fn mark_locals(tokens: &mut [Token], keywords: &Keywords, mut note: impl FnMut(WordId)) {
    let mut start = 0;
    while let Some(found) = tokens[start..].iter().position(|token| keywords.method.contains(&token.id())) {
        let from = start + found;
        let is_end = |token: &Token| keywords.method_end.contains(&token.id());
        let to = tokens[from..].iter().position(is_end).map_or(tokens.len(), |length| from + length);
        let method = &mut tokens[from..to];
        let names = local_names(method, keywords);
        for id in &names {
            note(*id);
        }
        mark(method, &names);
        start = to.max(from + 1);
    }
}

fn mark(method: &mut [Token], names: &FxHashSet<WordId>) {
    for index in 0..method.len() {
        let after_dot = index > 0 && method[index - 1].id() == DOT;
        let is_call = method.get(index + 1).is_some_and(|next| next.id() == OPENING);
        if !after_dot && !is_call && names.contains(&method[index].id()) {
            method[index] = method[index].as_local();
        }
    }
}

pub(crate) fn local_names(method: &[Token], keywords: &Keywords) -> FxHashSet<WordId> {
    let is_name = |token: &Token| token.id() != LINE_END && !super::token::is_sign(token.id());
    let mut names = FxHashSet::default();
    // Parameters: names after the opening bracket and after commas, up to the closing bracket.
    let mut before = LINE_END;
    for token in
        method.iter().filter(|token| token.id() != LINE_END).take_while(|token| token.id() != CLOSING)
    {
        let is_parameter = before == OPENING || before == COMMA || keywords.by_value.contains(&before);
        if is_parameter && is_name(token) && !keywords.by_value.contains(&token.id()) {
            names.insert(token.id());
        }
        before = token.id();
    }
    for triple in method.windows(3) {
        let [left, middle, right] = [triple[0].id(), triple[1].id(), triple[2].id()];
        let is_assigned = left == LINE_END && right == EQUALS;
        let is_declared = keywords.variable.contains(&left) || keywords.each.contains(&left);
        let is_counter = keywords.loop_start.contains(&left) && right == EQUALS;
        if (is_assigned || is_declared || is_counter) && is_name(&triple[1]) {
            names.insert(middle);
        }
    }
    names
}
