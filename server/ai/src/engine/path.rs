//! An answer in the making.

use super::table::Role;
use super::{Finish, Generated, Score};
use crate::{Extent, Typed};

/// Tokens chosen so far and their text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    pub(crate) tokens: Vec<u32>,
    pub(crate) text: Vec<u8>,
    pub(crate) score: Score,
    /// Length of the text after each token.
    ends: Vec<u32>,
    line_breaks: u16,
    /// Tokens that are more than what was typed.
    new_tokens: usize,
    /// Length of the text known to be valid.
    valid: usize,
}

/// One way to go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// The end of the answer if none.
    pub(crate) token: Option<u32>,
    pub(crate) log_probability: f32,
    /// Logarithm of the share of all tokens that agree with what was typed; zero where nothing was.
    pub(crate) typed: f32,
    /// The order of choices: probability, less for another letter case.
    pub(crate) rank: f32,
}

/// Periods of tokens that are looked for, and how often a period must come to be a loop.
const MAX_PERIOD: usize = 12;
const SHORT_PERIOD: usize = 2;
const SHORT_LOOPS: usize = 8;
const LOOPS: usize = 4;

impl Path {
    /// Begins a new answer; keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.tokens.clear();
        self.text.clear();
        self.ends.clear();
        self.score = Score::default();
        self.line_breaks = 0;
        self.new_tokens = 0;
        self.valid = 0;
    }

    /// Whether the next line break ends the answer.
    pub(crate) fn is_last_line(&self, extent: Extent) -> bool {
        match extent {
            Extent::Line => true,
            Extent::Lines(most) => self.line_breaks + 1 >= most.max(1),
        }
    }

    pub(crate) fn count(&mut self, choice: &Choice) {
        let score = &mut self.score;
        let new = choice.log_probability - choice.typed;
        score.log_probability += choice.log_probability;
        score.typed += choice.typed;
        score.weakest = if score.tokens == 0 { new } else { score.weakest.min(new) };
        score.tokens += 1;
    }

    /// Whether the text says no more than what was typed.
    pub(crate) fn is_blank(&self, typed: &Typed) -> bool {
        self.text.get(typed.text.len()..).unwrap_or_default().trim_ascii().is_empty()
    }

    /// Counts the last token against a limit; tells whether it is reached. Typed text is free.
    pub(crate) fn reaches(&mut self, max_tokens: usize, typed: &Typed) -> bool {
        self.new_tokens += usize::from(self.text.len() > typed.text.len());
        self.new_tokens >= max_tokens
    }

    /// Appends a token; tells why the answer ends with it, if it does.
    pub(crate) fn push(&mut self, token: u32, bytes: &[u8], role: Role, extent: Extent) -> Option<Finish> {
        self.tokens.push(token);
        if role == Role::Text {
            self.text.extend_from_slice(bytes);
        } else {
            // A token with line breaks: it may hold the last one that is wanted.
            for byte in bytes {
                if *byte == b'\n' {
                    if self.is_last_line(extent) || self.repeats_a_line() {
                        self.ends.push(self.text.len() as u32);
                        return Some(Finish::Complete);
                    }
                    self.line_breaks += 1;
                }
                self.text.push(*byte);
            }
        }
        self.ends.push(self.text.len() as u32);
        match std::str::from_utf8(&self.text[self.valid..]) {
            Ok(_) => self.valid = self.text.len(),
            Err(error) => {
                self.valid += error.valid_up_to();
                if error.error_len().is_some() {
                    self.text.truncate(self.valid);
                    return Some(Finish::Limit);
                }
            }
        }
        if let Some(end) = self.loop_start() {
            self.text.truncate(end);
            self.valid = self.valid.min(end);
            return Some(Finish::Limit);
        }
        None
    }

    /// Whether the last line is the same as the one before it. Cuts it off then.
    fn repeats_a_line(&mut self) -> bool {
        let mut lines = self.text.rsplit(|byte| *byte == b'\n');
        let (Some(last), Some(before)) = (lines.next(), lines.next()) else { return false };
        if last != before || last.iter().all(u8::is_ascii_whitespace) {
            return false;
        }
        let end = self.text.len() - last.len() - 1;
        self.text.truncate(end);
        self.valid = self.valid.min(end);
        true
    }

    /// Where the second turn of a loop begins, if the tokens go in circles. Ruled lines are none.
    fn loop_start(&self) -> Option<usize> {
        for period in 1..=MAX_PERIOD {
            let loops = if period <= SHORT_PERIOD { SHORT_LOOPS } else { LOOPS };
            let length = period * loops;
            let Some(start) = self.tokens.len().checked_sub(length) else { continue };
            let tokens = &self.tokens[start..];
            if tokens[period..] != tokens[..length - period] {
                continue;
            }
            let begin = if start == 0 { 0 } else { self.ends[start - 1] as usize };
            let end = self.ends[start + period - 1] as usize;
            let is_ruler = self.text[begin..end].iter().all(u8::is_ascii_punctuation);
            if !is_ruler {
                return Some(end);
            }
        }
        None
    }

    /// The answer, if it says more than what was typed.
    pub(crate) fn finish(&self, typed: &Typed, finish: Finish) -> Option<Generated> {
        let text = std::str::from_utf8(&self.text[..self.valid]).ok()?;
        let text = text.trim_end_matches([' ', '\t', '\n', '\r']);
        if text.len() <= typed.text.len() {
            return None;
        }
        Some(Generated {
            text: format!("{}{}", typed.kept, text.get(typed.word..)?),
            replaced: typed.word_length(),
            score: self.score,
            finish,
        })
    }
}

impl Score {
    /// Mean natural logarithm of the probabilities of the tokens, given what was typed: the usual measure of
    /// confidence.
    pub fn mean(&self) -> f32 {
        if self.tokens == 0 {
            f32::NEG_INFINITY
        } else {
            (self.log_probability - self.typed) / self.tokens as f32
        }
    }
}
