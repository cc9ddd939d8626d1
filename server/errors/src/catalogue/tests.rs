//! Messages find their entries, in both languages.

use std::collections::BTreeSet;

use super::*;

#[track_caller]
fn check(message: &str, id: &str) {
    assert_eq!(find_entry(message).map(|entry| entry.id), Some(id), "{message}");
}

#[test]
fn messages_of_the_platform() {
    check("Значение не является значением объектного типа (Цена)", "notAnObject");
    check("Value is not of object type (Price)", "notAnObject");
    check("Поле объекта не обнаружено (Имя)", "fieldNotFound");
    check("Object field not found (Name)", "fieldNotFound");
    check("Метод объекта не обнаружен (Имя)", "methodNotFound");
    check("Object method not found (Name)", "methodNotFound");
    check("Переменная не определена (Имя)", "variableNotDefined");
    check("Variable is not defined (Name)", "variableNotDefined");
    check("Процедура или функция с указанным именем не определена (Имя)", "procedureNotDefined");
    check("Procedure or function with the specified name is not defined (Name)", "procedureNotDefined");
    check("Тип не определен (Имя)", "typeNotDefined");
    check("Type is not defined (Name)", "typeNotDefined");
    check("Недостаточно фактических параметров", "notEnoughArguments");
    check("Not enough actual parameters", "notEnoughArguments");
    check("Слишком много фактических параметров", "tooManyArguments");
    check("Too many actual parameters", "tooManyArguments");
    check("Недопустимое значение параметра (параметр номер '1')", "invalidParameterValue");
    check("Invalid parameter value (parameter number '1')", "invalidParameterValue");
    check("Несоответствие типов (параметр номер '2')", "typeMismatch");
    check("Type mismatch (parameter number '2')", "typeMismatch");
    check("Ошибка при вызове метода контекста (Выполнить)", "contextMethod");
    check("Error calling context method (Execute)", "contextMethod");
    check("Ошибка при вызове конструктора (Структура)", "constructor");
    check("Error calling constructor (Structure)", "constructor");
    check("Ошибка при установке значения атрибута контекста (Дата)", "contextAttribute");
    check("Error getting context attribute value (Date)", "contextAttribute");
    check("Поле объекта недоступно для записи (Код)", "fieldNotWritable");
    check("Object field is not writable (Code)", "fieldNotWritable");
    check("Преобразование значения к типу Число не может быть выполнено", "conversion");
    check("Cannot convert value to Number", "conversion");
    check(
        "Операции сравнения на больше-меньше допустимы только для значений совпадающих примитивных типов (Булево, Число, Строка, Дата)",
        "comparison",
    );
    check("Greater/less comparison is allowed only for values of equal primitive types", "comparison");
    check("Индекс находится за границами массива", "bounds");
    check("Index is out of bounds", "bounds");
    check("Деление на 0", "division");
    check("Division by zero", "division");
    check("Переполнение стека встроенного языка", "stackOverflow");
    check("Stack overflow", "stackOverflow");
    check("Ожидается символ ';'", "syntax");
    check("Неопознанный оператор", "syntax");
}

#[test]
fn messages_of_data_and_environment() {
    check("Поле не найдено \"Т.Кодд\"", "queryField");
    check("Field not found \"T.Codd\"", "queryField");
    check("Таблица не найдена \"Справочник.Х\"", "queryTable");
    check("Table not found \"Catalog.X\"", "queryTable");
    check("Не задано значение параметра \"Дата\"", "queryParameter");
    check("Parameter value is not set \"Date\"", "queryParameter");
    check("Несовместимые типы \"ПОДОБНО\"", "queryTypes");
    check("Неверные параметры \"СУММА\"", "queryTypes");
    check("В данной транзакции уже происходили ошибки!", "brokenTransaction");
    check("Errors have already occurred in this transaction!", "brokenTransaction");
    check("Транзакция не активна", "noTransaction");
    check("Transaction is not active", "noTransaction");
    check(
        "Конфликт блокировок при выполнении транзакции: Превышено максимальное время ожидания",
        "lockConflict",
    );
    check("Lock conflict during transaction: Lock request time out", "lockConflict");
    check("Превышено максимальное время ожидания предоставления блокировки", "lockTimeout");
    check("Lock request time out", "lockTimeout");
    check("Данные изменены или удалены другим пользователем", "objectLock");
    check("The data was changed or deleted by another user", "objectLock");
    check("Значение поля \"Код\" не уникально", "notUnique");
    check("Запись с такими ключевыми полями существует!", "notUnique");
    check("Попытка вставки неуникального значения в уникальный индекс", "notUnique");
    check("Value is not unique", "notUnique");
    check("Объект не найден (65:a40d005056c00008)", "objectNotFound");
    check("Object not found", "objectNotFound");
    check("Нарушение прав доступа!", "accessViolation");
    check("Недостаточно прав", "accessViolation");
    check("Access violation", "accessViolation");
    check("Использование модальных окон в данном режиме запрещено!", "modalWindows");
    check("Modal windows are prohibited", "modalWindows");
    check("Использование синхронных методов на клиенте запрещено", "synchronousCalls");
    check("Synchronous calls are prohibited", "synchronousCalls");
    check(
        "Ошибка передачи данных между клиентом и сервером. Значение недопустимого типа.",
        "clientServerTransfer",
    );
    check("Error transferring data between client and server", "clientServerTransfer");
    check("Превышен максимальный расход памяти сервера за один вызов", "memory");
    check("Memory limit per server call exceeded", "memory");
    check("Ошибка формата потока", "streamFormat");
    check("Stream format error", "streamFormat");
    check("Сеанс отсутствует или удалён", "session");
    check("Сеанс работы завершен администратором", "session");
    check("Session is missing or deleted", "session");
}

#[test]
fn entries_have_names_of_their_own_and_wordings_in_lower_case() {
    let mut ids = BTreeSet::new();
    for entry in entries() {
        assert!(ids.insert(entry.id), "{} twice", entry.id);
        for pattern in entry.patterns {
            assert_eq!(fold(pattern), *pattern, "{}", entry.id);
        }
        assert!(!entry.cause.ru.is_empty() && !entry.cause.en.is_empty(), "{}", entry.id);
        assert!(!entry.advice.ru.is_empty() && !entry.advice.en.is_empty(), "{}", entry.id);
    }
    assert!(ids.len() >= 40, "{} entries", ids.len());
}

#[test]
fn names_and_numbers_in_messages() {
    let found = |text: &str| details(text).name.unwrap_or_default();
    assert_eq!(found("Значение не является значением объектного типа (Цена)"), "Цена");
    assert_eq!(found("Поле не найдено \"Т.Кодд\""), "Т.Кодд");
    assert_eq!(found("Не задано значение параметра \"&Дата\""), "Дата");
    assert_eq!(found("Деление на 0"), "");
    assert_eq!(details("Несоответствие типов (параметр номер '2')").number, Some(2));
    assert_eq!(details("Type mismatch (parameter number '12')").number, Some(12));
}
