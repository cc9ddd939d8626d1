//! Errors of queries, transactions, locks and stored data.

use super::{Check, Entry, words};

const STORED: &str = "StoredDataError";
const RUNTIME: &str = "ScriptRuntimeError";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "queryField",
        category: RUNTIME,
        patterns: &["поле не найдено", "field not found"],
        cause: words(
            "У таблицы запроса нет такого поля: опечатка, неверный псевдоним или метаданные изменились.",
            "The table of the query has no such field: a typing error, a wrong alias, or the metadata has changed.",
        ),
        advice: words("Исправьте текст запроса.", "Correct the text of the query."),
        check: Check::QueryField,
    },
    Entry {
        id: "queryTable",
        category: RUNTIME,
        patterns: &["таблица не найдена", "table not found"],
        cause: words(
            "Такой таблицы нет в метаданных, или временная таблица не создана до этого запроса.",
            "The metadata has no such table, or the temporary table was not made before this query.",
        ),
        advice: words("Исправьте имя таблицы.", "Correct the name of the table."),
        check: Check::QueryTable,
    },
    Entry {
        id: "queryParameter",
        category: RUNTIME,
        patterns: &[
            "не задано значение параметра",
            "parameter value is not set",
            "parameter value is not specified",
            "value is not set for the parameter",
        ],
        cause: words(
            "В тексте запроса есть параметр, а УстановитьПараметр() для него не вызван.",
            "The query has a parameter that SetParameter() was not called for.",
        ),
        advice: words("Задайте параметр до выполнения запроса.", "Set the parameter before the query runs."),
        check: Check::QueryParameter,
    },
    Entry {
        id: "queryTypes",
        category: RUNTIME,
        patterns: &["неверные параметры", "несовместимые типы", "incompatible types", "invalid parameters"],
        cause: words(
            "В запросе сошлись значения несовместимых типов.",
            "Values of incompatible types meet in the query.",
        ),
        advice: words(
            "Приведите типы: ВЫРАЗИТЬ() для полей, ЗНАЧЕНИЕ() для констант, проверьте тип параметра.",
            "Bring the types together: CAST() for fields, VALUE() for constants, check the type of the parameter.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "brokenTransaction",
        category: RUNTIME,
        patterns: &[
            "в данной транзакции уже происходили ошибки",
            "в этой транзакции уже происходили ошибки",
            "errors have already occurred in this transaction",
        ],
        cause: words(
            "Исключение внутри транзакции проглотили и продолжили работать с данными: такую транзакцию можно только отменить.",
            "An exception inside the transaction was swallowed and work with the data went on: it can only be rolled back.",
        ),
        advice: words(
            "В «Исключение» вызовите ОтменитьТранзакцию() и передайте исключение дальше; настоящая ошибка — предыдущая.",
            "Call RollbackTransaction() in Except and raise again; the real error is the one before.",
        ),
        check: Check::Transaction,
    },
    Entry {
        id: "noTransaction",
        category: RUNTIME,
        patterns: &["транзакция не активна", "transaction is not active"],
        cause: words(
            "Фиксируют или отменяют транзакцию, которой нет: вызовы не сбалансированы.",
            "A transaction is committed or rolled back that is not there: the calls are not balanced.",
        ),
        advice: words(
            "На один НачатьТранзакцию() должен приходиться ровно один ЗафиксироватьТранзакцию() или ОтменитьТранзакцию().",
            "Every BeginTransaction() needs exactly one CommitTransaction() or RollbackTransaction().",
        ),
        check: Check::Transaction,
    },
    Entry {
        id: "lockConflict",
        category: STORED,
        patterns: &[
            "конфликт блокировок при выполнении транзакции",
            "lock conflict during transaction",
            "sqlstate=40001",
            "deadlock",
            "взаимоблокировк",
        ],
        cause: words(
            "Другая транзакция держит те же данные: ожидание истекло или случилась взаимоблокировка.",
            "Another transaction holds the same data: the wait ran out, or there is a deadlock.",
        ),
        advice: words(
            "Блокируйте в одном порядке, сократите транзакцию, блокируйте заранее через БлокировкаДанных; повторить операцию здесь уместно.",
            "Lock in one order, make the transaction shorter, lock in advance by DataLock; to repeat the operation is right here.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "lockTimeout",
        category: STORED,
        patterns: &[
            "превышено максимальное время ожидания предоставления блокировки",
            "lock request time out",
            "lock request timeout",
        ],
        cause: words(
            "Данные слишком долго держала другая транзакция; кто именно, пишет событие TTIMEOUT журнала.",
            "Another transaction held the data for too long; event TTIMEOUT of the technological journal says which one.",
        ),
        advice: words(
            "Сократите транзакцию, которая держит данные; повторить операцию здесь уместно.",
            "Make the transaction shorter that holds the data; to repeat the operation is right here.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "objectLock",
        category: STORED,
        patterns: &[
            "ошибка блокировки объекта",
            "данные изменены или удалены другим пользователем",
            "данные были изменены или удалены другим пользователем",
            "the data was changed or deleted by another user",
            "data has been changed or deleted by another user",
        ],
        cause: words(
            "Объект изменили, пока его держали в памяти, или он открыт у другого пользователя.",
            "The object was changed while it was held in memory, or another user has it open.",
        ),
        advice: words(
            "Прочитайте объект заново перед записью; для долгой правки есть ЗаблокироватьДанныеДляРедактирования().",
            "Read the object again before writing; LockDataForEdit() is for long edits.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "notUnique",
        category: STORED,
        patterns: &[
            "не уникально",
            "запись с такими ключевыми полями существует",
            "попытка вставки неуникального значения в уникальный индекс",
            "value is not unique",
            "record with the same key fields",
            "non-unique value",
        ],
        cause: words(
            "Такой код, номер или ключ записи уже есть: нумерация, повтор записи или гонка двух сеансов.",
            "There is such a code, number or key of a record already: numbering, a record written twice, a race of two sessions.",
        ),
        advice: words(
            "Проверьте наличие перед записью под блокировкой; набор записей записывайте с отбором по всем измерениям.",
            "Check before writing, under a lock; write a record set with a filter by all dimensions.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "objectNotFound",
        category: STORED,
        patterns: &["объект не найден", "object not found"],
        cause: words(
            "Ссылка ведёт на объект, которого нет: его удалили или данные не перенесли.",
            "The reference leads to an object that is not there: it was deleted, or the data was not transferred.",
        ),
        advice: words(
            "ПолучитьОбъект() от такой ссылки даёт Неопределено: проверяйте это; найдите битые ссылки проверкой базы.",
            "GetObject() of such a reference gives Undefined: check that; look for broken references by testing the base.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "streamFormat",
        category: STORED,
        patterns: &[
            "ошибка формата потока",
            "неверный формат хранилища данных",
            "stream format error",
            "invalid data storage format",
        ],
        cause: words(
            "Повреждён кэш или файл, либо он от другой версии платформы.",
            "A cache or a file is damaged, or it belongs to another version of the platform.",
        ),
        advice: words(
            "Очистите кэш метаданных пользователя, пересоберите файл обработки той же версией платформы.",
            "Clear the user's metadata cache, build the file again by the same version of the platform.",
        ),
        check: Check::Nothing,
    },
];
