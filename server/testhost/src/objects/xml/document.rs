//! A text of XML as a list of nodes in the order in which they are read.

use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use super::MAX_DEPTH;
use crate::failure::{Failure, Outcome};
use crate::machine::{Machine, Tracer};

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A kind of nodes; the texts are names of `ТипУзлаXML`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    Start,
    End,
    Text,
    Blank,
    Section,
    Comment,
    Instruction,
    DocumentType,
}

impl NodeKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "НачалоЭлемента",
            Self::End => "КонецЭлемента",
            Self::Text => "Текст",
            Self::Blank => "ПробельныеСимволы",
            Self::Section => "СекцияCDATA",
            Self::Comment => "Комментарий",
            Self::Instruction => "ИнструкцияОбработки",
            Self::DocumentType => "ОпределениеТипаДокумента",
        }
    }

    /// What `ПерейтиКСодержимому` stops at.
    pub(super) fn is_content(self) -> bool {
        matches!(self, Self::Start | Self::End | Self::Text | Self::Section)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) name: Rc<str>,
    pub(super) value: Rc<str>,
    pub(super) uri: Rc<str>,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// With its prefix; empty where nodes have none.
    pub(super) name: Rc<str>,
    pub(super) uri: Rc<str>,
    pub(super) value: Rc<str>,
    pub(super) attributes: Vec<Attribute>,
    /// Elements around.
    pub(super) depth: usize,
}

/// All nodes up to the end or to the first error.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) nodes: Vec<Node>,
    pub(super) error: Option<String>,
    pub(super) version: String,
    pub(super) encoding: String,
}

/// A name without its prefix, and the prefix.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

impl Document {
    pub(super) fn parse(machine: &Machine, text: &str) -> Outcome<Self> {
        machine.check_text(text.len())?;
        machine.work(text.len());
        let mut parser = Parser {
            machine,
            document: Self { version: "1.0".to_owned(), ..Self::default() },
            open: Vec::new(),
            scopes: Vec::new(),
            text: String::new(),
        };
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = Reader::from_str(text);
        if let Err(why) = parser.run(&mut reader) {
            match why {
                Problem::Failure(failure) => return Err(failure),
                Problem::Text(why) => {
                    let at = usize::try_from(reader.error_position().max(reader.buffer_position()));
                    parser.document.error = Some(described(text, at.unwrap_or(0), &why));
                }
            }
        }
        Ok(parser.document)
    }

    pub(super) fn trace(&self, tracer: &mut Tracer) {
        tracer.block(self.nodes.as_ptr().addr(), self.nodes.len() * size_of::<Node>());
        for node in &self.nodes {
            let attributes = node.attributes.iter().flat_map(|it| [&it.name, &it.value, &it.uri]);
            for text in attributes.chain([&node.name, &node.uri, &node.value]) {
                tracer.block(text.as_ptr().addr(), text.len());
            }
        }
    }
}

fn described(text: &str, at: usize, why: &str) -> String {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("Ошибка разбора XML: [{line},{column}] {why}")
}

/// Why parsing ends.
enum Problem {
    Text(String),
    Failure(Box<Failure>),
}

impl From<quick_xml::Error> for Problem {
    fn from(error: quick_xml::Error) -> Self {
        Self::Text(error.to_string())
    }
}

struct Parser<'a> {
    machine: &'a Machine,
    document: Document,
    /// Names of the open elements with how many prefixes were known outside, and their namespaces.
    open: Vec<(Rc<str>, usize, Rc<str>)>,
    /// Prefixes with what they stand for, the innermost last.
    scopes: Vec<(Rc<str>, Rc<str>)>,
    /// Text that is not a node yet: references split it.
    text: String,
}

