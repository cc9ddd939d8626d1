//! `ЧтениеJSON`: a text token by token.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::MAX_DEPTH;
use crate::arguments::Arguments;
use crate::builtins::Encoding;
use crate::failure::{Failure, Outcome, messages};
use crate::files;
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::number::Number;
use crate::object::Object;
use crate::objects::enumeration::enumeration_value;
use crate::types::TypeName;
use crate::value::Value;

/// What stands at a place of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Property(Rc<str>),
    Scalar(Value),
}

/// Where the reader is within an object or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the first item.
    ObjectBegin,
    /// After a comma or a property was read.
    ObjectNext,
    PropertyValue,
    ArrayBegin,
    ArrayNext,
}

#[derive(Default)]
pub(super) struct JsonReader {
    text: RefCell<Rc<str>>,
    next: Cell<usize>,
    places: RefCell<Vec<Place>>,
    current: RefCell<Option<Token>>,
    is_done: Cell<bool>,
}

pub(in crate::objects) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(JsonReader::default()))
}

impl JsonReader {
    fn load(&self, text: Rc<str>) {
        *self.text.borrow_mut() = text;
        self.next.set(0);
        self.places.borrow_mut().clear();
        *self.current.borrow_mut() = None;
        self.is_done.set(false);
    }

    fn error(&self) -> Box<Failure> {
        let text = self.text.borrow();
        let before = text.get(..self.next.get()).unwrap_or(&text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Failure::runtime(format!("Непредвиденный символ при чтении JSON (строка {line}, позиция {column})"))
    }

    fn skip_blanks(&self) -> Option<u8> {
        let text = self.text.borrow();
        let rest = text.as_bytes().get(self.next.get()..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.next.set(self.next.get() + blanks);
        rest.get(blanks).copied()
    }

    fn advance(&self) {
        self.next.set(self.next.get() + 1);
    }

    /// The next token; `None` at the end of the text.
    pub(super) fn token(&self) -> Outcome<Option<Token>> {
        let token = self.next_token()?;
        *self.current.borrow_mut() = token.clone();
        Ok(token)
    }

    fn next_token(&self) -> Outcome<Option<Token>> {
        let Some(mut letter) = self.skip_blanks() else {
            return if self.places.borrow().is_empty() { Ok(None) } else { Err(self.error()) };
        };
        let place = self.places.borrow().last().copied();
        match place {
            None if self.is_done.get() => return Err(self.error()),
            Some(Place::ObjectBegin | Place::ObjectNext) if letter == b'}' => {
                return self.close(Token::ObjectEnd);
            }
            Some(Place::ArrayBegin | Place::ArrayNext) if letter == b']' => {
                return self.close(Token::ArrayEnd);
            }
            Some(Place::ObjectNext | Place::ArrayNext) => {
                if letter != b',' {
                    return Err(self.error());
                }
                self.advance();
                letter = self.skip_blanks().ok_or_else(|| self.error())?;
            }
            _ => {}
        }
        if matches!(place, Some(Place::ObjectBegin | Place::ObjectNext)) {
            let name = if letter == b'"' { self.string()? } else { return Err(self.error()) };
            if self.skip_blanks() != Some(b':') {
                return Err(self.error());
            }
            self.advance();
            self.replace_place(Place::PropertyValue);
            return Ok(Some(Token::Property(name.into())));
        }
        self.value(letter).map(Some)
    }

    fn value(&self, letter: u8) -> Outcome<Token> {
        match letter {
            b'{' => self.open(Place::ObjectBegin, Token::ObjectStart),
            b'[' => self.open(Place::ArrayBegin, Token::ArrayStart),
            b'"' => {
                let text = self.string()?;
                self.end_value();
                Ok(Token::Scalar(text.into()))
            }
            _ => {
                let text = self.text.borrow().clone();
                let rest = text.get(self.next.get()..).unwrap_or_default();
                let is_part =
                    |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '+' | '.');
                let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
                let value = scalar(&rest[..length]).ok_or_else(|| self.error())?;
                self.next.set(self.next.get() + length);
                self.end_value();
                Ok(Token::Scalar(value))
            }
        }
    }

    fn open(&self, place: Place, token: Token) -> Outcome<Token> {
        self.advance();
        self.end_value();
        if self.places.borrow().len() >= MAX_DEPTH {
            return Err(Failure::runtime("Вложенность JSON слишком велика"));
        }
        self.places.borrow_mut().push(place);
        Ok(token)
    }

    fn close(&self, token: Token) -> Outcome<Option<Token>> {
        self.advance();
        self.places.borrow_mut().pop();
        Ok(Some(token))
    }

    fn replace_place(&self, place: Place) {
        if let Some(last) = self.places.borrow_mut().last_mut() {
            *last = place;
        }
    }

    /// A value was begun: what comes after it is known.
    fn end_value(&self) {
        let mut places = self.places.borrow_mut();
        match places.last_mut() {
            Some(place @ Place::PropertyValue) => *place = Place::ObjectNext,
            Some(place) => *place = Place::ArrayNext,
            None => self.is_done.set(true),
        }
    }

    fn string(&self) -> Outcome<String> {
        let text = self.text.borrow().clone();
        let mut string = String::new();
        let mut letters = text.get(self.next.get() + 1..).unwrap_or_default().char_indices();
        while let Some((offset, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.next.set(self.next.get() + offset + 2);
                    return Ok(string);
                }
                '\\' => {
                    let escaped = escape(&mut letters, &mut string);
                    escaped.ok_or_else(|| self.error())?;
                }
                '\u{0}'..='\u{1f}' => return Err(self.error()),
                letter => string.push(letter),
            }
        }
        Err(self.error())
    }

