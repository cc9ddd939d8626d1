//! safetensors, configurations and tokenizers that lie.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use test_support::Random;

use crate::Tokenizer;
use crate::files::fixture::{
    TinyModel, raw_safetensors, refusal, safetensors, tensor, tiny_shape, write_adapter,
};
use crate::files::safetensors::{SafetensorsHeader, read_header};
use crate::files::{Checkpoint, FileError, Shape};
use crate::lora::{Adapter, AdapterConfig, MergePlan};

fn read(bytes: &[u8]) -> Result<SafetensorsHeader, FileError> {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("model.safetensors");
    std::fs::write(&path, bytes).expect("the file is written");
    read_header(&mut std::fs::File::open(&path).expect("the file is there"), Path::new("model.safetensors"))
}

#[track_caller]
fn refuses(head: &str, data_bytes: usize, expected: &str) {
    let problem = refusal(read(&raw_safetensors(head, &vec![0; data_bytes])));
    assert!(problem.contains(expected), "{problem}");
}

#[test]
fn a_good_head_is_read() {
    let head = r#"{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},
        "a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#;
    let read = read(&raw_safetensors(head, &[0; 12])).expect("it is fine");
    let names: Vec<&str> = read.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!((names, read.metadata["format"].as_str()), (vec!["a", "b"], "pt"));
}

#[test]
fn heads_that_lie() {
    assert!(refusal(read(&[])).contains("too short"));
    assert!(refusal(read(&u64::MAX.to_le_bytes())).contains("claims a head of 18446744073709551615"));
    assert!(refusal(read(&[&100u64.to_le_bytes()[..], b"{}"].concat())).contains("claims a head of 100"));
    assert!(refusal(read(&[&2u64.to_le_bytes()[..], &[0xff, 0xff]].concat())).contains("not UTF-8"));
    refuses("[]", 0, "its head");
    refuses(&"[".repeat(10_000), 0, "its head");
    refuses(&format!("{{\"a\":{}1{}}}", "[".repeat(5000), "]".repeat(5000)), 0, "its head");
    refuses("{}", 4, "it has 14 bytes");
    let one = |shape: &str, offsets: &str, dtype: &str| {
        format!(r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
    };
    refuses(&one("[2]", "[0,8]", "F64"), 8, "type F64 is not supported");
    refuses(&one("[2]", "[0,8]", "I64"), 8, "type I64 is not supported");
    refuses(&one("[2]", "[0,4]", "F32"), 4, "needs 8 bytes");
    refuses(&one("[2]", "[8,0]", "F32"), 8, "needs 8 bytes");
    refuses(&one("[2]", "[0,8]", "F32"), 4, "beyond the end");
    refuses(&one("[2]", "[4,12]", "F32"), 12, "gap before it");
    refuses(&one("[0]", "[0,0]", "F32"), 0, "impossible");
    refuses(&one("[-1]", "[0,4]", "F32"), 4, "invalid value");
    refuses(&one("[1,1,1,1,1]", "[0,4]", "F32"), 4, "more than 4 dimensions");
    refuses(&one("[4294967296,4294967296]", "[0,4]", "F32"), 4, "impossible");
    refuses(&one("[18446744073709551615]", "[0,4]", "F32"), 4, "impossible");
    refuses(&one("[1]", "[18446744073709551612,18446744073709551616]", "F32"), 4, "its head");
    refuses(&one("[1]", "[18446744073709551611,18446744073709551615]", "F32"), 4, "beyond the end");
    let entry = r#""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    refuses(&format!("{{{entry},{entry}}}"), 4, "tensor `a` occurs twice");
    let twin = entry.replace("\"a\"", "\"b\"");
    refuses(&format!("{{{entry},{twin}}}"), 4, "overlaps");
    refuses(r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}}"#, 4, "unknown field");
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    let mut random = Random::new(5);
    let tensors = BTreeMap::from([
        ("a".to_owned(), tensor(&mut random, &[2, 3], 1.0)),
        ("b".to_owned(), tensor(&mut random, &[4], 1.0)),
    ]);
    let bytes = safetensors(&tensors);
    assert!(read(&bytes).is_ok());
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).is_err(), "{end} of {} bytes", bytes.len());
    }
}

/// Some bytes are replaced, left out or doubled.
fn damage(random: &mut Random, text: &[u8], limit: usize) -> Vec<u8> {
    let mut damaged = text.to_vec();
    for _ in 0..=random.below(3) {
        let place = random.below(limit.min(damaged.len()));
        match random.below(4) {
            0 => damaged[place] = random.below(256) as u8,
            1 => damaged[place] = b"0123456789-\"{}[],:eE.null"[random.below(24)],
            2 => drop(damaged.remove(place)),
            _ => damaged.insert(place, damaged[place]),
        }
    }
    damaged
}

