//! From events of quick-xml to the array of elements.

use base::TextRange;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{AttributeNode, Binding, MAX_DEPTH, Node, XmlFile};

const NO_ROOT: &str = "the file has no root element";

pub(super) fn build(text: String) -> (XmlFile, Option<(u32, String)>) {
    let mut builder = Builder { text: &text, file: XmlFile::default(), open: Vec::new(), active: Vec::new() };
    let error = builder.run();
    let mut file = builder.file;
    file.text = text;
    (file, error)
}

struct Builder<'a> {
    text: &'a str,
    file: XmlFile,
    open: Vec<Open>,
    /// Declared prefixes of the open elements, the innermost last.
    active: Vec<(&'a [u8], u32)>,
}

struct Open {
    node: u32,
    /// How many prefixes were declared outside.
    active: usize,
    default_namespace: u32,
    /// Text after a child element belongs to no one.
    is_text_over: bool,
}

impl<'a> Builder<'a> {
    fn run(&mut self) -> Option<(u32, String)> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_comments = false;
        reader.config_mut().allow_dangling_amp = true;
        let mut skipped = 0_usize;
        let mut too_deep = None;
        let mut error = loop {
            let start = reader.buffer_position() as u32;
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => break Some((reader.error_position() as u32, describe(&error))),
            };
            let end = reader.buffer_position() as u32;
            match event {
                Event::Start(_) if skipped > 0 || self.open.len() >= MAX_DEPTH => {
                    skipped += 1;
                    too_deep.get_or_insert(start);
                }
                Event::End(_) if skipped > 0 => skipped -= 1,
                Event::Eof => break self.unclosed(end),
                _ if skipped > 0 => {}
                Event::Start(tag) => {
                    if self.is_after_root() {
                        break Some((start, "there is something after the root element".to_owned()));
                    }
                    self.start(&tag, start);
                }
                Event::Empty(tag) => {
                    if self.is_after_root() {
                        break Some((start, "there is something after the root element".to_owned()));
                    }
                    self.start(&tag, start);
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => self.add_text(start, end),
                _ => {}
            }
        };
        while !self.open.is_empty() {
            self.end();
        }
        error = error.or_else(|| self.file.nodes.is_empty().then(|| (0, NO_ROOT.to_owned())));
        error.or_else(|| {
            too_deep.map(|start| (start, format!("elements nest deeper than {MAX_DEPTH} levels")))
        })
    }

    fn is_after_root(&self) -> bool {
        self.open.is_empty() && !self.file.nodes.is_empty()
    }

    fn unclosed(&self, end: u32) -> Option<(u32, String)> {
        let open = self.open.last()?;
        let name = self.file.nodes.get(open.node as usize).map_or("", |node| node.name.slice(self.text));
        Some((end, format!("the file ends inside element {name}")))
    }

    fn start(&mut self, tag: &BytesStart<'a>, start: u32) {
        let node = self.file.nodes.len() as u32;
        let outer = self.open.last_mut();
        let parent = outer.as_ref().map_or(0, |open| open.node);
        let default_namespace = outer.as_ref().map_or(0, |open| open.default_namespace);
        if let Some(outer) = outer {
            outer.is_text_over = true;
        }
        let attributes = self.file.attributes.len() as u32;
        let mut open = Open { node, active: self.active.len(), default_namespace, is_text_over: false };
        self.read_attributes(tag, start, &mut open);
        let name_start = start + 1;
        let name_end = name_start + tag.name().as_ref().len() as u32;
        let (prefix, name) = split_prefix(self.text, TextRange::new(name_start, name_end));
        let namespace =
            if prefix.is_empty() { open.default_namespace } else { self.resolve(prefix.slice(self.text)) };
        self.file.nodes.push(Node {
            name,
            start,
            text: TextRange::empty(name_end),
            namespace,
            parent,
            end: node + 1,
            attributes,
            is_plain: true,
        });
        self.open.push(open);
    }

    /// Attributes are cut here and not by the library, which does not tell their places.
    fn read_attributes(&mut self, tag: &BytesStart<'a>, start: u32, open: &mut Open) {
        let bytes = self.text.as_bytes();
        let mut at = start as usize + 1 + tag.name().as_ref().len();
        let end = start as usize + 1 + tag.len();
        while let Some((name, value)) = next_attribute(bytes, at, end) {
            at = value.end as usize + 1;
            let (prefix, name) = split_prefix(self.text, name);
            if prefix.is_empty() && name.slice(self.text) == "xmlns" {
                open.default_namespace = self.intern(value);
                self.file.bindings.push(Binding { node: open.node, prefix, uri: open.default_namespace });
            } else if prefix.slice(self.text) == "xmlns" {
                let uri = self.intern(value);
                self.active.push((name.slice(self.text).as_bytes(), uri));
                self.file.bindings.push(Binding { node: open.node, prefix: name, uri });
            } else {
                self.file.attributes.push(AttributeNode { prefix, name, value });
            }
        }
    }

    /// Files declare a couple of dozen addresses; a search among them costs less than a table.
    fn intern(&mut self, value: TextRange) -> u32 {
        if value.is_empty() {
            return 0;
        }
        let uri = value.slice(self.text);
        let known = self.file.uris.iter().take(64).position(|range| range.slice(self.text) == uri);
        let index = known.unwrap_or_else(|| {
            self.file.uris.push(value);
            self.file.uris.len() - 1
        });
        index as u32 + 1
    }

    fn resolve(&self, prefix: &str) -> u32 {
        let found = self.active.iter().rev().find(|(name, _)| *name == prefix.as_bytes());
        found.map_or(0, |(_, uri)| *uri)
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.active.truncate(open.active);
        let end = self.file.nodes.len() as u32;
        if let Some(node) = self.file.nodes.get_mut(open.node as usize) {
            node.end = end;
        }
    }

    fn add_text(&mut self, start: u32, end: u32) {
        let Some(open) = self.open.last().filter(|open| !open.is_text_over) else { return };
        let Some(node) = self.file.nodes.get_mut(open.node as usize) else { return };
        let raw = TextRange::new(start, end).slice(self.text);
        if node.text.is_empty() {
            if raw.trim_ascii_start().is_empty() {
                return;
            }
            node.text = TextRange::new(start, end);
        } else {
            node.is_plain = false;
            node.text.end = end;
        }
        node.is_plain &= !raw.contains(['&', '\r', '<']);
    }
}

