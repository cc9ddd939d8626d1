//! Texts by lines: `ТекстовыйДокумент`, `ЧтениеТекста`, `ЗаписьТекста`.

use std::cell::{Cell, RefCell};

use crate::arguments::Arguments;
use crate::builtins::Encoding;
use crate::failure::{Failure, Outcome, messages};
use crate::files;
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// `ТекстовыйДокумент`: lines counted from one.
#[derive(Default)]
struct TextDocument {
    lines: RefCell<Vec<String>>,
}

/// `ЧтениеТекста`.
#[derive(Default)]
struct TextReader {
    text: RefCell<Option<String>>,
    /// Offset of what was not read yet.
    next: Cell<usize>,
}

/// `ЗаписьТекста`: written when it is closed.
struct TextWriter {
    file: RefCell<Option<(String, Encoding)>>,
    text: RefCell<String>,
    line_end: RefCell<String>,
}

pub(super) fn construct_document(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(TextDocument::default()))
}

pub(super) fn construct_reader(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let reader = TextReader::default();
    if arguments.is_given(0) {
        reader.open(machine, arguments)?;
    }
    Ok(Value::object(reader))
}

pub(super) fn construct_writer(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let writer = TextWriter {
        file: RefCell::default(),
        text: RefCell::default(),
        line_end: RefCell::new("\n".to_owned()),
    };
    if arguments.is_given(0) {
        writer.open(machine, arguments)?;
    }
    Ok(Value::object(writer))
}

fn lines_of(text: &str) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect()
    }
}

impl TextDocument {
    fn place(&self, value: &Arguments<'_>, index: usize, length: usize) -> Outcome<usize> {
        let number = usize::try_from(value.integer(index)?).ok();
        number
            .filter(|number| (1..=length).contains(number))
            .map(|number| number - 1)
            .ok_or_else(messages::out_of_bounds)
    }
}

