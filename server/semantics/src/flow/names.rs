//! Words of the platform that local inference understands, in both languages.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

macro_rules! words {
    ($($word:ident = $ru:literal $en:literal),* $(,)?) => {
        /// A name that inference gives a meaning to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Word { $($word),* }

        const WORDS: &[(Word, &str, &str)] = &[$((Word::$word, $ru, $en)),*];
    };
}

words! {
    // Types.
    Structure = "Структура" "Structure",
    FixedStructure = "ФиксированнаяСтруктура" "FixedStructure",
    Map = "Соответствие" "Map",
    FixedMap = "ФиксированноеСоответствие" "FixedMap",
    Array = "Массив" "Array",
    FixedArray = "ФиксированныйМассив" "FixedArray",
    ValueList = "СписокЗначений" "ValueList",
    ValueTable = "ТаблицаЗначений" "ValueTable",
    ValueTree = "ДеревоЗначений" "ValueTree",
    Query = "Запрос" "Query",
    TypeDescription = "ОписаниеТипов" "TypeDescription",
    // Types that are functions too.
    String = "Строка" "String",
    Number = "Число" "Number",
    Date = "Дата" "Date",
    Boolean = "Булево" "Boolean",
    Undefined = "Неопределено" "Undefined",
    // Members.
    Insert = "Вставить" "Insert",
    Add = "Добавить" "Add",
    Delete = "Удалить" "Delete",
    Clear = "Очистить" "Clear",
    Columns = "Колонки" "Columns",
    Rows = "Строки" "Rows",
    Parent = "Родитель" "Parent",
    Copy = "Скопировать" "Copy",
    CopyColumns = "СкопироватьКолонки" "CopyColumns",
    Find = "Найти" "Find",
    FindRows = "НайтиСтроки" "FindRows",
    Get = "Получить" "Get",
    Text = "Текст" "Text",
    Value = "Значение" "Value",
    Property = "Свойство" "Property",
    UnloadColumn = "ВыгрузитьКолонку" "UnloadColumn",
    UnloadValues = "ВыгрузитьЗначения" "UnloadValues",
    LoadValues = "ЗагрузитьЗначения" "LoadValues",
    Count = "Количество" "Count",
    UpperBound = "ВГраница" "UBound",
    // Global functions.
    Type = "Тип" "Type",
    TypeOf = "ТипЗнч" "TypeOf",
    ValueIsFilled = "ЗначениеЗаполнено" "ValueIsFilled",
    StrReplace = "СтрЗаменить" "StrReplace",
    NStr = "НСтр" "NStr",
    StrTemplate = "СтрШаблон" "StrTemplate",
    StrConcat = "СтрСоединить" "StrConcat",
    TrimAll = "СокрЛП" "TrimAll",
    TrimL = "СокрЛ" "TrimL",
    TrimR = "СокрП" "TrimR",
    Upper = "ВРег" "Upper",
    Lower = "НРег" "Lower",
    Title = "ТРег" "Title",
    Left = "Лев" "Left",
    Right = "Прав" "Right",
    Mid = "Сред" "Mid",
    Format = "Формат" "Format",
    StrLen = "СтрДлина" "StrLen",
    StrFind = "СтрНайти" "StrFind",
    Int = "Цел" "Int",
    Round = "Окр" "Round",
    CurrentSessionDate = "ТекущаяДатаСеанса" "CurrentSessionDate",
    BegOfDay = "НачалоДня" "BegOfDay",
    EndOfDay = "КонецДня" "EndOfDay",
    BegOfMonth = "НачалоМесяца" "BegOfMonth",
    EndOfMonth = "КонецМесяца" "EndOfMonth",
    AddMonth = "ДобавитьМесяц" "AddMonth",
}

static BY_HASH: LazyLock<FxHashMap<u64, Word>> = LazyLock::new(|| {
    let both = WORDS.iter().flat_map(|(word, ru, en)| [(name_key(ru), *word), (name_key(en), *word)]);
    both.collect()
});

/// The meaning of a name, whatever its language and case.
pub(super) fn word(name: &str) -> Option<Word> {
    BY_HASH.get(&name_key(name)).copied()
}

/// Equal for names that are equal without case. Two different names of one module practically never share a key.
pub(super) fn name_key(name: &str) -> u64 {
    let mut key = 0xcbf2_9ce4_8422_2325_u64;
    for letter in name.chars() {
        let code = letter as u32;
        let lower = match letter {
            'a'..='z' | 'а'..='я' | '0'..='9' | '_' => code,
            'A'..='Z' | 'А'..='Я' => code + 32,
            _ => letter.to_lowercase().next().map_or(code, |lower| lower as u32),
        };
        key = (key ^ u64::from(lower)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        key ^= key >> 29;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_both_languages_and_any_case() {
        for (expected, ru, en) in WORDS {
            assert_eq!(word(ru), Some(*expected), "{ru}");
            assert_eq!(word(&en.to_uppercase()), Some(*expected), "{en}");
        }
        assert_eq!(word("Вставит"), None);
        assert_eq!(name_key("ЁжΨ_1"), name_key("ёжψ_1"));
    }
}
