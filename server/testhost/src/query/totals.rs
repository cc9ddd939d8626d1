//! `ИТОГИ`: rows of totals before the rows that they add up, and the ways over them.

use std::rc::Rc;

use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind};

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::name::Name;
use crate::query::aggregates::State;
use crate::query::compile::{Compiler, Source};
use crate::query::expression::{Expression, Scope};
use crate::query::hierarchy::{Forest, Rows, groups_of};
use crate::query::{Run, Table};
use crate::value::Value;

/// What a row of a result with totals is.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// Rows of a greater level up to the next one of this level are below the row.
    pub(crate) level: usize,
    /// Number of the grouping; details follow the last one. Levels of a hierarchy are of one grouping.
    pub(crate) number: usize,
    /// The field of a group; empty for the overall total; `None` for a row of details.
    pub(crate) grouping: Option<Name>,
    /// A folder that adds up what is below it.
    pub(crate) is_folder: bool,
}

/// How a walk goes over the rows of totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// Grouping by grouping; folders and what is in them stand side by side.
    Groups,
    /// Level by level.
    Hierarchy,
}

/// What rows are grouped by.
#[derive(Clone, Copy, Debug)]
struct Grouping {
    /// `None` is the overall total.
    column: Option<usize>,
    hierarchy: Hierarchy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hierarchy {
    None,
    /// Folders and what is in them.
    Whole,
    /// `ТОЛЬКО ИЕРАРХИЯ`: folders alone.
    Folders,
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
    /// The outermost first.
    groupings: Vec<Grouping>,
    width: usize,
    names: Vec<Name>,
}

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
        totals.put(machine, &mut result, rows, Place::default(), &mut Vec::new())?;
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
    ) -> Outcome<Grouping> {
        if self.tree.children_of_kind(node, QueryNodeKind::Periods).next().is_some() {
            return Err(Failure::unsupported("ИТОГИ ПЕРИОДАМИ в запросе"));
        }
        let hierarchy = match self.tree.has_own_token(node, QueryTokenKind::Hierarchy) {
            true if self.tree.has_own_token(node, QueryTokenKind::Only) => Hierarchy::Folders,
            true => Hierarchy::Whole,
            false => Hierarchy::None,
        };
        let overall = Grouping { column: None, hierarchy: Hierarchy::None };
        let Some(value) = self.tree.child(node, QueryRole::Value) else { return Ok(overall) };
        if self.tree.has_own_token(node, QueryTokenKind::Overall) {
            return Ok(overall);
        }
        let path = self.tree.path(value, self.text).unwrap_or_default();
        let column = path.last().and_then(|name| place(name));
        let column = column.ok_or_else(|| compiler.failure(value, "Неверное поле группировки итогов"))?;
        Ok(Grouping { column: Some(column), hierarchy })
    }
}

/// Where rows are put: the number of the grouping, the level of the row.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    number: usize,
    level: usize,
}

impl Place {
    fn next(self) -> Self {
        Self { number: self.number + 1, level: self.level + 1 }
    }

    fn below(self) -> Self {
        Self { level: self.level + 1, ..self }
    }
}

