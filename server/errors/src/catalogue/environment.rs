//! Errors of rights, sessions, client and server, memory.

use super::{Check, Entry, words};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "accessViolation",
        category: "AccessViolation",
        patterns: &[
            "нарушение прав доступа",
            "недостаточно прав",
            "access violation",
            "insufficient rights",
            "insufficient access rights",
        ],
        cause: words(
            "У пользователя нет права на эти данные: не хватает роли или запись закрыта ограничением на уровне записей.",
            "The user has no right to this data: a role is missing, or a restriction on record level hides the record.",
        ),
        advice: words(
            "Дайте роль или измените ограничение; привилегированный режим — только там, где это обосновано.",
            "Give a role or change the restriction; privileged mode only where it is justified.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "modalWindows",
        category: "ScriptUseError",
        patterns: &[
            "использование модальных окон в данном режиме запрещено",
            "использование модальных окон",
            "modal windows are prohibited",
            "modal windows is prohibited",
        ],
        cause: words(
            "Вызван модальный метод (Вопрос, Предупреждение, ОткрытьМодально), а конфигурация работает без модальности.",
            "A modal method is called (DoQueryBox, DoMessageBox, OpenModal) while the configuration works without modality.",
        ),
        advice: words(
            "Замените на ПоказатьВопрос() и подобные с ОписаниеОповещения или на Ждать ВопросАсинх() в методе Асинх.",
            "Use ShowQueryBox() and the like with a NotifyDescription, or Await DoQueryBoxAsync() in an Async method.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "synchronousCalls",
        category: "ScriptUseError",
        patterns: &[
            "использование синхронных методов",
            "использование синхронных вызовов",
            "synchronous calls",
            "synchronous methods",
        ],
        cause: words(
            "На клиенте вызван синхронный метод расширения работы с файлами или криптографией.",
            "A synchronous method of the file or cryptography extension is called on the client.",
        ),
        advice: words(
            "Используйте методы «Начать…» с ОписаниеОповещения или «…Асинх» с Ждать.",
            "Use methods \"Begin…\" with a NotifyDescription or \"…Async\" with Await.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "clientServerTransfer",
        category: "ScriptRuntimeError",
        patterns: &[
            "ошибка передачи данных между клиентом и сервером",
            "значение недопустимого типа",
            "error transferring data between client and server",
            "value of invalid type",
        ],
        cause: words(
            "Между клиентом и сервером передают значение, которое не передаётся: объект, таблицу значений, запрос.",
            "A value is passed between client and server that cannot be: an object, a value table, a query.",
        ),
        advice: words(
            "Передавайте ссылки, структуры, массивы и данные формы.",
            "Pass references, structures, arrays and form data.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "memory",
        category: "SessionError",
        patterns: &[
            "превышен максимальный расход памяти",
            "превышен допустимый объем памяти",
            "недостаточно памяти",
            "memory limit per server call",
            "maximum memory consumption",
            "not enough memory",
            "insufficient memory",
        ],
        cause: words(
            "За один серверный вызов прочитано или создано слишком много данных.",
            "Too much data is read or made in one server call.",
        ),
        advice: words(
            "Работайте порциями, обходите Выборку вместо Выгрузить() миллионов строк.",
            "Work in portions, walk a selection instead of Unload() of millions of rows.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "session",
        category: "SessionError",
        patterns: &[
            "сеанс отсутствует или удален",
            "сеанс работы завершен администратором",
            "session is missing or deleted",
            "session is missing",
            "session has been terminated",
            "session terminated by administrator",
        ],
        cause: words(
            "Сеанса больше нет: перезапуск рабочего процесса, завершение администратором, обновление базы.",
            "The session is gone: the process was restarted, an administrator ended it, the base was updated.",
        ),
        advice: words("Подключитесь заново; код ни при чём.", "Connect again; the code is not to blame."),
        check: Check::Nothing,
    },
    Entry {
        id: "network",
        category: "NetworkError",
        patterns: &[
            "ошибка работы с интернет",
            "couldn't connect to server",
            "couldn't resolve host",
            "не могу установить соединение",
            "удаленный узел не прошел проверку",
            "operation timed out",
            "превышено время ожидания",
        ],
        cause: words(
            "Внешний сервер не ответил: адрес, сеть, сертификат или время ожидания.",
            "The other server did not answer: address, network, certificate or timeout.",
        ),
        advice: words(
            "Здесь уместна Попытка с записью в журнал и повтором; задайте Таймаут соединения.",
            "An attempt with a log entry and a repetition is right here; set the timeout of the connection.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "fileAccess",
        category: "LocalFileAccessError",
        patterns: &[
            "файл не обнаружен",
            "ошибка доступа к файлу",
            "не удалось открыть файл",
            "ошибка совместного доступа к файлу",
            "file not found",
            "file access error",
            "sharing violation",
        ],
        cause: words(
            "Файла нет, он занят или к нему нет доступа. На сервере путь — это путь сервера.",
            "The file is missing, in use or closed to this user. On the server a path is a path of the server.",
        ),
        advice: words(
            "Проверьте путь и сторону; здесь уместна Попытка с понятным сообщением.",
            "Check the path and the side; an attempt with a clear message is right here.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "externalConnection",
        category: "ScriptRuntimeError",
        patterns: &[
            "произошла исключительная ситуация",
            "ошибка при вызове метода com",
            "exception occurred",
            "hresult=",
        ],
        cause: words(
            "Ошибку вернула внешняя компонента или программа (COM); её собственный текст — после слов об исключительной ситуации.",
            "An external component or program (COM) reported an error; its own text follows.",
        ),
        advice: words(
            "Проверьте, что программа установлена и отвечает; здесь уместна Попытка.",
            "Check that the program is installed and answers; an attempt is right here.",
        ),
        check: Check::Nothing,
    },
];
