//! Our own Qwen2 behind the engine: how a model file becomes a model that is ready for use.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::language_model::{LanguageModel, TokenMemory};
use super::local::{EngineOptions, Loaded, LocalEngine};
use super::status::ModelFacts;
use crate::files::Value;
use crate::model::{
    KvCache, LoadOptions, ModelError, ModelFile, Qwen2, Scratch, Weights, environment_notes, on_one_thread,
};
use crate::{Order, PromptFormat, Tokenizer};

/// GGUF fields that describe prompts.
const ORDER_FIELD: &str = "strizh.fim.order";
const SUFFIX_FIELD: &str = "strizh.fim.suffix_tokens";
const CONTEXT_FIELD: &str = "strizh.context";
const NAME_FIELD: &str = "general.name";

/// Where the weights are.
#[derive(Clone, Debug)]
pub enum ModelSource {
    /// A GGUF file, or a folder with safetensors.
    Path(PathBuf),
    /// A GGUF file within the program.
    Embedded { name: &'static str, bytes: &'static [u8] },
}

/// What may be chosen about a model.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelOptions {
    pub weights: Weights,
    /// Tokens of prompt and answer together; as the model was trained if not given.
    pub window: Option<usize>,
    pub snippet_tokens: Option<usize>,
    /// Larger files are refused: a model takes about twice the memory of its file.
    pub max_bytes: Option<u64>,
}

/// A Qwen2 with the memory it calculates in.
pub struct CandleModel {
    model: Qwen2,
    scratch: Scratch,
    window: usize,
}

impl LocalEngine {
    /// Starts to load a model file in the background and returns at once.
    pub fn open(source: ModelSource, model: ModelOptions, options: EngineOptions) -> Self {
        Self::start(&source.name(), options, move || load(&source, &model))
    }
}

/// Loads a model file.
pub fn load(source: &ModelSource, options: &ModelOptions) -> Result<Loaded<CandleModel>, String> {
    let text = |error: ModelError| error.to_string();
    source.check_size(options.max_bytes)?;
    let file = match source {
        ModelSource::Path(path) => ModelFile::open(path),
        ModelSource::Embedded { name, bytes } => ModelFile::from_bytes(*bytes, name),
    }
    .map_err(text)?;
    let tokenizer = file.tokenizer().ok_or_else(|| format!("{}: there is no tokenizer", file.name()))?;
    let tokenizer = Tokenizer::from_json(tokenizer).map_err(|error| format!("{}: {error}", file.name()))?;
    let mut format = format_of(&file, &tokenizer)?;
    if let Some(window) = options.window {
        format = format.with_window(window);
    }
    if let Some(tokens) = options.snippet_tokens {
        format.snippet_tokens = tokens.min(format.window / 4);
    }
    let load = LoadOptions { weights: options.weights, max_context: format.window };
    let model = Qwen2::load(&file, &load).map_err(text)?;
    let mut notes = model.notes().to_vec();
    notes.extend(environment_notes());
    let (hash, bytes) = source.hash()?;
    let named = file.metadata(NAME_FIELD).and_then(Value::as_str).map(str::to_owned);
    let facts = ModelFacts {
        name: named.unwrap_or_else(|| source.name()),
        parameters: model.config().parameters(),
        hash,
        bytes,
        threads: if model.is_small() {
            1
        } else {
            std::thread::available_parallelism().map_or(1, usize::from)
        },
        notes,
    };
    let window = format.window.min(model.max_context());
    let model = CandleModel { model, scratch: Scratch::default(), window };
    Ok(Loaded { model, tokenizer: Arc::new(tokenizer), format, facts })
}

