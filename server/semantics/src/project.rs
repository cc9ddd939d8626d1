//! A snapshot of a whole project: metadata, modules and their facts. Cloning shares everything; an edit of an open
//! document replaces one module in a small overlay.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use metadata::{Form, Metadata, MetadataObject, ModuleKind, ObjectKind, Root, RootKind, ScriptVariant};
use platform::{Platform, Script};
use rustc_hash::FxHashMap;

use crate::builder::ProjectBuilder;
use crate::cache::TypeCache;
use crate::facts::ModuleFacts;
use crate::forms::FormEntry;
use crate::ids::{FormId, ModuleId, ObjectId, RootId};
use crate::module::{Module, ModulePlace};
use crate::shared::Shared;
use crate::table::{Links, ModuleTable, find_place};
use crate::types::Dialect;

/// Modules that differ from the table, beyond which the table is rebuilt.
const OVERLAY_LIMIT: usize = 256;

/// See the module. `Clone` copies a few pointers.
#[derive(Clone)]
pub struct Project {
    shared: Arc<Shared>,
    table: Arc<ModuleTable>,
    overlay: Arc<Overlay>,
    pub(crate) cache: Arc<TypeCache>,
    signature_epoch: u64,
}

/// What differs from the table: few modules.
#[derive(Clone, Default)]
struct Overlay {
    /// `None`: removed.
    modules: FxHashMap<ModuleId, Option<Arc<Module>>>,
    /// Of modules that the table does not know.
    added: FxHashMap<PathBuf, ModuleId>,
    links: Links,
}

impl Default for Project {
    fn default() -> Self {
        ProjectBuilder::default().build()
    }
}

impl Project {
    pub fn builder() -> ProjectBuilder {
        ProjectBuilder::default()
    }

    pub(crate) fn new(shared: Arc<Shared>, table: Arc<ModuleTable>) -> Self {
        let modules = table.modules.iter().flatten();
        let signature_epoch = modules.fold(mix(shared.epoch), |epoch, module| epoch ^ module_digest(module));
        Self { shared, table, overlay: Arc::default(), cache: Arc::default(), signature_epoch }
    }

    /// The same modules with other metadata. Ids of objects and forms change, ids of modules stay.
    pub fn with_metadata(&self, metadata: Metadata, epoch: u64) -> Self {
        let shared = Shared::new(self.shared.sources.clone(), metadata, true, epoch);
        let mut table = ModuleTable::default();
        for module in self.modules() {
            let place = find_place(&shared.metadata, &shared.forms, &module.path);
            table.insert(Arc::new(module.moved_to(place)));
        }
        table.sort();
        Self::new(Arc::new(shared), Arc::new(table))
    }

    /// The project after an edit of a module.
    pub fn with_facts(&self, id: ModuleId, facts: ModuleFacts) -> Self {
        let Some(module) = self.module(id) else { return self.clone() };
        let changed = Module::new(id, module.path.clone(), module.place.clone(), facts);
        let epoch = self.signature_epoch ^ module_digest(module) ^ module_digest(&changed);
        self.replaced(id, Some(Arc::new(changed)), epoch)
    }

    /// The project with a new file; a known one is replaced.
    pub fn with_module(&self, path: &Path, facts: ModuleFacts) -> (Self, ModuleId) {
        if let Some(id) = self.module_by_path(path) {
            return (self.with_facts(id, facts), id);
        }
        let known = self.table.by_path.get(path).or_else(|| self.overlay.added.get(path)).copied();
        let next = ModuleId((self.table.modules.len() + self.overlay.added.len()) as u32);
        let id = known.unwrap_or(next);
        let place = find_place(&self.shared.metadata, &self.shared.forms, path);
        let module = Arc::new(Module::new(id, path.to_owned(), place, facts));
        let epoch = self.signature_epoch ^ module_digest(&module);
        (self.replaced(id, Some(module), epoch), id)
    }

    pub fn without_module(&self, id: ModuleId) -> Self {
        let Some(module) = self.module(id) else { return self.clone() };
        self.replaced(id, None, self.signature_epoch ^ module_digest(module))
    }

