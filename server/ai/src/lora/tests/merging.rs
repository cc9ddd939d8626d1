//! Adapters of every kind, merged and not.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_qwen2::ModelWeights;
use serde_json::json;
use test_support::Random;

use super::forward::{Hooks, Plain, Row, dot, logits, plus};
use crate::files::fixture::{Numbers, TinyModel, tensor, tiny_shape, write_adapter};
use crate::files::{Checkpoint, GgufWriter, PlannedTensor, Quantization, Shape, Value};
use crate::lora::{ALL_PROJECTIONS, Adapter, Merge, PlanSummary, merge};
use crate::model::{LoadOptions, ModelFile, Qwen2, Scratch};

const TOKENS: [usize; 7] = [3, 17, 0, 39, 17, 8, 21];
const PREFIX: &str = "base_model.model.";
const EMBEDDING: &str = "model.embed_tokens";

/// The unmerged model: y = W·x + s·B·(A·x), and what DoRA makes of it.
struct Unmerged<'a> {
    base: Plain<'a>,
    adapter: Plain<'a>,
    scale: &'a dyn Fn(&str) -> f64,
}

impl Unmerged<'_> {
    fn tensor(&self, module: &str, rest: &str) -> Option<String> {
        let name = format!("{PREFIX}{module}.{rest}");
        self.adapter.0.contains_key(&name).then_some(name)
    }

    /// B·(A·x).
    fn low_rank(&self, module: &str, input: &Row) -> Option<Row> {
        let (a, b) = (self.tensor(module, "lora_A.weight")?, self.tensor(module, "lora_B.weight")?);
        Some(self.adapter.product(&b, &self.adapter.product(&a, input)))
    }

    /// Length of each row of W + s·B·A, found by feeding it unit vectors.
    fn row_lengths(&self, module: &str, width: usize) -> Row {
        let mut squares = Vec::new();
        for index in 0..width {
            let unit: Row = (0..width).map(|other| f64::from(u8::from(other == index))).collect();
            let column = plus(
                self.base.product(&format!("{module}.weight"), &unit),
                self.low_rank(module, &unit).map(|row| self.scaled(module, row)),
            );
            squares.resize(column.len(), 0.0);
            squares.iter_mut().zip(column).for_each(|(sum, value)| *sum += value * value);
        }
        squares.iter().map(|sum| sum.sqrt()).collect()
    }

    fn scaled(&self, module: &str, row: Row) -> Row {
        let scale = (self.scale)(module);
        row.into_iter().map(|value| value * scale).collect()
    }

    fn embedding_delta(&self, token: usize) -> Option<Row> {
        let a = self.tensor(EMBEDDING, "lora_embedding_A")?;
        let b = self.tensor(EMBEDDING, "lora_embedding_B")?;
        let column: Row =
            (0..self.adapter.0[&a].0[0]).map(|rank| self.adapter.row(&a, rank)[token]).collect();
        Some(self.scaled(EMBEDDING, self.adapter.product(&b, &column)))
    }
}

impl Hooks for Unmerged<'_> {
    fn linear(&self, module: &str, input: &Row) -> Row {
        let saved = self.tensor(module, "weight");
        let mut result = match saved {
            Some(saved) => self.adapter.product(&saved, input),
            None => Plain(self.base.0).linear(module, input),
        };
        let bias = self.base.bias(module);
        if let Some(bias) = &bias {
            result.iter_mut().zip(bias).for_each(|(value, bias)| *value -= bias);
        }
        result = plus(result, self.low_rank(module, input).map(|row| self.scaled(module, row)));
        if let Some(magnitude) = self.tensor(module, "lora_magnitude_vector") {
            let lengths = self.row_lengths(module, input.len());
            let magnitude = self.adapter.row(&magnitude, 0);
            result
                .iter_mut()
                .zip(magnitude.iter().zip(lengths))
                .for_each(|(value, (m, length))| *value *= m / length);
        }
        let replaced = self.tensor(module, "bias").map(|name| self.adapter.row(&name, 0));
        let added =
            self.tensor(module, "lora_B.bias").map(|name| self.scaled(module, self.adapter.row(&name, 0)));
        plus(plus(result, replaced.or(bias)), added)
    }

    fn embedding(&self, token: usize) -> Row {
        let adapted = |token: usize| plus(self.base.embedding(token), self.embedding_delta(token));
        let row = match self.tensor(EMBEDDING, "weight") {
            Some(saved) => self.adapter.row(&saved, token),
            None => adapted(token),
        };
        let Some(magnitude) = self.tensor(EMBEDDING, "lora_magnitude_vector") else { return row };
        let all: Vec<Row> = (0..self.base.0[&format!("{EMBEDDING}.weight")].0[0]).map(adapted).collect();
        let length = |column: usize| {
            let column: Row = all.iter().map(|row| row[column]).collect();
            dot(&column, &column).sqrt()
        };
        let magnitude = self.adapter.row(&magnitude, 0);
        row.iter().enumerate().map(|(column, value)| value * magnitude[column] / length(column)).collect()
    }
}

