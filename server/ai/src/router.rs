//! Which expert answers: an expert is an adapter, a prompt and a checker. Experts are data: a new one needs settings only.

mod config;
mod engine;
mod pool;

use std::path::Path;

use crate::Context;
use crate::similar::words;

pub use config::{ExpertConfig, PlaceName, Triggers};
pub use engine::{ExpertEngine, ExpertOptions};
pub use pool::ExpertPool;

const BUILTIN: &str = include_str!("router/experts.json");

/// How much the place of the caret says. Less than a clear word in a question.
const PLACE_WEIGHT: i32 = 25;
const MODULE_WEIGHT: i32 = 12;
const CODE_WEIGHT: i32 = 12;
/// How much text above the caret is looked at.
const CODE_BYTES: usize = 4000;
const MAX_QUESTION_BYTES: usize = 4000;
/// What may judge an answer. All but `text` end in the parser, where the answer is put in its place.
const CHECKERS: [&str; 4] = ["syntax", "query", "comment", "text"];

/// Chooses among experts. Equal input gives an equal choice.
#[derive(Clone, Debug)]
pub struct Router {
    /// Earlier ones win where several fit equally.
    experts: Vec<ExpertConfig>,
}

/// Why settings of experts are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouterError {
    NoExperts,
    Twice(String),
    Malformed(String),
}

impl std::fmt::Display for RouterError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoExperts => formatter.write_str("there are no experts"),
            Self::Twice(id) => write!(formatter, "the expert {id} is there twice"),
            Self::Malformed(why) => write!(formatter, "the settings of experts are malformed: {why}"),
        }
    }
}

impl std::error::Error for RouterError {}

impl Router {
    /// The five experts that come with Strizh.
    pub fn builtin() -> Self {
        Self::from_json(BUILTIN).expect("invariant: a constant that tests read")
    }

    pub fn from_json(text: &str) -> Result<Self, RouterError> {
        let experts =
            serde_json::from_str(text).map_err(|error| RouterError::Malformed(error.to_string()))?;
        Self::new(experts)
    }

    /// The built-in experts with those of a user's file, a list of the same form. One with a known name changes only
    /// what it says; paths are those next to the file.
    pub fn with_settings(text: &str, folder: &Path) -> Result<Self, RouterError> {
        let malformed = |error: serde_json::Error| RouterError::Malformed(error.to_string());
        let read = |text| serde_json::from_str::<Vec<serde_json::Map<_, _>>>(text).map_err(malformed);
        let builtin = read(BUILTIN)?;
        let mut experts = Vec::new();
        for mut own in read(text)? {
            let known = builtin.iter().find(|known| known.get("id") == own.get("id"));
            for (name, value) in known.into_iter().flatten() {
                own.entry(name.as_str()).or_insert_with(|| value.clone());
            }
            let mut expert: ExpertConfig =
                serde_json::from_value(serde_json::Value::Object(own)).map_err(malformed)?;
            expert.adapter = expert.adapter.map(|adapter| folder.join(adapter));
            experts.push(expert);
        }
        Self::builtin().with(experts)
    }

    /// The last expert answers where no other one fits better.
    pub fn new(experts: Vec<ExpertConfig>) -> Result<Self, RouterError> {
        if experts.is_empty() {
            return Err(RouterError::NoExperts);
        }
        for (index, expert) in experts.iter().enumerate() {
            if !CHECKERS.contains(&expert.checker.as_str()) {
                let problem =
                    format!("{}: the checker {} is not one of {CHECKERS:?}", expert.id, expert.checker);
                return Err(RouterError::Malformed(problem));
            }
            if experts.iter().skip(index + 1).any(|other| other.id == expert.id) {
                return Err(RouterError::Twice(expert.id.clone()));
            }
        }
        Ok(Self { experts })
    }

    /// Puts experts of the user's settings before the others; one with a known name takes that one's place.
    pub fn with(mut self, experts: Vec<ExpertConfig>) -> Result<Self, RouterError> {
        let mut added = Vec::new();
        for expert in experts {
            match self.experts.iter_mut().find(|other| other.id == expert.id) {
                Some(other) => *other = expert,
                None => added.push(expert),
            }
        }
        added.append(&mut self.experts);
        Self::new(added)
    }

    /// The expert for a question (empty: only a completion is wanted) at a place.
    pub fn select_expert(&self, question: &str, context: &Context) -> &ExpertConfig {
        let question = Question::new(question);
        let module: Vec<String> = words(&context.module).collect();
        let code = tail(&context.prefix, CODE_BYTES).to_lowercase();
        let score = |expert: &ExpertConfig| -> i32 {
            let triggers = &expert.triggers;
            let is_place = triggers.places.iter().any(|place| place.is(context.place));
            let is_module = triggers
                .module_words
                .iter()
                .any(|wanted| module.iter().any(|word| word.starts_with(&wanted.to_lowercase())));
            let is_code = triggers.code.iter().any(|wanted| code.contains(&wanted.to_lowercase()));
            let weigh = |is_met: bool, weight: i32| if is_met { weight } else { 0 };
            question.score(triggers)
                + weigh(is_place, PLACE_WEIGHT)
                + weigh(is_module, MODULE_WEIGHT)
                + weigh(is_code, CODE_WEIGHT)
        };
        let mut best = &self.experts[self.experts.len() - 1];
        let mut best_score = score(best).max(1);
        for expert in self.experts.iter().rev().skip(1) {
            let score = score(expert);
            if score >= best_score {
                (best, best_score) = (expert, score);
            }
        }
        best
    }

    pub fn experts(&self) -> &[ExpertConfig] {
        &self.experts
    }
}

/// A question in lower case.
struct Question {
    text: String,
    words: Vec<String>,
}

impl Question {
    fn new(text: &str) -> Self {
        let text = head(text, MAX_QUESTION_BYTES).to_lowercase();
        let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
        Self { text, words }
    }

    /// Words of the settings are beginnings of words; those with blanks are parts of the text. Each counts once.
    fn score(&self, triggers: &Triggers) -> i32 {
        let is_met = |wanted: &str| {
            let wanted = wanted.to_lowercase();
            if wanted.contains(' ') {
                self.text.contains(&wanted)
            } else {
                self.words.iter().any(|word| word.starts_with(&wanted))
            }
        };
        triggers.question.iter().filter(|(wanted, _)| is_met(wanted)).map(|(_, weight)| *weight).sum()
    }
}

fn tail(text: &str, max_bytes: usize) -> &str {
    let from = text.len().saturating_sub(max_bytes);
    (from..).find_map(|from| text.get(from..)).unwrap_or_default()
}

fn head(text: &str, max_bytes: usize) -> &str {
    let to = max_bytes.min(text.len());
    (0..=to).rev().find_map(|to| text.get(..to)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