/// As the file says, else as its tokenizer suggests.
fn format_of(file: &ModelFile<'_>, tokenizer: &Tokenizer) -> Result<PromptFormat, String> {
    let size = |field| file.metadata(field).and_then(Value::to_usize);
    let mut format = match file.metadata(ORDER_FIELD).and_then(Value::as_str) {
        None => PromptFormat::of(tokenizer),
        Some(name) => {
            let order = Order::named(name)
                .ok_or_else(|| format!("{}: {ORDER_FIELD} is {name}, not spm, psm or plain", file.name()))?;
            PromptFormat::new(tokenizer, order).map_err(|error| format!("{}: {error}", file.name()))?
        }
    };
    if let Some(tokens) = size(SUFFIX_FIELD).filter(|tokens| *tokens > 0) {
        format.suffix_tokens = tokens;
    }
    let window = size(CONTEXT_FIELD).filter(|tokens| *tokens > 0).unwrap_or(format.window);
    Ok(format.with_window(window.min(file.config().max_positions)))
}

impl ModelSource {
    /// What people call it.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::Embedded { name, .. } => (*name).to_owned(),
        }
    }

    /// Size of the weights, of a folder that of all its safetensors; zero for what cannot be read.
    pub fn size(&self) -> u64 {
        match self {
            Self::Embedded { bytes, .. } => bytes.len() as u64,
            Self::Path(path) => weights_size(path),
        }
    }

    fn check_size(&self, most: Option<u64>) -> Result<(), String> {
        let bytes = self.size();
        match most {
            Some(most) if bytes > most => {
                Err(format!("{}: {bytes} bytes are more than the {most} allowed", self.name()))
            }
            _ => Ok(()),
        }
    }

    /// Hash and size of the weights.
    fn hash(&self) -> Result<(String, u64), String> {
        match self {
            Self::Embedded { bytes, .. } => Ok((hexadecimal(&Sha256::digest(bytes)), bytes.len() as u64)),
            Self::Path(path) => {
                let path = weights_of(path);
                // A model in several files has no single hash.
                if !path.exists() { Ok((String::new(), 0)) } else { hash_file(&path) }
            }
        }
    }
}

/// Bytes of a file of weights, or of all such files of a folder.
pub(crate) fn weights_size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else {
        return path.metadata().map_or(0, |metadata| metadata.len());
    };
    let files = entries.flatten().map(|entry| entry.path());
    let weights = files.filter(|path| path.extension().is_some_and(|extension| extension == "safetensors"));
    weights.filter_map(|path| Some(path.metadata().ok()?.len())).sum()
}

fn weights_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("model.safetensors") } else { path.to_owned() }
}

