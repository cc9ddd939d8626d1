//! Joins: by a hash of the equal fields where the condition has them, else by trying all pairs.

use rustc_hash::FxHashMap;
use syntax::QueryTokenKind;

use crate::failure::Outcome;
use crate::machine::Machine;
use crate::query::expression::{Expression, Row, Scope};
use crate::value::Value;

/// Which rows a join keeps without a partner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
}

/// A join whose sides are known.
pub(super) struct Matching<'a> {
    pub(super) condition: &'a Expression,
    pub(super) first_right: usize,
    pub(super) kind: JoinKind,
}

impl Matching<'_> {
    pub(super) fn join(
        &self,
        machine: &mut Machine,
        left: Vec<Row>,
        right: Vec<Row>,
        no_left: &Row,
        no_right: &Row,
    ) -> Outcome<Vec<Row>> {
        let (keeps_left, keeps_right) = (
            matches!(self.kind, JoinKind::Left | JoinKind::Full),
            matches!(self.kind, JoinKind::Right | JoinKind::Full),
        );
        let keys = self.equalities();
        let index = self.index(machine, &keys, &right, no_left)?;
        let mut was_met = vec![false; right.len()];
        let mut joined = Vec::new();
        for row in left {
            let candidates = match &index {
                Some(index) => {
                    let mut key = Vec::with_capacity(keys.len());
                    for (left, _) in &keys {
                        key.push(left.compute(machine, &Scope { row: &row, aggregates: &[] })?);
                    }
                    index.get(&key).cloned().unwrap_or_default()
                }
                None => (0..right.len()).collect(),
            };
            let mut has_partner = false;
            for place in candidates {
                machine.count_step()?;
                let pair = [row.as_slice(), right[place].as_slice()].concat();
                if self.condition.is_true(machine, &Scope { row: &pair, aggregates: &[] })? {
                    has_partner = true;
                    was_met[place] = true;
                    joined.push(pair);
                    machine.check_size(joined.len())?;
                }
            }
            if !has_partner && keeps_left {
                joined.push([row.as_slice(), no_right.as_slice()].concat());
            }
        }
        if keeps_right {
            let alone = right.iter().zip(&was_met).filter(|(_, was_met)| !**was_met);
            joined.extend(alone.map(|(row, _)| [no_left.as_slice(), row.as_slice()].concat()));
        }
        Ok(joined)
    }

    /// Operands of `А.Х = Б.Х` that all must hold, the one over the left side first.
    fn equalities(&self) -> Vec<(&Expression, &Expression)> {
        let mut pending = vec![self.condition];
        let mut keys = Vec::new();
        while let Some(expression) = pending.pop() {
            let Expression::Binary(sign, left, right) = expression else { continue };
            match sign {
                QueryTokenKind::And => pending.extend([left.as_ref(), right.as_ref()]),
                QueryTokenKind::Equal => match (self.is_right(left), self.is_right(right)) {
                    (Some(false), Some(true)) => keys.push((left.as_ref(), right.as_ref())),
                    (Some(true), Some(false)) => keys.push((right.as_ref(), left.as_ref())),
                    _ => {}
                },
                _ => {}
            }
        }
        keys
    }

    /// True for a field of the right side, false for one of the left side.
    fn is_right(&self, expression: &Expression) -> Option<bool> {
        match expression {
            Expression::Field { source, .. } => Some(*source >= self.first_right),
            Expression::Path(object, _) => self.is_right(object),
            _ => None,
        }
    }

    fn index(
        &self,
        machine: &mut Machine,
        keys: &[(&Expression, &Expression)],
        right: &[Row],
        no_left: &Row,
    ) -> Outcome<Option<FxHashMap<Vec<Value>, Vec<usize>>>> {
        if keys.is_empty() {
            return Ok(None);
        }
        let mut index: FxHashMap<Vec<Value>, Vec<usize>> = FxHashMap::default();
        for (place, row) in right.iter().enumerate() {
            let padded = [no_left.as_slice(), row.as_slice()].concat();
            let mut key = Vec::with_capacity(keys.len());
            for (_, expression) in keys {
                key.push(expression.compute(machine, &Scope { row: &padded, aggregates: &[] })?);
            }
            index.entry(key).or_default().push(place);
        }
        Ok(Some(index))
    }
}
