//! Types as one module alone can know them. A shape is symbolic: `Общий.Функция()` stays "what that call returns"
//! until a project resolves it. So shapes can be kept with the facts of a module and never become stale.
//!
//! What who resolves. Local inference (`flow`) follows variables, fields of structures, columns of tables, elements of
//! arrays and maps, and query texts as far as one module shows them. The rest it leaves to the project:
//!
//! - `Запрос.Выполнить().Выбрать()` is `Call { Call { Query(text), Выполнить }, Выбрать }`: the query is the one at the
//!   moment of the call. `Запрос.ВыполнитьПакет()[1]` is `Index { Call { Query, ВыполнитьПакет }, "1" }`.
//! - A row that `Т.Добавить()`, `Т[0]` or `Для Каждого` gives is `Element(Table)`; rows of `НайтиСтроки` are
//!   `Collection { Массив, Element(Table) }`. The columns of a table are `Member(Table, Колонки)`.
//! - `Element` of a structure, a map or a list of values is `КлючИЗначение` or `ЭлементСпискаЗначений`, not the value.
//! - A field that a structure is not known to have is `Member(Structure, name)`: its class may have such a property.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::query::QueryShape;

/// A symbolic type. Names keep their spelling.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    #[default]
    Unknown,
    /// A type by name, as code or a doc comment writes it: `Строка`, `СправочникСсылка.Товары`, `Array`.
    Named(SmolStr),
    /// One of several; flat, without `Unknown` and duplicates. A union with an unknown part is `Unknown | …`
    /// with `is_open`.
    Union {
        parts: Arc<[Shape]>,
        is_open: bool,
    },
    /// `Массив из Строка`, elements of a map, of a list of values.
    Collection {
        name: SmolStr,
        element: Arc<Shape>,
    },
    /// `Структура`, `ФиксированнаяСтруктура`, or another value with fields that code adds.
    Structure {
        name: SmolStr,
        fields: Arc<[Field]>,
    },
    /// `ТаблицаЗначений`, `ДеревоЗначений` with the columns that are known.
    Table {
        name: SmolStr,
        columns: Arc<[Field]>,
    },
    /// `Новый Запрос` with the text that it has here; `None`: not known.
    Query(Option<Arc<QueryShape>>),
    /// A value that is not known to be a structure here, with the keys that code inserts: a parameter, the result
    /// of a call.
    Extended {
        base: Arc<Shape>,
        fields: Arc<[Field]>,
    },
    /// A name that the module's context has to explain: `Справочники`, a common module, a form attribute,
    /// a variable of the module, `ЭтотОбъект`.
    Global(SmolStr),
    Member(Arc<Shape>, SmolStr),
    /// What a method returns; `literal` is its first argument if that is a literal string.
    Call {
        receiver: Arc<Shape>,
        method: SmolStr,
        literal: Option<SmolStr>,
    },
    /// What a function called without receiver returns.
    GlobalCall {
        function: SmolStr,
        literal: Option<SmolStr>,
    },
    /// An element as `Для Каждого` gives it.
    Element(Arc<Shape>),
    /// `X[…]`; `key` is the literal between the brackets, `-1` for the last element, empty if it is computed.
    Index {
        of: Arc<Shape>,
        key: SmolStr,
    },
    /// Nested result: rows of a selection or of a tree.
    Row(Arc<Shape>),
    /// `Тип("X")`, `Новый ОписаниеТипов("X")`: a value that describes types.
    TypeValue(Arc<Shape>),
    /// As described there: `См. ОбщегоНазначения.НоваяСтруктура` (a function or a parameter).
    SeeReference(SmolStr),
}

/// A key of a structure or a column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: SmolStr,
    pub shape: Shape,
    pub description: SmolStr,
    /// Where it was added in the module, if it was by code.
    pub offset: Option<u32>,
}

/// One of several types, unions flattened. What may be anything leaves the union open.
pub(crate) fn union(shapes: impl IntoIterator<Item = Shape>) -> Shape {
    let mut all: Vec<Shape> = Vec::new();
    let mut is_any = false;
    let mut add = |shape: &Shape, is_any: &mut bool| {
        if *shape == Shape::Unknown {
            *is_any = true;
        } else if !all.contains(shape) {
            all.push(shape.clone());
        }
    };
    for shape in shapes {
        match &shape {
            Shape::Union { parts, is_open } => {
                parts.iter().for_each(|part| add(part, &mut is_any));
                is_any |= is_open;
            }
            other => add(other, &mut is_any),
        }
    }
    match all.len() {
        0 => Shape::Unknown,
        1 if !is_any => all.swap_remove(0),
        _ => Shape::Union { parts: all.into(), is_open: is_any },
    }
}