/// An adapter for one kind of module.
fn low_rank(
    random: &mut Random,
    tensors: &mut BTreeMap<String, Numbers>,
    module: &str,
    shape: [usize; 2],
    rank: usize,
) {
    let [outputs, inputs] = shape;
    tensors.insert(format!("{PREFIX}{module}.lora_A.weight"), tensor(random, &[rank, inputs], 0.3));
    tensors.insert(format!("{PREFIX}{module}.lora_B.weight"), tensor(random, &[outputs, rank], 0.3));
}

/// Adapters of all projections, with a rank by module.
fn projections(
    random: &mut Random,
    shape: &Shape,
    rank: &dyn Fn(&str) -> usize,
) -> BTreeMap<String, Numbers> {
    let mut tensors = BTreeMap::new();
    for expected in shape.tensors() {
        let module = expected.name.trim_end_matches(".weight");
        if ALL_PROJECTIONS.iter().any(|name| module.ends_with(name)) {
            low_rank(random, &mut tensors, module, [expected.shape[0], expected.shape[1]], rank(module));
        }
    }
    tensors
}

/// Logits of a written file by the reference implementation.
fn reference_logits(file: &Path) -> Vec<f32> {
    let mut reader = std::fs::File::open(file).expect("the file is there");
    let content = candle_core::quantized::gguf_file::Content::read(&mut reader).expect("it is GGUF");
    let mut model = ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).expect("it is a qwen2 model");
    let tokens: Vec<u32> = TOKENS.iter().map(|&token| token as u32).collect();
    let input =
        Tensor::new(tokens, &Device::Cpu).and_then(|tokens| tokens.unsqueeze(0)).expect("it is a row");
    let logits =
        model.forward(&input, 0).and_then(|logits| logits.flatten_all()).and_then(|logits| logits.to_vec1());
    logits.expect("it answers")
}

/// Logits of a written file by the engine itself.
fn engine_logits(file: &Path) -> Vec<f32> {
    let file = ModelFile::open(file).expect("it is a model");
    let model = Qwen2::load(&file, &LoadOptions::default()).expect("it can be loaded");
    let tokens: Vec<u32> = TOKENS.iter().map(|&token| token as u32).collect();
    let (mut cache, mut scratch) = (model.cache(tokens.len()), Scratch::default());
    model.forward(&tokens, &mut cache, &mut scratch).expect("it answers").to_vec()
}

/// Merges and compares the logits with those of the unmerged model.
#[track_caller]
fn check(
    shape: Shape,
    config: serde_json::Value,
    tensors: &BTreeMap<String, Numbers>,
    scale: &dyn Fn(&str) -> f64,
) -> PlanSummary {
    let folder = tempfile::tempdir().expect("there is room");
    let model = TinyModel::new(shape, 7);
    model.write(&folder.path().join("base"));
    write_adapter(&folder.path().join("adapter"), &config, tensors);
    let base = Checkpoint::open(&folder.path().join("base")).expect("it is a model");
    let adapter = Adapter::open(&folder.path().join("adapter")).expect("it is an adapter");
    assert_eq!(adapter.parameters(), tensors.values().map(|(_, values)| values.len() as u64).sum::<u64>());
    let job = Merge {
        base: &base,
        adapters: &[adapter],
        quantization: Quantization::F32,
        prompt: base.prompt.clone(),
        metadata: Vec::new(),
        allows_quantized_base: false,
    };
    let file = folder.path().join("merged.gguf");
    let (_, summary) = merge(&job, &file, &mut |_| ()).expect("it can be merged");
    let (base, adapter) = (Plain(&model.tensors), Plain(tensors));
    let unmerged = Unmerged { base, adapter, scale };
    let expected = logits(&shape, &Plain(&model.tensors), &unmerged, &TOKENS);
    let plain = logits(&shape, &Plain(&model.tensors), &Plain(&model.tensors), &TOKENS);
    assert!(distance(&expected, &plain) > 1e-2, "the adapter changes nothing");
    for merged in [reference_logits(&file), engine_logits(&file)] {
        let merged: Row = merged.into_iter().map(f64::from).collect();
        let error = distance(&merged, &expected);
        assert!(error < 1e-4, "logits differ by {error}");
    }
    summary
}

