//! A model for tests: it knows one text by heart and continues it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::language_model::{LanguageModel, TokenMemory};
use super::{Loaded, ModelFacts};
use crate::tokenizer::fixture;
use crate::{PromptFormat, Tokenizer};

/// Called before each pass with the tokens that are read.
pub(crate) type Hook = Arc<dyn Fn(&[u32]) + Send + Sync>;

pub(crate) struct FakeModel {
    /// Counts of what follows the last one, two and three tokens.
    followers: FxHashMap<Vec<u32>, FxHashMap<u32, u32>>,
    logits: Vec<f32>,
    rows: Vec<f32>,
    hook: Hook,
}

#[derive(Default)]
pub(crate) struct FakeMemory(Vec<u32>);

const VOCABULARY_SURPLUS: usize = 5;
const WINDOW: usize = 512;

impl FakeModel {
    /// A model that learned the text of the fixture.
    pub(crate) fn new(tokenizer: &Tokenizer, hook: Hook) -> Self {
        let mut tokens = tokenizer.encode(fixture::MODULE);
        tokens.push(0);
        let mut followers: FxHashMap<Vec<u32>, FxHashMap<u32, u32>> = FxHashMap::default();
        for order in 1..=3 {
            for window in tokens.windows(order + 1) {
                let counts = followers.entry(window[..order].to_vec()).or_default();
                *counts.entry(window[order]).or_default() += 1;
            }
        }
        let vocabulary = tokenizer.vocabulary() + VOCABULARY_SURPLUS;
        Self { followers, logits: vec![0.0; vocabulary], rows: Vec::new(), hook }
    }

    pub(crate) fn loaded(hook: Hook) -> Loaded<Self> {
        let tokenizer = Arc::new(fixture::own());
        Loaded {
            model: Self::new(&tokenizer, hook),
            format: PromptFormat::of(&tokenizer),
            tokenizer,
            facts: ModelFacts { name: "fake".into(), parameters: 1_500_000, ..ModelFacts::default() },
        }
    }

    fn predict(&mut self, text: &[u32]) {
        self.logits.fill(-12.0);
        for order in 1..=3.min(text.len()) {
            let Some(counts) = self.followers.get(&text[text.len() - order..]) else { continue };
            for (token, count) in counts {
                self.logits[*token as usize] += (1.0 + *count as f32).ln() * (order * order) as f32;
            }
        }
        // Models have logits for tokens that do not exist; here the greatest of all.
        if let Some(last) = self.logits.last_mut() {
            *last = 3.0;
        }
    }
}

impl LanguageModel for FakeModel {
    type Memory = FakeMemory;

    fn window(&self) -> usize {
        WINDOW
    }

    fn vocabulary(&self) -> usize {
        self.logits.len()
    }

    fn memory(&self) -> Result<FakeMemory, String> {
        Ok(FakeMemory::default())
    }

    fn forward(&mut self, tokens: &[u32], memory: &mut FakeMemory) -> Result<&[f32], String> {
        self.forward_all(tokens, memory)?;
        Ok(&self.logits)
    }

    fn forward_all(&mut self, tokens: &[u32], memory: &mut FakeMemory) -> Result<&[f32], String> {
        (self.hook)(tokens);
        if memory.0.len() + tokens.len() > WINDOW || tokens.is_empty() {
            return Err(format!("{} and {} tokens", memory.0.len(), tokens.len()));
        }
        self.rows.clear();
        for token in tokens {
            memory.0.push(*token);
            self.predict(&memory.0);
            self.rows.extend_from_slice(&self.logits);
        }
        Ok(&self.rows)
    }

    fn mean_state(&mut self, tokens: &[u32], memory: &mut FakeMemory) -> Result<Vec<f32>, String> {
        self.forward_all(tokens, memory)?;
        let mut mean = vec![0.0; 16];
        for token in tokens {
            mean[*token as usize % 16] += 1.0 / tokens.len() as f32;
        }
        Ok(mean)
    }
}

impl TokenMemory for FakeMemory {
    fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    fn bytes(&self) -> usize {
        1 << 20
    }
}
