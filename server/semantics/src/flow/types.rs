//! Types while a method is analysed: small numbers for interned descriptions, so that equal types are equal numbers
//! and joining them is cheap. They become shapes when somebody asks.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use syntax::NodeId;

use crate::flow::names::{Word, name_key, word};
use crate::shape::Shape;

/// Parts of a union; more make it open.
const MAX_PARTS: usize = 8;
/// Literals that a variable may hold before it is just a string.
const MAX_TEXTS: usize = 4;
/// Links of a chain such as `А.Б().В`.
const MAX_DEPTH: u8 = 24;
/// Literals and unknown parts of one text.
const MAX_TEXT_PARTS: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TypeId(pub u32);

/// A name with its spelling; 0 is the empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NameId(pub u32);

/// Index of an object: a value that code changes step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ObjectId(pub u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Type {
    /// The variable has no value on this path.
    Unassigned,
    Unknown,
    Named(NameId),
    Union {
        parts: Box<[TypeId]>,
        is_open: bool,
    },
    Collection {
        name: NameId,
        element: TypeId,
    },
    Object(ObjectId),
    /// A query as it was when a method of it was called: its text.
    Query(TypeId),
    /// A string of which at least a part is known.
    Text {
        parts: Box<[TextPart]>,
        is_template: bool,
    },
    Global(NameId),
    Member(TypeId, NameId),
    Call {
        receiver: TypeId,
        method: NameId,
        literal: NameId,
    },
    GlobalCall {
        function: NameId,
        literal: NameId,
    },
    Element(TypeId),
    Index(TypeId, NameId),
    Description(TypeId),
    /// A shape from outside.
    Given(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum TextPart {
    Literal(NodeId),
    Hole,
}

impl TypeId {
    pub(super) const UNASSIGNED: Self = Self(0);
    pub(super) const UNKNOWN: Self = Self(1);
    pub(super) const STRING: Self = Self(2);
    pub(super) const NUMBER: Self = Self(3);
    pub(super) const DATE: Self = Self(4);
    pub(super) const BOOLEAN: Self = Self(5);
    pub(super) const UNDEFINED: Self = Self(6);
    pub(super) const NULL: Self = Self(7);
}

impl NameId {
    pub(super) const EMPTY: Self = Self(0);
    pub(super) const ARRAY: Self = Self(7);
}

const FIRST_NAMES: [&str; 8] = ["", "Строка", "Число", "Дата", "Булево", "Неопределено", "Null", "Массив"];

pub(super) struct Types {
    types: Vec<Type>,
    depths: Vec<u8>,
    ids: FxHashMap<Type, TypeId>,
    names: Vec<SmolStr>,
    name_ids: FxHashMap<SmolStr, NameId>,
    given: Vec<Shape>,
}

impl Types {
    pub(super) fn new() -> Self {
        let mut types = vec![Type::Unassigned, Type::Unknown];
        types.extend((1..=6).map(|name| Type::Named(NameId(name))));
        let depths = vec![0; types.len()];
        let names = FIRST_NAMES.iter().map(|name| SmolStr::new_static(name)).collect();
        Self {
            types,
            depths,
            ids: FxHashMap::default(),
            names,
            name_ids: FxHashMap::default(),
            given: Vec::new(),
        }
    }

    pub(super) fn get(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    pub(super) fn name(&self, id: NameId) -> &SmolStr {
        &self.names[id.0 as usize]
    }

    pub(super) fn name_id(&mut self, name: &str) -> NameId {
        if name.is_empty() {
            return NameId::EMPTY;
        }
        if let Some(id) = self.name_ids.get(name) {
            return *id;
        }
        let id = NameId(self.names.len() as u32);
        let name = SmolStr::new(name);
        self.names.push(name.clone());
        self.name_ids.insert(name, id);
        id
    }

    pub(super) fn given(&self, index: u32) -> &Shape {
        &self.given[index as usize]
    }

    pub(super) fn give(&mut self, shape: Shape) -> TypeId {
        self.given.push(shape);
        self.push(Type::Given(self.given.len() as u32 - 1), 1)
    }

    pub(super) fn named(&mut self, name: &str) -> TypeId {
        if let Some(index) = FIRST_NAMES[1..7].iter().position(|known| *known == name) {
            return TypeId(index as u32 + 2);
        }
        let name = self.name_id(name);
        self.intern(Type::Named(name))
    }

    /// The number of a type. Chains that grow too long are unknown.
    pub(super) fn intern(&mut self, new: Type) -> TypeId {
        let inner = match &new {
            Type::Query(inner)
            | Type::Member(inner, _)
            | Type::Element(inner)
            | Type::Index(inner, _)
            | Type::Description(inner)
            | Type::Collection { element: inner, .. }
            | Type::Call { receiver: inner, .. } => self.depths[inner.0 as usize],
            Type::Union { parts, .. } => {
                parts.iter().map(|part| self.depths[part.0 as usize]).max().unwrap_or_default()
            }
            _ => 0,
        };
        if inner >= MAX_DEPTH {
            return TypeId::UNKNOWN;
        }
        if let Some(id) = self.ids.get(&new) {
            return *id;
        }
        let id = self.push(new.clone(), inner + 1);
        self.ids.insert(new, id);
        id
    }

    fn push(&mut self, new: Type, depth: u8) -> TypeId {
        self.types.push(new);
        self.depths.push(depth);
        TypeId(self.types.len() as u32 - 1)
    }

    /// One of two types.
    pub(super) fn join(&mut self, left: TypeId, right: TypeId) -> TypeId {
        if left == right || right == TypeId::UNASSIGNED {
            return left;
        }
        if left == TypeId::UNASSIGNED {
            return right;
        }
        self.union([left, right].into_iter())
    }

    pub(super) fn union(&mut self, members: impl Iterator<Item = TypeId>) -> TypeId {
        let mut parts: Vec<TypeId> = Vec::new();
        let mut is_open = false;
        for member in members {
            match self.get(member).clone() {
                Type::Unassigned => {}
                Type::Unknown => is_open = true,
                Type::Union { parts: inner, is_open: open } => {
                    is_open |= open;
                    inner.iter().for_each(|part| self.add_part(&mut parts, *part));
                }
                _ => self.add_part(&mut parts, member),
            }
        }
        let is_text = |part: &TypeId| matches!(self.get(*part), Type::Text { .. });
        let texts = parts.iter().filter(|part| is_text(part)).count();
        if texts > MAX_TEXTS || (texts > 0 && parts.contains(&TypeId::STRING)) {
            parts.retain(|part| !is_text(part));
            self.add_part(&mut parts, TypeId::STRING);
        }
        if parts.len() > MAX_PARTS {
            parts.truncate(MAX_PARTS);
            is_open = true;
        }
        match parts.as_slice() {
            [] => TypeId::UNKNOWN,
            [only] if !is_open => *only,
            _ => self.intern(Type::Union { parts: parts.into(), is_open }),
        }
    }

    fn add_part(&self, parts: &mut Vec<TypeId>, part: TypeId) {
        if parts.iter().any(|known| *known == part || self.is_same_name(*known, part)) {
            return;
        }
        parts.push(part);
    }

    /// The same type in other words: `Строка` and `String`.
    fn is_same_name(&self, left: TypeId, right: TypeId) -> bool {
        let (Type::Named(left), Type::Named(right)) = (self.get(left), self.get(right)) else { return false };
        is_same_type_name(self.name(*left), self.name(*right))
    }

    /// Parts of a union, or the type itself; then whether more is possible.
    pub(super) fn parts(&self, id: TypeId) -> (Vec<TypeId>, bool) {
        match self.get(id) {
            Type::Unknown => (Vec::new(), true),
            Type::Unassigned => (Vec::new(), false),
            Type::Union { parts, is_open } => (parts.to_vec(), *is_open),
            _ => (vec![id], false),
        }
    }

    /// A union of the parts that a condition keeps; the type itself if it keeps none.
    pub(super) fn retain(&mut self, id: TypeId, keep: impl Fn(&Self, TypeId) -> bool) -> TypeId {
        let (parts, is_open) = self.parts(id);
        let kept: Vec<TypeId> = parts.iter().copied().filter(|part| keep(self, *part)).collect();
        if kept.len() == parts.len() || (kept.is_empty() && !is_open) {
            return id;
        }
        self.union(kept.into_iter().chain(is_open.then_some(TypeId::UNKNOWN)))
    }

    /// Two texts written together; `None` is a part that is not known.
    pub(super) fn concatenate(&mut self, left: TypeId, right: Option<TypeId>) -> TypeId {
        let Type::Text { parts, is_template } = self.get(left) else { return TypeId::STRING };
        let mut parts = parts.to_vec();
        let mut is_template = *is_template;
        match right.map(|right| self.get(right)) {
            Some(Type::Text { parts: more, is_template: other }) => {
                parts.extend_from_slice(more);
                is_template |= *other;
            }
            _ => {
                is_template = true;
                if parts.last() != Some(&TextPart::Hole) {
                    parts.push(TextPart::Hole);
                }
            }
        }
        is_template |= parts.len() > MAX_TEXT_PARTS;
        parts.truncate(MAX_TEXT_PARTS);
        self.intern(Type::Text { parts: parts.into(), is_template })
    }

    /// A known text with something unknown before it.
    pub(super) fn concatenate_behind_hole(&mut self, right: Option<TypeId>) -> TypeId {
        let hole = self.intern(Type::Text { parts: Box::new([TextPart::Hole]), is_template: true });
        self.concatenate(hole, right)
    }

    /// A text in which something was replaced.
    pub(super) fn as_template(&mut self, id: TypeId) -> TypeId {
        let (parts, _) = self.parts(id);
        let text = parts.into_iter().find_map(|part| match self.get(part) {
            Type::Text { parts, .. } => Some(parts.clone()),
            _ => None,
        });
        text.map_or(TypeId::STRING, |parts| self.intern(Type::Text { parts, is_template: true }))
    }
}

/// The same type, in either language.
pub(super) fn is_same_type_name(left: &str, right: &str) -> bool {
    left == right
        || name_key(left) == name_key(right)
        || word(left).is_some_and(|known: Word| word(right) == Some(known))
}
