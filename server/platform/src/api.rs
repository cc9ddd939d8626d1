//! What the platform offers, as plain records.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::codec::{Reader, Record, Writer, record};

/// Language of names: that of the configuration's code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Script {
    #[default]
    Russian,
    English,
}

/// Name in both languages. An empty English name is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    pub ru: SmolStr,
    pub en: SmolStr,
    /// Other English spellings in use.
    pub aliases: Vec<SmolStr>,
}

impl Names {
    /// The name as code of this language writes it; the Russian one where the English one is unknown.
    pub fn in_script(&self, script: Script) -> &SmolStr {
        match script {
            Script::English if !self.en.is_empty() => &self.en,
            _ => &self.ru,
        }
    }

    /// Every spelling that code may use.
    pub fn spellings(&self) -> impl Iterator<Item = &SmolStr> {
        let names = [&self.ru, &self.en].into_iter().chain(&self.aliases);
        names.filter(|name| !name.is_empty())
    }
}

/// Where something is available, as a bit mask over ten contexts; 0 is unknown. For hints, never for errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contexts(pub u16);

impl Contexts {
    /// Names of the bits.
    pub const NAMES: [&str; 10] = [
        "ThinClient",
        "WebClient",
        "MobileClient",
        "Server",
        "ThickClient",
        "ExternalConnection",
        "MobileApplicationClient",
        "MobileApplicationServer",
        "MobileStandaloneServer",
        "Integration",
    ];

    pub fn is_unknown(self) -> bool {
        self.0 == 0
    }

    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| *name)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: SmolStr,
    /// Flags of the shipped tables are incomplete: for hints, never for errors.
    pub is_optional: bool,
    /// Russian names of types.
    pub types: Vec<SmolStr>,
    pub description: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub parameters: Vec<Parameter>,
    /// Russian names of types; empty: unknown or as the method's.
    pub returns: Vec<SmolStr>,
    pub description: SmolStr,
}

/// Versions of the platform that something exists in; empty is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Versions {
    /// The first one: `8.3.6`.
    pub since: SmolStr,
    /// The first one whose help calls it deprecated.
    pub deprecated: SmolStr,
}

/// A version by its numbers: `8.3.6`; without the third one, the last release of `8.2`.
pub type Version = (u16, u16, u16);

impl Versions {
    pub fn is_unknown(&self) -> bool {
        self.since.is_empty() && self.deprecated.is_empty()
    }

    /// True if a version is certainly too old.
    pub fn is_later_than(&self, target: Version) -> bool {
        version(&self.since).is_some_and(|since| since > target)
    }

    /// True if a version is told not to use it; without a target the newest is meant.
    pub fn is_deprecated_in(&self, target: Option<Version>) -> bool {
        version(&self.deprecated).is_some_and(|since| target.is_none_or(|target| since <= target))
    }
}

fn version(text: &str) -> Option<Version> {
    let mut numbers = text.split('.').map(|number| number.parse::<u16>());
    let (first, second) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some((first, second, numbers.next().map_or(Some(u16::MAX), Result::ok)?))
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    pub names: Names,
    pub contexts: Contexts,
    /// Empty: unknown, which does not mean "no parameters".
    pub signatures: Vec<Signature>,
    /// Russian names of types; empty does not mean "procedure".
    pub returns: Vec<SmolStr>,
    /// From the user's own help files; empty in the shipped tables.
    pub description: SmolStr,
    pub versions: Versions,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    pub names: Names,
    pub contexts: Contexts,
    pub types: Vec<SmolStr>,
    pub is_read_only: bool,
    pub versions: Versions,
    pub description: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeInfo {
    pub names: Names,
    pub contexts: Contexts,
    pub constructors: Vec<Signature>,
    pub methods: Vec<Method>,
    pub properties: Vec<Property>,
    /// Types of elements of a collection.
    pub elements: Vec<SmolStr>,
    /// The members are all there are; true only for types read from help files.
    pub is_complete: bool,
    pub description: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumInfo {
    pub names: Names,
    pub contexts: Contexts,
    pub values: Vec<Names>,
    pub description: SmolStr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TypeId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EnumId(pub u32);

/// An event that a module handles by a method of this name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub names: Names,
    pub parameters: Vec<Names>,
    /// Number of the last ones that not every version passes.
    pub optional: u32,
    /// Handlers seen in public code; 0 for those known from tables only.
    pub seen: u32,
}

/// An event of a form or an element; its handler may have any name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormEvent {
    pub names: Names,
    /// Kind of element in Designer XML (`InputField`); `Form` for the form itself.
    pub element: SmolStr,
    pub parameters: Vec<SmolStr>,
    /// `client`, `server` or `serverNoContext`.
    pub directive: SmolStr,
    pub seen: u32,
}

/// Events of the modules of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleEvents {
    /// English singular of the metadata kind: `Catalog`; empty for modules of the application.
    pub kind: SmolStr,
    /// `ObjectModule`, `ManagerModule`, `RecordSetModule`, `ValueManagerModule`, `CommandModule`, `SessionModule`…
    pub module: SmolStr,
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyword {
    pub names: Names,
    /// `declaration`, `statement`, `operator`, `literal`, `directive`, `annotation`, `preprocessor`…
    pub category: SmolStr,
}

/// Members that every object of a metadata kind has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindMembers {
    /// English singular: `Catalog`.
    pub kind: SmolStr,
    /// Of `Справочники`.
    pub collection: Vec<Method>,
    /// Of `Справочники.X`.
    pub manager: Vec<Method>,
    /// Of an object, a record set or a value manager.
    pub object: Vec<Method>,
    pub object_properties: Vec<Property>,
    pub reference: Vec<Method>,
    pub standard_attributes: Vec<Property>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryLanguage {
    pub keywords: Vec<Names>,
    pub functions: Vec<QueryFunction>,
    /// Kinds of tables as the language writes them: `Справочник`, `Catalog`.
    pub table_kinds: Vec<Names>,
    pub virtual_tables: Vec<VirtualTable>,
    /// Functions of expressions of the data composition system.
    pub composition_functions: Vec<QueryFunction>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryFunction {
    pub names: Names,
    pub since: SmolStr,
    pub signatures: Vec<Signature>,
    pub returns: Vec<SmolStr>,
    pub description: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualTable {
    /// English kind of metadata, `*` for every kind.
    pub of: SmolStr,
    pub names: Names,
}

impl Record for Contexts {
    fn write(&self, writer: &mut Writer) {
        u32::from(self.0).write(writer);
    }

    fn read(reader: &mut Reader) -> Self {
        Self(u32::read(reader) as u16)
    }
}

record!(Names { ru, en, aliases });
record!(Parameter { name, is_optional, types, description });
record!(Signature { parameters, returns, description });
record!(Method { names, contexts, signatures, returns, description, versions });
record!(Versions { since, deprecated });
record!(Property { names, contexts, types, is_read_only, versions, description });
record!(TypeInfo { names, contexts, constructors, methods, properties, elements, is_complete, description });
record!(EnumInfo { names, contexts, values, description });
record!(Event { names, parameters, optional, seen });
record!(FormEvent { names, element, parameters, directive, seen });
record!(ModuleEvents { kind, module, events });
record!(Keyword { names, category });
record!(KindMembers { kind, collection, manager, object, object_properties, reference, standard_attributes });
record!(QueryLanguage { keywords, functions, table_kinds, virtual_tables, composition_functions });
record!(QueryFunction { names, since, signatures, returns, description });
record!(VirtualTable { of, names });
