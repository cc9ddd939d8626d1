//! What a called name means, with the doubts that keep rules silent.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use metadata::{ModuleKind, ObjectKind};
use rustc_hash::FxHashMap;
use semantics::{Definition, Module, ObjectId, Project, RootId, Scope};

use super::calls::Target;

/// The eyes of one module.
pub(super) struct Targets<'a> {
    pub project: &'a Project,
    pub module: &'a Module,
    pub scope: Scope<'a>,
    root: Option<RootId>,
    /// A name that nothing explains is certainly wrong.
    is_closed: OnceCell<bool>,
    /// What names before the dot mean, if they are common modules: modules call the same ones again and again.
    common_modules: RefCell<FxHashMap<String, Option<Rc<[ObjectId]>>>>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(project: &'a Project, module: &'a Module) -> Self {
        let scope = Scope::new(project, module.id);
        let root = project.visible_root(module.id).filter(|_| !module.place.is_script);
        Self { project, module, scope, root, is_closed: OnceCell::new(), common_modules: RefCell::default() }
    }

    /// All that code of the module may call without receiver has been read.
    fn sees_everything(&self) -> bool {
        let Some(root) = self.module.place.root.filter(|root| self.project.is_complete(*root)) else {
            return false;
        };
        let place = &self.module.place;
        let is_whole = |module: &Module| module.facts.is_read() && !module.facts.is_broken();
        let has_form = match place.kind {
            ModuleKind::FormModule => self.project.form(self.module.id).is_some_and(|form| form.is_managed),
            ModuleKind::Unknown => false,
            _ => true,
        };
        has_form
            && !self.lacks_base()
            && self.project.module_chain(self.module.id).all(is_whole)
            && self.global_modules(root).all(|module| module.is_some_and(is_whole))
    }

    /// The module changes one of a base that is not there.
    fn lacks_base(&self) -> bool {
        let Some(object) = self.module.place.object else { return false };
        let is_adopted = self.project.object(object).is_some_and(|object| object.is_adopted);
        is_adopted && self.project.object_chain(object).count() < 2
    }

    /// Global common modules; `None` for one without text.
    fn global_modules(&self, root: RootId) -> impl Iterator<Item = Option<&'a Module>> {
        let project = self.project;
        project.root_chain(Some(root)).flat_map(move |(id, root)| {
            let indexes = root.of_kind(ObjectKind::CommonModule);
            indexes.filter_map(move |index| {
                let object = ObjectId { root: id, index: index as u32 };
                is_global(project, object).then(|| {
                    let module = project.object_module(object, ModuleKind::CommonModule)?;
                    project.module(module).map(|module| &**module)
                })
            })
        })
    }

    /// A name that is called without receiver.
    pub(super) fn of_name(&self, name: &str) -> Target {
        for module in self.project.module_chain(self.module.id) {
            if module.find_method(name).is_some() {
                return Target::Own(module.id);
            }
        }
        let dialect = self.project.dialect(self.module.id);
        if let Some(function) = self.project.platform(dialect).function(name) {
            return if function.versions.is_unknown() { Target::Other } else { Target::Versioned };
        }
        match self.scope.resolve_call(name) {
            Some(Definition::Method { module, .. }) => Target::Foreign(module),
            Some(_) => Target::Other,
            None if *self.is_closed.get_or_init(|| self.sees_everything()) => Target::Unresolved,
            None => Target::Other,
        }
    }

    /// A method behind names joined by dots, in lower case.
    pub(super) fn of_path(&self, path: &str, method: &str) -> Target {
        match path.split_once('.') {
            None => match self.common_module(path) {
                Some(parts) => self.of_common_module(&parts, method),
                None => Target::Other,
            },
            Some((collection, object)) if !object.contains('.') => {
                self.of_manager(collection, object, method).unwrap_or(Target::Other)
            }
            Some(_) => Target::Other,
        }
    }

    /// The objects that make up the common module that a name means.
    pub(super) fn common_module(&self, name: &str) -> Option<Rc<[ObjectId]>> {
        if let Some(known) = self.common_modules.borrow().get(name) {
            return known.clone();
        }
        let found = self.find_common_module(name);
        self.common_modules.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }

    fn find_common_module(&self, name: &str) -> Option<Rc<[ObjectId]>> {
        let root = self.root?;
        if !matches!(self.scope.resolve_name(name)?, Definition::Module(_)) {
            return None;
        }
        Some(self.project.metadata().parts(root, ObjectKind::CommonModule, name).into())
    }

    fn of_common_module(&self, parts: &[ObjectId], name: &str) -> Target {
        let mut hidden = None;
        let mut is_certain = self.root.is_some_and(|root| self.project.is_complete(root));
        for part in parts {
            let module = self.project.object_module(*part, ModuleKind::CommonModule);
            let Some(module) = module.and_then(|module| self.project.module(module)) else { continue };
            let mut methods = module.methods_named(name).peekable();
            if methods.peek().is_some() {
                if methods.any(|method| method.is_export) {
                    return Target::Foreign(module.id);
                }
                hidden = Some(module.id);
            }
            is_certain &= module.facts.is_read() && !module.facts.is_broken();
        }
        let declaring = parts.first().copied().filter(|_| is_certain);
        match (hidden, declaring) {
            (Some(module), _) if module == self.module.id => Target::Own(module),
            (Some(module), Some(_)) => Target::Hidden(module),
            (None, Some(object)) if self.has_text(parts) => Target::Missing(object),
            _ => Target::Other,
        }
    }

    fn has_text(&self, parts: &[ObjectId]) -> bool {
        let module = |part: &ObjectId| self.project.object_module(*part, ModuleKind::CommonModule);
        parts.iter().any(|part| module(part).is_some())
    }

    /// `Справочники.Товары.Метод`: methods of the platform are nobody's business here.
    fn of_manager(&self, collection: &str, object: &str, method: &str) -> Option<Target> {
        let Definition::ManagerCollection(kind) = self.scope.resolve_name(collection)? else { return None };
        let object = self.project.find_object(self.root, kind, object)?;
        self.project.object_chain(object).find_map(|(part, _)| {
            let module = self.project.object_module(part, ModuleKind::ManagerModule)?;
            let has_method =
                self.project.module(module)?.methods_named(method).any(|method| method.is_export);
            has_method.then_some(Target::Foreign(module))
        })
    }
}

fn is_global(project: &Project, object: ObjectId) -> bool {
    let details = project.object(object).map(|object| &object.details);
    matches!(details, Some(metadata::Details::CommonModule(module)) if module.is_global)
}
