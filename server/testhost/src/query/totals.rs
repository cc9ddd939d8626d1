//! `ИТОГИ`: rows of totals before the rows that they add up, and the ways over them.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind};

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::name::Name;
use crate::query::aggregates::State;
use crate::query::compile::{Compiler, Source};
use crate::query::expression::{Expression, Scope};
use crate::query::{Run, Table};
use crate::value::Value;

/// What a row of a result with totals is.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// Rows of a greater level up to the next one of this level are below the row.
    pub(crate) level: usize,
    /// The field of a group; empty for the overall total; `None` for a row of details.
    pub(crate) grouping: Option<Name>,
}

/// A value that rows of totals have: its column and how it is made from the aggregates.
struct TotalColumn {
    column: usize,
    value: Expression,
}

/// All that one clause asks for.
struct Totals<'a> {
    compiler: Compiler<'a>,
    columns: Vec<TotalColumn>,
    /// Columns by which rows are grouped, the outermost first; `None` is the overall total.
    groupings: Vec<Option<usize>>,
    width: usize,
    names: Vec<Name>,
}

type Rows = Vec<Rc<Vec<Value>>>;

impl<'a> Run<'a> {
    /// Puts rows of totals into a result.
    pub(super) fn with_totals(
        &'a self,
        machine: &mut Machine,
        clause: QueryNodeId,
        table: Table,
    ) -> Outcome<Table> {
        let (names, rows) = (table.columns.clone(), table.rows.clone());
        let mut totals = self.totals(machine, clause, table)?;
        let mut result = Table { columns: names, ..Table::default() };
        totals.put(machine, &mut result, rows, 0, &mut Vec::new())?;
        Ok(result)
    }

    fn totals(&'a self, machine: &mut Machine, clause: QueryNodeId, table: Table) -> Outcome<Totals<'a>> {
        let (width, names) = (table.columns.len(), table.columns.clone());
        let mut compiler = Compiler::new(self);
        compiler.sources.push(Source { alias: None, table: Rc::new(table) });
        let place = |name: &str| names.iter().position(|column| base::same_name(&column.shown, name));
        let mut columns = Vec::new();
        for node in self.tree.children_of_kind(clause, QueryNodeKind::Column).collect::<Vec<_>>() {
            let Some(value) = self.tree.child(node, QueryRole::Value) else { continue };
            let name = match self.tree.child(node, QueryRole::Alias) {
                Some(alias) => Some(compiler.text(alias)),
                None => self.operand_name(value),
            };
            let column = name.and_then(place);
            let column = column.ok_or_else(|| compiler.failure(node, "Неверное поле итогов"))?;
            columns.push(TotalColumn { column, value: compiler.expression(machine, value)? });
        }
        let mut groupings = Vec::new();
        for node in self.tree.children_of_kind(clause, QueryNodeKind::Total).collect::<Vec<_>>() {
            groupings.push(self.grouping(&compiler, node, &place)?);
        }
        Ok(Totals { compiler, columns, groupings, width, names })
    }

    /// The last name of the operand in `СУММА(Т.Сумма)`.
    fn operand_name(&self, value: QueryNodeId) -> Option<&'a str> {
        let arguments = self.tree.child(value, QueryRole::Arguments)?;
        let operand = self.tree.children(arguments).next()?;
        self.tree.path(operand, self.text)?.last().copied()
    }

    fn grouping(
        &self,
        compiler: &Compiler<'_>,
        node: QueryNodeId,
        place: &dyn Fn(&str) -> Option<usize>,
    ) -> Outcome<Option<usize>> {
        if self.tree.has_own_token(node, QueryTokenKind::Hierarchy) {
            return Err(Failure::unsupported("ИТОГИ ПО ИЕРАРХИИ в запросе"));
        }
        if self.tree.children_of_kind(node, QueryNodeKind::Periods).next().is_some() {
            return Err(Failure::unsupported("ИТОГИ ПЕРИОДАМИ в запросе"));
        }
        let Some(value) = self.tree.child(node, QueryRole::Value) else { return Ok(None) };
        if self.tree.has_own_token(node, QueryTokenKind::Overall) {
            return Ok(None);
        }
        let path = self.tree.path(value, self.text).unwrap_or_default();
        let column = path.last().and_then(|name| place(name));
        column.map(Some).ok_or_else(|| compiler.failure(value, "Неверное поле группировки итогов"))
    }
}

