//! An answer as a tree of names and texts, whether it came as XML or as JSON. Namespaces do not count: local names and
//! the path tell everything.

use metadata::xml::{Element, XmlFile};
use serde_json::Value;

const MAX_NODES: usize = 2_000_000;
const MAX_DEPTH: usize = 64;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// Local name of the type that the sender wrote down.
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// Numbers may have fractions and exponents.
    pub(crate) fn number(&self, name: &str) -> f64 {
        let number: f64 = self.text_of(name).parse().unwrap_or(0.0);
        if number.is_finite() && number > 0.0 { number } else { 0.0 }
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.text_of(name), "true" | "1")
    }

    /// What is read of an XML text; garbage behind the root is left alone.
    pub(crate) fn of_xml(text: String) -> Option<Self> {
        let (file, _) = XmlFile::parse(text);
        let mut left = MAX_NODES;
        of_element(file.root()?, &mut left, 0)
    }

    /// The JSON variant: types of the elements of `name` stand in `#name`.
    pub(crate) fn of_json(text: &str) -> Option<Self> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let mut left = MAX_NODES;
        let root = of_value("", &value, "", &mut left, 0)?;
        // The outermost object has one key, the name of the root element.
        match root.children.len() {
            1 => root.children.into_iter().next(),
            _ => Some(root),
        }
    }
}

fn of_element(element: Element<'_>, left: &mut usize, depth: usize) -> Option<Node> {
    *left = left.checked_sub(1)?;
    let kind = element.attribute("type").unwrap_or_default();
    let mut node = Node {
        name: element.name().to_owned(),
        kind: local_name(&kind).to_owned(),
        text: element.text().into_owned(),
        children: Vec::new(),
    };
    if depth < MAX_DEPTH {
        for child in element.children() {
            node.children.push(of_element(child, left, depth + 1)?);
        }
    }
    Some(node)
}

fn of_value(name: &str, value: &Value, kind: &str, left: &mut usize, depth: usize) -> Option<Node> {
    *left = left.checked_sub(1)?;
    let mut node = Node { name: name.to_owned(), kind: local_name(kind).to_owned(), ..Node::default() };
    match value {
        Value::Object(fields) if depth < MAX_DEPTH => {
            for (key, value) in fields.iter().filter(|(key, _)| !key.starts_with('#')) {
                let kinds = fields.get(&format!("#{key}"));
                let kind = |index: usize| match kinds {
                    Some(Value::Array(kinds)) => kinds.get(index).and_then(Value::as_str).unwrap_or_default(),
                    Some(Value::String(kind)) => kind,
                    _ => "",
                };
                match value {
                    Value::Array(items) => {
                        for (index, item) in items.iter().enumerate() {
                            node.children.push(of_value(key, item, kind(index), left, depth + 1)?);
                        }
                    }
                    single => node.children.push(of_value(key, single, kind(0), left, depth + 1)?),
                }
            }
        }
        Value::String(text) => node.text.clone_from(text),
        Value::Number(number) => node.text = number.to_string(),
        Value::Bool(is_true) => node.text = is_true.to_string(),
        _ => {}
    }
    Some(node)
}

/// `c:DBGUIExtCmdInfoMeasure`, `{namespace}DBGUIExtCmdInfoMeasure`.
fn local_name(kind: &str) -> &str {
    kind.rsplit([':', '}']).next().unwrap_or_default()
}
