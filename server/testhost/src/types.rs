//! Names of types, in both languages.

use std::rc::Rc;

use crate::name::Name;

/// A type as `ТипЗнч` gives it. Types of metadata objects are made at run time. Small: it is a part of every value.
#[derive(Clone, Debug)]
pub struct TypeName(Names);

#[derive(Clone, Debug)]
enum Names {
    Fixed(&'static FixedNames),
    Made(Rc<MadeNames>),
}

#[derive(Debug)]
struct FixedNames {
    russian: &'static str,
    english: &'static str,
    /// What `Строка(Тип)` says where it is not the name: «Таблица значений».
    presentation: &'static str,
}

#[derive(Debug)]
struct MadeNames {
    russian: Rc<str>,
    english: Rc<str>,
}

macro_rules! type_names {
    ($($constant:ident = $russian:literal / $english:literal / $presentation:literal;)*) => {
        impl TypeName {
            $(pub const $constant: Self = Self(Names::Fixed(&FixedNames {
                russian: $russian,
                english: $english,
                presentation: $presentation,
            }));)*

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
    BINARY = "ДвоичныеДанные" / "BinaryData" / "Двоичные данные";
    NUMBER_QUALIFIERS = "КвалификаторыЧисла" / "NumberQualifiers" / "Квалификаторы числа";
    STRING_QUALIFIERS = "КвалификаторыСтроки" / "StringQualifiers" / "Квалификаторы строки";
    DATE_QUALIFIERS = "КвалификаторыДаты" / "DateQualifiers" / "Квалификаторы даты";
    USER_MESSAGE = "СообщениеПользователю" / "UserMessage" / "Сообщение пользователю";
    NOTIFY_DESCRIPTION = "ОписаниеОповещения" / "NotifyDescription" / "Описание оповещения";
    VALUE_STORAGE = "ХранилищеЗначения" / "ValueStorage" / "Хранилище значения";
    COMPRESSION = "СжатиеДанных" / "Deflation" / "Сжатие данных";
    VALUE_COMPARISON = "СравнениеЗначений" / "CompareValues" / "Сравнение значений";
    JSON_SETTINGS = "ПараметрыЗаписиJSON" / "JSONWriterSettings" / "Параметры записи JSON";
    XML_READER = "ЧтениеXML" / "XMLReader" / "Чтение XML";
    XML_WRITER = "ЗаписьXML" / "XMLWriter" / "Запись XML";
    XML_SETTINGS = "ПараметрыЗаписиXML" / "XMLWriterSettings" / "Параметры записи XML";
    REGULAR_MATCH = "РезультатПоискаПоРегулярномуВыражению" / "ResultOfSearchByRegularExpression" / "Результат поиска по регулярному выражению";
    REGULAR_GROUP = "ГруппаРезультатаПоискаПоРегулярномуВыражению" / "ResultOfSearchByRegularExpressionGroup" / "Группа результата поиска по регулярному выражению";
    MODULE = "ОбщийМодуль" / "CommonModule" / "Общий модуль";
    QUERY = "Запрос" / "Query" / "Запрос";
    QUERY_RESULT = "РезультатЗапроса" / "QueryResult" / "Результат запроса";
    QUERY_SELECTION = "ВыборкаИзРезультатаЗапроса" / "QueryResultSelection" / "Выборка из результата запроса";
}

impl TypeName {
    /// A type of a metadata object.
    pub fn made(russian: impl Into<Rc<str>>, english: impl Into<Rc<str>>) -> Self {
        Self(Names::Made(Rc::new(MadeNames { russian: russian.into(), english: english.into() })))
    }

    /// A type that is always there, by one of its names.
    pub fn find(name: &str) -> Option<Self> {
        let is_named = |candidate: &&Self| {
            base::same_name(candidate.russian(), name) || base::same_name(candidate.english(), name)
        };
        Self::FIXED.iter().find(is_named).cloned()
    }

    pub fn russian(&self) -> &str {
        match &self.0 {
            Names::Fixed(names) => names.russian,
            Names::Made(names) => &names.russian,
        }
    }

    pub fn english(&self) -> &str {
        match &self.0 {
            Names::Fixed(names) => names.english,
            Names::Made(names) => &names.english,
        }
    }

    /// How the type is shown to people.
    pub fn presentation(&self) -> &str {
        match &self.0 {
            Names::Fixed(names) => names.presentation,
            Names::Made(names) => &names.russian,
        }
    }

    pub fn is_named(&self, name: &Name) -> bool {
        base::same_name(self.russian(), &name.shown) || base::same_name(self.english(), &name.shown)
    }
}

impl PartialEq for TypeName {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Names::Fixed(left), Names::Fixed(right)) => {
                std::ptr::eq(*left, *right) || left.russian == right.russian
            }
            _ => self.russian() == other.russian(),
        }
    }
}

impl Eq for TypeName {}

impl std::hash::Hash for TypeName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.russian().hash(state);
    }
}
