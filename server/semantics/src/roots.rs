//! Configurations and extensions of a project: who extends whom, and which object a name means.

use std::sync::Arc;

use base::fold_case;
use metadata::{Configuration, Details, MetadataObject, ObjectKind, RootKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::ids::{ObjectRef, RootId};

/// What was read of one root.
#[derive(Clone, Debug, Default)]
pub struct RootContent {
    pub configuration: Arc<Configuration>,
    pub objects: Vec<Arc<MetadataObject>>,
    /// Every object was read, so that absent ones do not exist.
    pub is_complete: bool,
}

/// One root with an index of its objects.
#[derive(Debug)]
pub struct Root {
    pub configuration: Arc<Configuration>,
    pub objects: Vec<Arc<MetadataObject>>,
    pub is_complete: bool,
    /// What an extension extends, what an external object works in.
    pub base: Option<RootId>,
    index: FxHashMap<(ObjectKind, SmolStr), u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Roots {
    roots: Vec<Root>,
}

impl Roots {
    pub(crate) fn new(contents: Vec<RootContent>) -> Self {
        let bases: Vec<_> = contents.iter().map(|root| find_base(root, &contents)).collect();
        Self {
            roots: contents.into_iter().zip(bases).map(|(content, base)| Root::new(content, base)).collect(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.roots.len()
    }

    pub(crate) fn get(&self, root: RootId) -> Option<&Root> {
        self.roots.get(root.0 as usize)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (RootId, &Root)> {
        self.roots.iter().enumerate().map(|(index, root)| (RootId(index as u16), root))
    }

    pub(crate) fn object(&self, object: ObjectRef) -> Option<&MetadataObject> {
        self.get(object.root)?.objects.get(object.index as usize).map(|object| &**object)
    }

    /// The root and what it extends, nearest first.
    pub(crate) fn chain(&self, root: Option<RootId>) -> impl Iterator<Item = (RootId, &Root)> {
        // An extension of an extension is no valid project; the limit guards against cycles.
        std::iter::successors(root, |root| self.get(*root)?.base)
            .take(4)
            .filter_map(|root| Some((root, self.get(root)?)))
    }

    pub(crate) fn find(&self, root: Option<RootId>, kind: ObjectKind, name: &str) -> Option<ObjectRef> {
        let folded = fold_case(name);
        self.chain(root).find_map(|(id, root)| root.find_folded(id, kind, &folded))
    }
}

impl Root {
    fn new(content: RootContent, base: Option<RootId>) -> Self {
        let RootContent { configuration, objects, is_complete } = content;
        let mut index = FxHashMap::default();
        for (at, object) in objects.iter().enumerate() {
            index.entry((object.kind, SmolStr::new(fold_case(&object.name)))).or_insert(at as u32);
        }
        Self { configuration, objects, is_complete, base, index }
    }

    pub fn is_extension(&self) -> bool {
        self.configuration.kind == RootKind::Extension
    }

    pub(crate) fn find_folded(&self, root: RootId, kind: ObjectKind, folded: &str) -> Option<ObjectRef> {
        let key = (kind, SmolStr::new(folded));
        self.index.get(&key).map(|&index| ObjectRef { root, index })
    }

    /// Global common modules.
    pub(crate) fn global_modules(&self) -> impl Iterator<Item = u32> {
        let objects = self.objects.iter().enumerate();
        objects.filter(|(_, object)| is_global(object)).map(|(index, _)| index as u32)
    }
}

fn is_global(object: &MetadataObject) -> bool {
    matches!(&object.details, Details::CommonModule(module) if module.is_global)
}

/// The configuration that an extension names, else one that has what it borrows, else one that lies near.
fn find_base(root: &RootContent, all: &[RootContent]) -> Option<RootId> {
    let own = &root.configuration;
    if own.kind == RootKind::Configuration {
        return None;
    }
    let is_named = |base: &Configuration| {
        !own.base_project.is_empty()
            && base.folder.components().any(|part| part.as_os_str() == own.base_project.as_str())
    };
    let adopted = root.objects.iter().find(|object| object.is_adopted);
    let has_adopted = |base: &RootContent| {
        adopted.is_some_and(|own| {
            let is = |object: &&Arc<MetadataObject>| {
                object.kind == own.kind && base::same_name(&object.name, &own.name)
            };
            base.objects.iter().find(is).is_some()
        })
    };
    let near = |base: &Configuration| {
        let parts = base.folder.components().zip(own.folder.components());
        parts.take_while(|(left, right)| left == right).count()
    };
    let bases = all.iter().enumerate().filter(|(_, base)| base.configuration.kind == RootKind::Configuration);
    let best = bases.max_by_key(|(index, base)| {
        let configuration = &base.configuration;
        (is_named(configuration), has_adopted(base), near(configuration), std::cmp::Reverse(*index))
    });
    best.map(|(index, _)| RootId(index as u16))
}
