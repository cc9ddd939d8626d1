//! Names of types, in both languages.

use std::rc::Rc;

use crate::name::Name;

/// A type as `ТипЗнч` gives it. Types of metadata objects are made at run time.
#[derive(Clone, Debug)]
pub struct TypeName {
    russian: Text,
    english: Text,
    /// What `Строка(Тип)` says where it is not the name: «Таблица значений».
    presentation: &'static str,
}

#[derive(Clone, Debug)]
enum Text {
    Fixed(&'static str),
    Made(Rc<str>),
}

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Made(text) => text,
        }
    }
}

macro_rules! type_names {
    ($($constant:ident = $russian:literal / $english:literal / $presentation:literal;)*) => {
        impl TypeName {
            $(pub const $constant: Self = Self {
                russian: Text::Fixed($russian),
                english: Text::Fixed($english),
                presentation: $presentation,
            };)*

            /// Every type that is always there.
            const FIXED: &[Self] = &[$(Self::$constant),*];
        }
    };
}

type_names! {
    UNDEFINED = "Неопределено" / "Undefined" / "Неопределено";
    NULL = "Null" / "Null" / "Null";
    BOOLEAN = "Булево" / "Boolean" / "Булево";
    NUMBER = "Число" / "Number" / "Число";
    DATE = "Дата" / "Date" / "Дата";
    TEXT = "Строка" / "String" / "Строка";
    TYPE = "Тип" / "Type" / "Тип";
    ARRAY = "Массив" / "Array" / "Массив";
    FIXED_ARRAY = "ФиксированныйМассив" / "FixedArray" / "Фиксированный массив";
    STRUCTURE = "Структура" / "Structure" / "Структура";
    FIXED_STRUCTURE = "ФиксированнаяСтруктура" / "FixedStructure" / "Фиксированная структура";
    MAP = "Соответствие" / "Map" / "Соответствие";
    FIXED_MAP = "ФиксированноеСоответствие" / "FixedMap" / "Фиксированное соответствие";
    KEY_AND_VALUE = "КлючИЗначение" / "KeyAndValue" / "Ключ и значение";
    VALUE_LIST = "СписокЗначений" / "ValueList" / "Список значений";
    VALUE_LIST_ITEM = "ЭлементСпискаЗначений" / "ValueListItem" / "Элемент списка значений";
    VALUE_TABLE = "ТаблицаЗначений" / "ValueTable" / "Таблица значений";
    VALUE_TABLE_ROW = "СтрокаТаблицыЗначений" / "ValueTableRow" / "Строка таблицы значений";
    VALUE_TABLE_COLUMNS = "КоллекцияКолонокТаблицыЗначений" / "ValueTableColumnCollection" / "Коллекция колонок таблицы значений";
    VALUE_TABLE_COLUMN = "КолонкаТаблицыЗначений" / "ValueTableColumn" / "Колонка таблицы значений";
    VALUE_TABLE_INDEXES = "ИндексыКоллекции" / "CollectionIndexes" / "Индексы коллекции";
    VALUE_TREE = "ДеревоЗначений" / "ValueTree" / "Дерево значений";
    VALUE_TREE_ROW = "СтрокаДереваЗначений" / "ValueTreeRow" / "Строка дерева значений";
    VALUE_TREE_ROWS = "КоллекцияСтрокДереваЗначений" / "ValueTreeRowCollection" / "Коллекция строк дерева значений";
    TYPE_DESCRIPTION = "ОписаниеТипов" / "TypeDescription" / "Описание типов";
    ERROR_INFO = "ИнформацияОбОшибке" / "ErrorInfo" / "Информация об ошибке";
    UUID = "УникальныйИдентификатор" / "UUID" / "Уникальный идентификатор";
    MODULE = "ОбщийМодуль" / "CommonModule" / "Общий модуль";
    QUERY = "Запрос" / "Query" / "Запрос";
    QUERY_RESULT = "РезультатЗапроса" / "QueryResult" / "Результат запроса";
    QUERY_SELECTION = "ВыборкаИзРезультатаЗапроса" / "QueryResultSelection" / "Выборка из результата запроса";
}

impl TypeName {
    /// A type of a metadata object.
    pub fn made(russian: impl Into<Rc<str>>, english: impl Into<Rc<str>>) -> Self {
        Self { russian: Text::Made(russian.into()), english: Text::Made(english.into()), presentation: "" }
    }

    /// A type that is always there, by one of its names.
    pub fn find(name: &str) -> Option<Self> {
        let is_named = |candidate: &&Self| {
            base::same_name(candidate.russian(), name) || base::same_name(candidate.english(), name)
        };
        Self::FIXED.iter().find(is_named).cloned()
    }

    pub fn russian(&self) -> &str {
        self.russian.as_str()
    }

    pub fn english(&self) -> &str {
        self.english.as_str()
    }

    /// How the type is shown to people.
    pub fn presentation(&self) -> &str {
        if self.presentation.is_empty() { self.russian() } else { self.presentation }
    }

    pub fn is_named(&self, name: &Name) -> bool {
        base::same_name(self.russian(), &name.shown) || base::same_name(self.english(), &name.shown)
    }
}

impl PartialEq for TypeName {
    fn eq(&self, other: &Self) -> bool {
        self.russian() == other.russian()
    }
}

impl Eq for TypeName {}

impl std::hash::Hash for TypeName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.russian().hash(state);
    }
}
