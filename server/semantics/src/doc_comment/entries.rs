//! Entries of a section: parameters or the returned value, with fields below them.

use base::TextRange;
use smol_str::SmolStr;

use crate::doc_comment::lines::Line;
use crate::doc_comment::types::{
    TypeNode, Types, container_in_prose, identifier_length, is_dash, parse_types, shape_of,
};
use crate::doc_comment::{DocParameter, DocReturn, append};
use crate::shape::{Field, Shape, union};

/// Fields of fields of fields.
const MAX_LEVEL: usize = 8;

/// Longer lists of types are cut.
const MAX_TYPES: usize = 100;

/// How much deeper than the first a line may start that names a parameter; text that goes on starts deeper.
const INDENT_TOLERANCE: u32 = 3;

#[derive(Default)]
struct Entry {
    name: SmolStr,
    range: TextRange,
    indent: u32,
    /// Column of the dash behind the name; further types stand below it.
    dash: u32,
    types: Vec<TypeNode>,
    is_continued: bool,
    description: String,
    /// Fields with the number of types that stood there before them: they belong to the last of these.
    fields: Vec<(usize, Entry)>,
}

#[derive(Default)]
pub(super) struct EntryList {
    entries: Vec<Entry>,
    /// Indent of the first line.
    indent: Option<u32>,
}

impl EntryList {
    pub(super) fn parameter_line(&mut self, line: Line<'_>) {
        if line.text.is_empty() || self.field_or_type(line) {
            return;
        }
        let indent = *self.indent.get_or_insert(line.indent);
        let entry = named_entry(line).filter(|entry| {
            let tolerance = if entry.types.is_empty() { 0 } else { INDENT_TOLERANCE };
            line.indent <= indent + tolerance
        });
        match entry {
            Some(entry) => self.entries.push(entry),
            None => self.continued(line),
        }
    }

    pub(super) fn return_line(&mut self, line: Line<'_>) {
        if line.text.is_empty() {
            return;
        }
        if self.entries.is_empty() {
            self.entries.push(Entry::default());
        }
        if self.field_or_type(line) {
            return;
        }
        let indent = *self.indent.get_or_insert(line.indent);
        let types = parse_types(line.text).filter(|_| line.indent <= indent);
        let Some(entry) = self.entries.first_mut() else { return };
        if let Some(types) = types {
            entry.add(types);
        } else if let Some(container) = container_in_prose(line.text).filter(|_| entry.types.is_empty()) {
            entry.types.push(container);
            append(&mut entry.description, line.text);
        } else {
            self.continued(line);
        }
    }

    /// Takes lines that start with stars or a dash.
    fn field_or_type(&mut self, line: Line<'_>) -> bool {
        let stars = line.text.bytes().take_while(|byte| *byte == b'*').count();
        if stars > 0 {
            return self.field(stars, line);
        }
        let Some(dash) = line.text.chars().next().filter(|first| is_dash(*first)) else { return false };
        let Some(types) = parse_types(line.text[dash.len_utf8()..].trim_start()) else { return false };
        let Some(entry) = self.owner_of_type(line.indent) else { return false };
        entry.add(types);
        true
    }

    fn field(&mut self, stars: usize, line: Line<'_>) -> bool {
        let Some(mut entry) = named_entry(line.from(stars)) else { return false };
        entry.indent = line.indent;
        let Some(mut owner) = self.entries.last_mut() else { return false };
        for _ in 1..stars.min(MAX_LEVEL) {
            if owner.fields.is_empty() {
                break;
            }
            let last = owner.fields.len() - 1;
            owner = &mut owner.fields[last].1;
        }
        owner.fields.push((owner.types.len(), entry));
        true
    }

    /// The entry that a type in a line of its own belongs to: the dashes stand below each other, or the deepest of
    /// the last entries that starts before the column.
    fn owner_of_type(&mut self, column: u32) -> Option<&mut Entry> {
        let mut level = 0;
        let mut aligned = None;
        let mut entry = self.entries.last()?;
        loop {
            if entry.dash == column {
                aligned = Some(level);
            }
            match entry.fields.last() {
                Some((_, field)) if field.indent < column => entry = field,
                _ => break,
            }
            level += 1;
        }
        let mut owner = self.entries.last_mut()?;
        for _ in 0..aligned.unwrap_or(level) {
            owner = &mut owner.fields.last_mut()?.1;
        }
        Some(owner)
    }

    /// Text or types that go on from the line before.
    fn continued(&mut self, line: Line<'_>) {
        let Some(mut entry) = self.entries.last_mut() else { return };
        while !entry.fields.is_empty() {
            let last = entry.fields.len() - 1;
            entry = &mut entry.fields[last].1;
        }
        let types = if entry.is_continued { parse_types(line.text) } else { None };
        entry.is_continued = false;
        match types {
            Some(types) => entry.add(types),
            None => append(&mut entry.description, line.text),
        }
    }

    pub(super) fn into_parameters(self) -> Vec<DocParameter> {
        let parameters = self.entries.into_iter().map(|entry| {
            let shape = entry.shape();
            DocParameter { name: entry.name, range: entry.range, shape, description: entry.description }
        });
        parameters.collect()
    }

    pub(super) fn take_return(&mut self) -> DocReturn {
        let Some(entry) = self.entries.pop() else { return DocReturn::default() };
        DocReturn { shape: entry.shape(), description: entry.description }
    }
}

impl Entry {
    fn add(&mut self, types: Types<'_>) {
        let room = MAX_TYPES.saturating_sub(self.types.len());
        self.types.extend(types.nodes.into_iter().take(room));
        self.is_continued = types.is_continued;
        append(&mut self.description, types.rest);
    }

    fn shape(&self) -> Shape {
        if self.types.is_empty() && !self.fields.is_empty() {
            return Shape::Unknown;
        }
        let shapes = self.types.iter().enumerate().map(|(index, node)| {
            let own = self.fields.iter().filter(|(before, _)| *before == index + 1);
            shape_of(node, own.map(|(_, field)| field.field()).collect())
        });
        union(shapes)
    }

    fn field(&self) -> Field {
        Field {
            name: self.name.clone(),
            shape: self.shape(),
            description: self.description.as_str().into(),
            offset: None,
        }
    }
}

/// `Имя - Типы - текст` or `Имя - текст`.
fn named_entry(line: Line<'_>) -> Option<Entry> {
    let length = identifier_length(line.text);
    let name = &line.text[..length];
    let behind = line.text[length..].trim_start();
    let dash = behind.chars().next().filter(|first| is_dash(*first))?;
    if length == 0 {
        return None;
    }
    let text = behind[dash.len_utf8()..].trim_start();
    let before = line.text[..line.text.len() - behind.len()].chars().count() as u32;
    let mut entry = Entry {
        name: name.into(),
        range: line.range(0..length),
        indent: line.indent,
        dash: line.indent + before,
        ..Entry::default()
    };
    match parse_types(text) {
        Some(types) => entry.add(types),
        None => {
            entry.types.extend(container_in_prose(text));
            entry.description = text.to_owned();
        }
    }
    Some(entry)
}
