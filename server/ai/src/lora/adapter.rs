//! An adapter as it lies on the disk: which module has which matrices, and what they are scaled with. The numbers are
//! read when the adapter was found to fit a model.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use crate::files::decode;
use crate::files::gguf::TensorEntry;
use crate::files::{FileError, safetensors, shown};
use crate::lora::config::{AdapterConfig, ends_with_name};
use crate::lora::gguf_adapter;
use crate::lora::names::{self, Part};

/// An adapter whose head was read: every A has its B, and their ranks agree.
#[derive(Debug)]
pub struct Adapter {
    /// The folder of a PEFT adapter, or a GGUF file.
    pub path: PathBuf,
    /// By name: `model.layers.0.self_attn.q_proj`.
    pub modules: BTreeMap<String, Module>,
    /// Tensors that replace those of the model, by the names of those.
    pub whole: BTreeMap<String, TensorEntry>,
    /// The output layer follows the embedding.
    pub ensure_weight_tying: bool,
    /// What the user should know.
    pub notes: Vec<String>,
    /// Everything that an answer of the merged model depends on, besides the base.
    pub parts: Vec<PathBuf>,
    pub(crate) tensors_path: PathBuf,
    pub(super) file: Mutex<File>,
}

/// The low-rank product of one module.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    pub rank: usize,
    pub scale: f32,
    pub layout: Layout,
    pub a: TensorEntry,
    pub b: TensorEntry,
    /// Added to the bias of the module, scaled.
    pub bias: Option<TensorEntry>,
    /// Of DoRA.
    pub magnitude: Option<TensorEntry>,
}

/// How A and B stand to the matrix of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A is \[rank, inputs\], B is \[outputs, rank\].
    Linear,
    /// A is \[rank, vocabulary\], B is \[width, rank\].
    Embedding,
    /// A is \[vocabulary, rank\], B is \[width, rank\]: embeddings in GGUF.
    FlippedEmbedding,
}

impl Module {
    /// The shape of the matrix that the product is added to, rows first.
    pub fn target_shape(&self) -> [usize; 2] {
        let length =
            |tensor: &TensorEntry, index: usize| tensor.shape.get(index).copied().unwrap_or_default();
        match self.layout {
            Layout::Linear => [length(&self.b, 0), length(&self.a, 1)],
            Layout::Embedding => [length(&self.a, 1), length(&self.b, 0)],
            Layout::FlippedEmbedding => [length(&self.a, 0), length(&self.b, 0)],
        }
    }
}

impl Adapter {
    /// Opens the folder of a PEFT adapter or a GGUF file.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            _ if path.is_dir() => Self::open_peft(path),
            "bin" | "pt" | "pth" | "ckpt" => Err(FileError::new(path, PICKLE)),
            "safetensors" => {
                Err(FileError::new(path, "give the folder of the adapter, with its `adapter_config.json`"))
            }
            _ => gguf_adapter::open(path),
        }
    }

    fn open_peft(folder: &Path) -> Result<Self, FileError> {
        let config_path = folder.join("adapter_config.json");
        let config = AdapterConfig::read(&config_path)?;
        let tensors_path = folder.join("adapter_model.safetensors");
        if !tensors_path.exists() && folder.join("adapter_model.bin").exists() {
            return Err(FileError::new(&folder.join("adapter_model.bin"), PICKLE));
        }
        let mut file = File::open(&tensors_path).map_err(|error| FileError::new(&tensors_path, error))?;
        let header = safetensors::read_header(&mut file, &tensors_path)?;
        let (drafts, whole) = sort_tensors(header.tensors, &tensors_path)?;
        let mut modules = BTreeMap::new();
        for (name, draft) in drafts {
            let module = draft.finish(&name, &config);
            let module = module.map_err(|problem| {
                FileError::new(&tensors_path, format_args!("module `{}`: {problem}", shown(&name)))
            })?;
            modules.insert(name, module);
        }
        let mut notes = config.notes.clone();
        notes.extend(unexpected(&config, &modules, &whole));
        Ok(Self {
            path: folder.to_owned(),
            modules,
            whole,
            ensure_weight_tying: config.ensure_weight_tying,
            notes,
            parts: vec![config_path, tensors_path.clone()],
            tensors_path,
            file: Mutex::new(file),
        })
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> u64 {
        let own = |module: &Module| {
            let optional = [&module.bias, &module.magnitude].into_iter().flatten().map(elements).sum::<u64>();
            elements(&module.a) + elements(&module.b) + optional
        };
        self.modules.values().map(own).sum::<u64>() + self.whole.values().map(elements).sum::<u64>()
    }

    /// A tensor as f32.
    pub(crate) fn values(&self, tensor: &TensorEntry) -> Result<Vec<f32>, FileError> {
        let row_count = if tensor.shape.len() == 2 { tensor.shape[0] } else { 1 };
        self.rows(tensor, 0..row_count)
    }

    pub(super) fn rows(&self, tensor: &TensorEntry, rows: Range<usize>) -> Result<Vec<f32>, FileError> {
        let row_count = if tensor.shape.len() == 2 { tensor.shape[0] } else { 1 };
        let refuse = |problem: String| FileError::in_tensor(&self.tensors_path, &tensor.name, problem);
        let row_bytes = tensor.bytes / row_count.max(1) as u64;
        let mut bytes = vec![0; row_bytes as usize * rows.len()];
        let mut file = self.file.lock();
        let place = SeekFrom::Start(tensor.offset + row_bytes * rows.start as u64);
        let read = file.seek(place).and_then(|_| file.read_exact(&mut bytes));
        read.map_err(|error| refuse(error.to_string()))?;
        let values = decode(&bytes, tensor.kind).map_err(refuse)?;
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(refuse(format!("it has the value {value}"))),
            None => Ok(values),
        }
    }
}

