//! Why a model could not be read or run.

/// Messages are for people: they name the file and the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// The file is damaged, hostile or of another architecture.
    File { file: String, problem: String },
    /// The processor lacks what the products of matrices need.
    Processor(String),
    /// More tokens than the cache holds.
    ContextFull { capacity: usize },
    /// A call that does not fit the model: a token outside its vocabulary, a cache of another model.
    Misuse(String),
    /// The products failed inside candle.
    Compute(String),
}

impl ModelError {
    pub(crate) fn file(file: &str, problem: impl Into<String>) -> Self {
        Self::File { file: file.to_owned(), problem: problem.into() }
    }
}

impl std::fmt::Display for ModelError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { file, problem } => write!(formatter, "{file}: {problem}"),
            Self::Processor(problem) | Self::Misuse(problem) => formatter.write_str(problem),
            Self::ContextFull { capacity } => {
                write!(formatter, "the context of {capacity} tokens is full")
            }
            Self::Compute(problem) => write!(formatter, "the model failed: {problem}"),
        }
    }
}

impl std::error::Error for ModelError {}

impl From<candle_core::Error> for ModelError {
    fn from(error: candle_core::Error) -> Self {
        Self::Compute(error.to_string())
    }
}
