//! What files are said to be, and which are said to be fine.

use std::collections::BTreeMap;

use serde_json::json;
use test_support::Random;

use crate::files::fixture::{TinyModel, refusal, tensor, tiny_shape, write_adapter};
use crate::files::{Inspection, inspect, verify};

#[test]
fn models_and_adapters_are_told_apart() {
    let folder = tempfile::tempdir().expect("there is room");
    let model = TinyModel::new(tiny_shape(), 3);
    model.write(folder.path());
    let Ok(Inspection::Model(found)) = inspect(folder.path()) else { panic!("it is a model") };
    let count: usize = model.tensors.values().map(|(_, values)| values.len()).sum();
    assert_eq!((found.shape, found.parameters, found.prompt.context), (tiny_shape(), count as u64, 48));
    assert_eq!((found.tensors.len(), found.tensors[0].bytes), (1, 4 * count as u64));
    assert_eq!(found.memory_bytes, 4 * count as u64 + 48 * 2 * 2 * 16 * 4);
    assert!(found.tokenizer.is_none());
    let verified = verify(folder.path(), None, &mut |_, _| ()).expect("it is fine");
    assert_eq!((verified.tensors, verified.parameters, verified.has_tokenizer), (model.tensors.len(), count as u64, false));
    verify(folder.path(), Some(verified.sha256), &mut |_, _| ()).expect("it is the right one");
    assert!(refusal(verify(folder.path(), Some([0; 32]), &mut |_, _| ())).contains("another was expected"));

    let name = "model.layers.0.mlp.down_proj";
    let mut random = Random::new(1);
    let mut tensors = BTreeMap::from([
        (format!("{name}.lora_A.weight"), tensor(&mut random, &[2, 64], 0.1)),
        (format!("{name}.lora_B.weight"), tensor(&mut random, &[32, 2], 0.1)),
    ]);
    let adapter = folder.path().join("adapter");
    let config = json!({ "peft_type": "LORA", "r": 2, "target_modules": ["up_proj"] });
    write_adapter(&adapter, &config, &tensors);
    let Ok(Inspection::Adapter(found)) = inspect(&adapter) else { panic!("it is an adapter") };
    assert_eq!((found.parameters, found.modules, found.ranks.as_slice()), (192, 1, &[2][..]));
    let notes = found.notes.join("; ");
    assert!(notes.contains("names `up_proj`") && notes.contains("does not name `model.layers.0.mlp.down_proj`"), "{notes}");
    assert_eq!(verify(&adapter, None, &mut |_, _| ()).expect("it is fine").tensors, 2);
    tensors.values_mut().for_each(|(_, values)| values[0] = f32::INFINITY);
    write_adapter(&adapter, &config, &tensors);
    assert!(refusal(verify(&adapter, None, &mut |_, _| ())).contains("it has the value inf"));
}

#[test]
fn broken_models_are_named() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut model = TinyModel::new(tiny_shape(), 3);
    let up = "model.layers.1.mlp.up_proj.weight";
    model.tensors.get_mut(up).expect("it is there").1[7] = f32::NAN;
    model.write(folder.path());
    let problem = refusal(verify(folder.path(), None, &mut |_, _| ()));
    assert!(problem.contains(&format!("tensor `{up}`: it has the value NaN")), "{problem}");
    let lost = model.tensors.remove(up).expect("it is there");
    model.write(folder.path());
    assert!(refusal(inspect(folder.path())).contains(&format!("tensor `{up}`: it is missing")));
    model.tensors.insert(up.to_owned(), (vec![32, 64], lost.1));
    model.write(folder.path());
    assert!(refusal(inspect(folder.path())).contains("its shape is [32, 64], the model needs [64, 32]"));
    model.tensors.insert("model.layers.1.mlp.extra.weight".to_owned(), (vec![1], vec![0.0]));
    model.tensors.insert(up.to_owned(), (vec![64, 32], vec![0.0; 2048]));
    model.write(folder.path());
    assert!(refusal(inspect(folder.path())).contains("a qwen2 model has no such tensor"));
    std::fs::write(folder.path().join("tokenizer.json"), "{}").expect("the file is written");
    model.tensors.remove("model.layers.1.mlp.extra.weight");
    model.write(folder.path());
    assert!(refusal(verify(folder.path(), None, &mut |_, _| ())).contains("tokenizer"));
}
