//! Damaged and hostile files end in an error that names the file and the place, never in a panic or a large allocation.

use super::*;

fn tiny_config() -> ModelConfig {
    ModelConfig {
        hidden: 32,
        layers: 1,
        heads: 2,
        kv_heads: 1,
        head_width: 16,
        feed_forward: 64,
        vocabulary: 20,
        max_positions: 64,
        rope_base: 10_000.0,
        epsilon: 1e-6,
        tied: true,
    }
}

fn problem(result: Result<ModelFile<'_>, crate::model::ModelError>) -> String {
    result.map(|_| ()).expect_err("a bad file").to_string()
}

/// Opens, loads and runs what can be opened, loaded and run.
fn use_file(file: Result<ModelFile<'_>, crate::model::ModelError>, weights: Weights) -> bool {
    let Ok(file) = file else { return false };
    let Ok(model) = Qwen2::load(&file, &LoadOptions { weights, max_context: 64 }) else { return false };
    model.forward(&[1, 2, 3], &mut model.cache(8), &mut Scratch::default()).is_ok()
}

/// Each byte in turn, so that every field is hit: heads are most of these files.
fn mutations(bytes: &[u8], head: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let places = (0..head).chain((head..bytes.len()).step_by(997));
    places.map(|place| {
        let mut mutated = bytes.to_vec();
        let other = match place % 4 {
            0 => 0xFF,
            1 => 0,
            2 => 0x80,
            _ => mutated[place].wrapping_add(1),
        };
        mutated[place] = other;
        mutated
    })
}

#[test]
fn mutated_gguf_files_do_no_harm() {
    let bytes = random(tiny_config()).gguf(|_| GgmlDType::Q8_0).expect("gguf");
    assert!(use_file(ModelFile::from_bytes(bytes.as_slice(), "good.gguf"), Weights::AsStored));
    let mut refused = 0;
    for mutated in mutations(&bytes, 1_100) {
        let file = ModelFile::from_bytes(mutated, "mutated.gguf");
        refused += usize::from(!use_file(file, Weights::AsStored));
    }
    assert!(refused > 500, "{refused}");
    for length in (0..bytes.len()).step_by(13) {
        assert!(ModelFile::from_bytes(&bytes[..length], "short.gguf").is_err(), "{length}");
    }
}

