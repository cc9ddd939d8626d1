//! Messages in English. Code raises them in Russian; what stands for a name or a value is carried over.

/// Russian and English; `{}` is anything.
const MESSAGES: &[(&str, &str)] = &[
    ("Деление на 0", "Division by zero"),
    ("Переполнение числа", "Number overflow"),
    ("Ошибка при вызове метода контекста ({})", "Error calling context method ({})"),
    ("Значение не является значением объектного типа ({})", "Value is not of object type ({})"),
    ("Поле объекта не обнаружено ({})", "Object field not found ({})"),
    ("Метод объекта не обнаружен ({})", "Object method not found ({})"),
    ("Поле объекта недоступно для записи ({})", "Object field is not writable ({})"),
    ("Индекс находится за границами массива", "Array index is out of bounds"),
    (
        "Недопустимое значение параметра (параметр номер '{}')",
        "Invalid parameter value (parameter number '{}')",
    ),
    ("Несоответствие типов (параметр номер '{}')", "Type mismatch (parameter number '{}')"),
    ("Слишком много фактических параметров", "Too many actual parameters"),
    ("Недостаточно фактических параметров", "Not enough actual parameters"),
    ("Преобразование значения к типу {} не может быть выполнено", "Cannot convert value to type {}"),
    (
        "Операции сравнения на больше-меньше допустимы только для значений совпадающих примитивных типов (Булево, Число, Строка, Дата)",
        "Comparison operations greater-less are allowed only for values of the same primitive types (Boolean, Number, String, Date)",
    ),
    ("Итератор для значения не определен", "Iterator for value is not defined"),
    (
        "Получение элемента по индексу для значения не определено",
        "Getting item by index is not defined for the value",
    ),
    (
        "Установка элемента по индексу для значения не определена",
        "Setting item by index is not defined for the value",
    ),
    ("Индексированное значение недоступно для записи", "Indexed value is not writable"),
    ("Конструктор не найден ({})", "Constructor not found ({})"),
    ("Тип не определен ({})", "Type is not defined ({})"),
    ("Переменная не определена ({})", "Variable is not defined ({})"),
    ("Переменная уже определена ({})", "Variable is already defined ({})"),
    (
        "Процедура или функция с указанным именем не определена ({})",
        "Procedure or function with the specified name is not defined ({})",
    ),
    (
        "Процедура или функция с указанным именем уже определена ({})",
        "Procedure or function with the specified name is already defined ({})",
    ),
    ("Метка не определена ({})", "Label is not defined ({})"),
    (
        "Переполнение стека встроенного языка на сервере",
        "1C:Enterprise language stack overflow on the server",
    ),
    ("Исчерпан предел числа операторов", "The limit of statements is used up"),
    ("Исчерпано время выполнения", "The time to run is used up"),
    (
        "Превышен максимальный расход памяти сервера за один вызов",
        "Maximum memory consumption of the server in one call is exceeded",
    ),
    ("Интерпретатор не поддерживает: {}", "The interpreter does not support: {}"),
    (
        "Нарушение прав доступа! Не разрешено интерпретатору: чтение ({})",
        "Access violation! Not granted to the interpreter: reading ({})",
    ),
    (
        "Нарушение прав доступа! Не разрешено интерпретатору: запись ({})",
        "Access violation! Not granted to the interpreter: writing ({})",
    ),
    ("Файл не обнаружен '{}'", "File not found '{}'"),
    ("Файл уже существует '{}'", "File already exists '{}'"),
    ("Ошибка доступа к файлу '{}'", "File access error '{}'"),
    ("Ошибка работы с файлом '{}'", "File operation error '{}'"),
    ("Файл не открыт", "The file is not open"),
    ("Транзакция не активна", "Transaction is not active"),
    ("В данной транзакции уже происходили ошибки!", "Errors have already occurred in this transaction!"),
    ("Информационная база закрыта", "The infobase is closed"),
    ("Объект не найден ({})", "Object not found ({})"),
    ("Объект не найден", "Object not found"),
    ("Общий модуль не найден ({})", "Common module not found ({})"),
    ("Неверное имя метода ({})", "Invalid method name ({})"),
    ("Не удалось записать: \"{}\"!", "Cannot write: \"{}\"!"),
    ("Не удалось записать: \"{}\"", "Cannot write: \"{}\""),
    ("Не удалось удалить: \"{}\"", "Cannot delete: \"{}\""),
    ("Не удалось провести \"{}\"", "Cannot post \"{}\""),
    ("Не удалось отменить проведение \"{}\"", "Cannot undo posting \"{}\""),
    ("Значение поля \"{}\" не уникально", "Field \"{}\" value is not unique"),
    ("Запись с такими ключевыми полями существует!", "A record with the same key fields exists!"),
    ("Предопределенное значение не найдено \"{}\"", "Predefined value not found \"{}\""),
    ("Предопределенный элемент не найден \"{}\"", "Predefined item not found \"{}\""),
    ("Процедура оповещения не найдена ({})", "Notification procedure not found ({})"),
    ("Не указана дата документа", "The date of the document is not specified"),
    ("Не установлено значение параметра сеанса ({})", "Value of the session parameter is not set ({})"),
    ("Не задано значение параметра \"{}\"", "Parameter value is not set \"{}\""),
    ("Не задано значение отбора по регистратору", "Filter by recorder is not set"),
    ("Колонка с таким именем уже существует ({})", "A column with this name already exists ({})"),
    ("Недопустимое имя колонки ({})", "Invalid column name ({})"),
    ("Задано неправильное имя атрибута структуры '{}'", "Invalid structure attribute name '{}'"),
    ("Неверный формат строки шаблона", "Invalid format of the template string"),
    ("Выборка не позиционирована", "The selection is not positioned"),
    ("Ошибка в регулярном выражении: {}", "Error in the regular expression: {}"),
    (
        "Непредвиденный символ при чтении JSON (строка {}, позиция {})",
        "Unexpected character reading JSON (line {}, position {})",
    ),
    ("Непредвиденный конец текста JSON", "Unexpected end of the JSON text"),
    ("Неверная структура JSON", "Invalid JSON structure"),
    ("Значение JSON без имени свойства", "JSON value without a property name"),
    ("Вложенность JSON слишком велика", "JSON nests too deep"),
    ("Ошибка разбора XML: {}", "XML parsing error: {}"),
    ("Неверная структура XML", "Invalid XML structure"),
    ("Вложенность XML слишком велика", "XML nests too deep"),
    ("Поле не найдено \"{}\"", "Field not found \"{}\""),
    ("Таблица не найдена \"{}\"", "Table not found \"{}\""),
    ("Неверные параметры \"{}\"", "Invalid parameters \"{}\""),
    ("Неверные параметры операции в запросе", "Invalid parameters of an operation in the query"),
    ("Параметр запроса не является таблицей", "The query parameter is not a table"),
    ("Поле упорядочивания не найдено в объединении", "Ordering field not found in the union"),
    (
        "Количество полей в объединяемых запросах должно совпадать",
        "The number of fields in united queries must be the same",
    ),
    ("Вложенность запроса слишком велика", "The query nests too deep"),
    ("Неверное поле итогов", "Invalid field of totals"),
    ("Неверное поле группировки итогов", "Invalid grouping field of totals"),
    ("Синтаксическая ошибка \"{}\"", "Syntax error \"{}\""),
    ("Ожидается выражение", "Expression expected"),
    ("Ожидается имя после точки", "A name after the dot is expected"),
    ("Ожидается имя типа", "A type name is expected"),
    ("Ожидается имя", "A name is expected"),
    ("Ожидается оператор", "A statement is expected"),
    ("Ожидается таблица", "A table is expected"),
    ("Ожидается константа", "A constant is expected"),
    ("Ожидается знак операции", "An operator is expected"),
    ("Ожидается {}", "Expected symbol {}"),
    ("Неверная константа", "Invalid constant"),
    ("Неопознанный оператор ({})", "Unrecognized operator ({})"),
    ("Неопознанный оператор", "Unrecognized operator"),
    ("Оператор {} может употребляться только внутри цикла", "Statement {} can be used only inside a loop"),
    ("Выражение вложено слишком глубоко", "The expression nests too deep"),
    ("Операторы вложены слишком глубоко", "Statements nest too deep"),
    ("Слишком много имен в модуле", "Too many names in the module"),
    ("Переход в попытку или из нее не поддерживается", "Jumps into or out of Try are not supported"),
];

