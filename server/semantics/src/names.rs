//! What a name without receiver means in the code of a module. Variables and parameters of the method come first and
//! are the caller's business.

use metadata::{ModuleKind, ObjectAspect, ObjectKind};
use platform::Names;

use crate::definition::{Definition, Lookup, Member, MemberKind, pair, plain};
use crate::members::Sink;
use crate::resolver::Resolver;
use crate::types::{Dialect, PlatformEnum, Type};

impl<'a> Resolver<'a> {
    /// `ЭтотОбъект` of the module: an object, a record set, a manager, a form.
    pub(crate) fn self_type(self) -> Option<Type> {
        let place = &self.own_module()?.place;
        let aspect = match place.kind {
            ModuleKind::FormModule => return place.form.map(Type::Form),
            ModuleKind::ObjectModule => ObjectAspect::Object,
            ModuleKind::ManagerModule => ObjectAspect::Manager,
            ModuleKind::RecordSetModule => ObjectAspect::RecordSet,
            ModuleKind::ValueManagerModule => ObjectAspect::ValueManager,
            _ => return None,
        };
        Some(Type::Object { object: place.object?, aspect })
    }

    /// A name that is called.
    pub(crate) fn resolve_call(self, name: &str) -> Option<Definition> {
        self.own_method(name)
            .or_else(|| self.context_member(name, true))
            .or_else(|| self.global_export(name))
            .or_else(|| self.script_name(name))
            .or_else(|| {
                let found = self.platform().function(name)?;
                Some(Definition::PlatformFunction { dialect: self.dialect(), name: found.names.ru.clone() })
            })
            .or_else(|| self.bare_context_method(name))
    }

    /// A name that is read or written.
    pub(crate) fn resolve_value(self, name: &str) -> Option<Definition> {
        self.own_variable(name)
            .or_else(|| self.this(name))
            .or_else(|| self.context_member(name, false))
            .or_else(|| self.named_module(name))
            .or_else(|| self.global_variable(name))
            .or_else(|| self.collection_name(name))
            .or_else(|| self.platform_value(name))
    }

    /// Methods of the module and of the one that it extends.
    pub(crate) fn own_method(self, name: &str) -> Option<Definition> {
        self.project.module_chain(self.module).find_map(|module| {
            let index = module.find_method(name)?;
            Some(Definition::Method { module: module.id, index })
        })
    }

    fn own_variable(self, name: &str) -> Option<Definition> {
        self.project.module_chain(self.module).find_map(|module| {
            let index = module.find_variable(name)?;
            Some(Definition::Variable { module: module.id, index })
        })
    }

    fn this(self, name: &str) -> Option<Definition> {
        let own = pair("ЭтотОбъект", "ThisObject");
        if own.is(name) {
            return Some(Definition::This { names: own });
        }
        let form = pair("ЭтаФорма", "ThisForm");
        let is_form = self.own_module().is_some_and(|module| module.place.form.is_some());
        (is_form && form.is(name)).then_some(Definition::This { names: form })
    }

    /// Members of the object, the form, the record set that the module belongs to.
    fn context_member(self, name: &str, is_call: bool) -> Option<Definition> {
        let Lookup::Found(member) = self.member_of(&self.self_type()?, name) else { return None };
        let is_method = matches!(member.kind, MemberKind::Method | MemberKind::Function);
        if is_method != is_call {
            // A property and a method may share a name: `Метаданные`.
            let wanted = if is_call { MemberKind::Method } else { MemberKind::Property };
            return self.other_member(name, wanted);
        }
        Some(member.definition)
    }

    fn other_member(self, name: &str, wanted: MemberKind) -> Option<Definition> {
        let owner = self.base_type(&self.self_type()?)?;
        let info = self.project.platform(owner.dialect).type_info(owner.id);
        if wanted == MemberKind::Method {
            let found = info.method(name)?;
            Some(Definition::PlatformMethod { owner, name: found.names.ru.clone() })
        } else {
            let found = info.property(name)?;
            Some(Definition::PlatformMember { owner, name: found.names.ru.clone() })
        }
    }

    /// Methods that contexts have and of which only the name is known.
    fn bare_context_method(self, name: &str) -> Option<Definition> {
        let has_context = self.own_module().is_some_and(|module| !module.place.is_script);
        (has_context && self.platform().is_context_method(name))
            .then(|| Definition::ContextMember { names: plain(name) })
    }

    /// Exports of global common modules.
    fn global_export(self, name: &str) -> Option<Definition> {
        self.global_modules().into_iter().find_map(|module| {
            let mut sink = Sink::one(name);
            self.exported(module, name, &mut sink);
            sink.found
                .into_iter()
                .map(|member| member.definition)
                .find(|it| matches!(it, Definition::Method { .. }))
        })
    }

    fn global_variable(self, name: &str) -> Option<Definition> {
        let root = self.root()?;
        let kinds = [ModuleKind::ManagedApplicationModule, ModuleKind::OrdinaryApplicationModule];
        let modules = self
            .project
            .root_chain(Some(root))
            .flat_map(|(root, _)| kinds.iter().filter_map(move |kind| self.project.root_module(root, *kind)));
        modules.into_iter().find_map(|module| {
            let module = self.project.module(module)?;
            let index = module.find_variable(name)?;
            let is_export = module.variable(index)?.is_export;
            is_export.then_some(Definition::Variable { module: module.id, index })
        })
    }

