//! Collections and other objects that code can make.

mod array;
mod map;
mod structure;

pub use self::array::Array;
pub use self::map::Map;
pub use self::structure::Structure;

use crate::builtins::Function;
use crate::name::Name;

/// The function behind `Новый Имя`.
pub(crate) fn constructor(name: &Name) -> Option<Function> {
    Some(match name.folded.as_ref() {
        "массив" | "array" => array::construct,
        "структура" | "structure" => structure::construct,
        "соответствие" | "map" => map::construct,
        _ => return None,
    })
}
