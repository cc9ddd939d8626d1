//! Errors of running code: the platform's messages and stacks.

mod english;

use std::fmt;
use std::rc::Rc;

use base::Locale;

use crate::number::NumberError;
use crate::value::Value;

/// What every step of the machine may end with.
pub type Outcome<T = Value> = Result<T, Box<Failure>>;

/// An error that code can catch, unless a limit ended the run.
#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: FailureKind,
    /// The text without places and causes.
    pub message: Rc<str>,
    /// Where it happened, the innermost first.
    pub stack: Vec<Frame>,
    pub cause: Option<Box<Failure>>,
    /// Of the message and of what stands between causes.
    pub language: Locale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The platform would raise it too.
    Runtime,
    /// `ВызватьИсключение`.
    Raised,
    /// The code does not compile.
    Syntax,
    /// Something that this interpreter has not, named in the message. Code cannot catch it.
    Unsupported,
    /// A budget was used up. Code cannot catch it.
    Limit,
}

/// A line of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub module: Rc<str>,
    /// Counted from one.
    pub line: u32,
    /// Text of the line, without blanks around.
    pub source: Rc<str>,
}

impl Failure {
    pub fn new(kind: FailureKind, message: impl Into<Rc<str>>) -> Box<Self> {
        Box::new(Self { kind, message: message.into(), stack: Vec::new(), cause: None, language: Locale::Ru })
    }

    pub fn runtime(message: impl Into<Rc<str>>) -> Box<Self> {
        Self::new(FailureKind::Runtime, message)
    }

    pub fn unsupported(what: impl fmt::Display) -> Box<Self> {
        Self::new(FailureKind::Unsupported, format!("Интерпретатор не поддерживает: {what}"))
    }

    /// What a method of a built-in object ended with, as the cause of that call's error.
    pub(crate) fn in_context_method(self: Box<Self>, method: &str) -> Box<Self> {
        if !self.is_catchable() || !self.stack.is_empty() {
            return self;
        }
        let mut outer = Self::runtime(format!("Ошибка при вызове метода контекста ({method})"));
        outer.cause = Some(self);
        outer
    }

    /// A message of this crate in a language.
    pub(crate) fn message_in(message: &str, language: Locale) -> String {
        if language == Locale::En { english::translated(message) } else { message.to_owned() }
    }

    /// The same in a language. What code has raised with words of its own keeps them.
    pub fn in_language(mut self: Box<Self>, language: Locale) -> Box<Self> {
        if language == Locale::En && self.language != Locale::En {
            if self.kind != FailureKind::Raised {
                self.message = english::translated(&self.message).into();
            }
            self.language = Locale::En;
        }
        self.cause = self.cause.map(|cause| cause.in_language(language));
        self
    }

    pub fn is_catchable(&self) -> bool {
        matches!(self.kind, FailureKind::Runtime | FailureKind::Raised)
    }

    /// The value of `КатегорияОшибки` by its Russian name.
    pub(crate) fn category(&self) -> &'static str {
        match self.kind {
            FailureKind::Raised => "ИсключениеВызванноеИзВстроенногоЯзыка",
            FailureKind::Syntax => "ОшибкаКомпиляцииВстроенногоЯзыка",
            FailureKind::Runtime
                if self.message.starts_with("Нарушение прав доступа")
                    || self.message.starts_with("Access violation") =>
            {
                "НарушениеПравДоступа"
            }
            _ => "ОшибкаВоВремяВыполненияВстроенногоЯзыка",
        }
    }

    /// The text with the place: `{ОбщийМодуль.Цены.Модуль(12)}: Деление на 0`.
    pub fn description(&self) -> String {
        match self.stack.first() {
            Some(frame) => format!("{{{}({})}}: {}", frame.module, frame.line, self.message),
            None => self.message.to_string(),
        }
    }

    /// The text with the stack and the causes, as the platform writes it.
    pub fn detailed(&self) -> String {
        let mut text = self.description();
        for frame in &self.stack {
            text += &format!("\n{{{}({})}}:{}", frame.module, frame.line, frame.source);
        }
        if let Some(cause) = &self.cause {
            let word = if self.language == Locale::En { "due to" } else { "по причине" };
            text += &format!("\n{word}:\n{}", cause.detailed());
        }
        text
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detailed())
    }
}

impl std::error::Error for Failure {}

impl From<NumberError> for Box<Failure> {
    fn from(error: NumberError) -> Self {
        Failure::runtime(match error {
            NumberError::DivisionByZero => "Деление на 0",
            NumberError::Overflow => "Переполнение числа",
        })
    }
}

/// Messages that several places raise.
pub(crate) mod messages {
    use super::Failure;

    pub(crate) fn not_an_object(name: &str) -> Box<Failure> {
        Failure::runtime(format!("Значение не является значением объектного типа ({name})"))
    }

    pub(crate) fn no_field(name: &str) -> Box<Failure> {
        Failure::runtime(format!("Поле объекта не обнаружено ({name})"))
    }

    pub(crate) fn no_method(name: &str) -> Box<Failure> {
        Failure::runtime(format!("Метод объекта не обнаружен ({name})"))
    }

    pub(crate) fn read_only(name: &str) -> Box<Failure> {
        Failure::runtime(format!("Поле объекта недоступно для записи ({name})"))
    }

    pub(crate) fn out_of_bounds() -> Box<Failure> {
        Failure::runtime("Индекс находится за границами массива")
    }

    pub(crate) fn wrong_value(position: usize) -> Box<Failure> {
        Failure::runtime(format!("Недопустимое значение параметра (параметр номер '{position}')"))
    }

    pub(crate) fn wrong_type(position: usize) -> Box<Failure> {
        Failure::runtime(format!("Несоответствие типов (параметр номер '{position}')"))
    }

    pub(crate) fn too_many_arguments() -> Box<Failure> {
        Failure::runtime("Слишком много фактических параметров")
    }

    pub(crate) fn not_enough_arguments() -> Box<Failure> {
        Failure::runtime("Недостаточно фактических параметров")
    }

    pub(crate) fn no_conversion(target: &str) -> Box<Failure> {
        Failure::runtime(format!("Преобразование значения к типу {target} не может быть выполнено"))
    }

    pub(crate) fn incomparable() -> Box<Failure> {
        Failure::runtime(
            "Операции сравнения на больше-меньше допустимы только для значений совпадающих примитивных типов (Булево, Число, Строка, Дата)",
        )
    }
}
