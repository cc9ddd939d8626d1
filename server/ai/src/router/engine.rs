//! One engine in front of several: each request goes to the expert for its place. An expert is the base with an adapter
//! merged into it; it is made when it is first wanted, in the background, and the base answers until it is ready.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::CancelToken;
use parking_lot::Mutex;

use crate::engine::{load, weights_size};
use crate::files::{FileError, ModelsFolder};
use crate::lora::merge_adapter;
use crate::router::{ExpertConfig, ExpertPool, Router};
use crate::{
    Context, Engine, EngineError, EngineOptions, EngineState, Generated, Limits, LocalEngine, ModelOptions,
    ModelSource, Score,
};

/// What experts are made of.
#[derive(Clone, Debug)]
pub struct ExpertOptions {
    /// The model that adapters are merged into.
    pub base: ModelSource,
    pub model: ModelOptions,
    pub engine: EngineOptions,
    /// Where merged models are kept.
    pub models: ModelsFolder,
    /// What weights of loaded experts may take together, besides the base.
    pub max_bytes: u64,
}

/// Sends requests to experts.
pub struct ExpertEngine {
    base: Arc<LocalEngine>,
    router: Router,
    pool: ExpertPool<LocalEngine>,
    /// Why an expert cannot be used, by name.
    problems: Mutex<BTreeMap<String, String>>,
}

impl ExpertEngine {
    pub fn new(base: Arc<LocalEngine>, router: Router, options: ExpertOptions) -> Self {
        let max_bytes = options.max_bytes;
        let pool = ExpertPool::new(max_bytes, move |expert| open(expert, &options));
        Self { base, router, pool, problems: Mutex::default() }
    }

    /// Names of the experts that are loaded, with the bytes of their weights.
    pub fn loaded(&self) -> Vec<(String, u64)> {
        self.pool.loaded()
    }

    /// What keeps experts from being used.
    pub fn problems(&self) -> Vec<String> {
        self.problems.lock().values().cloned().collect()
    }

    /// The expert for a place, if it has a model of its own and that is loaded.
    fn expert(&self, context: &Context) -> Option<(&ExpertConfig, Arc<LocalEngine>)> {
        let expert = self.router.select_expert(&context.question, context);
        expert.adapter.as_ref()?;
        let problem = match self.pool.get(expert) {
            Ok(engine) => match engine.status().state {
                EngineState::Ready => return Some((expert, engine)),
                EngineState::Failed(problem) => problem,
                EngineState::Loading | EngineState::Stopped => return None,
            },
            Err(problem) => problem,
        };
        self.problems.lock().entry(expert.id.clone()).or_insert_with(|| format!("{}: {problem}", expert.id));
        None
    }
}

impl Engine for ExpertEngine {
    fn describe(&self) -> String {
        self.base.describe()
    }

    fn complete(
        &self,
        context: &Context,
        limits: &Limits,
        cancel: &CancelToken,
    ) -> Result<Vec<Generated>, EngineError> {
        let Some((expert, engine)) = self.expert(context) else {
            return self.base.complete(context, limits, cancel);
        };
        let mut generated = engine.complete(&asked(expert, context), limits, cancel)?;
        generated.retain(|one| passes(&expert.checker, &one.text));
        Ok(generated)
    }

    fn score(
        &self,
        context: &Context,
        candidates: &[(String, usize)],
        cancel: &CancelToken,
    ) -> Result<Vec<Option<Score>>, EngineError> {
        match self.expert(context) {
            Some((expert, engine)) => engine.score(&asked(expert, context), candidates, cancel),
            None => self.base.score(context, candidates, cancel),
        }
    }

    fn warm(&self, context: &Context, cancel: &CancelToken) {
        match self.expert(context) {
            Some((expert, engine)) => engine.warm(&asked(expert, context), cancel),
            None => self.base.warm(context, cancel),
        }
    }
}

/// What the expert is told: a question is put in its words.
fn asked<'a>(expert: &ExpertConfig, context: &'a Context) -> Cow<'a, Context> {
    let question = &context.question;
    if question.is_empty() {
        return Cow::Borrowed(context);
    }
    let prefix = expert.prompt(question, context);
    Cow::Owned(Context { prefix, suffix: String::new(), ..context.clone() })
}

/// What of the checkers needs no parser.
fn passes(checker: &str, text: &str) -> bool {
    checker != "comment"
        || text.lines().skip(1).all(|line| line.trim().is_empty() || line.trim_start().starts_with("//"))
}

/// Starts to load the base with the adapter of an expert.
fn open(expert: &ExpertConfig, options: &ExpertOptions) -> Result<(LocalEngine, u64), String> {
    let adapter = expert.adapter.clone().ok_or("there is no adapter")?;
    let bytes = options.base.size() + weights_size(&adapter);
    let of_thread = options.clone();
    let engine = LocalEngine::start(&expert.id, options.engine, move || {
        let path = merged(&of_thread, &adapter).map_err(|error| error.to_string())?;
        load(&ModelSource::Path(path), &of_thread.model)
    });
    Ok((engine, bytes))
}

/// The file of the base with an adapter merged into it, as it was made earlier if it was.
fn merged(options: &ExpertOptions, adapter: &Path) -> Result<PathBuf, FileError> {
    let base = match &options.base {
        ModelSource::Path(path) => path.clone(),
        ModelSource::Embedded { name, bytes } => options.models.export(name, bytes)?,
    };
    merge_adapter(&base, adapter, &options.models)
}
