//! `ЗаписьXML`.

use std::cell::RefCell;

use quick_xml::escape::partial_escape;

use super::MAX_DEPTH;
use super::document::{NodeKind, split};
use super::reader::XmlReader;
use crate::arguments::Arguments;
use crate::builtins::Encoding;
use crate::failure::{Failure, Outcome, messages};
use crate::files;
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::record::Record;
use crate::types::TypeName;
use crate::value::Value;

/// An element that is not closed yet.
#[derive(Default)]
struct Level {
    name: String,
    /// Its tag can still take attributes.
    is_tag_open: bool,
    has_children: bool,
    /// Text keeps its blanks: what stands around it is not moved.
    has_text: bool,
    /// Prefixes that it declares.
    prefixes: Vec<(String, String)>,
}

struct State {
    text: String,
    levels: Vec<Level>,
    /// The name of an attribute that is being written, with what it has so far.
    attribute: Option<(String, String)>,
    /// Prefixes for the next element.
    pending: Vec<(String, String)>,
    is_indented: bool,
    is_attribute_indented: bool,
    indent: String,
    encoding: String,
    version: String,
    file: Option<(String, bool)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            text: String::new(),
            levels: Vec::new(),
            attribute: None,
            pending: Vec::new(),
            is_indented: true,
            is_attribute_indented: false,
            indent: "\t".to_owned(),
            encoding: String::new(),
            version: "1.0".to_owned(),
            file: None,
        }
    }
}

#[derive(Default)]
struct XmlWriter {
    state: RefCell<State>,
}

pub(in crate::objects) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(XmlWriter::default()))
}

fn wrong_structure() -> Box<Failure> {
    Failure::runtime("Неверная структура XML")
}

fn quoted(text: &str) -> String {
    partial_escape(text).replace('"', "&quot;").replace('\n', "&#xA;").replace('\t', "&#x9;")
}

impl State {
    /// Starts anew. The second argument of a file, the first of a text: an encoding or settings.
    fn start(&mut self, settings: &Value) -> Outcome<()> {
        let is_indented = self.is_indented;
        *self = Self { is_indented, ..Self::default() };
        match settings.downcast::<Record>() {
            Some(record) if record.is(&TypeName::XML_SETTINGS) => {
                self.encoding = record.value(0).presentation().to_string();
                self.version = record.value(1).presentation().to_string();
                self.is_indented = record.value(2) == Value::Boolean(true);
                self.is_attribute_indented = record.value(3) == Value::Boolean(true);
                self.indent = record.value(4).presentation().to_string();
            }
            _ => self.encoding = settings.presentation().to_string(),
        }
        Ok(())
    }

    fn close_tag(&mut self) {
        if let Some(level) = self.levels.last_mut().filter(|level| level.is_tag_open) {
            level.is_tag_open = false;
            self.text.push('>');
        }
    }

    fn break_line(&mut self, depth: usize) {
        if self.is_indented && !self.text.is_empty() {
            self.text.push('\n');
            self.text.push_str(&self.indent.repeat(depth));
        }
    }

    /// What stands on a line of its own unless text is around it.
    fn before_child(&mut self) {
        self.close_tag();
        let depth = self.levels.len();
        let is_in_text = self.levels.last().is_some_and(|level| level.has_text);
        if let Some(level) = self.levels.last_mut() {
            level.has_children = true;
        }
        if !is_in_text {
            self.break_line(depth);
        }
    }

    fn start_element(&mut self, name: &str, uri: Option<&str>) -> Outcome<()> {
        if self.levels.len() >= MAX_DEPTH {
            return Err(Failure::runtime("Вложенность XML слишком велика"));
        }
        self.before_child();
        let mut level = Level { is_tag_open: true, ..Level::default() };
        let prefixes = std::mem::take(&mut self.pending);
        level.prefixes.clone_from(&prefixes);
        self.levels.push(level);
        let name = match uri {
            None => name.to_owned(),
            Some(uri) => match self.prefix(uri) {
                Some(prefix) if prefix.is_empty() => name.to_owned(),
                Some(prefix) => format!("{prefix}:{name}"),
                None => {
                    self.declare("", uri);
                    name.to_owned()
                }
            },
        };
        self.text.push('<');
        self.text.push_str(&name);
        let declared = self.levels.last().map(|level| level.prefixes.clone()).unwrap_or_default();
        for (prefix, uri) in declared {
            self.write_declaration(&prefix, &uri);
        }
        if let Some(level) = self.levels.last_mut() {
            level.name = name;
        }
        Ok(())
    }

    fn declare(&mut self, prefix: &str, uri: &str) {
        if let Some(level) = self.levels.last_mut() {
            level.prefixes.push((prefix.to_owned(), uri.to_owned()));
        }
    }

