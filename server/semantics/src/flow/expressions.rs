//! Types of expressions. What one module cannot tell stays symbolic.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::flow::analysis::Analysis;
use crate::flow::names::{Word, name_key, word};
use crate::flow::objects::ObjectKind;
use crate::flow::syntax_text::{argument, name_literal, operator, short_literal, without_parentheses};
use crate::flow::types::{NameId, TextPart, Type, TypeId};

/// Expressions nested deeper are unknown.
const MAX_EXPRESSION_DEPTH: u32 = 64;

impl<'a> Analysis<'a> {
    pub(super) fn eval(&mut self, node: NodeId) -> TypeId {
        if self.depth >= MAX_EXPRESSION_DEPTH {
            return TypeId::UNKNOWN;
        }
        self.depth += 1;
        let value = self.eval_kind(node);
        self.depth -= 1;
        value
    }

    fn eval_kind(&mut self, node: NodeId) -> TypeId {
        let tree = self.tree;
        match tree.kind(node) {
            NodeKind::Name => self.name_value(self.source.node_text(node)),
            NodeKind::Number => TypeId::NUMBER,
            NodeKind::Date => TypeId::DATE,
            NodeKind::Boolean => TypeId::BOOLEAN,
            NodeKind::Undefined => TypeId::UNDEFINED,
            NodeKind::Null => TypeId::NULL,
            NodeKind::String => {
                let parts = Box::new([TextPart::Literal(node)]);
                self.types.intern(Type::Text { parts, is_template: false })
            }
            NodeKind::Parenthesized => {
                let inner = without_parentheses(tree, node);
                if inner == node { TypeId::UNKNOWN } else { self.eval(inner) }
            }
            NodeKind::Await => self.eval_child(node, Role::Operand),
            NodeKind::Unary => match tree.first_token(node).map(|token| token.kind) {
                Some(TokenKind::Not) => TypeId::BOOLEAN,
                _ => TypeId::NUMBER,
            },
            NodeKind::Binary => self.eval_binary(node),
            NodeKind::Ternary => self.eval_ternary(node),
            NodeKind::New => self.eval_new(node),
            NodeKind::Member => match self.object_and_property(node) {
                Some((object, property)) => self.member(object, property),
                None => TypeId::UNKNOWN,
            },
            NodeKind::Index => self.eval_index(node),
            NodeKind::Call => self.eval_call(node),
            _ => TypeId::UNKNOWN,
        }
    }

    pub(super) fn eval_child(&mut self, node: NodeId, role: Role) -> TypeId {
        self.tree.child(node, role).map_or(TypeId::UNKNOWN, |child| self.eval(child))
    }

    /// What stands before the dot, and the name behind it.
    pub(super) fn object_and_property(&mut self, member: NodeId) -> Option<(TypeId, &'a str)> {
        let property = self.tree.child(member, Role::Property)?;
        let object = self.tree.child(member, Role::Object)?;
        let name = self.source.node_text(property);
        Some((self.eval(object), name))
    }

    /// A property of a value.
    pub(super) fn member(&mut self, object: TypeId, name: &str) -> TypeId {
        match self.types.get(object).clone() {
            Type::Unknown | Type::Unassigned | Type::Text { .. } => TypeId::UNKNOWN,
            Type::Union { parts, is_open } => {
                self.of_each(&parts, is_open, |this, part| this.member(part, name))
            }
            Type::Object(id) => {
                let kind = self.object(id).kind;
                let state = self.state_of(id);
                let known = match kind {
                    ObjectKind::Structure | ObjectKind::Extended => {
                        self.states.field(state, name_key(name)).map(|field| field.value)
                    }
                    ObjectKind::Query if word(name) == Some(Word::Text) => {
                        Some(self.states.get(state).text.unwrap_or(TypeId::STRING))
                    }
                    _ => None,
                };
                match known {
                    Some(known) => known,
                    None if kind == ObjectKind::Extended => {
                        let base = self.object(id).base;
                        self.member(base, name)
                    }
                    None => self.member_of(object, name),
                }
            }
            Type::Element(of) if word(name) == Some(Word::Parent) && self.rows_of(of).is_some() => {
                self.types.join(object, TypeId::UNDEFINED)
            }
            Type::Element(of) => {
                let known = self.member_of_element(of, name);
                known.unwrap_or_else(|| self.member_of(object, name))
            }
            _ => self.member_of(object, name),
        }
    }

    fn member_of(&mut self, object: TypeId, name: &str) -> TypeId {
        let name = self.types.name_id(name);
        if name == NameId::EMPTY {
            return TypeId::UNKNOWN;
        }
        self.types.intern(Type::Member(object, name))
    }

    /// A column of a row, or the value of a pair.
    fn member_of_element(&mut self, of: TypeId, name: &str) -> Option<TypeId> {
        let (id, object) = self.object_of(of)?;
        let state = self.state_of(id);
        match object.kind {
            ObjectKind::Table => {
                let column = self.states.field(state, name_key(name))?.value;
                (column != TypeId::UNKNOWN).then_some(column)
            }
            ObjectKind::Map | ObjectKind::List if word(name) == Some(Word::Value) => {
                self.states.get(state).element
            }
            _ => None,
        }
    }

