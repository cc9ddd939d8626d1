//! All roots of a workspace in one cheap snapshot: who extends whom, which object a name means, what a type stands
//! for.

use std::path::Path;
use std::sync::Arc;

use base::fold_case;
use rustc_hash::FxHashSet;

use crate::full_name::FullName;
use crate::kind::ObjectKind;
use crate::load::FileContent;
use crate::model::{Details, MetadataObject, RootKind};
use crate::root::Root;
use crate::types::{MetaType, TypeDescription};

/// Index of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RootId(pub u16);

/// An object of a snapshot; other snapshots may number objects otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    pub root: RootId,
    pub index: u32,
}

/// Roots with what extends what. Cloning copies pointers.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    roots: Arc<[Arc<Root>]>,
    /// What every root extends or works in.
    bases: Arc<[Option<RootId>]>,
}

impl Metadata {
    pub fn new(roots: Vec<Root>) -> Self {
        Self::from_shared(roots.into_iter().map(Arc::new).collect())
    }

    fn from_shared(roots: Vec<Arc<Root>>) -> Self {
        let bases = roots.iter().map(|root| find_base(root, &roots)).collect();
        Self { roots: roots.into(), bases }
    }

    pub fn roots(&self) -> impl Iterator<Item = (RootId, &Arc<Root>)> {
        self.roots.iter().enumerate().map(|(index, root)| (RootId(index as u16), root))
    }

    pub fn root(&self, id: RootId) -> Option<&Arc<Root>> {
        self.roots.get(id.0 as usize)
    }

    pub fn object(&self, id: ObjectId) -> Option<&Arc<MetadataObject>> {
        self.root(id.root)?.objects().get(id.index as usize)
    }

    /// The configuration that an extension extends or an external object works in.
    pub fn base_of(&self, id: RootId) -> Option<RootId> {
        self.bases.get(id.0 as usize).copied().flatten()
    }

    pub fn extensions_of(&self, base: RootId) -> impl Iterator<Item = RootId> {
        let is_extension = |root: &Arc<Root>| root.is_extension();
        let own =
            self.roots().filter(move |(id, root)| is_extension(root) && self.base_of(*id) == Some(base));
        own.map(|(id, _)| id)
    }

    /// The root that a path lies in: the one with the longest folder.
    pub fn root_of_path(&self, path: &Path) -> Option<RootId> {
        let holds = |root: &Root| {
            let folder = root.folder();
            // External objects of the Designer share their folder with everything else.
            let is_external = |file: &Path| path == file || path.starts_with(file.with_extension(""));
            path.starts_with(&folder.folder)
                && (folder.externals.is_empty() || folder.externals.iter().any(|file| is_external(file)))
        };
        let length = |root: &Root| root.folder().folder.components().count();
        let holding = self.roots().filter(|(_, root)| holds(root));
        holding.max_by_key(|(_, root)| length(root)).map(|(id, _)| id)
    }

    /// A root and what it extends.
    fn chain(&self, root: RootId) -> impl Iterator<Item = RootId> {
        std::iter::once(root).chain(self.base_of(root))
    }

    /// The object that a name means in a root: its own, else that of its base, else one that an extension adds.
    pub fn find(&self, root: RootId, kind: ObjectKind, name: &str) -> Option<ObjectId> {
        let folded = fold_case(name);
        let base = self.base_of(root).unwrap_or(root);
        let mut roots = self.chain(root).chain(self.extensions_of(base));
        roots.find_map(|id| self.find_in(id, kind, &folded))
    }

    fn find_in(&self, root: RootId, kind: ObjectKind, folded: &str) -> Option<ObjectId> {
        let index = self.root(root)?.find_folded(kind, folded)? as u32;
        Some(ObjectId { root, index })
    }

    /// All that makes up one object: the base's part first, then those of the extensions.
    pub fn parts(&self, root: RootId, kind: ObjectKind, name: &str) -> Vec<ObjectId> {
        let folded = fold_case(name);
        let base = self.base_of(root).unwrap_or(root);
        let mut roots = vec![base];
        roots.extend(self.extensions_of(base));
        if !roots.contains(&root) {
            roots.push(root);
        }
        roots.into_iter().filter_map(|id| self.find_in(id, kind, &folded)).collect()
    }

    pub fn common_module(&self, root: RootId, name: &str) -> Option<ObjectId> {
        self.find(root, ObjectKind::CommonModule, name)
    }

    /// `Catalog.X`, `Справочник.X` and whatever follows, such as `.Attribute.Y`.
    pub fn find_full_name(&self, root: RootId, full_name: &str) -> Option<ObjectId> {
        let name = FullName::parse(full_name)?;
        self.find(root, name.kind, &name.name)
    }

