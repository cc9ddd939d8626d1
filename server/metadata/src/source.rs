//! The two layouts seen as one: where an object of either keeps its properties, its lists and its children. The
//! Designer nests them in `Properties` and `ChildObjects`; EDT writes them side by side in lower camel case.

use std::path::Path;

use base::TextRange;
use smol_str::SmolStr;

use crate::model::{Layout, Synonym};
use crate::type_reader::read_types;
use crate::types::TypeDescription;
use crate::xml::Element;

/// An object or a part of it, such as an attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) layout: Layout,
    element: Element<'a>,
    /// Where the properties stand; the element itself in EDT.
    properties: Option<Element<'a>>,
    children: Option<Element<'a>>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(element: Element<'a>, layout: Layout) -> Self {
        let (properties, children) = match layout {
            Layout::Designer => (element.child("Properties"), element.child("ChildObjects")),
            Layout::Edt => (Some(element), Some(element)),
        };
        Self { layout, element, properties, children }
    }

    /// The object that a file describes.
    pub(crate) fn of_root(root: Element<'a>, layout: Layout) -> Option<Self> {
        let object = match layout {
            Layout::Designer if root.name() == "MetaDataObject" => root.children().next()?,
            Layout::Designer => return None,
            Layout::Edt => root,
        };
        Some(Self::new(object, layout))
    }

    pub(crate) fn element(self) -> Element<'a> {
        self.element
    }

    /// A property by its Designer name. EDT spells abbreviations in its own ways (`rootURL`, `httpMethod`), so case is
    /// not compared.
    pub(crate) fn property(self, name: &str) -> Option<Element<'a>> {
        self.properties?.children().find(|child| child.name().eq_ignore_ascii_case(name))
    }

    pub(crate) fn text(self, name: &str) -> SmolStr {
        self.property(name).map(|element| element.trimmed().into()).unwrap_or_default()
    }

    /// A text with the place it stands at.
    pub(crate) fn text_with_range(self, name: &str) -> (SmolStr, TextRange) {
        let found = self.property(name);
        found.map(|element| (element.trimmed().into(), element.text_range())).unwrap_or_default()
    }

    /// The text, or the value that EDT leaves out.
    pub(crate) fn text_or(self, name: &str, default: &'static str) -> SmolStr {
        let text = self.text(name);
        if text.is_empty() { SmolStr::new_static(default) } else { text }
    }

    pub(crate) fn is(self, name: &str) -> bool {
        self.property(name).is_some_and(Element::is_true)
    }

    pub(crate) fn number(self, name: &str) -> u32 {
        self.property(name).and_then(|element| element.trimmed().parse().ok()).unwrap_or_default()
    }

    pub(crate) fn types(self, name: &str) -> TypeDescription {
        self.property(name).map(|element| read_types(element, self.layout)).unwrap_or_default()
    }

    pub(crate) fn uuid(self) -> SmolStr {
        self.element.attribute("uuid").map(Into::into).unwrap_or_default()
    }

    pub(crate) fn synonym(self) -> Synonym {
        let name = match self.layout {
            Layout::Designer => "Synonym",
            Layout::Edt => "synonym",
        };
        self.properties.map(|properties| read_texts(properties, name, self.layout)).unwrap_or_default()
    }

    /// Elements of a list property: items inside one element, or one element repeated.
    pub(crate) fn items(self, name: &str) -> Vec<Element<'a>> {
        match self.layout {
            Layout::Designer => self.property(name).map(|list| list.children().collect()).unwrap_or_default(),
            Layout::Edt => {
                let Some(properties) = self.properties else { return Vec::new() };
                properties.children().filter(|child| child.name().eq_ignore_ascii_case(name)).collect()
            }
        }
    }

    /// Texts of a list property; empty ones are left out.
    pub(crate) fn texts(self, name: &str) -> Vec<SmolStr> {
        let texts = self.items(name).into_iter().map(|item| item.trimmed());
        texts.filter(|text| !text.is_empty()).map(Into::into).collect()
    }

    /// Parts such as attributes by both of their names.
    pub(crate) fn parts(self, designer: &'static str, edt: &'static str) -> impl Iterator<Item = Source<'a>> {
        let name = match self.layout {
            Layout::Designer => designer,
            Layout::Edt => edt,
        };
        let children = self.children.into_iter().flat_map(move |children| children.children_named(name));
        children.map(move |child| Self::new(child, self.layout))
    }

    /// Names of parts that may stand as a mere name or with all their properties. Full names lose their kinds.
    pub(crate) fn part_names(self, designer: &'static str, edt: &'static str) -> Vec<SmolStr> {
        let name = |part: Source<'_>| {
            let name = part.text("Name");
            let name = if name.is_empty() { part.element.trimmed().into() } else { name };
            SmolStr::from(name.rsplit('.').next().unwrap_or_default())
        };
        self.parts(designer, edt).map(name).filter(|name| !name.is_empty()).collect()
    }
}

/// Texts in several languages: `name` inside `parent`.
pub fn read_texts(parent: Element<'_>, name: &str, layout: Layout) -> Synonym {
    let pair = |item: Element<'_>, language: &str, text: &str| {
        (SmolStr::from(item.child_text(language)), SmolStr::from(item.child_text(text)))
    };
    match layout {
        Layout::Designer => {
            let items = parent.child(name).into_iter().flat_map(|list| list.children_named("item"));
            items.map(|item| pair(item, "lang", "content")).collect()
        }
        Layout::Edt => parent.children_named(name).map(|item| pair(item, "key", "value")).collect(),
    }
}

/// Name of the object that a file of the given path describes, for files that do not say it.
pub(crate) fn name_from_path(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}
