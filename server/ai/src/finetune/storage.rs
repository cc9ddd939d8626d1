//! What is written to disk: adapters in the usual layout, and checkpoints from which training goes on. Files are replaced
//! whole, so a killed training leaves the last complete ones.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::FinetuneError;
use super::adapter::Adapter;
use super::trainer::{Place, Trainer};

pub const ADAPTER_CONFIG: &str = "adapter_config.json";
pub const ADAPTER_WEIGHTS: &str = "adapter_model.safetensors";
pub const CHECKPOINT: &str = "checkpoint.safetensors";

const STATE: &str = "strizh.finetune";

/// What a training needs to go on, besides matrices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// Of base, options and texts; see [`Trainer::restore`].
    pub(super) settings: String,
    pub(super) texts: String,
    pub(super) steps: u64,
    pub(super) pass: u64,
    pub(super) piece: usize,
    pub(super) seconds: f64,
    pub(super) tokens: u64,
    /// The lowest loss of held-out windows so far, and how often since then it was not lower.
    pub(super) best: Option<f64>,
    pub(super) misses: u32,
    pub(super) next_check: u32,
}

/// A tensor on its way to a file.
struct Named<'a> {
    name: String,
    shape: Vec<usize>,
    values: &'a [f32],
}

fn tensors<'a>(adapter: &'a Adapter, prefix: &str) -> Vec<Named<'a>> {
    let rank = adapter.options.rank;
    let named = adapter.pairs.iter().flat_map(|pair| {
        let path = format!("{prefix}base_model.model.{}", pair.target.path(pair.layer));
        let down = Named {
            name: format!("{path}.lora_A.weight"),
            shape: vec![rank, pair.inputs],
            values: &pair.down,
        };
        let up = Named {
            name: format!("{path}.lora_B.weight"),
            shape: vec![pair.outputs, rank],
            values: &pair.up,
        };
        [down, up]
    });
    named.collect()
}

