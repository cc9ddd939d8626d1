//! The project's own lines and names as a source of completions: no weights, microseconds, learns every edit.
//!
//! Modules are rows of words (`lines::token`), all of them sorted by what follows each word (`lines::segment`). So the
//! lines that begin with the typed words, and everything that ever followed the last words before the caret, are ranges
//! found by halving. [`ProjectLines::lines`] continues the typed beginning of a line by whole lines of the project;
//! [`ProjectLines::names`] composes the rest word by word from what followed the longest known contexts, the current
//! module weighing most, with the local names of the method at the caret in place of those of other methods.

mod beam;
mod caret;
mod index;
mod lexer;
mod mixture;
mod module_tokens;
mod segment;
mod token;
mod whole_lines;

use base::CancelToken;
use parking_lot::RwLock;

use crate::Context;
use caret::Caret;
use index::{Index, Rows};
use mixture::Mixture;
use segment::Segment;

pub(crate) use lexer::is_word_character;
pub(crate) use module_tokens::{begins_method, ends_method};

/// Lines and names of a project. Shared by requests and by whoever reports edits.
#[derive(Debug, Default)]
pub struct ProjectLines {
    index: RwLock<Index>,
}

/// A continuation found in the project or composed of its words.
#[derive(Clone, Debug, PartialEq)]
pub struct LineCandidate {
    /// New text up to the end of the line. It begins with what was typed of the current word.
    pub text: String,
    /// How many bytes before the caret `text` replaces.
    pub replaced: usize,
    /// Sum of the natural logarithms of the words' probabilities, the end of the line included.
    pub log_probability: f32,
    /// The least likely word's natural logarithm.
    pub weakest: f32,
    pub words: usize,
    /// How often the project has this line, those of the current module counted more.
    pub count: f32,
    /// The part of all lines with this beginning that are this one.
    pub share: f32,
    /// In how many modules (at most a few are counted).
    pub modules: usize,
    /// The current module has this line.
    pub is_in_module: bool,
    /// How many words before the caret the best known context shares with the text.
    pub context: usize,
}

/// More words than this are not kept: about 800 MB of modules. What comes later is left out.
const WORDS_AT_MOST: usize = 80_000_000;

impl ProjectLines {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the modules of a project: where each is, and its text. What [`Self::update`] said stays. False if
    /// cancelled; then everything is as it was.
    pub fn build(&self, modules: impl IntoIterator<Item = (String, String)>, cancel: &CancelToken) -> bool {
        let mut rows = Rows::default();
        for (key, text) in modules {
            if cancel.is_cancelled() {
                return false;
            }
            if rows.len() + text.len() / 8 > WORDS_AT_MOST {
                tracing::info!(modules = self.module_count(), "the index of lines is full");
                break;
            }
            self.index.write().add_row(&mut rows, &key, &text);
        }
        let words = {
            let mut index = self.index.write();
            index.vocabulary.sort();
            rows.mark_rare_locals(&index.vocabulary);
            index.vocabulary.len()
        };
        // Sorting takes seconds: requests go on meanwhile.
        let Some(segment) = rows.sort(words, cancel) else { return false };
        self.index.write().set_base(segment);
        true
    }

    /// Tells that a module is new or has changed.
    pub fn update(&self, module: &str, text: &str, cancel: &CancelToken) {
        let (module, tokens) = self.index.write().read(module, text);
        let words = self.index.read().vocabulary.len();
        if let Some(segment) = Segment::build(tokens, vec![(0, module)], words, cancel) {
            self.index.write().replace(module, segment);
        }
        self.join(cancel);
    }

    /// Puts the changed modules into the large segment when they are many. Takes seconds, rarely.
    fn join(&self, cancel: &CancelToken) {
        let Some((rows, joined)) = self.index.read().rows_to_join() else { return };
        let words = self.index.read().vocabulary.len();
        if let Some(segment) = rows.sort(words, cancel) {
            let mut index = self.index.write();
            index.vocabulary.sort();
            index.set_joined_base(segment, &joined);
        }
    }

    pub fn remove(&self, module: &str) {
        self.index.write().remove(module);
    }

    pub fn module_count(&self) -> usize {
        self.index.read().module_count()
    }

    /// How many words of code are known, each as often as it stands there.
    pub fn word_count(&self) -> usize {
        let index = self.index.read();
        index.base.len() + index.changed.values().map(|segment| segment.len()).sum::<usize>()
    }

    /// Bytes in use.
    pub fn memory(&self) -> usize {
        self.index.read().memory()
    }

    /// Asks about a place: nothing changes meanwhile. `None` where no code is written.
    pub fn ask<T>(&self, context: &Context, question: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
        let index = self.index.read();
        let caret = Caret::read(context, &index.vocabulary)?;
        Some(question(&Asked(Mixture::new(&index, &caret, &context.module))))
    }

    /// Lines of the project that go on as the text at the caret does, the most likely first.
    pub fn lines(&self, context: &Context, at_most: usize) -> Vec<LineCandidate> {
        self.ask(context, |asked| asked.lines(at_most)).unwrap_or_default()
    }

    /// Lines composed of words of the project, the most likely first.
    pub fn names(&self, context: &Context, at_most: usize, cancel: &CancelToken) -> Vec<LineCandidate> {
        self.ask(context, |asked| asked.names(at_most, cancel)).unwrap_or_default()
    }
}

/// Answers about one place.
pub struct Asked<'a>(Mixture<'a>);

impl Asked<'_> {
    pub fn lines(&self, at_most: usize) -> Vec<LineCandidate> {
        whole_lines::find(&self.0, at_most)
    }

    pub fn names(&self, at_most: usize, cancel: &CancelToken) -> Vec<LineCandidate> {
        beam::compose(&self.0, at_most, cancel)
    }

    /// How likely a continuation is that somebody else made.
    pub fn judge(&self, text: &str, replaced: usize) -> Option<LineCandidate> {
        beam::judge(&self.0, text, replaced)
    }
}
