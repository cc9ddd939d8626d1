//! What the ranking knows about a candidate, as numbers of about the same size.

use crate::{LineCandidate, Score};

use super::untyped;

/// How many numbers describe a candidate; the first is always one.
pub const FEATURES: usize = 24;

/// Numbers about a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    pub values: [f32; FEATURES],
    /// Whether the model took part: then other coefficients hold.
    pub has_model: bool,
}

pub(super) struct Figures<'a> {
    pub line: Option<&'a LineCandidate>,
    pub words: Option<LineCandidate>,
    pub names_rank: Option<usize>,
    pub names_margin: f32,
    pub model: Option<Score>,
    pub model_rank: Option<usize>,
    pub model_margin: f32,
    pub has_model: bool,
    pub new_characters: usize,
    pub typed_characters: usize,
    pub is_line_start: bool,
    pub ends_statement: bool,
}

/// For tables: what each number is.
pub const FEATURE_NAMES: [&str; FEATURES] = [
    "one",
    "log-probability of the words",
    "the least likely word",
    "mean over the words",
    "more likely by words than the others",
    "first of the composed lines",
    "a composed line",
    "length of the known context",
    "is a line of the project",
    "how often the line occurs",
    "its part of all lines with this beginning",
    "in how many modules",
    "in the current module",
    "length of the context before the line",
    "new characters",
    "typed characters",
    "nothing typed in the line",
    "ends the statement",
    "log-probability by the model",
    "the least likely token",
    "mean over the tokens",
    "more likely by the model than the others",
    "the model's own first answer",
    "words times model",
];

impl Features {
    pub(super) fn of(figures: &Figures<'_>) -> Self {
        let flag = |is_so: bool| f32::from(u8::from(is_so));
        let words = figures.words.as_ref();
        let by_words = words.map_or(-20.0, |line| line.log_probability.max(-20.0));
        let line = figures.line;
        let of_line = |value: fn(&LineCandidate) -> f32| line.map_or(0.0, value);
        let model = figures.model.as_ref();
        let by_model = model.map_or(-15.0, |score| untyped(score).max(-25.0));
        let tokens = model.map_or(1.0, |score| score.tokens.max(1) as f32);
        let mut values = [0.0; FEATURES];
        values[..18].copy_from_slice(&[
            1.0,
            by_words / 4.0,
            words.map_or(-11.0, |line| line.weakest.max(-12.0)) / 4.0,
            by_words / words.map_or(1.0, |line| line.words.max(1) as f32),
            figures.names_margin / 4.0,
            flag(figures.names_rank == Some(0)),
            flag(figures.names_rank.is_some()),
            words.map_or(0.0, |line| line.context as f32).min(16.0) / 8.0,
            flag(line.is_some()),
            of_line(|line| (1.0 + line.count).ln().min(6.0)) / 3.0,
            of_line(|line| line.share),
            of_line(|line| (1.0 + line.modules as f32).ln()),
            of_line(|line| f32::from(u8::from(line.is_in_module))),
            of_line(|line| line.context as f32).min(16.0) / 8.0,
            (1.0 + figures.new_characters as f32).ln() / 2.0,
            (1.0 + figures.typed_characters as f32).ln() / 2.0,
            flag(figures.is_line_start),
            flag(figures.ends_statement),
        ]);
        if figures.has_model {
            values[18..].copy_from_slice(&[
                by_model / 4.0,
                model.map_or(-8.0, |score| score.weakest.max(-10.0)) / 4.0,
                by_model / tokens,
                figures.model_margin / 4.0,
                flag(figures.model_rank == Some(0)),
                by_words.max(-8.0) * by_model.max(-8.0) / 32.0,
            ]);
        }
        Self { values, has_model: figures.has_model }
    }
}