fn split_prefix(text: &str, name: TextRange) -> (TextRange, TextRange) {
    match name.slice(text).find(':') {
        Some(colon) => {
            let colon = name.start + colon as u32;
            (TextRange::new(name.start, colon), TextRange::new(colon + 1, name.end))
        }
        None => (TextRange::empty(name.start), name),
    }
}

/// Name and value of the first attribute of `bytes[at..end]`.
fn next_attribute(bytes: &[u8], at: usize, end: usize) -> Option<(TextRange, TextRange)> {
    let tag = bytes.get(..end)?;
    let skip = |from: usize, stop: fn(&u8) -> bool| {
        tag.get(from..)?.iter().position(stop).map(|length| from + length)
    };
    let start = skip(at, |byte| !byte.is_ascii_whitespace())?;
    let name_end = skip(start, |byte| byte.is_ascii_whitespace() || *byte == b'=')?;
    let quote = skip(name_end, |byte| matches!(byte, b'"' | b'\''))?;
    let value_start = quote + 1;
    let length = tag.get(value_start..)?.iter().position(|byte| *byte == tag[quote])?;
    let name = TextRange::from(start..name_end);
    Some((name, TextRange::from(value_start..value_start + length)))
}

fn describe(error: &quick_xml::Error) -> String {
    let text = error.to_string();
    format!("broken XML: {text}")
}
