//! `ЧтениеXML`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::document::{Attribute, Document, Node, NodeKind, split};
use crate::arguments::Arguments;
use crate::builtins::Encoding;
use crate::failure::{Failure, Outcome, messages};
use crate::files;
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::enumeration::enumeration_value;
use crate::types::TypeName;
use crate::value::Value;

/// Stands before the first node at first; the declaration is not a node.
#[derive(Default)]
pub(super) struct XmlReader {
    document: RefCell<Document>,
    /// One more than the place of the node that it stands on.
    next: Cell<usize>,
    /// The attribute that it stands on.
    attribute: Cell<Option<usize>>,
    /// Nodes of nothing but blanks are nodes too.
    keeps_blanks: Cell<bool>,
}

pub(in crate::objects) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(XmlReader::default()))
}

impl XmlReader {
    fn load(&self, machine: &Machine, text: &str) -> Outcome<()> {
        *self.document.borrow_mut() = Document::parse(machine, text)?;
        self.next.set(0);
        self.attribute.set(None);
        Ok(())
    }

    fn open(&self, machine: &Machine, arguments: &Arguments<'_>) -> Outcome<()> {
        let bytes = files::read(machine, &arguments.text(0)?)?;
        let given = arguments.value(3);
        let encoding = if arguments.is_given(3) { given } else { declared_encoding(&bytes).into() };
        self.load(machine, &Encoding::find(&encoding)?.decode(&bytes))
    }

    /// Goes to the next node; false at the end.
    fn step(&self) -> Outcome<bool> {
        self.attribute.set(None);
        let document = self.document.borrow();
        loop {
            let place = self.next.get();
            let Some(node) = document.nodes.get(place) else {
                self.next.set(document.nodes.len() + 1);
                return match &document.error {
                    Some(error) => Err(Failure::runtime(error.as_str())),
                    None => Ok(false),
                };
            };
            self.next.set(place + 1);
            if node.kind != NodeKind::Blank || self.keeps_blanks.get() {
                return Ok(true);
            }
        }
    }

    fn current(&self) -> Option<Node> {
        self.document.borrow().nodes.get(self.next.get().checked_sub(1)?).cloned()
    }

    pub(super) fn current_node(&self) -> Option<Node> {
        self.current()
    }

    fn attributes(&self) -> Vec<Attribute> {
        self.current().map(|node| node.attributes).unwrap_or_default()
    }

    fn kind(&self) -> Value {
        let name = match (self.attribute.get(), self.current()) {
            (Some(_), _) => "Атрибут",
            (None, Some(node)) => node.kind.name(),
            (None, None) => "Ничего",
        };
        enumeration_value("ТипУзлаXML", name)
    }

    /// Goes to the end of the element that it stands on or in.
    fn skip(&self) -> Outcome<()> {
        self.attribute.set(None);
        let Some(node) = self.current() else { return Ok(()) };
        let depth = match node.kind {
            NodeKind::Start => node.depth,
            NodeKind::End => return Ok(()),
            _ => node.depth.saturating_sub(1),
        };
        while self.step()? {
            if self.current().is_some_and(|node| node.kind == NodeKind::End && node.depth == depth) {
                break;
            }
        }
        Ok(())
    }

    /// An attribute by its number, its full name, or its own name and namespace.
    fn find(&self, arguments: &Arguments<'_>) -> Outcome<Option<Attribute>> {
        let attributes = self.attributes();
        if let Value::Number(_) = arguments.value(0) {
            let place = usize::try_from(arguments.integer(0)?).ok();
            return Ok(place.and_then(|place| attributes.get(place).cloned()));
        }
        let name = arguments.text(0)?;
        let uri = arguments.is_given(1).then(|| arguments.text(1)).transpose()?;
        Ok(attributes.into_iter().find(|attribute| match &uri {
            Some(uri) => split(&attribute.name).1 == name.as_ref() && attribute.uri == *uri,
            None => attribute.name == name,
        }))
    }

    fn move_to_attribute(&self, place: usize) -> Value {
        let has_attribute = place < self.attributes().len();
        if has_attribute {
            self.attribute.set(Some(place));
        }
        has_attribute.into()
    }

    /// Name, namespace and value of the attribute or node that it stands on.
    fn facts(&self) -> (Rc<str>, Rc<str>, Rc<str>) {
        let at = self.attribute.get().and_then(|place| self.attributes().get(place).cloned());
        match (at, self.current()) {
            (Some(attribute), _) => (attribute.name, attribute.uri, attribute.value),
            (None, Some(node)) => (node.name, node.uri, node.value),
            (None, None) => ("".into(), "".into(), "".into()),
        }
    }
}