#[test]
fn mutated_safetensors_do_no_harm() {
    let random = random(tiny_config());
    let bytes = random.safetensors().expect("safetensors");
    let config = random.config_json();
    let open = |bytes: &[u8]| ModelFile::from_parts(&config, bytes.to_vec(), None, "mutated");
    assert!(use_file(open(&bytes), Weights::AsStored));
    let mut refused = 0;
    for (index, mutated) in mutations(&bytes, 1_300).enumerate() {
        let weights = [Weights::AsStored, Weights::Q8_0, Weights::Q4K][index % 3];
        refused += usize::from(!use_file(open(&mutated), weights));
    }
    assert!(refused > 500, "{refused}");
    for length in (0..bytes.len()).step_by(101) {
        assert!(open(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn impossible_configurations_are_refused() {
    let of = |field: &str, value: serde_json::Value| {
        let mut config: serde_json::Value =
            serde_json::from_str(&random(tiny_config()).config_json()).expect("json");
        config[field] = value;
        ModelConfig::from_json(&config.to_string(), "c.json").expect_err("a bad field").to_string()
    };
    assert_eq!(of("hidden_size", 0.into()), "c.json: the hidden size is 0, not 1 to 16384");
    assert_eq!(of("hidden_size", (-1).into()), "c.json: field `hidden_size` is not a whole number");
    assert_eq!(
        of("num_hidden_layers", u64::MAX.into()),
        format!("c.json: the number of layers is {}, not 1 to 256", u64::MAX)
    );
    assert_eq!(of("num_attention_heads", 0.into()), "c.json: the number of heads is 0, not 1 to 256");
    assert_eq!(of("num_key_value_heads", 3.into()), "c.json: 2 heads cannot share 3 key/value heads");
    assert_eq!(of("vocab_size", serde_json::Value::Null), "c.json: field `vocab_size` is missing");
    assert_eq!(
        of("model_type", "llama".into()),
        "c.json: field `model_type` is `llama`, only `qwen2` is known"
    );
    assert_eq!(of("use_sliding_window", true.into()), "c.json: field `use_sliding_window` is not supported");
    assert_eq!(of("rope_theta", 0.into()), "c.json: the rope base 0 is not above 1");
    let deep = "[".repeat(1_000_000);
    assert!(ModelConfig::from_json(&deep, "c.json").is_err());
}

#[test]
fn shapes_must_fit_the_configuration() {
    let model = random(tiny_config());
    let mut other = random(tiny_config()).config;
    other.feed_forward = 96;
    let config = RandomModel { config: other, tensors: Default::default() }.config_json();
    let bytes = model.safetensors().expect("safetensors");
    assert_eq!(
        problem(ModelFile::from_parts(&config, bytes, None, "m")),
        "m: tensor `model.layers.0.mlp.gate_proj.weight` has the shape [64, 32] instead of [96, 32]"
    );
}

/// The head of a GGUF file with one metadata field.
fn gguf_head(tensors: u64, fields: u64, rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(fields.to_le_bytes());
    bytes.extend(rest);
    bytes
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}

#[test]
fn hostile_heads_are_refused() {
    let refuse = |bytes: Vec<u8>| problem(ModelFile::from_bytes(bytes, "h.gguf"));
    let mut array = text("a");
    array.extend(9_u32.to_le_bytes());
    array.extend(10_u32.to_le_bytes());
    array.extend((u64::MAX / 4).to_le_bytes());
    let mut alignment = text("general.alignment");
    alignment.extend(4_u32.to_le_bytes());
    alignment.extend(0_u32.to_le_bytes());
    let tensor = |dimensions: [u64; 2], offset: u64| {
        let mut bytes = text("token_embd.weight");
        bytes.extend(2_u32.to_le_bytes());
        dimensions.iter().for_each(|size| bytes.extend(size.to_le_bytes()));
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        gguf_head(1, 0, &bytes)
    };
    let refusals = [
        b"PK\x03\x04 pickle".to_vec(),
        gguf_head(u64::MAX, 0, &[]),
        gguf_head(0, 1, &array),
        gguf_head(0, 1, &alignment),
        tensor([1 << 40, 1 << 40], 0),
        tensor([1 << 20, 1 << 20], 0),
        tensor([1, 1], u64::MAX),
    ];
    expect_test::expect![[r#"
        h.gguf: it is no GGUF file
        h.gguf: it claims 18446744073709551615 tensors, more than it has room for
        h.gguf: key `a`: an array of 4611686018427387903 elements does not fit the file
        h.gguf: key `general.alignment`: it is no power of two up to 1048576
        h.gguf: tensor `token_embd.weight`: the shape [1099511627776, 1099511627776] does not fit the type F32
        h.gguf: tensor `token_embd.weight`: it reaches beyond the end of the file
        h.gguf: tensor `token_embd.weight`: its place is not aligned"#]]
    .assert_eq(&refusals.map(refuse).join("\n"));
}

#[test]
fn folders_are_read_and_their_index_is_not_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = random(tiny_config());
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    assert!(problem(ModelFile::open(folder.path())).ends_with("config.json: there is no such file"));
    write("config.json", model.config_json().as_bytes());
    assert!(problem(ModelFile::open(folder.path())).contains("there is neither model.safetensors nor"));
    write("model.safetensors.index.json", br#"{"weight_map":{"a":"../../etc/passwd"}}"#);
    assert!(problem(ModelFile::open(folder.path())).contains("`../../etc/passwd` is not the name of"));
    let (first, second): (Vec<_>, Vec<_>) = model.tensors.iter().partition(|(name, _)| name.contains("mlp"));
    for (name, part) in [("one.safetensors", first), ("two.safetensors", second)] {
        write(name, &safetensors::serialize(part, None).expect("safetensors"));
    }
    write(
        "model.safetensors.index.json",
        br#"{"weight_map":{"a":"one.safetensors","b":"two.safetensors","c":"one.safetensors"}}"#,
    );
    write("tokenizer.json", b"{}");
    let file = ModelFile::open(folder.path()).expect("a good folder");
    assert_eq!(file.tokenizer(), Some("{}"));
    assert!(use_file(Ok(file), Weights::AsStored));
    write("model.gguf", &model.gguf(|_| GgmlDType::Q8_0).expect("gguf"));
    let file = ModelFile::open(folder.path().join("model.gguf")).expect("a good file");
    assert_eq!((file.tokenizer(), file.config()), (Some("{}"), &model.config));
    assert!(use_file(Ok(file), Weights::AsStored));
}
