//! Vectors of texts, computed once a day at most.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::cache::{CacheStats, Counters, LayeredCache};

const TTL: Duration = Duration::from_secs(86_400);

/// Vectors of one model. Cloning shares the contents.
#[derive(Clone)]
pub struct EmbeddingCache {
    cache: LayeredCache,
    model: Arc<str>,
    counters: Arc<Counters>,
}

impl EmbeddingCache {
    /// `model` tells apart models whose vectors differ.
    pub fn new(cache: LayeredCache, model: &str) -> Self {
        Self { cache, model: model.into(), counters: Arc::default() }
    }

    /// The vector of a text, computed if it is not known. Of several callers with one text only one computes.
    pub fn get_or_compute<E: Send + Sync + 'static>(
        &self,
        text: &str,
        module: &str,
        compute: impl FnOnce(&str) -> Result<Vec<f32>, E>,
    ) -> Result<Vec<f32>, E> {
        let key = self.key(text);
        let mut computed = None;
        let file = format!("file:{module}");
        let bytes = self.cache.get_or_compute(&key, TTL, &[&file, &self.model_tag()], || {
            let vector = compute(text)?;
            let bytes = pack(&vector);
            computed = Some(vector);
            Ok(bytes)
        });
        self.counters.count(computed.is_none().then_some(()));
        match computed {
            Some(vector) => bytes.map(|_| vector),
            None => bytes.map(|bytes| unpack(&bytes)),
        }
    }

    pub fn forget_model(&self) -> usize {
        self.cache.invalidate_by_tag(&self.model_tag())
    }

    pub fn stats(&self) -> CacheStats {
        let below = self.cache.stats().total;
        self.counters.stats(below.entries, below.bytes)
    }

    fn key(&self, text: &str) -> String {
        let hash = Sha256::digest(text.as_bytes());
        let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("emb:{hash}:{}", self.model)
    }

    fn model_tag(&self) -> String {
        format!("model:{}", self.model)
    }
}

fn pack(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn unpack(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use resilience::VirtualClock;

    #[test]
    fn computes_once_a_day_for_a_text_and_a_model() {
        let clock = VirtualClock::new();
        let layers = LayeredCache::new(1 << 20, Vec::new(), clock.clone());
        let cache = EmbeddingCache::new(layers.clone(), "tiny");
        let mut calls = 0;
        let mut get = |cache: &EmbeddingCache, text: &str| {
            let mut is_computed = false;
            let vector = cache.get_or_compute(text, "М", |text| {
                is_computed = true;
                calls += 1;
                Ok::<_, ()>(vec![text.len() as f32, 0.5, -1.0])
            });
            assert_eq!(vector, Ok(vec![text.len() as f32, 0.5, -1.0]));
            is_computed
        };
        assert!(get(&cache, "Процедура А()"));
        clock.advance(Duration::from_secs(86_399));
        assert!(!get(&cache, "Процедура А()"));
        assert!(get(&cache, "Процедура Б()"));
        clock.advance(Duration::from_secs(1));
        assert!(get(&cache, "Процедура А()"));
        assert!(get(&EmbeddingCache::new(layers.clone(), "large"), "Процедура А()"));
        assert_eq!((cache.stats().hits, cache.stats().misses), (1, 3));
        assert!((cache.stats().hit_rate() - 0.25).abs() < 1e-9);
        assert_eq!(cache.forget_model(), 2);
        assert_eq!(calls, 4);
    }

    #[test]
    fn a_hundred_callers_compute_once() {
        let cache = LayeredCache::new(1 << 20, Vec::new(), VirtualClock::new());
        let cache = EmbeddingCache::new(cache, "tiny");
        let calls = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..100 {
                scope.spawn(|| {
                    let vector = cache.get_or_compute("text", "М", |_| {
                        calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        Ok::<_, ()>(vec![7.0])
                    });
                    assert_eq!(vector, Ok(vec![7.0]));
                });
            }
        });
        assert_eq!(calls.into_inner(), 1);
        assert_eq!((cache.stats().hits, cache.stats().misses), (99, 1));
    }
}
