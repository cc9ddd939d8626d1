//! Functions of the query language that need one row only.

use crate::date::{Date, DateParts, month_days};
use crate::failure::{Failure, Outcome};
use crate::number::Number;
use crate::types::TypeName;
use crate::value::Value;

pub(super) type Function = fn(&[Value]) -> Outcome;

/// A function by one of its names, in lower case.
pub(super) fn find(name: &str) -> Option<Function> {
    Some(match name {
        "естьnull" | "isnull" => is_null,
        "подстрока" | "substring" => substring,
        "длинастроки" | "stringlength" => |arguments| {
            Ok(match arguments {
                [Value::Text(text)] => text.chars().count().into(),
                _ => Value::Null,
            })
        },
        "врег" | "upper" => |arguments| Ok(text_of(arguments, |text| text.to_uppercase())),
        "нрег" | "lower" => |arguments| Ok(text_of(arguments, |text| text.to_lowercase())),
        "сокрлп" | "trimall" => |arguments| Ok(text_of(arguments, |text| text.trim().to_owned())),
        "год" | "year" => |arguments| Ok(part_of(arguments, |parts| parts.year)),
        "месяц" | "month" => |arguments| Ok(part_of(arguments, |parts| parts.month)),
        "день" | "day" => |arguments| Ok(part_of(arguments, |parts| parts.day)),
        "час" | "hour" => |arguments| Ok(part_of(arguments, |parts| parts.hour)),
        "минута" | "minute" => |arguments| Ok(part_of(arguments, |parts| parts.minute)),
        "секунда" | "second" => |arguments| Ok(part_of(arguments, |parts| parts.second)),
        "квартал" | "quarter" => |arguments| Ok(part_of(arguments, |parts| (parts.month - 1) / 3 + 1)),
        "деньнедели" | "weekday" => |arguments| {
            Ok(match arguments {
                [Value::Date(date)] => date.week_day().into(),
                _ => Value::Null,
            })
        },
        "датавремя" | "datetime" => date_time,
        "представление" | "presentation" | "представлениессылки" | "refpresentation" => {
            |arguments| Ok(arguments.first().map_or(Value::Null, |value| Value::Text(value.presentation())))
        }
        "типзначения" | "valuetype" => {
            |arguments| Ok(arguments.first().map_or(Value::Null, |value| Value::Type(value.type_name())))
        }
        "тип" | "type" => |arguments| match arguments {
            [Value::Type(_)] => Ok(arguments[0].clone()),
            [Value::Text(name)] => Ok(Value::Type(
                TypeName::find(name).unwrap_or_else(|| TypeName::made(name.clone(), name.clone())),
            )),
            _ => Ok(Value::Null),
        },
        "окр" | "round" => |arguments| {
            Ok(match arguments {
                [Value::Number(number)] => number.rounded(0, true).into(),
                [Value::Number(number), Value::Number(digits)] => {
                    number.rounded(digits.to_i64().unwrap_or(0), true).into()
                }
                _ => Value::Null,
            })
        },
        "цел" | "int" => |arguments| {
            Ok(match arguments {
                [Value::Number(number)] => number.truncated().into(),
                _ => Value::Null,
            })
        },
        "абс" | "abs" => |arguments| {
            Ok(match arguments {
                [Value::Number(number)] if *number < Number::ZERO => number.negated()?.into(),
                [value] => value.clone(),
                _ => Value::Null,
            })
        },
        "началопериода" | "beginofperiod" => |arguments| period(arguments, false),
        "конецпериода" | "endofperiod" => |arguments| period(arguments, true),
        "добавитькдате" | "dateadd" => add_to_date,
        "разностьдат" | "datediff" => difference,
        _ => return None,
    })
}

fn is_null(arguments: &[Value]) -> Outcome {
    Ok(match arguments {
        [Value::Null, other] => other.clone(),
        [value, _] => value.clone(),
        _ => return Err(Failure::runtime("Неверные параметры \"ЕСТЬNULL\"")),
    })
}

fn text_of(arguments: &[Value], change: impl Fn(&str) -> String) -> Value {
    match arguments {
        [Value::Text(text)] => change(text).into(),
        _ => Value::Null,
    }
}

fn part_of(arguments: &[Value], part: impl Fn(DateParts) -> i64) -> Value {
    match arguments {
        [Value::Date(date)] => part(date.parts()).into(),
        _ => Value::Null,
    }
}

fn substring(arguments: &[Value]) -> Outcome {
    let [Value::Text(text), Value::Number(from), Value::Number(length)] = arguments else {
        return Ok(Value::Null);
    };
    let skipped = usize::try_from(from.to_i64().unwrap_or(1).max(1) - 1).unwrap_or(0);
    let length = usize::try_from(length.to_i64().unwrap_or(0)).unwrap_or(0);
    Ok(text.chars().skip(skipped).take(length).collect::<String>().into())
}

fn date_time(arguments: &[Value]) -> Outcome {
    let part = |index: usize| match arguments.get(index) {
        Some(Value::Number(number)) => number.to_i64().unwrap_or(0),
        _ => 0,
    };
    let (year, month, day) = (part(0), part(1), part(2));
    let parts = DateParts { year, month, day, hour: part(3), minute: part(4), second: part(5) };
    Date::from_parts(parts)
        .map(Value::Date)
        .ok_or_else(|| Failure::runtime("Неверные параметры \"ДАТАВРЕМЯ\""))
}

/// The begin or the end of a period that a date lies in.
pub(crate) fn period_border(date: Date, unit: &str, is_end: bool) -> Outcome {
    period(&[date.into(), unit.into()], is_end)
}

