//! The thread of the model.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use super::decode::{Decoder, Reader};
use super::language_model::LanguageModel;
use super::local::{EngineOptions, Loaded, Shared};
use super::mailbox::{Job, Task};
use super::memories::Memories;
use super::status::EngineState;
use super::watch::Watch;
use super::{EngineError, Finish};
use crate::{Context, Prompt, PromptBuilder, PromptFormat, Tokenizer};

/// Documents whose prompts are built to share as much as possible.
const MAX_DOCUMENTS: usize = 8;
/// Fewer tokens do not make the kernels pack their weights.
const WARM_UP_TOKENS: usize = 32;

/// Loads the model, tells what came of it, and works until the mailbox is closed. A panic ends the engine, never the
/// process.
pub(crate) fn run<L: LanguageModel>(
    shared: &Shared,
    options: EngineOptions,
    load: impl FnOnce() -> Result<Loaded<L>, String>,
) {
    let state = match catch_unwind(AssertUnwindSafe(|| work(shared, options, load))) {
        Ok(Ok(())) => EngineState::Stopped,
        Ok(Err(why)) => EngineState::Failed(why),
        Err(panic) => EngineState::Failed(format!("the model panicked: {}", message(&panic))),
    };
    if let EngineState::Failed(why) = &state {
        tracing::error!("the model is switched off: {why}");
    }
    // The state first: whoever is told by the closed mailbox asks for it.
    shared.set_state(state);
    shared.mailbox.close();
}

fn message(panic: &Box<dyn Any + Send>) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("for an unknown reason")
}

fn work<L: LanguageModel>(
    shared: &Shared,
    options: EngineOptions,
    load: impl FnOnce() -> Result<Loaded<L>, String>,
) -> Result<(), String> {
    let start = Instant::now();
    let Loaded { mut model, tokenizer, format, facts } = load()?;
    let load_ms = start.elapsed().as_millis() as u64;
    let mut worker = Worker::<L>::new(&model, tokenizer, format, options)?;
    let start = Instant::now();
    model.run(|model| worker.warm_up(model))?;
    let warm_up_ms = start.elapsed().as_millis() as u64;
    tracing::info!(name = facts.name, load_ms, warm_up_ms, "the model is ready");
    shared.set_tokenizer(Arc::clone(&worker.tokenizer));
    {
        let mut status = shared.status.lock();
        status.model = facts;
        status.load_ms = load_ms;
        status.warm_up_ms = warm_up_ms;
    }
    shared.set_state(EngineState::Ready);
    while let Some(job) = shared.mailbox.take() {
        model.run(|model| worker.answer(model, job, shared));
    }
    Ok(())
}

/// Everything but the model itself.
struct Worker<L: LanguageModel> {
    tokenizer: Arc<Tokenizer>,
    format: PromptFormat,
    decoder: Decoder,
    memories: Memories<L::Memory>,
    documents: Documents,
    /// Embedding has a memory of its own: it must not push texts out that are worked on.
    embedding: Memories<L::Memory>,
}

impl<L: LanguageModel> Worker<L> {
    fn new(
        model: &L,
        tokenizer: Arc<Tokenizer>,
        format: PromptFormat,
        options: EngineOptions,
    ) -> Result<Self, String> {
        if model.vocabulary() < tokenizer.vocabulary() {
            let (logits, tokens) = (model.vocabulary(), tokenizer.vocabulary());
            return Err(format!("the tokenizer has {tokens} tokens and the model {logits}"));
        }
        let format = format.clone().with_window(format.window.min(model.window()));
        let decoder = Decoder::new(&tokenizer, model.vocabulary(), options.piece, format.window);
        Ok(Self {
            tokenizer,
            format,
            decoder,
            memories: Memories::new(options.memories, options.memory_bytes),
            documents: Documents::default(),
            embedding: Memories::new(1, 0),
        })
    }

    /// The first passes are slow: weights are packed, memory is touched.
    fn warm_up(&mut self, model: &mut L) -> Result<(), String> {
        let prompt = vec![0; WARM_UP_TOKENS];
        let remembered = self.memories.best_for(&prompt, || model.memory())?;
        remembered.append_all(model, &prompt)?;
        remembered.append(model, &[0])?;
        remembered.truncate(0);
        Ok(())
    }

