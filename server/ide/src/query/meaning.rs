//! What the names of a query mean.

use metadata::{ObjectAspect, ObjectKind};
use platform::QueryFunction;
use semantics::{Definition, Dialect, FieldLookup, Lookup, ObjectId, TableSource, Type, VirtualTable};
use smol_str::SmolStr;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole};

use crate::query::code::QueryCode;

/// Functions whose argument is the name of a value or of a type.
pub(crate) const VALUE: [&str; 2] = ["ЗНАЧЕНИЕ", "VALUE"];
pub(crate) const TYPE: [&str; 2] = ["ТИП", "TYPE"];

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum QueryMeaning<'q> {
    /// `Справочник` of `Справочник.Товары`.
    Kind(ObjectKind),
    /// What metadata or the platform declare; `value` is the type of a field.
    Known {
        definition: Definition,
        value: Type,
    },
    Virtual {
        object: ObjectId,
        table: VirtualTable,
    },
    /// A temporary table by its name in lower case.
    Temporary(SmolStr),
    /// The alias of a source node.
    Source(QueryNodeId),
    /// A column node of the query text.
    Column(QueryNodeId),
    Function(&'q QueryFunction),
    /// The name behind `&` in lower case.
    Parameter(SmolStr),
}

pub(crate) fn is_any_of(names: [&str; 2], name: &str) -> bool {
    names.iter().any(|known| base::same_name(known, name))
}

fn folded(name: &str) -> SmolStr {
    SmolStr::new(base::fold_case(name))
}

fn known<'q>(definition: Definition) -> QueryMeaning<'q> {
    QueryMeaning::Known { definition, value: Type::Unknown }
}