/// Names of periods come as texts: the compiler turns `МЕСЯЦ` into one.
fn period(arguments: &[Value], is_end: bool) -> Outcome {
    let [Value::Date(date), Value::Text(unit)] = arguments else { return Ok(Value::Null) };
    let parts = date.parts();
    let day = |month: i64, day: i64| {
        Date::from_parts(DateParts { month, day, hour: 0, minute: 0, second: 0, ..parts }).unwrap_or(*date)
    };
    let quarter = (parts.month - 1) / 3 * 3 + 1;
    let week = date.start_of_day().shifted(-(date.week_day() - 1) * 86_400);
    let (start, end) = match base::fold_case(unit).as_ref() {
        "минута" | "minute" => {
            (Date(date.0 - date.0.rem_euclid(60)), Date(date.0 - date.0.rem_euclid(60) + 59))
        }
        "час" | "hour" => {
            (Date(date.0 - date.0.rem_euclid(3600)), Date(date.0 - date.0.rem_euclid(3600) + 3599))
        }
        "день" | "day" => (date.start_of_day(), date.start_of_day().shifted(86_399)),
        "неделя" | "week" => (week, week.shifted(7 * 86_400 - 1)),
        "месяц" | "month" => {
            (day(parts.month, 1), day(parts.month, month_days(parts.year, parts.month)).shifted(86_399))
        }
        "квартал" | "quarter" => {
            (day(quarter, 1), day(quarter + 2, month_days(parts.year, quarter + 2)).shifted(86_399))
        }
        "год" | "year" => (day(1, 1), day(12, 31).shifted(86_399)),
        _ => return Err(Failure::unsupported(format!("период {unit}"))),
    };
    Ok(if is_end { end } else { start }.into())
}

fn add_to_date(arguments: &[Value]) -> Outcome {
    let [Value::Date(date), Value::Text(unit), Value::Number(count)] = arguments else {
        return Ok(Value::Null);
    };
    let count = count.to_i64().unwrap_or(0);
    Ok(match base::fold_case(unit).as_ref() {
        "секунда" | "second" => date.shifted(count),
        "минута" | "minute" => date.shifted(count.saturating_mul(60)),
        "час" | "hour" => date.shifted(count.saturating_mul(3600)),
        "день" | "day" => date.shifted(count.saturating_mul(86_400)),
        "неделя" | "week" => date.shifted(count.saturating_mul(7 * 86_400)),
        "месяц" | "month" => date.shifted_by_months(count),
        "квартал" | "quarter" => date.shifted_by_months(count.saturating_mul(3)),
        "год" | "year" => date.shifted_by_months(count.saturating_mul(12)),
        _ => return Err(Failure::unsupported(format!("период {unit}"))),
    }
    .into())
}

fn difference(arguments: &[Value]) -> Outcome {
    let [Value::Date(from), Value::Date(to), Value::Text(unit)] = arguments else { return Ok(Value::Null) };
    let months = |date: &Date| date.parts().year * 12 + date.parts().month;
    let units = |seconds: i64| to.0.div_euclid(seconds) - from.0.div_euclid(seconds);
    Ok(match base::fold_case(unit).as_ref() {
        "секунда" | "second" => to.0 - from.0,
        "минута" | "minute" => units(60),
        "час" | "hour" => units(3600),
        "день" | "day" => units(86_400),
        "месяц" | "month" => months(to) - months(from),
        "год" | "year" => to.parts().year - from.parts().year,
        _ => return Err(Failure::unsupported(format!("период {unit}"))),
    }
    .into())
}

/// `%` is any text, `_` any letter, `[…]` one of several; case does not count.
pub(super) fn is_like(text: &str, pattern: &str, escape: Option<char>) -> bool {
    let fold = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (text, pattern) = (fold(text), fold(pattern));
    let mut places = vec![false; text.len() + 1];
    places[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let mut next = vec![false; text.len() + 1];
        match pattern[at] {
            '%' if escape != Some('%') => {
                let mut is_open = false;
                for (place, reached) in places.iter().enumerate() {
                    is_open |= reached;
                    next[place] = is_open;
                }
            }
            letter => {
                let (test, length) = matcher(&pattern[at..], letter, escape);
                for (place, found) in text.iter().enumerate() {
                    next[place + 1] = places[place] && test(*found);
                }
                at += length - 1;
            }
        }
        places = next;
        at += 1;
    }
    places.last().copied().unwrap_or(false)
}

/// What one element of a pattern accepts, and how many characters it has.
fn matcher(pattern: &[char], letter: char, escape: Option<char>) -> (Box<dyn Fn(char) -> bool + '_>, usize) {
    if escape == Some(letter) && pattern.len() > 1 {
        let wanted = pattern[1];
        return (Box::new(move |found| found == wanted), 2);
    }
    if letter == '_' {
        return (Box::new(|_| true), 1);
    }
    if letter == '['
        && let Some(length) = pattern.iter().position(|letter| *letter == ']')
    {
        let (is_negated, set) = match &pattern[1..length] {
            ['^', rest @ ..] => (true, rest),
            set => (false, set),
        };
        return (Box::new(move |found| is_in_set(set, found) != is_negated), length + 1);
    }
    (Box::new(move |found| found == letter), 1)
}

fn is_in_set(set: &[char], found: char) -> bool {
    let mut rest = set;
    loop {
        rest = match rest {
            [] => return false,
            [low, '-', high, others @ ..] => {
                if (*low..=*high).contains(&found) {
                    return true;
                }
                others
            }
            [letter, others @ ..] => {
                if *letter == found {
                    return true;
                }
                others
            }
        };
    }
}