const PICKLE: &str =
    "pickles are not read, they may run code: save the adapter with `safe_serialization=True`";

pub(super) fn elements(tensor: &TensorEntry) -> u64 {
    tensor.shape.iter().map(|&length| length as u64).product()
}

/// Matrices of a module that were found so far.
#[derive(Default)]
struct Draft {
    parts: BTreeMap<Part, TensorEntry>,
}

type Sorted = (BTreeMap<String, Draft>, BTreeMap<String, TensorEntry>);

fn sort_tensors(tensors: Vec<TensorEntry>, path: &Path) -> Result<Sorted, FileError> {
    let (mut drafts, mut whole) = (BTreeMap::<String, Draft>::new(), BTreeMap::new());
    let mut adapter_name: Option<String> = None;
    for tensor in tensors {
        let refuse = |problem: &str| FileError::in_tensor(path, &tensor.name, problem);
        let name = names::parse(&tensor.name).map_err(|problem| refuse(&problem))?;
        if let Some(adapter) = name.adapter {
            let known = adapter_name.get_or_insert_with(|| adapter.clone());
            if *known != adapter {
                let problem =
                    format!("the file holds two adapters, `{}` and `{}`", shown(known), shown(&adapter));
                return Err(refuse(&problem));
            }
        }
        let twin = match name.part {
            Part::Whole => whole.insert(name.module, tensor),
            part => drafts.entry(name.module).or_default().parts.insert(part, tensor),
        };
        if let Some(twin) = twin {
            return Err(FileError::in_tensor(
                path,
                &twin.name,
                "it is there twice, with and without a name of an adapter",
            ));
        }
    }
    Ok((drafts, whole))
}

impl Draft {
    fn finish(mut self, name: &str, config: &AdapterConfig) -> Result<Module, String> {
        let mut take = |part: Part| self.parts.remove(&part);
        let linear = (take(Part::A), take(Part::B));
        let embedding = (take(Part::EmbeddingA), take(Part::EmbeddingB));
        let (bias, magnitude) = (take(Part::BiasOfB), take(Part::Magnitude));
        let (a, b, layout) = match (linear, embedding) {
            ((Some(a), Some(b)), (None, None)) => (a, b, Layout::Linear),
            ((None, None), (Some(a), Some(b))) => (a, b, Layout::Embedding),
            ((Some(_), None), _) | (_, (Some(_), None)) => return Err("it has A, but no B".to_owned()),
            ((None, Some(_)), _) | (_, (None, Some(_))) => return Err("it has B, but no A".to_owned()),
            ((None, None), (None, None)) => return Err("it has neither A nor B".to_owned()),
            _ => return Err("it has matrices of a layer and of an embedding".to_owned()),
        };
        let rank = product_rank(&a, &b, 0)?;
        let wanted = config.rank_of(name)?;
        if rank != wanted {
            return Err(format!("its rank is {rank}, but the configuration says {wanted}"));
        }
        match (config.use_dora, &magnitude) {
            (true, None) => return Err("`use_dora` is set, but it has no magnitude".to_owned()),
            (false, Some(_)) => return Err("it has a magnitude, but `use_dora` is not set".to_owned()),
            _ => {}
        }
        match (config.lora_bias, &bias) {
            (true, None) if layout == Layout::Linear => {
                return Err("`lora_bias` is set, but B has no bias".to_owned());
            }
            (false, Some(_)) => return Err("B has a bias, but `lora_bias` is not set".to_owned()),
            (true, Some(_)) if config.use_dora => {
                return Err("DoRA with `lora_bias` is not defined".to_owned());
            }
            _ => {}
        }
        Ok(Module { rank, scale: config.scale_of(name)?, layout, a, b, bias, magnitude })
    }
}

/// The length that A and B share: in A at `index_in_a`, in B the second.
pub(super) fn product_rank(a: &TensorEntry, b: &TensorEntry, index_in_a: usize) -> Result<usize, String> {
    match (a.shape.as_slice(), b.shape.as_slice()) {
        ([_, _], [_, of_b]) if a.shape.get(index_in_a) == Some(of_b) => Ok(*of_b),
        (of_a, of_b) => Err(format!("A has the shape {of_a:?} and B {of_b:?}: they cannot be multiplied")),
    }
}

/// What the configuration promises and the tensors do not keep, or the other way round.
fn unexpected(
    config: &AdapterConfig,
    modules: &BTreeMap<String, Module>,
    whole: &BTreeMap<String, TensorEntry>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let crate::lora::TargetModules::Names(names) = &config.targets {
        for name in names.iter().filter(|name| !modules.keys().any(|module| ends_with_name(module, name))) {
            notes.push(format!("`target_modules` names `{}`, but there are no such tensors", shown(name)));
        }
    }
    let is_saved = |name: &String| {
        whole
            .keys()
            .any(|tensor| tensor.rsplit_once('.').is_some_and(|(module, _)| ends_with_name(module, name)))
    };
    for name in config.modules_to_save.iter().filter(|name| !is_saved(name)) {
        notes.push(format!("`modules_to_save` names `{}`, but there is no such tensor", shown(name)));
    }
    let foreign = modules.keys().filter(|module| config.targets_module(module) == Some(false));
    let foreign: Vec<&str> = foreign.take(3).map(String::as_str).collect();
    if !foreign.is_empty() {
        notes.push(format!(
            "`target_modules` does not name `{}`, but there are tensors",
            shown(&foreign.join("`, `"))
        ));
    }
    notes
}