impl Totals<'_> {
    /// Puts the rows of one group with the totals of those below; `keys` are the values of the groups around.
    fn put(
        &mut self,
        machine: &mut Machine,
        result: &mut Table,
        rows: Rows,
        level: usize,
        keys: &mut Vec<(usize, Value)>,
    ) -> Outcome<()> {
        let Some(grouping) = self.groupings.get(level).copied() else {
            result.marks.extend(rows.iter().map(|_| Mark { level, grouping: None }));
            result.rows.extend(rows);
            return machine.check_size(result.rows.len());
        };
        let Some(column) = grouping else {
            self.put_total(machine, result, &rows, level, keys, Name::new(""))?;
            return self.put(machine, result, rows, level + 1, keys);
        };
        let mut places: FxHashMap<Value, usize> = FxHashMap::default();
        let mut groups: Vec<(Value, Rows)> = Vec::new();
        for row in rows {
            let key = row.get(column).cloned().unwrap_or(Value::Null);
            let place = *places.entry(key.clone()).or_insert_with(|| {
                groups.push((key, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(row);
        }
        for (key, rows) in groups {
            keys.push((column, key));
            self.put_total(machine, result, &rows, level, keys, self.names[column].clone())?;
            self.put(machine, result, rows, level + 1, keys)?;
            keys.pop();
        }
        Ok(())
    }

    fn put_total(
        &self,
        machine: &mut Machine,
        result: &mut Table,
        rows: &[Rc<Vec<Value>>],
        level: usize,
        keys: &[(usize, Value)],
        grouping: Name,
    ) -> Outcome<()> {
        let mut states: Vec<State> = self.compiler.aggregates.iter().map(State::new).collect();
        for row in rows {
            let row = vec![row.clone()];
            for (aggregate, state) in self.compiler.aggregates.iter().zip(&mut states) {
                let scope = Scope { row: &row, aggregates: &[] };
                let value = match &aggregate.operand {
                    Some(operand) => operand.compute(machine, &scope)?,
                    None => Value::Boolean(true),
                };
                state.add(value)?;
            }
        }
        let aggregates = states.into_iter().map(State::result).collect::<Outcome<Vec<_>>>()?;
        let mut values = vec![Value::Null; self.width];
        for (column, key) in keys {
            values[*column] = key.clone();
        }
        let first = rows.first().cloned().unwrap_or_else(|| Rc::new(vec![Value::Null; self.width]));
        let scope = Scope { row: &vec![first], aggregates: &aggregates };
        for total in &self.columns {
            values[total.column] = total.value.compute(machine, &scope)?;
        }
        result.rows.push(Rc::new(values));
        result.marks.push(Mark { level, grouping: Some(grouping) });
        machine.check_size(result.rows.len())
    }
}

impl Table {
    /// Places of the rows right below a row, of the outermost ones without it; or those of one grouping.
    pub(super) fn below(&self, parent: Option<usize>, grouping: Option<&Name>) -> Vec<usize> {
        let (first, level) = match parent {
            Some(place) => (place + 1, self.marks.get(place).map_or(usize::MAX, |mark| mark.level + 1)),
            None => (0, 0),
        };
        let inner = self.marks.iter().enumerate().skip(first).take_while(|(_, mark)| mark.level >= level);
        let is_wanted = |mark: &Mark| match grouping {
            Some(name) => mark.grouping.as_ref() == Some(name),
            None => mark.level == level,
        };
        inner.filter(|(_, mark)| is_wanted(mark)).map(|(place, _)| place).collect()
    }
}
