//! Slow calls: queries, searches, objects that are read or written in loops.

use metadata::ObjectAspect;
use semantics::{Definition, Primitive, Type};
use syntax::{NodeId, NodeKind, Role};

use crate::hot::causes::{CauseKind, Scan, is_any};
use crate::meaning::Meaning;

pub(super) const EXECUTE: [(&str, &str); 3] = [
    ("Выполнить", "Execute"),
    ("ВыполнитьПакет", "ExecuteBatch"),
    ("ВыполнитьПакетСПромежуточнымиДанными", "ExecuteBatchWithIntermediateData"),
];
const SEARCHES: [(&str, &str); 4] = [
    ("НайтиПоКоду", "FindByCode"),
    ("НайтиПоНаименованию", "FindByDescription"),
    ("НайтиПоРеквизиту", "FindByAttribute"),
    ("НайтиПоНомеру", "FindByNumber"),
];
const LINEAR: [(&str, &str); 2] = [("Найти", "Find"), ("НайтиСтроки", "FindRows")];
const GET_OBJECT: [(&str, &str); 1] = [("ПолучитьОбъект", "GetObject")];
const UNLOAD: [(&str, &str); 1] = [("Выгрузить", "Unload")];
const WRITE: [(&str, &str); 1] = [("Записать", "Write")];
const FIND_BY_REF: [(&str, &str); 1] = [("НайтиПоСсылкам", "FindByRef")];
pub(super) const BEGIN_TRANSACTION: [(&str, &str); 1] = [("НачатьТранзакцию", "BeginTransaction")];

/// A call with a receiver.
#[derive(Clone, Copy)]
pub(super) struct Called<'s> {
    pub(super) name: &'s str,
    pub(super) name_node: NodeId,
    pub(super) receiver: Option<NodeId>,
}