/// A message in English; one that is not known stays as it is.
pub(super) fn translated(message: &str) -> String {
    // `{(2, 5)}: text`, `{Module(1,15)}: text`: the place stays.
    if message.starts_with('{')
        && let Some((place, rest)) = message.split_once("}: ")
    {
        return format!("{place}}}: {}", translated(rest));
    }
    let found = MESSAGES.iter().find_map(|(russian, english)| Some(fill(english, &parts(russian, message)?)));
    found.unwrap_or_else(|| message.to_owned())
}

/// What stands for `{}` in a message that fits a template.
fn parts<'a>(template: &str, message: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = template.split("{}");
    let mut rest = message.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        let length = if is_last { rest.strip_suffix(piece)?.len() } else { rest.find(piece)? };
        found.push(&rest[..length]);
        rest = &rest[length + piece.len()..];
    }
    rest.is_empty().then_some(found)
}

fn fill(template: &str, parts: &[&str]) -> String {
    let mut pieces = template.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (piece, part) in pieces.zip(parts) {
        text.push_str(part);
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_translated_with_what_they_name() {
        for (russian, english) in [
            ("Деление на 0", "Division by zero"),
            ("Поле объекта не обнаружено (Имя)", "Object field not found (Имя)"),
            ("{(2, 5)}: Поле не найдено \"Т.А\"", "{(2, 5)}: Field not found \"Т.А\""),
            (
                "{CommonModule.A.Module(1,15)}: Ожидается )",
                "{CommonModule.A.Module(1,15)}: Expected symbol )",
            ),
            (
                "Непредвиденный символ при чтении JSON (строка 1, позиция 7)",
                "Unexpected character reading JSON (line 1, position 7)",
            ),
            ("Чего здесь нет", "Чего здесь нет"),
            ("{", "{"),
        ] {
            assert_eq!(translated(russian), english);
        }
    }

    #[test]
    fn templates_have_the_same_places_in_both_languages() {
        for (russian, english) in MESSAGES {
            assert_eq!(russian.matches("{}").count(), english.matches("{}").count(), "{russian}");
            assert!(!english.chars().any(|letter| ('а'..='я').contains(&letter)), "{english}");
        }
    }
}