fn safetensors(tensors: &[Named<'_>], metadata: HashMap<String, String>) -> Result<Vec<u8>, FinetuneError> {
    let bytes = |tensor: &Named<'_>| tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let data: Vec<Vec<u8>> = tensors.iter().map(bytes).collect();
    let mut views = Vec::with_capacity(tensors.len());
    for (tensor, data) in tensors.iter().zip(&data) {
        let view = TensorView::new(Dtype::F32, tensor.shape.clone(), data).map_err(unwritable)?;
        views.push((tensor.name.as_str(), view));
    }
    safetensors::serialize(views, Some(metadata)).map_err(unwritable)
}

fn unwritable(error: safetensors::SafeTensorError) -> FinetuneError {
    FinetuneError::new(format!("cannot put the tensors together: {error}"))
}

impl Adapter {
    /// Writes the adapter as other tools read it; `base` names the model that it belongs to.
    pub fn save(&self, folder: &Path, base: &str) -> Result<(), FinetuneError> {
        let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        let weights = safetensors(&tensors(self, ""), metadata)?;
        let config = serde_json::to_string_pretty(&self.config(base)).unwrap_or_default();
        replace(&folder.join(ADAPTER_CONFIG), config.as_bytes())?;
        replace(&folder.join(ADAPTER_WEIGHTS), &weights)
    }

    fn config(&self, base: &str) -> serde_json::Value {
        let targets: Vec<&str> = self.options.targets.iter().map(|target| target.name()).collect();
        json!({
            "alpha_pattern": {},
            "base_model_name_or_path": base,
            "bias": "none",
            "fan_in_fan_out": false,
            "inference_mode": true,
            "init_lora_weights": true,
            "layers_to_transform": null,
            "lora_alpha": self.options.alpha,
            "lora_dropout": self.options.dropout,
            "modules_to_save": null,
            "peft_type": "LORA",
            "r": self.options.rank,
            "rank_pattern": {},
            "target_modules": targets,
            "task_type": "CAUSAL_LM",
            "use_dora": false,
            "use_rslora": false,
        })
    }
}

impl Trainer {
    /// All that is needed to go on, as one file. `best` is the adapter that was best so far.
    pub(super) fn checkpoint(&self, state: &State, best: &Adapter) -> Result<Vec<u8>, FinetuneError> {
        let mut all = tensors(&self.adapter, "");
        let moments = [("mean.", &self.moments.means), ("square.", &self.moments.squares)];
        for (prefix, moments) in moments {
            let named = tensors(&self.adapter, prefix).into_iter().zip(moments);
            all.extend(named.map(|(tensor, values)| Named { values, ..tensor }));
        }
        all.extend(tensors(best, "best."));
        let state = State {
            settings: self.settings(),
            steps: self.moments.steps,
            pass: self.place.pass,
            piece: self.place.piece,
            ..state.clone()
        };
        let state = serde_json::to_string(&state).unwrap_or_default();
        safetensors(&all, HashMap::from([(STATE.to_owned(), state)]))
    }

    /// Goes on where a checkpoint was made. Other texts are allowed and start a new pass; the best adapter so far is
    /// returned too.
    pub(super) fn restore(&mut self, bytes: &[u8], texts: &str) -> Result<(State, Adapter), FinetuneError> {
        let unreadable = |why: &str| FinetuneError::new(format!("{CHECKPOINT}: {why}"));
        let file = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error.to_string()))?;
        let (_, header) =
            SafeTensors::read_metadata(bytes).map_err(|error| unreadable(&error.to_string()))?;
        let state = header.metadata().as_ref().and_then(|metadata| metadata.get(STATE));
        let state: State = state
            .and_then(|state| serde_json::from_str(state).ok())
            .ok_or_else(|| unreadable("it does not tell where the training was"))?;
        if state.settings != self.settings() {
            let message = "it was made with another base model or other options: \
                           start again in another folder or without --resume";
            return Err(unreadable(message));
        }
        let mut best = self.adapter.clone();
        let mut moments = self.moments.clone();
        fill(&file, "", &mut self.adapter)?;
        fill(&file, "best.", &mut best)?;
        for (prefix, values) in [("mean.", &mut moments.means), ("square.", &mut moments.squares)] {
            let mut shaped = self.adapter.clone();
            fill(&file, prefix, &mut shaped)?;
            *values = shaped.slices().map(std::mem::take).collect();
        }
        moments.steps = state.steps;
        self.moments = moments;
        let is_same = state.texts == texts;
        let next = Place { pass: state.pass + 1, piece: 0 };
        self.go_to(if is_same { Place { pass: state.pass, piece: state.piece } } else { next });
        Ok((state, best))
    }

    /// What must be equal for a training to go on.
    fn settings(&self) -> String {
        let (architecture, options) = (self.base.architecture(), &self.options);
        let base = self.base.fingerprint();
        let (adapter, rates) = (&options.adapter, &options.rates);
        format!(
            "{architecture:?} {base:016x} {adapter:?} {rates:?} {} {}",
            options.batch_tokens, options.seed
        )
    }
}

fn fill(file: &SafeTensors<'_>, prefix: &str, adapter: &mut Adapter) -> Result<(), FinetuneError> {
    let expected: Vec<(String, Vec<usize>)> =
        tensors(adapter, prefix).into_iter().map(|tensor| (tensor.name, tensor.shape)).collect();
    for ((name, shape), values) in expected.into_iter().zip(adapter.slices()) {
        let tensor =
            file.tensor(&name).map_err(|error| FinetuneError::new(format!("{CHECKPOINT}: {error}")))?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            return Err(FinetuneError::new(format!("{CHECKPOINT}: the tensor {name} has another shape")));
        }
        let numbers = tensor.data().chunks_exact(4);
        *values = numbers.map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect();
    }
    Ok(())
}

/// Writes a file beside its place and moves it there.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FinetuneError> {
    let failed = |error: std::io::Error| FinetuneError::new(format!("{}: {error}", path.display()));
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let mut file = fs::File::create(&name).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    drop(file);
    fs::rename(&name, path).map_err(failed)
}
