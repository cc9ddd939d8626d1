//! What an expert is, as settings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Context, Place};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpertConfig {
    pub id: String,
    /// A LoRA adapter; without one the model answers as it is.
    #[serde(default)]
    pub adapter: Option<PathBuf>,
    /// What the model is told; see [`ExpertConfig::prompt`].
    #[serde(default = "default_prompt")]
    pub prompt: String,
    /// Name of what judges the answer: `syntax`, `query`, `comment`, `text`.
    #[serde(default = "default_checker")]
    pub checker: String,
    #[serde(default)]
    pub triggers: Triggers,
}

fn default_prompt() -> String {
    "{question}".to_owned()
}

fn default_checker() -> String {
    "syntax".to_owned()
}

/// When an expert is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Triggers {
    pub places: Vec<PlaceName>,
    /// Beginnings of words of a question, or phrases, with what they weigh.
    pub question: BTreeMap<String, i32>,
    /// Beginnings of words of the name of the module.
    pub module_words: Vec<String>,
    /// Texts above the caret.
    pub code: Vec<String>,
}

/// A [`Place`] in settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlaceName {
    Code,
    Query,
    Text,
    Comment,
    Documentation,
}

impl PlaceName {
    pub fn is(self, place: Place) -> bool {
        let own = match self {
            Self::Code => Place::Code,
            Self::Query => Place::Query,
            Self::Text => Place::Text,
            Self::Comment => Place::Comment,
            Self::Documentation => Place::Documentation,
        };
        own == place
    }
}

impl ExpertConfig {
    /// The prompt with `{question}`, `{module}`, `{before}`, `{after}` and `{facts}` filled in. What is filled in is not
    /// looked at again.
    pub fn prompt(&self, question: &str, context: &Context) -> String {
        let facts: Vec<&str> = context.snippets.iter().map(|snippet| snippet.text.as_str()).collect();
        let facts = facts.join("\n");
        let values = [
            ("{question}", question),
            ("{module}", &context.module),
            ("{before}", &context.prefix),
            ("{after}", &context.suffix),
            ("{facts}", &facts),
        ];
        let mut text = String::new();
        let mut rest = self.prompt.as_str();
        while let Some(open) = rest.find('{') {
            text.push_str(&rest[..open]);
            rest = &rest[open..];
            match values.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    text.push_str(value);
                    rest = &rest[name.len()..];
                }
                None => {
                    text.push('{');
                    rest = &rest[1..];
                }
            }
        }
        text.push_str(rest);
        text
    }
}
