//! `ЗаписьJSON`: a text piece by piece.

use std::cell::{Cell, RefCell};

use super::MAX_DEPTH;
use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::files;
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::enumeration::value_name;
use crate::objects::record::Record;
use crate::types::TypeName;
use crate::value::Value;

/// What is open, and whether it has items yet.
struct Level {
    is_object: bool,
    has_items: bool,
}

pub(super) struct JsonWriter {
    text: RefCell<String>,
    levels: RefCell<Vec<Level>>,
    /// The value of a property is due.
    is_after_name: Cell<bool>,
    line_end: RefCell<&'static str>,
    indent: RefCell<String>,
    file: RefCell<Option<String>>,
}

pub(in crate::objects) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(JsonWriter {
        text: RefCell::default(),
        levels: RefCell::default(),
        is_after_name: Cell::new(false),
        line_end: RefCell::new("\n"),
        indent: RefCell::default(),
        file: RefCell::default(),
    }))
}

impl JsonWriter {
    /// Starts anew; the settings say how lines end and how far they are moved in.
    fn start(&self, settings: &Value) {
        self.text.borrow_mut().clear();
        self.levels.borrow_mut().clear();
        self.is_after_name.set(false);
        let record = settings.downcast::<Record>().filter(|record| record.is(&TypeName::JSON_SETTINGS));
        let line_end = match record.map(|record| record.value(0)).as_ref().and_then(value_name) {
            Some("Нет") => "",
            Some("Windows") => "\r\n",
            _ => "\n",
        };
        *self.line_end.borrow_mut() = line_end;
        *self.indent.borrow_mut() =
            record.map(|record| record.value(1).presentation().to_string()).unwrap_or_default();
    }

    fn break_line(&self) {
        let line_end = *self.line_end.borrow();
        let mut text = self.text.borrow_mut();
        if !line_end.is_empty() {
            text.push_str(line_end);
            for _ in 0..self.levels.borrow().len() {
                text.push_str(&self.indent.borrow());
            }
        }
    }

    /// Puts what has to stand before a value.
    fn before_value(&self) -> Outcome<()> {
        if self.is_after_name.take() {
            return Ok(());
        }
        if self.levels.borrow().last().is_some_and(|level| level.is_object) {
            return Err(Failure::runtime("Значение JSON без имени свойства"));
        }
        self.before_item();
        Ok(())
    }

    fn before_item(&self) {
        let has_level = match self.levels.borrow_mut().last_mut() {
            Some(level) => {
                if std::mem::replace(&mut level.has_items, true) {
                    self.text.borrow_mut().push(',');
                }
                true
            }
            None => false,
        };
        if has_level {
            self.break_line();
        }
    }

    pub(super) fn open(&self, is_object: bool) -> Outcome<()> {
        self.before_value()?;
        if self.levels.borrow().len() >= MAX_DEPTH {
            return Err(Failure::runtime("Вложенность JSON слишком велика"));
        }
        self.text.borrow_mut().push(if is_object { '{' } else { '[' });
        self.levels.borrow_mut().push(Level { is_object, has_items: false });
        Ok(())
    }

    pub(super) fn close(&self, is_object: bool) -> Outcome<()> {
        let level = self.levels.borrow_mut().pop().filter(|level| level.is_object == is_object);
        let level = level.ok_or_else(|| Failure::runtime("Неверная структура JSON"))?;
        if level.has_items {
            self.break_line();
        }
        self.text.borrow_mut().push(if is_object { '}' } else { ']' });
        Ok(())
    }

    pub(super) fn name(&self, name: &str) -> Outcome<()> {
        let is_in_object = self.levels.borrow().last().is_some_and(|level| level.is_object);
        if !is_in_object || self.is_after_name.get() {
            return Err(Failure::runtime("Неверная структура JSON"));
        }
        self.before_item();
        self.quoted(name);
        self.text.borrow_mut().push_str(if self.line_end.borrow().is_empty() { ":" } else { ": " });
        self.is_after_name.set(true);
        Ok(())
    }

    pub(super) fn scalar(&self, machine: &Machine, value: &Value) -> Outcome<()> {
        self.before_value()?;
        match value {
            Value::Text(text) => {
                machine.check_text(self.text.borrow().len() + text.len())?;
                self.quoted(text);
            }
            Value::Number(number) => self.text.borrow_mut().push_str(&number.to_string()),
            Value::Boolean(value) => self.text.borrow_mut().push_str(&value.to_string()),
            Value::Undefined | Value::Null => self.text.borrow_mut().push_str("null"),
            _ => return Err(messages::wrong_type(1)),
        }
        Ok(())
    }

    fn quoted(&self, value: &str) {
        let mut text = self.text.borrow_mut();
        text.push('"');
        for letter in value.chars() {
            match letter {
                '"' => text.push_str("\\\""),
                '\\' => text.push_str("\\\\"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '\u{8}' => text.push_str("\\b"),
                '\u{c}' => text.push_str("\\f"),
                letter if u32::from(letter) < 0x20 => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
                letter => text.push(letter),
            }
        }
        text.push('"');
    }

    fn finish(&self, machine: &Machine) -> Outcome {
        let text = self.text.take();
        match self.file.borrow_mut().take() {
            Some(path) => {
                files::write(machine, &path, text.as_bytes())?;
                Ok("".into())
            }
            None => Ok(text.into()),
        }
    }
}

impl Object for JsonWriter {
    fn type_name(&self) -> TypeName {
        TypeName::made("ЗаписьJSON", "JSONWriter")
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(text) = self.text.try_borrow() {
            tracer.block(text.as_ptr().addr(), text.len());
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "установитьстроку" | "setstring" => self.start(&arguments.value(0)),
            "открытьфайл" | "openfile" => {
                let path = arguments.text(0)?;
                files::write(machine, &path, &[])?;
                self.start(&arguments.value(3));
                *self.file.borrow_mut() = Some(path.to_string());
            }
            "записатьначалообъекта" | "writestartobject" => self.open(true)?,
            "записатьконецобъекта" | "writeendobject" => self.close(true)?,
            "записатьначаломассива" | "writestartarray" => self.open(false)?,
            "записатьконецмассива" | "writeendarray" => self.close(false)?,
            "записатьимясвойства" | "writepropertyname" => {
                self.name(&arguments.text(0)?)?
            }
            "записатьзначение" | "writevalue" => self.scalar(machine, &arguments.value(0))?,
            "закрыть" | "close" => return self.finish(machine),
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }
}