#[test]
fn damaged_adapters_never_panic() {
    let folder = tempfile::tempdir().expect("there is room");
    TinyModel::new(tiny_shape(), 7).write(&folder.path().join("base"));
    let base = Checkpoint::open(&folder.path().join("base")).expect("it is a model");
    let mut random = Random::new(31);
    let module = "base_model.model.model.layers.0.mlp.down_proj";
    let tensors = BTreeMap::from([
        (format!("{module}.lora_A.weight"), tensor(&mut random, &[2, 64], 0.1)),
        (format!("{module}.lora_B.weight"), tensor(&mut random, &[32, 2], 0.1)),
        (format!("{module}.lora_magnitude_vector"), tensor(&mut random, &[32], 0.1)),
    ]);
    let config = json!({
        "peft_type": "LORA", "r": 8, "lora_alpha": 4.5, "use_dora": true, "use_rslora": true, "bias": "none",
        "rank_pattern": { r"mlp\.(down|up)_proj": 2 }, "alpha_pattern": { ".*(?<!x)down_proj": 3 },
        "target_modules": ["down_proj"], "modules_to_save": null, "init_lora_weights": true,
    });
    let adapter = folder.path().join("adapter");
    write_adapter(&adapter, &config, &tensors);
    let files = ["adapter_config.json", "adapter_model.safetensors"].map(|name| adapter.join(name));
    let good = files.clone().map(|path| std::fs::read(path).expect("the file is there"));
    let (mut fits, mut refused) = (0, 0);
    for round in 0..1000 {
        let index = round % 2;
        let limit = if index == 0 { usize::MAX } else { 400 };
        std::fs::write(&files[index], damage(&mut random, &good[index], limit)).expect("the file is written");
        let plan = Adapter::open(&adapter).and_then(|adapter| MergePlan::new(&base, &[adapter]).map(|_| ()));
        *(if plan.is_ok() { &mut fits } else { &mut refused }) += 1;
        std::fs::write(&files[index], &good[index]).expect("the file is written");
    }
    assert!(fits > 0 && refused > 300, "{fits} fit, {refused} were refused");
    let path = Path::new("adapter_config.json");
    for end in 0..good[0].len() {
        let text = String::from_utf8_lossy(&good[0][..end]);
        assert!(AdapterConfig::parse(&text, path).is_err(), "{end} bytes");
    }
}

#[test]
fn patterns_cannot_stall() {
    let text = json!({ "peft_type": "LORA", "rank_pattern": { "(([a-z_.]+)+)+\\1x": 2 } }).to_string();
    let config = AdapterConfig::parse(&text, Path::new("adapter_config.json")).expect("it is an expression");
    let name = "model.layers.0.self_attn.q_proj".repeat(2);
    assert!(config.rank_of(&name).is_err());
}

#[test]
fn damaged_configurations_never_panic() {
    let folder = tempfile::tempdir().expect("there is room");
    TinyModel::new(tiny_shape(), 7).write(folder.path());
    let path = folder.path().join("config.json");
    let good = std::fs::read(&path).expect("the file is there");
    let mut random = Random::new(41);
    let mut opened = 0;
    for _ in 0..3000 {
        let damaged = damage(&mut random, &good, usize::MAX);
        if let Ok(text) = std::str::from_utf8(&damaged)
            && Shape::from_config(text, &path).is_ok()
        {
            std::fs::write(&path, &damaged).expect("the file is written");
            opened += usize::from(Checkpoint::open(folder.path()).is_ok());
        }
    }
    assert!(opened > 0, "no damage was harmless: the test tests nothing");
    let with = |key: &str, value: serde_json::Value| {
        let mut config: serde_json::Value = serde_json::from_slice(&good).expect("it is JSON");
        config[key] = value;
        refusal(Shape::from_config(&config.to_string(), &path))
    };
    assert!(with("model_type", json!("llama")).contains("only `qwen2`"));
    assert!(with("num_hidden_layers", json!(1 << 20)).contains("at most 1024"));
    assert!(with("hidden_size", json!(0)).contains("the hidden width is 0"));
    assert!(with("hidden_size", json!(u64::MAX)).contains("the hidden width is"));
    assert!(with("num_attention_heads", json!(3)).contains("cannot be split"));
    assert!(with("num_key_value_heads", json!(4)).contains("cannot share"));
    assert!(with("rope_theta", json!(-1.0)).contains("rotary"));
    assert!(with("rms_norm_eps", json!(0.0)).contains("epsilon"));
    assert!(with("rope_scaling", json!({ "type": "yarn" })).contains("rope_scaling"));
    assert!(with("vocab_size", json!(-5)).contains("invalid value"));
}

/// A small tokenizer of our own making.
fn tokenizer_json() -> String {
    let mut vocabulary = serde_json::Map::new();
    for (id, text) in ["<|endoftext|>", "a", "b", "c", "ab", "abc"].iter().enumerate() {
        vocabulary.insert((*text).to_owned(), id.into());
    }
    json!({
        "version": "1.0",
        "added_tokens": [{ "id": 0, "content": "<|endoftext|>", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false }],
        "normalizer": null,
        "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false },
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": { "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": vocabulary,
            "merges": [["a", "b"], ["ab", "c"]] },
    })
    .to_string()
}

#[test]
fn damaged_tokenizers_never_panic() {
    let good = tokenizer_json();
    let mut random = Random::new(51);
    let mut used = 0;
    for round in 0..6000 {
        let damaged = damage(&mut random, good.as_bytes(), usize::MAX);
        let text = if round == 0 { good.clone() } else { String::from_utf8_lossy(&damaged).into_owned() };
        if let Ok(tokenizer) = Tokenizer::from_json(&text) {
            let tokens = tokenizer.encode("abcab a");
            tokenizer.decode(&tokens);
            used += 1;
        }
    }
    assert!(used > 0, "no damage was harmless: the test tests nothing");
    for end in (0..good.len()).filter(|&end| good.is_char_boundary(end)) {
        assert!(Tokenizer::from_json(&good[..end]).is_err(), "{end} bytes");
    }
}
