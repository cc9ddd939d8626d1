//! From types of an analysis to shapes, as they are at some place of the text.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::flow::analysis::Analysis;
use crate::flow::names::name_key;
use crate::flow::objects::{Object, ObjectKind, StateId};
use crate::flow::syntax_text::literal_text;
use crate::flow::types::{NameId, ObjectId, TextPart, Type, TypeId, is_same_type_name};
use crate::query::QueryShape;
use crate::shape::{Field, Shape};

/// Structures in structures.
const MAX_OBJECT_DEPTH: usize = 8;
/// Objects with their fields of one answer.
const MAX_SIZE: usize = 2_000;
const MAX_PARTS: usize = 8;

/// Stands in a query text for what is put in at run time.
const PLACEHOLDER: &str = "#1#";

/// Query texts that were read already.
pub(super) type Queries = FxHashMap<TypeId, Option<Arc<QueryShape>>>;

struct Freezer<'b, 'a> {
    analysis: &'b mut Analysis<'a>,
    /// Objects around the current one.
    open: Vec<ObjectId>,
    done: FxHashMap<TypeId, Shape>,
    size_left: usize,
}

impl Analysis<'_> {
    /// The shape of a type where the question stands.
    pub(super) fn shape(&mut self, value: TypeId) -> Shape {
        let mut freezer =
            Freezer { analysis: self, open: Vec::new(), done: FxHashMap::default(), size_left: MAX_SIZE };
        freezer.shape(value)
    }

    /// Tables and columns of a query text.
    fn query_shape(&mut self, text: TypeId) -> Option<Arc<QueryShape>> {
        if let Some(known) = self.queries.get(&text) {
            return known.clone();
        }
        let read = self.read_text(text);
        self.queries.insert(text, read.clone());
        read
    }

    fn read_text(&self, value: TypeId) -> Option<Arc<QueryShape>> {
        let (all, is_open) = self.types.parts(value);
        let mut texts = all.iter().filter_map(|part| match self.types.get(*part) {
            Type::Text { parts, is_template } => Some((parts, *is_template)),
            _ => None,
        });
        let (parts, is_template) = texts.next()?;
        let is_template = is_template || is_open || all.len() > 1;
        let mut text = String::new();
        for part in parts {
            match part {
                TextPart::Literal(node) => text.push_str(&literal_text(self.source, *node)),
                TextPart::Hole => text.push_str(PLACEHOLDER),
            }
        }
        let query = (self.scope.read_query)(&text)?;
        if !is_template || query.is_template {
            return Some(query);
        }
        let mut query = Arc::unwrap_or_clone(query);
        query.is_template = true;
        Some(Arc::new(query))
    }
}

impl Freezer<'_, '_> {
    fn shape(&mut self, value: TypeId) -> Shape {
        if let Some(known) = self.done.get(&value) {
            return known.clone();
        }
        match self.analysis.types.get(value).clone() {
            Type::Unassigned | Type::Unknown => Shape::Unknown,
            Type::Named(name) => Shape::Named(self.name(name)),
            Type::Text { .. } => self.shape(TypeId::STRING),
            Type::Union { parts, is_open } => {
                let parts = parts.iter().map(|part| self.shape(*part)).collect();
                union(parts, is_open)
            }
            Type::Collection { name, element } => {
                let (name, element) = (self.name(name), self.shape(element));
                collection(name, element)
            }
            Type::Object(id) => {
                let shape = self.object(id);
                self.done.insert(value, shape.clone());
                shape
            }
            Type::Query(text) => Shape::Query(self.analysis.query_shape(text)),
            Type::Global(name) => Shape::Global(self.name(name)),
            Type::Member(of, name) => self.of_known(of, |of, this| Shape::Member(of, this.name(name))),
            Type::Call { receiver, method, literal } => self.of_known(receiver, |receiver, this| {
                Shape::Call { receiver, method: this.name(method), literal: this.literal(literal) }
            }),
            Type::GlobalCall { function, literal } => {
                Shape::GlobalCall { function: self.name(function), literal: self.literal(literal) }
            }
            Type::Element(of) => self.of_known(of, |of, _| Shape::Element(of)),
            Type::Index(of, key) => self.of_known(of, |of, this| Shape::Index { of, key: this.name(key) }),
            Type::Description(of) => Shape::TypeValue(Arc::new(self.shape(of))),
            Type::Given(index) => self.analysis.types.given(index).clone(),
        }
    }

