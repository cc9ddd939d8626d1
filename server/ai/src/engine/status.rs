//! What people may know about an engine: status, logs, `strizh model`.

/// How an engine is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EngineState {
    #[default]
    Loading,
    Ready,
    /// For good: the reason is for people.
    Failed(String),
    Stopped,
}

/// Facts about a loaded model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelFacts {
    pub name: String,
    pub parameters: u64,
    /// SHA-256 of its file, in hexadecimal.
    pub hash: String,
    /// Size of its file.
    pub bytes: u64,
    /// Threads that one request keeps busy.
    pub threads: usize,
    /// What is unusual, for diagnostics.
    pub notes: Vec<String>,
}

/// A snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineStatus {
    pub state: EngineState,
    /// Known once it is loaded.
    pub model: ModelFacts,
    pub load_ms: u64,
    pub warm_up_ms: u64,
    /// Texts whose beginnings are remembered, and the memory that takes.
    pub memories: usize,
    pub memory_bytes: usize,
    /// Requests answered.
    pub completions: u64,
    /// Tokens of all prompts, and tokens read: those not remembered, and those generated.
    pub prompt_tokens: u64,
    pub read_tokens: u64,
}
