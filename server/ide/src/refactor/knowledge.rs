//! What rewrites of loops ask the project: what is searched, how values of a field compare.

use metadata::ObjectAspect;
use semantics::{Primitive, Type};

use crate::meaning::ProjectDocument;
use crate::query::{QueryCode, QueryMeaning};
use crate::refactor::Searched;

/// What the value whose name is at an offset certainly is.
pub fn searched_collection(of: ProjectDocument<'_>, offset: u32) -> Option<Searched> {
    let section = of.section(offset);
    let value = section.type_of(section.name_at(offset)?);
    let base = match value {
        Type::Table { base, .. } | Type::Platform(base) | Type::Collection { base, .. } => base,
        _ => return None,
    };
    let names = &of.project.platform(base.dialect).type_info(base.id).names;
    match () {
        () if names.is("ТаблицаЗначений") => Some(Searched::Table),
        () if names.is("Массив") => Some(Searched::Array),
        () => None,
    }
}

/// Values of the field that is named in a query at an offset are equal in the database if and only if they are equal in
/// code. Databases compare texts in their own ways.
pub fn exact_query_field(of: ProjectDocument<'_>, offset: u32) -> bool {
    let Some(code) = QueryCode::at(of, offset) else { return false };
    let meaning = code.name_at_offset().and_then(|name| code.meaning(name));
    let Some(QueryMeaning::Known { value, .. }) = meaning else { return false };
    !value.is_open() && !value.parts().is_empty() && value.parts().iter().all(is_exact)
}

fn is_exact(part: &Type) -> bool {
    match part {
        Type::Primitive(primitive) => *primitive != Primitive::String,
        Type::Object { aspect, .. } | Type::AnyObject { aspect, .. } => *aspect == ObjectAspect::Ref,
        Type::AnyRef => true,
        _ => false,
    }
}
