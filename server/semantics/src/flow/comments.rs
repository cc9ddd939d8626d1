//! Types that comments behind statements give: `Данные = Объект.Получить(); // См. НовыеДанные`.

use syntax::TokenKind;

use crate::doc_comment::inline_types;
use crate::flow::analysis::Analysis;
use crate::flow::names::word;
use crate::flow::objects::ObjectKind;
use crate::flow::types::{Type, TypeId};
use crate::shape::Shape;

impl Analysis<'_> {
    /// What a value is, given the comment on the line where the token before `end` stands.
    pub(super) fn with_comment(&mut self, value: TypeId, end: usize) -> TypeId {
        let Some(comment) = self.comment_behind(end) else { return value };
        if self.is_concrete(value) && self.object_of(value).is_none() {
            return value;
        }
        let shape = inline_types(comment);
        if let Some((id, object)) = self.object_of(value) {
            if let Shape::Collection { name, element } = &shape
                && matches!(object.kind, ObjectKind::Array | ObjectKind::Map | ObjectKind::List)
                && base::same_name(name, self.types.name(object.name))
            {
                let element = self.import(element, 0);
                self.change(id, |states, types, state| states.with_element(state, element, types));
            }
            return value;
        }
        if shape == Shape::Unknown || (value != TypeId::UNKNOWN && !is_surely_type(&shape)) {
            return value;
        }
        self.import(&shape, 0)
    }

    fn comment_behind(&self, end: usize) -> Option<&str> {
        let tokens = self.tree.tokens();
        let line = tokens.get(end.checked_sub(1)?)?.line;
        let is_end = |kind| matches!(kind, TokenKind::Semicolon | TokenKind::Do);
        let comment = tokens[end..].iter().find(|token| !is_end(token.kind))?;
        let is_comment = comment.kind == TokenKind::Comment && comment.line == line;
        is_comment.then(|| self.source.token_text(comment))
    }

    /// The code itself says what the value is.
    fn is_concrete(&self, value: TypeId) -> bool {
        match self.types.get(value) {
            Type::Unknown
            | Type::Unassigned
            | Type::Global(_)
            | Type::Member(..)
            | Type::Call { .. }
            | Type::GlobalCall { .. }
            | Type::Element(_)
            | Type::Index(..)
            | Type::Given(_) => false,
            Type::Union { parts, is_open } => {
                !is_open && parts.iter().all(|part| *part != TypeId::UNDEFINED && self.is_concrete(*part))
            }
            _ => true,
        }
    }
}

/// Any comment may be a single word that looks like a type.
fn is_surely_type(shape: &Shape) -> bool {
    match shape {
        Shape::Named(name) => name.contains('.') || word(name).is_some(),
        Shape::Union { parts, .. } => parts.iter().all(is_surely_type),
        Shape::Unknown => false,
        _ => true,
    }
}
