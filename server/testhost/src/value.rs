//! Values of the language.

use std::cell::RefCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::date::Date;
use crate::memory;
use crate::number::{self, Number};
use crate::object::Object;
use crate::types::TypeName;

/// A value of a variable. Copying is cheap: texts and objects are shared.
#[derive(Clone, Default)]
pub enum Value {
    #[default]
    Undefined,
    Null,
    Boolean(bool),
    Number(Number),
    Date(Date),
    Text(Rc<str>),
    Type(TypeName),
    Object(Rc<dyn Object>),
    /// A variable that is passed by reference; never seen by code.
    Reference(Rc<RefCell<Value>>),
    /// An argument that was left out; never seen by code.
    Omitted,
}

impl Value {
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A new object, which the budget of memory knows.
    pub fn object(object: impl Object) -> Self {
        let object: Rc<dyn Object> = Rc::new(object);
        memory::register(&object);
        Self::Object(object)
    }

    /// An object that holds nothing of its own for long.
    pub(crate) fn passing_object(object: impl Object) -> Self {
        Self::Object(Rc::new(object))
    }

    /// The value itself, whatever stands for it.
    pub fn resolved(&self) -> Self {
        match self {
            Self::Reference(variable) => variable.borrow().clone(),
            Self::Omitted => Self::Undefined,
            value => value.clone(),
        }
    }

    pub fn is_omitted(&self) -> bool {
        matches!(self, Self::Omitted)
    }

    pub fn type_name(&self) -> TypeName {
        match self {
            Self::Undefined | Self::Omitted => TypeName::UNDEFINED,
            Self::Null => TypeName::NULL,
            Self::Boolean(_) => TypeName::BOOLEAN,
            Self::Number(_) => TypeName::NUMBER,
            Self::Date(_) => TypeName::DATE,
            Self::Text(_) => TypeName::TEXT,
            Self::Type(_) => TypeName::TYPE,
            Self::Object(object) => object.type_name(),
            Self::Reference(variable) => variable.borrow().type_name(),
        }
    }

    /// The object of a type, if it is one.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// What `Строка` gives.
    pub fn presentation(&self) -> Rc<str> {
        match self {
            Self::Undefined | Self::Null | Self::Omitted => "".into(),
            Self::Boolean(true) => "Да".into(),
            Self::Boolean(false) => "Нет".into(),
            Self::Number(number) => number::presentation(*number).into(),
            Self::Date(date) => date.presentation().into(),
            Self::Text(text) => text.clone(),
            Self::Type(name) => name.presentation().into(),
            Self::Object(object) => object.presentation().into(),
            Self::Reference(variable) => variable.borrow().presentation(),
        }
    }

    /// What `ЗначениеЗаполнено` says.
    pub fn is_filled(&self) -> bool {
        match self {
            Self::Undefined | Self::Null | Self::Omitted => false,
            Self::Boolean(_) | Self::Type(_) => true,
            Self::Number(number) => !number.is_zero(),
            Self::Date(date) => *date != Date::EMPTY,
            Self::Text(text) => !text.trim().is_empty(),
            Self::Object(object) => object.is_filled(),
            Self::Reference(variable) => variable.borrow().is_filled(),
        }
    }
}

/// Values of different types are never equal; objects compare as their types say, most by identity.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Boolean(left), Self::Boolean(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::Date(left), Self::Date(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Type(left), Self::Type(right)) => left == right,
            (Self::Object(left), Self::Object(right)) => {
                std::ptr::addr_eq(Rc::as_ptr(left), Rc::as_ptr(right)) || left.is_equal(right.as_ref())
            }
            (Self::Reference(left), _) => *left.borrow() == *other,
            (_, Self::Reference(right)) => *self == *right.borrow(),
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Undefined | Self::Null | Self::Omitted => {}
            Self::Boolean(value) => value.hash(state),
            Self::Number(value) => value.hash(state),
            Self::Date(value) => value.hash(state),
            Self::Text(value) => value.hash(state),
            Self::Type(value) => value.hash(state),
            Self::Object(object) => match object.key() {
                Some(key) => key.hash(state),
                None => Rc::as_ptr(object).cast::<u8>().addr().hash(state),
            },
            Self::Reference(variable) => variable.borrow().hash(state),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Undefined => formatter.write_str("Неопределено"),
            Self::Null => formatter.write_str("NULL"),
            Self::Omitted => formatter.write_str("(нет)"),
            value => formatter.write_str(&value.presentation()),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(value.into())
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::text(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_small() {
        assert!(size_of::<Value>() <= 24);
    }
}