impl<'s> Scan<'s, '_, '_> {
    pub(super) fn called(&self, call: NodeId) -> Option<Called<'s>> {
        let tree = self.tree();
        let function = tree.child(call, Role::Function)?;
        match tree.kind(function) {
            NodeKind::Name => Some(Called { name: self.text(function), name_node: function, receiver: None }),
            NodeKind::Member => {
                let name_node = tree.child(function, Role::Property)?;
                let receiver = Some(tree.child(function, Role::Object)?);
                Some(Called { name: self.text(name_node), name_node, receiver })
            }
            _ => None,
        }
    }

    pub(super) fn type_of(&self, node: NodeId) -> Type {
        self.section.type_in(self.flow, node)
    }

    pub(super) fn call(&mut self, call: NodeId) {
        let Some(called) = self.called(call) else { return };
        let each = self.loop_around(call);
        if is_any(&FIND_BY_REF, called.name) && called.receiver.is_none() && each.is_some() {
            return self.add(CauseKind::ReferenceSearch, call, called.name);
        }
        if let Some(receiver) = called.receiver {
            self.unload(call, called);
            if let Some(each) = each {
                self.method_in_loop(call, called, receiver, each);
            }
        }
        if each.is_some() && !is_any(&EXECUTE, called.name) {
            self.known_call(call, called);
        } else {
            self.form_call(call, called);
        }
    }

    fn method_in_loop(&mut self, call: NodeId, called: Called<'_>, receiver: NodeId, each: NodeId) {
        let name = called.name;
        if is_any(&EXECUTE, name) && self.is_query(receiver) {
            self.add(CauseKind::QueryInLoop, call, name);
        } else if is_any(&SEARCHES, name) && self.is_object(receiver, ObjectAspect::Manager) != Some(false) {
            self.add(CauseKind::SearchByValueInLoop, call, name);
        } else if is_any(&LINEAR, name) {
            self.linear_search(call, called, receiver);
        } else if is_any(&GET_OBJECT, name) && self.is_object(receiver, ObjectAspect::Ref) != Some(false) {
            if self.is_only_read(call) {
                self.add(CauseKind::ObjectOnlyRead, call, name);
            }
        } else if is_any(&WRITE, name) {
            self.write(call, receiver, each);
        }
    }

    /// A query by its type, or by its name where nobody knows the type.
    pub(super) fn is_query(&self, receiver: NodeId) -> bool {
        let value = self.type_of(receiver);
        let is_query = |part: &Type| matches!(part, Type::Query(_)) || self.is_platform(part, "Запрос");
        if !value.parts().is_empty() {
            return value.parts().iter().any(is_query);
        }
        let last = self.text(receiver).rsplit('.').next().unwrap_or_default().to_lowercase();
        last.contains("запрос") || last.contains("query")
    }

    pub(super) fn is_platform(&self, value: &Type, name: &str) -> bool {
        let (Type::Platform(base)
        | Type::Collection { base, .. }
        | Type::Table { base, .. }
        | Type::Structure { base, .. }
        | Type::Row { base, .. }) = value
        else {
            return false;
        };
        self.section.of.project.platform(base.dialect).type_info(base.id).names.is(name)
    }

    /// Whether a value is of an object of the database in some role; `None` if nobody knows.
    pub(super) fn is_object(&self, node: NodeId, wanted: ObjectAspect) -> Option<bool> {
        let value = self.type_of(node);
        let is_wanted = |part: &Type| match part {
            Type::Object { aspect, .. } | Type::AnyObject { aspect, .. } => *aspect == wanted,
            Type::AnyRef => wanted == ObjectAspect::Ref,
            _ => false,
        };
        let parts = value.parts();
        if parts.iter().any(is_wanted) {
            return Some(true);
        }
        let is_undefined = |part: &Type| *part == Type::Primitive(Primitive::Undefined);
        (!parts.iter().all(is_undefined)).then_some(false)
    }

    fn linear_search(&mut self, call: NodeId, called: Called<'_>, receiver: NodeId) {
        let value = self.type_of(receiver);
        let is_long = |part: &Type| match part {
            Type::Table { .. } | Type::Section { .. } => true,
            other => ["ТаблицаЗначений", "Массив", "ДанныеФормыКоллекция"]
                .iter()
                .any(|name| self.is_platform(other, name)),
        };
        let is_known = value.parts().iter().any(is_long);
        let is_rows = is_any(&[("НайтиСтроки", "FindRows")], called.name);
        if !(is_known || (is_rows && value.is_unknown())) || self.has_index(receiver) {
            return;
        }
        if is_known {
            self.add(CauseKind::LinearSearchInLoop, call, called.name);
        } else {
            self.add_guess(CauseKind::LinearSearchInLoop, call, called.name);
        }
    }

    /// `Таблица.Индексы.Добавить(…)` stands somewhere in the method.
    fn has_index(&self, table: NodeId) -> bool {
        let tree = self.tree();
        let name = self.text(table);
        let mut members = tree.descendants(self.method).filter(|node| tree.kind(*node) == NodeKind::Member);
        members.any(|member| {
            let (object, property) = (tree.child(member, Role::Object), tree.child(member, Role::Property));
            let is_indexes = property.is_some_and(|it| is_any(&[("Индексы", "Indexes")], self.text(it)));
            is_indexes && object.is_some_and(|it| base::same_name(self.text(it), name))
        })
    }

    /// The object that a call gives is only looked at.
    fn is_only_read(&self, call: NodeId) -> bool {
        let tree = self.tree();
        let Some(parent) = tree.parent(call) else { return false };
        if tree.kind(parent) == NodeKind::Member {
            return tree.node(parent).role != Role::Function && !self.is_target(parent);
        }
        let name = tree.child(parent, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name);
        let Some(name) = name.filter(|_| tree.kind(parent) == NodeKind::Assignment) else { return false };
        let text = self.text(name);
        let uses = tree.descendants(self.method).filter(|node| {
            tree.kind(*node) == NodeKind::Name
                && *node != name
                && tree.node(*node).role != Role::Property
                && base::same_name(self.text(*node), text)
        });
        let mut count = 0;
        let all_reads = uses.into_iter().all(|it| {
            count += 1;
            self.is_read_of_member(it)
        });
        all_reads && count > 0
    }

    fn is_read_of_member(&self, name: NodeId) -> bool {
        let tree = self.tree();
        let member = tree.parent(name).filter(|parent| tree.kind(*parent) == NodeKind::Member);
        member.is_some_and(|member| tree.node(member).role != Role::Function && !self.is_target(member))
    }

    /// Something is assigned to it; the left side of an operation is called `Left` too.
    pub(super) fn is_target(&self, node: NodeId) -> bool {
        let tree = self.tree();
        let is_assigned = tree.parent(node).is_some_and(|it| tree.kind(it) == NodeKind::Assignment);
        is_assigned && tree.node(node).role == Role::Left
    }

    /// `Выгрузить()` for one walk or for a look at the number of rows.
    fn unload(&mut self, call: NodeId, called: Called<'_>) {
        let tree = self.tree();
        let Some(parent) = tree.parent(call).filter(|_| is_any(&UNLOAD, called.name)) else { return };
        let is_result = called.receiver.is_some_and(|receiver| {
            let inner = self.called(receiver);
            let value = self.type_of(receiver);
            matches!(value, Type::QueryResult { .. })
                || self.is_platform(&value, "РезультатЗапроса")
                || inner.is_some_and(|inner| is_any(&EXECUTE, inner.name))
        });
        let is_walked = tree.kind(parent) == NodeKind::ForEach && tree.node(call).role == Role::Collection;
        let is_counted = tree.kind(parent) == NodeKind::Member
            && tree
                .child(parent, Role::Property)
                .is_some_and(|it| is_any(&[("Количество", "Count")], self.text(it)));
        if is_result && (is_walked || is_counted) {
            self.add(CauseKind::NeedlessUnload, call, called.name);
        }
    }

    fn write(&mut self, call: NodeId, receiver: NodeId, each: NodeId) {
        let is_object = self.is_object(receiver, ObjectAspect::Object);
        let is_set = self.is_object(receiver, ObjectAspect::RecordSet);
        if is_object == Some(false) && is_set == Some(false) {
            return;
        }
        let tree = self.tree();
        let loop_start = tree.range(each).start;
        let mut calls = tree.descendants(self.method).filter(|node| tree.kind(*node) == NodeKind::Call);
        let has_transaction = calls.any(|it| {
            tree.range(it).start < loop_start
                && self.called(it).is_some_and(|called| is_any(&BEGIN_TRANSACTION, called.name))
        });
        if !has_transaction {
            if is_object.or(is_set) == Some(true) || is_set == Some(true) {
                self.add(CauseKind::WriteInLoop, call, self.text(receiver));
            } else {
                self.add_guess(CauseKind::WriteInLoop, call, self.text(receiver));
            }
        }
    }

    /// A call of a method of the project in a loop.
    fn known_call(&mut self, call: NodeId, called: Called<'_>) {
        let Some(Meaning::Known { definition, .. }) = self.section.meaning_in(self.flow, called.name_node)
        else {
            return;
        };
        let Definition::Method { module, index } = definition else { return };
        if self.is_server_call(module, index) {
            return self.add(CauseKind::ServerCallInLoop, call, called.name);
        }
        if let Some(way) = self.reach.way_to_query(module, index) {
            return self.add(CauseKind::QueryBehindCall, call, &way);
        }
        self.repeated_call(call, called);
    }

    /// The same arguments in every turn.
    fn repeated_call(&mut self, call: NodeId, called: Called<'_>) {
        let tree = self.tree();
        let is_value = tree.parent(call).is_some_and(|it| tree.kind(it) != NodeKind::ExpressionStatement);
        let Some(each) = self.loop_around(call).filter(|_| is_value) else { return };
        let list = tree.child(call, Role::Arguments);
        let mut arguments = list.into_iter().flat_map(|list| tree.children(list));
        let is_plain = |argument: NodeId| {
            let has_calls = std::iter::once(argument)
                .chain(tree.descendants(argument))
                .any(|node| matches!(tree.kind(node), NodeKind::Call | NodeKind::New | NodeKind::Index));
            !has_calls && self.is_invariant(argument, each)
        };
        if arguments.all(is_plain) {
            self.add_guess(CauseKind::RepeatedCall, call, called.name);
        }
    }
}
