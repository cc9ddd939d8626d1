//! Generated modules of realistic shape: regions, documented methods, nested blocks, queries, directives.
//! Every module is free of errors, and the same seed gives the same text.

use std::fmt::Write;

use crate::support::rng::Rng;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Russian,
    English,
}

impl Language {
    /// Chooses the spelling of this language.
    pub fn pick(self, russian: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Russian => russian,
            Self::English => english,
        }
    }

    /// The language most headers of a module are written in.
    pub fn of(text: &str) -> Self {
        let count = |word: &str| text.matches(word).count();
        if count("КонецПроцедуры") + count("КонецФункции") >= count("EndProcedure") + count("EndFunction")
        {
            Self::Russian
        } else {
            Self::English
        }
    }
}

const RUSSIAN_NOUNS: &[&str] = &[
    "Документ",
    "Строка",
    "Номенклатура",
    "Контрагент",
    "Договор",
    "Склад",
    "Остаток",
    "Период",
    "Результат",
    "Параметры",
    "Таблица",
    "Запрос",
    "Выборка",
    "Отбор",
    "Объект",
    "Форма",
    "Элемент",
    "Список",
    "Сумма",
    "Количество",
    "Цена",
    "Скидка",
    "Организация",
    "Пользователь",
    "Настройки",
    "Хранилище",
    "Ёмкость",
];
const ENGLISH_NOUNS: &[&str] = &[
    "Document",
    "Row",
    "Goods",
    "Partner",
    "Contract",
    "Warehouse",
    "Balance",
    "Period",
    "Result",
    "Parameters",
    "Table",
    "Query",
    "Selection",
    "Filter",
    "Object",
    "Form",
    "Item",
    "List",
    "Amount",
    "Quantity",
    "Price",
    "Discount",
    "Company",
    "User",
    "Settings",
    "Storage",
];
const RUSSIAN_VERBS: &[&str] = &[
    "Заполнить",
    "Проверить",
    "Получить",
    "Установить",
    "Рассчитать",
    "Записать",
    "Прочитать",
    "Обновить",
    "Добавить",
    "Удалить",
    "Найти",
    "Отправить",
];
const ENGLISH_VERBS: &[&str] = &[
    "Fill",
    "Check",
    "Get",
    "Set",
    "Calculate",
    "Save",
    "Read",
    "Update",
    "Append",
    "Delete",
    "Find",
    "Send",
];
const RUSSIAN_SHORT: &[&str] = &["А", "Б", "Сч", "Тз", "Стр", "Кл"];
const ENGLISH_SHORT: &[&str] = &["a", "b", "i", "Tbl", "Row", "Key"];

/// A module of at least `size` bytes.
pub fn module(seed: u64, language: Language, size: usize) -> String {
    let mut writer = Writer { rng: Rng::new(seed), language, text: String::new(), methods: 0 };
    writer.module(size);
    if writer.rng.percent(50) {
        writer.text = writer.text.replace('\n', "\r\n");
    }
    if writer.rng.percent(50) {
        writer.text.insert(0, '\u{feff}');
    }
    writer.text
}

/// A mixed set of modules of 8 to 150 KB.
pub fn modules(seed: u64, count: usize) -> Vec<String> {
    let mut rng = Rng::new(seed);
    (0..count)
        .map(|number| {
            let language = if number % 3 == 2 { Language::English } else { Language::Russian };
            // Most modules are small, as in real configurations.
            let size = 8_000 + rng.below(18_000) + if number % 10 == 9 { rng.below(120_000) } else { 0 };
            module(rng.next(), language, size)
        })
        .collect()
}

struct Writer {
    rng: Rng,
    language: Language,
    text: String,
    methods: usize,
}

impl Writer {
    fn module(&mut self, size: usize) {
        let l = self.language;
        self.line(0, &"/".repeat(90));
        self.line(
            0,
            l.pick("// Общий модуль: расчёты и проверки", "// Common module: calculations and checks"),
        );
        self.line(0, "");
        if self.rng.percent(40) {
            let line = format!(
                "#{} {} {} {}",
                l.pick("Если", "If"),
                l.pick("Сервер", "Server"),
                l.pick("ИЛИ ТолстыйКлиентОбычноеПриложение", "Or ThickClientOrdinaryApplication"),
                l.pick("Тогда", "Then")
            );
            self.line(0, &line);
            self.regions(size);
            let line = format!("#{}", l.pick("КонецЕсли", "EndIf"));
            self.line(0, &line);
        } else {
            self.regions(size);
        }
    }

