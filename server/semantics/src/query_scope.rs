//! Names inside a query: sources, fields, columns of the result, with their types.

use metadata::ObjectKind;
use smol_str::SmolStr;

use crate::definition::{Definition, Lookup, Member, MemberKind, plain};
use crate::ids::ObjectId;
use crate::query::{QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue};
use crate::query_tables::TableSource;
use crate::resolver::{Resolver, State};
use crate::scope::Scope;
use crate::types::{Primitive, Type};

/// Subqueries and temporary tables that are followed inside each other.
const DEPTH: u8 = 16;

/// One `ВЫБРАТЬ` of a query text: its sources and the temporary tables that stand before it.
#[derive(Clone, Copy)]
pub struct QueryScope<'q> {
    pub scope: Scope<'q>,
    query: &'q QueryShape,
    batch: &'q QueryBatch,
    /// Batches that run before, which may make temporary tables.
    earlier: &'q [QueryBatch],
}

/// A field with its type.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryField {
    pub member: Member,
    pub value: Type,
}

/// What a path of names means.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldLookup {
    Found(Box<QueryField>),
    /// There is certainly no such field; the index says which name of the path is wrong.
    Missing {
        part: usize,
    },
    Unknown,
}

impl<'q> QueryScope<'q> {
    pub fn new(scope: Scope<'q>, query: &'q QueryShape, batch: usize) -> Option<Self> {
        let earlier = query.batches.get(..batch)?;
        Some(Self { scope, query, batch: query.batches.get(batch)?, earlier })
    }

    /// The same for a subquery of this batch.
    pub fn nested(self, batch: &'q QueryBatch) -> Self {
        Self { batch, ..self }
    }

    pub fn batch(self) -> &'q QueryBatch {
        self.batch
    }

    fn ask<T>(self, question: impl FnOnce(QueryResolver<'_>) -> T) -> T {
        let state = State::default();
        let resolver = Resolver::new(self.scope.project, self.scope.module, &state);
        question(QueryResolver {
            resolver,
            batch: self.batch,
            earlier: self.earlier,
            is_template: self.query.is_template,
            depth: 0,
        })
    }

    /// Fields of a source.
    pub fn source_fields(self, source: &QuerySource) -> Vec<Member> {
        self.ask(|query| query.fields_of(&source.table))
    }

    /// What follows a path of names: fields of a source, attributes behind a reference.
    pub fn fields_behind(self, path: &[&str]) -> Vec<Member> {
        self.ask(|query| match query.source_of(path) {
            Some((source, [])) => query.fields_of(&source.table),
            _ => match query.resolve(path) {
                FieldLookup::Found(field) => {
                    let members = query.resolver.members(&queried(&field.value));
                    members.into_iter().filter(|member| !is_method(member)).collect()
                }
                _ => Vec::new(),
            },
        })
    }

    /// Fields of a source with their types.
    pub fn typed_source_fields(self, source: &QuerySource) -> Vec<QueryField> {
        self.ask(|query| query.typed_fields_of(&source.table))
    }

    /// Fields that a query sees behind a value: those of what a reference refers to.
    pub fn fields_of_value(self, value: &Type) -> Vec<QueryField> {
        self.ask(|query| {
            let mut seen = rustc_hash::FxHashSet::default();
            let mut fields = Vec::new();
            for part in value.parts().iter().map(queried) {
                let members = query.resolver.members(&part).into_iter().filter(|member| !is_method(member));
                for member in members.filter(|member| seen.insert(member.names.ru.to_lowercase())) {
                    let value = query.resolver.member_type(&part, &member);
                    fields.push(QueryField { member, value });
                }
            }
            fields
        })
    }

    /// `Т.Ссылка.Код`, `Код` of the only source.
    pub fn resolve_field(self, path: &[&str]) -> FieldLookup {
        self.ask(|query| query.resolve(path))
    }

    pub fn value_type(self, value: &QueryValue) -> Type {
        self.ask(|query| query.value(value))
    }

    /// Columns of the result with `*` spelled out, and their types.
    pub fn columns(self) -> Vec<(SmolStr, Type)> {
        self.ask(|query| query.typed_columns())
    }
}

