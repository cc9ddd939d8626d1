//! What cannot be merged is refused with a reason.

use std::collections::BTreeMap;

use serde_json::json;
use test_support::Random;

use crate::files::fixture::{Numbers, TinyModel, refusal, tensor, tiny_shape, write_adapter};
use crate::files::{Checkpoint, FileError, Quantization, Value};
use crate::lora::{Adapter, Merge, MergePlan, merge};

const QUERY: &str = "base_model.model.model.layers.0.self_attn.q_proj";

fn tensors(shapes: &[(&str, &[usize])]) -> BTreeMap<String, Numbers> {
    let mut random = Random::new(9);
    shapes.iter().map(|(name, shape)| ((*name).to_owned(), tensor(&mut random, shape, 0.1))).collect()
}

/// Adds `more` to a configuration that is fine, and `shapes` to the tensors.
fn plan(more: &serde_json::Value, shapes: &[(&str, &[usize])]) -> Result<(), FileError> {
    let folder = tempfile::tempdir().expect("there is room");
    TinyModel::new(tiny_shape(), 7).write(&folder.path().join("base"));
    let mut config = json!({ "peft_type": "LORA", "r": 4, "lora_alpha": 8 });
    for (key, value) in more.as_object().expect("it is an object") {
        config[key] = value.clone();
    }
    write_adapter(&folder.path().join("adapter"), &config, &tensors(shapes));
    let base = Checkpoint::open(&folder.path().join("base"))?;
    let adapters = [Adapter::open(&folder.path().join("adapter"))?];
    MergePlan::new(&base, &adapters).map(|_| ())
}

const A: (&str, &[usize]) = ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", &[4, 32]);
const B: (&str, &[usize]) = ("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", &[32, 4]);

#[track_caller]
fn refuses(more: serde_json::Value, shapes: &[(&str, &[usize])], expected: &str) {
    let problem = refusal(plan(&more, shapes));
    assert!(problem.contains(expected), "{problem}");
}

#[test]
fn a_pair_alone_is_fine() {
    plan(&json!({}), &[A, B]).expect("it can be merged");
    plan(&json!({ "init_lora_weights": "gaussian", "layer_replication": null, "use_new": false }), &[A, B])
        .expect("it can be merged");
}

#[test]
fn features_that_cannot_be_merged() {
    for (more, expected) in [
        (json!({ "peft_type": "LOHA" }), "only `LORA`"),
        (json!({ "peft_type": null }), "only `LORA`"),
        (json!({ "init_lora_weights": "pissa_niter_16" }), "path_initial_model_for_weight_conversion"),
        (json!({ "init_lora_weights": "olora" }), "the base was changed"),
        (json!({ "init_lora_weights": "loftq" }), "the base was changed"),
        (json!({ "init_lora_weights": "corda" }), "the base was changed"),
        (json!({ "layer_replication": [[0, 4], [2, 5]] }), "replicated layers"),
        (json!({ "megatron_config": { "x": 1 } }), "Megatron"),
        (json!({ "alora_invocation_tokens": [1, 2] }), "invocation sequence"),
        (json!({ "trainable_token_indices": [1] }), "single trained tokens"),
        (json!({ "use_newest": true }), "`use_newest` is not supported"),
        (json!({ "bias": "some" }), "`bias` is `some`"),
        (json!({ "r": 0 }), "a rank of 0"),
        (json!({ "r": -1 }), "expected u64"),
        (json!({ "lora_alpha": "much" }), "expected f64"),
        (json!({ "alpha_pattern": { "(": 1 } }), "pattern `(`"),
        (json!({ "rank_pattern": { "q_proj": 8 } }), "its rank is 4, but the configuration says 8"),
        (json!({ "use_dora": true }), "no magnitude"),
        (json!({ "lora_bias": true }), "B has no bias"),
    ] {
        refuses(more, &[A, B], expected);
    }
    let text = r#"{ "peft_type": "LORA", "r": 4, "r": 8 }"#;
    let path = std::path::Path::new("adapter_config.json");
    assert!(refusal(crate::lora::AdapterConfig::parse(text, path)).contains("`r` occurs twice"));
}

