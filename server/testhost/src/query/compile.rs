//! From the tree of a query to expressions over numbered sources.

use std::rc::Rc;

use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind};

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::name::Name;
use crate::number::Number;
use crate::objects::{Array, ValueList};
use crate::query::aggregates::{Aggregate, AggregateKind};
use crate::query::expression::Expression;
use crate::query::{Run, Table, failure_at, functions};
use crate::types::TypeName;
use crate::value::Value;

/// Expressions nested deeper are refused.
const MAX_DEPTH: usize = 200;

/// A table of `ИЗ` with the name by which expressions call it.
pub(super) struct Source {
    pub(super) alias: Option<Name>,
    pub(super) table: Rc<Table>,
}

/// Compiles expressions over the sources that are known so far.
pub(super) struct Compiler<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) sources: Vec<Source>,
    pub(super) aggregates: Vec<Aggregate>,
    depth: usize,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        Self { run, sources: Vec::new(), aggregates: Vec::new(), depth: 0 }
    }

    pub(super) fn text(&self, node: QueryNodeId) -> &'a str {
        self.run.tree.node_text(node, self.run.text)
    }

    pub(super) fn failure(&self, node: QueryNodeId, message: &str) -> Box<Failure> {
        failure_at(self.run.text, self.run.tree.range(node).start, message)
    }

    fn child(&self, node: QueryNodeId, role: QueryRole) -> Outcome<QueryNodeId> {
        self.run.tree.child(node, role).ok_or_else(|| self.failure(node, "Ожидается выражение"))
    }

    fn boxed(
        &mut self,
        machine: &mut Machine,
        node: QueryNodeId,
        role: QueryRole,
    ) -> Outcome<Box<Expression>> {
        let child = self.child(node, role)?;
        Ok(Box::new(self.expression(machine, child)?))
    }

    pub(super) fn expression(&mut self, machine: &mut Machine, node: QueryNodeId) -> Outcome<Expression> {
        if self.depth >= MAX_DEPTH {
            return Err(self.failure(node, "Выражение вложено слишком глубоко"));
        }
        self.depth += 1;
        let result = self.expression_kind(machine, node);
        self.depth -= 1;
        result
    }

    fn expression_kind(&mut self, machine: &mut Machine, node: QueryNodeId) -> Outcome<Expression> {
        let tree = self.run.tree;
        let is_negated = tree.has_own_token(node, QueryTokenKind::Not);
        Ok(match tree.kind(node) {
            QueryNodeKind::Number => {
                Expression::Constant(Number::parse(self.text(node)).unwrap_or(Number::ZERO).into())
            }
            QueryNodeKind::String => {
                let text = self.text(node);
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
                Expression::Constant(inner.replace("\"\"", "\"").into())
            }
            QueryNodeKind::Boolean => {
                let is_true =
                    tree.tokens_of(node).first().is_some_and(|token| token.kind == QueryTokenKind::True);
                Expression::Constant(is_true.into())
            }
            QueryNodeKind::Undefined => Expression::Constant(Value::Undefined),
            QueryNodeKind::Null => Expression::Constant(Value::Null),
            QueryNodeKind::Parameter => Expression::Constant(self.parameter(node)?),
            QueryNodeKind::Name | QueryNodeKind::Member => self.field(node)?,
            QueryNodeKind::Parenthesized => {
                let inner =
                    tree.children(node).next().ok_or_else(|| self.failure(node, "Ожидается выражение"))?;
                self.expression(machine, inner)?
            }
            QueryNodeKind::Unary => {
                let operand = self.boxed(machine, node, QueryRole::Operand)?;
                if is_negated {
                    Expression::Not(operand)
                } else if tree.has_own_token(node, QueryTokenKind::Minus) {
                    Expression::Negate(operand)
                } else {
                    *operand
                }
            }
            QueryNodeKind::Binary => {
                let sign = tree.own_tokens(node).next().map_or(QueryTokenKind::Equal, |token| token.kind);
                let left = self.boxed(machine, node, QueryRole::Left)?;
                Expression::Binary(sign, left, self.boxed(machine, node, QueryRole::Right)?)
            }
            QueryNodeKind::In => self.membership(machine, node, is_negated)?,
            QueryNodeKind::Between => Expression::Between {
                operand: self
                    .boxed(machine, node, QueryRole::Operand)
                    .or_else(|_| self.boxed(machine, node, QueryRole::Left))?,
                low: self.boxed(machine, node, QueryRole::Low)?,
                high: self.boxed(machine, node, QueryRole::High)?,
                is_negated,
            },
            QueryNodeKind::Like => self.like(machine, node, is_negated)?,
            QueryNodeKind::IsNull => {
                Expression::IsNull { operand: self.boxed(machine, node, QueryRole::Operand)?, is_negated }
            }
            QueryNodeKind::Refs => {
                let operand = self.boxed(machine, node, QueryRole::Operand)?;
                let name = self.child(node, QueryRole::Type)?;
                Expression::Refs(operand, reference_type(machine, self.text(name)))
            }
            QueryNodeKind::Case => self.case(machine, node)?,
            QueryNodeKind::Call => self.call(machine, node)?,
            _ => return Err(Failure::unsupported(format!("в запросе: {}", self.text(node)))),
        })
    }

    pub(super) fn parameter(&self, node: QueryNodeId) -> Outcome {
        let name = self.child(node, QueryRole::Name)?;
        let name = self.text(name);
        let value = self.run.parameters.get(base::fold_case(name).as_ref());
        value.cloned().ok_or_else(|| Failure::runtime(format!("Не задано значение параметра \"{name}\"")))
    }

    /// `Т.Товар.Цена`: a source, its column, fields of references; or a column of some source.
    fn field(&mut self, node: QueryNodeId) -> Outcome<Expression> {
        let path = self.run.tree.path(node, self.run.text);
        let path: Vec<Name> = path.unwrap_or_default().into_iter().map(Name::new).collect();
        let Some((first, rest)) = path.split_first() else {
            return Err(Failure::unsupported(format!("в запросе: {}", self.text(node))));
        };
        let column_of = |source: &Source, name: &Name| source.table.column(name);
        let by_alias = self.sources.iter().position(|source| source.alias.as_ref() == Some(first));
        let (source, column, rest) = match (by_alias, rest.split_first()) {
            (Some(source), Some((name, rest))) => (source, column_of(&self.sources[source], name), rest),
            _ => {
                let found = self
                    .sources
                    .iter()
                    .enumerate()
                    .find_map(|(index, source)| Some((index, column_of(source, first)?)));
                let (source, column) = found.map_or((0, None), |(source, column)| (source, Some(column)));
                (source, column, rest)
            }
        };
        let Some(column) = column else {
            return Err(self.failure(node, &format!("Поле не найдено \"{}\"", self.text(node))));
        };
        let field = Expression::Field { source, column };
        Ok(rest.iter().fold(field, |object, name| Expression::Path(Box::new(object), name.clone())))
    }

    fn membership(
        &mut self,
        machine: &mut Machine,
        node: QueryNodeId,
        is_negated: bool,
    ) -> Outcome<Expression> {
        let tree = self.run.tree;
        let left = self.child(node, QueryRole::Left)?;
        if tree.kind(left) == QueryNodeKind::Tuple {
            return self.rows_membership(machine, node, is_negated);
        }
        let operand = self.boxed(machine, node, QueryRole::Left)?;
        let right = self.child(node, QueryRole::Right)?;
        let (list, set) = match tree.kind(right) {
            QueryNodeKind::Subquery => {
                let table = self.run.subquery(machine, right)?;
                (Vec::new(), Some(table.rows.iter().filter_map(|row| row.first().cloned()).collect()))
            }
            QueryNodeKind::Parameter => {
                (Vec::new(), Some(values_of(machine, &self.parameter(right)?)?.into_iter().collect()))
            }
            _ => {
                let mut list = Vec::new();
                let mut set = rustc_hash::FxHashSet::default();
                for child in tree.children(right).collect::<Vec<_>>() {
                    // A parameter in parentheses may be a list too.
                    if tree.kind(child) == QueryNodeKind::Parameter {
                        set.extend(values_of(machine, &self.parameter(child)?)?);
                    } else {
                        list.push(self.expression(machine, child)?);
                    }
                }
                (list, Some(set))
            }
        };
        Ok(Expression::In { operand, list, set, is_negated })
    }

    /// `(А, Б) В (ВЫБРАТЬ …)`
    fn rows_membership(
        &mut self,
        machine: &mut Machine,
        node: QueryNodeId,
        is_negated: bool,
    ) -> Outcome<Expression> {
        let tree = self.run.tree;
        let (left, right) = (self.child(node, QueryRole::Left)?, self.child(node, QueryRole::Right)?);
        let mut operands = Vec::new();
        for operand in tree.children(left).collect::<Vec<_>>() {
            operands.push(self.expression(machine, operand)?);
        }
        if tree.kind(right) != QueryNodeKind::Subquery {
            return Err(Failure::unsupported(format!("в запросе: {}", self.text(node))));
        }
        let table = self.run.subquery(machine, right)?;
        let rows = table.rows.iter().map(|row| row.as_ref().clone()).collect();
        Ok(Expression::InRows { operands, rows, is_negated })
    }

    fn like(&mut self, machine: &mut Machine, node: QueryNodeId, is_negated: bool) -> Outcome<Expression> {
        let operand = self.boxed(machine, node, QueryRole::Left)?;
        let pattern = self.boxed(machine, node, QueryRole::Right)?;
        let escape = self
            .run
            .tree
            .child(node, QueryRole::Escape)
            .and_then(|escape| self.text(escape).trim_matches('"').chars().next());
        Ok(Expression::Like { operand, pattern, escape, is_negated })
    }

    fn case(&mut self, machine: &mut Machine, node: QueryNodeId) -> Outcome<Expression> {
        let tree = self.run.tree;
        let operand = match tree.child(node, QueryRole::Operand) {
            Some(operand) => Some(Box::new(self.expression(machine, operand)?)),
            None => None,
        };
        let (mut branches, mut otherwise) = (Vec::new(), None);
        for child in tree.children(node).collect::<Vec<_>>() {
            match tree.kind(child) {
                QueryNodeKind::WhenBranch => {
                    let condition = self.boxed(machine, child, QueryRole::Condition)?;
                    branches.push((*condition, *self.boxed(machine, child, QueryRole::Value)?));
                }
                QueryNodeKind::ElseBranch => {
                    otherwise = Some(self.boxed(machine, child, QueryRole::Value)?)
                }
                _ => {}
            }
        }
        Ok(Expression::Case { operand, branches, otherwise })
    }

    fn call(&mut self, machine: &mut Machine, node: QueryNodeId) -> Outcome<Expression> {
        let tree = self.run.tree;
        let function = self.child(node, QueryRole::Function)?;
        let arguments = self.child(node, QueryRole::Arguments)?;
        let name = base::fold_case(self.text(function)).to_string();
        if let Some(kind) = AggregateKind::find(&name) {
            return self.aggregate(machine, kind, arguments);
        }
        match name.as_str() {
            "значение" | "value" => return self.predefined(machine, arguments),
            "выразить" | "cast" => {
                let value = tree
                    .children(arguments)
                    .next()
                    .ok_or_else(|| self.failure(node, "Ожидается выражение"))?;
                let operand = Box::new(self.expression(machine, value)?);
                let type_node = tree.children(arguments).nth(1);
                let type_node = type_node.ok_or_else(|| self.failure(node, "Ожидается имя типа"))?;
                let (name, sizes) = cast_type(self.text(type_node));
                return Ok(Expression::Cast { operand, type_name: reference_type(machine, name), sizes });
            }
            _ => {}
        }
        let Some(call) = functions::find(&name) else {
            return Err(Failure::unsupported(format!("функция запроса {}", self.text(function))));
        };
        let mut values = Vec::new();
        for argument in tree.children(arguments).collect::<Vec<_>>() {
            values.push(match self.unit_of_time(&name, argument) {
                Some(unit) if matches!(name.as_str(), "тип" | "type") => {
                    Expression::Constant(Value::Type(reference_type(machine, unit)))
                }
                Some(unit) => Expression::Constant(unit.into()),
                None => self.expression(machine, argument)?,
            });
        }
        Ok(Expression::Call(call, values))
    }

    /// `МЕСЯЦ` in `НАЧАЛОПЕРИОДА(Дата, МЕСЯЦ)` and the name of a type are words, not fields.
    fn unit_of_time(&self, function: &str, argument: QueryNodeId) -> Option<&'a str> {
        let takes_unit = matches!(
            function,
            "началопериода"
                | "beginofperiod"
                | "конецпериода"
                | "endofperiod"
                | "добавитькдате"
                | "dateadd"
                | "разностьдат"
                | "datediff"
                | "тип"
                | "type"
        );
        let kind = self.run.tree.kind(argument);
        let is_word = matches!(kind, QueryNodeKind::Name | QueryNodeKind::Type)
            || (matches!(function, "тип" | "type") && kind == QueryNodeKind::Member);
        let text = self.text(argument);
        let is_known = functions_of_time(text) || matches!(function, "тип" | "type");
        (takes_unit && is_word && is_known).then_some(text)
    }

    fn aggregate(
        &mut self,
        machine: &mut Machine,
        kind: AggregateKind,
        arguments: QueryNodeId,
    ) -> Outcome<Expression> {
        let tree = self.run.tree;
        let is_distinct =
            tree.tokens_of(arguments).iter().any(|token| token.kind == QueryTokenKind::Distinct);
        let operand = tree.children(arguments).find(|child| tree.kind(*child) != QueryNodeKind::AllFields);
        let operand = match operand {
            Some(operand) => Some(self.expression(machine, operand)?),
            None => None,
        };
        self.aggregates.push(Aggregate { kind, operand, is_distinct });
        Ok(Expression::Aggregate(self.aggregates.len() - 1))
    }

    fn predefined(&mut self, machine: &mut Machine, arguments: QueryNodeId) -> Outcome<Expression> {
        let value = self.run.tree.children(arguments).next();
        let value = value.ok_or_else(|| self.failure(arguments, "Ожидается выражение"))?;
        let path = self.run.tree.path(value, self.run.text).unwrap_or_default();
        let path: Vec<String> = path.into_iter().map(|name| base::fold_case(name).to_string()).collect();
        let found = machine.database().and_then(|database| database.constant(&path));
        let message = format!("Предопределенный элемент не найден \"{}\"", self.text(value));
        found.map(Expression::Constant).ok_or_else(|| self.failure(value, &message))
    }
}

