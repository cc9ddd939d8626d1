//! Composes the rest of a line word by word, and tells how likely given rests are.

use base::CancelToken;

use super::LineCandidate;
use super::lexer::{LexemeKind, lex};
use super::mixture::{Match, Mixture};
use super::module_tokens::word_of;
use super::token::{LINE_END, Token, UNKNOWN, WordId};

const WIDTH: usize = 4;
const WORDS_AT_MOST: usize = 40;
/// What a word costs that nothing speaks for.
const UNSEEN: f32 = -11.5;

#[derive(Clone)]
struct Hypothesis {
    words: Vec<Token>,
    matches: Vec<Match>,
    log_probability: f32,
    weakest: f32,
    /// Length of the context that told the first words.
    context: usize,
}

pub(crate) fn compose(mixture: &Mixture<'_>, at_most: usize, cancel: &CancelToken) -> Vec<LineCandidate> {
    let start = Hypothesis {
        words: Vec::new(),
        matches: mixture.start(),
        log_probability: 0.0,
        weakest: 0.0,
        context: 0,
    };
    let mut live = vec![start];
    let mut done: Vec<Hypothesis> = Vec::new();
    for step in 0..WORDS_AT_MOST {
        if live.is_empty() || cancel.is_cancelled() {
            break;
        }
        let mut grown: Vec<(Hypothesis, Token)> = Vec::new();
        for hypothesis in &live {
            grown.extend(grow(mixture, hypothesis, step == 0));
        }
        grown.sort_by(|left, right| right.0.log_probability.total_cmp(&left.0.log_probability));
        grown.truncate(WIDTH + done.len().min(2));
        live.clear();
        for (mut hypothesis, token) in grown {
            let is_hopeless = done.len() >= WIDTH
                && done.iter().all(|other| other.log_probability > hypothesis.log_probability + 1.0);
            if is_hopeless {
                continue;
            }
            if token.id() == LINE_END {
                done.push(hypothesis);
            } else {
                hypothesis.matches = mixture.extend(&hypothesis.matches, token);
                hypothesis.words.push(token);
                live.push(hypothesis);
            }
        }
    }
    done.sort_by(|left, right| right.log_probability.total_cmp(&left.log_probability));
    done.truncate(at_most);
    done.iter().map(|hypothesis| candidate(mixture, hypothesis)).collect()
}

fn grow(mixture: &Mixture<'_>, hypothesis: &Hypothesis, is_first: bool) -> Vec<(Hypothesis, Token)> {
    let partial = is_first && !mixture.caret.partial.is_empty();
    let previous = previous_word(mixture, &hypothesis.words);
    let next = mixture.next(&hypothesis.matches, previous, partial);
    let deepest = hypothesis.matches.iter().map(|known| known.depth as usize).max().unwrap_or_default();
    next.iter()
        .filter(|next| next.token.id() != UNKNOWN && !(is_first && next.token.id() == LINE_END))
        .take(WIDTH + 2)
        .map(|next| {
            let log = next.probability.max(1e-9).ln();
            let mut grown = hypothesis.clone();
            grown.log_probability += log;
            grown.weakest = grown.weakest.min(log);
            grown.context = if is_first { deepest } else { grown.context };
            (grown, next.token)
        })
        .collect()
}

fn previous_word(mixture: &Mixture<'_>, words: &[Token]) -> WordId {
    words.last().or(mixture.caret.before.last()).map_or(LINE_END, |token| token.id())
}

fn candidate(mixture: &Mixture<'_>, hypothesis: &Hypothesis) -> LineCandidate {
    LineCandidate {
        text: render(mixture, &hypothesis.words),
        replaced: mixture.caret.partial.len(),
        log_probability: hypothesis.log_probability,
        weakest: hypothesis.weakest,
        words: hypothesis.words.len() + 1,
        count: 0.0,
        share: 0.0,
        modules: 0,
        is_in_module: false,
        context: hypothesis.context,
    }
}

/// Words as text behind the caret.
pub(crate) fn render(mixture: &Mixture<'_>, words: &[Token]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let is_wanted = word.has_blank_before();
        let is_there = index == 0 && (mixture.caret.has_blank || !mixture.caret.partial.is_empty());
        if is_wanted && !is_there {
            text.push(' ');
        }
        text.push_str(mixture.text(*word));
    }
    text
}

/// Figures of a continuation that somebody else made.
pub(crate) fn judge(mixture: &Mixture<'_>, text: &str, replaced: usize) -> Option<LineCandidate> {
    let partial = &mixture.caret.partial;
    let typed = partial.len();
    // The text may replace more or less than the word as it is cut here.
    let whole = if replaced >= typed {
        text.get(replaced - typed..)?.to_owned()
    } else {
        format!("{}{text}", partial.get(..typed - replaced)?)
    };
    let line = whole.lines().next().unwrap_or_default();
    let lexemes = lex(line);
    let words: Vec<Token> = lexemes
        .iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::LineEnd)
        .map(|lexeme| mixture.find(word_of(line, lexeme)).with_blank(lexeme.blank_before))
        .collect();
    Some(judge_words(mixture, &words, line))
}

pub(crate) fn judge_words(mixture: &Mixture<'_>, words: &[Token], text: &str) -> LineCandidate {
    let mut matches = mixture.start();
    let context = matches.iter().map(|known| known.depth as usize).max().unwrap_or_default();
    let (mut log_probability, mut weakest) = (0.0f32, 0.0f32);
    let end = Token::new(LINE_END, 0);
    for (index, token) in words.iter().chain([&end]).enumerate() {
        let partial = index == 0 && !mixture.caret.partial.is_empty();
        let next = mixture.next(&matches, previous_word(mixture, &words[..index]), partial);
        let found = next.iter().find(|next| next.token.bare() == token.bare());
        let log = found.map_or(UNSEEN, |next| next.probability.max(1e-5).ln());
        log_probability += log;
        weakest = weakest.min(log);
        matches = mixture.extend(&matches, *token);
    }
    LineCandidate {
        text: text.to_owned(),
        replaced: mixture.caret.partial.len(),
        log_probability,
        weakest,
        words: words.len() + 1,
        count: 0.0,
        share: 0.0,
        modules: 0,
        is_in_module: false,
        context,
    }
}
