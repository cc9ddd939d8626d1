//! The two ways of computing against each other, and gradients against differences.

use std::sync::Arc;

use candle_core::Device;

use super::adapter::Adapter;
use super::batch::Batch;
use super::compute::{Compute, Gradients};
use super::corpus::Window;
use super::graph::{Graph, Limits};
use super::processor::Processor;
use super::tiny::{model, tensors, tiny, trained_adapter};
use super::*;

/// Tokens of the longest window of these tests.
const WINDOW: usize = 512;

fn windows(lengths: &[usize]) -> Vec<Window> {
    let mut random = random::Random::new(5);
    let window = |length: &usize| (0..=*length).map(|_| random.below(40) as u32).collect();
    lengths.iter().map(window).map(|tokens| Window { tokens, gap: 0..0 }).collect()
}

fn batch(lengths: &[usize]) -> Batch {
    let mut batch = Batch::default();
    for (seed, window) in windows(lengths).iter().enumerate() {
        batch.push(&window.tokens, 100 + seed as u64);
    }
    batch
}

fn base(seed: u64) -> Arc<BaseModel> {
    Arc::new(model(&tensors(&tiny(), seed), &tiny()))
}

fn processor(base: &Arc<BaseModel>) -> Processor {
    Processor::new(base.clone(), 2, WINDOW).expect("threads can be started")
}

fn graph(base: &Arc<BaseModel>, limits: Option<Limits>) -> Graph {
    let mut graph = Graph::new(base, &Device::Cpu, 2, WINDOW).expect("the base fits");
    graph.limits = limits.unwrap_or(graph.limits);
    graph
}

/// Mean loss and its gradients.
fn train(compute: &dyn Compute, adapter: &Adapter, batch: &Batch) -> (f64, Gradients) {
    let count = batch.targets.len() as f32;
    let (loss, gradients) = compute.train(adapter, batch, count.recip()).expect("the batch fits");
    (loss / f64::from(count), gradients)
}

#[track_caller]
fn check_same(found: &(f64, Gradients), expected: &(f64, Gradients)) {
    let (loss, expected_loss) = (found.0, expected.0);
    assert!((loss - expected_loss).abs() < 1e-5 * expected_loss, "loss {loss} instead of {expected_loss}");
    assert_eq!(found.1.len(), expected.1.len());
    for (index, (gradient, expected)) in found.1.iter().zip(&expected.1).enumerate() {
        assert_eq!(gradient.len(), expected.len());
        let largest = expected.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        assert!(largest > 0.0, "matrix {index} has no gradient");
        for (value, expected) in gradient.iter().zip(expected) {
            let difference = (value - expected).abs();
            assert!(difference < 1e-4 * largest + 1e-7, "matrix {index}: {value} instead of {expected}");
        }
    }
}

#[track_caller]
fn check_both_ways(targets: &[Target], lengths: &[usize], dropout: f32, limits: Option<Limits>) {
    let base = base(1);
    let mut adapter = trained_adapter(&tiny(), targets, 3);
    adapter.options.dropout = dropout;
    let batch = batch(lengths);
    let by_hand = train(&processor(&base), &adapter, &batch);
    check_same(&by_hand, &train(&graph(&base, limits), &adapter, &batch));
}

#[test]
fn gradients_are_those_of_automatic_differentiation() {
    check_both_ways(&Target::ALL, &[7, 3, 12], 0.0, None);
    check_both_ways(&[Target::Query, Target::Value], &[9], 0.0, None);
    check_both_ways(&[Target::Key, Target::Up, Target::Down], &[1, 2], 0.0, None);
}

#[test]
fn long_windows_are_cut_into_blocks_without_a_difference() {
    check_both_ways(&Target::ALL, &[300, 5, 129], 0.0, None);
}

#[test]
fn both_ways_leave_out_the_same() {
    check_both_ways(&Target::ALL, &[7, 3, 12], 0.3, None);
    check_both_ways(&[Target::Query, Target::Gate, Target::Down], &[40, 300], 0.1, None);
    let (base, mut adapter, batch) = (base(1), trained_adapter(&tiny(), &Target::ALL, 3), batch(&[30]));
    let whole = train(&processor(&base), &adapter, &batch);
    adapter.options.dropout = 0.3;
    let thinned_out = train(&processor(&base), &adapter, &batch);
    assert!((whole.0 - thinned_out.0).abs() > 1e-4, "{} and {}", whole.0, thinned_out.0);
}

#[test]
fn little_memory_makes_no_difference() {
    let few = |tokens, layers| Some(Limits { tokens, layers });
    for limits in [few(1, 1), few(16, 1), few(24, 2), few(10_000, 1)] {
        check_both_ways(&Target::ALL, &[7, 3, 12, 12, 1], 0.0, limits);
        check_both_ways(&[Target::Up], &[7, 3, 12], 0.2, limits);
    }
}

#[test]
fn predictions_are_the_same_both_ways() {
    let base = base(1);
    let adapter = trained_adapter(&tiny(), &Target::ALL, 3);
    let batch = Batch::of(&windows(&[20, 4, 300, 1]));
    for adapter in [None, Some(&adapter)] {
        let by_hand = processor(&base).predict(adapter, &batch).expect("the batch fits");
        let by_candle = graph(&base, None).predict(adapter, &batch).expect("the batch fits");
        assert_eq!(by_hand.len(), 325);
        assert_eq!(by_candle.len(), by_hand.len());
        for (found, expected) in by_candle.iter().zip(&by_hand) {
            assert_eq!(found.best, expected.best);
            assert!((found.loss - expected.loss).abs() < 1e-4, "{found:?} instead of {expected:?}");
        }
    }
}

#[test]
fn wrong_windows_are_refused_both_ways() {
    let base = base(1);
    let engines: [&dyn Compute; 2] = [&processor(&base), &graph(&base, None)];
    let mut unknown = Batch::default();
    unknown.push(&[1, 40, 2], 0);
    let long = batch(&[WINDOW + 1]);
    for compute in engines {
        let error = compute.predict(None, &unknown).expect_err("the token is unknown");
        assert_eq!(error.to_string(), "the model knows no token 40");
        let error = compute.predict(None, &long).expect_err("the window is too long");
        assert_eq!(error.to_string(), "a window has 513 tokens");
    }
}

#[test]
fn gradients_are_slopes_of_the_loss() {
    let base = base(2);
    let compute = processor(&base);
    let mut adapter = trained_adapter(&tiny(), &Target::ALL, 4);
    let batch = batch(&[11, 6]);
    let (_, gradients) = train(&compute, &adapter, &batch);
    for (matrix, gradient) in gradients.iter().enumerate() {
        let place = matrix * 5 % gradient.len();
        let mut loss = |change: f32| {
            let change_place = |adapter: &mut Adapter, change: f32| {
                if let Some(slice) = adapter.slices().nth(matrix) {
                    slice[place] += change;
                }
            };
            change_place(&mut adapter, change);
            let (loss, _) = train(&compute, &adapter, &batch);
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
    let base = base(1);
    let compute = processor(&base);
    let adapter = trained_adapter(&tiny(), &Target::ALL, 3);
    let batch = batch(&[20, 4]);
    let predictions = compute.predict(Some(&adapter), &batch).expect("the batch fits");
    let mean = predictions.iter().map(|prediction| f64::from(prediction.loss)).sum::<f64>() / 24.0;
    assert!((mean - train(&compute, &adapter, &batch).0).abs() < 1e-5);
}
