//! Causes in words, in both languages.

use base::Locale;

use crate::hot::causes::{Cause, CauseKind};

impl CauseKind {
    /// A name for settings, filters and links.
    pub fn key(self) -> &'static str {
        use CauseKind as K;
        match self {
            K::QueryInLoop => "QueryInLoop",
            K::QueryBehindCall => "QueryBehindCall",
            K::ReferenceFieldInLoop => "ReferenceFieldInLoop",
            K::ObjectOnlyRead => "ObjectOnlyRead",
            K::SearchByValueInLoop => "SearchByValueInLoop",
            K::LinearSearchInLoop => "LinearSearchInLoop",
            K::GrowingText => "GrowingText",
            K::NestedLoopJoin => "NestedLoopJoin",
            K::VirtualTableWithoutParameters => "VirtualTableCallWithoutParameters",
            K::SliceInJoin => "SliceInJoin",
            K::OrOverFields => "LogicalOrInTheWhereSectionOfQuery",
            K::JoinWithSubquery => "JoinWithSubQuery",
            K::JoinWithVirtualTable => "JoinWithVirtualTable",
            K::TemporaryTableWithoutIndex => "TemporaryTableWithoutIndex",
            K::CompositeField => "QueryNestedFieldsByDot",
            K::NeedlessReference => "RefOveruse",
            K::UnionWithDuplicates => "UnionAll",
            K::TooManyColumns => "TooManyColumns",
            K::UnindexedCondition => "UnindexedCondition",
            K::NeedlessUnload => "NeedlessUnload",
            K::ServerCallInLoop => "ServerCallInLoop",
            K::FormContextWithoutNeed => "FormContextWithoutNeed",
            K::ReferenceSearch => "ReferenceSearchInLoop",
            K::WriteInLoop => "WriteInLoop",
            K::RemoteWorkInTransaction => "RemoteWorkInTransaction",
            K::ReadBeforeLock => "ReadBeforeLock",
            K::InvariantInLoop => "InvariantInLoop",
            K::RepeatedCall => "RepeatedCall",
            K::TryInLoop => "TryInLoop",
            K::TypeTestsInLoop => "TypeTestsInLoop",
        }
    }

    /// The rewrite that may take the cause away.
    pub fn rewrite(self) -> Option<&'static str> {
        match self {
            Self::QueryInLoop => Some("queryInLoopToBatch"),
            Self::LinearSearchInLoop => Some("findToMap"),
            Self::GrowingText => Some("concatenationToJoin"),
            _ => None,
        }
    }

    pub fn title(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ru => self.russian().0,
            Locale::En => self.english().0,
        }
    }

    /// What to do about it.
    pub fn advice(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ru => self.russian().1,
            Locale::En => self.english().1,
        }
    }

    fn russian(self) -> (&'static str, &'static str) {
        use CauseKind as K;
        match self {
            K::QueryInLoop => {
                ("Запрос в цикле", "выполните один запрос до цикла: `В (&Список)`, строки — в Соответствие")
            }
            K::QueryBehindCall => (
                "Вызов в цикле выполняет запрос",
                "получите данные для всех элементов одним вызовом до цикла",
            ),
            K::ReferenceFieldInLoop => (
                "Реквизит ссылки через точку в цикле",
                "каждое обращение может читать объект целиком: получите поле запросом или прочитайте реквизиты до цикла",
            ),
            K::ObjectOnlyRead => ("ПолучитьОбъект только для чтения", "прочитайте реквизиты запросом"),
            K::SearchByValueInLoop => {
                ("Поиск по коду или наименованию в цикле", "найдите все ссылки одним запросом до цикла")
            }
            K::LinearSearchInLoop => {
                ("Поиск перебором в цикле", "постройте Соответствие до цикла или добавьте индекс таблицы")
            }
            K::GrowingText => {
                ("Сложение строк в цикле", "соберите части в массив и соедините их СтрСоединить")
            }
            K::NestedLoopJoin => (
                "Соединение вложенными циклами",
                "постройте Соответствие по ключу внутренней коллекции или соедините таблицы запросом",
            ),
            K::VirtualTableWithoutParameters => {
                ("Виртуальная таблица без параметров", "перенесите условие из ГДЕ в параметры таблицы")
            }
            K::SliceInJoin => (
                "Срез без отбора в соединении",
                "поместите срез с отбором во временную таблицу и соединяйте с ней",
            ),
            K::OrOverFields => ("ИЛИ по разным полям", "объедините две выборки с отбором по своим полям"),
            K::JoinWithSubquery => {
                ("Соединение с подзапросом", "поместите подзапрос во временную таблицу с индексом")
            }
            K::JoinWithVirtualTable => {
                ("Соединение с виртуальной таблицей", "поместите её строки во временную таблицу с индексом")
            }
            K::TemporaryTableWithoutIndex => (
                "Временная таблица без индекса",
                "добавьте ИНДЕКСИРОВАТЬ ПО полям соединения; на таблицах меньше тысячи строк это не окупается",
            ),
            K::CompositeField => ("Поле через точку от составного типа", "укажите тип: ВЫРАЗИТЬ(… КАК …)"),
            K::NeedlessReference => ("Лишнее «.Ссылка»", "поле уже ссылка: уберите «.Ссылка»"),
            K::UnionWithDuplicates => {
                ("ОБЪЕДИНИТЬ без ВСЕ", "если повторов не бывает, пишите ОБЪЕДИНИТЬ ВСЕ")
            }
            K::TooManyColumns => ("Выбираются лишние поля", "выбирайте только те поля, которые читаются"),
            K::UnindexedCondition => (
                "Условие, которому не поможет индекс",
                "сравнивайте поле без функций, ПОДОБНО — без % в начале",
            ),
            K::NeedlessUnload => {
                ("Выгрузить без необходимости", "обойдите Выбрать(), пустоту проверяйте Пустой()")
            }
            K::ServerCallInLoop => ("Вызов сервера в цикле клиента", "передайте все данные одним вызовом"),
            K::FormContextWithoutNeed => {
                ("Контекст формы передаётся без необходимости", "методу хватит &НаСервереБезКонтекста")
            }
            K::ReferenceSearch => ("Поиск по ссылкам в цикле", "вызовите НайтиПоСсылкам один раз с массивом"),
            K::WriteInLoop => (
                "Запись по одному объекту без транзакции",
                "запишите набор целиком или одну порцию в одной транзакции",
            ),
            K::RemoteWorkInTransaction => {
                ("Внешняя работа внутри транзакции", "вынесите обмен и файлы за пределы транзакции")
            }
            K::ReadBeforeLock => (
                "Чтение до блокировки в транзакции",
                "сначала блокировка, затем чтение, всегда в одном порядке",
            ),
            K::InvariantInLoop => ("Неизменное значение строится в цикле", "вычислите его один раз до цикла"),
            K::RepeatedCall => (
                "Вызов с одними и теми же параметрами в цикле",
                "если результат не меняется, запомните его до цикла",
            ),
            K::TryInLoop => ("Попытка в цикле", "проверяйте условие вместо исключения, если оно ожидаемо"),
            K::TypeTestsInLoop => (
                "Цепочка проверок типа в цикле",
                "определите вид один раз или используйте Соответствие по типу",
            ),
        }
    }

    fn english(self) -> (&'static str, &'static str) {
        use CauseKind as K;
        match self {
            K::QueryInLoop => {
                ("Query in a loop", "execute one query before the loop: `IN (&List)`, the rows in a Map")
            }
            K::QueryBehindCall => (
                "A call in a loop executes a query",
                "get the data of all elements by one call before the loop",
            ),
            K::ReferenceFieldInLoop => (
                "Attribute of a reference in a loop",
                "every access may read the whole object: select the field, or read the attributes before the loop",
            ),
            K::ObjectOnlyRead => ("GetObject only to read", "read the attributes by a query"),
            K::SearchByValueInLoop => (
                "Search by code or description in a loop",
                "find all references by one query before the loop",
            ),
            K::LinearSearchInLoop => {
                ("Linear search in a loop", "build a Map before the loop or add an index of the table")
            }
            K::GrowingText => {
                ("Concatenation in a loop", "collect the parts in an array and join them by StrConcat")
            }
            K::NestedLoopJoin => (
                "Join by nested loops",
                "build a Map by the key of the inner collection, or join the tables by a query",
            ),
            K::VirtualTableWithoutParameters => (
                "Virtual table without parameters",
                "move the condition from WHERE into the parameters of the table",
            ),
            K::SliceInJoin => (
                "Slice without filter in a join",
                "put the filtered slice into a temporary table and join that",
            ),
            K::OrOverFields => ("OR over different fields", "unite two selections, each by its own field"),
            K::JoinWithSubquery => {
                ("Join with a subquery", "put the subquery into a temporary table with an index")
            }
            K::JoinWithVirtualTable => {
                ("Join with a virtual table", "put its rows into a temporary table with an index")
            }
            K::TemporaryTableWithoutIndex => (
                "Temporary table without index",
                "add INDEX BY the fields of the join; below a thousand rows it does not pay off",
            ),
            K::CompositeField => ("Field behind a composite type", "name the type: CAST(… AS …)"),
            K::NeedlessReference => ("Needless \".Ref\"", "the field is the reference: remove \".Ref\""),
            K::UnionWithDuplicates => {
                ("UNION without ALL", "where no duplicates are possible, write UNION ALL")
            }
            K::TooManyColumns => ("More fields than needed", "select only fields that are read"),
            K::UnindexedCondition => (
                "Condition that no index helps",
                "compare the field without functions, LIKE without a leading %",
            ),
            K::NeedlessUnload => ("Needless Unload", "walk by Select(), test emptiness by IsEmpty()"),
            K::ServerCallInLoop => ("Server call in a client loop", "pass all data by one call"),
            K::FormContextWithoutNeed => {
                ("Form context transferred without need", "&AtServerNoContext is enough for the method")
            }
            K::ReferenceSearch => ("Reference search in a loop", "call FindByRef once with an array"),
            K::WriteInLoop => (
                "Writing one by one without a transaction",
                "write the whole set, or one portion in one transaction",
            ),
            K::RemoteWorkInTransaction => {
                ("Remote work inside a transaction", "move exchange and files out of the transaction")
            }
            K::ReadBeforeLock => {
                ("Read before the lock in a transaction", "lock first, read later, always in one order")
            }
            K::InvariantInLoop => ("Constant value built in a loop", "compute it once before the loop"),
            K::RepeatedCall => (
                "Call with the same arguments in a loop",
                "if the result does not change, keep it before the loop",
            ),
            K::TryInLoop => {
                ("Try in a loop", "test the condition instead of the exception, if it is expected")
            }
            K::TypeTestsInLoop => ("Chain of type tests in a loop", "decide once, or use a Map by type"),
        }
    }
}

impl Cause {
    /// The title with what it is about.
    pub fn title(&self, locale: Locale) -> String {
        let title = self.kind.title(locale);
        let title = match (self.is_guess, locale) {
            (false, _) => title.to_owned(),
            (true, Locale::Ru) => format!("Возможно: {}", lower_first(title)),
            (true, Locale::En) => format!("Possibly: {}", lower_first(title)),
        };
        let names_something = !self.name.is_empty()
            && !matches!(
                self.kind,
                CauseKind::QueryInLoop | CauseKind::NeedlessUnload | CauseKind::NestedLoopJoin
            );
        if names_something { format!("{title} (`{}`)", self.name) } else { title }
    }
}

/// Abbreviations and names stay as they are.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