impl<'a> QueryCode<'a> {
    pub(crate) fn meaning(&self, name: QueryNodeId) -> Option<QueryMeaning<'a>> {
        if self.kind(name) == QueryNodeKind::Parameter {
            let name = self.tree.child(name, QueryRole::Name)?;
            return Some(QueryMeaning::Parameter(folded(self.node_text(name))));
        }
        let parent = self.tree.parent(name)?;
        let text = self.node_text(name);
        if text.is_empty() {
            return None;
        }
        let role = self.tree.node(name).role;
        match (self.kind(parent), role) {
            (QueryNodeKind::Parameter, _) => Some(QueryMeaning::Parameter(folded(text))),
            (QueryNodeKind::Call, QueryRole::Function) if !self.is_source(parent) => {
                self.function(text).map(QueryMeaning::Function)
            }
            (QueryNodeKind::Source, QueryRole::Alias) => Some(QueryMeaning::Source(parent)),
            (QueryNodeKind::Source, QueryRole::Table) => self.single_table(text),
            (QueryNodeKind::Into | QueryNodeKind::Drop, _) => Some(QueryMeaning::Temporary(folded(text))),
            (QueryNodeKind::Column, QueryRole::Alias) => Some(self.column_of_alias(parent)),
            (QueryNodeKind::Total, QueryRole::Alias) => None,
            (QueryNodeKind::Type, _) => self.type_name(parent, name),
            _ => self.path_meaning(name, parent, role),
        }
    }

    /// The alias of a later part of a union names a column of the first one.
    fn column_of_alias(&self, column: QueryNodeId) -> QueryMeaning<'a> {
        QueryMeaning::Column(column)
    }

    fn is_source(&self, table: QueryNodeId) -> bool {
        self.tree.parent(table).is_some_and(|parent| self.kind(parent) == QueryNodeKind::Source)
    }

    pub(crate) fn function(&self, name: &str) -> Option<&'a QueryFunction> {
        let platform = self.section.of.project.platform(Dialect::Enterprise);
        platform.query().functions.iter().find(|function| function.names.is(name))
    }

    fn single_table(&self, name: &str) -> Option<QueryMeaning<'a>> {
        match self.section.of.scope().query_table(&[name]) {
            Some(_) => Some(known(Definition::ManagerCollection(ObjectKind::Constant))),
            None => Some(QueryMeaning::Temporary(folded(name))),
        }
    }

    /// `ВЫРАЗИТЬ(… КАК Документ.Заказ)`.
    fn type_name(&self, node: QueryNodeId, name: QueryNodeId) -> Option<QueryMeaning<'a>> {
        let names: Vec<_> =
            self.tree.children_of_kind(node, QueryNodeKind::Name).take_while(|it| it.0 <= name.0).collect();
        let names: Vec<&str> = names.into_iter().map(|name| self.node_text(name)).collect();
        self.object_path(&names)
    }

    fn path_meaning(
        &self,
        name: QueryNodeId,
        parent: QueryNodeId,
        role: QueryRole,
    ) -> Option<QueryMeaning<'a>> {
        let is_member = self.kind(parent) == QueryNodeKind::Member;
        let path = if is_member && role == QueryRole::Property {
            self.tree.path(parent, self.text())?
        } else {
            vec![self.node_text(name)]
        };
        let mut whole = if is_member { parent } else { name };
        while let Some(outer) = self.tree.parent(whole).filter(|it| self.kind(*it) == QueryNodeKind::Member) {
            whole = outer;
        }
        let place = self.tree.parent(whole)?;
        match self.kind(place) {
            QueryNodeKind::Source => self.table(&path),
            QueryNodeKind::Call if self.tree.node(whole).role == QueryRole::Function => self.table(&path),
            QueryNodeKind::Arguments => match self.function_around(place) {
                Some(function) if is_any_of(VALUE, function) => self.value(&path),
                Some(function) if is_any_of(TYPE, function) => self.object_path(&path),
                _ => self.field(name, &path),
            },
            _ => self.field(name, &path),
        }
    }

    /// The name of what a list of arguments belongs to.
    pub(crate) fn function_around(&self, arguments: QueryNodeId) -> Option<&str> {
        let call = self.tree.parent(arguments)?;
        Some(self.node_text(self.tree.child(call, QueryRole::Function)?))
    }

    fn table(&self, path: &[&str]) -> Option<QueryMeaning<'a>> {
        if path.len() < 3 {
            return self.object_path(path);
        }
        match self.section.of.scope().query_table(path)? {
            TableSource::Section { object, section } => Some(known(Definition::Section { object, section })),
            TableSource::Virtual { object, table } => Some(QueryMeaning::Virtual { object, table }),
            TableSource::Object(object) => Some(known(Definition::Object(object))),
            TableSource::Constants => None,
        }
    }

    fn object_path(&self, path: &[&str]) -> Option<QueryMeaning<'a>> {
        match path {
            [kind] => ObjectKind::from_name(kind).map(QueryMeaning::Kind),
            [kind, name] => {
                let object = self.section.of.scope().query_object(kind, name)?;
                Some(known(Definition::Object(object)))
            }
            _ => None,
        }
    }

    /// `ЗНАЧЕНИЕ(Перечисление.Статусы.Закрыт)`, `ЗНАЧЕНИЕ(ВидДвиженияНакопления.Приход)`.
    fn value(&self, path: &[&str]) -> Option<QueryMeaning<'a>> {
        let scope = self.section.of.scope();
        if let Some(found) = self.object_path(path) {
            return Some(found);
        }
        let receiver = match path {
            [name] => return scope.resolve_name(name).map(known),
            [name, _] => scope.type_of_definition(&scope.resolve_name(name)?),
            [kind, name, _] => {
                let object = scope.query_object(kind, name)?;
                Type::Object { object, aspect: ObjectAspect::Manager }
            }
            _ => return None,
        };
        match scope.member(&receiver, path.last()?) {
            Lookup::Found(member) => Some(known(member.definition)),
            Lookup::Missing | Lookup::Unknown => None,
        }
    }

    /// A field, an alias of a source, a column of the result.
    fn field(&self, name: QueryNodeId, path: &[&str]) -> Option<QueryMeaning<'a>> {
        let first = path.first()?;
        if let Some(field) = self.field_of_register(name, path) {
            return Some(field);
        }
        let selects = self.selects_around(name);
        let path = self.with_nested_table(name, path);
        if path.len() == 1
            && self.names_result(name)
            && let Some(column) = self.result_column(name, first)
        {
            return Some(QueryMeaning::Column(column));
        }
        for select in &selects {
            let Some(source) = path.first().and_then(|first| self.source_named(*select, first)) else {
                continue;
            };
            return match path.as_slice() {
                [_] => self.source_meaning(source),
                [_, column] if self.column_in_source(source, column, 0).is_some() => {
                    self.column_in_source(source, column, 0).map(QueryMeaning::Column)
                }
                path => self.field_of_select(*select, path),
            };
        }
        selects.into_iter().find_map(|select| {
            let column = || {
                let mut sources = self.sources(select).into_iter();
                sources.find_map(|source| self.column_in_source(source, first, 0))
            };
            match path.as_slice() {
                [_] => column().map(QueryMeaning::Column).or_else(|| self.field_of_select(select, &path)),
                path => self.field_of_select(select, path),
            }
        })
    }

    /// Names in `Т.Строки.(Номер, Товар)` are fields of what stands before the parenthesis.
    fn with_nested_table<'t>(&'t self, name: QueryNodeId, path: &[&'t str]) -> Vec<&'t str> {
        let mut nodes = self.tree.ancestors(name);
        let nested =
            nodes.find(|node| matches!(self.kind(*node), QueryNodeKind::NestedTable | QueryNodeKind::Select));
        let object = nested
            .filter(|node| self.kind(*node) == QueryNodeKind::NestedTable)
            .and_then(|table| self.tree.child(table, QueryRole::Object))
            .filter(|object| !self.tree.range(*object).contains(self.tree.range(name)));
        let mut whole = object.and_then(|object| self.tree.path(object, self.text())).unwrap_or_default();
        whole.extend(path);
        whole
    }

    /// Conditions of virtual tables speak of the fields of the register.
    fn field_of_register(&self, name: QueryNodeId, path: &[&str]) -> Option<QueryMeaning<'a>> {
        let object = self.register_around(name)?;
        let scope = self.section.of.scope();
        let source = Type::Source(TableSource::Object(object));
        let mut value = source;
        let mut found = None;
        for name in path {
            let member = scope.member(&value, name).found()?;
            value = scope.member_type(&value, &member);
            found = Some(member.definition);
        }
        Some(QueryMeaning::Known { definition: found?, value })
    }

    /// The object of the virtual table whose parameters a node stands in.
    pub(crate) fn register_around(&self, node: QueryNodeId) -> Option<ObjectId> {
        for outer in self.tree.ancestors(node) {
            match self.kind(outer) {
                QueryNodeKind::Select => return None,
                QueryNodeKind::Arguments => {
                    let call = self.tree.parent(outer)?;
                    if !self.is_source(call) {
                        continue;
                    }
                    let path = self.tree.path(self.tree.child(call, QueryRole::Function)?, self.text())?;
                    return match self.section.of.scope().query_table(&path)? {
                        TableSource::Virtual { object, .. } | TableSource::Object(object) => Some(object),
                        _ => None,
                    };
                }
                _ => {}
            }
        }
        None
    }

    /// A name of `УПОРЯДОЧИТЬ ПО`, `ИТОГИ`, `ИНДЕКСИРОВАТЬ ПО`.
    fn names_result(&self, name: QueryNodeId) -> bool {
        let clause = self.tree.ancestors(name).find(|node| {
            matches!(
                self.kind(*node),
                QueryNodeKind::Select | QueryNodeKind::Order | QueryNodeKind::Totals | QueryNodeKind::Index
            )
        });
        clause.is_some_and(|clause| self.kind(clause) != QueryNodeKind::Select)
    }

    fn result_column(&self, name: QueryNodeId, text: &str) -> Option<QueryNodeId> {
        let query = self.tree.enclosing(name, QueryNodeKind::Query)?;
        let select = self.first_select(query)?;
        let mut columns = self.tree.children_of_kind(select, QueryNodeKind::Column);
        columns.find(|column| {
            self.column_name(*column).is_some_and(|own| base::same_name(self.node_text(own), text))
        })
    }

    /// A source without alias is what it reads.
    fn source_meaning(&self, source: QueryNodeId) -> Option<QueryMeaning<'a>> {
        if self.alias(source).is_some() {
            return Some(QueryMeaning::Source(source));
        }
        match self.table_path(source)?.as_slice() {
            [name] => self.single_table(name),
            path => self.table(path),
        }
    }

    fn field_of_select(&self, select: QueryNodeId, path: &[&str]) -> Option<QueryMeaning<'a>> {
        match self.in_select(select, |scope, _| scope.resolve_field(path))? {
            FieldLookup::Found(field) => {
                Some(QueryMeaning::Known { definition: field.member.definition, value: field.value })
            }
            FieldLookup::Missing { .. } | FieldLookup::Unknown => None,
        }
    }
}
