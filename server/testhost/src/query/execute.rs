//! Runs the parts of a query: sources and joins, conditions, groups, order, unions.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::name::Name;
use crate::objects::order::sort_by;
use crate::query::aggregates::State;
use crate::query::compile::{Compiler, Source};
use crate::query::expression::{Expression, Row, Scope};
use crate::query::join::{JoinKind, Matching};
use crate::query::{Run, Table};
use crate::value::Value;

/// Queries within queries beyond this are refused.
const MAX_DEPTH: usize = 50;

/// A column of the result.
struct Column {
    name: Name,
    value: Expression,
}

/// A row of the result with the values that it is sorted by.
struct ResultRow {
    values: Vec<Value>,
    keys: Vec<(Value, bool)>,
}

impl Run<'_> {
    /// Runs all queries of the package; one result for each.
    pub(crate) fn package(&self, machine: &mut Machine) -> Outcome<Vec<Rc<Table>>> {
        let mut results = Vec::new();
        for child in self.tree.children(QueryTree::ROOT).collect::<Vec<_>>() {
            match self.tree.kind(child) {
                QueryNodeKind::Query => {
                    let start = machine.begin_query();
                    let result = self.query(machine, child);
                    machine.end_query(start);
                    results.push(result?);
                }
                QueryNodeKind::Drop => {
                    let name = self.name_of(child);
                    self.temporary.borrow_mut().remove(&name.folded);
                    results.push(Rc::default());
                }
                _ => {}
            }
        }
        Ok(results)
    }

    pub(super) fn subquery(&self, machine: &mut Machine, node: QueryNodeId) -> Outcome<Rc<Table>> {
        let query = self.tree.children_of_kind(node, QueryNodeKind::Query).next();
        if machine.query_depth >= MAX_DEPTH {
            return Err(Failure::runtime("Вложенность запроса слишком велика"));
        }
        machine.query_depth += 1;
        let result = query.map_or_else(|| Ok(Rc::default()), |query| self.query(machine, query));
        machine.query_depth -= 1;
        result
    }

    fn name_of(&self, node: QueryNodeId) -> Name {
        let name = self.tree.child(node, QueryRole::Name);
        Name::new(name.map_or("", |name| self.tree.node_text(name, self.text)))
    }

    fn clause(&self, select: QueryNodeId, kind: QueryNodeKind) -> Option<QueryNodeId> {
        self.tree.children_of_kind(select, kind).next()
    }

    fn query(&self, machine: &mut Machine, query: QueryNodeId) -> Outcome<Rc<Table>> {
        let selects: Vec<_> = self.tree.children_of_kind(query, QueryNodeKind::Select).collect();
        let unions: Vec<bool> = self
            .tree
            .own_tokens(query)
            .filter(|token| matches!(token.kind, QueryTokenKind::Union | QueryTokenKind::All))
            .fold(Vec::new(), |mut unions, token| {
                match (token.kind, unions.last_mut()) {
                    (QueryTokenKind::All, Some(is_all)) => *is_all = true,
                    _ => unions.push(false),
                }
                unions
            });
        let mut names: Vec<Name> = Vec::new();
        let mut rows: Vec<ResultRow> = Vec::new();
        let is_union = selects.len() > 1;
        for (index, select) in selects.iter().enumerate() {
            let (columns, part) = self.select(machine, *select, !is_union)?;
            if index == 0 {
                names = columns;
            } else if columns.len() != names.len() {
                return Err(Failure::runtime("Количество полей в объединяемых запросах должно совпадать"));
            }
            rows.extend(part);
            if index > 0 && !unions.get(index - 1).copied().unwrap_or(false) {
                distinct(&mut rows);
            }
            machine.check_size(rows.len())?;
        }
        if is_union && let Some(last) = selects.last() {
            self.order_union(*last, &names, &mut rows)?;
        }
        let rows = rows.into_iter().map(|row| Rc::new(row.values)).collect();
        let mut table = Table { columns: names, rows, ..Table::default() };
        if let Some(clause) = selects.last().and_then(|select| self.clause(*select, QueryNodeKind::Totals)) {
            table = self.with_totals(machine, clause, table)?;
        }
        let table = Rc::new(table);
        let into = selects.first().and_then(|select| self.clause(*select, QueryNodeKind::Into));
        if let Some(into) = into {
            self.temporary.borrow_mut().insert(self.name_of(into).folded, table.clone());
        }
        Ok(table)
    }

    fn select(
        &self,
        machine: &mut Machine,
        select: QueryNodeId,
        is_alone: bool,
    ) -> Outcome<(Vec<Name>, Vec<ResultRow>)> {
        let mut compiler = Compiler::new(self);
        let rows = self.rows(machine, &mut compiler, select)?;
        let columns = self.columns(machine, &mut compiler, select)?;
        let keys =
            if is_alone { self.order_keys(machine, &mut compiler, select, &columns)? } else { Vec::new() };
        let mut result = self.projected(machine, &mut compiler, select, &columns, &keys, rows)?;
        if self.tree.has_own_token(select, QueryTokenKind::Distinct) {
            distinct(&mut result);
        }
        if !keys.is_empty() {
            sort_by(&mut result, |row| row.keys.clone());
        }
        if let Some(top) = self.clause(select, QueryNodeKind::Top) {
            result.truncate(self.top(&compiler, top)?);
        }
        Ok((columns.into_iter().map(|column| column.name).collect(), result))
    }

    fn top(&self, compiler: &Compiler<'_>, top: QueryNodeId) -> Outcome<usize> {
        let Some(count) = self.tree.child(top, QueryRole::Count) else { return Ok(usize::MAX) };
        let count = match self.tree.kind(count) {
            QueryNodeKind::Parameter => compiler.parameter(count)?.presentation().parse().ok(),
            _ => compiler.text(count).parse().ok(),
        };
        Ok(count.unwrap_or(usize::MAX))
    }

    /// Rows of the sources that fulfil the condition.
    fn rows(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        select: QueryNodeId,
    ) -> Outcome<Vec<Row>> {
        let Some(from) = self.clause(select, QueryNodeKind::From) else {
            return self.filtered(machine, compiler, select, vec![Row::new()]);
        };
        let parts: Vec<_> = self.tree.children(from).collect();
        let only = match parts.as_slice() {
            [only] if self.tree.kind(*only) == QueryNodeKind::Source => Some(*only),
            _ => None,
        };
        let Some(source) =
            only.filter(|source| self.tree.children_of_kind(*source, QueryNodeKind::Join).next().is_none())
        else {
            let rows = self.from(machine, compiler, from)?;
            return self.filtered(machine, compiler, select, rows);
        };
        let table = self.source(machine, compiler, source)?;
        let Some(condition) = self.condition(machine, compiler, select)? else {
            return Ok(table.rows.iter().map(|row| vec![row.clone()]).collect());
        };
        let mut kept = Vec::new();
        for place in table.candidates(&condition) {
            let row = vec![table.rows[place].clone()];
            if condition.is_true(machine, &Scope { row: &row, aggregates: &[] })? {
                kept.push(row);
            }
        }
        Ok(kept)
    }

    fn condition(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        select: QueryNodeId,
    ) -> Outcome<Option<Expression>> {
        let condition = self
            .clause(select, QueryNodeKind::Where)
            .and_then(|clause| self.tree.child(clause, QueryRole::Condition));
        condition.map(|condition| compiler.expression(machine, condition)).transpose()
    }

    /// Comma separated sources, each with its joins.
    fn from(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        from: QueryNodeId,
    ) -> Outcome<Vec<Row>> {
        let mut rows = vec![Row::new()];
        for child in self.tree.children(from).collect::<Vec<_>>() {
            match self.tree.kind(child) {
                QueryNodeKind::Source => {
                    let table = self.source(machine, compiler, child)?;
                    machine.check_size(rows.len().saturating_mul(table.rows.len()))?;
                    rows = rows
                        .iter()
                        .flat_map(|row| table.rows.iter().map(move |added| extended(row, added)))
                        .collect();
                }
                QueryNodeKind::Join => rows = self.join(machine, compiler, child, rows)?,
                _ => {}
            }
        }
        Ok(rows)
    }

    fn source(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        source: QueryNodeId,
    ) -> Outcome<Rc<Table>> {
        let tree = self.tree;
        let table = tree.child(source, QueryRole::Table);
        let node = table.ok_or_else(|| compiler.failure(source, "Ожидается таблица"))?;
        let alias = tree.child(source, QueryRole::Alias).map(|alias| Name::new(compiler.text(alias)));
        let (table, own_name) = match tree.kind(node) {
            QueryNodeKind::Subquery => (self.subquery(machine, node)?, None),
            QueryNodeKind::Parameter => (table_of(&compiler.parameter(node)?)?, None),
            QueryNodeKind::Name | QueryNodeKind::Member => self.named_table(machine, compiler, node)?,
            QueryNodeKind::Call => self.called_table(machine, compiler, node)?,
            _ => return Err(Failure::unsupported(format!("таблица запроса {}", compiler.text(node)))),
        };
        compiler.sources.push(Source { alias: alias.or(own_name), table: table.clone() });
        Ok(table)
    }

    fn named_table(
        &self,
        machine: &mut Machine,
        compiler: &Compiler<'_>,
        node: QueryNodeId,
    ) -> Outcome<(Rc<Table>, Option<Name>)> {
        let names = self.tree.path(node, self.text).unwrap_or_default();
        let path: Vec<String> = names.iter().map(|name| base::fold_case(name).to_string()).collect();
        let own_name = names.last().map(|name| Name::new(name));
        let temporary = match path.as_slice() {
            [name] => self.temporary.borrow().get(name.as_str()).cloned(),
            _ => None,
        };
        let found = temporary.or_else(|| machine.database()?.table(&path));
        if found.is_none()
            && let Some(computed) = self.virtual_table(machine, &path, node, &[])?
        {
            return Ok((computed, own_name));
        }
        found.map(|table| (table, own_name)).ok_or_else(|| self.no_table(machine, compiler, node, &path))
    }

    /// Joins what was read so far with the sources of a join.
    fn join(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        join: QueryNodeId,
        left: Vec<Row>,
    ) -> Outcome<Vec<Row>> {
        let kind = self.join_kind(join);
        let first_right = compiler.sources.len();
        let mut right = vec![Row::new()];
        let mut condition = None;
        for child in self.tree.children(join).collect::<Vec<_>>() {
            if self.tree.node(child).role == QueryRole::Condition {
                condition = Some(compiler.expression(machine, child)?);
                continue;
            }
            match self.tree.kind(child) {
                QueryNodeKind::Source => {
                    let table = self.source(machine, compiler, child)?;
                    right = table.rows.iter().map(|row| vec![row.clone()]).collect();
                }
                QueryNodeKind::Join => {
                    // Inner conditions name sources by their numbers in the whole row.
                    let padding: Row = vec![Rc::default(); first_right];
                    let padded = right.into_iter().map(|row| [padding.clone(), row].concat()).collect();
                    let joined = self.join(machine, compiler, child, padded)?;
                    right = joined.into_iter().map(|mut row| row.split_off(first_right)).collect();
                }
                _ => {}
            }
        }
        let condition = condition.unwrap_or(Expression::Constant(true.into()));
        let empty = |sources: &[Source]| -> Row {
            sources.iter().map(|source| Rc::new(vec![Value::Null; source.table.columns.len()])).collect()
        };
        let (no_left, no_right) =
            (empty(&compiler.sources[..first_right]), empty(&compiler.sources[first_right..]));
        let matching = Matching { condition: &condition, first_right, kind };
        matching.join(machine, left, right, &no_left, &no_right)
    }

    fn join_kind(&self, join: QueryNodeId) -> JoinKind {
        let has = |kind| self.tree.has_own_token(join, kind);
        if has(QueryTokenKind::Left) {
            JoinKind::Left
        } else if has(QueryTokenKind::Right) {
            JoinKind::Right
        } else if has(QueryTokenKind::Full) {
            JoinKind::Full
        } else {
            JoinKind::Inner
        }
    }

    fn filtered(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        select: QueryNodeId,
        rows: Vec<Row>,
    ) -> Outcome<Vec<Row>> {
        let Some(condition) = self.condition(machine, compiler, select)? else { return Ok(rows) };
        let mut kept = Vec::new();
        for row in rows {
            if condition.is_true(machine, &Scope { row: &row, aggregates: &[] })? {
                kept.push(row);
            }
        }
        Ok(kept)
    }

    fn columns(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        select: QueryNodeId,
    ) -> Outcome<Vec<Column>> {
        let mut columns: Vec<Column> = Vec::new();
        for column in self.tree.children_of_kind(select, QueryNodeKind::Column).collect::<Vec<_>>() {
            let Some(value) = self.tree.child(column, QueryRole::Value) else { continue };
            if self.tree.kind(value) == QueryNodeKind::AllFields {
                columns.extend(self.all_fields(compiler, value));
                continue;
            }
            let alias = self.tree.child(column, QueryRole::Alias).map(|alias| compiler.text(alias));
            let path = || {
                self.tree.path(value, self.text).map(|path| {
                    if path.len() > 2 {
                        path[1..].concat()
                    } else {
                        path.last().copied().unwrap_or_default().to_owned()
                    }
                })
            };
            let name = alias
                .map(str::to_owned)
                .or_else(path)
                .unwrap_or_else(|| format!("Поле{}", columns.len() + 1));
            let value = compiler.expression(machine, value)?;
            columns.push(Column { name: Name::new(&name), value });
        }
        Ok(columns)
    }

    /// `*` or `Т.*`
    fn all_fields(&self, compiler: &Compiler<'_>, node: QueryNodeId) -> Vec<Column> {
        let owner =
            compiler.text(node).trim_end_matches('*').trim_end().trim_end_matches('.').trim().to_owned();
        let owner = (!owner.is_empty()).then(|| Name::new(&owner));
        let wanted = |source: &Source| owner.is_none() || source.alias == owner;
        let mut columns = Vec::new();
        for (index, source) in compiler.sources.iter().enumerate().filter(|(_, source)| wanted(source)) {
            columns.extend(source.table.columns.iter().enumerate().map(|(column, name)| Column {
                name: name.clone(),
                value: Expression::Field { source: index, column },
            }));
        }
        columns
    }

    fn order_items(&self, select: QueryNodeId) -> Vec<(QueryNodeId, bool)> {
        let Some(order) = self.clause(select, QueryNodeKind::Order) else { return Vec::new() };
        let items = self.tree.children_of_kind(order, QueryNodeKind::OrderItem);
        let item = |item| {
            let value = self.tree.child(item, QueryRole::Value)?;
            Some((value, self.tree.has_own_token(item, QueryTokenKind::Descending)))
        };
        items.filter_map(item).collect()
    }

    /// Number of the column that an item names by its alias.
    fn named_column(&self, item: QueryNodeId, names: impl Iterator<Item = Name>) -> Option<usize> {
        let path = self.tree.path(item, self.text)?;
        let [name] = path.as_slice() else { return None };
        let name = Name::new(name);
        names.enumerate().find(|(_, column)| *column == name).map(|(index, _)| index)
    }

    fn order_keys(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        select: QueryNodeId,
        columns: &[Column],
    ) -> Outcome<Vec<(Key, bool)>> {
        let mut keys = Vec::new();
        for (item, is_descending) in self.order_items(select) {
            let key = match self.named_column(item, columns.iter().map(|column| column.name.clone())) {
                Some(column) => Key::Column(column),
                None => Key::Value(compiler.expression(machine, item)?),
            };
            keys.push((key, is_descending));
        }
        Ok(keys)
    }

    fn order_union(&self, select: QueryNodeId, names: &[Name], rows: &mut [ResultRow]) -> Outcome<()> {
        let mut keys = Vec::new();
        for (item, is_descending) in self.order_items(select) {
            let column = self.named_column(item, names.iter().cloned());
            let column =
                column.ok_or_else(|| Failure::runtime("Поле упорядочивания не найдено в объединении"))?;
            keys.push((column, is_descending));
        }
        if !keys.is_empty() {
            sort_by(rows, |row| {
                keys.iter()
                    .map(|(column, is_descending)| (row.values[*column].clone(), *is_descending))
                    .collect()
            });
        }
        Ok(())
    }

    fn projected(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        select: QueryNodeId,
        columns: &[Column],
        keys: &[(Key, bool)],
        rows: Vec<Row>,
    ) -> Outcome<Vec<ResultRow>> {
        let group = self.clause(select, QueryNodeKind::Group);
        let having = self
            .clause(select, QueryNodeKind::Having)
            .and_then(|clause| self.tree.child(clause, QueryRole::Condition));
        let having = match having {
            Some(condition) => Some(compiler.expression(machine, condition)?),
            None => None,
        };
        if group.is_none() && compiler.aggregates.is_empty() {
            return rows
                .iter()
                .map(|row| result_row(machine, &Scope { row, aggregates: &[] }, columns, keys))
                .collect();
        }
        let groups = self.groups(machine, compiler, group, rows)?;
        let mut result = Vec::new();
        for (row, aggregates) in groups {
            let scope = Scope { row: &row, aggregates: &aggregates };
            let is_kept = match &having {
                Some(condition) => condition.is_true(machine, &scope)?,
                None => true,
            };
            if is_kept {
                result.push(result_row(machine, &scope, columns, keys)?);
            }
        }
        Ok(result)
    }

    /// The first row of each group with its aggregates.
    fn groups(
        &self,
        machine: &mut Machine,
        compiler: &mut Compiler<'_>,
        group: Option<QueryNodeId>,
        rows: Vec<Row>,
    ) -> Outcome<Vec<(Row, Vec<Value>)>> {
        let mut keys = Vec::new();
        for key in group.into_iter().flat_map(|group| self.tree.children(group)).collect::<Vec<_>>() {
            if self.tree.kind(key) == QueryNodeKind::ExpressionList {
                return Err(Failure::unsupported("СГРУППИРОВАТЬ ПО ГРУППИРУЮЩИМ НАБОРАМ"));
            }
            keys.push(compiler.expression(machine, key)?);
        }
        let states = || compiler.aggregates.iter().map(State::new).collect::<Vec<_>>();
        let mut places: FxHashMap<Vec<Value>, usize> = FxHashMap::default();
        let mut groups: Vec<(Row, Vec<State>)> = Vec::new();
        for row in rows {
            let mut key = Vec::with_capacity(keys.len());
            for expression in &keys {
                key.push(expression.compute(machine, &Scope { row: &row, aggregates: &[] })?);
            }
            let place = *places.entry(key).or_insert_with(|| {
                groups.push((row.clone(), states()));
                groups.len() - 1
            });
            for (aggregate, state) in compiler.aggregates.iter().zip(&mut groups[place].1) {
                let value = match &aggregate.operand {
                    Some(operand) => operand.compute(machine, &Scope { row: &row, aggregates: &[] })?,
                    None => Value::Boolean(true),
                };
                state.add(value)?;
            }
        }
        if groups.is_empty() && keys.is_empty() {
            let nulls =
                compiler.sources.iter().map(|source| Rc::new(vec![Value::Null; source.table.columns.len()]));
            groups.push((nulls.collect(), states()));
        }
        let finished = |(row, states): (Row, Vec<State>)| {
            Ok((row, states.into_iter().map(State::result).collect::<Outcome<Vec<_>>>()?))
        };
        groups.into_iter().map(finished).collect()
    }
}

