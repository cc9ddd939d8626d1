//! Values behind a dot: keys of structures, columns of queries, attributes of references.

use std::rc::Rc;

use semantics::{Fields, Type};
use syntax::{NodeId, NodeKind, Role, find_queries};

use super::joins::{NullReason, nullable_columns};
use super::{StepRole, Tracer, say};
use crate::code::Code;

impl Tracer<'_, '_> {
    /// False if nothing is known about the property.
    pub(super) fn member(&mut self, code: &Rc<Code>, member: NodeId, level: usize, depth: usize) -> bool {
        let Some(object) = code.tree.child(member, Role::Object) else { return false };
        let name = code.child_text(member, Role::Property).to_owned();
        let before = self.steps.len();
        let value = self.bench.type_of(code, object);
        for part in value.parts() {
            if let Type::Structure { fields: Fields::Shape { fields, module }, .. } = part {
                let field = fields.iter().find(|field| base::same_name(&field.name, &name));
                let place = field.and_then(|field| field.offset);
                if let Some((code, offset)) = self.bench.code(*module).zip(place) {
                    self.key(&code, offset, &name, level, depth);
                }
            }
        }
        if self.steps.len() == before {
            self.query_column(code, member, &name);
        }
        self.steps.len() > before
    }

    /// Where a key gets into a structure: with a value, or without one.
    fn key(&mut self, code: &Rc<Code>, offset: u32, name: &str, level: usize, depth: usize) {
        let tree = &code.tree;
        let Some(token) = tree.token_at(offset) else { return };
        let node = tree.node_of_token(token);
        let is_call = |node: &NodeId| matches!(tree.kind(*node), NodeKind::New | NodeKind::Call);
        let around = std::iter::once(node).chain(tree.ancestors(node)).find(is_call);
        let Some(call) = around else { return };
        let arguments = code.arguments(call);
        let keys = arguments.first().copied().flatten().map(|keys| code.node_text(keys)).unwrap_or_default();
        let is_key = |key: &str| base::same_name(key.trim().trim_matches('"').trim(), name);
        let Some(position) = keys.split(',').position(is_key) else { return };
        match arguments.get(position + 1).copied().flatten() {
            Some(value) => self.value(code, value, level, depth + 1),
            None => {
                let text = say!(
                    self.locale,
                    "ключ {name} добавлен в структуру без значения, то есть с Неопределено",
                    "key {name} is added to the structure without a value, that is with Undefined"
                );
                self.step(code, call, StepRole::Origin, text);
            }
        }
    }

    /// A column of a query in the same method that may be NULL.
    fn query_column(&mut self, code: &Rc<Code>, member: NodeId, name: &str) {
        let Some(method) = code.tree.enclosing_method(member) else { return };
        let range = code.tree.range(method);
        for query in find_queries(code.source()) {
            if !range.contains(query.range) {
                continue;
            }
            for column in nullable_columns(&code.text, &query) {
                if !base::same_name(&column.name, name) {
                    continue;
                }
                let shown = column.range.slice(&code.text);
                let text = match column.reason {
                    NullReason::Join => say!(
                        self.locale,
                        "поле {shown} — из присоединённой таблицы: NULL, если пары не нашлось",
                        "field {shown} is of a joined table: NULL if there is no match"
                    ),
                    NullReason::Reference => say!(
                        self.locale,
                        "поле {shown} взято через ссылку: NULL, если она пустая или битая",
                        "field {shown} is taken through a reference: NULL if that is empty or broken"
                    ),
                    NullReason::Total => say!(
                        self.locale,
                        "{shown} по пустой выборке даёт NULL",
                        "{shown} over no rows gives NULL"
                    ),
                };
                self.step_at(code, column.range, StepRole::Origin, text);
            }
        }
    }
}