impl Parser<'_> {
    fn run(&mut self, reader: &mut Reader<&[u8]>) -> Result<(), Problem> {
        loop {
            match reader.read_event()? {
                Event::Text(text) => {
                    self.text.push_str(&text.xml10_content().map_err(quick_xml::Error::from)?)
                }
                Event::GeneralRef(reference) => self.reference(&reference)?,
                Event::Start(tag) => self.start(&tag)?,
                Event::Empty(tag) => {
                    self.start(&tag)?;
                    self.end()?;
                }
                Event::End(_) => {
                    self.flush()?;
                    self.end()?;
                }
                Event::CData(section) => {
                    let text = section.decode().map_err(quick_xml::Error::from)?;
                    self.node(NodeKind::Section, "", &text)?;
                }
                Event::Comment(comment) => {
                    let text = comment.decode().map_err(quick_xml::Error::from)?;
                    self.node(NodeKind::Comment, "", &text)?;
                }
                Event::PI(instruction) => {
                    let name = String::from_utf8_lossy(instruction.target()).into_owned();
                    let text = String::from_utf8_lossy(instruction.content()).trim_start().to_owned();
                    self.node(NodeKind::Instruction, &name, &text)?;
                }
                Event::DocType(text) => {
                    let text = text.decode().map_err(quick_xml::Error::from)?;
                    let name = text.split([' ', '[']).next().unwrap_or_default().to_owned();
                    self.node(NodeKind::DocumentType, &name, "")?;
                }
                Event::Decl(declaration) => {
                    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                    self.document.version = declaration.version().map(|it| text(&it)).unwrap_or_default();
                    let encoding = declaration.encoding().and_then(Result::ok);
                    self.document.encoding = encoding.map(|it| text(&it)).unwrap_or_default();
                }
                Event::Eof => return self.finish(),
            }
        }
    }

    fn finish(&mut self) -> Result<(), Problem> {
        self.flush()?;
        if let Some((name, ..)) = self.open.last() {
            return Err(Problem::Text(format!("не закрыт элемент {name}")));
        }
        let has_root = self.document.nodes.iter().any(|node| node.kind == NodeKind::Start);
        if has_root {
            Ok(())
        } else {
            Err(Problem::Text("нет корневого элемента".to_owned()))
        }
    }

    /// `&amp;`, `&#10;`; entities of a document type are not read.
    fn reference(&mut self, reference: &quick_xml::events::BytesRef<'_>) -> Result<(), Problem> {
        let name = reference.decode().map_err(quick_xml::Error::from)?;
        if let Some(letter) = reference.resolve_char_ref()? {
            self.text.push(letter);
        } else if let Some(text) = resolve_xml_entity(&name) {
            self.text.push_str(text);
        } else {
            return Err(Problem::Text(format!("неизвестная сущность {name}")));
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Problem> {
        if self.text.is_empty() {
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        let is_blank = text.trim_matches([' ', '\t', '\r', '\n']).is_empty();
        match (self.open.is_empty(), is_blank) {
            (true, true) => Ok(()),
            (true, false) => Err(Problem::Text("текст вне корневого элемента".to_owned())),
            (false, true) => self.push(NodeKind::Blank, "".into(), "".into(), &text, Vec::new()),
            (false, false) => self.push(NodeKind::Text, "".into(), "".into(), &text, Vec::new()),
        }
    }

    fn node(&mut self, kind: NodeKind, name: &str, value: &str) -> Result<(), Problem> {
        self.flush()?;
        self.push(kind, name.into(), "".into(), value, Vec::new())
    }

    fn push(
        &mut self,
        kind: NodeKind,
        name: Rc<str>,
        uri: Rc<str>,
        value: &str,
        attributes: Vec<Attribute>,
    ) -> Result<(), Problem> {
        let bytes = size_of::<Node>() + value.len() + attributes.len() * size_of::<Attribute>();
        self.machine.charge(bytes);
        self.machine.check_size(self.document.nodes.len()).map_err(Problem::Failure)?;
        let value = value.replace("\r\n", "\n").into();
        let depth = self.open.len();
        self.document.nodes.push(Node { kind, name, uri, value, attributes, depth });
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Problem> {
        self.flush()?;
        if self.open.is_empty() && self.document.nodes.iter().any(|node| node.kind == NodeKind::Start) {
            return Err(Problem::Text("второй корневой элемент".to_owned()));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Problem::Text(format!("вложенность больше {MAX_DEPTH}")));
        }
        let known = self.scopes.len();
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(quick_xml::Error::from)?;
            let name: Rc<str> = String::from_utf8_lossy(attribute.key.as_ref()).into();
            let raw = String::from_utf8_lossy(&attribute.value);
            // A literal line end in an attribute is a blank; a reference to one is itself.
            let raw = raw.replace("\r\n", " ").replace(['\n', '\t', '\r'], " ");
            let value: Rc<str> = unescape(&raw).map_err(quick_xml::Error::from)?.into();
            match split(&name) {
                ("", "xmlns") => self.scopes.push(("".into(), value.clone())),
                ("xmlns", prefix) => self.scopes.push((prefix.into(), value.clone())),
                _ => {}
            }
            attributes.push(Attribute { name, value, uri: "".into() });
        }
        for attribute in &mut attributes {
            attribute.uri = match split(&attribute.name) {
                ("", "xmlns") | ("xmlns", _) => XMLNS.into(),
                ("", _) => "".into(),
                (prefix, _) => self.uri(prefix)?,
            };
        }
        let name: Rc<str> = String::from_utf8_lossy(tag.name().as_ref()).into();
        let uri = self.uri(split(&name).0)?;
        self.push(NodeKind::Start, name.clone(), uri.clone(), "", attributes)?;
        self.open.push((name, known, uri));
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        let Some((name, known, uri)) = self.open.pop() else { return Ok(()) };
        self.scopes.truncate(known);
        self.push(NodeKind::End, name, uri, "", Vec::new())
    }

    fn uri(&self, prefix: &str) -> Result<Rc<str>, Problem> {
        let known = self.scopes.iter().rev().find(|(known, _)| known.as_ref() == prefix);
        match (known, prefix) {
            (Some((_, uri)), _) => Ok(uri.clone()),
            (None, "") => Ok("".into()),
            (None, "xml") => Ok(XML.into()),
            (None, _) => Err(Problem::Text(format!("неизвестный префикс {prefix}"))),
        }
    }
}