/// What a result is sorted by.
enum Key {
    Column(usize),
    Value(Expression),
}

fn result_row(
    machine: &mut Machine,
    scope: &Scope<'_>,
    columns: &[Column],
    keys: &[(Key, bool)],
) -> Outcome<ResultRow> {
    let mut values = Vec::with_capacity(columns.len());
    for column in columns {
        values.push(column.value.compute(machine, scope)?);
    }
    let mut sorted = Vec::with_capacity(keys.len());
    for (key, is_descending) in keys {
        let value = match key {
            Key::Column(column) => values[*column].clone(),
            Key::Value(expression) => expression.compute(machine, scope)?,
        };
        sorted.push((value, *is_descending));
    }
    Ok(ResultRow { values, keys: sorted })
}

fn distinct(rows: &mut Vec<ResultRow>) {
    let mut seen = FxHashSet::default();
    rows.retain(|row| seen.insert(row.values.clone()));
}

fn extended(row: &Row, added: &Rc<Vec<Value>>) -> Row {
    let mut extended = Vec::with_capacity(row.len() + 1);
    extended.extend(row.iter().cloned());
    extended.push(added.clone());
    extended
}

/// A table of values that is a parameter.
fn table_of(value: &Value) -> Outcome<Rc<Table>> {
    let table = value.downcast::<crate::objects::ValueTable>();
    let table = table.ok_or_else(|| Failure::runtime("Параметр запроса не является таблицей"))?;
    let rows = table.rows().into_iter().map(Rc::new).collect();
    Ok(Rc::new(Table { columns: table.column_names(), rows, ..Table::default() }))
}