fn distance(left: &Row, right: &Row) -> f64 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(left, right)| (left - right).abs()).fold(0.0, f64::max)
}

#[test]
fn plain_adapters() {
    let tensors = projections(&mut Random::new(1), &tiny_shape(), &|_| 4);
    let config = json!({ "peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": "all-linear" });
    let summary = check(tiny_shape(), config, &tensors, &|_| 2.0);
    assert_eq!((summary.matrices, summary.replaced, summary.is_untied), (14, 0, false));
    assert_eq!(summary.adapter_parameters, super::adapter_parameters(&tiny_shape(), &ALL_PROJECTIONS, 4));
    assert!(summary.notes.is_empty(), "{:?}", summary.notes);
}

#[test]
fn rank_stabilized_adapters_with_patterns() {
    let rank = |module: &str| match module {
        _ if module.ends_with("down_proj") => 8,
        "model.layers.1.self_attn.q_proj" => 2,
        _ => 4,
    };
    let tensors = projections(&mut Random::new(2), &tiny_shape(), &rank);
    let config = json!({
        "peft_type": "LORA", "r": 4, "lora_alpha": 8, "use_rslora": true,
        "target_modules": r".*\.(self_attn|mlp)\..*_proj",
        "rank_pattern": { "down_proj": 8, "model.layers.1.self_attn.q_proj": 2 },
        "alpha_pattern": { r"layers\.1\.(?!mlp).*_proj": 3.5, "mlp.up_proj": 1 },
    });
    let alpha = |module: &str| match module {
        _ if module.contains("layers.1.self_attn") => 3.5,
        _ if module.ends_with("mlp.up_proj") => 1.0,
        _ => 8.0,
    };
    let scale = |module: &str| alpha(module) / (rank(module) as f64).sqrt();
    let summary = check(tiny_shape(), config, &tensors, &scale);
    assert!(summary.notes.is_empty(), "{:?}", summary.notes);
}

#[test]
fn dora() {
    let shape = tiny_shape();
    let mut random = Random::new(3);
    let mut tensors = projections(&mut random, &shape, &|_| 4);
    for expected in shape.tensors() {
        let module = expected.name.trim_end_matches(".weight");
        if ALL_PROJECTIONS.iter().any(|name| module.ends_with(name)) {
            let (lengths, mut values) = tensor(&mut random, &expected.shape[..1], 0.4);
            values.iter_mut().for_each(|value| *value += 1.5);
            tensors.insert(format!("{PREFIX}{module}.lora_magnitude_vector"), (lengths, values));
        }
    }
    let config = json!({ "peft_type": "LORA", "r": 4, "lora_alpha": 4, "use_dora": true });
    check(shape, config, &tensors, &|_| 1.0);
}

#[test]
fn embeddings_come_apart_from_the_output() {
    let shape = tiny_shape();
    let mut random = Random::new(4);
    let mut tensors = BTreeMap::new();
    low_rank(&mut random, &mut tensors, "model.layers.0.mlp.up_proj", [shape.feed_forward, shape.hidden], 4);
    let a = tensor(&mut random, &[4, shape.vocabulary], 0.5);
    let b = tensor(&mut random, &[shape.hidden, 4], 0.5);
    tensors.insert(format!("{PREFIX}{EMBEDDING}.lora_embedding_A"), a);
    tensors.insert(format!("{PREFIX}{EMBEDDING}.lora_embedding_B"), b);
    let config = json!({ "peft_type": "LORA", "r": 4, "lora_alpha": 2, "target_modules": ["embed_tokens", "up_proj"] });
    let summary = check(shape, config.clone(), &tensors, &|_| 0.5);
    assert!(summary.is_untied && summary.notes.is_empty(), "{summary:?}");
    let up = "model.layers.0.mlp.up_proj";
    let magnitude = |random: &mut Random, length: usize| {
        let (shape, values) = tensor(random, &[length], 0.4);
        (shape, values.into_iter().map(|value| value + 1.5).collect())
    };
    let of_embedding = magnitude(&mut random, shape.hidden);
    tensors.insert(format!("{PREFIX}{EMBEDDING}.lora_magnitude_vector"), of_embedding);
    tensors.insert(format!("{PREFIX}{up}.lora_magnitude_vector"), magnitude(&mut random, shape.feed_forward));
    let mut config = config;
    config["use_dora"] = json!(true);
    check(shape, config, &tensors, &|_| 0.5);
}

