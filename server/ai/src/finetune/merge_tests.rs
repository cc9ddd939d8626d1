//! What was trained is what is merged: the adapter on the disk, merged into the base, predicts as in the training.

use std::path::Path;
use std::sync::Arc;

use super::corpus::Window;
use super::tiny::{tensors, tiny, trained_adapter};
use super::*;
use crate::files::{Checkpoint, Quantization};
use crate::lora::{self, Merge};

fn write_base(folder: &Path) {
    let architecture = tiny();
    let config = serde_json::json!({
        "model_type": "qwen2",
        "hidden_size": architecture.hidden,
        "intermediate_size": architecture.intermediate,
        "num_hidden_layers": architecture.layers,
        "num_attention_heads": architecture.heads,
        "num_key_value_heads": architecture.key_heads,
        "vocab_size": architecture.vocabulary,
        "max_position_embeddings": 64,
        "rope_theta": architecture.rotary_base,
        "rms_norm_eps": architecture.norm_epsilon,
        "tie_word_embeddings": true,
        "hidden_act": "silu",
    });
    std::fs::write(folder.join("config.json"), config.to_string()).expect("a file");
    let tensors = tensors(&architecture, 11);
    candle_core::safetensors::save(&tensors, folder.join("model.safetensors")).expect("a file");
}

#[test]
fn a_merged_adapter_predicts_as_in_the_training() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_base(folder.path());
    let checkpoint = Checkpoint::open(folder.path()).expect("the base is fine");
    let base = Arc::new(BaseModel::open(&checkpoint).expect("the base is fine"));
    let adapter = trained_adapter(base.architecture(), &Target::ALL, 9);
    adapter.save(&folder.path().join("."), "base").expect("it can be written");
    let adapters = [lora::Adapter::open(folder.path()).expect("the adapter is read")];
    let merged = folder.path().join("merged.gguf");
    let job = Merge {
        base: &checkpoint,
        adapters: &adapters,
        quantization: Quantization::F32,
        prompt: checkpoint.prompt.clone(),
        metadata: Vec::new(),
        allows_quantized_base: false,
    };
    let (_, summary) = lora::merge(&job, &merged, &mut |_| {}).expect("it is merged");
    assert_eq!(summary.adapter_parameters, adapter.parameters() as u64);
    let merged = BaseModel::open(&Checkpoint::open(&merged).expect("it is readable")).expect("it is whole");
    let windows = [Window { tokens: (0..40).map(|token| token * 7 % 40).collect(), gap: 0..0 }];
    let trainer = |base| Trainer::new(base, TrainingOptions::default(), 64).expect("the options are fine");
    let expected = trainer(base).predict_with(&adapter, &windows).expect("the window fits");
    let predicted = trainer(Arc::new(merged)).predict_with_base(&windows).expect("the window fits");
    for (predicted, expected) in predicted[0].iter().zip(&expected[0]) {
        assert_eq!(predicted.best, expected.best);
        assert!((predicted.loss - expected.loss).abs() < 1e-4, "{predicted:?} instead of {expected:?}");
    }
}
