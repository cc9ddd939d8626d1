//! Operators of the language.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::code::Sign;
use crate::failure::{Outcome, messages};
use crate::number::Number;
use crate::value::Value;

pub(super) fn binary(sign: Sign, left: &Value, right: &Value) -> Outcome {
    Ok(match sign {
        Sign::Add => return add(left, right),
        Sign::Subtract => return subtract(left, right),
        Sign::Multiply => to_number(left)?.multiply(to_number(right)?)?.into(),
        Sign::Divide => to_number(left)?.divide(to_number(right)?)?.into(),
        Sign::Remainder => to_number(left)?.remainder(to_number(right)?)?.into(),
        Sign::Equal => (left == right).into(),
        Sign::NotEqual => (left != right).into(),
        Sign::Less => (compare(left, right)? == Ordering::Less).into(),
        Sign::LessOrEqual => (compare(left, right)? != Ordering::Greater).into(),
        Sign::Greater => (compare(left, right)? == Ordering::Greater).into(),
        Sign::GreaterOrEqual => (compare(left, right)? != Ordering::Less).into(),
    })
}

/// The result for whole numbers, which are most; `None` leaves the others to [`binary`].
#[inline]
pub(super) fn whole_binary(sign: Sign, left: &Value, right: &Value) -> Option<Value> {
    let (left, right) = (whole(left)?, whole(right)?);
    Some(match sign {
        Sign::Add => left.checked_add(right)?.into(),
        Sign::Subtract => left.checked_sub(right)?.into(),
        Sign::Multiply => left.checked_mul(right)?.into(),
        Sign::Remainder => left.checked_rem(right)?.into(),
        Sign::Divide => return None,
        Sign::Equal => (left == right).into(),
        Sign::NotEqual => (left != right).into(),
        Sign::Less => (left < right).into(),
        Sign::LessOrEqual => (left <= right).into(),
        Sign::Greater => (left > right).into(),
        Sign::GreaterOrEqual => (left >= right).into(),
    })
}

#[inline]
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(Number::Whole(whole)) => Some(*whole),
        Value::Reference(variable) => match &*variable.borrow() {
            Value::Number(Number::Whole(whole)) => Some(*whole),
            _ => None,
        },
        _ => None,
    }
}

/// The type of the left operand decides.
fn add(left: &Value, right: &Value) -> Outcome {
    Ok(match left {
        Value::Number(number) => number.plus(to_number(right)?)?.into(),
        Value::Text(text) => {
            let right = right.presentation();
            let mut sum = String::with_capacity(text.len() + right.len());
            sum.push_str(text);
            sum.push_str(&right);
            sum.into()
        }
        Value::Date(date) => date.shifted(seconds(right)?).into(),
        Value::Reference(variable) => return add(&variable.borrow(), right),
        _ => to_number(left)?.plus(to_number(right)?)?.into(),
    })
}

fn subtract(left: &Value, right: &Value) -> Outcome {
    Ok(match (left, right) {
        (Value::Date(left), Value::Date(right)) => Value::from(left.0 - right.0),
        (Value::Date(date), _) => date.shifted(seconds(right)?.saturating_neg()).into(),
        _ => to_number(left)?.subtract(to_number(right)?)?.into(),
    })
}

fn seconds(value: &Value) -> Outcome<i64> {
    to_number(value)?.to_i64().ok_or_else(|| messages::no_conversion("Дата"))
}

pub(crate) fn to_number(value: &Value) -> Outcome<Number> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Boolean(value) => Ok(Number::from(i64::from(*value))),
        Value::Text(text) => Number::parse(text).ok_or_else(|| messages::no_conversion("Число")),
        Value::Reference(variable) => to_number(&variable.borrow()),
        _ => Err(messages::no_conversion("Число")),
    }
}

pub(crate) fn to_boolean(value: &Value) -> Outcome<bool> {
    match value {
        Value::Boolean(value) => Ok(*value),
        Value::Number(number) => Ok(!number.is_zero()),
        Value::Text(text) => match text.trim() {
            text if base::same_name(text, "истина")
                || base::same_name(text, "да")
                || base::same_name(text, "true") =>
            {
                Ok(true)
            }
            text if base::same_name(text, "ложь")
                || base::same_name(text, "нет")
                || base::same_name(text, "false") =>
            {
                Ok(false)
            }
            _ => Err(messages::no_conversion("Булево")),
        },
        Value::Reference(variable) => to_boolean(&variable.borrow()),
        _ => Err(messages::no_conversion("Булево")),
    }
}

/// Order of two values of one primitive type.
pub(crate) fn compare(left: &Value, right: &Value) -> Outcome<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Ok(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Ok(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Ok(compare_texts(left, right)),
        (Value::Boolean(left), Value::Boolean(right)) => Ok(left.cmp(right)),
        (Value::Boolean(left), Value::Number(right)) => Ok(Number::from(i64::from(*left)).cmp(right)),
        (Value::Number(left), Value::Boolean(right)) => Ok(left.cmp(&Number::from(i64::from(*right)))),
        (Value::Reference(left), _) => compare(&left.borrow(), right),
        (_, Value::Reference(right)) => compare(left, &right.borrow()),
        _ => Err(messages::incomparable()),
    }
}

/// Letters decide first, then Е and Ё, then case: small letters come before capital ones.
pub(crate) fn compare_texts(left: &Rc<str>, right: &Rc<str>) -> Ordering {
    let small = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    let base = |letter: char| match small(letter) {
        'ё' => 'е',
        letter => letter,
    };
    let by_letters = left.chars().map(base).cmp(right.chars().map(base));
    let by_marks = || {
        left.chars().map(|letter| small(letter) == 'ё').cmp(right.chars().map(|letter| small(letter) == 'ё'))
    };
    by_letters.then_with(by_marks).then_with(|| right.cmp(left))
}
