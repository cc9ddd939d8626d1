//! The face of resolution: what names and shapes mean in the code of one module.

use crate::definition::{Definition, Lookup, Member};
use crate::ids::ModuleId;
use crate::project::Project;
use crate::resolver::{Resolver, State};
use crate::shape::Shape;
use crate::types::Type;

/// The eyes of one module's code. Locals and parameters are the caller's business: see `flow`.
#[derive(Clone, Copy)]
pub struct Scope<'p> {
    pub project: &'p Project,
    pub module: ModuleId,
}

impl<'p> Scope<'p> {
    pub fn new(project: &'p Project, module: ModuleId) -> Self {
        Self { project, module }
    }

    fn ask<T>(self, question: impl FnOnce(Resolver<'_>) -> T) -> T {
        let state = State::default();
        question(Resolver::new(self.project, self.module, &state))
    }

    /// What a name that is called without receiver means.
    pub fn resolve_call(self, name: &str) -> Option<Definition> {
        self.ask(|resolver| resolver.resolve_call(name))
    }

    /// What a name that is read or written without receiver means.
    pub fn resolve_name(self, name: &str) -> Option<Definition> {
        self.ask(|resolver| resolver.resolve_value(name))
    }

    /// What a name after `Новый` means.
    pub fn resolve_type(self, name: &str) -> Type {
        self.ask(|resolver| resolver.named_type(name))
    }

    pub fn type_of(self, shape: &Shape) -> Type {
        self.ask(|resolver| resolver.type_of(shape))
    }

    /// Type of a value that a name without receiver means; of a method, what it returns.
    pub fn type_of_definition(self, definition: &Definition) -> Type {
        self.ask(|resolver| match definition {
            Definition::Method { module, index } => resolver.return_type(*module, *index),
            other => resolver.definition_type(other),
        })
    }

    /// Members of a type, each name once.
    pub fn members(self, value: &Type) -> Vec<Member> {
        self.ask(|resolver| resolver.members(value))
    }

    pub fn member(self, value: &Type, name: &str) -> Lookup {
        self.ask(|resolver| resolver.member(value, name))
    }

    /// Type of a property that a value has; `Unknown` for methods.
    pub fn member_type(self, value: &Type, member: &Member) -> Type {
        self.ask(|resolver| resolver.member_type(value, member))
    }

    /// What a method of a value returns; `literal` is the first argument if that is a literal string.
    pub fn call_type(self, value: &Type, method: &str, literal: Option<&str>) -> Type {
        self.ask(|resolver| resolver.each_part(value, |part| resolver.call_type(part, method, literal)))
    }

    /// What `Для Каждого` finds in a value.
    pub fn element_type(self, value: &Type) -> Type {
        self.ask(|resolver| resolver.each_part(value, |part| resolver.element_of(part)))
    }

    /// Every name that the code may use without receiver, besides locals and types.
    pub fn names(self) -> Vec<Member> {
        self.ask(|resolver| resolver.all_names())
    }

    /// The names among them that the module and its owner have; `accepts` says which are worth a copy.
    pub fn own_names(self, accepts: &dyn Fn(&str) -> bool) -> Vec<Member> {
        self.ask(|resolver| resolver.own_names(accepts))
    }

    /// The names among them that the configuration and the platform have.
    pub fn outer_names(self, accepts: &dyn Fn(&str) -> bool) -> Vec<Member> {
        self.ask(|resolver| resolver.outer_names(accepts))
    }

    /// `ЭтотОбъект` of the module: an object, a record set, a manager, a form.
    pub fn self_type(self) -> Option<Type> {
        self.ask(|resolver| resolver.self_type())
    }

    /// What a path of names means: `Справочники.Товары`, `Общий.Функция`. The last name is called if `is_call`.
    pub fn resolve_path(self, path: &[&str], is_call: bool) -> Option<Definition> {
        self.ask(|resolver| {
            let (first, rest) = path.split_first()?;
            let Some((last, between)) = rest.split_last() else {
                return if is_call { resolver.resolve_call(first) } else { resolver.resolve_value(first) };
            };
            let mut value = resolver.definition_type(&resolver.resolve_value(first)?);
            for name in between {
                value = resolver.each_part(&value, |part| resolver.member_value(part, name));
            }
            resolver.member(&value, last).found().map(|member| member.definition)
        })
    }
}