    /// Global common modules that the module's code sees, and the application's modules, whose exports are global too.
    pub(crate) fn global_modules(self) -> Vec<crate::ids::ModuleId> {
        let mut modules = Vec::new();
        for (id, _) in self.project.root_chain(self.root()) {
            let objects = self.project.global_objects(id).iter();
            modules
                .extend(objects.filter_map(|it| self.project.object_module(*it, ModuleKind::CommonModule)));
            let kinds = [ModuleKind::ManagedApplicationModule, ModuleKind::OrdinaryApplicationModule];
            modules.extend(kinds.iter().filter_map(|kind| self.project.root_module(id, *kind)));
        }
        modules
    }

    /// A common module; a module of a OneScript library.
    fn named_module(self, name: &str) -> Option<Definition> {
        if self.dialect() == Dialect::OneScript {
            return self.script_name(name);
        }
        if let Some(module) = self.project.common_module(self.root(), name) {
            return Some(Definition::Module(module));
        }
        // A module whose text is missing, such as a protected one.
        self.project.find_object(self.root(), ObjectKind::CommonModule, name).map(Definition::Object)
    }

    fn script_name(self, name: &str) -> Option<Definition> {
        if self.dialect() != Dialect::OneScript {
            return None;
        }
        let mut modules = self.project.scripts(name);
        modules
            .find(|module| module.place.kind == ModuleKind::OScriptModule)
            .map(|module| Definition::Module(module.id))
    }

    fn collection_name(self, name: &str) -> Option<Definition> {
        if self.dialect() == Dialect::OneScript {
            return None;
        }
        ObjectKind::from_collection(name)
            .filter(|kind| *kind != ObjectKind::WSReference)
            .map(Definition::ManagerCollection)
    }

    fn platform_value(self, name: &str) -> Option<Definition> {
        let dialect = self.dialect();
        if let Some(found) = self.platform().property(name) {
            return Some(Definition::PlatformProperty { dialect, name: found.names.ru.clone() });
        }
        let id = self.platform().enum_id(name)?;
        Some(Definition::SystemEnum(PlatformEnum { dialect, id }))
    }

    /// Every name that code of the module may use without receiver, without locals.
    pub(crate) fn all_names(self) -> Vec<Member> {
        let mut found = self.own_names(&|_| true);
        found.extend(self.outer_names(&|_| true));
        distinct(found)
    }

    /// Names of the module and of the object or the form that it belongs to.
    pub(crate) fn own_names(self, accepts: &dyn Fn(&str) -> bool) -> Vec<Member> {
        let mut sink = Sink::some(accepts);
        for module in self.project.module_chain(self.module) {
            for (index, method) in module.methods() {
                let kind = if method.is_function { MemberKind::Function } else { MemberKind::Method };
                sink.offer(&method.name, kind, || Definition::Method { module: module.id, index });
            }
            for (index, variable) in module.variables() {
                let definition = || Definition::Variable { module: module.id, index };
                sink.offer(&variable.name, MemberKind::Variable, definition);
            }
        }
        let mut found = sink.found;
        if let Some(own) = self.self_type() {
            found.extend(self.members_into(&own, Sink::some(accepts)));
        }
        distinct(found)
    }

    /// Names of the configuration and of the platform.
    pub(crate) fn outer_names(self, accepts: &dyn Fn(&str) -> bool) -> Vec<Member> {
        let mut sink = Sink::some(accepts);
        for module in self.global_modules() {
            self.all_exports(module, &mut sink);
        }
        self.common_names(&mut sink);
        distinct(sink.found)
    }

    fn common_names(self, sink: &mut Sink<'_>) {
        let dialect = self.dialect();
        if dialect == Dialect::Enterprise {
            self.modules_of_configuration(sink);
            for kind in ObjectKind::ALL.iter().copied().filter(|kind| !kind.collection_ru().is_empty()) {
                let names = crate::members::collection_names(kind);
                sink.offer_names(&names, MemberKind::Collection, || Definition::ManagerCollection(kind));
            }
        } else {
            for module in
                self.project.modules().filter(|module| module.place.kind == ModuleKind::OScriptModule)
            {
                sink.offer(&module.place.name, MemberKind::Module, || Definition::Module(module.id));
            }
        }
        for function in self.platform().functions() {
            let name = function.names.ru.clone();
            let definition = || Definition::PlatformFunction { dialect, name };
            sink.offer_names(&function.names, MemberKind::Function, definition);
        }
        for property in self.platform().properties() {
            let name = property.names.ru.clone();
            let definition = || Definition::PlatformProperty { dialect, name };
            sink.offer_names(&property.names, MemberKind::Property, definition);
        }
        for (id, info) in self.platform().enums() {
            let definition = || Definition::SystemEnum(PlatformEnum { dialect, id });
            sink.offer_names(&info.names, MemberKind::Enum, definition);
        }
    }

    fn modules_of_configuration(self, sink: &mut Sink<'_>) {
        let Some(root) = self.root() else { return };
        for object in self.project.metadata().each_of_kind(root, ObjectKind::CommonModule) {
            let Some(content) = self.object(object) else { continue };
            sink.offer(&content.name, MemberKind::Module, || {
                let module = self.project.common_module(Some(root), &content.name);
                module.map_or(Definition::Object(object), Definition::Module)
            });
        }
    }
}

/// Each name once; a property and a method may share one.
fn distinct(mut found: Vec<Member>) -> Vec<Member> {
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|member| seen.insert((member.names.ru.to_lowercase(), is_callable(member.kind))));
    found
}

fn is_callable(kind: MemberKind) -> bool {
    matches!(kind, MemberKind::Method | MemberKind::Function)
}

/// Names of `ОбщийМодуль` in code that gets a module by its name.
pub(crate) fn is_module_getter(name: &str) -> bool {
    let names: [Names; 2] =
        [pair("ОбщийМодуль", "CommonModule"), pair("СерверныйМодульМенеджера", "ServerManagerModule")];
    names.iter().any(|names| names.is(name))
}
