//! Queries over tables in memory: the common shape of the language. What is not there is named.

mod aggregates;
mod compile;
mod execute;
mod expression;
mod functions;
mod hierarchy;
mod join;
mod objects;
mod table;
mod totals;
mod virtual_tables;

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use syntax::{QueryErrorKind, QueryTree, parse_query_text};

pub(crate) use self::functions::period_border;
pub(crate) use self::objects::{construct, selection_of, value_table};
pub use self::table::Table;
pub(crate) use self::virtual_tables::IsUsed;
pub use self::virtual_tables::VirtualTable;

use crate::failure::{Failure, Outcome};
use crate::value::Value;

/// Where queries find their tables.
pub trait Database {
    /// The table of a path such as `Справочник.Товары`; the path is in lower case.
    fn table(&self, path: &[String]) -> Option<Rc<Table>>;

    /// `ЗНАЧЕНИЕ(Перечисление.Виды.Первый)`; the path is in lower case.
    fn constant(&self, path: &[String]) -> Option<Value>;

    /// `РегистрНакопления.Остатки.Остатки`; the path is in lower case.
    #[doc(hidden)]
    fn virtual_table(&self, _path: &[String]) -> Option<VirtualTable> {
        None
    }

    /// True for tables that the configuration has and this database lacks; the path is in lower case.
    fn is_missing(&self, _path: &[String]) -> bool {
        false
    }

    /// Names the values that the database holds, for the budget of memory.
    fn trace(&self, _tracer: &mut crate::machine::Tracer) {}
}

/// Temporary tables; a manager shares them between queries.
pub(crate) type TemporaryTables = Rc<RefCell<FxHashMap<Rc<str>, Rc<Table>>>>;

/// A package of queries that is being run.
pub(crate) struct Run<'a> {
    pub(crate) text: &'a str,
    pub(crate) tree: &'a QueryTree,
    pub(crate) parameters: &'a FxHashMap<Rc<str>, Value>,
    pub(crate) temporary: &'a TemporaryTables,
}

/// Parses a text and complains as the platform does: `{(2, 5)}: Ожидается …`.
pub(crate) fn parse(text: &str) -> Outcome<QueryTree> {
    let tree = parse_query_text(text);
    let Some(error) = tree.errors_as_written().first() else { return Ok(tree) };
    let message = match error.kind {
        QueryErrorKind::Missing(kind) => {
            let spelling = kind.sign().or(kind.spellings().map(|(russian, _)| russian)).unwrap_or("имя");
            format!("Ожидается \"{spelling}\"")
        }
        QueryErrorKind::MissingExpression => "Ожидается выражение".to_owned(),
        QueryErrorKind::MissingTable => "Ожидается таблица".to_owned(),
        QueryErrorKind::MissingName => "Ожидается имя".to_owned(),
        QueryErrorKind::MissingCondition => "Ожидается \"ПО\"".to_owned(),
        QueryErrorKind::Unexpected => format!("Синтаксическая ошибка \"{}\"", error.range.slice(text).trim()),
    };
    Err(failure_at(text, error.range.start, &message))
}

/// An error with the place in the text of the query.
pub(crate) fn failure_at(text: &str, offset: u32, message: &str) -> Box<Failure> {
    let before = text.get(..offset as usize).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Failure::runtime(format!("{{({line}, {column})}}: {message}"))
}
