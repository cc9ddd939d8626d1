//! From tokens to logits. Buffers are used again from call to call; only the products of candle allocate their results.

use candle_core::CpuStorage;

use super::attention::{Attention, AttentionScratch};
use super::cache::KvCache;
use super::error::ModelError;
use super::qwen2::{Layer, Qwen2};
use super::simd::Simd;
use super::vectors;

/// Rows that go through the layers together.
const CHUNK: usize = 128;
/// Rows whose logits are calculated together when all are wanted.
const LOGITS_CHUNK: usize = 16;

/// Memory for the values between the layers; one per thread that runs a model.
pub struct Scratch {
    stream: Vec<f32>,
    normed: CpuStorage,
    joined: Vec<f32>,
    mixed: CpuStorage,
    gated: CpuStorage,
    product: Vec<f32>,
    attention: AttentionScratch,
    logits: Vec<f32>,
    all_logits: Vec<f32>,
}

impl Default for Scratch {
    fn default() -> Self {
        let empty = || CpuStorage::F32(Vec::new());
        Self {
            stream: Vec::new(),
            normed: empty(),
            joined: Vec::new(),
            mixed: empty(),
            gated: empty(),
            product: Vec::new(),
            attention: AttentionScratch::default(),
            logits: Vec::new(),
            all_logits: Vec::new(),
        }
    }
}

/// For which of the fed rows the last layer's results are needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    None,
    Last,
    All,
}

/// Natural logarithm of the probability of `token` by these logits; minus infinity if there is no such token.
pub fn log_probability(logits: &[f32], token: u32) -> f32 {
    let Some(logit) = logits.get(token as usize) else {
        return f32::NEG_INFINITY;
    };
    logit - vectors::log_sum_exp(Simd::detect(), logits)
}