    fn regions(&mut self, size: usize) {
        let l = self.language;
        let header =
            format!("#{} {}", l.pick("Область", "Region"), l.pick("ОписаниеПеременных", "Variables"));
        self.line(0, &header);
        for _ in 0..self.rng.below(4) {
            let export = if self.rng.percent(50) { l.pick(" Экспорт", " Export") } else { "" };
            let line = format!("{} {}{export};", l.pick("Перем", "Var"), self.noun());
            self.line(0, &line);
        }
        let footer = format!("#{}", l.pick("КонецОбласти", "EndRegion"));
        self.line(0, &footer);
        self.line(0, "");
        let names = [("ПрограммныйИнтерфейс", "Public"), ("СлужебныеПроцедурыИФункции", "Private")];
        for (index, (russian, english)) in names.into_iter().enumerate() {
            let header = format!("#{} {}", l.pick("Область", "Region"), l.pick(russian, english));
            self.line(0, &header);
            self.line(0, "");
            while self.text.len() < size * (index + 1) / names.len() {
                self.method();
            }
            self.line(0, &footer);
            self.line(0, "");
        }
        if self.rng.percent(30) {
            self.statements(0, 3);
        }
    }

    fn method(&mut self) {
        let l = self.language;
        self.methods += 1;
        let number = self.methods;
        let name = format!("{}{}{number}", self.verb(), self.noun());
        let line = format!("// {} {name}.", l.pick("Выполняет", "Does"));
        self.line(0, &line);
        self.line(0, "//");
        self.line(0, l.pick("// Параметры:", "// Parameters:"));
        if self.rng.percent(30) {
            self.line(0, l.pick("&НаСервереБезКонтекста", "&AtServerNoContext"));
        }
        let is_async = self.rng.percent(4);
        let is_function = self.rng.percent(45);
        let parameters = self.parameters();
        let header = format!(
            "{}{} {name}({parameters}){}",
            if is_async { l.pick("Асинх ", "Async ") } else { "" },
            if is_function {
                l.pick("Функция", "Function")
            } else {
                l.pick("Процедура", "Procedure")
            },
            if self.rng.percent(40) { l.pick(" Экспорт", " Export") } else { "" },
        );
        self.line(0, &header);
        let blank = if self.rng.percent(50) { "\t" } else { "" };
        self.line(0, blank);
        if self.rng.percent(15) {
            let line = format!("{} {}, {};", l.pick("Перем", "Var"), self.noun(), self.noun());
            self.line(1, &line);
        }
        let statements = 2 + self.rng.below(8);
        self.statements(1, statements);
        if is_async {
            let line = format!("{} = {} {};", self.noun(), l.pick("Ждать", "Await"), self.call());
            self.line(1, &line);
        }
        if is_function {
            let line = format!("{} {};", l.pick("Возврат", "Return"), self.expression(2));
            self.line(1, &line);
        }
        self.line(0, "");
        let end = if is_function {
            l.pick("КонецФункции", "EndFunction")
        } else {
            l.pick("КонецПроцедуры", "EndProcedure")
        };
        self.line(0, end);
        self.line(0, "");
    }

    fn parameters(&mut self) -> String {
        let l = self.language;
        let mut out = String::new();
        for number in 0..self.rng.below(5) {
            let separator = if number == 0 { "" } else { ", " };
            let by_value = if self.rng.percent(20) { l.pick("Знач ", "Val ") } else { "" };
            let default = match self.rng.below(6) {
                0 => l.pick(" = Неопределено", " = Undefined"),
                1 => l.pick(" = Ложь", " = False"),
                2 => " = \"\"",
                3 => " = -1",
                _ => "",
            };
            let _ = write!(out, "{separator}{by_value}{}{number}{default}", self.noun());
        }
        out
    }

    fn statements(&mut self, indent: usize, count: usize) {
        for _ in 0..count {
            self.statement(indent);
            if self.rng.percent(15) {
                self.line(indent, "");
            }
        }
    }

    fn statement(&mut self, indent: usize) {
        let nested = indent < 4 && self.rng.percent(70);
        match self.rng.below(100) {
            0..30 => {
                let line = format!("{} = {};", self.target(), self.expression(2));
                self.line(indent, &line)
            }
            30..52 => {
                let line = format!("{};", self.call());
                self.line(indent, &line)
            }
            52..66 if nested => self.condition(indent),
            66..74 if nested => self.loops(indent),
            74..78 if nested => self.attempt(indent),
            78..83 => self.query(indent),
            83..87 => self.long_call(indent),
            87..90 => self.concatenation(indent),
            90..93 => {
                let line = format!("// {} {}", self.verb(), self.noun());
                self.line(indent, &line)
            }
            93..95 => self.guarded(indent),
            _ => self.structure(indent),
        }
    }

