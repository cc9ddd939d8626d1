//! Reads texts of errors: what the platform shows, writes into its logs and into the technological journal, and what
//! OneScript prints, in both languages. Any text is accepted; what is no error is passed over.

mod clean;
mod journal;
mod mark;
mod read;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use read::read_errors;

/// Everything that a text says about errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErrorReport {
    pub errors: Vec<ReportedError>,
    /// The text was too long and its end was not read, or it holds more errors than are looked at.
    pub is_cut: bool,
}

/// One error with its causes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReportedError {
    pub source: ErrorSource,
    /// What happened first, then what it was caused by; never empty.
    pub links: Vec<ErrorLink>,
    /// What the platform writes in brackets: `ОшибкаВоВремяВыполненияВстроенногоЯзыка`.
    pub category: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorSource {
    #[default]
    Platform,
    OneScript,
    TechnologicalJournal,
}

/// A message with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErrorLink {
    pub message: String,
    pub place: Option<StackFrame>,
    /// The innermost call first; it may repeat the place.
    pub stack: Vec<StackFrame>,
    pub query: Option<QueryPlace>,
    /// The line of code that is shown below a message.
    pub context: String,
}

/// A line of a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct StackFrame {
    /// Name of the extension; empty for the configuration itself.
    pub extension: String,
    /// As written: `ОбщийМодуль.Цены.Модуль`, a path for OneScript.
    pub module: String,
    /// Counted from one.
    pub line: u32,
    pub column: Option<u32>,
    /// Text of the line, if it is told.
    pub source: String,
}

/// A place inside the text of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueryPlace {
    /// Counted from one.
    pub line: u32,
    pub column: u32,
    /// The query as the error shows it, with `<<?>>` before the place.
    pub text: String,
}

impl ReportedError {
    /// The message that names the reason: the last one that says something.
    pub fn root_message(&self) -> &str {
        let said = self.links.iter().rev().find(|link| !link.message.is_empty());
        said.map_or("", |link| link.message.as_str())
    }

    /// All frames, those nearest to the reason first, each once.
    pub fn frames(&self) -> Vec<&StackFrame> {
        let mut frames: Vec<&StackFrame> = Vec::new();
        for link in self.links.iter().rev() {
            let known = frames.len();
            // The place comes without its source, the stack begins with it again.
            let place = link
                .place
                .iter()
                .filter(|place| !link.stack.first().is_some_and(|first| is_same(first, place)));
            // Callers of a cause are told again by what it caused; recursion repeats frames inside one stack.
            let new = place
                .chain(&link.stack)
                .filter(|frame| !frames.iter().take(known).any(|other| is_same(other, frame)));
            let new: Vec<&StackFrame> = new.collect();
            frames.extend(new);
        }
        frames
    }
}

fn is_same(left: &StackFrame, right: &StackFrame) -> bool {
    (&left.module, left.line, &left.extension) == (&right.module, right.line, &right.extension)
}