    /// The tree or table whose rows a value holds: the tree itself, its `Строки`, and those of its rows.
    pub(super) fn rows_of(&self, value: TypeId) -> Option<TypeId> {
        let table = match *self.types.get(value) {
            Type::Object(_) => value,
            Type::Member(owner, name) if word(self.types.name(name)) == Some(Word::Rows) => {
                match *self.types.get(owner) {
                    Type::Element(of) => of,
                    _ => owner,
                }
            }
            _ => return None,
        };
        let (_, object) = self.object_of(table)?;
        (object.kind == ObjectKind::Table).then_some(table)
    }

    /// Asks every part of a union.
    pub(super) fn of_each(
        &mut self,
        parts: &[TypeId],
        is_open: bool,
        mut ask: impl FnMut(&mut Self, TypeId) -> TypeId,
    ) -> TypeId {
        let mut answers = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            if !matches!(*part, TypeId::UNDEFINED | TypeId::NULL) {
                answers.push(ask(self, *part));
            }
        }
        answers.extend(is_open.then_some(TypeId::UNKNOWN));
        self.types.union(answers.into_iter())
    }

    fn eval_index(&mut self, node: NodeId) -> TypeId {
        let object = self.eval_child(node, Role::Object);
        let key = self.tree.child(node, Role::Index).map(|index| without_parentheses(self.tree, index));
        self.element_at(object, key)
    }

    /// `X[key]`.
    fn element_at(&mut self, object: TypeId, key: Option<NodeId>) -> TypeId {
        match self.types.get(object).clone() {
            Type::Unknown | Type::Unassigned | Type::Text { .. } => TypeId::UNKNOWN,
            Type::Union { parts, is_open } => {
                self.of_each(&parts, is_open, |this, part| this.element_at(part, key))
            }
            Type::Collection { element, .. } => element,
            Type::Object(id) => self.element_of_object(id, object, key),
            _ => match self.rows_of(object) {
                Some(table) => self.types.intern(Type::Element(table)),
                None => self.symbolic_element(object, key),
            },
        }
    }

    fn element_of_object(
        &mut self,
        id: crate::flow::types::ObjectId,
        object: TypeId,
        key: Option<NodeId>,
    ) -> TypeId {
        let state = self.state_of(id);
        match self.object(id).kind {
            ObjectKind::Array | ObjectKind::Map => self.states.get(state).element.unwrap_or(TypeId::UNKNOWN),
            ObjectKind::Table | ObjectKind::List => self.types.intern(Type::Element(object)),
            ObjectKind::Structure | ObjectKind::Extended => {
                let literal = key.and_then(|key| short_literal(self.source, key));
                let known = literal.and_then(|(name, _)| self.states.field(state, name_key(name)));
                known.map_or(TypeId::UNKNOWN, |field| field.value)
            }
            ObjectKind::Query => TypeId::UNKNOWN,
        }
    }

    fn symbolic_element(&mut self, object: TypeId, key: Option<NodeId>) -> TypeId {
        let tree = self.tree;
        let key = match key.map(|key| (key, tree.kind(key))) {
            Some((key, NodeKind::Number)) => self.source.node_text(key),
            Some((key, NodeKind::String)) => name_literal(self.source, key).unwrap_or_default(),
            Some((key, _)) if self.is_last_index(key) => "-1",
            _ => "",
        };
        let key = self.types.name_id(key);
        self.types.intern(Type::Index(object, key))
    }

    /// `Х.ВГраница()`, `Х.Количество() - 1`.
    fn is_last_index(&self, key: NodeId) -> bool {
        let tree = self.tree;
        let is_call_of = |node: NodeId, wanted: Word| {
            let function = tree.child(node, Role::Function).filter(|_| tree.kind(node) == NodeKind::Call);
            let name = function.and_then(|function| tree.child(function, Role::Property));
            name.is_some_and(|name| word(self.source.node_text(name)) == Some(wanted))
        };
        if tree.kind(key) == NodeKind::Binary {
            let right = tree.child(key, Role::Right).map(|right| self.source.node_text(right));
            let left = tree.child(key, Role::Left);
            return right == Some("1")
                && operator(tree, key) == Some(TokenKind::Minus)
                && left.is_some_and(|left| is_call_of(left, Word::Count));
        }
        is_call_of(key, Word::UpperBound)
    }

    /// What `Для Каждого` gives.
    pub(super) fn element(&mut self, collection: TypeId) -> TypeId {
        match self.types.get(collection).clone() {
            Type::Unknown | Type::Unassigned | Type::Text { .. } => TypeId::UNKNOWN,
            Type::Union { parts, is_open } => self.of_each(&parts, is_open, |this, part| this.element(part)),
            Type::Collection { element, .. } => element,
            Type::Object(id) if self.object(id).kind == ObjectKind::Array => {
                let state = self.state_of(id);
                self.states.get(state).element.unwrap_or(TypeId::UNKNOWN)
            }
            _ => {
                let of = self.rows_of(collection).unwrap_or(collection);
                self.types.intern(Type::Element(of))
            }
        }
    }

    fn eval_ternary(&mut self, node: NodeId) -> TypeId {
        let tree = self.tree;
        let condition = tree.child(node, Role::Condition);
        let base = self.overrides.len();
        let mut joined = TypeId::UNASSIGNED;
        for (role, is_true) in [(Role::Consequence, true), (Role::Alternative, false)] {
            let Some(branch) = tree.child(node, role) else { continue };
            if let Some(condition) = condition {
                self.narrow(condition, is_true);
            }
            let value = self.eval(branch);
            self.overrides.truncate(base);
            joined = self.types.join(joined, value);
        }
        if joined == TypeId::UNASSIGNED { TypeId::UNKNOWN } else { joined }
    }

    // ---- operators

    fn eval_binary(&mut self, node: NodeId) -> TypeId {
        match operator(self.tree, node) {
            Some(TokenKind::Star | TokenKind::Slash | TokenKind::Percent) => TypeId::NUMBER,
            Some(TokenKind::Plus | TokenKind::Minus) => self.eval_sum(node),
            _ => TypeId::BOOLEAN,
        }
    }

    /// Sums of strings have hundreds of operands, so they are no recursion.
    fn eval_sum(&mut self, node: NodeId) -> TypeId {
        let tree = self.tree;
        let mut operands = Vec::new();
        let mut first = node;
        while tree.kind(first) == NodeKind::Binary {
            let sign = operator(tree, first);
            let is_sum = matches!(sign, Some(TokenKind::Plus | TokenKind::Minus));
            let Some(left) = tree.child(first, Role::Left).filter(|_| is_sum) else { break };
            operands.push((sign == Some(TokenKind::Plus), tree.child(first, Role::Right)));
            first = left;
        }
        let mut sum = self.eval(first);
        for (is_plus, right) in operands.into_iter().rev() {
            let right = right.map_or(TypeId::UNKNOWN, |right| self.eval(right));
            sum = self.sum(sum, is_plus, right);
        }
        sum
    }

    fn sum(&mut self, left: TypeId, is_plus: bool, right: TypeId) -> TypeId {
        let (left_kind, right_kind) = (self.primitive(left), self.primitive(right));
        match (left_kind, right_kind) {
            (TypeId::STRING, _) if is_plus => {
                let (left, right) = (self.as_text(left), self.as_text(right));
                match (left, right) {
                    (Some(left), right) => self.types.concatenate(left, right),
                    (None, Some(_)) => self.types.concatenate_behind_hole(right),
                    (None, None) => TypeId::STRING,
                }
            }
            (TypeId::DATE, TypeId::DATE) if !is_plus => TypeId::NUMBER,
            (TypeId::DATE, _) if is_plus || right_kind == TypeId::NUMBER => TypeId::DATE,
            (TypeId::NUMBER, _) => TypeId::NUMBER,
            (_, TypeId::STRING) if is_plus => TypeId::STRING,
            (_, TypeId::DATE) if !is_plus => TypeId::NUMBER,
            _ => TypeId::UNKNOWN,
        }
    }

    fn as_text(&self, value: TypeId) -> Option<TypeId> {
        matches!(self.types.get(value), Type::Text { .. }).then_some(value)
    }

    /// The primitive type that a value surely has; `UNKNOWN` for all others.
    fn primitive(&self, value: TypeId) -> TypeId {
        match self.types.get(value) {
            Type::Text { .. } => TypeId::STRING,
            Type::Named(_) => value,
            Type::GlobalCall { function, .. } => primitive_result(self.types.name(*function)),
            Type::Union { parts, is_open: false } => {
                let mut kinds = parts.iter().map(|part| self.primitive(*part));
                let first = kinds.next().unwrap_or(TypeId::UNKNOWN);
                if kinds.all(|kind| kind == first) { first } else { TypeId::UNKNOWN }
            }
            _ => TypeId::UNKNOWN,
        }
    }

    /// The literal that is the first argument of a call.
    pub(super) fn first_literal(&mut self, call: NodeId) -> NameId {
        let literal = argument(self.tree, call, 0).and_then(|first| name_literal(self.source, first));
        literal.map_or(NameId::EMPTY, |literal| self.types.name_id(literal))
    }
}

/// Results of global functions that operators need to know.
fn primitive_result(function: &str) -> TypeId {
    match word(function) {
        Some(
            Word::String
            | Word::StrReplace
            | Word::NStr
            | Word::StrTemplate
            | Word::StrConcat
            | Word::TrimAll
            | Word::TrimL
            | Word::TrimR
            | Word::Upper
            | Word::Lower
            | Word::Title
            | Word::Left
            | Word::Right
            | Word::Mid
            | Word::Format,
        ) => TypeId::STRING,
        Some(Word::Number | Word::StrLen | Word::StrFind | Word::Int | Word::Round) => TypeId::NUMBER,
        Some(
            Word::Date
            | Word::CurrentSessionDate
            | Word::BegOfDay
            | Word::EndOfDay
            | Word::BegOfMonth
            | Word::EndOfMonth
            | Word::AddMonth,
        ) => TypeId::DATE,
        _ => TypeId::UNKNOWN,
    }
}
