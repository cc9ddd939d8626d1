//! Functions of numbers.

use std::cmp::Ordering;

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::machine::operators::compare;
use crate::number::Number;
use crate::objects::enumeration::value_name;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("Цел", "Int", 1, 1, |_, arguments| Ok(arguments.number(0)?.truncated().into())),
    ("Окр", "Round", 1, 3, round),
    ("Мин", "Min", 1, 255, |_, arguments| extreme(arguments, Ordering::Less)),
    ("Макс", "Max", 1, 255, |_, arguments| extreme(arguments, Ordering::Greater)),
    ("Sqrt", "Sqrt", 1, 1, |_, arguments| float(arguments, f64::sqrt)),
    ("Sin", "Sin", 1, 1, |_, arguments| float(arguments, f64::sin)),
    ("Cos", "Cos", 1, 1, |_, arguments| float(arguments, f64::cos)),
    ("Tan", "Tan", 1, 1, |_, arguments| float(arguments, f64::tan)),
    ("ASin", "ASin", 1, 1, |_, arguments| float(arguments, f64::asin)),
    ("ACos", "ACos", 1, 1, |_, arguments| float(arguments, f64::acos)),
    ("ATan", "ATan", 1, 1, |_, arguments| float(arguments, f64::atan)),
    ("Log", "Log", 1, 1, |_, arguments| float(arguments, f64::ln)),
    ("Log10", "Log10", 1, 1, |_, arguments| float(arguments, f64::log10)),
    ("Exp", "Exp", 1, 1, |_, arguments| float(arguments, f64::exp)),
    ("Pow", "Pow", 2, 2, power),
];

fn round(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let digits = arguments.integer_or(1, 0)?;
    let is_half_up = match value_name(&arguments.value(2)) {
        Some(name) => name != "Окр15как10",
        // The number of the mode: 0 is Окр15как10, 1 is Окр15как20.
        None => arguments.integer_or(2, 1)? != 0,
    };
    Ok(arguments.number(0)?.rounded(digits, is_half_up).into())
}

fn extreme(arguments: &Arguments<'_>, wanted: Ordering) -> Outcome {
    let mut best = arguments.value(0);
    for index in 1..arguments.len() {
        let value = arguments.value(index);
        if compare(&value, &best)? == wanted {
            best = value;
        }
    }
    Ok(best)
}

fn float(arguments: &Arguments<'_>, function: fn(f64) -> f64) -> Outcome {
    let result = function(arguments.number(0)?.float());
    if !result.is_finite() {
        return Err(Failure::runtime("Недопустимое значение параметра (параметр номер '1')"));
    }
    Ok(Number::from_float(result)?.into())
}

/// Whole powers are exact.
fn power(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (base, exponent) = (arguments.number(0)?, arguments.number(1)?);
    if let Number::Whole(whole @ 0..=1000) = exponent {
        let mut result = Number::ONE;
        for _ in 0..whole {
            result = result.multiply(base)?;
        }
        return Ok(result.into());
    }
    let result = base.float().powf(exponent.float());
    if result.is_finite() {
        Ok(Value::Number(Number::from_float(result)?))
    } else {
        Err(Failure::runtime("Переполнение числа"))
    }
}
