//! All tables of a platform together, in the order in which they are shipped.

use smol_str::SmolStr;

use crate::api::{
    EnumInfo, FormEvent, Keyword, KindMembers, Method, ModuleEvents, Names, Property, QueryLanguage, TypeInfo,
};
use crate::codec::record;

#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Sorted by Russian name without case.
    pub functions: Vec<Method>,
    pub properties: Vec<Property>,
    /// Those from help files follow the shipped ones: positions are ids.
    pub types: Vec<TypeInfo>,
    pub enums: Vec<EnumInfo>,
    /// Sorted by kind and module.
    pub events: Vec<ModuleEvents>,
    /// Sorted by element.
    pub form_events: Vec<FormEvent>,
    pub keywords: Vec<Keyword>,
    pub kinds: Vec<KindMembers>,
    pub query: QueryLanguage,
    /// Members that a module may call without receiver because its context has them.
    pub context_members: Vec<Names>,
    /// Element of a form in Designer XML (`InputField`) and the type of its object in code (`ПолеФормы`).
    pub element_types: Vec<ElementType>,
}

#[derive(Clone, Debug, Default)]
pub struct ElementType {
    pub element: SmolStr,
    pub type_name: SmolStr,
}

record!(Tables {
    functions,
    properties,
    types,
    enums,
    events,
    form_events,
    keywords,
    kinds,
    query,
    context_members,
    element_types,
});
record!(ElementType { element, type_name });