    fn answer(&mut self, model: &mut L, job: Job, shared: &Shared) {
        let Job { task, cancel, superseded } = job;
        let mut watch = Watch { cancels: [&cancel, &superseded], deadline: None };
        // Nobody may wait for an answer any more: then it is lost, as it should be.
        match task {
            Task::Complete { context, limits, reply } => {
                watch.deadline = limits.deadline;
                let prompt = self.prompt(&context);
                let answer = self.with_reader(model, &prompt, |decoder, tokenizer, reader| {
                    decoder.complete(tokenizer, reader, &prompt, &limits, &watch)
                });
                self.count(Some(&prompt), shared);
                drop(reply.try_send(answer.map_err(EngineError::Failed)));
            }
            Task::Score { context, candidates, reply } => {
                let prompt = self.prompt(&context);
                let answer = self.with_reader(model, &prompt, |decoder, tokenizer, reader| {
                    decoder.score(tokenizer, reader, &prompt, &candidates, &watch)
                });
                drop(reply.try_send(answer.map_err(EngineError::Failed)));
            }
            Task::Warm { context } => {
                let prompt = self.prompt(&context);
                let answer = self.with_reader(model, &prompt, |decoder, _, reader| {
                    let is_stopped = || watch.stop().is_some();
                    reader.remembered.read(reader.model, &prompt.tokens, decoder.piece, is_stopped).map(drop)
                });
                self.count(None, shared);
                if let Err(why) = answer {
                    tracing::warn!("reading ahead failed: {why}");
                }
            }
            Task::Embed { text, reply } => match self.embed(model, &text, &watch) {
                Ok(Some(vector)) => drop(reply.try_send(Ok(vector))),
                Err(why) => drop(reply.try_send(Err(EngineError::Failed(why)))),
                Ok(None) if watch.stop() == Some(Finish::Cancelled) && !cancel.is_cancelled() => {
                    shared.mailbox.put_back(text, reply, cancel.clone());
                }
                Ok(None) => {}
            },
        }
    }

    fn prompt(&mut self, context: &Context) -> Prompt {
        self.documents.builder(&context.module).build(&self.tokenizer, &self.format, context)
    }

    fn with_reader<Output>(
        &mut self,
        model: &mut L,
        prompt: &Prompt,
        work: impl FnOnce(&mut Decoder, &Tokenizer, &mut Reader<L>) -> Result<Output, String>,
    ) -> Result<Output, String> {
        let remembered = self.memories.best_for(&prompt.tokens, || model.memory())?;
        work(&mut self.decoder, &self.tokenizer, &mut Reader { model, remembered })
    }

    /// Brings the status up to date, before anybody is answered.
    fn count(&self, completed: Option<&Prompt>, shared: &Shared) {
        let mut status = shared.status.lock();
        if let Some(prompt) = completed {
            status.completions += 1;
            status.prompt_tokens += prompt.tokens.len() as u64;
        }
        status.read_tokens = self.memories.read_tokens();
        status.memories = self.memories.len();
        status.memory_bytes = self.memories.bytes() + self.embedding.bytes();
    }

    /// The mean state of a text's beginning, as long as the window; none if something stopped the work.
    fn embed(&mut self, model: &mut L, text: &str, watch: &Watch) -> Result<Option<Vec<f32>>, String> {
        let mut tokens = self.tokenizer.encode(text);
        tokens.truncate(self.format.window);
        if tokens.is_empty() {
            tokens.push(self.tokenizer.special("endoftext").unwrap_or_default());
        }
        let remembered = self.embedding.best_for(&tokens, || model.memory())?;
        remembered.truncate(0);
        let mut sum: Vec<f32> = Vec::new();
        for piece in tokens.chunks(self.decoder.piece) {
            if watch.stop().is_some() {
                return Ok(None);
            }
            let mean = remembered.mean_state(model, piece)?;
            sum.resize(mean.len(), 0.0);
            for (sum, mean) in sum.iter_mut().zip(&mean) {
                *sum += mean * piece.len() as f32;
            }
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|value| *value /= length);
        }
        Ok(Some(sum))
    }
}

/// Builders of prompts by document, the least recently used dropped.
#[derive(Default)]
struct Documents {
    all: Vec<(String, PromptBuilder)>,
}

impl Documents {
    fn builder(&mut self, module: &str) -> &mut PromptBuilder {
        let document = match self.all.iter().position(|(name, _)| name == module) {
            Some(at) => self.all.remove(at),
            None => (module.to_owned(), PromptBuilder::default()),
        };
        if self.all.len() >= MAX_DOCUMENTS {
            self.all.remove(0);
        }
        self.all.push(document);
        let last = self.all.len() - 1;
        &mut self.all[last].1
    }
}