impl Totals<'_> {
    /// Puts the rows of one group with the totals of those below; `keys` are the values of the groups around.
    fn put(
        &mut self,
        machine: &mut Machine,
        result: &mut Table,
        rows: Rows,
        place: Place,
        keys: &mut Vec<(usize, Value)>,
    ) -> Outcome<()> {
        let Some(grouping) = self.groupings.get(place.number).copied() else {
            let Place { number, level } = place;
            let mark = Mark { level, number, grouping: None, is_folder: false };
            result.marks.extend(rows.iter().map(|_| mark.clone()));
            result.rows.extend(rows);
            return machine.check_size(result.rows.len());
        };
        let Some(column) = grouping.column else {
            self.put_total(machine, result, &rows, place, keys, Name::new(""))?;
            return self.put(machine, result, rows, place.next(), keys);
        };
        let groups = groups_of(rows, column);
        if grouping.hierarchy == Hierarchy::None {
            for (key, rows) in groups {
                self.put_group(machine, result, (column, key), rows, place, keys)?;
            }
            return Ok(());
        }
        let forest = Forest::of(machine, groups)?;
        for root in forest.roots.clone() {
            self.put_tree(machine, result, &forest, root, place, keys)?;
        }
        Ok(())
    }

    /// One value of a grouping.
    fn put_group(
        &mut self,
        machine: &mut Machine,
        result: &mut Table,
        (column, key): (usize, Value),
        rows: Rows,
        place: Place,
        keys: &mut Vec<(usize, Value)>,
    ) -> Outcome<()> {
        keys.push((column, key));
        self.put_total(machine, result, &rows, place, keys, self.names[column].clone())?;
        self.put(machine, result, rows, place.next(), keys)?;
        keys.pop();
        Ok(())
    }

    /// A value of a hierarchy with what is below it.
    fn put_tree(
        &mut self,
        machine: &mut Machine,
        result: &mut Table,
        forest: &Forest,
        root: usize,
        place: Place,
        keys: &mut Vec<(usize, Value)>,
    ) -> Outcome<()> {
        let Some(grouping) = self.groupings.get(place.number).copied() else { return Ok(()) };
        let (Some(column), Some(branch)) = (grouping.column, forest.branches.get(root)) else {
            return Ok(());
        };
        let shows_items = grouping.hierarchy == Hierarchy::Whole;
        let own = || branch.rows.clone();
        if branch.children.is_empty() {
            return match shows_items || place.level == 0 {
                true => self.put_group(machine, result, (column, branch.value.clone()), own(), place, keys),
                false => {
                    let below = Place { number: place.number + 1, level: place.level };
                    self.put(machine, result, own(), below, keys)
                }
            };
        }
        keys.push((column, branch.value.clone()));
        let all = forest.rows_below(root);
        self.put_total(machine, result, &all, place, keys, self.names[column].clone())?;
        if let Some(mark) = result.marks.last_mut() {
            mark.is_folder = true;
        }
        keys.pop();
        if !branch.rows.is_empty() {
            let value = (column, branch.value.clone());
            self.put_group(machine, result, value, own(), place.below(), keys)?;
        }
        for child in &branch.children {
            self.put_tree(machine, result, forest, *child, place.below(), keys)?;
        }
        Ok(())
    }

    fn put_total(
        &self,
        machine: &mut Machine,
        result: &mut Table,
        rows: &[Rc<Vec<Value>>],
        place: Place,
        keys: &[(usize, Value)],
        grouping: Name,
    ) -> Outcome<()> {
        machine.work(rows.len());
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
        let Place { number, level } = place;
        result.marks.push(Mark { level, number, grouping: Some(grouping), is_folder: false });
        machine.check_size(result.rows.len())
    }
}

impl Table {
    /// Places of the rows right below a row, of the outermost ones without it; or those of one grouping.
    pub(super) fn below(&self, parent: Option<usize>, grouping: Option<&Name>, walk: Walk) -> Vec<usize> {
        let mark = parent.and_then(|place| self.marks.get(place));
        let (first, level, number) = match (parent, mark) {
            (Some(place), Some(mark)) => (place + 1, mark.level + 1, mark.number + 1),
            _ => (0, 0, 0),
        };
        let inner = self.marks.iter().enumerate().skip(first).take_while(|(_, mark)| mark.level >= level);
        let is_wanted = |mark: &Mark| match (grouping, walk) {
            (Some(name), Walk::Groups) => mark.grouping.as_ref() == Some(name),
            (Some(name), Walk::Hierarchy) => mark.grouping.as_ref() == Some(name) && mark.level == level,
            (None, Walk::Groups) => mark.number == number,
            (None, Walk::Hierarchy) => mark.level == level,
        };
        inner.filter(|(_, mark)| is_wanted(mark)).map(|(place, _)| place).collect()
    }
}
