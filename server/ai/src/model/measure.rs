//! How fast models of a given shape are on this machine. Speed does not depend on the weights, so they are random.

use std::path::Path;
use std::time::{Duration, Instant};

use super::cache::KvCache;
use super::config::ModelConfig;
use super::error::ModelError;
use super::file::ModelFile;
use super::forward::Scratch;
use super::processor::on_one_thread;
use super::qwen2::{LoadOptions, Qwen2, Weights};
use super::random;

/// How long each figure is measured at least.
const MEASURED: Duration = Duration::from_millis(300);
/// Positions of the longest measurement.
const CONTEXT: usize = 640;
const CACHED: usize = 512;
const RETYPED: usize = 4;
const GENERATED: usize = 12;

/// A shape of models.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub name: &'static str,
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub feed_forward: usize,
    pub vocabulary: usize,
}

/// Three tiny models, and those that users may have.
pub const SHAPES: [Shape; 5] = [
    Shape { name: "8M", hidden: 256, layers: 6, heads: 4, kv_heads: 2, feed_forward: 1024, vocabulary: 8192 },
    Shape {
        name: "16M",
        hidden: 512,
        layers: 4,
        heads: 8,
        kv_heads: 2,
        feed_forward: 1536,
        vocabulary: 8192,
    },
    Shape {
        name: "30M",
        hidden: 512,
        layers: 8,
        heads: 8,
        kv_heads: 2,
        feed_forward: 1536,
        vocabulary: 8192,
    },
    Shape {
        name: "0.5B",
        hidden: 896,
        layers: 24,
        heads: 14,
        kv_heads: 2,
        feed_forward: 4864,
        vocabulary: 151_936,
    },
    Shape {
        name: "1.5B",
        hidden: 1536,
        layers: 28,
        heads: 12,
        kv_heads: 2,
        feed_forward: 8960,
        vocabulary: 151_936,
    },
];

impl Shape {
    pub fn config(&self) -> ModelConfig {
        ModelConfig {
            hidden: self.hidden,
            layers: self.layers,
            heads: self.heads,
            kv_heads: self.kv_heads,
            head_width: self.hidden / self.heads,
            feed_forward: self.feed_forward,
            vocabulary: self.vocabulary,
            max_positions: CONTEXT,
            rope_base: 10_000.0,
            epsilon: 1e-6,
            tied: true,
        }
    }
}

/// What was measured: milliseconds of processor time of one thread, unless it says otherwise.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Wall, from the file to packed weights.
    pub load: f64,
    /// Tokens per second when 64, 256 and 512 tokens are read at once.
    pub prefill: [f64; 3],
    /// One token after 128 and after 512.
    pub decode: [f64; 2],
    /// 512 tokens cached, the last 4 typed anew, 12 generated.
    pub keystroke: f64,
    /// Weights as loaded, without the packed copy.
    pub weight_bytes: usize,
    pub cache_bytes: usize,
}

/// Writes a model of this shape to `path` and measures it. `probe` is called while the model is in memory.
pub fn measure<Probed>(
    shape: &Shape,
    weights: Weights,
    path: &Path,
    probe: impl FnOnce() -> Probed,
) -> Result<(Measured, Probed), ModelError> {
    let failed = |error: std::io::Error| ModelError::file(&path.display().to_string(), error.to_string());
    let mut file = std::fs::File::create(path).map_err(failed)?;
    let stored = random::write_repeated(&shape.config(), weights, &mut file)?;
    drop(file);
    let started = Instant::now();
    let loaded = ModelFile::open(path).and_then(|file| {
        let weights = if stored == weights { Weights::AsStored } else { weights };
        Qwen2::load(&file, &LoadOptions { weights, ..LoadOptions::default() })
    });
    std::fs::remove_file(path).map_err(failed)?;
    let model = loaded?;
    on_one_thread(|| model.warm_up())?;
    let load = started.elapsed().as_secs_f64() * 1e3;
    let mut measured = on_one_thread(|| run(&model))?;
    measured.load = load;
    Ok((measured, probe()))
}

fn run(model: &Qwen2) -> Result<Measured, ModelError> {
    let mut bench = Bench { model, cache: model.cache(CONTEXT), scratch: Scratch::default() };
    let mut prefill = [0.0; 3];
    for (result, count) in prefill.iter_mut().zip([64, 256, CACHED]) {
        let milliseconds = bench.time(|bench| bench.read(0, count))?;
        *result = count as f64 / milliseconds * 1e3;
    }
    let mut decode = [0.0; 2];
    for (result, cached) in decode.iter_mut().zip([128, CACHED]) {
        bench.read(0, cached)?;
        *result = bench.time(|bench| bench.read(cached, 1))?;
    }
    bench.read(0, CACHED)?;
    let keystroke = bench.time(|bench| {
        bench.read(CACHED - RETYPED, RETYPED)?;
        (1..GENERATED).try_for_each(|generated| bench.read(CACHED + generated - 1, 1))
    })?;
    Ok(Measured {
        load: 0.0,
        prefill,
        decode,
        keystroke,
        weight_bytes: model.weight_bytes(),
        cache_bytes: bench.cache.bytes(),
    })
}

struct Bench<'a> {
    model: &'a Qwen2,
    cache: KvCache,
    scratch: Scratch,
}

impl Bench<'_> {
    /// Cuts the cache back and reads so many tokens.
    fn read(&mut self, start: usize, count: usize) -> Result<(), ModelError> {
        self.cache.truncate(start);
        let vocabulary = self.model.config().vocabulary;
        let tokens: Vec<u32> =
            (start..start + count).map(|index| (index * 7919 % vocabulary) as u32).collect();
        self.model.forward(&tokens, &mut self.cache, &mut self.scratch)?;
        Ok(())
    }

    /// Mean milliseconds of one round, the first round not counted.
    fn time(&mut self, mut work: impl FnMut(&mut Self) -> Result<(), ModelError>) -> Result<f64, ModelError> {
        work(self)?;
        let (started, processor) = (Instant::now(), processor_seconds());
        let mut rounds = 0;
        while rounds < 2 || started.elapsed() < MEASURED {
            work(self)?;
            rounds += 1;
        }
        let seconds = match (processor, processor_seconds()) {
            (Some(start), Some(end)) => end - start,
            _ => started.elapsed().as_secs_f64(),
        };
        Ok(seconds / f64::from(rounds) * 1e3)
    }
}

/// Processor time of this thread, where the system tells it exactly.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// Bytes per second that one thread reads from memory that no cache holds.
pub fn memory_bandwidth() -> f64 {
    let words = vec![1_u64; 64 << 20];
    let started = processor_seconds();
    let wall = Instant::now();
    let sum = words.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word));
    let seconds = match (started, processor_seconds()) {
        (Some(start), Some(end)) if end > start => end - start,
        _ => wall.elapsed().as_secs_f64(),
    };
    std::hint::black_box(sum);
    size_of_val(words.as_slice()) as f64 / seconds
}
