//! What no edit of a module changes: platforms, metadata and what is computed from them.

use std::sync::{Arc, PoisonError, RwLock};

use metadata::{Details, Metadata, MetadataObject, ObjectKind, Root, RootId};
use platform::Platform;
use rustc_hash::FxHashMap;

use crate::forms::{FormReader, FormTable};
use crate::ids::ObjectId;

/// Where facts about the platform and forms come from.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(crate) platform: Arc<Platform>,
    pub(crate) onescript: Arc<Platform>,
    pub(crate) form_reader: Arc<dyn FormReader>,
}

pub(crate) struct Shared {
    pub(crate) sources: Sources,
    pub(crate) metadata: Metadata,
    /// All metadata were read.
    pub(crate) is_complete: bool,
    pub(crate) forms: FormTable,
    /// Differs between any two sets of metadata.
    pub(crate) epoch: u64,
    /// Global common modules of each root.
    pub(crate) globals: Vec<Vec<ObjectId>>,
    /// Common attributes of objects that somebody asked about.
    common_attributes: RwLock<FxHashMap<ObjectId, Arc<[ObjectId]>>>,
}

impl Shared {
    pub(crate) fn new(sources: Sources, metadata: Metadata, is_complete: bool, epoch: u64) -> Self {
        let (forms, globals) = (FormTable::new(&metadata), find_globals(&metadata));
        Self { sources, metadata, is_complete, forms, epoch, globals, common_attributes: RwLock::default() }
    }

    pub(crate) fn common_attributes(&self, object: ObjectId) -> Arc<[ObjectId]> {
        let known = self.common_attributes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&object) {
            return Arc::clone(found);
        }
        drop(known);
        let content = self.metadata.object(object);
        let found = content.map(|content| self.metadata.common_attributes(object.root, content));
        let found: Arc<[ObjectId]> = found.unwrap_or_default().into();
        let mut known = self.common_attributes.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(object, Arc::clone(&found));
        found
    }
}

fn find_globals(metadata: &Metadata) -> Vec<Vec<ObjectId>> {
    let is_global = |object: &MetadataObject| matches!(&object.details, Details::CommonModule(module) if module.is_global);
    let of_root = |(id, root): (RootId, &Arc<Root>)| {
        let modules = root.of_kind(ObjectKind::CommonModule);
        let global =
            modules.filter(|index| root.objects().get(*index).is_some_and(|object| is_global(object)));
        global.map(|index| ObjectId { root: id, index: index as u32 }).collect()
    };
    metadata.roots().map(of_root).collect()
}
