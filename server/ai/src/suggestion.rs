//! What is offered to the user, and who decides whether it may be.

/// A continuation of the text at the caret.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// New text. It begins with what the user typed of the current word, possibly in another letter case.
    pub text: String,
    /// How many bytes left of the caret `text` replaces.
    pub replaced: usize,
    pub source: Source,
    /// Calibrated probability, 0 to 1, that the user wants exactly this.
    pub confidence: f32,
}

/// Where a suggestion came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// An earlier answer that still fits.
    Cache,
    /// A line of the project.
    Lines,
    /// Counts of what follows what in the project.
    Names,
    /// The transformer on this machine.
    Model,
    /// A configured engine elsewhere.
    Remote,
}

/// How much may be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The rest of the line.
    Line,
    /// Several lines, at most this many.
    Lines(u16),
}

/// Knows the document: tells how much of a continuation is true.
pub trait Acceptor {
    /// Judges `text` put in place of the last `replaced` bytes before the caret.
    fn judge(&self, text: &str, replaced: usize) -> Verdict;
}

/// What an [`Acceptor`] thinks of a continuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Parses, names exist, nothing is repeated.
    Accepted,
    /// Only the beginning of this many bytes is good.
    CutAt(usize),
    Rejected,
}