impl Object for TextDocument {
    fn type_name(&self) -> TypeName {
        TypeName::made("ТекстовыйДокумент", "TextDocument")
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(lines) = self.lines.try_borrow() {
            let bytes = lines.iter().map(|line| line.len() + size_of::<String>()).sum();
            tracer.block(lines.as_ptr().addr(), bytes);
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let mut lines = self.lines.borrow_mut();
        let length = lines.len();
        match name.folded.as_ref() {
            "установитьтекст" | "settext" => *lines = lines_of(&arguments.text(0)?),
            "получитьтекст" | "gettext" => {
                let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
                machine.check_text(text.len())?;
                return Ok(text.into());
            }
            "добавитьстроку" | "addline" => {
                let text = arguments.text_or(0, "")?;
                machine.check_text(text.len() + size_of::<String>())?;
                lines.push(text.to_string());
            }
            "вставитьстроку" | "insertline" => {
                let place = self.place(arguments, 0, length + 1)?;
                lines.insert(place, arguments.text_or(1, "")?.to_string());
            }
            "удалитьстроку" | "deleteline" => {
                let place = self.place(arguments, 0, length)?;
                lines.remove(place);
            }
            "заменитьстроку" | "replaceline" => {
                let place = self.place(arguments, 0, length)?;
                lines[place] = arguments.text_or(1, "")?.to_string();
            }
            "получитьстроку" | "getline" => {
                let place = self.place(arguments, 0, length);
                return Ok(place.map_or_else(|_| "".into(), |place| lines[place].as_str().into()));
            }
            "количествострок" | "linecount" => return Ok(length.into()),
            "очистить" | "clear" => lines.clear(),
            "прочитать" | "read" => {
                let bytes = files::read(machine, &arguments.text(0)?)?;
                let text = Encoding::find(&arguments.value(1))?.decode(&bytes);
                *lines = lines_of(text.strip_suffix('\n').unwrap_or(&text));
            }
            "записать" | "write" => {
                let encoding = Encoding::find(&arguments.value(1))?;
                let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
                files::write(
                    machine,
                    &arguments.text(0)?,
                    &[encoding.mark(), &encoding.encode(&text)].concat(),
                )?;
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }
}

impl TextReader {
    fn open(&self, machine: &mut Machine, arguments: &Arguments<'_>) -> Outcome<()> {
        let bytes = files::read(machine, &arguments.text(0)?)?;
        let text = Encoding::find(&arguments.value(1))?.decode(&bytes);
        *self.text.borrow_mut() = Some(text.replace("\r\n", "\n"));
        self.next.set(0);
        Ok(())
    }

    /// Gives what `take` says of the rest; Неопределено at the end.
    fn read(&self, take: impl Fn(&str) -> Outcome<(usize, usize)>) -> Outcome {
        let text = self.text.borrow();
        let text = text.as_ref().ok_or_else(|| Failure::runtime("Файл не открыт"))?;
        let rest = text.get(self.next.get()..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(Value::Undefined);
        }
        let (length, skipped) = take(rest)?;
        self.next.set(self.next.get() + length + skipped);
        Ok(rest.get(..length).unwrap_or_default().into())
    }
}

impl Object for TextReader {
    fn type_name(&self) -> TypeName {
        TypeName::made("ЧтениеТекста", "TextReader")
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(text) = self.text.try_borrow()
            && let Some(text) = text.as_ref()
        {
            tracer.block(text.as_ptr().addr(), text.len());
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "открыть" | "open" => self.open(machine, arguments).map(|()| Value::Undefined),
            "прочитать" | "read" => {
                let size = arguments.is_given(0).then(|| arguments.integer(0)).transpose()?;
                self.read(|rest| {
                    let Some(size) = size else { return Ok((rest.len(), 0)) };
                    let size = usize::try_from(size).map_err(|_| messages::wrong_value(1))?;
                    Ok((rest.char_indices().nth(size).map_or(rest.len(), |(offset, _)| offset), 0))
                })
            }
            "прочитатьстроку" | "readline" => self.read(|rest| {
                let length = rest.find('\n');
                Ok(length.map_or((rest.len(), 0), |length| (length, 1)))
            }),
            "закрыть" | "close" => {
                *self.text.borrow_mut() = None;
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

impl TextWriter {
    /// `(ИмяФайла, Кодировка, РазделительСтрок, Дописывать)`
    fn open(&self, machine: &mut Machine, arguments: &Arguments<'_>) -> Outcome<()> {
        let (path, encoding) = (arguments.text(0)?, Encoding::find(&arguments.value(1))?);
        *self.line_end.borrow_mut() = arguments.text_or(2, "\n")?.to_string();
        let mut text = String::new();
        if arguments.boolean_or(3, false)? {
            text = files::read(machine, &path).map(|bytes| encoding.decode(&bytes)).unwrap_or_default();
        }
        // Says at once whether it can be written.
        files::write(machine, &path, encoding.mark())?;
        *self.text.borrow_mut() = text;
        *self.file.borrow_mut() = Some((path.to_string(), encoding));
        Ok(())
    }

    fn close(&self, machine: &mut Machine) -> Outcome {
        if let Some((path, encoding)) = self.file.borrow_mut().take() {
            let text = self.text.take();
            files::write(machine, &path, &[encoding.mark(), &encoding.encode(&text)].concat())?;
        }
        Ok(Value::Undefined)
    }
}

impl Object for TextWriter {
    fn type_name(&self) -> TypeName {
        TypeName::made("ЗаписьТекста", "TextWriter")
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(text) = self.text.try_borrow() {
            tracer.block(text.as_ptr().addr(), text.len());
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let is_line = matches!(name.folded.as_ref(), "записатьстроку" | "writeline");
        match name.folded.as_ref() {
            "открыть" | "open" => self.open(machine, arguments).map(|()| Value::Undefined),
            "закрыть" | "close" => self.close(machine),
            "записать" | "write" | "записатьстроку" | "writeline" => {
                if self.file.borrow().is_none() {
                    return Err(Failure::runtime("Файл не открыт"));
                }
                let added = arguments.text_or(0, "")?;
                let mut text = self.text.borrow_mut();
                machine.check_text(text.len() + added.len())?;
                text.push_str(&added);
                if is_line {
                    text.push_str(&self.line_end.borrow());
                }
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
