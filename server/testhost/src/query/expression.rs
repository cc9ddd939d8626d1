//! Compiled expressions of queries and how they are computed.

use std::cmp::Ordering;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use syntax::QueryTokenKind;

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::machine::operators::compare;
use crate::name::Name;
use crate::number::Number;
use crate::query::functions::{self, Function};
use crate::types::TypeName;
use crate::value::Value;

/// One row of each source.
pub(super) type Row = Vec<Rc<Vec<Value>>>;

pub(super) enum Expression {
    Constant(Value),
    Field {
        source: usize,
        column: usize,
    },
    /// A field of a reference.
    Path(Box<Self>, Name),
    Negate(Box<Self>),
    Not(Box<Self>),
    Binary(QueryTokenKind, Box<Self>, Box<Self>),
    In {
        operand: Box<Self>,
        list: Vec<Self>,
        set: Option<FxHashSet<Value>>,
        is_negated: bool,
    },
    Between {
        operand: Box<Self>,
        low: Box<Self>,
        high: Box<Self>,
        is_negated: bool,
    },
    Like {
        operand: Box<Self>,
        pattern: Box<Self>,
        escape: Option<char>,
        is_negated: bool,
    },
    IsNull {
        operand: Box<Self>,
        is_negated: bool,
    },
    /// `(А, Б) В (ВЫБРАТЬ …)`
    InRows {
        operands: Vec<Self>,
        rows: FxHashSet<Vec<Value>>,
        is_negated: bool,
    },
    Refs(Box<Self>, TypeName),
    /// `ВЫРАЗИТЬ`: a type with its length and digits, if they are given.
    Cast {
        operand: Box<Self>,
        type_name: TypeName,
        sizes: [Option<usize>; 2],
    },
    Case {
        operand: Option<Box<Self>>,
        branches: Vec<(Self, Self)>,
        otherwise: Option<Box<Self>>,
    },
    Call(Function, Vec<Self>),
    /// Number of an aggregate of the group.
    Aggregate(usize),
}

/// What an expression is computed over.
pub(super) struct Scope<'a> {
    pub(super) row: &'a Row,
    /// Aggregates of the group, if there is one.
    pub(super) aggregates: &'a [Value],
}

impl Expression {
    pub(super) fn compute(&self, machine: &mut Machine, scope: &Scope<'_>) -> Outcome {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Field { source, column } => scope.row[*source].get(*column).cloned().unwrap_or(Value::Null),
            Self::Path(object, name) => match object.compute(machine, scope)? {
                Value::Object(object) => object.query_field(machine, name)?,
                _ => Value::Null,
            },
            Self::Negate(operand) => match operand.compute(machine, scope)? {
                Value::Number(number) => number.negated()?.into(),
                _ => Value::Null,
            },
            Self::Not(operand) => match operand.compute(machine, scope)? {
                Value::Boolean(value) => (!value).into(),
                _ => Value::Null,
            },
            Self::Binary(sign, left, right) => return self.binary(machine, scope, *sign, left, right),
            Self::In { operand, list, set, is_negated } => {
                let value = operand.compute(machine, scope)?;
                if matches!(value, Value::Null) {
                    return Ok(Value::Null);
                }
                let mut is_in = set.as_ref().is_some_and(|set| set.contains(&value));
                for item in list {
                    is_in = is_in || item.compute(machine, scope)? == value;
                }
                (is_in != *is_negated).into()
            }
            Self::Between { operand, low, high, is_negated } => {
                let value = operand.compute(machine, scope)?;
                let (low, high) = (low.compute(machine, scope)?, high.compute(machine, scope)?);
                match (ordered(&value, &low), ordered(&value, &high)) {
                    (Some(low), Some(high)) => ((low.is_ge() && high.is_le()) != *is_negated).into(),
                    _ => Value::Null,
                }
            }
            Self::Like { operand, pattern, escape, is_negated } => {
                match (operand.compute(machine, scope)?, pattern.compute(machine, scope)?) {
                    (Value::Text(text), Value::Text(pattern)) => {
                        (functions::is_like(&text, &pattern, *escape) != *is_negated).into()
                    }
                    _ => Value::Null,
                }
            }
            Self::IsNull { operand, is_negated } => {
                (matches!(operand.compute(machine, scope)?, Value::Null) != *is_negated).into()
            }
            Self::InRows { operands, rows, is_negated } => {
                let mut row = Vec::with_capacity(operands.len());
                for operand in operands {
                    row.push(operand.compute(machine, scope)?);
                }
                (rows.contains(&row) != *is_negated).into()
            }
            Self::Cast { operand, type_name, sizes } => {
                cast(operand.compute(machine, scope)?, type_name, *sizes)
            }
            Self::Refs(operand, name) => (operand.compute(machine, scope)?.type_name() == *name).into(),
            Self::Case { operand, branches, otherwise } => {
                let value = operand.as_ref().map(|operand| operand.compute(machine, scope)).transpose()?;
                for (condition, result) in branches {
                    let condition = condition.compute(machine, scope)?;
                    let is_taken = match &value {
                        Some(value) => *value == condition,
                        None => condition == Value::Boolean(true),
                    };
                    if is_taken {
                        return result.compute(machine, scope);
                    }
                }
                match otherwise {
                    Some(otherwise) => otherwise.compute(machine, scope)?,
                    None => Value::Null,
                }
            }
            Self::Call(function, arguments) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(argument.compute(machine, scope)?);
                }
                function(&values)?
            }
            Self::Aggregate(index) => scope.aggregates.get(*index).cloned().unwrap_or(Value::Null),
        })
    }

    pub(super) fn is_true(&self, machine: &mut Machine, scope: &Scope<'_>) -> Outcome<bool> {
        Ok(self.compute(machine, scope)? == Value::Boolean(true))
    }

    fn binary(
        &self,
        machine: &mut Machine,
        scope: &Scope<'_>,
        sign: QueryTokenKind,
        left: &Self,
        right: &Self,
    ) -> Outcome {
        let left = left.compute(machine, scope)?;
        // A false side decides whatever the other one is.
        match (sign, &left) {
            (QueryTokenKind::And, Value::Boolean(false)) | (QueryTokenKind::Or, Value::Boolean(true)) => {
                return Ok(left);
            }
            _ => {}
        }
        let right = right.compute(machine, scope)?;
        match sign {
            QueryTokenKind::And | QueryTokenKind::Or => Ok(logical(sign, &left, &right)),
            _ if matches!(left, Value::Null) || matches!(right, Value::Null) => Ok(Value::Null),
            QueryTokenKind::Equal => Ok((left == right).into()),
            QueryTokenKind::NotEqual => Ok((left != right).into()),
            QueryTokenKind::Less
            | QueryTokenKind::LessOrEqual
            | QueryTokenKind::Greater
            | QueryTokenKind::GreaterOrEqual => {
                Ok(ordered(&left, &right).map_or(Value::Boolean(false), |order| is_order(sign, order).into()))
            }
            _ => arithmetic(sign, &left, &right),
        }
    }
}

