//! Whether a reference means what is searched for, as far as names alone tell.

use std::cell::RefCell;

use base::fold_case;
use metadata::{Details, ModuleKind, ObjectKind, RootId};
use rustc_hash::FxHashMap;
use semantics::{
    Definition, Dialect, Module, ModuleId, ObjectId, Origin, Project, Receiver, Reference, ReferenceKind,
    Scope, Type,
};
use smol_str::SmolStr;

use crate::meaning::is_of_context;
use crate::references::target::canonical;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    No,
    /// The type of a value decides.
    Unclear,
}

impl Verdict {
    fn when(is_it: bool) -> Self {
        if is_it { Self::Yes } else { Self::No }
    }
}

/// Results by name, receiver and whether it is a call; good for one module.
pub(crate) type Known<'a> = FxHashMap<(&'a str, &'a str, bool), Verdict>;

pub(crate) struct Judge<'a> {
    project: &'a Project,
    definition: &'a Definition,
    /// The module that declares it.
    owner: Option<ModuleId>,
    is_export: bool,
    /// Exports of the owner need no receiver.
    is_global: bool,
    /// Folded name of the common module that is searched for or owns what is.
    common_module: Option<SmolStr>,
    root: Option<RootId>,
    /// Which roots see the common module by its name.
    seeing: RefCell<FxHashMap<Option<RootId>, bool>>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(project: &'a Project, definition: &'a Definition) -> Self {
        let (owner, is_export) = owner(project, definition);
        let object = object_of(project, definition, owner);
        let content = object.and_then(|object| project.object(object));
        let common_module = content
            .filter(|content| content.kind == ObjectKind::CommonModule)
            .map(|content| SmolStr::new(fold_case(&content.name)));
        let kind = owner.and_then(|owner| project.place(owner)).map(|place| place.kind);
        let is_global_module =
            content.is_some_and(|it| matches!(&it.details, Details::CommonModule(it) if it.is_global));
        let is_application = matches!(
            kind,
            Some(ModuleKind::ManagedApplicationModule | ModuleKind::OrdinaryApplicationModule)
        );
        let root = object.map(|object| object.root).or_else(|| project.place(owner?)?.root);
        Self {
            project,
            definition,
            owner,
            is_export,
            is_global: is_global_module || is_application,
            common_module,
            root,
            seeing: RefCell::default(),
        }
    }

    /// False for modules that certainly cannot name it.
    pub(crate) fn may_use(&self, module: &Module) -> bool {
        if let Some(owner) = self.owner.filter(|_| !self.is_export) {
            return self.extends(module, owner);
        }
        match self.definition {
            Definition::FormAttribute { form, .. }
            | Definition::FormColumn { form, .. }
            | Definition::FormElement { form, .. }
            | Definition::FormCommand { form, .. }
            | Definition::FormParameter { form, .. } => {
                self.project.form_module(*form).is_some_and(|owner| self.extends(module, owner))
            }
            _ => self.sees(module),
        }
    }

    /// The module itself, or one of an extension that changes it.
    fn extends(&self, module: &Module, owner: ModuleId) -> bool {
        module.id == owner || self.project.base_module(module.id) == Some(owner)
    }

    /// The code of the module runs together with what is searched for.
    pub(crate) fn sees(&self, module: &Module) -> bool {
        let is_script = match self.definition {
            Definition::PlatformFunction { dialect, .. } | Definition::PlatformProperty { dialect, .. } => {
                *dialect == Dialect::OneScript
            }
            Definition::PlatformType(found) => found.dialect == Dialect::OneScript,
            Definition::PlatformMethod { owner, .. } | Definition::PlatformMember { owner, .. } => {
                owner.dialect == Dialect::OneScript
            }
            Definition::SystemEnum(owner) | Definition::SystemEnumValue { owner, .. } => {
                owner.dialect == Dialect::OneScript
            }
            _ => {
                let owner = self.owner.and_then(|owner| self.project.place(owner));
                owner.is_some_and(|place| place.is_script)
            }
        };
        if module.place.is_script != is_script {
            return false;
        }
        let Some(root) = self.root else { return true };
        let Some(own) = self.project.visible_root(module.id) else { return false };
        let base = |root| self.project.metadata().base_of(root).unwrap_or(root);
        base(root) == base(own)
    }

    /// False if no value of the module can lead to it.
    pub(crate) fn may_hold(&self, module: &Module) -> bool {
        let is_own = self.owner.is_some_and(|owner| self.extends(module, owner));
        is_own || self.common_module.as_deref().is_none_or(|name| module.facts.mentions(name))
    }

    pub(crate) fn verdict<'r>(
        &self,
        module: &'r Module,
        reference: &Reference<'r>,
        known: &mut Known<'r>,
    ) -> Verdict {
        let is_method = matches!(self.definition, Definition::Method { .. });
        match reference.kind {
            ReferenceKind::Annotation => {
                Verdict::when(is_method && self.project.base_module(module.id) == self.owner)
            }
            ReferenceKind::DocLink => Verdict::when(is_method && self.owner == Some(module.id)),
            ReferenceKind::QueryTable => Verdict::No,
            ReferenceKind::Literal if is_method || self.is_common_module() => Verdict::Unclear,
            ReferenceKind::Literal => Verdict::No,
            ReferenceKind::New => Verdict::when(self.is_class(module, reference.name)),
            _ => self.code(module, reference, known),
        }
    }

    fn is_common_module(&self) -> bool {
        self.common_module.is_some() && self.owner.is_none()
    }

    fn is_class(&self, module: &Module, name: &str) -> bool {
        match (self.scope(module).resolve_type(name), self.definition) {
            (Type::Platform(found), Definition::PlatformType(wanted)) => found == *wanted,
            (Type::ScriptClass(found), Definition::Module(wanted)) => found == *wanted,
            _ => false,
        }
    }

    fn code<'r>(&self, module: &'r Module, reference: &Reference<'r>, known: &mut Known<'r>) -> Verdict {
        let is_call = reference.kind.is_call();
        if !self.fits(is_call) {
            return Verdict::No;
        }
        let path = match reference.receiver {
            Receiver::None if reference.origin != Origin::Outside => {
                return Verdict::when(self.is_written_context(module, reference));
            }
            Receiver::None => "",
            Receiver::Path(path) if reference.origin == Origin::Outside => path,
            _ if matches!(self.definition, Definition::Object(_) | Definition::Module(_)) => {
                return Verdict::No;
            }
            _ => return Verdict::Unclear,
        };
        let key = (reference.name, path, is_call);
        if let Some(verdict) = known.get(&key) {
            return *verdict;
        }
        let is_it = match path {
            "" => self.is_alone(module, reference.name, is_call),
            path => self.is_member(module, path, reference.name, is_call),
        };
        known.insert(key, Verdict::when(is_it));
        Verdict::when(is_it)
    }

    /// Methods are called, everything else is not.
    fn fits(&self, is_call: bool) -> bool {
        match self.definition {
            Definition::Method { .. }
            | Definition::PlatformFunction { .. }
            | Definition::PlatformMethod { .. } => is_call,
            Definition::ContextMember { .. } => true,
            _ => !is_call,
        }
    }

    /// A name that its method assigns: data of the owner after all?
    fn is_written_context(&self, module: &Module, reference: &Reference<'_>) -> bool {
        reference.origin == Origin::MaybeLocal
            && is_of_context(self.definition)
            && self.is_alone(module, reference.name, false)
    }

    /// A name without receiver.
    fn is_alone(&self, module: &Module, name: &str, is_call: bool) -> bool {
        let scope = self.scope(module);
        match self.definition {
            Definition::Method { .. } => match self.own_method(module, name) {
                Some(own) => own == *self.definition,
                None => self.is_global && self.is(scope.resolve_call(name)),
            },
            Definition::Variable { .. } => match self.own_variable(module, name) {
                Some(own) => own == *self.definition,
                None => self.is_global && self.is(scope.resolve_name(name)),
            },
            Definition::Object(_) if self.is_common_module() => self.is_module_name(module, name),
            // Only code of the owner can name it so.
            definition if is_of_context(definition) && !self.is_context_of(module) => false,
            Definition::Object(_) | Definition::EnumValue { .. } | Definition::Predefined { .. } => false,
            _ if is_call => self.is(scope.resolve_call(name)),
            _ => self.is(scope.resolve_name(name)),
        }
    }

    fn own_method(&self, module: &Module, name: &str) -> Option<Definition> {
        let find = |module: &Module| {
            let index = module.find_method(name)?;
            Some(Definition::Method { module: module.id, index })
        };
        find(module).or_else(|| find(self.project.module(self.project.base_module(module.id)?)?))
    }

    fn own_variable(&self, module: &Module, name: &str) -> Option<Definition> {
        let find = |module: &Module| {
            let index = module.find_variable(name)?;
            Some(Definition::Variable { module: module.id, index })
        };
        find(module).or_else(|| find(self.project.module(self.project.base_module(module.id)?)?))
    }

    /// The module belongs to the object or the form that has the data.
    fn is_context_of(&self, module: &Module) -> bool {
        let object = match self.definition {
            Definition::FormAttribute { .. } => return true,
            Definition::Attribute(attribute) => attribute.object,
            Definition::StandardAttribute { object, .. } | Definition::Section { object, .. } => *object,
            _ => return true,
        };
        let own = module.place.object.filter(|_| module.place.form.is_none());
        own.is_some_and(|own| canonical(self.project, &Definition::Object(own)) == Definition::Object(object))
    }

    /// A name behind a path of names.
    fn is_member(&self, module: &Module, path: &str, name: &str, is_call: bool) -> bool {
        if let Some(common) = self.common_module.as_deref() {
            if self.is_common_module() {
                return false;
            }
            if path == common {
                return self.is_module_name(module, path);
            }
            // Nothing but a variable can stand for a common module.
            let head = path.split('.').next().unwrap_or(path);
            if module.find_variable(head).is_none() {
                return false;
            }
        }
        let mut names: Vec<&str> = path.split('.').collect();
        names.push(name);
        self.is(self.scope(module).resolve_path(&names, is_call))
    }

    /// The name of the common module means it in the code of a module.
    fn is_module_name(&self, module: &Module, name: &str) -> bool {
        if module.find_variable(name).is_some() {
            return false;
        }
        let root = self.project.visible_root(module.id);
        if let Some(known) = self.seeing.borrow().get(&root) {
            return *known;
        }
        let is_seen = self.is_seen_from(root, name);
        self.seeing.borrow_mut().insert(root, is_seen);
        is_seen
    }

    fn is_seen_from(&self, root: Option<RootId>, name: &str) -> bool {
        let Some(object) = self.project.find_object(root, ObjectKind::CommonModule, name) else {
            return false;
        };
        match self.definition {
            Definition::Object(_) => canonical(self.project, &Definition::Object(object)) == *self.definition,
            _ => {
                let module = self.project.common_module(root, name);
                let mut chain = module.into_iter().flat_map(|module| self.project.module_chain(module));
                // The nearest module that exports the name counts.
                let names = self.project.definition_names(self.definition);
                let has = |module: &&Module| {
                    names.as_ref().is_some_and(|names| {
                        module.find_method(&names.ru).is_some() || module.find_variable(&names.ru).is_some()
                    })
                };
                chain.find(has).map(|module| module.id) == self.owner
            }
        }
    }

    fn is(&self, found: Option<Definition>) -> bool {
        found.is_some_and(|found| canonical(self.project, &found) == *self.definition)
    }

    fn scope(&self, module: &Module) -> Scope<'a> {
        Scope::new(self.project, module.id)
    }
}

/// The module that declares it, and whether others see it.
fn owner(project: &Project, definition: &Definition) -> (Option<ModuleId>, bool) {
    match definition {
        Definition::Method { module, index } => {
            (Some(*module), project.method(*module, *index).is_some_and(|method| method.is_export))
        }
        Definition::Variable { module, index } => {
            let variable = project.module(*module).and_then(|module| module.variable(*index));
            (Some(*module), variable.is_some_and(|variable| variable.is_export))
        }
        Definition::Module(module) => (Some(*module), true),
        _ => (None, true),
    }
}

fn object_of(project: &Project, definition: &Definition, owner: Option<ModuleId>) -> Option<ObjectId> {
    match definition {
        Definition::Object(object)
        | Definition::StandardAttribute { object, .. }
        | Definition::Section { object, .. }
        | Definition::EnumValue { object, .. }
        | Definition::Predefined { object, .. }
        | Definition::Command { object, .. }
        | Definition::Template { object, .. } => Some(*object),
        Definition::Attribute(attribute) => Some(attribute.object),
        _ => project.place(owner?)?.object,
    }
}
