//! Type expressions: `Строка, Число`, `Массив из СправочникСсылка.Товары`, `см. Модуль.Функция`.

use smol_str::SmolStr;

use crate::shape::{Field, Shape, union};

/// Deeper nesting is no description.
const MAX_DEPTH: usize = 8;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TypeNode {
    Named(SmolStr),
    See(SmolStr),
    /// `X из Y, Z`.
    Collection(SmolStr, Vec<TypeNode>),
}

/// Types with what stands behind them on the line.
pub(super) struct Types<'a> {
    pub nodes: Vec<TypeNode>,
    /// Behind the dash or the colon.
    pub rest: &'a str,
    /// The list goes on in the next line.
    pub is_continued: bool,
}

/// Reads the types at the start of a text; `None` if it starts with anything else.
pub(super) fn parse_types(text: &str) -> Option<Types<'_>> {
    let mut cursor = Cursor { rest: text, is_continued: false };
    let nodes = cursor.list(0)?;
    let rest = cursor.rest.trim_start();
    let rest = match rest.chars().next() {
        None => rest,
        Some(':') => rest[1..].trim_start(),
        Some('.' | ';') if rest.len() == 1 => "",
        Some(dash) if is_dash(dash) => rest[dash.len_utf8()..].trim_start(),
        Some(_) => return None,
    };
    Some(Types { nodes, rest, is_continued: cursor.is_continued })
}

pub(super) fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '–' | '—')
}

/// Length of the identifier that a text starts with.
pub(super) fn identifier_length(text: &str) -> usize {
    let is_start = text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_');
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len());
    if is_start { end } else { 0 }
}

/// Length of the names joined by dots that a text starts with.
pub(super) fn path_length(text: &str) -> usize {
    let mut end = identifier_length(text);
    while end > 0 && text[end..].starts_with('.') {
        match identifier_length(&text[end + 1..]) {
            0 => break,
            length => end += 1 + length,
        }
    }
    end
}

/// Length of `См.` or `See` with the blanks behind it.
pub(super) fn see_length(text: &str) -> Option<usize> {
    let word = ["см.", "see"].into_iter().find_map(|word| {
        let start = text.get(..word.len())?;
        base::same_name(start, word).then_some(word.len())
    })?;
    let blanks = text[word..].len() - text[word..].trim_start().len();
    (blanks > 0 || text[..word].ends_with('.')).then_some(word + blanks)
}

struct Cursor<'a> {
    rest: &'a str,
    is_continued: bool,
}

impl Cursor<'_> {
    fn list(&mut self, depth: usize) -> Option<Vec<TypeNode>> {
        let mut nodes = vec![self.node(depth)?];
        loop {
            let Some(behind) = self.rest.trim_start().strip_prefix(',') else { return Some(nodes) };
            self.rest = behind.trim_start();
            if self.rest.is_empty() {
                self.is_continued = true;
                return Some(nodes);
            }
            nodes.push(self.node(depth)?);
        }
    }

    fn node(&mut self, depth: usize) -> Option<TypeNode> {
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(length) = see_length(self.rest) {
            self.rest = &self.rest[length..];
            let path = self.path()?;
            self.rest = self.rest.strip_prefix("()").unwrap_or(self.rest);
            return Some(TypeNode::See(path));
        }
        let name = self.path()?;
        let behind = self.rest.trim_start();
        let word = &behind[..identifier_length(behind)];
        if !["из", "of"].iter().any(|of| base::same_name(word, of)) {
            return Some(TypeNode::Named(name));
        }
        self.rest = behind[word.len()..].trim_start();
        Some(TypeNode::Collection(name, self.list(depth + 1)?))
    }

    /// Types start with capital letters, words of prose do not.
    fn path(&mut self) -> Option<SmolStr> {
        let length = path_length(self.rest);
        let (path, rest) = self.rest.split_at(length);
        path.chars().next().filter(|first| first.is_uppercase())?;
        if is_one_of(path, &VALUES) {
            return None;
        }
        self.rest = rest;
        Some(path.into())
    }
}

const TABLES: [&str; 4] = ["ТаблицаЗначений", "ДеревоЗначений", "ValueTable", "ValueTree"];
/// Prose speaks of them: `Истина - если …`.
const VALUES: [&str; 4] = ["Истина", "Ложь", "True", "False"];
const ANYTHING: [&str; 2] = ["Произвольный", "Arbitrary"];

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| base::same_name(known, name))
}

/// The shape of a type with the fields that are described below it; they belong to the innermost type.
pub(super) fn shape_of(node: &TypeNode, fields: Vec<Field>) -> Shape {
    match node {
        TypeNode::Named(name) if fields.is_empty() && is_one_of(name, &ANYTHING) => Shape::Unknown,
        TypeNode::Named(name) if fields.is_empty() => Shape::Named(name.clone()),
        TypeNode::Named(name) if is_one_of(name, &TABLES) => {
            Shape::Table { name: name.clone(), columns: fields.into() }
        }
        TypeNode::Named(name) => Shape::Structure { name: name.clone(), fields: fields.into() },
        TypeNode::See(path) => Shape::SeeReference(path.clone()),
        // Rows of a table: `ТаблицаЗначений из СтрокаТаблицыЗначений`.
        TypeNode::Collection(name, _) if is_one_of(name, &TABLES) => {
            Shape::Table { name: name.clone(), columns: fields.into() }
        }
        TypeNode::Collection(name, elements) => {
            let mut fields = Some(fields);
            let last = elements.len().saturating_sub(1);
            let shapes = elements.iter().enumerate().map(|(index, element)| {
                let own = if index == last { fields.take().unwrap_or_default() } else { Vec::new() };
                shape_of(element, own)
            });
            Shape::Collection { name: name.clone(), element: union(shapes.collect::<Vec<_>>()).into() }
        }
    }
}

/// The types that a text starts with, if a dash and more text follow.
pub(crate) fn leading_types(text: &str) -> Shape {
    let types = parse_types(text).filter(|types| !types.rest.is_empty());
    types.map_or(Shape::Unknown, |types| union(types.nodes.iter().map(|node| shape_of(node, Vec::new()))))
}

/// The types that a comment behind a statement gives, `// См. НовыеПараметры`; `Unknown` for prose.
pub(crate) fn inline_types(comment: &str) -> Shape {
    let text = comment.trim_start_matches('/').trim();
    let types = parse_types(text).filter(|types| !types.is_continued);
    types.map_or(Shape::Unknown, |types| union(types.nodes.iter().map(|node| shape_of(node, Vec::new()))))
}

/// The container at the start of prose that introduces a list of fields: `Структура с полями:`.
pub(super) fn container_in_prose(text: &str) -> Option<TypeNode> {
    const CONTAINERS: [&str; 10] = [
        "Структура",
        "ФиксированнаяСтруктура",
        "Соответствие",
        "Массив",
        "ТаблицаЗначений",
        "ДеревоЗначений",
        "Structure",
        "FixedStructure",
        "ValueTable",
        "ValueTree",
    ];
    let name = &text[..identifier_length(text)];
    (text.ends_with(':') && is_one_of(name, &CONTAINERS)).then(|| TypeNode::Named(name.into()))
}