    /// Objects of a kind that a root sees, in no order; of one that several roots have, all parts.
    pub fn each_of_kind(&self, root: RootId, kind: ObjectKind) -> impl Iterator<Item = ObjectId> {
        let base = self.base_of(root).unwrap_or(root);
        let roots = self.chain(root).chain(self.extensions_of(base));
        roots.filter_map(move |id| Some((id, self.root(id)?))).flat_map(move |(id, content)| {
            content.of_kind(kind).map(move |index| ObjectId { root: id, index: index as u32 })
        })
    }

    /// Objects of a kind that a root sees, each name once, in the order of names.
    pub fn of_kind(&self, root: RootId, kind: ObjectKind) -> Vec<ObjectId> {
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        let base = self.base_of(root).unwrap_or(root);
        for id in self.chain(root).chain(self.extensions_of(base)) {
            let Some(content) = self.root(id) else { continue };
            for index in content.of_kind(kind) {
                let name = fold_case(&content.objects()[index].name).into_owned();
                if seen.insert(name.clone()) {
                    found.push((name, ObjectId { root: id, index: index as u32 }));
                }
            }
        }
        found.sort();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Common attributes that an object has.
    pub fn common_attributes(&self, root: RootId, object: &MetadataObject) -> Vec<ObjectId> {
        // Files write kinds in English.
        let full_name = FullName::new(object.kind, &object.name).object_en();
        let is_same = |name: &smol_str::SmolStr| base::same_name(name, &full_name);
        let has = |id: &ObjectId| match self.object(*id).map(|object| &object.details) {
            Some(Details::CommonAttribute { users, exceptions, is_automatic, .. }) => {
                users.iter().any(is_same) || *is_automatic && !exceptions.iter().any(is_same)
            }
            _ => false,
        };
        self.of_kind(root, ObjectKind::CommonAttribute).into_iter().filter(has).collect()
    }

    /// The types with defined types and characteristics replaced by what they stand for, each once.
    pub fn expand(&self, root: RootId, types: &TypeDescription) -> Vec<MetaType> {
        let mut expanded = Vec::new();
        let mut seen: FxHashSet<MetaType> = FxHashSet::default();
        let mut pending: Vec<MetaType> = types.types.iter().rev().cloned().collect();
        while let Some(next) = pending.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            let source = match &next {
                MetaType::DefinedType(name) => self.find(root, ObjectKind::DefinedType, name),
                MetaType::Characteristic(name) => {
                    self.find(root, ObjectKind::ChartOfCharacteristicTypes, name)
                }
                _ => None,
            };
            match source.and_then(|id| self.object(id)).map(|object| &object.details) {
                Some(Details::Typed(inner)) => pending.extend(inner.types.iter().rev().cloned()),
                _ => expanded.push(next),
            }
        }
        expanded
    }

    /// The snapshot after a file of a root was read again or appeared.
    pub fn with_file(&self, root: RootId, path: &Path, content: FileContent) -> Self {
        self.replaced(root, |old| old.with_content(path, content))
    }

    /// The snapshot after a file is gone.
    pub fn without_file(&self, root: RootId, path: &Path) -> Self {
        self.replaced(root, |old| old.without_file(path))
    }

    /// The snapshot with a root read anew, for changes of many files at once.
    pub fn with_root(&self, id: RootId, root: Root) -> Self {
        self.replaced(id, |_| root)
    }

    fn replaced(&self, id: RootId, change: impl FnOnce(&Root) -> Root) -> Self {
        let mut roots = self.roots.to_vec();
        if let Some(root) = roots.get_mut(id.0 as usize) {
            *root = Arc::new(change(root));
        }
        Self::from_shared(roots)
    }
}

/// The configuration that an extension names, else the one that has most of what it borrows, else the nearest.
fn find_base(root: &Root, roots: &[Arc<Root>]) -> Option<RootId> {
    if root.configuration().kind == RootKind::Configuration {
        return None;
    }
    let named = &root.configuration().base_project;
    let is_named = |base: &Root| !named.is_empty() && base.folder().project == *named;
    let borrowed: Vec<_> = root.objects().iter().filter(|object| object.is_adopted).take(32).collect();
    let shared =
        |base: &Root| borrowed.iter().filter(|object| base.find(object.kind, &object.name).is_some()).count();
    let near = |base: &Root| {
        let parts = base.folder().folder.components().zip(root.folder().folder.components());
        parts.take_while(|(left, right)| left == right).count()
    };
    let is_base = |root: &Root| root.configuration().kind == RootKind::Configuration;
    let bases = roots.iter().enumerate().filter(|(_, base)| is_base(base));
    let rank =
        |index: usize, base: &Root| (is_named(base), shared(base), near(base), std::cmp::Reverse(index));
    bases.max_by_key(|(index, base)| rank(*index, base)).map(|(index, _)| RootId(index as u16))
}
