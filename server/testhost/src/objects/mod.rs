//! Collections and other objects that code can make.

mod array;
mod map;
pub(crate) mod order;
mod structure;
mod type_description;
pub(crate) mod value_list;
pub(crate) mod value_table;
mod value_tree;

pub use self::array::Array;
pub use self::map::Map;
pub use self::structure::Structure;
pub use self::value_list::ValueList;
pub use self::value_table::ValueTable;

use crate::builtins::Function;
use crate::name::Name;

/// The function behind `Новый Имя`.
pub(crate) fn constructor(name: &Name) -> Option<Function> {
    Some(match name.folded.as_ref() {
        "массив" | "array" => array::construct,
        "структура" | "structure" => structure::construct,
        "соответствие" | "map" => map::construct,
        "списокзначений" | "valuelist" => value_list::construct,
        "описаниетипов" | "typedescription" => type_description::construct,
        "деревозначений" | "valuetree" => value_tree::construct,
        "таблицазначений" | "valuetable" => value_table::construct,
        _ => return crate::query::construct(name),
    })
}
