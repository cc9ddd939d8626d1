//! A few memories of texts read lately: a prompt goes to the one that knows most of it.

use super::language_model::{LanguageModel, TokenMemory};

/// A memory of the model and the tokens it holds.
pub(crate) struct Remembered<M> {
    memory: M,
    tokens: Vec<u32>,
    used: u64,
    read_tokens: u64,
}

/// The memories of an engine, the least recently used replaced first.
pub(crate) struct Memories<M> {
    all: Vec<Remembered<M>>,
    most: usize,
    most_bytes: usize,
    clock: u64,
}

/// A prompt that shares less than this with a memory had better take another one.
const WORTH_KEEPING_TOKENS: usize = 32;

impl<M: TokenMemory> Memories<M> {
    pub(crate) fn new(most: usize, most_bytes: usize) -> Self {
        Self { all: Vec::new(), most: most.max(1), most_bytes, clock: 0 }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.all.iter().map(|remembered| remembered.memory.bytes()).sum()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Tokens read so far, generated ones included.
    pub(crate) fn read_tokens(&self) -> u64 {
        self.all.iter().map(|remembered| remembered.read_tokens).sum()
    }

    /// The memory to read a prompt with: the one that shares the longest beginning with it, or a free one.
    pub(crate) fn best_for(
        &mut self,
        prompt: &[u32],
        new: impl FnOnce() -> Result<M, String>,
    ) -> Result<&mut Remembered<M>, String> {
        self.clock += 1;
        let shared = |remembered: &Remembered<M>| common(&remembered.tokens, prompt);
        let best = (0..self.all.len()).max_by_key(|at| (shared(&self.all[*at]), self.all[*at].used));
        let is_worth = |at: usize| {
            let shared = shared(&self.all[at]);
            shared >= WORTH_KEEPING_TOKENS.min(prompt.len() / 2) && shared * 4 >= self.all[at].tokens.len()
        };
        let empty = self.all.iter().position(|remembered| remembered.tokens.is_empty());
        let at = match best.filter(|at| is_worth(*at)).or(empty) {
            Some(at) => at,
            _ if self.has_room() => {
                self.all.push(Remembered { memory: new()?, tokens: Vec::new(), used: 0, read_tokens: 0 });
                self.all.len() - 1
            }
            _ => (0..self.all.len()).min_by_key(|at| self.all[*at].used).unwrap_or(0),
        };
        let remembered = &mut self.all[at];
        remembered.used = self.clock;
        Ok(remembered)
    }

    fn has_room(&self) -> bool {
        let each = self.all.first().map_or(0, |remembered| remembered.memory.bytes());
        self.all.is_empty() || (self.all.len() < self.most && self.bytes() + each <= self.most_bytes)
    }
}

impl<M: TokenMemory> Remembered<M> {
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        if length < self.tokens.len() {
            self.memory.truncate(length);
            self.tokens.truncate(length);
        }
    }

    /// Reads what is missing of `prompt`, in pieces between which `is_interrupted` is asked, and gives the logits of
    /// what follows it. What was read remains when reading is interrupted; then there are no logits.
    pub(crate) fn read<'a, L: LanguageModel<Memory = M>>(
        &mut self,
        model: &'a mut L,
        prompt: &[u32],
        piece: usize,
        mut is_interrupted: impl FnMut() -> bool,
    ) -> Result<Option<&'a [f32]>, String> {
        // At least one token must be read to know what follows.
        let known = common(&self.tokens, prompt).min(prompt.len().saturating_sub(1));
        self.truncate(known);
        while prompt.len() - self.len() > piece {
            if is_interrupted() {
                return Ok(None);
            }
            let start = self.len();
            self.feed(model, &prompt[start..start + piece])?;
        }
        if is_interrupted() {
            return Ok(None);
        }
        let start = self.len();
        self.append(model, &prompt[start..]).map(Some)
    }

    fn feed<L: LanguageModel<Memory = M>>(&mut self, model: &mut L, tokens: &[u32]) -> Result<(), String> {
        let result = model.feed(tokens, &mut self.memory);
        self.keep(tokens, result)
    }

    /// Reads tokens and gives the logits of what follows.
    pub(crate) fn append<'a, L: LanguageModel<Memory = M>>(
        &mut self,
        model: &'a mut L,
        tokens: &[u32],
    ) -> Result<&'a [f32], String> {
        let result = model.forward(tokens, &mut self.memory);
        self.keep(tokens, result)
    }

    /// Reads tokens and gives the logits of what follows each.
    pub(crate) fn append_all<'a, L: LanguageModel<Memory = M>>(
        &mut self,
        model: &'a mut L,
        tokens: &[u32],
    ) -> Result<&'a [f32], String> {
        let result = model.forward_all(tokens, &mut self.memory);
        self.keep(tokens, result)
    }

    /// Reads tokens and gives what they are about.
    pub(crate) fn mean_state<L: LanguageModel<Memory = M>>(
        &mut self,
        model: &mut L,
        tokens: &[u32],
    ) -> Result<Vec<f32>, String> {
        let result = model.mean_state(tokens, &mut self.memory);
        self.keep(tokens, result)
    }

    /// A failed pass may have left anything behind the tokens known.
    fn keep<Output>(&mut self, tokens: &[u32], result: Result<Output, String>) -> Result<Output, String> {
        match result {
            Ok(_) => {
                self.tokens.extend_from_slice(tokens);
                self.read_tokens += tokens.len() as u64;
            }
            Err(_) => self.memory.truncate(self.tokens.len()),
        }
        result
    }
}

pub(crate) fn common(left: &[u32], right: &[u32]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}