/// The value within its length; NULL if it is of another type.
fn cast(value: Value, type_name: &TypeName, [length, digits]: [Option<usize>; 2]) -> Value {
    if value.type_name() != *type_name {
        return Value::Null;
    }
    match (&value, length) {
        (Value::Number(number), Some(_)) => number.rounded(digits.unwrap_or(0) as i64, true).into(),
        (Value::Text(text), Some(length)) if length > 0 => {
            text.chars().take(length).collect::<String>().into()
        }
        _ => value,
    }
}

fn is_order(sign: QueryTokenKind, order: Ordering) -> bool {
    match sign {
        QueryTokenKind::Less => order.is_lt(),
        QueryTokenKind::LessOrEqual => order.is_le(),
        QueryTokenKind::Greater => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn logical(sign: QueryTokenKind, left: &Value, right: &Value) -> Value {
    let deciding = Value::Boolean(sign == QueryTokenKind::Or);
    match (left, right) {
        _ if *left == deciding || *right == deciding => deciding,
        (Value::Boolean(_), Value::Boolean(_)) => Value::Boolean(sign == QueryTokenKind::And),
        _ => Value::Null,
    }
}

fn arithmetic(sign: QueryTokenKind, left: &Value, right: &Value) -> Outcome {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Ok(match sign {
            QueryTokenKind::Plus => left.plus(*right)?,
            QueryTokenKind::Minus => left.subtract(*right)?,
            QueryTokenKind::Star => left.multiply(*right)?,
            // The database gives nothing for a division by zero here; the platform stops.
            _ => left.divide(*right)?,
        }
        .into()),
        (Value::Text(left), Value::Text(right)) if sign == QueryTokenKind::Plus => {
            Ok(format!("{left}{right}").into())
        }
        (Value::Date(date), Value::Number(Number::Whole(seconds))) if sign == QueryTokenKind::Plus => {
            Ok(date.shifted(*seconds).into())
        }
        (Value::Date(date), Value::Number(Number::Whole(seconds))) if sign == QueryTokenKind::Minus => {
            Ok(date.shifted(-seconds).into())
        }
        _ => Err(Failure::runtime("Неверные параметры операции в запросе")),
    }
}

fn ordered(left: &Value, right: &Value) -> Option<Ordering> {
    compare(left, right).ok()
}
