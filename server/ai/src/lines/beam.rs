//! Composes the rest of a line word by word, and tells how likely given rests are.

use base::CancelToken;

use super::LineCandidate;
use super::lexer::{LexemeKind, lex};
use super::mixture::{Match, Mixture, Next};
use super::module_tokens::word_of;
use super::token::{LINE_END, Token, UNKNOWN, WordId};

const WIDTH: usize = 4;
const WORDS_AT_MOST: usize = 40;
/// So much less likely than a complete line, a hypothesis is given up.
const HOPELESS: f32 = 3.5;
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
        matches: mixture.start().to_vec(),
        log_probability: 0.0,
        weakest: 0.0,
        context: deepest(mixture.start()),
    };
    let mut live = vec![start];
    let mut done: Vec<Hypothesis> = Vec::new();
    for step in 0..WORDS_AT_MOST {
        if live.is_empty() || cancel.is_cancelled() {
            break;
        }
        let mut grown: Vec<Growth> = Vec::new();
        for (parent, hypothesis) in live.iter().enumerate() {
            grow(mixture, hypothesis, parent, step == 0, &mut grown);
        }
        grown.sort_by(|left, right| right.sum.total_cmp(&left.sum));
        grown.truncate(WIDTH + done.len().min(2));
        let best = done.iter().map(|done| done.log_probability).fold(f32::NEG_INFINITY, f32::max);
        let mut next = Vec::with_capacity(WIDTH);
        for growth in grown.iter().filter(|growth| growth.sum > best - HOPELESS) {
            let parent = &live[growth.parent];
            let mut hypothesis = Hypothesis {
                words: parent.words.clone(),
                matches: Vec::new(),
                log_probability: growth.sum,
                weakest: parent.weakest.min(growth.log),
                context: parent.context,
            };
            if growth.token.id() == LINE_END {
                done.push(hypothesis);
            } else {
                hypothesis.matches = mixture.extend(&parent.matches, growth.token);
                hypothesis.words.push(growth.token);
                next.push(hypothesis);
            }
        }
        live = next;
    }
    done.sort_by(|left, right| right.log_probability.total_cmp(&left.log_probability));
    done.truncate(at_most);
    done.iter().map(|hypothesis| candidate(mixture, hypothesis)).collect()
}

/// One more word behind a hypothesis.
struct Growth {
    parent: usize,
    token: Token,
    log: f32,
    sum: f32,
}

fn deepest(matches: &[Match]) -> usize {
    matches.iter().map(|known| known.depth as usize).max().unwrap_or_default()
}

fn grow(
    mixture: &Mixture<'_>,
    hypothesis: &Hypothesis,
    parent: usize,
    is_first: bool,
    grown: &mut Vec<Growth>,
) {
    let later;
    let next = if is_first {
        mixture.first()
    } else {
        later = mixture.next(&hypothesis.matches, previous_word(mixture, &hypothesis.words), false);
        &later
    };
    let is_possible = |next: &&Next| next.token.id() != UNKNOWN && !(is_first && next.token.id() == LINE_END);
    for next in next.iter().filter(is_possible).take(WIDTH + 2) {
        let log = next.probability.max(1e-9).ln();
        grown.push(Growth { parent, token: next.token, log, sum: hypothesis.log_probability + log });
    }
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
    let mut matches = mixture.start().to_vec();
    let context = deepest(&matches);
    let (mut log_probability, mut weakest) = (0.0f32, 0.0f32);
    let end = Token::new(LINE_END, 0);
    for (index, token) in words.iter().chain([&end]).enumerate() {
        let later;
        let next = if index == 0 {
            mixture.first()
        } else {
            later = mixture.next(&matches, previous_word(mixture, &words[..index]), false);
            &later
        };
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
