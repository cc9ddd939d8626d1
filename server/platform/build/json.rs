//! Records from the tables. Keys are short; `data/NOTICES.md` says where the facts come from.

use serde_json::Value;
use smol_str::SmolStr;

use crate::api::{
    Contexts, EnumInfo, Event, FormEvent, Keyword, KindMembers, Method, ModuleEvents, Names, Parameter,
    Property, QueryFunction, QueryLanguage, Signature, TypeInfo, Versions, VirtualTable,
};

pub fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().map(|items| items.iter().map(read).collect()).unwrap_or_default()
}

pub fn text(value: &Value) -> SmolStr {
    SmolStr::new(value.as_str().unwrap_or_default())
}

fn contexts(value: &Value) -> Contexts {
    Contexts(value["av"].as_u64().unwrap_or_default() as u16)
}

/// `en` is one spelling, or several with the usual one first.
pub fn names(value: &Value) -> Names {
    let mut english = match &value["en"] {
        Value::Array(spellings) => spellings.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let mut aliases = english.split_off(1);
    match &value["al"] {
        Value::Array(spellings) => aliases.extend(spellings.iter().map(text)),
        Value::String(spelling) => aliases.push(SmolStr::new(spelling)),
        _ => {}
    }
    Names { ru: text(&value["ru"]), en: english.remove(0), aliases }
}

pub fn pair(value: &Value) -> Names {
    Names { ru: text(&value[0]), en: text(&value[1]), aliases: Vec::new() }
}

fn parameter(value: &Value) -> Parameter {
    Parameter {
        name: text(&value["n"]),
        is_optional: value["o"] == 1,
        types: list(&value["t"], text),
        description: SmolStr::default(),
    }
}

fn signature(value: &Value) -> Signature {
    Signature {
        parameters: list(&value["p"], parameter),
        returns: list(&value["r"], text),
        description: SmolStr::default(),
    }
}

pub fn method(value: &Value) -> Method {
    Method {
        names: names(value),
        contexts: contexts(value),
        signatures: list(&value["s"], signature),
        returns: list(&value["r"], text),
        description: SmolStr::default(),
        versions: versions(value),
    }
}

fn versions(value: &Value) -> Versions {
    Versions { since: text(&value["since"]), deprecated: text(&value["dep"]) }
}

pub fn property(value: &Value) -> Property {
    Property {
        names: names(value),
        contexts: contexts(value),
        types: list(&value["t"], text),
        is_read_only: value["ro"] == 1,
        versions: versions(value),
        description: SmolStr::default(),
    }
}

pub fn type_info(value: &Value) -> TypeInfo {
    TypeInfo {
        names: names(value),
        contexts: contexts(value),
        constructors: list(&value["c"], signature),
        methods: list(&value["m"], method),
        properties: list(&value["p"], property),
        elements: list(&value["el"], text),
        is_complete: false,
        description: SmolStr::default(),
    }
}

pub fn enum_info(value: &Value) -> EnumInfo {
    EnumInfo {
        names: names(value),
        contexts: contexts(value),
        values: list(&value["v"], pair),
        description: SmolStr::default(),
    }
}

pub fn keyword(value: &Value) -> Keyword {
    Keyword { names: names(value), category: text(&value["c"]) }
}

fn event(value: &Value) -> Event {
    Event {
        names: names(value),
        parameters: list(&value["p"], pair),
        optional: value["opt"].as_u64().unwrap_or_default() as u32,
        seen: value["seen"].as_u64().unwrap_or_default() as u32,
    }
}

pub fn module_events(value: &Value) -> ModuleEvents {
    ModuleEvents {
        kind: text(&value["kind"]),
        module: text(&value["module"]),
        events: list(&value["events"], event),
    }
}

pub fn events(value: &Value) -> Vec<ModuleEvents> {
    let mut all = list(&value["classes"], module_events);
    all.extend(application_events(value).filter(|module| module.module != ONESCRIPT_CLASS));
    all
}

pub fn onescript_events(value: &Value) -> Vec<ModuleEvents> {
    application_events(value).filter(|module| module.module == ONESCRIPT_CLASS).collect()
}

const ONESCRIPT_CLASS: &str = "OneScriptClass";

fn application_events(value: &Value) -> impl Iterator<Item = ModuleEvents> {
    let modules = value["modules"].as_object().into_iter().flatten();
    modules.map(|(module, events)| ModuleEvents {
        kind: SmolStr::default(),
        module: SmolStr::new(module),
        events: list(events, event),
    })
}

pub fn form_events(value: &Value) -> Vec<FormEvent> {
    let mut all = Vec::new();
    for event in value["events"].as_array().into_iter().flatten() {
        for (element, facts) in event["el"].as_object().into_iter().flatten() {
            all.push(FormEvent {
                names: names(event),
                element: SmolStr::new(element),
                parameters: list(&facts["p"], text),
                directive: text(&facts["at"]),
                seen: facts["n"].as_u64().unwrap_or_default() as u32,
            });
        }
    }
    all
}

pub fn kinds(managers: &Value, attributes: &Value) -> Vec<KindMembers> {
    let mut all: Vec<KindMembers> = managers["kinds"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(kind, members)| kind_members(kind, members))
        .collect();
    for (kind, list) in attributes["kinds"].as_object().into_iter().flatten() {
        let found = all.iter().position(|members| members.kind == kind.as_str());
        let index = found.unwrap_or(all.len());
        if found.is_none() {
            all.push(KindMembers { kind: SmolStr::new(kind), ..KindMembers::default() });
        }
        all[index].standard_attributes = self::list(list, property);
    }
    all
}

pub fn kind_members(kind: &str, value: &Value) -> KindMembers {
    KindMembers {
        kind: SmolStr::new(kind),
        collection: list(&value["collection_methods"], method),
        manager: list(&value["manager"], method),
        object: list(&value["object"], method),
        object_properties: list(&value["object_props"], property),
        reference: list(&value["ref"], method),
        standard_attributes: list(&value["attributes"], property),
    }
}

pub fn query(value: &Value) -> QueryLanguage {
    QueryLanguage {
        keywords: list(&value["keywords"], names),
        functions: list(&value["functions"], query_function),
        table_kinds: list(&value["table_kinds"], pair),
        virtual_tables: list(&value["virtual_tables"], |table| VirtualTable {
            of: text(&table["of"]),
            names: names(table),
        }),
        composition_functions: list(&value["dcs_functions"], query_function),
    }
}

fn query_function(value: &Value) -> QueryFunction {
    QueryFunction {
        names: names(value),
        since: text(&value["since"]),
        signatures: list(&value["s"], signature),
        returns: list(&value["r"], text),
        description: SmolStr::default(),
    }
}