    /// What comes from something unknown is unknown.
    fn of_known(&mut self, of: TypeId, make: impl FnOnce(Arc<Shape>, &Self) -> Shape) -> Shape {
        match self.shape(of) {
            Shape::Unknown => Shape::Unknown,
            known => make(Arc::new(known), self),
        }
    }

    fn name(&self, name: NameId) -> SmolStr {
        self.analysis.types.name(name).clone()
    }

    fn literal(&self, name: NameId) -> Option<SmolStr> {
        (name != NameId::EMPTY).then(|| self.name(name))
    }

    fn object(&mut self, id: ObjectId) -> Shape {
        let object = self.analysis.object(id);
        let name = self.name(object.name);
        if self.open.len() >= MAX_OBJECT_DEPTH || self.open.contains(&id) || self.size_left == 0 {
            return match object.kind {
                ObjectKind::Extended => Shape::Unknown,
                _ => Shape::Named(name),
            };
        }
        self.open.push(id);
        let state = self.analysis.state_of(id);
        let size = 1 + self.analysis.states.get(state).fields.len();
        self.size_left = self.size_left.saturating_sub(size);
        let shape = self.contents(object, name, state);
        self.open.pop();
        shape
    }

    fn contents(&mut self, object: Object, name: SmolStr, state: StateId) -> Shape {
        match object.kind {
            ObjectKind::Structure => Shape::Structure { name, fields: self.fields(state) },
            ObjectKind::Table => Shape::Table { name, columns: self.fields(state) },
            ObjectKind::Extended => {
                let base = Arc::new(self.shape(object.base));
                Shape::Extended { base, fields: self.fields(state) }
            }
            ObjectKind::Map | ObjectKind::Array | ObjectKind::List => {
                let element = self.analysis.states.get(state).element;
                let element = element.map_or(Shape::Unknown, |element| self.shape(element));
                collection(name, element)
            }
            ObjectKind::Query => {
                let text = self.analysis.states.get(state).text;
                Shape::Query(text.and_then(|text| self.analysis.query_shape(text)))
            }
        }
    }

    fn fields(&mut self, state: StateId) -> Arc<[Field]> {
        let fields = self.analysis.states.get(state).fields.clone();
        let field = |field: crate::flow::objects::FieldState| Field {
            name: self.name(field.name),
            shape: self.shape(field.value),
            description: self.name(field.description),
            offset: field.offset,
        };
        fields.into_iter().map(field).collect()
    }
}

fn collection(name: SmolStr, element: Shape) -> Shape {
    match element {
        Shape::Unknown => Shape::Named(name),
        element => Shape::Collection { name, element: Arc::new(element) },
    }
}

/// One of several shapes.
pub(super) fn union(shapes: Vec<Shape>, mut is_open: bool) -> Shape {
    let mut parts: Vec<Shape> = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Unknown => is_open = true,
            Shape::Union { parts: inner, is_open: is_inner_open } => {
                is_open |= is_inner_open;
                inner.iter().for_each(|part| add_part(&mut parts, part.clone()));
            }
            shape => add_part(&mut parts, shape),
        }
    }
    if parts.len() > MAX_PARTS {
        parts.truncate(MAX_PARTS);
        is_open = true;
    }
    match (parts.len(), is_open) {
        (0, _) => Shape::Unknown,
        (1, false) => parts.swap_remove(0),
        _ => Shape::Union { parts: parts.into(), is_open },
    }
}

fn add_part(parts: &mut Vec<Shape>, part: Shape) {
    let is_known = parts.iter().any(|known| match (known, &part) {
        (Shape::Named(known), Shape::Named(part)) => is_same_type_name(known, part),
        (
            Shape::Structure { name: known, fields: known_fields },
            Shape::Structure { name: part, fields: part_fields },
        ) => name_key(known) == name_key(part) && known_fields == part_fields,
        _ => *known == part,
    });
    if !is_known {
        parts.push(part);
    }
}
