//! A small reader of XML: one pass over a file gives a flat array of elements with their places. Elements stand in
//! document order and know where their subtree ends, so nothing recurses. Whatever is wrong with a file costs what
//! comes after that place and one problem.

mod builder;

use std::borrow::Cow;
use std::path::Path;

use base::TextRange;
use base::encoding;

use crate::model::Problem;

/// Elements nested deeper are skipped: real files need a few dozen levels.
pub const MAX_DEPTH: usize = 256;

/// The elements of one file. Offsets are bytes of the decoded text without its byte order mark.
#[derive(Debug, Default)]
pub struct XmlFile {
    text: String,
    nodes: Vec<Node>,
    attributes: Vec<AttributeNode>,
    bindings: Vec<Binding>,
    uris: Vec<TextRange>,
}

#[derive(Debug)]
struct Node {
    name: TextRange,
    /// Where the opening tag begins.
    start: u32,
    /// The first text between the tags, not decoded; empty if there is none.
    text: TextRange,
    /// Index of `XmlFile::uris` plus one; 0 is no namespace.
    namespace: u32,
    parent: u32,
    /// Index after the last element inside this one.
    end: u32,
    /// Index of the first attribute; they last until those of the next element.
    attributes: u32,
    is_plain: bool,
}

#[derive(Debug)]
struct AttributeNode {
    prefix: TextRange,
    name: TextRange,
    value: TextRange,
}

/// A prefix that an element declares.
#[derive(Debug)]
struct Binding {
    node: u32,
    prefix: TextRange,
    uri: u32,
}

impl XmlFile {
    /// Decodes and reads a file; at most one problem comes back.
    pub fn read(bytes: Vec<u8>, path: &Path) -> (Self, Vec<Problem>) {
        let problem = |line, message| Problem { path: path.to_path_buf(), line, message };
        match encoding::decode(bytes) {
            Ok(decoded) => {
                let (file, error) = Self::parse(decoded.text);
                let problems = error.map(|(offset, message)| problem(Some(file.line(offset)), message));
                (file, problems.into_iter().collect())
            }
            Err(error) => (Self::default(), vec![problem(None, error.to_string())]),
        }
    }

    /// Reads a text; an error comes with its place.
    pub fn parse(text: String) -> (Self, Option<(u32, String)>) {
        builder::build(text)
    }

    pub fn root(&self) -> Option<Element<'_>> {
        (!self.nodes.is_empty()).then_some(Element { file: self, index: 0 })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Zero-based line of an offset.
    pub fn line(&self, offset: u32) -> u32 {
        let head = self.text.as_bytes().get(..offset as usize).unwrap_or(self.text.as_bytes());
        head.iter().filter(|byte| **byte == b'\n').count() as u32
    }

    fn uri(&self, id: u32) -> &str {
        let range = (id as usize).checked_sub(1).and_then(|index| self.uris.get(index));
        range.map_or("", |range| range.slice(&self.text))
    }
}

/// One element; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    file: &'a XmlFile,
    index: u32,
}

