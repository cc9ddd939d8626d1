//! Objects and fields that the queries of a section use. Only texts that are whole in the module count: a template or
//! half a query may become anything.

use base::{TextRange, same_name};
use metadata::ObjectKind;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTree};

use crate::queries::SectionQuery;

/// Offsets are relative to the section.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct QueryFacts {
    /// `Справочник.Товары`, wherever it stands.
    pub objects: Vec<ObjectUse>,
    /// Tables behind `ИЗ` and `СОЕДИНЕНИЕ`.
    pub tables: Vec<TableUse>,
    pub fields: Vec<FieldUse>,
}

impl QueryFacts {
    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.tables.is_empty()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ObjectUse {
    pub kind: ObjectKind,
    pub name: SmolStr,
    /// Of kind and name.
    pub range: TextRange,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TableUse {
    /// `РегистрНакопления.Запасы.Остатки`.
    pub path: SmolStr,
    pub range: TextRange,
}

/// `Т.Код`, where `Т` is the alias of a table.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct FieldUse {
    /// Index of the table.
    pub table: u32,
    /// Of the field's name.
    pub range: TextRange,
}

/// A source of a `ВЫБРАТЬ`.
struct Alias<'t> {
    select: QueryNodeId,
    name: &'t str,
    /// `None` for subqueries, temporary tables and parameters.
    table: Option<u32>,
}

pub(crate) fn query_facts(text: &str, queries: &[SectionQuery]) -> QueryFacts {
    let mut facts = QueryFacts::default();
    for query in queries.iter().filter(|query| query.is_known) {
        let tree = &query.tree;
        if tree.errors().is_empty() && !tree.is_template() {
            Collector { tree, text, facts: &mut facts }.collect();
        }
    }
    facts
}

struct Collector<'t, 'f> {
    tree: &'t QueryTree,
    text: &'t str,
    facts: &'f mut QueryFacts,
}

impl<'t> Collector<'t, '_> {
    fn collect(&mut self) {
        let mut aliases = Vec::new();
        for (id, node) in self.tree.nodes() {
            match node.kind {
                QueryNodeKind::Source => aliases.extend(self.source(id)),
                QueryNodeKind::Type => self.object(id),
                QueryNodeKind::Member if self.names_object(id) => self.object(id),
                _ => {}
            }
        }
        for (id, node) in self.tree.nodes() {
            if node.kind == QueryNodeKind::Member {
                self.field(id, &aliases);
            }
        }
    }

    /// Text of a node that is nothing but names and dots on one line.
    fn path(&self, id: QueryNodeId) -> Option<&'t str> {
        let path = self.tree.node_text(id, self.text);
        let is_whole = path.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
        (is_whole && !path.ends_with('.')).then_some(path)
    }

    fn source(&mut self, source: QueryNodeId) -> Option<Alias<'t>> {
        let table = self.tree.child(source, QueryRole::Table)?;
        let select = self.tree.enclosing(source, QueryNodeKind::Select)?;
        let named = match self.tree.kind(table) {
            QueryNodeKind::Call => self.tree.child(table, QueryRole::Function)?,
            _ => table,
        };
        let is_name = matches!(self.tree.kind(named), QueryNodeKind::Name | QueryNodeKind::Member);
        let path = self.path(named).filter(|_| is_name);
        let alias =
            self.tree.child(source, QueryRole::Alias).map(|alias| self.tree.node_text(alias, self.text));
        let name = alias.or_else(|| path.and_then(|path| path.rsplit('.').next()))?;
        let table = path.filter(|path| path.contains('.')).map(|path| {
            self.object(named);
            self.facts.tables.push(TableUse { path: path.into(), range: self.tree.range(named) });
            self.facts.tables.len() as u32 - 1
        });
        Some(Alias { select, name, table })
    }

    /// The path is an argument of `ЗНАЧЕНИЕ` or `ТИП`, or stands behind `ДЛЯ ИЗМЕНЕНИЯ`.
    fn names_object(&self, path: QueryNodeId) -> bool {
        let Some(parent) = self.tree.parent(path) else { return false };
        match self.tree.kind(parent) {
            QueryNodeKind::ForUpdate => true,
            QueryNodeKind::Arguments => {
                let call = self.tree.parent(parent);
                let function = call.and_then(|call| self.tree.child(call, QueryRole::Function));
                let name = function.map_or("", |function| self.tree.node_text(function, self.text));
                ["ЗНАЧЕНИЕ", "VALUE", "ТИП", "TYPE"].iter().any(|known| same_name(known, name))
            }
            _ => false,
        }
    }

    fn object(&mut self, id: QueryNodeId) {
        let Some(path) = self.path(id) else { return };
        let mut names = path.split('.');
        let (Some(kind), Some(name)) = (names.next(), names.next()) else { return };
        let Some(known) = ObjectKind::from_name(kind).filter(|kind| is_table(*kind)) else { return };
        let start = self.tree.range(id).start;
        let end = start + (kind.len() + 1 + name.len()) as u32;
        self.facts.objects.push(ObjectUse {
            kind: known,
            name: name.into(),
            range: TextRange { start, end },
        });
    }

    /// The first name behind an alias. Aliases of the queries around count, too.
    fn field(&mut self, member: QueryNodeId, aliases: &[Alias<'t>]) {
        let Some((object, property)) =
            self.tree.child(member, QueryRole::Object).zip(self.tree.child(member, QueryRole::Property))
        else {
            return;
        };
        if self.tree.kind(object) != QueryNodeKind::Name
            || self.tree.kind(property) != QueryNodeKind::Name
            || self.names_object(member)
            || self.tree.parent(member).is_some_and(|parent| self.tree.kind(parent) == QueryNodeKind::Source)
        {
            return;
        }
        let name = self.tree.node_text(object, self.text);
        let selects = self.tree.ancestors(member).filter(|id| self.tree.kind(*id) == QueryNodeKind::Select);
        let find = |select: QueryNodeId| {
            let mut own =
                aliases.iter().filter(|alias| alias.select == select && same_name(alias.name, name));
            own.next()
        };
        if let Some(table) = selects.filter_map(find).next().and_then(|alias| alias.table) {
            self.facts.fields.push(FieldUse { table, range: self.tree.range(property) });
        }
    }
}

/// Kinds whose objects are tables of the query language.
fn is_table(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    matches!(
        kind,
        K::Catalog
            | K::Document
            | K::DocumentJournal
            | K::Sequence
            | K::Enum
            | K::ChartOfCharacteristicTypes
            | K::ChartOfAccounts
            | K::ChartOfCalculationTypes
            | K::InformationRegister
            | K::AccumulationRegister
            | K::AccountingRegister
            | K::CalculationRegister
            | K::BusinessProcess
            | K::Task
            | K::ExchangePlan
            | K::FilterCriterion
            | K::Constant
    )
}