    fn condition(&mut self, indent: usize) {
        let l = self.language;
        let line = format!("{} {} {}", l.pick("Если", "If"), self.predicate(), l.pick("Тогда", "Then"));
        self.line(indent, &line);
        if self.rng.percent(20) {
            let line = format!("{};", l.pick("Возврат", "Return"));
            self.line(indent + 1, &line);
        } else {
            self.body(indent);
        }
        for _ in 0..self.rng.below(5).saturating_sub(2) {
            let line =
                format!("{} {} {}", l.pick("ИначеЕсли", "ElsIf"), self.predicate(), l.pick("Тогда", "Then"));
            self.line(indent, &line);
            self.body(indent);
        }
        if self.rng.percent(35) {
            self.line(indent, l.pick("Иначе", "Else"));
            self.body(indent);
        }
        self.line(indent, l.pick("КонецЕсли;", "EndIf;"));
    }

    fn loops(&mut self, indent: usize) {
        let l = self.language;
        let line = match self.rng.below(4) {
            0 => format!(
                "{} {} = 0 {} {} {}",
                l.pick("Для", "For"),
                self.short(),
                l.pick("По", "To"),
                self.expression(1),
                l.pick("Цикл", "Do")
            ),
            1 => format!("{} {} {}", l.pick("Пока", "While"), self.predicate(), l.pick("Цикл", "Do")),
            _ => format!(
                "{} {} {} {} {}",
                l.pick("Для Каждого", "For Each"),
                self.noun(),
                l.pick("Из", "In"),
                self.chain(),
                l.pick("Цикл", "Do"),
            ),
        };
        self.line(indent, &line);
        self.body(indent);
        if self.rng.percent(15) {
            self.line(indent + 1, l.pick("Продолжить;", "Continue;"));
        }
        self.line(indent, l.pick("КонецЦикла;", "EndDo;"));
    }

    fn attempt(&mut self, indent: usize) {
        let l = self.language;
        self.line(indent, l.pick("Попытка", "Try"));
        self.body(indent);
        self.line(indent, l.pick("Исключение", "Except"));
        self.body(indent);
        let line = match self.rng.below(3) {
            0 => format!("{};", l.pick("ВызватьИсключение", "Raise")),
            1 => format!("{} {};", l.pick("ВызватьИсключение", "Raise"), self.string()),
            _ => format!("{};", self.call()),
        };
        self.line(indent + 1, &line);
        self.line(indent, l.pick("КонецПопытки;", "EndTry;"));
    }

    fn body(&mut self, indent: usize) {
        let count = 1 + self.rng.below(2);
        self.statements(indent + 1, count);
    }

    fn query(&mut self, indent: usize) {
        let l = self.language;
        let query = l.pick("Запрос", "Query");
        let line = format!("{query} = {} {query};", l.pick("Новый", "New"));
        self.line(indent, &line);
        let line = format!("{query}.{} =", l.pick("Текст", "Text"));
        self.line(indent, &line);
        let line = format!("\"{}", l.pick("ВЫБРАТЬ РАЗРЕШЕННЫЕ", "SELECT ALLOWED"));
        self.line(indent, &line);
        for _ in 0..1 + self.rng.below(3) {
            let line = format!(
                "|\t{}.{} {} {},",
                l.pick("Товары", "Goods"),
                self.noun(),
                l.pick("КАК", "AS"),
                self.noun()
            );
            self.line(indent, &line);
        }
        if self.rng.percent(20) {
            self.line(indent, l.pick("|\t\"\"текст\"\" КАК Вид", "|\t\"\"text\"\" AS Kind"));
        } else {
            self.line(indent, "|\t1");
        }
        self.line(indent, l.pick("|ИЗ", "|FROM"));
        self.line(
            indent,
            l.pick("|\tСправочник.Товары КАК Товары // источник", "|\tCatalog.Goods AS Goods // source"),
        );
        let line = format!(
            "|{} {}.{} = &{}\";",
            l.pick("ГДЕ", "WHERE"),
            l.pick("Товары", "Goods"),
            self.noun(),
            self.noun()
        );
        self.line(indent, &line);
        let line = format!(
            "{query}.{}(\"{}\", {});",
            l.pick("УстановитьПараметр", "SetParameter"),
            self.noun(),
            self.expression(1)
        );
        self.line(indent, &line);
        let line = format!(
            "{} = {query}.{}().{}();",
            self.noun(),
            l.pick("Выполнить", "Execute"),
            l.pick("Выбрать", "Select")
        );
        self.line(indent, &line);
    }

    fn long_call(&mut self, indent: usize) {
        let line = format!("{}.{}{}(", self.noun(), self.verb(), self.noun());
        self.line(indent, &line);
        for _ in 0..1 + self.rng.below(3) {
            let line = format!("{},", self.expression(1));
            self.line(indent + 1, &line);
        }
        let line = format!("{});", self.expression(1));
        self.line(indent + 1, &line);
    }

    fn concatenation(&mut self, indent: usize) {
        let line = format!("{} = {}", self.noun(), self.string());
        self.line(indent, &line);
        for _ in 0..1 + self.rng.below(2) {
            let line = format!("+ {}", self.expression(1));
            self.line(indent + 1, &line);
        }
        let line = format!("+ {};", self.string());
        self.line(indent + 1, &line);
    }