impl Qwen2 {
    /// Reads tokens after what is cached and returns the logits of what follows the last one. If it fails, the cache
    /// holds what it held before, or more of the same text.
    pub fn forward<'s>(
        &self,
        tokens: &[u32],
        cache: &mut KvCache,
        scratch: &'s mut Scratch,
    ) -> Result<&'s [f32], ModelError> {
        self.check(tokens, cache)?;
        let last_chunk = tokens.len().saturating_sub(1) / CHUNK;
        for (index, chunk) in tokens.chunks(CHUNK).enumerate() {
            let wanted = if index == last_chunk { Wanted::Last } else { Wanted::None };
            self.run(chunk, cache, scratch, wanted)?;
        }
        let Scratch { stream, normed, logits, .. } = &mut *scratch;
        self.logits(&stream[..self.width], normed, logits)?;
        Ok(&scratch.logits[..self.config.vocabulary])
    }

    /// Reads tokens after what is cached. Their keys and values are all that is calculated.
    pub fn feed(&self, tokens: &[u32], cache: &mut KvCache, scratch: &mut Scratch) -> Result<(), ModelError> {
        self.check(tokens, cache)?;
        for chunk in tokens.chunks(CHUNK) {
            self.run(chunk, cache, scratch, Wanted::None)?;
        }
        Ok(())
    }

    /// Like [`Self::forward`], but returns the logits after each of the tokens: rows of the size of the vocabulary.
    pub fn forward_all<'s>(
        &self,
        tokens: &[u32],
        cache: &mut KvCache,
        scratch: &'s mut Scratch,
    ) -> Result<&'s [f32], ModelError> {
        self.check(tokens, cache)?;
        let vocabulary = self.config.vocabulary;
        scratch.all_logits.clear();
        for chunk in tokens.chunks(CHUNK) {
            self.run(chunk, cache, scratch, Wanted::All)?;
            let Scratch { stream, normed, logits, all_logits, .. } = &mut *scratch;
            for rows in stream.chunks(LOGITS_CHUNK * self.width) {
                let stride = self.logits(rows, normed, logits)?;
                for row in logits.chunks_exact(stride) {
                    all_logits.extend_from_slice(&row[..vocabulary]);
                }
            }
        }
        Ok(&scratch.all_logits)
    }

    /// Mean of the last hidden states of these tokens, normalized as for the output layer: what a text is about.
    pub fn mean_hidden_state(
        &self,
        tokens: &[u32],
        cache: &mut KvCache,
        scratch: &mut Scratch,
    ) -> Result<Vec<f32>, ModelError> {
        self.check(tokens, cache)?;
        let mut mean = vec![0.0; self.config.hidden];
        for chunk in tokens.chunks(CHUNK) {
            self.run(chunk, cache, scratch, Wanted::All)?;
            let Scratch { stream, normed, .. } = &mut *scratch;
            let normed = buffer(normed, stream.len());
            self.norm(stream, &self.final_norm, normed);
            for row in normed.chunks_exact(self.width) {
                vectors::add(self.simd, &mut mean, row);
            }
        }
        for value in &mut mean {
            *value /= tokens.len() as f32;
        }
        Ok(mean)
    }

    fn check(&self, tokens: &[u32], cache: &KvCache) -> Result<(), ModelError> {
        if cache.geometry() != self.geometry() {
            return Err(ModelError::Misuse("the cache is of another model".to_owned()));
        }
        if tokens.is_empty() {
            return Err(ModelError::Misuse("there are no tokens to read".to_owned()));
        }
        let vocabulary = self.config.vocabulary;
        if let Some(token) = tokens.iter().find(|token| **token as usize >= vocabulary) {
            let problem = format!("token {token} is outside the vocabulary of {vocabulary}");
            return Err(ModelError::Misuse(problem));
        }
        if tokens.len() > cache.left() {
            return Err(ModelError::ContextFull { capacity: cache.capacity() });
        }
        Ok(())
    }

    /// Takes one chunk through all layers. The stream then holds the wanted rows.
    fn run(
        &self,
        tokens: &[u32],
        cache: &mut KvCache,
        scratch: &mut Scratch,
        wanted: Wanted,
    ) -> Result<(), ModelError> {
        let rows = tokens.len();
        cache.prepare(rows);
        scratch.stream.resize(rows * self.width, 0.0);
        self.embedding.rows(tokens, &mut scratch.stream)?;
        for (index, layer) in self.layers.iter().enumerate() {
            let kept = match wanted {
                _ if index + 1 < self.layers.len() => rows,
                Wanted::None => 0,
                Wanted::Last => 1,
                Wanted::All => rows,
            };
            self.attend(index, layer, rows, kept, cache, scratch)?;
            if kept > 0 {
                self.feed_forward(layer, kept, scratch)?;
            }
        }
        cache.commit(rows);
        Ok(())
    }

    /// Stores keys and values of all rows and adds to the last `kept` rows, which then are the only ones in the stream,
    /// what they see.
    fn attend(
        &self,
        index: usize,
        layer: &Layer,
        rows: usize,
        kept: usize,
        cache: &mut KvCache,
        scratch: &mut Scratch,
    ) -> Result<(), ModelError> {
        let Scratch { stream, normed, joined, mixed, product, attention, .. } = scratch;
        self.norm(stream, &layer.attention_norm, buffer(normed, stream.len()));
        layer.queries_keys_values.forward(self.simd, normed, rows, joined)?;
        self.rotate_and_store(index, layer, joined, rows, cache);
        let first = rows - kept;
        stream.copy_within(first * self.width.., 0);
        stream.truncate(kept * self.width);
        if kept == 0 {
            return Ok(());
        }
        let stride = layer.queries_keys_values.outputs();
        let output = buffer(mixed, kept * self.mixed_width);
        self.simd.run(Attention {
            geometry: self.geometry(),
            group: self.config.heads / self.config.kv_heads,
            cached: cache.layer(index),
            queries: &joined[first * stride..],
            query_stride: stride,
            rows: kept,
            start: cache.len() + first,
            output,
            output_stride: self.mixed_width,
            scratch: attention,
        });
        layer.attention_output.forward(self.simd, mixed, kept, product)?;
        self.add_product(stream, product, layer.attention_output.outputs());
        Ok(())
    }

    fn feed_forward(&self, layer: &Layer, rows: usize, scratch: &mut Scratch) -> Result<(), ModelError> {
        let Scratch { stream, normed, joined, gated, product, .. } = scratch;
        self.norm(stream, &layer.feed_forward_norm, buffer(normed, stream.len()));
        layer.gate_up.forward(self.simd, normed, rows, joined)?;
        let output = buffer(gated, rows * self.inner_width);
        vectors::gate(
            self.simd,
            joined,
            layer.gate_up.outputs(),
            layer.gate_up.start(1),
            self.config.feed_forward,
            output,
            self.inner_width,
        );
        layer.down.forward(self.simd, gated, rows, product)?;
        self.add_product(stream, product, layer.down.outputs());
        Ok(())
    }

    /// Adds rows of a product, which may be wider than the stream, to the stream.
    fn add_product(&self, stream: &mut [f32], product: &[f32], stride: usize) {
        if stride == self.width {
            vectors::add(self.simd, stream, product);
            return;
        }
        for (row, product) in stream.chunks_exact_mut(self.width).zip(product.chunks_exact(stride)) {
            vectors::add(self.simd, row, product);
        }
    }

    /// Adds the biases, rotates queries (and scales them) and keys, and stores keys and values.
    fn rotate_and_store(
        &self,
        index: usize,
        layer: &Layer,
        joined: &mut [f32],
        rows: usize,
        cache: &mut KvCache,
    ) {
        let width = self.config.head_width;
        let linear = &layer.queries_keys_values;
        let (query_biases, other_biases) = layer.biases.split_at(self.config.query_width());
        let (key_biases, value_biases) = other_biases.split_at(self.config.key_width());
        let scale = 1.0 / (width as f32).sqrt();
        let start = cache.len();
        self.simd.run(
            #[inline(always)]
            || {
                for (row, values) in joined.chunks_exact_mut(linear.outputs()).take(rows).enumerate() {
                    let position = start + row;
                    let (cosines, sines) = self.rotary.at(position);
                    let queries = &mut values[..self.config.query_width()];
                    for (head, bias) in queries.chunks_exact_mut(width).zip(query_biases.chunks_exact(width))
                    {
                        vectors::rotate(head, bias, cosines, sines, scale);
                    }
                    for head in 0..self.config.kv_heads {
                        let column = head * width;
                        let key = linear.start(1) + column;
                        let key_bias = &key_biases[column..column + width];
                        vectors::rotate(&mut values[key..key + width], key_bias, cosines, sines, 1.0);
                        let value = linear.start(2) + column;
                        let value_bias = &value_biases[column..column + width];
                        for (value, bias) in values[value..value + width].iter_mut().zip(value_bias) {
                            *value += bias;
                        }
                        cache.write(
                            index,
                            position,
                            head,
                            &values[key..key + width],
                            &values[value..value + width],
                        );
                    }
                }
            },
        );
    }

    fn norm(&self, input: &[f32], weights: &[f32], output: &mut [f32]) {
        vectors::rms_norm(self.simd, input, weights, self.config.hidden, self.config.epsilon, output);
    }

    /// Logits of rows of the stream; returns the width of their rows.
    fn logits(
        &self,
        rows: &[f32],
        normed: &mut CpuStorage,
        logits: &mut Vec<f32>,
    ) -> Result<usize, ModelError> {
        self.norm(rows, &self.final_norm, buffer(normed, rows.len()));
        let output = self.output.as_ref().unwrap_or(&self.embedding);
        output.forward(self.simd, normed, rows.len() / self.width, logits)?;
        Ok(output.outputs())
    }
}

/// The first `length` floats of an input buffer of the products, which grows as needed.
fn buffer(storage: &mut CpuStorage, length: usize) -> &mut [f32] {
    if let CpuStorage::F32(floats) = storage {
        if floats.len() < length {
            floats.resize(length, 0.0);
        }
        return &mut floats[..length];
    }
    *storage = CpuStorage::F32(vec![0.0; length]);
    buffer(storage, length)
}