fn functions_of_time(word: &str) -> bool {
    const UNITS: [&str; 16] = [
        "секунда",
        "second",
        "минута",
        "minute",
        "час",
        "hour",
        "день",
        "day",
        "неделя",
        "week",
        "месяц",
        "month",
        "квартал",
        "quarter",
        "год",
        "year",
    ];
    UNITS.iter().any(|unit| base::same_name(unit, word))
}

/// `ЧИСЛО(10, 2)`: the name with what stands in parentheses.
fn cast_type(text: &str) -> (&str, [Option<usize>; 2]) {
    let Some((name, sizes)) = text.split_once('(') else { return (text.trim(), [None, None]) };
    let mut sizes =
        sizes.trim_end_matches([')', ' ', '\n', '\t', '\r']).split(',').map(|size| size.trim().parse().ok());
    (name.trim(), [sizes.next().flatten(), sizes.next().flatten()])
}

/// `Справочник.Товары` as the type of its references.
fn reference_type(machine: &Machine, path: &str) -> TypeName {
    if let Some(name) = TypeName::find(path) {
        return name;
    }
    let Some((kind, name)) = path.split_once('.') else { return TypeName::made(path, path) };
    let russian = format!("{kind}Ссылка.{name}");
    let english = format!("{kind}Ref.{name}");
    if let Some(known) = machine.host.type_name(&russian).or_else(|| machine.host.type_name(&english)) {
        return known;
    }
    TypeName::made(russian.clone(), russian)
}

/// Values of a list that is a parameter; a single value is a list of one.
fn values_of(machine: &mut Machine, value: &Value) -> Outcome<Vec<Value>> {
    if let Some(array) = value.downcast::<Array>() {
        return Ok(array.values());
    }
    if value.downcast::<ValueList>().is_some()
        && let Value::Object(list) = value
    {
        let unloaded =
            list.call(machine, &Name::new("ВыгрузитьЗначения"), &mut crate::Arguments::new(&mut []))?;
        return Ok(unloaded.downcast::<Array>().map(Array::values).unwrap_or_default());
    }
    Ok(vec![value.clone()])
}