/// What the declaration says; UTF-8 if it says nothing.
fn declared_encoding(bytes: &[u8]) -> String {
    if bytes.starts_with(&[0xff, 0xfe]) {
        return "utf-16".to_owned();
    }
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
    let declaration = head.split_once("?>").map_or("", |(declaration, _)| declaration);
    let quoted =
        declaration.split_once("encoding").map_or("", |(_, rest)| rest.trim_start_matches([' ', '=']));
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    quote.and_then(|quote| quoted.split(quote).nth(1)).unwrap_or("UTF-8").to_owned()
}

impl Object for XmlReader {
    fn type_name(&self) -> TypeName {
        TypeName::XML_READER
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(document) = self.document.try_borrow() {
            document.trace(tracer);
        }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let (full, uri, value) = self.facts();
        Ok(match name.folded.as_ref() {
            "типузла" | "nodetype" => self.kind(),
            "имя" | "name" => Value::Text(full),
            "локальноеимя" | "localname" => split(&full).1.into(),
            "префикс" | "prefix" => split(&full).0.into(),
            "uriпространстваимен" | "namespaceuri" => Value::Text(uri),
            "значение" | "value" => Value::Text(value),
            "имеетимя" | "hasname" => (!full.is_empty()).into(),
            "имеетзначение" | "hasvalue" => {
                let kind = self.current().map(|node| node.kind);
                let has_none = matches!(kind, None | Some(NodeKind::Start | NodeKind::End));
                (self.attribute.get().is_some() || !has_none).into()
            }
            "игнорироватьпробелы" | "ignorewhitespace" => {
                (!self.keeps_blanks.get()).into()
            }
            "этопробельныесимволы" | "iswhitespace" => {
                self.current().is_some_and(|node| node.kind == NodeKind::Blank).into()
            }
            "этосимвольныеданные" | "ischaracters" => self
                .current()
                .is_some_and(|node| matches!(node.kind, NodeKind::Text | NodeKind::Section))
                .into(),
            "версияxml" | "xmlversion" => self.document.borrow().version.as_str().into(),
            "кодировкаxml" | "xmlencoding" => self.document.borrow().encoding.as_str().into(),
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "игнорироватьпробелы" | "ignorewhitespace" => {
                self.keeps_blanks.set(value == Value::Boolean(false));
                Ok(())
            }
            _ => Err(messages::read_only(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        Ok(match name.folded.as_ref() {
            "установитьстроку" | "setstring" => {
                arguments.expect(1, 3)?;
                self.load(machine, &arguments.text(0)?)?;
                Value::Undefined
            }
            "открытьфайл" | "openfile" => {
                arguments.expect(1, 4)?;
                self.open(machine, arguments)?;
                Value::Undefined
            }
            "закрыть" | "close" => {
                *self.document.borrow_mut() = Document::default();
                self.next.set(0);
                Value::Undefined
            }
            "прочитать" | "read" => self.step()?.into(),
            "пропустить" | "skip" => {
                self.skip()?;
                Value::Undefined
            }
            "перейтиксодержимому" | "movetocontent" => {
                self.attribute.set(None);
                while !self.current().is_some_and(|node| node.kind.is_content()) && self.step()? {}
                self.kind()
            }
            "количествоатрибутов" | "attributecount" => self.attributes().len().into(),
            "имяатрибута" | "attributename" => {
                self.find(arguments)?.map_or(Value::text(""), |it| Value::Text(it.name))
            }
            "локальноеимяатрибута" | "attributelocalname" => {
                self.find(arguments)?.map_or(Value::text(""), |it| split(&it.name).1.into())
            }
            "префиксатрибута" | "attributeprefix" => {
                self.find(arguments)?.map_or(Value::text(""), |it| split(&it.name).0.into())
            }
            "uriпространстваименатрибута" | "attributenamespaceuri" => {
                self.find(arguments)?.map_or(Value::text(""), |it| Value::Text(it.uri))
            }
            "значениеатрибута" | "attributevalue" | "получитьатрибут" | "getattribute" =>
            {
                arguments.expect(1, 2)?;
                self.find(arguments)?.map_or(Value::Undefined, |it| Value::Text(it.value))
            }
            "первыйатрибут" | "firstattribute" => self.move_to_attribute(0),
            "следующийатрибут" | "nextattribute" => {
                self.attribute.get().map_or(false.into(), |place| self.move_to_attribute(place + 1))
            }
            "прочитатьатрибут" | "readattribute" => {
                self.move_to_attribute(self.attribute.get().map_or(0, |place| place + 1))
            }
            _ => return Err(messages::no_method(&name.shown)),
        })
    }
}