#[test]
fn an_adapter_of_the_output_unties_it() {
    let shape = tiny_shape();
    let mut random = Random::new(5);
    let mut tensors = BTreeMap::new();
    low_rank(&mut random, &mut tensors, "lm_head", [shape.vocabulary, shape.hidden], 2);
    let config = json!({ "peft_type": "LORA", "r": 2, "lora_alpha": 2, "target_modules": ["lm_head"] });
    assert!(check(shape, config.clone(), &tensors, &|_| 1.0).is_untied);
    let untied = Shape { is_tied: false, ..shape };
    assert!(!check(untied, config, &tensors, &|_| 1.0).is_untied);
}

#[test]
fn saved_tensors_and_biases_replace_those_of_the_model() {
    let shape = tiny_shape();
    let mut random = Random::new(6);
    let mut tensors = projections(&mut random, &shape, &|_| 4);
    let query = "model.layers.1.self_attn.q_proj";
    tensors.insert(format!("{PREFIX}{query}.bias"), tensor(&mut random, &[shape.hidden], 0.5));
    let embedding = tensor(&mut random, &[shape.vocabulary, shape.hidden], 0.5);
    tensors.insert(format!("{PREFIX}{EMBEDDING}.weight"), embedding);
    let output = tensor(&mut random, &[shape.vocabulary, shape.hidden], 0.5);
    tensors.insert(format!("{PREFIX}lm_head.weight"), output);
    let config = json!({
        "peft_type": "LORA", "r": 4, "lora_alpha": 4, "bias": "lora_only",
        "modules_to_save": ["embed_tokens", "lm_head"],
    });
    let summary = check(shape, config, &tensors, &|_| 1.0);
    assert_eq!((summary.replaced, summary.is_untied), (3, true));
}

#[test]
fn a_bias_on_b_goes_to_the_bias() {
    let shape = tiny_shape();
    let mut random = Random::new(8);
    let mut tensors = BTreeMap::new();
    let key = "model.layers.0.self_attn.k_proj";
    low_rank(&mut random, &mut tensors, key, [shape.kv_width(), shape.hidden], 4);
    tensors.insert(format!("{PREFIX}{key}.lora_B.bias"), tensor(&mut random, &[shape.kv_width()], 2.0));
    let value = "model.layers.0.self_attn.v_proj";
    low_rank(&mut random, &mut tensors, value, [shape.kv_width(), shape.hidden], 4);
    tensors.insert(format!("{PREFIX}{value}.lora_B.bias"), tensor(&mut random, &[shape.kv_width()], 2.0));
    let config = json!({ "peft_type": "LORA", "r": 4, "lora_alpha": 8, "lora_bias": true });
    check(shape, config, &tensors, &|_| 2.0);
}

/// All tensors of a written file as f32.
fn tensors_of(file: &Path) -> Vec<Vec<f32>> {
    let written = Checkpoint::open(file).expect("it is a model");
    let mut weights = written.weights().expect("the file is there");
    let rows = |shape: &[usize]| if shape.len() == 2 { shape[0] } else { 1 };
    let read =
        |(name, tensor): (&String, &crate::files::StoredTensor)| weights.rows(name, 0..rows(&tensor.shape));
    written.tensors.iter().map(read).collect::<Result<_, _>>().expect("they can be read")
}

fn merged(base: &Checkpoint, adapters: &[Adapter], file: &Path) -> Vec<Vec<f32>> {
    let quantization = Quantization::F32;
    let (prompt, metadata) = (base.prompt.clone(), Vec::new());
    let job = Merge { base, adapters, quantization, prompt, metadata, allows_quantized_base: false };
    merge(&job, file, &mut |_| ()).expect("it can be merged");
    tensors_of(file)
}

