//! Looks up what the platform offers.

use std::sync::{Arc, LazyLock};

use base::same_name;

use crate::api::{
    EnumId, EnumInfo, Event, FormEvent, Keyword, KindMembers, Method, Names, Property, QueryLanguage, TypeId,
    TypeInfo,
};
use crate::codec::{Reader, Record};
use crate::index::NameIndex;
use crate::tables::Tables;

static PLATFORM: LazyLock<Arc<Platform>> =
    LazyLock::new(|| Arc::new(Platform::decode(include_bytes!(concat!(env!("OUT_DIR"), "/platform.bin")))));
static ONESCRIPT: LazyLock<Arc<Platform>> =
    LazyLock::new(|| Arc::new(Platform::decode(include_bytes!(concat!(env!("OUT_DIR"), "/onescript.bin")))));
static NO_TYPE: LazyLock<TypeInfo> = LazyLock::new(TypeInfo::default);
static NO_ENUM: LazyLock<EnumInfo> = LazyLock::new(EnumInfo::default);

/// Global functions, types, enumerations and the rest. Names are found in both languages, in any spelling and case.
#[derive(Clone, Debug, Default)]
pub struct Platform {
    pub(crate) tables: Tables,
    functions: NameIndex,
    properties: NameIndex,
    types: NameIndex,
    enums: NameIndex,
    context_members: NameIndex,
    /// Properties of types that code cannot assign.
    read_only: NameIndex,
    /// Members of types of which versions are known.
    versioned: NameIndex,
    module_events: NameIndex,
}