impl<'p> Scope<'p> {
    /// The table that a path in a query means: `Документ.Заказ.Товары`.
    pub fn query_table(self, path: &[&str]) -> Option<TableSource> {
        let state = State::default();
        Resolver::new(self.project, self.module, &state).table_source(path)
    }

    /// Fields of a table of the query language.
    pub fn table_fields(self, source: TableSource) -> Vec<Member> {
        let state = State::default();
        Resolver::new(self.project, self.module, &state).members(&Type::Source(source))
    }

    /// The object that a path in a query means: `Справочник.Товары`.
    pub fn query_object(self, kind: &str, name: &str) -> Option<ObjectId> {
        let kind = ObjectKind::from_name(kind)?;
        self.project.find_object(self.project.visible_root(self.module), kind, name)
    }
}

/// A batch under a question that is going on.
#[derive(Clone, Copy)]
struct QueryResolver<'a> {
    resolver: Resolver<'a>,
    batch: &'a QueryBatch,
    earlier: &'a [QueryBatch],
    is_template: bool,
    depth: u8,
}

impl<'a> QueryResolver<'a> {
    fn inner(self, batch: &'a QueryBatch, earlier: &'a [QueryBatch]) -> Option<Self> {
        (self.depth < DEPTH && self.resolver.step()).then_some(Self {
            batch,
            earlier,
            depth: self.depth + 1,
            ..self
        })
    }

    /// The batch that makes a temporary table.
    fn temporary(self, name: &str) -> Option<Self> {
        let is = |batch: &QueryBatch| base::same_name(&batch.temporary_table, name);
        let index = self.earlier.iter().rposition(is)?;
        self.inner(self.earlier.get(index)?, self.earlier.get(..index)?)
    }

