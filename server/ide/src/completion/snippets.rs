//! Pieces of code with places to fill in: `${1:…}` as the protocol writes them.

/// In both languages: the word that brings it, and the text.
pub(crate) struct Snippet {
    pub(crate) place: SnippetPlace,
    pub(crate) detail: [&'static str; 2],
    pub(crate) label: [&'static str; 2],
    pub(crate) text: [&'static str; 2],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SnippetPlace {
    /// Outside methods.
    Declaration,
    Statement,
    /// Behind `#`.
    Directive,
}

pub(crate) const SNIPPETS: [Snippet; 14] = [
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Если … КонецЕсли", "If … EndIf"],
        label: ["Если", "If"],
        text: ["Если ${1:Условие} Тогда\n\t$0\nКонецЕсли;", "If ${1:Condition} Then\n\t$0\nEndIf;"],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Если … Иначе … КонецЕсли", "If … Else … EndIf"],
        label: ["ЕслиИначе", "IfElse"],
        text: [
            "Если ${1:Условие} Тогда\n\t$2\nИначе\n\t$0\nКонецЕсли;",
            "If ${1:Condition} Then\n\t$2\nElse\n\t$0\nEndIf;",
        ],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Для Каждого … Из … Цикл", "For Each … In … Do"],
        label: ["Для Каждого", "For Each"],
        text: [
            "Для Каждого ${1:Элемент} Из ${2:Коллекция} Цикл\n\t$0\nКонецЦикла;",
            "For Each ${1:Item} In ${2:Collection} Do\n\t$0\nEndDo;",
        ],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Для … По … Цикл", "For … To … Do"],
        label: ["Для", "For"],
        text: [
            "Для ${1:Индекс} = ${2:0} По ${3:Количество} Цикл\n\t$0\nКонецЦикла;",
            "For ${1:Index} = ${2:0} To ${3:Count} Do\n\t$0\nEndDo;",
        ],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Пока … Цикл", "While … Do"],
        label: ["Пока", "While"],
        text: ["Пока ${1:Условие} Цикл\n\t$0\nКонецЦикла;", "While ${1:Condition} Do\n\t$0\nEndDo;"],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Попытка … Исключение … КонецПопытки", "Try … Except … EndTry"],
        label: ["Попытка", "Try"],
        text: [
            "Попытка\n\t$1\nИсключение\n\t${0:ВызватьИсключение;}\nКонецПопытки;",
            "Try\n\t$1\nExcept\n\t${0:Raise;}\nEndTry;",
        ],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Транзакция с отменой при ошибке", "Transaction rolled back on errors"],
        label: ["НачатьТранзакцию", "BeginTransaction"],
        text: [
            "НачатьТранзакцию();\nПопытка\n\t$0\n\tЗафиксироватьТранзакцию();\nИсключение\n\tОтменитьТранзакцию();\n\tВызватьИсключение;\nКонецПопытки;",
            "BeginTransaction();\nTry\n\t$0\n\tCommitTransaction();\nExcept\n\tRollbackTransaction();\n\tRaise;\nEndTry;",
        ],
    },
    Snippet {
        place: SnippetPlace::Statement,
        detail: ["Запрос с обходом результата", "Query with a loop over its result"],
        label: ["Запрос", "Query"],
        text: [
            "Запрос = Новый Запрос;\nЗапрос.Текст =\n\t\"ВЫБРАТЬ\n\t|\t${2:Таблица.Ссылка КАК Ссылка}\n\t|ИЗ\n\t|\t${1:Справочник.Имя} КАК Таблица\";\n\nВыборка = Запрос.Выполнить().Выбрать();\nПока Выборка.Следующий() Цикл\n\t$0\nКонецЦикла;",
            "Query = New Query;\nQuery.Text =\n\t\"SELECT\n\t|\t${2:Table.Ref AS Ref}\n\t|FROM\n\t|\t${1:Catalog.Name} AS Table\";\n\nSelection = Query.Execute().Select();\nWhile Selection.Next() Do\n\t$0\nEndDo;",
        ],
    },
    Snippet {
        place: SnippetPlace::Declaration,
        detail: ["Процедура … КонецПроцедуры", "Procedure … EndProcedure"],
        label: ["Процедура", "Procedure"],
        text: [
            "Процедура ${1:Имя}($2)\n\n\t$0\n\nКонецПроцедуры",
            "Procedure ${1:Name}($2)\n\n\t$0\n\nEndProcedure",
        ],
    },
    Snippet {
        place: SnippetPlace::Declaration,
        detail: ["Экспортная процедура", "Exported procedure"],
        label: ["ПроцедураЭкспорт", "ProcedureExport"],
        text: [
            "Процедура ${1:Имя}($2) Экспорт\n\n\t$0\n\nКонецПроцедуры",
            "Procedure ${1:Name}($2) Export\n\n\t$0\n\nEndProcedure",
        ],
    },
    Snippet {
        place: SnippetPlace::Declaration,
        detail: ["Функция … КонецФункции", "Function … EndFunction"],
        label: ["Функция", "Function"],
        text: [
            "Функция ${1:Имя}($2)\n\n\t$0\n\n\tВозврат ${3:Неопределено};\n\nКонецФункции",
            "Function ${1:Name}($2)\n\n\t$0\n\n\tReturn ${3:Undefined};\n\nEndFunction",
        ],
    },
    Snippet {
        place: SnippetPlace::Declaration,
        detail: ["Экспортная функция", "Exported function"],
        label: ["ФункцияЭкспорт", "FunctionExport"],
        text: [
            "Функция ${1:Имя}($2) Экспорт\n\n\t$0\n\n\tВозврат ${3:Неопределено};\n\nКонецФункции",
            "Function ${1:Name}($2) Export\n\n\t$0\n\n\tReturn ${3:Undefined};\n\nEndFunction",
        ],
    },
    Snippet {
        place: SnippetPlace::Directive,
        detail: ["#Область … #КонецОбласти", "#Region … #EndRegion"],
        label: ["Область", "Region"],
        text: ["Область ${1:Имя}\n\n$0\n\n#КонецОбласти", "Region ${1:Name}\n\n$0\n\n#EndRegion"],
    },
    Snippet {
        place: SnippetPlace::Directive,
        detail: ["#Если … #КонецЕсли", "#If … #EndIf"],
        label: ["Если", "If"],
        text: ["Если ${1:Сервер} Тогда\n\n$0\n\n#КонецЕсли", "If ${1:Server} Then\n\n$0\n\n#EndIf"],
    },
];