impl Platform {
    /// The shipped facts about 1C:Enterprise.
    pub fn embedded() -> &'static Arc<Self> {
        &PLATFORM
    }

    /// The shipped facts about OneScript and its standard library.
    pub fn onescript() -> &'static Arc<Self> {
        &ONESCRIPT
    }

    pub(crate) fn decode(bytes: &'static [u8]) -> Self {
        let mut reader = Reader::new(bytes);
        let tables = Tables::read(&mut reader);
        debug_assert!(reader.is_at_end(), "the build script wrote other records than the crate reads");
        Self::new(tables)
    }

    pub(crate) fn new(tables: Tables) -> Self {
        let types = tables.types.iter();
        let read_only = types.clone().flat_map(|info| &info.properties).filter(|it| it.is_read_only);
        let methods = types.clone().flat_map(|info| &info.methods).map(|it| (&it.names, &it.versions));
        let properties = types.flat_map(|info| &info.properties).map(|it| (&it.names, &it.versions));
        let versioned = methods.chain(properties).filter(|(_, versions)| !versions.is_unknown());
        Self {
            read_only: NameIndex::new(read_only.map(|property| &property.names)),
            versioned: NameIndex::new(versioned.map(|(names, _)| names)),
            module_events: NameIndex::new(
                tables.events.iter().flat_map(|module| &module.events).map(|event| &event.names),
            ),
            functions: NameIndex::new(tables.functions.iter().map(|function| &function.names)),
            properties: NameIndex::new(tables.properties.iter().map(|property| &property.names)),
            types: NameIndex::new(tables.types.iter().map(|info| &info.names)),
            enums: NameIndex::new(tables.enums.iter().map(|info| &info.names)),
            context_members: NameIndex::new(tables.context_members.iter()),
            tables,
        }
    }

    /// Functions and procedures that every module may call, sorted by Russian name.
    pub fn functions(&self) -> &[Method] {
        &self.tables.functions
    }

    pub fn function(&self, name: &str) -> Option<&Method> {
        let all = &self.tables.functions;
        all.get(self.functions.find(name, |position| Some(&all.get(position)?.names))?)
    }

    /// Properties of the global context: `Метаданные`, `Справочники`.
    pub fn properties(&self) -> &[Property] {
        &self.tables.properties
    }

    pub fn property(&self, name: &str) -> Option<&Property> {
        let all = &self.tables.properties;
        all.get(self.properties.find(name, |position| Some(&all.get(position)?.names))?)
    }

    pub fn types(&self) -> impl ExactSizeIterator<Item = (TypeId, &TypeInfo)> {
        self.tables.types.iter().enumerate().map(|(position, info)| (TypeId(position as u32), info))
    }

    /// `ТаблицаЗначений`, `ValueTable`; types of metadata objects without the object's name: `СправочникСсылка`,
    /// `CatalogRef`, `РегистрСведенийНаборЗаписей`, `СправочникиМенеджер`.
    pub fn type_id(&self, name: &str) -> Option<TypeId> {
        // `СправочникСсылка.<Имя справочника>`, as signatures write it.
        let name = name.split_once(".<").map_or(name, |(name, _)| name);
        let all = &self.tables.types;
        let found = self.types.find(name, |position| Some(&all.get(position)?.names))?;
        Some(TypeId(found as u32))
    }

    /// An empty type for an id of another platform.
    pub fn type_info(&self, id: TypeId) -> &TypeInfo {
        self.tables.types.get(id.0 as usize).unwrap_or(&NO_TYPE)
    }

    pub fn enums(&self) -> impl ExactSizeIterator<Item = (EnumId, &EnumInfo)> {
        self.tables.enums.iter().enumerate().map(|(position, info)| (EnumId(position as u32), info))
    }

    /// A system enumeration: `ВидСравнения`.
    pub fn enum_id(&self, name: &str) -> Option<EnumId> {
        let all = &self.tables.enums;
        let found = self.enums.find(name, |position| Some(&all.get(position)?.names))?;
        Some(EnumId(found as u32))
    }

    /// An empty enumeration for an id of another platform.
    pub fn enum_info(&self, id: EnumId) -> &EnumInfo {
        self.tables.enums.get(id.0 as usize).unwrap_or(&NO_ENUM)
    }

    pub fn method(&self, id: TypeId, name: &str) -> Option<&Method> {
        self.type_info(id).method(name)
    }

    pub fn member_property(&self, id: TypeId, name: &str) -> Option<&Property> {
        self.type_info(id).property(name)
    }

    /// Members of the objects of a kind, by its English singular: `Catalog`.
    pub fn kind_members(&self, kind: &str) -> Option<&KindMembers> {
        let all = &self.tables.kinds;
        let found = all.binary_search_by(|members| members.kind.as_str().cmp(kind)).ok()?;
        all.get(found)
    }

    /// A standard attribute of a kind; `TabularSection` is a kind here.
    pub fn standard_attribute(&self, kind: &str, name: &str) -> Option<&Property> {
        self.kind_members(kind)?.standard_attributes.iter().find(|attribute| attribute.names.is(name))
    }

    /// Events that a module may handle: `("Catalog", "ObjectModule")`, `("", "SessionModule")`.
    pub fn module_events(&self, kind: &str, module: &str) -> &[Event] {
        let all = &self.tables.events;
        let found = all
            .binary_search_by(|events| (events.kind.as_str(), events.module.as_str()).cmp(&(kind, module)));
        found.ok().and_then(|found| all.get(found)).map_or(&[], |events| &events.events)
    }

    /// False if no module handles an event of this name. For a quick no.
    pub fn may_be_module_event(&self, name: &str) -> bool {
        self.module_events.may_contain(name)
    }

    /// Events of an element of a form by its name in Designer XML (`InputField`); `Form` for the form itself.
    pub fn form_events(&self, element: &str) -> &[FormEvent] {
        let all = &self.tables.form_events;
        let start = all.partition_point(|event| event.element.as_str() < element);
        let end = all.partition_point(|event| event.element.as_str() <= element);
        all.get(start..end).unwrap_or_default()
    }

    /// Type of an element of a form by its name in Designer XML: `InputField` is a `ПолеФормы`.
    pub fn element_type(&self, element: &str) -> Option<TypeId> {
        let found = self.tables.element_types.iter().find(|pair| pair.element == element)?;
        self.type_id(&found.type_name)
    }

    pub fn keywords(&self) -> &[Keyword] {
        &self.tables.keywords
    }

    pub fn query(&self) -> &QueryLanguage {
        &self.tables.query
    }

    /// False if no type has a property of this name that code cannot assign. For a quick no.
    pub fn may_be_read_only(&self, name: &str) -> bool {
        self.read_only.may_contain(name)
    }

    /// False if no type has a member of this name of which versions are known. For a quick no.
    pub fn may_have_versions(&self, name: &str) -> bool {
        self.versioned.may_contain(name)
    }

    /// True for a method that modules of forms, objects, managers or record sets may call without receiver.
    pub fn is_context_method(&self, name: &str) -> bool {
        let all = &self.tables.context_members;
        self.context_members.find(name, |position| all.get(position)).is_some()
    }
}

impl Names {
    /// True if this is a spelling of the name, in any case.
    pub fn is(&self, name: &str) -> bool {
        !name.is_empty() && self.spellings().any(|spelling| same_name(spelling, name))
    }
}

impl TypeInfo {
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.names.is(name))
    }

    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.names.is(name))
    }
}

impl EnumInfo {
    pub fn value(&self, name: &str) -> Option<&Names> {
        self.values.iter().find(|value| value.is(name))
    }
}