    fn replaced(&self, id: ModuleId, module: Option<Arc<Module>>, signature_epoch: u64) -> Self {
        let mut overlay = Overlay::clone(&self.overlay);
        if let Some(module) = &module {
            overlay.links.add(module);
            if !self.table.by_path.contains_key(&module.path) {
                overlay.added.insert(module.path.clone(), id);
            }
        }
        overlay.modules.insert(id, module);
        let cache =
            if signature_epoch == self.signature_epoch { Arc::clone(&self.cache) } else { Arc::default() };
        let project = Self {
            shared: Arc::clone(&self.shared),
            table: Arc::clone(&self.table),
            overlay: Arc::new(overlay),
            cache,
            signature_epoch,
        };
        if project.overlay.modules.len() > OVERLAY_LIMIT { project.compacted() } else { project }
    }

    /// The overlay moved into the table.
    fn compacted(&self) -> Self {
        let mut table = ModuleTable::default();
        for module in self.modules() {
            table.insert(Arc::clone(module));
        }
        let length = self.table.modules.len() + self.overlay.added.len();
        table.modules.resize(length, None);
        table.sort();
        Self { table: Arc::new(table), overlay: Arc::default(), ..self.clone() }
    }

    /// Changes only if signatures, module variables or metadata change.
    pub fn signature_epoch(&self) -> u64 {
        self.signature_epoch
    }

    pub fn platform(&self, dialect: Dialect) -> &Platform {
        match dialect {
            Dialect::Enterprise => &self.shared.sources.platform,
            Dialect::OneScript => &self.shared.sources.onescript,
        }
    }

    pub fn module(&self, id: ModuleId) -> Option<&Arc<Module>> {
        match self.overlay.modules.get(&id) {
            Some(module) => module.as_ref(),
            None => self.table.get(id),
        }
    }

    pub fn module_by_path(&self, path: &Path) -> Option<ModuleId> {
        let id = *self.overlay.added.get(path).or_else(|| self.table.by_path.get(path))?;
        self.module(id).map(|module| module.id)
    }

    /// All modules, sorted by path.
    pub fn modules(&self) -> impl Iterator<Item = &Arc<Module>> {
        let mut added: Vec<_> = self.overlay.added.values().filter_map(|id| self.module(*id)).collect();
        added.sort_by(|left, right| left.path.cmp(&right.path));
        let mut added = added.into_iter().peekable();
        let mut table = self.table.sorted.iter().filter_map(|id| self.module(*id)).peekable();
        std::iter::from_fn(move || match (table.peek(), added.peek()) {
            (Some(left), Some(right)) if right.path < left.path => added.next(),
            (Some(_), _) => table.next(),
            (None, _) => added.next(),
        })
    }

    fn linked(&self, find: impl Fn(&Links) -> Option<ModuleId>) -> Option<ModuleId> {
        let id = find(&self.overlay.links).or_else(|| find(&self.table.links))?;
        self.module(id).map(|module| module.id)
    }

    pub fn object_module(&self, object: ObjectId, kind: ModuleKind) -> Option<ModuleId> {
        self.linked(|links| links.of_object(object, kind))
    }

    pub fn command_module(&self, object: ObjectId, command: &str) -> Option<ModuleId> {
        self.linked(|links| links.of_command(object, command))
    }

    pub fn form_module(&self, form: FormId) -> Option<ModuleId> {
        self.linked(|links| links.of_form(form))
    }

    /// Modules of the application and the session.
    pub fn root_module(&self, root: RootId, kind: ModuleKind) -> Option<ModuleId> {
        self.linked(|links| links.of_root(root, kind))
    }

    /// The common module that code of a root calls by this name: its own, else that of what it extends.
    pub fn common_module(&self, root: Option<RootId>, name: &str) -> Option<ModuleId> {
        let object = self.find_object(root, ObjectKind::CommonModule, name)?;
        let mut parts = self.object_chain(object);
        parts.find_map(|(object, _)| self.object_module(object, ModuleKind::CommonModule))
    }

    /// OneScript modules and classes by name, without case.
    pub fn scripts(&self, name: &str) -> impl Iterator<Item = &Arc<Module>> {
        let ids = self.overlay.links.scripts(name).iter().chain(self.table.links.scripts(name));
        ids.filter_map(|id| self.module(*id))
    }

    pub fn metadata(&self) -> &Metadata {
        &self.shared.metadata
    }

    pub fn root(&self, root: RootId) -> Option<&Root> {
        self.shared.metadata.root(root).map(|root| &**root)
    }

