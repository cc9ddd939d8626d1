//! Merges are done once.

use serde_json::json;

use crate::files::fixture::{TinyModel, tensor, tiny_shape, write_adapter};
use crate::files::{Checkpoint, ModelsFolder, Quantization};
use crate::lora::{Adapter, Merge, MergedModel, merge_kept};

#[test]
fn the_same_merge_is_done_once() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = |name: &str| folder.path().join(name);
    TinyModel::new(tiny_shape(), 3).write(&path("base"));
    let mut random = test_support::Random::new(1);
    let name = "model.layers.0.mlp.down_proj";
    let tensors = std::collections::BTreeMap::from([
        (format!("{name}.lora_A.weight"), tensor(&mut random, &[2, 64], 0.1)),
        (format!("{name}.lora_B.weight"), tensor(&mut random, &[32, 2], 0.1)),
    ]);
    let models = ModelsFolder::new(path("models"));
    let merge = |alpha: u32, quantization: Quantization, version: &str| -> MergedModel {
        write_adapter(
            &path("adapter"),
            &json!({ "peft_type": "LORA", "r": 2, "lora_alpha": alpha }),
            &tensors,
        );
        let base = Checkpoint::open(&path("base")).expect("it is a model");
        let adapters = [Adapter::open(&path("adapter")).expect("it is an adapter")];
        let prompt = base.prompt.clone();
        let metadata = Vec::new();
        let job = Merge {
            base: &base,
            adapters: &adapters,
            quantization,
            prompt,
            metadata,
            allows_quantized_base: false,
        };
        merge_kept(&job, &models, version, &mut |_| ()).expect("it can be merged")
    };
    let first = merge(4, Quantization::Q8, "1");
    assert!(!first.was_there);
    let second = merge(4, Quantization::Q8, "1");
    assert!(second.was_there);
    assert_eq!((&second.kept, &second.summary), (&first.kept, &first.summary));
    for other in
        [merge(5, Quantization::Q8, "1"), merge(4, Quantization::F16, "1"), merge(4, Quantization::Q8, "2")]
    {
        assert!(!other.was_there);
    }
    assert_eq!(models.list().len(), 4);
    // What was changed is made again.
    let mut bytes = std::fs::read(&first.kept.path).expect("the file is there");
    *bytes.last_mut().expect("it is not empty") ^= 1;
    std::fs::write(&first.kept.path, bytes).expect("the file is written");
    assert!(!merge(4, Quantization::Q8, "1").was_there);
    assert!(merge(4, Quantization::Q8, "1").was_there);

    let target = path("elsewhere").join("model.gguf");
    assert_eq!(ModelsFolder::place(&first.kept, &target), Ok(false));
    assert_eq!(ModelsFolder::place(&first.kept, &target), Ok(true));
    std::fs::write(path("other.gguf"), "x").expect("the file is written");
    assert_eq!(ModelsFolder::place(&first.kept, &path("other.gguf")), Ok(false));
    assert_eq!(
        std::fs::read(&target).expect("it is there"),
        std::fs::read(path("other.gguf")).expect("it is there")
    );
    assert_eq!(std::fs::read_dir(path("elsewhere")).expect("it is there").count(), 1);
}

#[test]
fn the_model_in_the_program_can_be_written() {
    let folder = tempfile::tempdir().expect("there is room");
    let models = ModelsFolder::new(folder.path().join("models"));
    let path = models.export(crate::embedded::NAME, crate::embedded::BYTES).expect("it can be written");
    crate::files::verify(&path, None, &mut |_, _| ()).expect("it is fine");
    let found = Checkpoint::open(&path).expect("it is a model");
    assert!(found.tokenizer.is_some() && found.prompt.order.is_some(), "{:?}", found.prompt);
    std::fs::write(&path, "x").expect("it is written");
    assert_eq!(models.export(crate::embedded::NAME, crate::embedded::BYTES), Ok(path.clone()));
    assert_eq!(std::fs::read(&path).expect("it is there"), crate::embedded::BYTES);
}
