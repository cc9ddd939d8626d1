//! Queries as the module alone can know them: which tables they read and which fields they return.

mod shape;
#[cfg(test)]
mod tests;
mod values;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use shape::{query_select, query_shape, query_text_shape, query_value};

/// A query text with all its batches, names as written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueryShape {
    pub batches: Vec<QueryBatch>,
    /// Names behind `&`, each once.
    pub parameters: Vec<SmolStr>,
    /// Parts of the text are put in at run time; what is missing here may be there then.
    pub is_template: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueryBatch {
    /// `ПОМЕСТИТЬ X`; empty if the batch returns rows.
    pub temporary_table: SmolStr,
    /// `УНИЧТОЖИТЬ X`.
    pub drops: SmolStr,
    pub sources: Vec<QuerySource>,
    /// Columns in order. Of a union, names and sources are those of the first query, values those of all.
    pub columns: Vec<QueryColumn>,
    /// Names of the grouping levels of `ИТОГИ … ПО`.
    pub totals: Vec<SmolStr>,
}

/// Something after `ИЗ` or `СОЕДИНЕНИЕ`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuerySource {
    /// Last part of the table if no alias is written.
    pub alias: SmolStr,
    pub table: QueryTable,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum QueryTable {
    /// `Справочник.Товары`, `РегистрНакопления.Запасы.Остатки`, or one name: a temporary table.
    Path(Vec<SmolStr>),
    Parameter(SmolStr),
    Subquery(Box<QueryBatch>),
    /// A placeholder of a template.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryColumn {
    /// Alias, or the last part of the field; empty for an expression without alias; `*` for all fields.
    pub name: SmolStr,
    pub value: QueryValue,
}

/// What a column holds, as far as its type goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum QueryValue {
    #[default]
    Unknown,
    /// `Т.Ссылка.Код`: first an alias of a source, or a field of the only source.
    Field(Vec<SmolStr>),
    /// `Т.*`; empty path: `*`.
    AllFields(Vec<SmolStr>),
    Number,
    String,
    Boolean,
    Date,
    Null,
    Type,
    /// `ЗНАЧЕНИЕ(Справочник.Валюты.ПустаяСсылка)`, `ВЫРАЗИТЬ(… КАК Документ.Заказ)`: reference to the object.
    Reference(Vec<SmolStr>),
    /// `ЕСТЬNULL(a, b)`, `ВЫБОР`, columns of a union: one of these; `Unknown` among them leaves the list open.
    OneOf(Vec<QueryValue>),
    /// `Т.Строки.(Номер, Сумма)`; paths of the columns begin with the one of the table: `Т.Строки.Номер`.
    Nested(Vec<QueryColumn>),
    Parameter(SmolStr),
}
