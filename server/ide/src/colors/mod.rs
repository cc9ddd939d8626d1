//! Colours that code names, `Новый Цвет(255, 0, 0)` and `WebЦвета.Красный`, and how to write another colour.

mod web_colors;

use base::{CancelToken, TextRange, same_name};
use syntax::{Document, NodeId, NodeKind, Role};

use self::web_colors::WEB_COLORS;
use crate::code::Code;
use crate::script::Script;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentColor {
    pub range: TextRange,
    pub color: Color,
}

impl Color {
    fn from_number(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self { red, green, blue }
    }
}

/// Colours of a module, sorted by position.
pub fn document_colors(document: &Document, token: &CancelToken) -> Vec<DocumentColor> {
    let code = Code::new(document);
    let mut colors = Vec::new();
    for (id, node) in code.tree().nodes() {
        let color = match node.kind {
            NodeKind::New => constructed(&code, id),
            NodeKind::Member => named(&code, id),
            _ => continue,
        };
        if token.is_cancelled() {
            return Vec::new();
        }
        colors.extend(color.map(|color| DocumentColor { range: code.tree().range(id), color }));
    }
    colors
}

/// Ways to write a colour in the place of another one, the best first.
pub fn color_presentations(document: &Document, range: TextRange, color: Color) -> Vec<String> {
    let old = document.slice(range);
    // The word before the dot or the parenthesis: `WebЦвета` is half Latin.
    let script = Script::of_word(&old);
    let constructor = script.pick("Новый Цвет", "New Color");
    let constructed = format!("{constructor}({}, {}, {})", color.red, color.green, color.blue);
    let collection = script.pick("WebЦвета", "WebColors");
    let same = WEB_COLORS.iter().filter(|(_, _, number)| Color::from_number(*number) == color);
    let named = same.map(|(russian, english, _)| format!("{collection}.{}", script.pick(russian, english)));
    std::iter::once(constructed).chain(named).collect()
}

/// Three numbers from 0 to 255.
fn constructed(code: &Code<'_>, node: NodeId) -> Option<Color> {
    let tree = code.tree();
    let name = code.source().node_text(tree.child(node, Role::Type)?);
    if !["Цвет", "Color"].iter().any(|known| same_name(known, name)) {
        return None;
    }
    let mut parts = tree.children(tree.child(node, Role::Arguments)?);
    let mut next = || code.source().node_text(parts.next()?).parse::<u8>().ok();
    let color = Color { red: next()?, green: next()?, blue: next()? };
    parts.next().is_none().then_some(color)
}

fn named(code: &Code<'_>, node: NodeId) -> Option<Color> {
    let tree = code.tree();
    let object = tree.child(node, Role::Object).filter(|object| tree.kind(*object) == NodeKind::Name)?;
    let object = code.source().node_text(object);
    if !["WebЦвета", "WebColors"].iter().any(|known| same_name(known, object)) {
        return None;
    }
    let name = code.source().node_text(tree.child(node, Role::Property)?);
    let is_named =
        |(russian, english, _): &&(&str, &str, u32)| same_name(russian, name) || same_name(english, name);
    WEB_COLORS.iter().find(is_named).map(|(_, _, number)| Color::from_number(*number))
}
