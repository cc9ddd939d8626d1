//! Experts that are loaded: only those that were asked for, the least used ones go when memory is needed.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use crate::router::ExpertConfig;

/// Gives what is to be kept and how many bytes it takes, or tells why not.
type Loader<T> = dyn Fn(&ExpertConfig) -> Result<(T, u64), String> + Send + Sync;

/// Keeps what a loader makes of experts.
pub struct ExpertPool<T> {
    max_bytes: u64,
    loader: Box<Loader<T>>,
    state: Mutex<State<T>>,
}

struct State<T> {
    slots: FxHashMap<String, Slot<T>>,
    /// Counts uses.
    clock: u64,
}

struct Slot<T> {
    /// Held while it is being loaded, so that others who want the same wait, and nobody else does.
    value: Arc<Mutex<Option<Arc<T>>>>,
    bytes: u64,
    used: u64,
}

impl<T> ExpertPool<T> {
    pub fn new(
        max_bytes: u64,
        loader: impl Fn(&ExpertConfig) -> Result<(T, u64), String> + Send + Sync + 'static,
    ) -> Self {
        let state = Mutex::new(State { slots: FxHashMap::default(), clock: 0 });
        Self { max_bytes, loader: Box::new(loader), state }
    }

    /// The loaded expert. Whoever holds it may go on using it after the pool has dropped it.
    pub fn get(&self, expert: &ExpertConfig) -> Result<Arc<T>, String> {
        let cell = self.state.lock().touch(&expert.id);
        let mut value = cell.lock();
        if let Some(value) = &*value {
            return Ok(Arc::clone(value));
        }
        let (loaded, bytes) = (self.loader)(expert)?;
        if bytes > self.max_bytes {
            return Err(format!(
                "the expert {} takes {bytes} bytes, {} are allowed",
                expert.id, self.max_bytes
            ));
        }
        let loaded = Arc::new(loaded);
        *value = Some(Arc::clone(&loaded));
        drop(value);
        self.state.lock().make_room(&expert.id, &cell, bytes, self.max_bytes);
        Ok(loaded)
    }

    /// Names and bytes of what is loaded, by name.
    pub fn loaded(&self) -> Vec<(String, u64)> {
        let state = self.state.lock();
        let slots = state.slots.iter().filter(|(_, slot)| slot.bytes > 0);
        let mut loaded: Vec<_> = slots.map(|(id, slot)| (id.clone(), slot.bytes)).collect();
        loaded.sort();
        loaded
    }

    /// Drops everything.
    pub fn clear(&self) {
        self.state.lock().slots.clear();
    }
}

impl<T> State<T> {
    fn touch(&mut self, id: &str) -> Arc<Mutex<Option<Arc<T>>>> {
        self.clock += 1;
        let used = self.clock;
        let slot =
            self.slots.entry(id.to_owned()).or_insert_with(|| Slot { value: Arc::default(), bytes: 0, used });
        slot.used = used;
        Arc::clone(&slot.value)
    }

    fn make_room(&mut self, id: &str, cell: &Arc<Mutex<Option<Arc<T>>>>, bytes: u64, max_bytes: u64) {
        // The pool may have been cleared meanwhile; then what was loaded belongs to its caller alone.
        let Some(slot) = self.slots.get_mut(id).filter(|slot| Arc::ptr_eq(&slot.value, cell)) else { return };
        slot.bytes = bytes.max(1);
        while self.slots.values().map(|slot| slot.bytes).sum::<u64>() > max_bytes {
            let others = self.slots.iter().filter(|(other, slot)| *other != id && slot.bytes > 0);
            let Some(victim) = others.min_by_key(|(_, slot)| slot.used).map(|(id, _)| id.clone()) else {
                return;
            };
            self.slots.remove(&victim);
        }
    }
}
