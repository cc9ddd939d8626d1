//! What the engine needs of a model: the next token after those it has read, and a memory that can be cut back.

/// Predicts tokens. Used by one thread at a time.
pub trait LanguageModel: Send + 'static {
    type Memory: TokenMemory + Send;

    /// Tokens a memory can hold at most.
    fn window(&self) -> usize;

    /// Number of logits.
    fn vocabulary(&self) -> usize;

    /// An empty memory.
    fn memory(&self) -> Result<Self::Memory, String>;

    /// Reads tokens after those in memory; gives the logits of what follows the last.
    fn forward(&mut self, tokens: &[u32], memory: &mut Self::Memory) -> Result<&[f32], String>;

    /// The same for what follows each of them, row by row.
    fn forward_all(&mut self, tokens: &[u32], memory: &mut Self::Memory) -> Result<&[f32], String>;

    /// Reads tokens of which nothing else is wanted.
    fn feed(&mut self, tokens: &[u32], memory: &mut Self::Memory) -> Result<(), String> {
        self.forward(tokens, memory).map(drop)
    }

    /// Reads tokens; gives the mean of the last hidden states of all of them.
    fn mean_state(&mut self, tokens: &[u32], memory: &mut Self::Memory) -> Result<Vec<f32>, String>;

    /// Does the work of a whole request where this model calculates best.
    fn run<Output: Send>(&mut self, work: impl FnOnce(&mut Self) -> Output + Send) -> Output {
        work(self)
    }
}

/// What a model remembers of the tokens it has read.
pub trait TokenMemory {
    /// Forgets all tokens but the first `length`.
    fn truncate(&mut self, length: usize);

    fn bytes(&self) -> usize;
}
