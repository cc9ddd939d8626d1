//! The rows of all modules: one large segment that is built once, and a small one for each module changed since.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::CancelToken;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::module_tokens::tokens_of;
use super::segment::{ModuleId, Segment};
use super::token::{Token, Vocabulary};

/// What requests read. Changes replace whole segments.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) base: Arc<Segment>,
    /// Modules changed since the base was built, as they are now.
    pub(crate) changed: BTreeMap<ModuleId, Arc<Segment>>,
    modules: Vec<ModuleInfo>,
    by_key: FxHashMap<String, ModuleId>,
}

#[derive(Debug)]
struct ModuleInfo {
    /// Hash of the object the module belongs to.
    group: u64,
    /// What the base says of the module is of the past.
    is_stale_in_base: bool,
}

/// Rows of the modules of a project that are not sorted yet.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    tokens: Vec<Token>,
    modules: Vec<(u32, ModuleId)>,
}

impl Rows {
    fn add(&mut self, module: ModuleId, tokens: &[Token]) {
        self.modules.push((self.tokens.len() as u32, module));
        self.tokens.extend_from_slice(tokens);
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Contexts see any local in place of names that few methods have.
    pub(crate) fn mark_rare_locals(&mut self, vocabulary: &Vocabulary) {
        for token in &mut self.tokens {
            if token.is_local() && vocabulary.is_rare_local(token.id()) {
                *token = token.as_abstract();
            }
        }
    }

    /// `None` if cancelled.
    pub(crate) fn sort(mut self, words: usize, cancel: &CancelToken) -> Option<Segment> {
        self.tokens.shrink_to_fit();
        Segment::build(self.tokens, self.modules, words, cancel)
    }
}

/// Modules that were read anew since the base was sorted.
pub(crate) type ChangedModules = Vec<(ModuleId, Arc<Segment>)>;

impl Index {
    pub(crate) fn module(&self, key: &str) -> Option<ModuleId> {
        self.by_key.get(key).copied()
    }

    fn module_or_new(&mut self, key: &str) -> ModuleId {
        if let Some(known) = self.module(key) {
            return known;
        }
        let id = self.modules.len() as ModuleId;
        self.modules.push(ModuleInfo { group: group_of(key), is_stale_in_base: false });
        self.by_key.insert(key.to_owned(), id);
        id
    }

    pub(crate) fn add_row(&mut self, rows: &mut Rows, key: &str, text: &str) {
        let module = self.module_or_new(key);
        let tokens = tokens_of(text, &mut self.vocabulary);
        rows.add(module, &tokens);
    }

    /// Number and tokens of a module whose text is new.
    pub(crate) fn read(&mut self, key: &str, text: &str) -> (ModuleId, Vec<Token>) {
        (self.module_or_new(key), tokens_of(text, &mut self.vocabulary))
    }

    pub(crate) fn replace(&mut self, module: ModuleId, segment: Segment) {
        self.changed.insert(module, Arc::new(segment));
        self.set_stale(module);
    }

    pub(crate) fn remove(&mut self, key: &str) {
        if let Some(module) = self.module(key) {
            self.changed.remove(&module);
            self.set_stale(module);
        }
    }

    fn set_stale(&mut self, module: ModuleId) {
        if let Some(info) = self.modules.get_mut(module as usize) {
            info.is_stale_in_base = true;
        }
    }

    /// All rows as they are now, if so many modules have changed that asking each of them takes too long.
    pub(crate) fn rows_to_join(&self) -> Option<(Rows, ChangedModules)> {
        const FEW: usize = 16;
        if self.changed.len() < FEW + self.modules.len() / 8 {
            return None;
        }
        let mut rows = Rows::default();
        for (module, row) in self.base.rows().filter(|(module, _)| !self.is_stale_in_base(*module)) {
            rows.add(module, row);
        }
        for (module, segment) in &self.changed {
            segment.rows().for_each(|(_, row)| rows.add(*module, row));
        }
        rows.mark_rare_locals(&self.vocabulary);
        Some((rows, self.changed.iter().map(|(module, segment)| (*module, Arc::clone(segment))).collect()))
    }

    /// Puts a base in place that holds these changed modules, unless they have changed again.
    pub(crate) fn set_joined_base(&mut self, segment: Segment, joined: &[(ModuleId, Arc<Segment>)]) {
        // A module that was removed meanwhile is in the new base all the same, and must stay out of sight.
        let removed: Vec<ModuleId> = joined
            .iter()
            .map(|(module, _)| *module)
            .filter(|module| !self.changed.contains_key(module))
            .collect();
        for (module, segment) in joined {
            if self.changed.get(module).is_some_and(|current| Arc::ptr_eq(current, segment)) {
                self.changed.remove(module);
            }
        }
        let was_removed: Vec<ModuleId> = (0..self.modules.len() as ModuleId)
            .filter(|module| self.is_stale_in_base(*module) && !joined.iter().any(|(id, _)| id == module))
            .chain(removed)
            .collect();
        self.set_base(segment);
        was_removed.into_iter().for_each(|module| self.set_stale(module));
    }

    /// Puts a new base in place; what has changed meanwhile stays.
    pub(crate) fn set_base(&mut self, segment: Segment) {
        for info in &mut self.modules {
            info.is_stale_in_base = false;
        }
        let changed: Vec<ModuleId> = self.changed.keys().copied().collect();
        for module in changed {
            self.set_stale(module);
        }
        self.base = Arc::new(segment);
    }

    pub(crate) fn is_stale_in_base(&self, module: ModuleId) -> bool {
        self.modules.get(module as usize).is_none_or(|info| info.is_stale_in_base)
    }

    pub(crate) fn group(&self, module: ModuleId) -> u64 {
        self.modules.get(module as usize).map_or(0, |info| info.group)
    }

    pub(crate) fn module_count(&self) -> usize {
        self.modules.len()
    }

    pub(crate) fn memory(&self) -> usize {
        let keys: usize = self.by_key.keys().map(|key| key.len() + 56).sum();
        let changed: usize = self.changed.values().map(|segment| segment.memory()).sum();
        self.vocabulary.memory() + self.base.memory() + changed + keys + self.modules.capacity() * 16
    }
}

/// Modules of one object are near each other: `Документ.Заказ.Модуль…`, `…/Documents/Заказ/Forms/…`.
pub(crate) fn group_of(key: &str) -> u64 {
    let object = if key.contains('/') {
        let parts: Vec<&str> = key.split('/').collect();
        let inner = ["Ext", "Forms", "Commands", "Templates"];
        let end = parts.iter().position(|part| inner.contains(part)).unwrap_or(parts.len().saturating_sub(1));
        parts[..end].join("/")
    } else {
        key.split('.').take(2).collect::<Vec<_>>().join(".")
    };
    xxh3_64(object.as_bytes())
}