    /// The root and what it extends, nearest first.
    pub fn root_chain(&self, root: Option<RootId>) -> impl Iterator<Item = (RootId, &Root)> {
        let base = root.and_then(|root| self.shared.metadata.base_of(root));
        root.into_iter().chain(base).filter_map(|id| Some((id, self.root(id)?)))
    }

    pub(crate) fn global_objects(&self, root: RootId) -> &[ObjectId] {
        self.shared.globals.get(root.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Common attributes that an object has.
    pub fn common_attributes(&self, object: ObjectId) -> Arc<[ObjectId]> {
        self.shared.common_attributes(object)
    }

    /// True if everything that code of a root can name has been read.
    pub fn is_complete(&self, root: RootId) -> bool {
        let has_base = || self.shared.metadata.base_of(root).is_some();
        self.shared.is_complete
            && self
                .root(root)
                .is_some_and(|own| own.configuration().kind == RootKind::Configuration || has_base())
    }

    /// The root that the code of a module sees: its own; for files outside all roots the only configuration.
    pub fn visible_root(&self, module: ModuleId) -> Option<RootId> {
        let place = &self.module(module)?.place;
        if place.is_script {
            return None;
        }
        let only = || {
            let mut roots = self.shared.metadata.roots().filter(|(_, root)| !root.is_extension());
            roots.next().filter(|_| roots.next().is_none()).map(|(id, _)| id)
        };
        place.root.or_else(only)
    }

    pub fn object(&self, object: ObjectId) -> Option<&MetadataObject> {
        self.shared.metadata.object(object).map(|object| &**object)
    }

    /// An object that code of a root sees by its name, in any case.
    pub fn find_object(&self, root: Option<RootId>, kind: ObjectKind, name: &str) -> Option<ObjectId> {
        self.shared.metadata.find(root?, kind, name)
    }

    /// The object and, if an extension borrowed it, the object in its base.
    pub fn object_chain(&self, object: ObjectId) -> impl Iterator<Item = (ObjectId, &MetadataObject)> {
        let own = self.object(object);
        let base = own.filter(|own| own.is_adopted).and_then(|own| {
            let root = self.shared.metadata.base_of(object.root)?;
            let index = self.root(root)?.find(own.kind, &own.name)? as u32;
            let base = ObjectId { root, index };
            Some((base, self.object(base)?))
        });
        own.map(|own| (object, own)).into_iter().chain(base)
    }

    pub fn form_ids(&self) -> impl Iterator<Item = FormId> {
        self.shared.forms.ids()
    }

    pub fn forms_of(&self, object: ObjectId) -> impl Iterator<Item = FormId> {
        self.shared.forms.of_object(object)
    }

    pub fn find_form(&self, object: ObjectId, name: &str) -> Option<FormId> {
        self.shared.forms.find(object, name)
    }

    pub fn form_entry(&self, form: FormId) -> Option<&FormEntry> {
        self.shared.forms.get(form)
    }

    /// Content of a form, read on first use.
    pub fn form_content(&self, form: FormId) -> Option<&Form> {
        self.shared.forms.content(form, &*self.shared.sources.form_reader).map(|form| &**form)
    }

    /// Content of the form that a module belongs to.
    pub fn form(&self, module: ModuleId) -> Option<&Form> {
        self.form_content(self.module(module)?.place.form?)
    }

    /// The language that a module's code is written in.
    pub fn script(&self, module: ModuleId) -> Script {
        let root = self.visible_root(module).and_then(|root| self.root(root));
        match root.map(|root| root.configuration().script) {
            Some(ScriptVariant::English) => Script::English,
            Some(ScriptVariant::Russian) | None => Script::Russian,
        }
    }

    /// The platform that runs a module.
    pub fn dialect(&self, module: ModuleId) -> Dialect {
        let is_script = self.place(module).is_some_and(|place| place.is_script);
        if is_script { Dialect::OneScript } else { Dialect::Enterprise }
    }

    pub fn place(&self, module: ModuleId) -> Option<&ModulePlace> {
        self.module(module).map(|module| &module.place)
    }
}

/// Digest of a module that depends on which module it is, so that equal modules do not cancel each other out.
fn module_digest(module: &Module) -> u64 {
    mix(module.digest ^ mix(u64::from(module.id.0)))
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
