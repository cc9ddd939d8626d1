//! Shared by all look-ups of one question: who asks, and how much work the question may still cause.

use std::cell::{Cell, RefCell};

use metadata::{MetadataObject, ModuleKind};
use platform::Platform;

use crate::facts::Method;
use crate::ids::{ModuleId, ObjectId, RootId};
use crate::module::Module;
use crate::project::Project;
use crate::types::{Dialect, PlatformType, Type};

/// Steps that one question may take; endless chains of calls end here.
const STEPS: u32 = 20_000;
/// Shapes that are followed inside each other: fields may be described by each other in a circle.
const SHAPE_DEPTH: u32 = 200;
/// Functions that are followed inside each other.
const CALL_DEPTH: usize = 12;

/// Work of one question.
#[derive(Debug)]
pub(crate) struct State {
    steps: Cell<u32>,
    depth: Cell<u32>,
    /// Something was cut off: the result is good for this question only.
    is_cut: Cell<bool>,
    /// Functions whose types are being computed.
    stack: RefCell<Vec<(ModuleId, u32)>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            steps: Cell::new(STEPS),
            depth: Cell::new(0),
            is_cut: Cell::new(false),
            stack: RefCell::default(),
        }
    }
}

/// Looks names up as the code of one module does.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) project: &'a Project,
    pub(crate) module: ModuleId,
    pub(crate) state: &'a State,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(project: &'a Project, module: ModuleId, state: &'a State) -> Self {
        Self { project, module, state }
    }

    /// The same question in another module.
    pub(crate) fn in_module(self, module: ModuleId) -> Self {
        Self { module, ..self }
    }

    /// False if the question has become too expensive.
    pub(crate) fn step(self) -> bool {
        match self.state.steps.get().checked_sub(1) {
            Some(rest) => {
                self.state.steps.set(rest);
                true
            }
            None => {
                self.state.is_cut.set(true);
                false
            }
        }
    }

    /// Follows a shape; nothing is known about one that lies too deep.
    pub(crate) fn deeper(self, follow: impl FnOnce() -> Type) -> Type {
        let depth = self.state.depth.get();
        if depth >= SHAPE_DEPTH {
            self.state.is_cut.set(true);
            return Type::Unknown;
        }
        self.state.depth.set(depth + 1);
        let found = follow();
        self.state.depth.set(depth);
        found
    }

    pub(crate) fn dialect(self) -> Dialect {
        self.project.dialect(self.module)
    }

    pub(crate) fn platform(self) -> &'a Platform {
        self.project.platform(self.dialect())
    }

    pub(crate) fn root(self) -> Option<RootId> {
        self.project.visible_root(self.module)
    }

    pub(crate) fn own_module(self) -> Option<&'a Module> {
        self.project.module(self.module).map(|module| &**module)
    }

    /// What a method returns: by its description, else by its code.
    pub(crate) fn return_type(self, module: ModuleId, index: u32) -> Type {
        if let Some(known) = self.project.cache.returns(module, index) {
            return known;
        }
        let key = (module, index);
        if self.state.stack.borrow().contains(&key) || self.state.stack.borrow().len() >= CALL_DEPTH {
            self.state.is_cut.set(true);
            return Type::Unknown;
        }
        let Some(shape) =
            self.project.module(module).and_then(|module| Some(module.method(index)?.fact().returns.clone()))
        else {
            return Type::Unknown;
        };
        let was_cut = self.state.is_cut.replace(false);
        self.state.stack.borrow_mut().push(key);
        let value = self.in_module(module).type_of(&shape);
        self.state.stack.borrow_mut().pop();
        // What was cut depends on where the question began, unless it began here.
        if !self.state.is_cut.get() || self.state.stack.borrow().is_empty() {
            self.project.cache.set_returns(module, index, value.clone());
        }
        self.state.is_cut.set(was_cut || self.state.is_cut.get());
        value
    }

    /// A platform type by name.
    pub(crate) fn platform_type(self, name: &str) -> Option<PlatformType> {
        let dialect = self.dialect();
        Some(PlatformType { dialect, id: self.project.platform(dialect).type_id(name)? })
    }

    pub(crate) fn object(self, object: ObjectId) -> Option<&'a MetadataObject> {
        self.project.object(object)
    }
}

impl Project {
    /// The module of the base that an extension's module changes.
    pub fn base_module(&self, module: ModuleId) -> Option<ModuleId> {
        let place = self.place(module)?;
        let base = self.metadata().base_of(place.root?)?;
        let Some(object) = place.object else { return self.root_module(base, place.kind) };
        let (base, _) = self.object_chain(object).nth(1)?;
        match place.kind {
            ModuleKind::FormModule => {
                let name = &self.form_entry(place.form?)?.name;
                self.form_module(self.find_form(base, name)?)
            }
            ModuleKind::CommandModule if !place.name.is_empty() => self.command_module(base, &place.name),
            kind => self.object_module(base, kind),
        }
    }

    /// The module and the one in its base.
    pub fn module_chain(&self, module: ModuleId) -> impl Iterator<Item = &Module> {
        let base = self.base_module(module);
        [Some(module), base].into_iter().flatten().filter_map(|id| self.module(id)).map(|module| &**module)
    }

    /// A method at its place.
    pub fn method(&self, module: ModuleId, index: u32) -> Option<Method<'_>> {
        self.module(module)?.method(index)
    }
}