    fn write_declaration(&mut self, prefix: &str, uri: &str) {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        self.write_attribute(&name, uri);
    }

    fn write_attribute(&mut self, name: &str, value: &str) {
        if self.is_indented && self.is_attribute_indented {
            self.break_line(self.levels.len());
        } else {
            self.text.push(' ');
        }
        self.text.push_str(&format!("{name}=\"{}\"", quoted(value)));
    }

    /// The prefix that stands for a namespace here.
    fn prefix(&self, uri: &str) -> Option<String> {
        let declared = self.levels.iter().rev().flat_map(|level| level.prefixes.iter().rev());
        let mut hidden: Vec<&str> = Vec::new();
        for (prefix, known) in declared {
            if known == uri && !hidden.contains(&prefix.as_str()) {
                return Some(prefix.clone());
            }
            hidden.push(prefix);
        }
        None
    }

    fn attribute(&mut self, name: &str, uri: Option<&str>, value: &str) -> Outcome<()> {
        if !self.levels.last().is_some_and(|level| level.is_tag_open) {
            return Err(wrong_structure());
        }
        let name = match uri.filter(|uri| !uri.is_empty()) {
            None => name.to_owned(),
            Some(uri) => {
                let prefix = match self.prefix(uri).filter(|prefix| !prefix.is_empty()) {
                    Some(prefix) => prefix,
                    None => {
                        let made = self.levels.last().map_or(0, |level| level.prefixes.len());
                        let prefix = format!("d{}p{}", self.levels.len(), made + 1);
                        self.declare(&prefix, uri);
                        self.write_declaration(&prefix, uri);
                        prefix
                    }
                };
                format!("{prefix}:{name}")
            }
        };
        self.write_attribute(&name, value);
        Ok(())
    }

    fn end_element(&mut self) -> Outcome<()> {
        let level = self.levels.pop().ok_or_else(wrong_structure)?;
        if level.is_tag_open {
            self.text.push_str("/>");
            return Ok(());
        }
        if level.has_children && !level.has_text {
            self.break_line(self.levels.len());
        }
        self.text.push_str(&format!("</{}>", level.name));
        Ok(())
    }

    /// Text and what belongs to it.
    fn inline(&mut self, text: &str) {
        self.close_tag();
        if let Some(level) = self.levels.last_mut() {
            level.has_text = true;
        }
        self.text.push_str(text);
    }

    fn write_text(&mut self, text: &str) {
        match &mut self.attribute {
            Some((_, value)) => value.push_str(text),
            None if text.is_empty() => {}
            None => self.inline(&partial_escape(text)),
        }
    }

    /// A line of its own: a comment, an instruction.
    fn line(&mut self, text: &str) {
        self.before_child();
        self.text.push_str(text);
    }

    fn declaration(&mut self) {
        let encoding = match self.encoding.as_str() {
            "" => String::new(),
            name => format!(" encoding=\"{name}\""),
        };
        self.text.push_str(&format!("<?xml version=\"{}\"{encoding}?>", self.version));
    }

    /// The node that a reader stands on.
    fn copy(&mut self, reader: &XmlReader) -> Outcome<()> {
        let Some(node) = reader.current_node() else { return Ok(()) };
        match node.kind {
            NodeKind::Start => {
                self.start_element(&node.name, None)?;
                for attribute in &node.attributes {
                    match split(&attribute.name) {
                        ("", "xmlns") => self.declare("", &attribute.value),
                        ("xmlns", prefix) => self.declare(prefix, &attribute.value),
                        _ => {}
                    }
                    self.write_attribute(&attribute.name, &attribute.value);
                }
            }
            NodeKind::End => self.end_element()?,
            NodeKind::Text | NodeKind::Blank => self.write_text(&node.value),
            NodeKind::Section => self.inline(&format!("<![CDATA[{}]]>", node.value)),
            NodeKind::Comment => self.line(&format!("<!--{}-->", node.value)),
            NodeKind::Instruction => self.line(&format!("<?{} {}?>", node.name, node.value)),
            NodeKind::DocumentType => self.line(&format!("<!DOCTYPE {}>", node.name)),
        }
        Ok(())
    }

    /// Ends the text: what is open is closed.
    fn finish(&mut self, machine: &Machine) -> Outcome {
        while !self.levels.is_empty() {
            self.end_element()?;
        }
        let text = std::mem::take(&mut self.text);
        let Some((path, has_mark)) = self.file.take() else { return Ok(text.into()) };
        let encoding = Encoding::find(&self.encoding.as_str().into())?;
        let mark = if has_mark { encoding.mark() } else { &[] };
        files::write(machine, &path, &[mark, &encoding.encode(&text)].concat())?;
        Ok(Value::text(""))
    }
}