    /// The batch whose rows a table is.
    fn rows_of(self, table: &'a QueryTable) -> Option<Self> {
        match table {
            QueryTable::Subquery(batch) => self.inner(batch, self.earlier),
            QueryTable::Path(path) => match path.as_slice() {
                [name] => self.temporary(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn metadata_table(self, table: &QueryTable) -> Option<TableSource> {
        let QueryTable::Path(path) = table else { return None };
        let path: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        self.resolver.table_source(&path)
    }

    fn fields_of(self, table: &'a QueryTable) -> Vec<Member> {
        if let Some(rows) = self.rows_of(table) {
            return rows.column_names().into_iter().map(|name| column(&name)).collect();
        }
        match self.metadata_table(table) {
            Some(source) => self.resolver.members(&Type::Source(source)),
            None => Vec::new(),
        }
    }

    fn typed_fields_of(self, table: &'a QueryTable) -> Vec<QueryField> {
        if let Some(rows) = self.rows_of(table) {
            let columns = rows.typed_columns().into_iter();
            return columns.map(|(name, value)| QueryField { member: column(&name), value }).collect();
        }
        let Some(source) = self.metadata_table(table).map(Type::Source) else { return Vec::new() };
        let members = self.resolver.members(&source).into_iter();
        members
            .map(|member| QueryField { value: self.resolver.member_type(&source, &member), member })
            .collect()
    }

    /// One field of a table.
    fn field_of(self, table: &'a QueryTable, name: &str) -> FieldLookup {
        if let Some(rows) = self.rows_of(table) {
            return match rows.column_type(name) {
                Some(value) => found(column(name), value),
                None if rows.is_open() => FieldLookup::Unknown,
                None => FieldLookup::Missing { part: 0 },
            };
        }
        let Some(source) = self.metadata_table(table) else { return FieldLookup::Unknown };
        let source = Type::Source(source);
        match self.resolver.member_of(&source, name) {
            Lookup::Found(member) => {
                let value = self.resolver.member_type(&source, &member);
                found(member, value)
            }
            Lookup::Missing if !self.is_template => FieldLookup::Missing { part: 0 },
            Lookup::Missing | Lookup::Unknown => FieldLookup::Unknown,
        }
    }

    /// The source that the beginning of a path names, and the rest.
    fn source_of<'n>(self, path: &'n [&'n str]) -> Option<(&'a QuerySource, &'n [&'n str])> {
        let (first, rest) = path.split_first()?;
        let source = self.batch.sources.iter().find(|source| base::same_name(&source.alias, first))?;
        Some((source, rest))
    }

    fn resolve(self, path: &[&str]) -> FieldLookup {
        let (found, rest, shift) = match self.source_of(path) {
            Some((source, [first, rest @ ..])) => (self.field_of(&source.table, first), rest, 1),
            Some((_, [])) => return FieldLookup::Unknown,
            None => match path {
                [first, rest @ ..] => (self.field_of_any(first), rest, 0),
                [] => return FieldLookup::Unknown,
            },
        };
        let mut field = match found {
            FieldLookup::Found(field) => field,
            FieldLookup::Missing { .. } => return FieldLookup::Missing { part: shift },
            FieldLookup::Unknown => return FieldLookup::Unknown,
        };
        for (index, name) in rest.iter().enumerate() {
            match self.behind(&field.value, name) {
                FieldLookup::Found(next) => field = next,
                FieldLookup::Missing { .. } => return FieldLookup::Missing { part: shift + 1 + index },
                FieldLookup::Unknown => return FieldLookup::Unknown,
            }
        }
        FieldLookup::Found(field)
    }

    /// A field without source: that of the only source which has it.
    fn field_of_any(self, name: &str) -> FieldLookup {
        let mut is_missing = !self.batch.sources.is_empty();
        for source in &self.batch.sources {
            match self.field_of(&source.table, name) {
                FieldLookup::Missing { .. } => {}
                FieldLookup::Unknown => is_missing = false,
                found @ FieldLookup::Found(_) => return found,
            }
        }
        if is_missing { FieldLookup::Missing { part: 0 } } else { FieldLookup::Unknown }
    }

    /// A name behind a dot: a field of what a reference refers to.
    fn behind(self, value: &Type, name: &str) -> FieldLookup {
        let mut found: Option<Member> = None;
        let mut types = Vec::new();
        for part in value.parts() {
            if let Lookup::Found(member) = self.resolver.member_of(&queried(part), name)
                && !is_method(&member)
            {
                types.push(self.resolver.member_type(&queried(part), &member));
                found.get_or_insert(member);
            }
        }
        match found {
            Some(member) => self::found(member, Type::union(types)),
            None if self.is_template || value.is_open() || !self.is_closed(value) => FieldLookup::Unknown,
            None => FieldLookup::Missing { part: 0 },
        }
    }

    /// True if all fields behind a value are known.
    fn is_closed(self, value: &Type) -> bool {
        // Libraries leave stubs of defined types, so a primitive value proves nothing.
        value.parts().iter().all(|part| match queried(part) {
            Type::Source(source) => self.resolver.is_complete_table(source),
            _ => false,
        })
    }

    /// The result may have columns that are not listed.
    fn is_open(self) -> bool {
        let is_open = |column: &QueryColumn| match &column.value {
            QueryValue::AllFields(path) => {
                let path: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
                self.all_fields(&path).is_none()
            }
            _ => column.name.is_empty(),
        };
        self.is_template || self.batch.columns.is_empty() || self.batch.columns.iter().any(is_open)
    }

    /// Tables whose fields `*` or `Т.*` means; `None` if one of them is unknown.
    fn all_fields(self, path: &[&str]) -> Option<Vec<&'a QueryTable>> {
        let wanted = path.first();
        let sources = self.batch.sources.iter();
        let sources =
            sources.filter(|source| wanted.is_none_or(|alias| base::same_name(&source.alias, alias)));
        let tables: Vec<_> = sources.map(|source| &source.table).collect();
        let is_known = |table: &&QueryTable| {
            self.metadata_table(table).is_some() || self.rows_of(table).is_some_and(|rows| !rows.is_open())
        };
        (tables.iter().all(is_known) && !tables.is_empty()).then_some(tables)
    }

    fn column_names(self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        for column in &self.batch.columns {
            match &column.value {
                QueryValue::AllFields(path) => {
                    let path: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
                    for table in self.all_fields(&path).unwrap_or_default() {
                        names.extend(self.fields_of(table).into_iter().map(|member| member.names.ru));
                    }
                }
                _ if column.name.is_empty() => {}
                _ => names.push(column.name.clone()),
            }
        }
        names
    }

    /// Type of a column by name; `None` if there is no such column among those that are known.
    fn column_type(self, name: &str) -> Option<Type> {
        if let Some(column) = self.batch.columns.iter().find(|column| base::same_name(&column.name, name)) {
            return Some(self.value(&column.value));
        }
        let all = self.batch.columns.iter().filter_map(|column| match &column.value {
            QueryValue::AllFields(path) => Some(path),
            _ => None,
        });
        for path in all {
            let path: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
            for table in self.all_fields(&path).unwrap_or_default() {
                if let FieldLookup::Found(field) = self.field_of(table, name) {
                    return Some(field.value);
                }
            }
        }
        None
    }

    fn typed_columns(self) -> Vec<(SmolStr, Type)> {
        let names = self.column_names().into_iter();
        names
            .map(|name| {
                let value = self.column_type(&name).unwrap_or_default();
                (name, value)
            })
            .collect()
    }

    fn value(self, value: &QueryValue) -> Type {
        match value {
            QueryValue::Unknown | QueryValue::AllFields(_) | QueryValue::Parameter(_) => Type::Unknown,
            QueryValue::Field(path) => {
                let path: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
                match self.resolve(&path) {
                    FieldLookup::Found(field) => field.value,
                    FieldLookup::Missing { .. } | FieldLookup::Unknown => Type::Unknown,
                }
            }
            QueryValue::Number => Type::NUMBER,
            QueryValue::String => Type::STRING,
            QueryValue::Boolean => Type::BOOLEAN,
            QueryValue::Date => Type::DATE,
            QueryValue::Null => Type::Primitive(Primitive::Null),
            QueryValue::Type => self.resolver.named_type("Тип"),
            QueryValue::Reference(path) => {
                let name = path.iter().take(2).map(SmolStr::as_str).collect::<Vec<_>>().join(".");
                let object = self.resolver.object_by_full_name(&name);
                object.map_or(Type::Unknown, |object| Type::Object {
                    object,
                    aspect: metadata::ObjectAspect::Ref,
                })
            }
            QueryValue::OneOf(values) => Type::union(values.iter().map(|value| self.value(value))),
            QueryValue::Nested(_) => self.resolver.named_type("РезультатЗапроса"),
        }
    }
}

/// A reference as the table that it refers to: queries see its fields only.
fn queried(value: &Type) -> Type {
    match value {
        Type::Object { object, aspect: metadata::ObjectAspect::Ref } => {
            Type::Source(TableSource::Object(*object))
        }
        Type::Section { object, section } => {
            Type::Source(TableSource::Section { object: *object, section: *section })
        }
        other => other.clone(),
    }
}

fn found(member: Member, value: Type) -> FieldLookup {
    FieldLookup::Found(Box::new(QueryField { member, value }))
}

fn is_method(member: &Member) -> bool {
    matches!(member.kind, MemberKind::Method | MemberKind::Function)
}

fn column(name: &str) -> Member {
    Member {
        names: plain(name),
        kind: MemberKind::Column,
        definition: Definition::QueryColumn { name: name.into() },
    }
}

impl<'a> Resolver<'a> {
    fn batches_of(self, query: &'a QueryShape, batch: Option<u32>) -> Vec<QueryResolver<'a>> {
        let returns = |batch: &QueryBatch| batch.temporary_table.is_empty() && batch.drops.is_empty();
        let wanted = query.batches.iter().enumerate().filter(|(index, content)| match batch {
            Some(batch) => batch as usize == *index,
            None => returns(content),
        });
        let resolver = |(index, batch): (usize, &'a QueryBatch)| {
            let earlier = query.batches.get(..index)?;
            Some(QueryResolver { resolver: self, batch, earlier, is_template: query.is_template, depth: 0 })
        };
        wanted.filter_map(resolver).collect()
    }

    /// Columns of a query's result.
    pub(crate) fn column_names(self, query: &QueryShape, batch: Option<u32>) -> Vec<SmolStr> {
        let whole = Resolver { project: self.project, module: self.module, state: self.state };
        whole.batches_of(query, batch).into_iter().flat_map(QueryResolver::column_names).collect()
    }

    pub(crate) fn column_type_of(self, query: &QueryShape, batch: Option<u32>, name: &str) -> Type {
        let whole = Resolver { project: self.project, module: self.module, state: self.state };
        let found = whole.batches_of(query, batch).into_iter().find_map(|batch| batch.column_type(name));
        found.unwrap_or_default()
    }
}
