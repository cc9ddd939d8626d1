//! A forward pass of Qwen2 written down once more, slow and in f64, that asks a closure for every product. It shares
//! nothing with the code that is tested.

use std::collections::BTreeMap;

use crate::files::Shape;
use crate::files::fixture::Numbers;

pub(super) type Row = Vec<f64>;

/// What a model computes differently with an adapter.
pub(super) trait Hooks {
    /// The product of a module with a row, with its bias.
    fn linear(&self, module: &str, input: &Row) -> Row;
    fn embedding(&self, token: usize) -> Row;
}

/// The weights as they are.
pub(super) struct Plain<'a>(pub(super) &'a BTreeMap<String, Numbers>);

impl Plain<'_> {
    pub(super) fn row(&self, tensor: &str, index: usize) -> Row {
        let (shape, values) = &self.0[tensor];
        let width = shape[shape.len() - 1];
        values[index * width..(index + 1) * width].iter().map(|&value| f64::from(value)).collect()
    }

    pub(super) fn product(&self, tensor: &str, input: &Row) -> Row {
        (0..self.0[tensor].0[0]).map(|index| dot(&self.row(tensor, index), input)).collect()
    }

    pub(super) fn bias(&self, module: &str) -> Option<Row> {
        let name = format!("{module}.bias");
        self.0.contains_key(&name).then(|| self.row(&name, 0))
    }
}

impl Hooks for Plain<'_> {
    fn linear(&self, module: &str, input: &Row) -> Row {
        let tied = "model.embed_tokens.weight".to_owned();
        let name = format!("{module}.weight");
        let name = if self.0.contains_key(&name) { name } else { tied };
        plus(self.product(&name, input), self.bias(module))
    }

    fn embedding(&self, token: usize) -> Row {
        self.row("model.embed_tokens.weight", token)
    }
}

pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

pub(super) fn plus(row: Row, other: Option<Row>) -> Row {
    match other {
        Some(other) => row.iter().zip(other).map(|(value, added)| value + added).collect(),
        None => row,
    }
}

/// Logits after the last token.
pub(super) fn logits(shape: &Shape, norms: &Plain<'_>, hooks: &dyn Hooks, tokens: &[usize]) -> Row {
    let mut states: Vec<Row> = tokens.iter().map(|&token| hooks.embedding(token)).collect();
    for layer in 0..shape.layers {
        let name = |rest: &str| format!("model.layers.{layer}.{rest}");
        let normed: Vec<Row> =
            states.iter().map(|row| norm(shape, norms, &name("input_layernorm"), row)).collect();
        let project = |module: &str| -> Vec<Row> {
            normed.iter().map(|row| hooks.linear(&name(module), row)).collect()
        };
        let mixed = attention(
            shape,
            project("self_attn.q_proj"),
            project("self_attn.k_proj"),
            project("self_attn.v_proj"),
        );
        for (state, mixed) in states.iter_mut().zip(&mixed) {
            *state = plus(state.clone(), Some(hooks.linear(&name("self_attn.o_proj"), mixed)));
            let normed = norm(shape, norms, &name("post_attention_layernorm"), state);
            let gate = hooks.linear(&name("mlp.gate_proj"), &normed);
            let up = hooks.linear(&name("mlp.up_proj"), &normed);
            let inner = gate.iter().zip(up).map(|(&gate, up)| gate / (1.0 + (-gate).exp()) * up).collect();
            *state = plus(state.clone(), Some(hooks.linear(&name("mlp.down_proj"), &inner)));
        }
    }
    let last = states.last().expect("there are tokens");
    hooks.linear("lm_head", &norm(shape, norms, "model.norm", last))
}

fn norm(shape: &Shape, weights: &Plain<'_>, module: &str, row: &Row) -> Row {
    let factor = (dot(row, row) / row.len() as f64 + f64::from(shape.epsilon)).sqrt().recip();
    let weight = weights.row(&format!("{module}.weight"), 0);
    row.iter().zip(weight).map(|(value, weight)| value * factor * weight).collect()
}

fn attention(shape: &Shape, queries: Vec<Row>, keys: Vec<Row>, values: Vec<Row>) -> Vec<Row> {
    let width = shape.hidden / shape.heads;
    let rotate = |row: &Row, position: usize| -> Row {
        let mut result = row.clone();
        for head in result.chunks_exact_mut(width) {
            let (low, high) = head.split_at_mut(width / 2);
            for (index, (low, high)) in low.iter_mut().zip(high).enumerate() {
                let power = 2.0 * index as f64 / width as f64;
                let (sine, cosine) = (position as f64 / f64::from(shape.rope_base).powf(power)).sin_cos();
                (*low, *high) = (*low * cosine - *high * sine, *high * cosine + *low * sine);
            }
        }
        result
    };
    let rotated = |rows: Vec<Row>| -> Vec<Row> {
        rows.iter().enumerate().map(|(position, row)| rotate(row, position)).collect()
    };
    let (queries, keys) = (rotated(queries), rotated(keys));
    let mut mixed = Vec::new();
    for (position, query) in queries.iter().enumerate() {
        let mut row = Row::new();
        for head in 0..shape.heads {
            let shared = head / (shape.heads / shape.kv_heads);
            let part = |row: &Row, head: usize| row[head * width..(head + 1) * width].to_vec();
            let scores: Row = keys[..=position]
                .iter()
                .map(|key| (dot(&part(query, head), &part(key, shared)) / (width as f64).sqrt()).exp())
                .collect();
            let total: f64 = scores.iter().sum();
            let mut sum = vec![0.0; width];
            for (score, value) in scores.iter().zip(&values) {
                sum.iter_mut()
                    .zip(part(value, shared))
                    .for_each(|(sum, value)| *sum += score / total * value);
            }
            row.extend(sum);
        }
        mixed.push(row);
    }
    mixed
}
