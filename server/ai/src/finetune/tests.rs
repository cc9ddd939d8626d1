//! Gradients against candle's automatic differentiation and against differences.

use super::adapter::{Adapter, Merged};
use super::layers::Rotation;
use super::network::{Batch, Gradients, Network};
use super::reference::{Reference, model, tensors, tiny, trained_adapter};
use super::*;

fn batch(lengths: &[usize]) -> Batch {
    let mut random = random::Random::new(5);
    let mut batch = Batch::default();
    for length in lengths {
        let window: Vec<u32> = (0..=*length).map(|_| random.below(40) as u32).collect();
        batch.push(&window);
    }
    batch
}

fn train(base: &BaseModel, adapter: &Adapter, batch: &Batch) -> (f64, Gradients) {
    let merged = Merged::new(base, adapter).expect("the adapter fits");
    let rotation = Rotation::new(512, base.architecture().head_width, base.architecture().rotary_base);
    let network = Network { merged: &merged, rotation: &rotation };
    let count = batch.targets.len() as f32;
    let (loss, gradients) = network.train(batch, count.recip()).expect("the batch fits");
    (loss / f64::from(count), gradients)
}

#[track_caller]
fn check_against_candle(targets: &[Target], lengths: &[usize]) {
    let architecture = tiny();
    let tensors = tensors(&architecture, 1);
    let base = model(&tensors, &architecture);
    let adapter = trained_adapter(&architecture, targets, 3);
    let batch = batch(lengths);
    let (loss, gradients) = train(&base, &adapter, &batch);
    let reference = Reference::new(&architecture, &tensors, &adapter);
    let expected = reference.loss(&batch).expect("the batch fits");
    let store = expected.backward().expect("everything can be differentiated");
    let expected = f64::from(expected.to_scalar::<f32>().expect("one number"));
    assert!((loss - expected).abs() < 1e-5 * expected, "loss {loss} instead of {expected}");
    assert_eq!(gradients.len(), reference.variables.len());
    for (index, (gradient, variable)) in gradients.iter().zip(&reference.variables).enumerate() {
        let expected =
            store.get(variable).and_then(|gradient| gradient.flatten_all().ok()?.to_vec1::<f32>().ok());
        let expected = expected.expect("the variable has a gradient");
        assert_eq!(gradient.len(), expected.len());
        let largest = expected.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        for (value, expected) in gradient.iter().zip(&expected) {
            let difference = (value - expected).abs();
            assert!(difference < 1e-4 * largest + 1e-7, "matrix {index}: {value} instead of {expected}");
        }
    }
}

#[test]
fn gradients_are_those_of_automatic_differentiation() {
    check_against_candle(&Target::ALL, &[7, 3, 12]);
    check_against_candle(&[Target::Query, Target::Value], &[9]);
    check_against_candle(&[Target::Key, Target::Up, Target::Down], &[1, 2]);
}

#[test]
fn long_windows_are_cut_into_blocks_without_a_difference() {
    check_against_candle(&Target::ALL, &[300, 5, 129]);
}

#[test]
fn gradients_are_slopes_of_the_loss() {
    let architecture = tiny();
    let base = model(&tensors(&architecture, 2), &architecture);
    let mut adapter = trained_adapter(&architecture, &Target::ALL, 4);
    let batch = batch(&[11, 6]);
    let (_, gradients) = train(&base, &adapter, &batch);
    for (matrix, gradient) in gradients.iter().enumerate() {
        let place = matrix * 5 % gradient.len();
        let mut loss = |change: f32| {
            let change_place = |adapter: &mut Adapter, change: f32| {
                if let Some(slice) = adapter.slices().nth(matrix) {
                    slice[place] += change;
                }
            };
            change_place(&mut adapter, change);
            let (loss, _) = train(&base, &adapter, &batch);
            change_place(&mut adapter, -change);
            loss
        };
        let slope = ((loss(0.01) - loss(-0.01)) / 0.02) as f32;
        let gradient = gradient[place];
        assert!(
            (slope - gradient).abs() < 2e-3 + 0.03 * gradient.abs(),
            "{matrix}: {gradient}, slope {slope}"
        );
    }
}

#[test]
fn predictions_agree_with_the_loss() {
    let architecture = tiny();
    let base = model(&tensors(&architecture, 1), &architecture);
    let adapter = trained_adapter(&architecture, &Target::ALL, 3);
    let batch = batch(&[20, 4]);
    let merged = Merged::new(&base, &adapter).expect("the adapter fits");
    let rotation = Rotation::new(32, architecture.head_width, architecture.rotary_base);
    let predictions =
        Network { merged: &merged, rotation: &rotation }.predict(&batch).expect("the batch fits");
    let mean = predictions.iter().map(|prediction| f64::from(prediction.loss)).sum::<f64>() / 24.0;
    assert!((mean - train(&base, &adapter, &batch).0).abs() < 1e-5);
}
