//! Queries as the module alone can know them: which tables they read and which fields they return.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

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
    /// Columns of the first query of a union, in order.
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
    /// `ЕСТЬNULL(a, b)`, `ВЫБОР`: one of these.
    OneOf(Vec<QueryValue>),
    /// `Т.Строки.(Номер, Сумма)`.
    Nested(Vec<QueryColumn>),
    Parameter(SmolStr),
}
