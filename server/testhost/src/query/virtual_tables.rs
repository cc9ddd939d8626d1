//! Tables that the platform computes: balances, turnovers, slices. The database says how, this reads the arguments.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind};

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::name::Name;
use crate::query::compile::{Compiler, Source};
use crate::query::expression::Scope;
use crate::query::{Run, Table};
use crate::value::Value;

/// Computes the rows from those records that fulfil the condition, from the other arguments and the fields in use.
pub(crate) type Compute = Rc<dyn Fn(&[Rc<Vec<Value>>], &[Value], IsUsed<'_>) -> Outcome<Table>>;

/// Whether a query uses a field: dimensions that it does not use are added up.
pub(crate) type IsUsed<'a> = &'a dyn Fn(&Name) -> bool;

/// A table that is computed from records.
pub struct VirtualTable {
    /// What the condition is about.
    pub(crate) records: Rc<Table>,
    /// Which argument is the condition.
    pub(crate) condition: usize,
    pub(crate) compute: Compute,
}

impl Run<'_> {
    /// `РегистрНакопления.Остатки.Остатки(&Период, Товар = &Товар)`
    pub(super) fn called_table(
        &self,
        machine: &mut Machine,
        compiler: &Compiler<'_>,
        call: QueryNodeId,
    ) -> Outcome<(Rc<Table>, Option<Name>)> {
        let function = self.tree.child(call, QueryRole::Function);
        let names = function.and_then(|function| self.tree.path(function, self.text)).unwrap_or_default();
        let path: Vec<String> = names.iter().map(|name| base::fold_case(name).to_string()).collect();
        let arguments = match self.tree.child(call, QueryRole::Arguments) {
            Some(list) => self.argument_nodes(list),
            None => Vec::new(),
        };
        let own_name = names.last().map(|name| Name::new(name));
        match self.virtual_table(machine, &path, call, &arguments)? {
            Some(table) => Ok((table, own_name)),
            None => Err(self.no_table(machine, compiler, call, &path)),
        }
    }

    /// A table that is not there: unknown to the configuration, or to this host alone.
    pub(super) fn no_table(
        &self,
        machine: &Machine,
        compiler: &Compiler<'_>,
        node: QueryNodeId,
        path: &[String],
    ) -> Box<Failure> {
        if machine.database().is_some_and(|database| database.is_missing(path)) {
            return Failure::unsupported(format!("таблица запроса {}", compiler.text(node)));
        }
        compiler.failure(node, &format!("Таблица не найдена \"{}\"", compiler.text(node)))
    }

    /// Arguments by their places; those left out are `None`.
    fn argument_nodes(&self, list: QueryNodeId) -> Vec<Option<QueryNodeId>> {
        let commas: Vec<u32> = self
            .tree
            .own_tokens(list)
            .filter(|token| token.kind == QueryTokenKind::Comma)
            .map(|comma| comma.start)
            .collect();
        let mut children = self.tree.children(list).peekable();
        let ends = commas.into_iter().chain([u32::MAX]);
        ends.map(|end| children.next_if(|child| self.tree.range(*child).start < end)).collect()
    }

    pub(super) fn virtual_table(
        &self,
        machine: &mut Machine,
        path: &[String],
        node: QueryNodeId,
        arguments: &[Option<QueryNodeId>],
    ) -> Outcome<Option<Rc<Table>>> {
        let Some(table) = machine.database().and_then(|database| database.virtual_table(path)) else {
            return Ok(None);
        };
        let mut rows = table.records.rows.clone();
        let mut values = Vec::new();
        for (place, node) in arguments.iter().enumerate() {
            let Some(node) = *node else {
                values.push(Value::Undefined);
                continue;
            };
            if place != table.condition {
                values.push(self.argument(machine, node)?);
                continue;
            }
            values.push(Value::Undefined);
            let mut compiler = Compiler::new(self);
            compiler.sources.push(Source { alias: None, table: table.records.clone() });
            let condition = compiler.expression(machine, node)?;
            let mut kept = Vec::new();
            for place in table.records.candidates(&condition) {
                let row = vec![table.records.rows[place].clone()];
                if condition.is_true(machine, &Scope { row: &row, aggregates: &[] })? {
                    kept.extend(row);
                }
            }
            rows = kept;
        }
        let used = self.used_names(node);
        let is_used = |name: &Name| used.as_ref().is_none_or(|used| used.contains(&name.folded));
        (table.compute)(&rows, &values, &is_used).map(Rc::new).map(Some)
    }

    /// Names in the query around a table, without those in the table's own arguments; `None` if all fields are read.
    fn used_names(&self, table: QueryNodeId) -> Option<FxHashSet<Rc<str>>> {
        let select = self.tree.enclosing(table, QueryNodeKind::Select)?;
        let own = self.tree.range(table);
        let mut used = FxHashSet::default();
        for node in self.tree.descendants(select) {
            match self.tree.kind(node) {
                QueryNodeKind::AllFields => return None,
                QueryNodeKind::Name if !own.contains(self.tree.range(node)) => {
                    used.insert(Name::new(self.tree.node_text(node, self.text)).folded);
                }
                _ => {}
            }
        }
        Some(used)
    }

    /// A value, or the word of a periodicity as a text.
    fn argument(&self, machine: &mut Machine, node: QueryNodeId) -> Outcome {
        if self.tree.kind(node) == QueryNodeKind::Name {
            return Ok(self.tree.node_text(node, self.text).into());
        }
        let mut compiler = Compiler::new(self);
        let expression = compiler.expression(machine, node)?;
        if !compiler.aggregates.is_empty() {
            return Err(Failure::unsupported("агрегат в параметре виртуальной таблицы"));
        }
        expression.compute(machine, &Scope { row: &Vec::new(), aggregates: &[] })
    }
}
