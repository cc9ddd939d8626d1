//! Errors of code: members, names, arguments, conversions.

use super::{Check, Entry, words};

const RUNTIME: &str = "ScriptRuntimeError";
const COMPILE: &str = "ScriptCompileError";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "notAnObject",
        category: RUNTIME,
        patterns: &[
            "значение не является значением объектного типа",
            "итератор для значения не определен",
            "получение элемента по индексу для значения не определено",
            "value is not of object type",
            "value is not an object",
            "iterator for value is not defined",
            "getting item by index is not defined for the value",
        ],
        cause: words(
            "К свойству или методу обращаются у Неопределено, NULL или простого значения: у них нет ни свойств, ни методов.",
            "A property or a method is asked of Undefined, Null or a primitive value: they have neither.",
        ),
        advice: words(
            "Проверьте значение перед обращением: «= Неопределено», ЗначениеЗаполнено(), а в запросе — ЕСТЬNULL().",
            "Check the value before it is used: \"= Undefined\", ValueIsFilled(), in a query ISNULL().",
        ),
        check: Check::NotAnObject,
    },
    Entry {
        id: "fieldNotFound",
        category: RUNTIME,
        patterns: &["поле объекта не обнаружено", "object field not found"],
        cause: words(
            "У значения нет такого свойства: опечатка, в структуре нет ключа или в запросе нет такого псевдонима.",
            "The value has no such property: a typing error, a structure without the key, a query without the alias.",
        ),
        advice: words(
            "Исправьте имя; если ключа может не быть, спросите его методом Свойство().",
            "Correct the name; if the key may be absent, ask for it by Property().",
        ),
        check: Check::Field,
    },
    Entry {
        id: "methodNotFound",
        category: RUNTIME,
        patterns: &["метод объекта не обнаружен", "object method not found"],
        cause: words(
            "У значения нет такого метода: он не экспортный, написан с ошибкой, недоступен здесь или значение другого типа.",
            "The value has no such method: it is not exported, misspelt, not available here, or the value has another type.",
        ),
        advice: words(
            "Проверьте имя и слово Экспорт, на клиенте вызывайте сервер, проверьте тип значения.",
            "Check the name and the word Export, call through the server, check the type of the value.",
        ),
        check: Check::Method,
    },
    Entry {
        id: "fieldNotWritable",
        category: RUNTIME,
        patterns: &[
            "поле объекта недоступно для записи",
            "object field is not writable",
            "object field is read-only",
        ],
        cause: words(
            "Свойство только для чтения. Чаще всего меняют реквизит ссылки, а не объекта.",
            "The property is read-only. Most often an attribute of a reference is changed instead of one of an object.",
        ),
        advice: words(
            "Получите объект методом ПолучитьОбъект(), измените и запишите его.",
            "Get the object by GetObject(), change it and write it.",
        ),
        check: Check::NotWritable,
    },
    Entry {
        id: "variableNotDefined",
        category: COMPILE,
        patterns: &["переменная не определена", "variable is not defined", "variable not defined"],
        cause: words(
            "Такого имени здесь нет: опечатка, модуль не доступен на этой стороне или переменной не дали значения.",
            "There is no such name here: a typing error, a module that is not available on this side, a variable without value.",
        ),
        advice: words(
            "Исправьте имя или флажки общего модуля (Клиент, Сервер).",
            "Correct the name or the flags of the common module (Client, Server).",
        ),
        check: Check::Variable,
    },
    Entry {
        id: "procedureNotDefined",
        category: COMPILE,
        patterns: &[
            "процедура или функция с указанным именем не определена",
            "procedure or function with the specified name is not defined",
            "procedure or function is not defined",
        ],
        cause: words(
            "Такой процедуры или функции здесь нет: опечатка, другой модуль или общий модуль без флажка «Глобальный».",
            "There is no such procedure or function here: a typing error, another module, a common module that is not global.",
        ),
        advice: words(
            "Исправьте имя или назовите модуль перед точкой.",
            "Correct the name or name the module before the dot.",
        ),
        check: Check::Callable,
    },
    Entry {
        id: "typeNotDefined",
        category: RUNTIME,
        patterns: &["тип не определен", "type is not defined", "type not defined"],
        cause: words(
            "Тип недоступен на этой стороне или в этой версии платформы, либо имя написано с ошибкой.",
            "The type is not available on this side or in this version of the platform, or its name is misspelt.",
        ),
        advice: words(
            "Исправьте имя или перенесите код на сервер.",
            "Correct the name or move the code to the server.",
        ),
        check: Check::TypeName,
    },
    Entry {
        id: "notEnoughArguments",
        category: RUNTIME,
        patterns: &["недостаточно фактических параметров", "not enough actual parameters"],
        cause: words(
            "В вызове пропущен обязательный параметр: изменилась сигнатура или вызвали не тот метод.",
            "A required parameter is left out: the signature has changed, or another method was meant.",
        ),
        advice: words("Приведите вызов к сигнатуре.", "Adapt the call to the signature."),
        check: Check::ArgumentCount,
    },
    Entry {
        id: "tooManyArguments",
        category: RUNTIME,
        patterns: &["слишком много фактических параметров", "too many actual parameters"],
        cause: words(
            "Параметров в вызове больше, чем у метода: изменилась сигнатура или вызвали не тот метод.",
            "The call passes more parameters than the method has: the signature has changed, or another method was meant.",
        ),
        advice: words("Приведите вызов к сигнатуре.", "Adapt the call to the signature."),
        check: Check::ArgumentCount,
    },
    Entry {
        id: "invalidParameterValue",
        category: RUNTIME,
        patterns: &[
            "недопустимое значение параметра",
            "invalid parameter value",
            "invalid value of the parameter",
        ],
        cause: words(
            "Тип параметра подходит, а значение — нет.",
            "The type of the parameter fits, its value does not.",
        ),
        advice: words("Проверьте значение перед вызовом.", "Check the value before the call."),
        check: Check::Argument,
    },
    Entry {
        id: "typeMismatch",
        category: RUNTIME,
        patterns: &["несоответствие типов", "type mismatch"],
        cause: words(
            "Передано значение не того типа, часто Неопределено.",
            "A value of another type is passed, often Undefined.",
        ),
        advice: words(
            "Проверьте, откуда пришло значение, и преобразуйте его.",
            "Look where the value comes from, and convert it.",
        ),
        check: Check::Argument,
    },
    Entry {
        id: "constructor",
        category: RUNTIME,
        patterns: &["ошибка при вызове конструктора", "error calling constructor"],
        cause: words(
            "Объект нельзя создать с такими параметрами: ключи и значения структуры не сходятся или параметр не того типа.",
            "The object cannot be made of these arguments: keys and values of a structure do not match, or a type is wrong.",
        ),
        advice: words("Исправьте параметры конструктора.", "Correct the arguments of the constructor."),
        check: Check::Constructor,
    },
    Entry {
        id: "contextMethod",
        category: RUNTIME,
        patterns: &["ошибка при вызове метода контекста", "error calling context method"],
        cause: words(
            "Платформа не смогла выполнить метод; причину называет следующее сообщение.",
            "The platform could not carry out the method; the next message names the reason.",
        ),
        advice: words("Смотрите текст после «по причине».", "Look at the text behind \"due to\"."),
        check: Check::Nothing,
    },
    Entry {
        id: "contextAttribute",
        category: RUNTIME,
        patterns: &[
            "ошибка при получении значения атрибута контекста",
            "ошибка при установке значения атрибута контекста",
            "error getting context attribute value",
            "error setting context attribute value",
        ],
        cause: words(
            "Свойство не принимает такое значение или не может быть прочитано сейчас.",
            "The property does not take such a value or cannot be read now.",
        ),
        advice: words(
            "Преобразуйте значение к типу свойства.",
            "Convert the value to the type of the property.",
        ),
        check: Check::Nothing,
    },
    Entry {
        id: "conversion",
        category: RUNTIME,
        patterns: &[
            "преобразование значения к типу * не может быть выполнено",
            "cannot convert value to",
            "conversion to type * cannot be performed",
        ],
        cause: words(
            "Значение не похоже на нужный тип: пробелы и неразрывные пробелы в строке, Неопределено или NULL в выражении.",
            "The value does not look like the type: blanks in a string, also non-breaking ones, Undefined or Null in an expression.",
        ),
        advice: words(
            "Проверьте заполнение; из строки уберите пробелы до преобразования.",
            "Check that there is a value; take blanks out of a string before it is converted.",
        ),
        check: Check::Conversion,
    },
    Entry {
        id: "comparison",
        category: RUNTIME,
        patterns: &[
            "операции сравнения на больше-меньше допустимы только",
            "greater/less comparison is allowed only",
            "comparison operations * are allowed only",
        ],
        cause: words(
            "На больше и меньше сравнивают значения разных типов, чаще всего с Неопределено или NULL.",
            "Values of different types are compared by greater or less, most often with Undefined or Null.",
        ),
        advice: words(
            "Проверьте значение перед сравнением, в запросе — ЕСТЬNULL().",
            "Check the value before it is compared, in a query by ISNULL().",
        ),
        check: Check::Comparison,
    },
    Entry {
        id: "bounds",
        category: RUNTIME,
        patterns: &[
            "индекс находится за границами массива",
            "индекс находится за пределами",
            "значение индекса",
            "index is out of bounds",
            "index is outside the bounds",
        ],
        cause: words(
            "Элемента с таким номером нет: номера идут от 0 до Количество() - 1.",
            "There is no element of this number: numbers go from 0 to Count() - 1.",
        ),
        advice: words(
            "Исправьте границу цикла или проверьте Количество().",
            "Correct the bound of the loop or check Count().",
        ),
        check: Check::Bounds,
    },
    Entry {
        id: "division",
        category: RUNTIME,
        patterns: &["деление на 0", "деление на ноль", "division by zero", "division by 0", "divide by zero"],
        cause: words("Делитель равен нулю.", "The divisor is zero."),
        advice: words("Проверьте делитель перед делением.", "Check the divisor before the division."),
        check: Check::Division,
    },
    Entry {
        id: "stackOverflow",
        category: RUNTIME,
        patterns: &["переполнение стека встроенного языка", "переполнение стека", "stack overflow"],
        cause: words(
            "Методы вызывают друг друга без конца: рекурсия без выхода или запись объекта в обработчике его же записи.",
            "Methods call each other without end: a recursion without exit, or an object written by the handler of its own writing.",
        ),
        advice: words(
            "Разорвите рекурсию: проверьте условие выхода, признак в ДополнительныеСвойства, ОбменДанными.Загрузка.",
            "Break the recursion: check the condition of its end, a mark in AdditionalProperties, DataExchange.Load.",
        ),
        check: Check::Recursion,
    },
    Entry {
        id: "syntax",
        category: COMPILE,
        patterns: &[
            "неопознанный оператор",
            "ожидается выражение",
            "ожидается символ",
            "ожидается конец",
            "синтаксическая ошибка",
            "unrecognized operator",
            "expression expected",
            "expected symbol",
            "is expected",
        ],
        cause: words("Текст модуля не разбирается.", "The text of the module does not parse."),
        advice: words(
            "Запустите «strizh check»: он показывает такие ошибки до запуска.",
            "Run \"strizh check\": it shows such errors before anything runs.",
        ),
        check: Check::Nothing,
    },
];
