//! Aggregate functions.

use rustc_hash::FxHashSet;

use crate::failure::Outcome;
use crate::number::Number;
use crate::objects::order::order;
use crate::query::expression::Expression;
use crate::value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AggregateKind {
    Sum,
    Count,
    Average,
    Least,
    Greatest,
}

/// An aggregate of a query; without an operand it counts rows.
pub(super) struct Aggregate {
    pub(super) kind: AggregateKind,
    pub(super) operand: Option<Expression>,
    pub(super) is_distinct: bool,
}

impl AggregateKind {
    /// A function by one of its names, in lower case.
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "сумма" | "sum" => Self::Sum,
            "количество" | "count" => Self::Count,
            "среднее" | "avg" => Self::Average,
            "минимум" | "min" => Self::Least,
            "максимум" | "max" => Self::Greatest,
            _ => return None,
        })
    }
}

/// What an aggregate knows of the rows it has seen.
pub(super) struct State {
    kind: AggregateKind,
    seen: Option<FxHashSet<Value>>,
    total: Number,
    count: usize,
    best: Value,
}

impl State {
    pub(super) fn new(aggregate: &Aggregate) -> Self {
        let seen = aggregate.is_distinct.then(FxHashSet::default);
        Self { kind: aggregate.kind, seen, total: Number::ZERO, count: 0, best: Value::Null }
    }

    /// NULL does not count.
    pub(super) fn add(&mut self, value: Value) -> Outcome<()> {
        if matches!(value, Value::Null) || self.seen.as_mut().is_some_and(|seen| !seen.insert(value.clone()))
        {
            return Ok(());
        }
        self.count += 1;
        if let Value::Number(number) = &value
            && matches!(self.kind, AggregateKind::Sum | AggregateKind::Average)
        {
            self.total = self.total.plus(*number)?;
        }
        let is_better = match self.kind {
            AggregateKind::Least => order(&value, &self.best).is_lt(),
            AggregateKind::Greatest => order(&value, &self.best).is_gt(),
            _ => false,
        };
        if is_better || (self.count == 1 && matches!(self.best, Value::Null)) {
            self.best = value;
        }
        Ok(())
    }

    pub(super) fn result(self) -> Outcome {
        Ok(match self.kind {
            AggregateKind::Count => self.count.into(),
            _ if self.count == 0 => Value::Null,
            AggregateKind::Sum => self.total.into(),
            AggregateKind::Average => self.total.divide(Number::from(self.count))?.into(),
            AggregateKind::Least | AggregateKind::Greatest => self.best,
        })
    }
}
