//! Collections and other objects that code can make.

mod array;
pub(crate) mod binary;
pub(crate) mod enumeration;
pub(crate) mod file;
pub(crate) mod json;
mod map;
pub(crate) mod order;
pub(crate) mod record;
pub(crate) mod regular_match;
mod structure;
mod text;
mod type_description;
pub(crate) mod uuid;
pub(crate) mod value_list;
pub(crate) mod value_table;
pub(crate) mod value_tree;
mod xml;

pub use self::array::Array;
pub(crate) use self::enumeration::enumeration;
pub use self::map::Map;
pub use self::structure::Structure;
pub use self::value_list::ValueList;
pub use self::value_table::ValueTable;

use crate::arguments::Arguments;
use crate::builtins::Function;
use crate::failure::Outcome;
use crate::name::Name;

/// `Новый Имя` of an object that is little more than its properties.
pub(crate) fn construct_record(name: &Name, arguments: &Arguments<'_>) -> Option<Outcome> {
    record::kind(&name.shown).map(|kind| record::construct(kind, arguments))
}

/// The function behind `Новый Имя`.
pub(crate) fn constructor(name: &Name) -> Option<Function> {
    Some(match name.folded.as_ref() {
        "массив" | "array" => array::construct,
        "фиксированныймассив" | "fixedarray" => array::construct_fixed,
        "структура" | "structure" => structure::construct,
        "фиксированнаяструктура" | "fixedstructure" => structure::construct_fixed,
        "соответствие" | "map" => map::construct,
        "фиксированноесоответствие" | "fixedmap" => map::construct_fixed,
        "списокзначений" | "valuelist" => value_list::construct,
        "описаниетипов" | "typedescription" => type_description::construct,
        "деревозначений" | "valuetree" => value_tree::construct,
        "таблицазначений" | "valuetable" => value_table::construct,
        "уникальныйидентификатор" | "uuid" => uuid::construct,
        "двоичныеданные" | "binarydata" => binary::construct,
        "хешированиеданных" | "datahashing" => binary::construct_hashing,
        "чтениеjson" | "jsonreader" => json::construct_reader,
        "записьjson" | "jsonwriter" => json::construct_writer,
        "чтениеxml" | "xmlreader" => xml::construct_reader,
        "записьxml" | "xmlwriter" => xml::construct_writer,
        "текстовыйдокумент" | "textdocument" => text::construct_document,
        "чтениетекста" | "textreader" => text::construct_reader,
        "записьтекста" | "textwriter" => text::construct_writer,
        "файл" | "file" => file::construct,
        "системнаяинформация" | "systeminfo" => {
            |_, _| Ok(crate::value::Value::object(crate::builtins::SystemInfo))
        }
        _ => return crate::query::construct(name),
    })
}