/// The second argument, if there is one.
fn second(arguments: &Arguments<'_>) -> Outcome<Option<std::rc::Rc<str>>> {
    arguments.is_given(1).then(|| arguments.text(1)).transpose()
}

impl XmlWriter {
    fn attribute(state: &mut State, arguments: &Arguments<'_>) -> Outcome<()> {
        arguments.expect(2, 3)?;
        let name = arguments.text(0)?;
        if arguments.is_given(2) {
            let uri = arguments.text(1)?;
            return state.attribute(&name, Some(&uri), &arguments.text(2)?);
        }
        state.attribute(&name, None, &arguments.text(1)?)
    }

    fn map_prefix(state: &mut State, arguments: &Arguments<'_>) -> Outcome<()> {
        let (prefix, uri) = (arguments.text(0)?, arguments.text(1)?);
        if state.levels.last().is_some_and(|level| level.is_tag_open) {
            state.declare(&prefix, &uri);
            state.write_declaration(&prefix, &uri);
        } else {
            state.pending.push((prefix.to_string(), uri.to_string()));
        }
        Ok(())
    }

    fn write(&self, machine: &Machine, name: &Name, arguments: &Arguments<'_>) -> Outcome<()> {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        match name.folded.as_ref() {
            "записатьобъявлениеxml" | "writexmldeclaration" => state.declaration(),
            "записатьначалоэлемента" | "writestartelement" => {
                state.start_element(&arguments.text(0)?, second(arguments)?.as_deref())?;
            }
            "записатьконецэлемента" | "writeendelement" => state.end_element()?,
            "записатьатрибут" | "writeattribute" => Self::attribute(state, arguments)?,
            "записатьначалоатрибута" | "writestartattribute" => {
                state.attribute = Some((arguments.text(0)?.to_string(), String::new()));
            }
            "записатьконецатрибута" | "writeendattribute" => {
                let (name, value) = state.attribute.take().ok_or_else(wrong_structure)?;
                state.attribute(&name, None, &value)?;
            }
            "записатьтекст" | "writetext" => state.write_text(&arguments.text(0)?),
            "записатьбезобработки" | "writeraw" => state.inline(&arguments.text(0)?),
            "записатьсекциюcdata" | "writecdatasection" => {
                let text = arguments.text(0)?.replace("]]>", "]]]]><![CDATA[>");
                state.inline(&format!("<![CDATA[{text}]]>"));
            }
            "записатькомментарий" | "writecomment" => {
                state.line(&format!("<!--{}-->", arguments.text(0)?));
            }
            "записатьинструкциюобработки" | "writeprocessinginstruction" => {
                state.line(&format!("<?{} {}?>", arguments.text(0)?, arguments.text(1)?));
            }
            "записатьссылкунасущность" | "writeentityreference" => {
                state.inline(&format!("&{};", arguments.text(0)?));
            }
            "записатьсоответствиепространстваимен" | "writenamespacemapping" =>
            {
                Self::map_prefix(state, arguments)?;
            }
            "записатьтекущий" | "writecurrent" => {
                let reader = arguments.value(0);
                let reader = reader.downcast::<XmlReader>().ok_or_else(|| messages::wrong_type(1))?;
                state.copy(reader)?;
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        machine.check_text(state.text.len())
    }
}

impl Object for XmlWriter {
    fn type_name(&self) -> TypeName {
        TypeName::XML_WRITER
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(state) = self.state.try_borrow() {
            tracer.block(state.text.as_ptr().addr(), state.text.len());
        }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "отступ" | "indent" => Ok(self.state.borrow().is_indented.into()),
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "отступ" | "indent" => {
                self.state.borrow_mut().is_indented = value == Value::Boolean(true);
                Ok(())
            }
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "установитьстроку" | "setstring" => {
                self.state.borrow_mut().start(&arguments.value(0))?;
                Ok(Value::Undefined)
            }
            "открытьфайл" | "openfile" => {
                arguments.expect(1, 3)?;
                let path = arguments.text(0)?;
                let mut state = self.state.borrow_mut();
                state.start(&arguments.value(1))?;
                if state.encoding.is_empty() {
                    state.encoding = "UTF-8".to_owned();
                }
                // Says at once whether it can be written.
                files::write(machine, &path, &[])?;
                state.file = Some((path.to_string(), arguments.boolean_or(2, true)?));
                Ok(Value::Undefined)
            }
            "закрыть" | "close" => self.state.borrow_mut().finish(machine),
            "найтипрефикс" | "lookupprefix" => {
                let prefix = self.state.borrow().prefix(&arguments.text(0)?);
                Ok(prefix.map_or(Value::Undefined, Value::from))
            }
            _ => self.write(machine, name, arguments).map(|()| Value::Undefined),
        }
    }
}
