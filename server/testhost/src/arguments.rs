//! Arguments of a built-in method, with the checks that all of them need.

use std::rc::Rc;

use crate::failure::{Outcome, messages};
use crate::number::Number;
use crate::value::Value;

/// Arguments as they were passed: omitted ones keep their places, variables may be written.
pub struct Arguments<'a> {
    values: &'a mut [Value],
}

impl<'a> Arguments<'a> {
    pub fn new(values: &'a mut [Value]) -> Self {
        Self { values }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Complains about too few or too many arguments.
    pub fn expect(&self, least: usize, most: usize) -> Outcome<()> {
        if self.values.len() > most {
            return Err(messages::too_many_arguments());
        }
        let has_all = (0..least).all(|index| self.values.get(index).is_some_and(|value| !value.is_omitted()));
        if has_all { Ok(()) } else { Err(messages::not_enough_arguments()) }
    }

    pub fn is_given(&self, index: usize) -> bool {
        self.values.get(index).is_some_and(|value| !value.is_omitted())
    }

    /// The value, Неопределено if it was left out.
    pub fn value(&self, index: usize) -> Value {
        self.values.get(index).map(Value::resolved).unwrap_or_default()
    }

    /// Writes into the variable that was passed.
    pub fn assign(&self, index: usize, value: Value) {
        if let Some(Value::Reference(variable)) = self.values.get(index) {
            *variable.borrow_mut() = value;
        }
    }

    /// A text; numbers and dates are converted as the platform does.
    pub fn text(&self, index: usize) -> Outcome<Rc<str>> {
        match self.value(index) {
            Value::Text(text) => Ok(text),
            value @ (Value::Number(_) | Value::Date(_) | Value::Boolean(_) | Value::Undefined) => {
                Ok(value.presentation())
            }
            _ => Err(messages::wrong_type(index + 1)),
        }
    }

    pub fn text_or(&self, index: usize, default: &str) -> Outcome<Rc<str>> {
        if self.is_given(index) { self.text(index) } else { Ok(default.into()) }
    }

    pub fn number(&self, index: usize) -> Outcome<Number> {
        match self.value(index) {
            Value::Number(number) => Ok(number),
            Value::Boolean(value) => Ok(Number::from(i64::from(value))),
            Value::Text(text) => Number::parse(&text).ok_or_else(|| messages::wrong_type(index + 1)),
            _ => Err(messages::wrong_type(index + 1)),
        }
    }

    pub fn integer(&self, index: usize) -> Outcome<i64> {
        self.number(index)?.to_i64().ok_or_else(|| messages::wrong_value(index + 1))
    }

    pub fn integer_or(&self, index: usize, default: i64) -> Outcome<i64> {
        if self.is_given(index) { self.integer(index) } else { Ok(default) }
    }

    pub fn boolean_or(&self, index: usize, default: bool) -> Outcome<bool> {
        if !self.is_given(index) {
            return Ok(default);
        }
        match self.value(index) {
            Value::Boolean(value) => Ok(value),
            Value::Number(number) => Ok(!number.is_zero()),
            _ => Err(messages::wrong_type(index + 1)),
        }
    }
}