impl<'a> Element<'a> {
    /// Name without prefix.
    pub fn name(self) -> &'a str {
        self.node().name.slice(&self.file.text)
    }

    /// URI of the namespace; empty if there is none.
    pub fn namespace(self) -> &'a str {
        self.file.uri(self.node().namespace)
    }

    /// Value of an attribute by its name without prefix.
    pub fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        let text = &self.file.text;
        let found = self.attribute_nodes().iter().find(|attribute| attribute.name.slice(text) == name)?;
        Some(decode(found.value.slice(text)))
    }

    /// Where an attribute's value stands between its quotes.
    pub fn attribute_range(self, name: &str) -> Option<TextRange> {
        let text = &self.file.text;
        let found = self.attribute_nodes().iter().find(|attribute| attribute.name.slice(text) == name)?;
        Some(found.value)
    }

    /// Value of an attribute of a namespace, such as `xsi:type`.
    pub fn attribute_of(self, namespace: &str, name: &str) -> Option<Cow<'a, str>> {
        let text = &self.file.text;
        let is = |attribute: &&AttributeNode| {
            attribute.name.slice(text) == name && self.resolve(attribute.prefix.slice(text)) == namespace
        };
        self.attribute_nodes().iter().find(is).map(|found| decode(found.value.slice(text)))
    }

    /// The text between the tags with entities resolved; empty if there are only elements.
    pub fn text(self) -> Cow<'a, str> {
        let node = self.node();
        let raw = node.text.slice(&self.file.text);
        if node.is_plain { Cow::Borrowed(raw) } else { decode(raw) }
    }

    /// The text without spaces around it.
    pub fn trimmed(self) -> Cow<'a, str> {
        match self.text() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// Place of the text as it stands in the file, without spaces around it.
    pub fn text_range(self) -> TextRange {
        let range = self.node().text;
        let raw = range.slice(&self.file.text);
        let start = range.start + (raw.len() - raw.trim_start().len()) as u32;
        TextRange::new(start, start + raw.trim().len() as u32)
    }

    /// The text as it stands in the file, without spaces around it.
    pub fn raw_text(self) -> &'a str {
        self.node().text.slice(&self.file.text).trim()
    }

    /// True if the text stands in the file as it reads: no entities, no CDATA.
    pub fn is_plain(self) -> bool {
        self.node().is_plain
    }

    /// The words `true` and `1`.
    pub fn is_true(self) -> bool {
        matches!(&*self.trimmed(), "true" | "1")
    }

    pub fn children(self) -> Children<'a> {
        Children { file: self.file, next: self.index + 1, end: self.node().end }
    }

    /// The first child of a name, in whatever namespace.
    pub fn child(self, name: &str) -> Option<Element<'a>> {
        self.children().find(|child| child.name() == name)
    }

    pub fn children_named<'n>(self, name: &'n str) -> impl Iterator<Item = Element<'a>> + use<'a, 'n> {
        self.children().filter(move |child| child.name() == name)
    }

    /// The trimmed text of a child; empty if there is no such child.
    pub fn child_text(self, name: &str) -> Cow<'a, str> {
        self.child(name).map(Element::trimmed).unwrap_or_default()
    }

    /// The element at the end of a path of children.
    pub fn find(self, path: &[&str]) -> Option<Element<'a>> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All elements inside this one, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Element<'a>> {
        let file = self.file;
        (self.index + 1..self.node().end).map(move |index| Element { file, index })
    }

    pub fn parent(self) -> Option<Element<'a>> {
        (self.index > 0).then(|| Element { file: self.file, index: self.node().parent })
    }

    /// Where the opening tag begins.
    pub fn offset(self) -> u32 {
        self.node().start
    }

    pub fn line(self) -> u32 {
        self.file.line(self.offset())
    }

    /// URI that a prefix stands for at this element; empty if it is not declared.
    pub fn resolve(self, prefix: &str) -> &'a str {
        let file = self.file;
        let mut index = self.index;
        while let Some(node) = file.nodes.get(index as usize) {
            let first = file.bindings.partition_point(|binding| binding.node < index);
            let own = file.bindings[first..].iter().take_while(|binding| binding.node == index);
            for binding in own {
                if binding.prefix.slice(&file.text) == prefix {
                    return file.uri(binding.uri);
                }
            }
            if index == 0 {
                break;
            }
            index = node.parent;
        }
        ""
    }

    /// URI and local part of a name that stands in a text or an attribute: `cfg:CatalogRef.X`.
    pub fn qualified<'n>(self, name: &'n str) -> (&'a str, &'n str) {
        match name.split_once(':') {
            Some((prefix, local)) => (self.resolve(prefix), local),
            None => (self.resolve(""), name),
        }
    }

    fn node(self) -> &'a Node {
        &self.file.nodes[self.index as usize]
    }

    fn attribute_nodes(self) -> &'a [AttributeNode] {
        let next = self.file.nodes.get(self.index as usize + 1);
        let end = next.map_or(self.file.attributes.len(), |node| node.attributes as usize);
        self.file.attributes.get(self.node().attributes as usize..end).unwrap_or_default()
    }
}

/// Children of an element in document order.
pub struct Children<'a> {
    file: &'a XmlFile,
    next: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        if self.next >= self.end {
            return None;
        }
        let child = Element { file: self.file, index: self.next };
        self.next = child.node().end;
        Some(child)
    }
}

/// Resolves entities, CDATA and ends of lines.
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\r', '<']) {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(place) = rest.find(['&', '\r', '<']) {
        text.push_str(&rest[..place]);
        rest = &rest[place..];
        rest = match rest.as_bytes()[0] {
            b'&' => decode_entity(rest, &mut text),
            b'\r' => {
                text.push('\n');
                rest.strip_prefix("\r\n").unwrap_or(&rest[1..])
            }
            _ => decode_markup(rest, &mut text),
        };
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// An unknown entity stays as it is written.
fn decode_entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let known = rest.split_once(';').and_then(|(entity, after)| {
        let letter = match &entity[1..] {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            number => {
                let number = number.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                    None => number.parse(),
                };
                code.ok().and_then(char::from_u32)?
            }
        };
        Some((letter, after))
    });
    let (letter, after) = known.unwrap_or(('&', &rest[1..]));
    text.push(letter);
    after
}

/// CDATA is taken as it is; comments and instructions are dropped.
fn decode_markup<'a>(rest: &'a str, text: &mut String) -> &'a str {
    if let Some(data) = rest.strip_prefix("<![CDATA[") {
        let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
        text.push_str(&data.replace("\r\n", "\n"));
        return after;
    }
    let end = if rest.starts_with("<!--") { "-->" } else { ">" };
    rest.split_once(end).map_or("", |(_, after)| after)
}

#[cfg(test)]
mod tests;
