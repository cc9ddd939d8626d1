//! A query for every element of a collection becomes one query for all of them before the loop. What its rows were is
//! looked up in a map.

use syntax::{NodeId, NodeKind, QueryLiteral, Role, query_literal};

use crate::names::{NameRole, NameUse};
use crate::refactor::context::Context;
use crate::refactor::loops::is_any;
use crate::refactor::query_batch::{BatchQuery, batch_query};
use crate::refactor::query_in_loop_change::Lookup;
use crate::refactor::string_template::literal;
use crate::refactor::{Offers, Refactoring, RefactoringKind};

pub(crate) const ONE_QUERY: Refactoring = Refactoring {
    id: "queryInLoopToBatch",
    title_ru: "Заменить запрос в цикле одним запросом",
    title_en: "Replace the query in the loop by one query",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    let tree = context.tree();
    let is_walk = |node: &NodeId| matches!(tree.kind(*node), NodeKind::ForEach | NodeKind::While);
    let loops = context.nodes_at_cursor().filter(is_walk);
    if let Some(found) = loops.filter_map(|each| QueryInLoop::find(context, each)).next() {
        offers.add(ONE_QUERY, || Some(found.change(context)));
    }
}

/// A loop with one query whose parameter is the element of the loop or something of it.
pub(crate) struct QueryInLoop<'a> {
    pub(crate) each: NodeId,
    pub(crate) method: Option<NodeId>,
    pub(crate) element: &'a str,
    /// `None`: the element is a selection that the loop walks by `Следующий`.
    pub(crate) collection: Option<NodeId>,
    pub(crate) query: &'a str,
    /// Statements of the query that stand in the loop and move before it.
    pub(crate) moved: Vec<NodeId>,
    /// Sets the parameter.
    pub(crate) key_statement: NodeId,
    pub(crate) key: NodeId,
    pub(crate) parameter: &'a str,
    pub(crate) batch: BatchQuery,
    /// `Запрос.Выполнить()`
    pub(crate) execution: NodeId,
    pub(crate) lookup: Lookup<'a>,
}

/// The statements that prepare a query.
#[derive(Default)]
struct Setup<'a> {
    statements: Vec<NodeId>,
    text: Option<QueryLiteral>,
    /// Statement, name, value.
    parameters: Vec<(NodeId, &'a str, NodeId)>,
    execution: Option<NodeId>,
}

impl<'a> QueryInLoop<'a> {
    fn find(context: &Context<'a>, each: NodeId) -> Option<Self> {
        let tree = context.tree();
        if !context.is_plain_loop(each) {
            return None;
        }
        let method = tree.enclosing_method(each);
        let (element, collection) = walked(context, each, method)?;
        let mut queries = executions(context, each);
        let (query, execution) = queries.next()?;
        if queries.next().is_some() {
            return None;
        }
        let setup = setup(context, each, query, method).filter(|it| it.execution == Some(execution))?;
        let is_of_element = |value: &NodeId| {
            let names = context.names_in(*value);
            names.iter().any(|name| base::same_name(name, element))
        };
        let mut keys = setup.parameters.iter().filter(|(_, _, value)| is_of_element(value));
        let (key_statement, parameter, key) = *keys.next()?;
        let head = context.head_name(key).filter(|_| context.is_path(key))?;
        let body = tree.child_of_kind(each, NodeKind::Block)?;
        if keys.next().is_some()
            || !context.is_name(head, element)
            || tree.parent(key_statement) != Some(body)
        {
            return None;
        }
        let batch = batch_query(context.text(), setup.text.as_ref()?, parameter)?;
        let lookup = Lookup::find(context, execution, body, method)?;
        let moved = setup.statements.iter().copied();
        let moved = moved.filter(|it| *it != key_statement && tree.parent(*it) == Some(body)).collect();
        let found = Self {
            each,
            method,
            element,
            collection,
            query,
            moved,
            key_statement,
            key,
            parameter,
            batch,
            execution,
            lookup,
        };
        found.is_safe(context, &setup).then_some(found)
    }

    /// The rows are the same, whenever the query is executed.
    fn is_safe(&self, context: &Context<'_>, setup: &Setup<'_>) -> bool {
        let tree = context.tree();
        let field = context.in_document(self.batch.field);
        let is_exact = context.options.is_exact_field.is_some_and(|ask| ask(field));
        let of_collection = self.collection.map(|it| context.names_in(it)).unwrap_or_default();
        let mut fixed = of_collection.clone();
        fixed.push(self.element);
        let mut properties = context.properties_in(self.key);
        properties.extend(self.collection.into_iter().flat_map(|it| context.properties_in(it)));
        let others = setup.parameters.iter().filter(|it| it.0 != self.key_statement);
        for (statement, name, value) in others {
            if base::same_name(name, self.parameter) {
                return false;
            }
            if tree.is_within(*statement, self.each) {
                fixed.extend(context.names_in(*value));
                properties.extend(context.properties_in(*value));
            }
        }
        let own = |node: NodeId| self.is_own(context, setup, node);
        let is_element_in_collection = of_collection.iter().any(|name| base::same_name(name, self.element));
        is_exact
            && !is_element_in_collection
            && self.runs_every_time(context)
            && context.is_calm(self.each, &own)
            && !context.writes_any(self.each, &fixed)
            && !context.writes_property(self.each, &properties)
            && self.keeps_collection(context)
    }

