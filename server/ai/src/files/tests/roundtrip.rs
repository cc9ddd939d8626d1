//! Models through the converter: every type of matrix, every kind of base.

use candle_core::quantized::GgmlDType;

use crate::Order;
use crate::files::fixture::{TinyModel, refusal, tiny_shape};
use crate::files::{Checkpoint, Conversion, PromptFacts, Quantization, Report, Shape, Value, convert};

fn written(base: &Checkpoint, quantization: Quantization, target: &std::path::Path) -> Report {
    let conversion = Conversion {
        base,
        shape: base.shape,
        quantization,
        prompt: base.prompt.clone(),
        metadata: vec![("general.license".to_owned(), Value::text("MIT"))],
    };
    let mut last = 0;
    let report = convert(&conversion, target, &mut |done| last = done).expect("it can be written");
    assert_eq!(last, report.parameters);
    report
}

fn largest_difference(model: &TinyModel, checkpoint: &Checkpoint) -> f32 {
    let mut weights = checkpoint.weights().expect("the files are there");
    let mut largest = 0f32;
    for (name, (shape, values)) in &model.tensors {
        let rows = if shape.len() == 2 { shape[0] } else { 1 };
        let stored = weights.rows(name, 0..rows).expect("it can be read");
        assert_eq!(stored.len(), values.len());
        for (stored, value) in stored.iter().zip(values) {
            largest = largest.max((stored - value).abs());
        }
    }
    largest
}

#[test]
fn numbers_survive_as_far_as_their_type_allows() {
    let folder = tempfile::tempdir().expect("there is room");
    // Wide enough for blocks of 256.
    let shape = Shape { hidden: 256, feed_forward: 512, ..tiny_shape() };
    let model = TinyModel::new(shape, 11);
    model.write(folder.path());
    let base = Checkpoint::open(folder.path()).expect("it is a model");
    assert_eq!(largest_difference(&model, &base), 0.0);
    let bounds = [
        (Quantization::F32, 0.0),
        (Quantization::F16, 2e-4),
        (Quantization::Q8, 2e-3),
        (Quantization::Q4K, 0.05),
    ];
    for (quantization, bound) in bounds {
        let target = folder.path().join(format!("{}.gguf", quantization.name()));
        let report = written(&base, quantization, &target);
        assert_eq!(report.bytes, std::fs::metadata(&target).expect("the file is there").len());
        let read = Checkpoint::open(&target).expect("it is a model");
        assert_eq!((read.shape, &read.prompt), (base.shape, &base.prompt));
        assert_eq!(report.parameters, read.parameters());
        let difference = largest_difference(&model, &read);
        assert!(difference <= bound, "{}: {difference}", quantization.name());
        // The same input gives the same file.
        let again = folder.path().join("again.gguf");
        assert_eq!(written(&base, quantization, &again).sha256, report.sha256);
    }
}

#[test]
fn the_library_reads_what_is_written() {
    let folder = tempfile::tempdir().expect("there is room");
    let model = TinyModel::new(tiny_shape(), 12);
    model.write(folder.path());
    std::fs::write(folder.path().join("tokenizer.json"), "{ \"model\": { } }").expect("the file is written");
    let base = Checkpoint::open(folder.path()).expect("it is a model");
    let expected = PromptFacts { order: Some(Order::SuffixFirst), suffix_tokens: 16, context: 48 };
    assert_eq!(base.prompt, expected);
    let target = folder.path().join("deeper").join("model.gguf");
    written(&base, Quantization::Q8, &target);
    let mut file = std::fs::File::open(&target).expect("the file is there");
    let content = candle_core::quantized::gguf_file::Content::read(&mut file).expect("it is GGUF");
    assert_eq!(content.tensor_infos.len(), base.tensors.len());
    let text = |key: &str| content.metadata[key].to_string().expect("it is a text").clone();
    assert_eq!(text("general.architecture"), "qwen2");
    assert_eq!(text("general.license"), "MIT");
    assert_eq!(text("strizh.tokenizer"), "{\"model\":{}}");
    assert_eq!(text("strizh.fim.order"), "spm");
    let info = &content.tensor_infos["blk.1.ffn_down.weight"];
    assert_eq!((info.shape.dims(), info.ggml_dtype), (&[32, 64][..], GgmlDType::Q8_0));
    // No temporary file stays.
    assert_eq!(std::fs::read_dir(target.parent().expect("it has one")).expect("it is there").count(), 1);
}

#[test]
fn types_fit_the_widths() {
    use crate::files::Role::{Embedding, Matrix, Vector};
    let kind = Quantization::Q4K;
    assert_eq!(kind.kind(Matrix, 512), GgmlDType::Q4K);
    assert_eq!(kind.kind(Embedding, 512), GgmlDType::Q6K);
    assert_eq!(kind.kind(Matrix, 896), GgmlDType::Q8_0);
    assert_eq!(kind.kind(Embedding, 896), GgmlDType::Q8_0);
    assert_eq!(kind.kind(Matrix, 40), GgmlDType::F16);
    assert_eq!(kind.kind(Vector, 512), GgmlDType::F32);
}

#[test]
fn models_in_parts_are_read() {
    let folder = tempfile::tempdir().expect("there is room");
    let model = TinyModel::new(tiny_shape(), 13);
    model.write(folder.path());
    let path = |name: &str| folder.path().join(name);
    std::fs::remove_file(path("model.safetensors")).expect("the file is there");
    assert!(refusal(Checkpoint::open(folder.path())).contains("there is no `model.safetensors`"));
    let (mut first, mut second) = (model.tensors.clone(), model.tensors.clone());
    first.retain(|name, _| name.contains("layers.0"));
    second.retain(|name, _| !name.contains("layers.0"));
    let mut map = serde_json::Map::new();
    for (file, tensors) in [("a.safetensors", &first), ("b.safetensors", &second)] {
        std::fs::write(path(file), crate::files::fixture::safetensors(tensors)).expect("the file is written");
        map.extend(tensors.keys().map(|name| (name.clone(), file.into())));
    }
    let index = |map: &serde_json::Map<String, serde_json::Value>| {
        let text = serde_json::json!({ "metadata": { "total_size": 1 }, "weight_map": map }).to_string();
        std::fs::write(path("model.safetensors.index.json"), text).expect("the file is written");
    };
    index(&map);
    let parts = Checkpoint::open(folder.path()).expect("it is a model");
    assert_eq!((parts.parts.len(), largest_difference(&model, &parts)), (2, 0.0));
    map.insert("x".to_owned(), "../secret.safetensors".into());
    index(&map);
    assert!(refusal(Checkpoint::open(folder.path())).contains("no name of a part"));
}