    fn guarded(&mut self, indent: usize) {
        let l = self.language;
        let line = format!(
            "#{} {} {}",
            l.pick("Если", "If"),
            l.pick("Не ВебКлиент", "Not WebClient"),
            l.pick("Тогда", "Then")
        );
        self.line(0, &line);
        let line = format!("{};", self.call());
        self.line(indent, &line);
        let line = format!("#{}", l.pick("КонецЕсли", "EndIf"));
        self.line(0, &line);
    }

    fn structure(&mut self, indent: usize) {
        let l = self.language;
        let name = self.noun();
        let line = format!("{name} = {} {};", l.pick("Новый", "New"), l.pick("Структура", "Structure"));
        self.line(indent, &line);
        for _ in 0..1 + self.rng.below(3) {
            let line = format!(
                "{name}.{}(\"{}\", {});",
                l.pick("Вставить", "Insert"),
                self.noun(),
                self.expression(1)
            );
            self.line(indent, &line);
        }
    }

    // ---- expressions

    fn predicate(&mut self) -> String {
        let l = self.language;
        let first = match self.rng.below(4) {
            0 => format!("{} {}", l.pick("Не", "Not"), self.call()),
            1 => format!("{} = {}", self.chain(), l.pick("Неопределено", "Undefined")),
            2 => self.call(),
            _ => format!("{} > {}", self.chain(), self.expression(1)),
        };
        match self.rng.below(5) {
            0 => format!("{first}\n\t\t\t{} {} = {}", l.pick("И", "And"), self.chain(), self.expression(0)),
            1 => format!("{first} {} ({} <> {})", l.pick("Или", "Or"), self.noun(), self.expression(0)),
            _ => first,
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        let l = self.language;
        if depth == 0 {
            return match self.rng.below(7) {
                0 => self.rng.below(1000).to_string(),
                1 => self.string(),
                2 => l.pick("Истина", "True").to_owned(),
                3 => "'20240131'".to_owned(),
                4 => self.short(),
                _ => self.noun(),
            };
        }
        match self.rng.below(10) {
            0 => format!("{} + {}", self.expression(depth - 1), self.expression(depth - 1)),
            1 => format!("{} * ({} - {})", self.chain(), self.expression(0), self.expression(depth - 1)),
            2 => format!("?({}, {}, {})", self.predicate(), self.expression(depth - 1), self.expression(0)),
            3 => self.call(),
            4 => format!(
                "{} {}(\"{}\")",
                l.pick("Новый", "New"),
                l.pick("Структура", "Structure"),
                self.noun()
            ),
            5 => format!("{}[{}].{}", self.noun(), self.expression(0), self.noun()),
            6 => format!("-{}", self.chain()),
            _ => self.chain(),
        }
    }

    fn call(&mut self) -> String {
        let arguments = match self.rng.below(4) {
            0 => String::new(),
            1 => self.expression(0),
            2 => format!("{}, {}", self.expression(0), self.expression(0)),
            _ => format!("{}, , {}", self.expression(0), self.expression(1)),
        };
        let object = if self.rng.percent(60) { format!("{}.", self.chain()) } else { String::new() };
        format!("{object}{}{}({arguments})", self.verb(), self.noun())
    }

    fn target(&mut self) -> String {
        if self.rng.percent(20) { self.short() } else { self.chain() }
    }

    fn chain(&mut self) -> String {
        let mut chain = self.noun();
        for _ in 0..self.rng.below(3) {
            chain.push('.');
            chain.push_str(&self.noun());
        }
        chain
    }

    fn string(&mut self) -> String {
        format!("\"{} {}\"", self.verb(), if self.rng.percent(20) { "\"\"%1\"\" // x" } else { "%1" })
    }

    fn short(&mut self) -> String {
        self.rng
            .pick(match self.language {
                Language::Russian => RUSSIAN_SHORT,
                Language::English => ENGLISH_SHORT,
            })
            .to_owned()
    }

    fn noun(&mut self) -> String {
        let nouns = match self.language {
            Language::Russian => RUSSIAN_NOUNS,
            Language::English => ENGLISH_NOUNS,
        };
        let first = self.rng.pick(nouns);
        if self.rng.percent(40) { format!("{first}{}", self.rng.pick(nouns)) } else { first.to_owned() }
    }

    fn verb(&mut self) -> &'static str {
        self.rng.pick(match self.language {
            Language::Russian => RUSSIAN_VERBS,
            Language::English => ENGLISH_VERBS,
        })
    }

    fn line(&mut self, indent: usize, text: &str) {
        for _ in 0..indent {
            self.text.push('\t');
        }
        self.text.push_str(text);
        self.text.push('\n');
    }
}