fn hash_file(path: &Path) -> Result<(String, u64), String> {
    let problem = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut file = std::fs::File::open(path).map_err(problem)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(problem)?;
        if count == 0 {
            return Ok((hexadecimal(&hash.finalize()), bytes));
        }
        hash.update(&buffer[..count]);
        bytes += count as u64;
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl LanguageModel for CandleModel {
    type Memory = KvCache;

    fn window(&self) -> usize {
        self.window
    }

    fn vocabulary(&self) -> usize {
        self.model.config().vocabulary
    }

    fn memory(&self) -> Result<KvCache, String> {
        Ok(self.model.cache(self.window))
    }

    fn forward(&mut self, tokens: &[u32], memory: &mut KvCache) -> Result<&[f32], String> {
        self.model.forward(tokens, memory, &mut self.scratch).map_err(|error| error.to_string())
    }

    fn forward_all(&mut self, tokens: &[u32], memory: &mut KvCache) -> Result<&[f32], String> {
        self.model.forward_all(tokens, memory, &mut self.scratch).map_err(|error| error.to_string())
    }

    fn feed(&mut self, tokens: &[u32], memory: &mut KvCache) -> Result<(), String> {
        self.model.feed(tokens, memory, &mut self.scratch).map_err(|error| error.to_string())
    }

    fn mean_state(&mut self, tokens: &[u32], memory: &mut KvCache) -> Result<Vec<f32>, String> {
        self.model.mean_hidden_state(tokens, memory, &mut self.scratch).map_err(|error| error.to_string())
    }

    /// A small model on one thread: waiting for another one costs more than it saves.
    fn run<Output: Send>(&mut self, work: impl FnOnce(&mut Self) -> Output + Send) -> Output {
        if self.model.is_small() { on_one_thread(|| work(self)) } else { work(self) }
    }
}

impl TokenMemory for KvCache {
    fn truncate(&mut self, length: usize) {
        Self::truncate(self, length);
    }

    fn bytes(&self) -> usize {
        Self::bytes(self)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base::CancelToken;

    use super::*;
    use crate::engine::{Engine, EngineState, Finish, Limits};
    use crate::model::ModelConfig;
    use crate::model::random::RandomModel;
    use crate::tokenizer::fixture;
    use crate::{Context, Extent};

    fn folder() -> tempfile::TempDir {
        let config = ModelConfig {
            hidden: 64,
            layers: 2,
            heads: 4,
            kv_heads: 2,
            head_width: 16,
            feed_forward: 128,
            vocabulary: fixture::own().vocabulary(),
            max_positions: 512,
            rope_base: 10_000.0,
            epsilon: 1e-6,
            tied: true,
        };
        let model = RandomModel::new(config, 7).expect("the shape is valid");
        let folder = tempfile::tempdir().expect("there is room");
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).expect("there is room")
        };
        write("config.json", model.config_json().as_bytes());
        write("model.safetensors", &model.safetensors().expect("the tensors are valid"));
        write("tokenizer.json", fixture::own_json().as_bytes());
        folder
    }

    fn open(folder: &tempfile::TempDir, options: ModelOptions) -> LocalEngine {
        let engine =
            LocalEngine::open(ModelSource::Path(folder.path().to_owned()), options, EngineOptions::default());
        engine.wait_until_loaded(Duration::from_secs(120));
        engine
    }

    fn complete(engine: &LocalEngine, prefix: &str) -> Vec<crate::Generated> {
        let context =
            Context {
                prefix: prefix.into(), suffix: "\nКонецПроцедуры".into(), ..Context::default()
            };
        let limits = Limits { extent: Extent::Lines(4), max_tokens: 8, candidates: 1, deadline: None };
        engine.complete(&context, &limits, &CancelToken::new()).expect("the model works")
    }

    #[test]
    fn what_is_remembered_changes_no_answer() {
        let folder = folder();
        let engine = open(&folder, ModelOptions::default());
        let (start, end) =
            fixture::MODULE.split_at(fixture::MODULE.find("Запрос.Текст").expect("it is there"));
        let typed: String = end.chars().take(6).collect();
        for count in 0..=6 {
            let prefix: String = start.chars().chain(typed.chars().take(count)).collect();
            let warm = complete(&engine, &prefix);
            let cold = complete(&open(&folder, ModelOptions::default()), &prefix);
            assert_eq!(
                warm.iter().map(|one| &one.text).collect::<Vec<_>>(),
                cold.iter().map(|one| &one.text).collect::<Vec<_>>()
            );
            assert!(warm.iter().all(|one| one.finish != Finish::Cancelled));
        }
        let vector = engine.embed("Запрос", &CancelToken::new()).expect("the model works");
        assert_eq!(vector.len(), 64);
    }

    #[test]
    fn facts_are_known_and_sizes_are_limited() {
        let folder = folder();
        let status = open(&folder, ModelOptions::default()).status();
        assert_eq!(status.state, EngineState::Ready);
        assert_eq!(status.model.hash.len(), 64);
        assert!(status.model.bytes > 100_000 && status.model.parameters > 50_000);
        let status =
            open(&folder, ModelOptions { max_bytes: Some(1000), ..ModelOptions::default() }).status();
        assert!(
            matches!(&status.state, EngineState::Failed(why) if why.contains("1000 allowed")),
            "{status:?}"
        );
        std::fs::remove_file(folder.path().join("tokenizer.json")).expect("it is there");
        let status = open(&folder, ModelOptions::default()).status();
        assert!(
            matches!(&status.state, EngineState::Failed(why) if why.contains("no tokenizer")),
            "{status:?}"
        );
    }
}
