//! The modules of a project with their look-ups. Built when the project is loaded or its metadata change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::fold_case;
use metadata::{Metadata, ModuleKind, ObjectKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::forms::FormTable;
use crate::ids::{FormId, ModuleId, ObjectId, RootId};
use crate::module::{Module, ModulePlace};

#[derive(Default)]
pub(crate) struct ModuleTable {
    pub(crate) modules: Vec<Option<Arc<Module>>>,
    /// Sorted by path.
    pub(crate) sorted: Vec<ModuleId>,
    pub(crate) by_path: FxHashMap<PathBuf, ModuleId>,
    pub(crate) links: Links,
}

/// Who owns which module.
#[derive(Clone, Default)]
pub(crate) struct Links {
    by_object: FxHashMap<(ObjectId, ModuleKind), ModuleId>,
    by_form: FxHashMap<FormId, ModuleId>,
    /// Modules of commands by the object and the folded name of the command.
    by_command: FxHashMap<(ObjectId, SmolStr), ModuleId>,
    /// Of the application and the session.
    by_root: FxHashMap<(RootId, ModuleKind), ModuleId>,
    /// OneScript modules and classes by folded name.
    scripts: FxHashMap<SmolStr, Vec<ModuleId>>,
}

impl ModuleTable {
    pub(crate) fn insert(&mut self, module: Arc<Module>) {
        let id = module.id;
        if self.modules.len() <= id.0 as usize {
            self.modules.resize(id.0 as usize + 1, None);
        }
        self.by_path.insert(module.path.clone(), id);
        self.links.add(&module);
        if let Some(slot) = self.modules.get_mut(id.0 as usize) {
            *slot = Some(module);
        }
    }

    /// To be called after the last `insert`.
    pub(crate) fn sort(&mut self) {
        let mut modules: Vec<_> = self.modules.iter().flatten().collect();
        modules.sort_by(|left, right| left.path.cmp(&right.path));
        self.sorted = modules.into_iter().map(|module| module.id).collect();
    }

    pub(crate) fn get(&self, id: ModuleId) -> Option<&Arc<Module>> {
        self.modules.get(id.0 as usize)?.as_ref()
    }
}

impl Links {
    pub(crate) fn add(&mut self, module: &Module) {
        let (id, place) = (module.id, &module.place);
        match (place.object, place.kind) {
            _ if place.is_script => {
                let modules = self.scripts.entry(SmolStr::new(fold_case(&place.name))).or_default();
                if !modules.contains(&id) {
                    modules.push(id);
                }
            }
            (_, ModuleKind::FormModule) => {
                if let Some(form) = place.form {
                    self.by_form.insert(form, id);
                }
            }
            (Some(object), ModuleKind::CommandModule) if !place.name.is_empty() => {
                self.by_command.insert((object, SmolStr::new(fold_case(&place.name))), id);
            }
            // Parts of objects have modules of their own.
            (Some(_), _) if !place.name.is_empty() => {}
            (Some(object), kind) => {
                self.by_object.insert((object, kind), id);
            }
            (None, kind) => {
                if let Some(root) = place.root {
                    self.by_root.insert((root, kind), id);
                }
            }
        }
    }

    pub(crate) fn of_object(&self, object: ObjectId, kind: ModuleKind) -> Option<ModuleId> {
        self.by_object.get(&(object, kind)).copied()
    }

    pub(crate) fn of_form(&self, form: FormId) -> Option<ModuleId> {
        self.by_form.get(&form).copied()
    }

    pub(crate) fn of_command(&self, object: ObjectId, name: &str) -> Option<ModuleId> {
        self.by_command.get(&(object, SmolStr::new(fold_case(name)))).copied()
    }

    pub(crate) fn of_root(&self, root: RootId, kind: ModuleKind) -> Option<ModuleId> {
        self.by_root.get(&(root, kind)).copied()
    }

    pub(crate) fn scripts(&self, name: &str) -> &[ModuleId] {
        self.scripts.get(fold_case(name).as_ref()).map_or(&[], Vec::as_slice)
    }
}

/// The place that a path has among the roots; the innermost root that holds it decides.
pub(crate) fn find_place(metadata: &Metadata, forms: &FormTable, path: &Path) -> ModulePlace {
    let place = metadata::ModulePlace::from_path(&path.to_string_lossy());
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("os")) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        return ModulePlace {
            kind: place.kind,
            name: stem.into(),
            is_script: true,
            ..ModulePlace::default()
        };
    }
    let found = metadata.root_of_path(path).and_then(|id| Some((id, metadata.root(id)?)));
    let Some((id, root)) = found else {
        return ModulePlace { kind: place.kind, ..ModulePlace::default() };
    };
    let object = place.owner.as_ref().and_then(|(kind, name)| {
        let external = (*kind == ObjectKind::ExternalDataProcessor).then_some(ObjectKind::ExternalReport);
        let index = root.find(*kind, name).or_else(|| root.find(external?, name))?;
        Some(ObjectId { root: id, index: index as u32 })
    });
    let is_common = place.owner.as_ref().is_some_and(|(kind, _)| *kind == ObjectKind::CommonForm);
    let common = place.owner.as_ref().filter(|_| is_common).map(|(_, name)| name.clone());
    let form = object.zip(place.form.or(common)).and_then(|(object, name)| forms.find(object, &name));
    let name = place.command.or(place.part).unwrap_or_default();
    ModulePlace { root: Some(id), object, kind: place.kind, form, name, is_script: false }
}