#[test]
fn tensors_without_a_place() {
    let empty = json!({});
    refuses(empty.clone(), &[], "empty");
    refuses(empty.clone(), &[A], "it has A, but no B");
    refuses(empty.clone(), &[B], "it has B, but no A");
    let other = ("base_model.model.model.layers.9.mlp.up_proj.lora_A.weight", &[4, 32][..]);
    let other_b = ("base_model.model.model.layers.9.mlp.up_proj.lora_B.weight", &[64, 4][..]);
    refuses(empty.clone(), &[A, B, other, other_b], "no place for `model.layers.9.mlp.up_proj`");
    refuses(
        empty.clone(),
        &[A, B, ("base_model.model.score.weight", &[2, 32])],
        "no place for `score.weight`",
    );
    refuses(empty.clone(), &[(A.0, &[4, 16]), B], "the model has [32, 32]");
    refuses(empty.clone(), &[(A.0, &[3, 32]), B], "they cannot be multiplied");
    refuses(empty.clone(), &[(A.0, &[128]), B], "they cannot be multiplied");
    refuses(empty.clone(), &[A, B, ("base_model.model.lm_head.weight", &[41, 32])], "its shape is [41, 32]");
    refuses(
        empty.clone(),
        &[A, B, (&format!("{QUERY}.lora_C.weight"), &[1])],
        "part of LoRA that is unknown",
    );
    let named = format!("{QUERY}.lora_A.other.weight");
    refuses(
        empty.clone(),
        &[(&named, &[4, 32]), (&format!("{QUERY}.lora_B.default.weight"), &[32, 4])],
        "two adapters",
    );
    refuses(empty.clone(), &[A, B, (&named, &[4, 32])], "there twice");
    refuses(empty, &[A, B, (&format!("{QUERY}.lora_magnitude_vector"), &[32])], "`use_dora` is not set");
    refuses(
        json!({ "use_dora": true }),
        &[A, B, (&format!("{QUERY}.lora_magnitude_vector"), &[31])],
        "needs [32]",
    );
    let bias = format!("{QUERY}.lora_B.bias");
    refuses(json!({}), &[A, B, (&bias, &[32])], "`lora_bias` is not set");
    refuses(json!({ "lora_bias": true }), &[A, B, (&bias, &[33])], "the model needs [32]");
}

#[test]
fn numbers_that_are_none() {
    let folder = tempfile::tempdir().expect("there is room");
    TinyModel::new(tiny_shape(), 7).write(folder.path());
    let mut broken = tensors(&[A, B]);
    broken.get_mut(B.0).expect("it is there").1[5] = f32::NAN;
    let adapter = folder.path().join("adapter");
    write_adapter(&adapter, &json!({ "peft_type": "LORA", "r": 4 }), &broken);
    let base = Checkpoint::open(folder.path()).expect("it is a model");
    let adapters = [Adapter::open(&adapter).expect("its head is fine")];
    let problem = refusal(MergePlan::new(&base, &adapters).map(|_| ()));
    assert!(problem.contains("q_proj.lora_B.weight`: it has the value NaN"), "{problem}");
}

#[test]
fn pickles_are_not_read() {
    let folder = tempfile::tempdir().expect("there is room");
    std::fs::write(folder.path().join("adapter_config.json"), r#"{"peft_type":"LORA"}"#)
        .expect("it is written");
    std::fs::write(folder.path().join("adapter_model.bin"), "x").expect("it is written");
    assert!(refusal(Adapter::open(folder.path())).contains("pickles are not read"));
    assert!(
        refusal(Adapter::open(&folder.path().join("adapter_model.bin"))).contains("pickles are not read")
    );
}

#[test]
fn a_quantized_base_is_refused_unless_allowed() {
    let folder = tempfile::tempdir().expect("there is room");
    TinyModel::new(tiny_shape(), 7).write(&folder.path().join("base"));
    write_adapter(&folder.path().join("adapter"), &json!({ "peft_type": "LORA", "r": 4 }), &tensors(&[A, B]));
    let quantized = folder.path().join("base.gguf");
    let base = Checkpoint::open(&folder.path().join("base")).expect("it is a model");
    let mut job = Merge {
        base: &base,
        adapters: &[],
        quantization: Quantization::Q8,
        prompt: base.prompt.clone(),
        metadata: vec![("general.name".to_owned(), Value::text("tiny"))],
        allows_quantized_base: false,
    };
    merge(&job, &quantized, &mut |_| ()).expect("it can be written");
    let base = Checkpoint::open(&quantized).expect("it is a model");
    let adapters = [Adapter::open(&folder.path().join("adapter")).expect("it is an adapter")];
    job.base = &base;
    job.adapters = &adapters;
    let target = folder.path().join("merged.gguf");
    assert!(refusal(merge(&job, &target, &mut |_| ())).contains("it is quantized (Q8_0)"));
    assert!(!target.exists());
    job.allows_quantized_base = true;
    merge(&job, &target, &mut |_| ()).expect("it can be merged");
    let merged = Checkpoint::open(&target).expect("it is a model");
    assert_eq!(merged.metadata["general.name"].as_str(), Some("tiny"));
    assert_eq!(merged.prompt, base.prompt);
}
