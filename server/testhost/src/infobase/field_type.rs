//! Types of fields: their empty values, and how other values are brought to them.

use crate::date::Date;
use crate::infobase::World;
use crate::infobase::reference::Reference;
use crate::machine::operators::{to_boolean, to_number};
use crate::number::Number;
use crate::value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeKind {
    Text,
    Number,
    Boolean,
    Date,
    /// References of an entity by its number.
    Reference(usize),
    AnyReference,
    Other,
}

/// The types that a field may hold; none at all takes everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldType {
    pub(crate) kinds: Vec<TypeKind>,
    /// Characters of a text; 0 is unlimited.
    pub(crate) length: usize,
    pub(crate) has_fraction: bool,
    pub(crate) fraction: i64,
}

impl FieldType {
    fn of(kind: TypeKind) -> Self {
        Self { kinds: vec![kind], ..Self::default() }
    }

    pub(crate) fn number() -> Self {
        Self::of(TypeKind::Number)
    }

    pub(crate) fn boolean() -> Self {
        Self::of(TypeKind::Boolean)
    }

    pub(crate) fn date() -> Self {
        Self::of(TypeKind::Date)
    }

    pub(crate) fn text(length: u32) -> Self {
        Self { length: length as usize, ..Self::of(TypeKind::Text) }
    }

    pub(crate) fn reference(entity: usize) -> Self {
        Self::of(TypeKind::Reference(entity))
    }

    /// The value of a field that nothing was written to.
    pub(crate) fn default_value(&self, world: &World) -> Value {
        let [kind] = self.kinds.as_slice() else { return Value::Undefined };
        match kind {
            TypeKind::Text => "".into(),
            TypeKind::Number => Number::ZERO.into(),
            TypeKind::Boolean => false.into(),
            TypeKind::Date => Date::EMPTY.into(),
            TypeKind::Reference(entity) => world.reference(*entity, 0),
            TypeKind::AnyReference | TypeKind::Other => Value::Undefined,
        }
    }

    /// The value as the field keeps it: cut, rounded, converted, or the empty one if nothing else fits.
    pub(crate) fn adjusted(&self, world: &World, value: Value) -> Value {
        let value = value.resolved();
        if self.kinds.is_empty() {
            return value;
        }
        let has = |kind| self.kinds.contains(&kind);
        match &value {
            Value::Text(text) if has(TypeKind::Text) => return self.cut(text),
            Value::Number(number) if has(TypeKind::Number) => return self.rounded(*number),
            Value::Boolean(_) if has(TypeKind::Boolean) => return value,
            Value::Date(_) if has(TypeKind::Date) => return value,
            Value::Object(_) => {
                let fits = match value.downcast::<Reference>() {
                    Some(reference) => {
                        has(TypeKind::Reference(reference.entity.index)) || has(TypeKind::AnyReference)
                    }
                    None => has(TypeKind::Other),
                };
                return if fits { value } else { self.default_value(world) };
            }
            Value::Type(_) if has(TypeKind::Other) => return value,
            _ => {}
        }
        let [kind] = self.kinds.as_slice() else { return Value::Undefined };
        match kind {
            TypeKind::Text if !matches!(value, Value::Undefined | Value::Null) => {
                self.cut(&value.presentation())
            }
            TypeKind::Number => {
                to_number(&value).map_or_else(|_| Number::ZERO.into(), |number| self.rounded(number))
            }
            TypeKind::Boolean => to_boolean(&value).unwrap_or(false).into(),
            _ => self.default_value(world),
        }
    }

    fn cut(&self, text: &std::rc::Rc<str>) -> Value {
        if self.length == 0 || text.chars().count() <= self.length {
            return Value::Text(text.clone());
        }
        text.chars().take(self.length).collect::<String>().into()
    }

    fn rounded(&self, number: Number) -> Value {
        if self.has_fraction { number.rounded(self.fraction, true).into() } else { number.into() }
    }
}