#[test]
fn adapters_act_one_after_the_other() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = |name: &str| folder.path().join(name);
    TinyModel::new(tiny_shape(), 7).write(&path("base"));
    let query = "model.layers.0.self_attn.q_proj";
    for (name, seed, use_dora) in [("first", 1, false), ("second", 2, true)] {
        let mut random = Random::new(seed);
        let mut tensors = BTreeMap::new();
        low_rank(&mut random, &mut tensors, query, [32, 32], 3);
        if use_dora {
            tensors.insert(format!("{PREFIX}{query}.lora_magnitude_vector"), tensor(&mut random, &[32], 1.0));
        }
        let config = json!({ "peft_type": "LORA", "r": 3, "lora_alpha": 3, "use_dora": use_dora });
        write_adapter(&path(name), &config, &tensors);
    }
    let open = |name: &str| Adapter::open(&path(name)).expect("it is an adapter");
    let base = Checkpoint::open(&path("base")).expect("it is a model");
    let both = merged(&base, &[open("first"), open("second")], &path("both.gguf"));
    merged(&base, &[open("first")], &path("one.gguf"));
    let one = Checkpoint::open(&path("one.gguf")).expect("it is a model");
    assert_eq!(merged(&one, &[open("second")], &path("two.gguf")), both);
    assert_ne!(merged(&base, &[open("second"), open("first")], &path("swapped.gguf")), both);
}

#[test]
fn adapters_in_gguf_are_the_same() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = |name: &str| folder.path().join(name);
    let shape = tiny_shape();
    TinyModel::new(shape, 7).write(&path("base"));
    let mut random = Random::new(12);
    let mut tensors = BTreeMap::new();
    low_rank(&mut random, &mut tensors, "model.layers.1.mlp.gate_proj", [64, 32], 4);
    let (a, b) =
        (tensor(&mut random, &[4, shape.vocabulary], 0.5), tensor(&mut random, &[shape.hidden, 4], 0.5));
    let mut in_gguf: Vec<(&str, Numbers)> = vec![
        (
            "blk.1.ffn_gate.weight.lora_a",
            tensors[&format!("{PREFIX}model.layers.1.mlp.gate_proj.lora_A.weight")].clone(),
        ),
        (
            "blk.1.ffn_gate.weight.lora_b",
            tensors[&format!("{PREFIX}model.layers.1.mlp.gate_proj.lora_B.weight")].clone(),
        ),
    ];
    // In GGUF the A of the embedding lies on its side.
    let flipped = (0..shape.vocabulary).flat_map(|token| (0..4).map(move |rank| (rank, token)));
    let flipped = flipped.map(|(rank, token)| a.1[rank * shape.vocabulary + token]).collect();
    in_gguf.push(("token_embd.weight.lora_a", (vec![shape.vocabulary, 4], flipped)));
    in_gguf.push(("token_embd.weight.lora_b", b.clone()));
    tensors.insert(format!("{PREFIX}{EMBEDDING}.lora_embedding_A"), a);
    tensors.insert(format!("{PREFIX}{EMBEDDING}.lora_embedding_B"), b);
    write_adapter(&path("adapter"), &json!({ "peft_type": "LORA", "r": 4, "lora_alpha": 6 }), &tensors);

    let texts = [("general.type", "adapter"), ("general.architecture", "qwen2"), ("adapter.type", "lora")];
    let mut metadata: Vec<(String, Value)> =
        texts.iter().map(|(key, text)| ((*key).to_owned(), Value::text(*text))).collect();
    metadata.push(("adapter.lora.alpha".to_owned(), Value::f32(6.0)));
    let plan = |(name, (shape, _)): &(&str, Numbers)| PlannedTensor {
        name: (*name).to_owned(),
        shape: shape.clone(),
        kind: candle_core::quantized::GgmlDType::F32,
    };
    let plan: Vec<PlannedTensor> = in_gguf.iter().map(plan).collect();
    let mut writer = GgufWriter::create(&path("adapter.gguf"), &metadata, &plan).expect("it is begun");
    for (_, (_, values)) in &in_gguf {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        writer.write(&bytes).expect("it is planned");
    }
    writer.finish().expect("it is whole");

    let base = Checkpoint::open(&path("base")).expect("it is a model");
    let open = |name: &str| Adapter::open(&path(name)).expect("it is an adapter");
    let of_peft = merged(&base, &[open("adapter")], &path("a.gguf"));
    assert_eq!(merged(&base, &[open("adapter.gguf")], &path("b.gguf")), of_peft);
    assert_ne!(merged(&base, &[], &path("c.gguf")), of_peft);
}
