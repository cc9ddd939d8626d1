//! The modules of a project with their look-ups. Built when the project is loaded or its metadata change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::fold_case;
use metadata::ObjectKind;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::forms::FormTable;
use crate::ids::{FormId, ModuleId, ObjectRef, RootId};
use crate::module::{Module, ModuleKind, ModulePlace};
use crate::place::place_of;
use crate::roots::Roots;

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
    by_object: FxHashMap<(ObjectRef, ModuleKind), ModuleId>,
    by_form: FxHashMap<FormId, ModuleId>,
    /// Modules of commands by the object and the folded name of the command.
    by_command: FxHashMap<(ObjectRef, SmolStr), ModuleId>,
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
            _ if place.kind.is_script() => {
                let modules = self.scripts.entry(SmolStr::new(fold_case(&place.name))).or_default();
                if !modules.contains(&id) {
                    modules.push(id);
                }
            }
            (_, ModuleKind::Form) => {
                if let Some(form) = place.form {
                    self.by_form.insert(form, id);
                }
            }
            (Some(object), ModuleKind::Command) if !place.name.is_empty() => {
                self.by_command.insert((object, SmolStr::new(fold_case(&place.name))), id);
            }
            // Record sets of recalculations are no modules of the register itself.
            (Some(_), ModuleKind::RecordSet) if !place.name.is_empty() => {}
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

    pub(crate) fn of_object(&self, object: ObjectRef, kind: ModuleKind) -> Option<ModuleId> {
        self.by_object.get(&(object, kind)).copied()
    }

    pub(crate) fn of_form(&self, form: FormId) -> Option<ModuleId> {
        self.by_form.get(&form).copied()
    }

    pub(crate) fn of_command(&self, object: ObjectRef, name: &str) -> Option<ModuleId> {
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
pub(crate) fn find_place(roots: &Roots, forms: &FormTable, path: &Path) -> ModulePlace {
    let candidates = roots.iter().filter(|(_, root)| path.starts_with(&root.configuration.folder));
    let Some((id, root)) = candidates.max_by_key(|(_, root)| root.configuration.folder.components().count())
    else {
        return ModulePlace { kind: script_kind(path), name: stem(path), ..ModulePlace::default() };
    };
    if is_script(path) {
        return ModulePlace { kind: script_kind(path), name: stem(path), ..ModulePlace::default() };
    }
    let Some(place) = place_of(root, path) else {
        return ModulePlace { root: Some(id), ..ModulePlace::default() };
    };
    let object = place.object.and_then(|(kind, name)| root.find_folded(id, kind, &fold_case(&name)));
    let form = object.zip(place.form).and_then(|(object, name)| forms.find(object, &name));
    ModulePlace { root: Some(id), object, kind: place.kind, form, name: place.name }
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("os"))
}

fn stem(path: &Path) -> SmolStr {
    path.file_stem().and_then(|stem| stem.to_str()).map(SmolStr::new).unwrap_or_default()
}

/// Libraries of OneScript keep classes in a folder of a conventional name.
fn script_kind(path: &Path) -> ModuleKind {
    if !is_script(path) {
        return ModuleKind::Unknown;
    }
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let is_class = ["классы", "classes"].iter().any(|name| base::same_name(name, folder));
    if is_class { ModuleKind::ScriptClass } else { ModuleKind::Script }
}

/// Common modules of a root and of what it extends, nearest first.
pub(crate) fn common_module(
    roots: &Roots,
    links: &Links,
    root: Option<RootId>,
    name: &str,
) -> Option<ModuleId> {
    let folded = fold_case(name);
    roots.chain(root).find_map(|(id, root)| {
        links.of_object(root.find_folded(id, ObjectKind::CommonModule, &folded)?, ModuleKind::Common)
    })
}