    /// The collection has the same elements all the time: the loop does not let it grow.
    fn keeps_collection(&self, context: &Context<'_>) -> bool {
        let tree = context.tree();
        let names = self.collection.map(|it| context.names_in(it)).unwrap_or_default();
        tree.descendants(self.each).filter(|node| tree.kind(*node) == NodeKind::Call).all(|call| {
            let Some(found) = context.method_call(call) else { return true };
            let head = context.head_name(found.receiver).map(|head| context.node_text(head));
            let is_collection = head.is_some_and(|head| names.iter().any(|name| base::same_name(name, head)));
            !is_collection || !is_any(&[("Добавить", "Add"), ("Вставить", "Insert")], found.name)
        })
    }

    /// Nothing before the query leaves the loop or the turn, and nothing at all ends the loop early.
    fn runs_every_time(&self, context: &Context<'_>) -> bool {
        let tree = context.tree();
        let execution = tree.range(self.execution).start;
        tree.descendants(self.each).all(|node| match tree.kind(node) {
            NodeKind::Return => false,
            NodeKind::Continue => tree.range(node).start > execution || self.is_in_inner_loop(context, node),
            NodeKind::Break => self.is_in_inner_loop(context, node),
            _ => true,
        })
    }

    fn is_in_inner_loop(&self, context: &Context<'_>, node: NodeId) -> bool {
        let tree = context.tree();
        tree.ancestors(node).find(|it| tree.kind(*it).is_loop()) != Some(self.each)
    }

    /// Calls of the query and of what it gives.
    fn is_own(&self, context: &Context<'_>, setup: &Setup<'_>, node: NodeId) -> bool {
        let tree = context.tree();
        let is_setup = setup.statements.iter().any(|it| tree.is_within(node, *it));
        let is_execution = node == self.execution || tree.is_within(self.execution, node);
        let is_created = tree.kind(node) == NodeKind::New && is_setup;
        let is_next = self.collection.is_none() && tree.child(self.each, Role::Condition) == Some(node);
        is_created || is_setup || is_execution || is_next || self.lookup.owns(node)
    }
}

/// The element of a loop and its collection, or the selection of a query's rows that it walks.
fn walked<'a>(
    context: &Context<'a>,
    each: NodeId,
    method: Option<NodeId>,
) -> Option<(&'a str, Option<NodeId>)> {
    let tree = context.tree();
    if tree.kind(each) == NodeKind::ForEach {
        let element = tree.child(each, Role::Variable).filter(|it| tree.kind(*it) == NodeKind::Name)?;
        let collection = tree.child(each, Role::Collection).filter(|it| context.is_path(*it))?;
        return Some((context.node_text(element), Some(collection)));
    }
    let condition = tree.child(each, Role::Condition)?;
    let next = context.method_call(condition).filter(|it| it.is("Следующий", "Next"))?;
    let is_name = tree.kind(next.receiver) == NodeKind::Name && next.arguments.is_empty();
    let selection = is_name.then(|| context.node_text(next.receiver))?;
    let local = context.own_variable(selection, method)?;
    let mut writes = 0;
    for it in local.uses.iter().filter(|it| it.role != NameRole::DeclaredVariable) {
        if it.role == NameRole::AssignedVariable {
            writes += 1;
            let statement = tree.parent(it.node)?;
            let selected = context.method_call(context.assigned_value(it.node)?)?;
            let executed = context.method_call(selected.receiver)?;
            let is_of_query = selected.is("Выбрать", "Select") && executed.is("Выполнить", "Execute");
            let is_whole = selected.arguments.is_empty() && executed.arguments.is_empty();
            // The statement stands in the list of the loop: both run as often.
            let is_beside =
                tree.parent(statement) == tree.parent(each) && context.runs_before(statement, each);
            if !(is_of_query && is_whole && is_beside) {
                return None;
            }
            continue;
        }
        let member = tree.parent(it.node).filter(|node| tree.kind(*node) == NodeKind::Member)?;
        let is_read = tree.node(it.node).role == Role::Object
            && tree.node(member).role != Role::Function
            && !context.is_target(member)
            && tree.is_within(it.node, each);
        if !is_read && it.node != next.receiver {
            return None;
        }
    }
    (writes == 1).then_some((selection, None))
}