    /// Reads over the value that begins here.
    fn skip(&self) -> Outcome<bool> {
        let depth = self.places.borrow().len();
        loop {
            match self.token()? {
                None => return Ok(false),
                Some(Token::Property(_)) => {}
                Some(_) if self.places.borrow().len() <= depth => return Ok(true),
                Some(_) => {}
            }
        }
    }
}

fn scalar(text: &str) -> Option<Value> {
    Some(match text {
        "true" => true.into(),
        "false" => false.into(),
        "null" => Value::Undefined,
        _ => Value::Number(number(text)?),
    })
}

fn number(text: &str) -> Option<Number> {
    let is_json = text.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit())
        && text.ends_with(|letter: char| letter.is_ascii_digit());
    match text.split_once(['e', 'E']) {
        _ if !is_json => None,
        None => Number::parse(text),
        Some(_) => Number::from_float(text.parse().ok()?).ok(),
    }
}

/// What follows a backslash.
fn escape(letters: &mut std::str::CharIndices<'_>, string: &mut String) -> Option<()> {
    string.push(match letters.next()?.1 {
        letter @ ('"' | '\\' | '/') => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = four_digits(letters)?;
            if (0xd800..0xdc00).contains(&first) {
                // Two halves of a letter beyond the first plane.
                let is_second = letters.next()?.1 == '\\' && letters.next()?.1 == 'u';
                let second = four_digits(letters).filter(|_| is_second)?.checked_sub(0xdc00)?;
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)?
            } else {
                char::from_u32(first)?
            }
        }
        _ => return None,
    });
    Some(())
}

fn four_digits(letters: &mut std::str::CharIndices<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + letters.next()?.1.to_digit(16)?))
}

/// The name of a token in `ТипЗначенияJSON`.
fn token_type(token: Option<&Token>) -> &'static str {
    match token {
        None => "Ничего",
        Some(Token::ObjectStart) => "НачалоОбъекта",
        Some(Token::ObjectEnd) => "КонецОбъекта",
        Some(Token::ArrayStart) => "НачалоМассива",
        Some(Token::ArrayEnd) => "КонецМассива",
        Some(Token::Property(_)) => "ИмяСвойства",
        Some(Token::Scalar(Value::Boolean(_))) => "Булево",
        Some(Token::Scalar(Value::Number(_))) => "Число",
        Some(Token::Scalar(Value::Text(_))) => "Строка",
        Some(Token::Scalar(_)) => "Null",
    }
}

impl Object for JsonReader {
    fn type_name(&self) -> TypeName {
        TypeName::made("ЧтениеJSON", "JSONReader")
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(text) = self.text.try_borrow() {
            tracer.value(&Value::Text(text.clone()));
        }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let current = self.current.borrow();
        match name.folded.as_ref() {
            "типтекущегозначения" | "currentvaluetype" => {
                Ok(enumeration_value("ТипЗначенияJSON", token_type(current.as_ref())))
            }
            "текущеезначение" | "currentvalue" => match current.as_ref() {
                Some(Token::Property(name)) => Ok(Value::Text(name.clone())),
                Some(Token::Scalar(value)) => Ok(value.clone()),
                _ => Err(Failure::runtime("Текущее значение JSON не может быть получено")),
            },
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "установитьстроку" | "setstring" => self.load(arguments.text(0)?),
            "открытьфайл" | "openfile" => {
                let bytes = files::read(machine, &arguments.text(0)?)?;
                self.load(Encoding::find(&arguments.value(1))?.decode(&bytes).into());
            }
            "прочитать" | "read" => return Ok(self.token()?.is_some().into()),
            "пропустить" | "skip" => return Ok(self.skip()?.into()),
            "закрыть" | "close" => self.load("".into()),
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }
}