/// `Запрос.Выполнить()` in the body of a loop, with the name of the query.
fn executions<'a>(context: &Context<'a>, each: NodeId) -> impl Iterator<Item = (&'a str, NodeId)> {
    let tree = context.tree();
    let body = tree.child_of_kind(each, NodeKind::Block);
    let nodes = body.into_iter().flat_map(|body| tree.descendants(body));
    let calls = nodes.filter(|node| tree.kind(*node) == NodeKind::Call);
    calls.filter_map(|call| {
        let found = context.method_call(call)?;
        let is_execution = found.is("Выполнить", "Execute") && found.arguments.is_empty();
        let is_name = tree.kind(found.receiver) == NodeKind::Name;
        (is_execution && is_name).then(|| (context.node_text(found.receiver), call))
    })
}

/// Everything that a method does with a query, if all of it is understood.
fn setup<'a>(context: &Context<'a>, each: NodeId, query: &str, method: Option<NodeId>) -> Option<Setup<'a>> {
    let tree = context.tree();
    let local = context.own_variable(query, method)?;
    let mut setup = Setup::default();
    let mut created = 0;
    for it in &local.uses {
        match it.role {
            NameRole::DeclaredVariable => continue,
            NameRole::AssignedVariable => {
                created += 1;
                setup.creation(context, it.node)?;
            }
            NameRole::Variable => setup.use_of(context, it)?,
            _ => return None,
        }
    }
    let body = tree.child_of_kind(each, NodeKind::Block)?;
    let execution = tree.range(setup.execution?).start;
    let is_in_place = |statement: &NodeId| {
        let is_in_body = tree.parent(*statement) == Some(body) && tree.range(*statement).end <= execution;
        is_in_body || context.runs_before(*statement, each)
    };
    // A value that moves before the loop has to be the same there; those of the element are checked elsewhere.
    let all_plain = setup.parameters.iter().all(|(statement, _, value)| {
        tree.parent(*statement) != Some(body) || context.is_plain(*value) || context.is_path(*value)
    });
    (created == 1 && all_plain && setup.statements.iter().all(is_in_place)).then_some(setup)
}

impl<'a> Setup<'a> {
    /// `Запрос = Новый Запрос("…")`
    fn creation(&mut self, context: &Context<'a>, name: NodeId) -> Option<()> {
        let tree = context.tree();
        let value = context.assigned_value(name)?;
        let made = tree.child(value, Role::Type).filter(|_| tree.kind(value) == NodeKind::New)?;
        if !is_any(&[("Запрос", "Query")], context.node_text(made)) {
            return None;
        }
        let list = tree.child(value, Role::Arguments);
        let arguments: Vec<NodeId> = list.into_iter().flat_map(|list| tree.children(list)).collect();
        match arguments.as_slice() {
            [] => {}
            [text] => self.set_text(context, *text)?,
            _ => return None,
        }
        self.statements.push(tree.parent(name)?);
        Some(())
    }

    fn set_text(&mut self, context: &Context<'a>, text: NodeId) -> Option<()> {
        let is_new = self.text.is_none() && context.tree().kind(text) == NodeKind::String;
        self.text = is_new.then(|| query_literal(context.code.source(), text));
        self.text.is_some().then_some(())
    }

    /// `Запрос.Текст = …`, `Запрос.УстановитьПараметр(…)`, `Запрос.Выполнить()`
    fn use_of(&mut self, context: &Context<'a>, it: &NameUse) -> Option<()> {
        let tree = context.tree();
        let member = tree.parent(it.node).filter(|node| tree.kind(*node) == NodeKind::Member)?;
        let property = context.node_text(tree.child(member, Role::Property)?);
        let owner = tree.parent(member).filter(|_| tree.node(it.node).role == Role::Object)?;
        if tree.kind(owner) == NodeKind::Assignment && tree.node(member).role == Role::Left {
            if !is_any(&[("Текст", "Text")], property) {
                return None;
            }
            self.set_text(context, tree.child(owner, Role::Right)?)?;
            self.statements.push(owner);
            return Some(());
        }
        let call = context.method_call(owner)?;
        let statement = tree.parent(owner)?;
        match call.arguments.as_slice() {
            [] if call.is("Выполнить", "Execute") && self.execution.is_none() => {
                self.execution = Some(owner);
            }
            [name, value] if call.is("УстановитьПараметр", "SetParameter") => {
                if tree.kind(statement) != NodeKind::ExpressionStatement {
                    return None;
                }
                self.parameters.push((statement, literal(context, *name)?, *value));
                self.statements.push(statement);
            }
            _ => return None,
        }
        Some(())
    }
}
