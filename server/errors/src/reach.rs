//! Which assignments reach a use of a variable: backwards through the statements of the method. Branches and loops add
//! candidates; nothing is executed.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::code::Code;

const MAX_CANDIDATES: usize = 16;

/// Where a variable may have its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// The value on the right of an assignment.
    Value(NodeId),
    /// The loop whose variable it is.
    Loop(NodeId),
    Parameter(NodeId),
    /// A call that may assign it: it is passed at this position.
    Passed(NodeId, usize),
    /// Nothing assigns it on this way: the method or the module.
    Unassigned(NodeId),
}

/// Candidates, the nearest first.
pub(crate) fn reaching(code: &Code, used: NodeId) -> Vec<Reached> {
    let search = Search { code, name: code.node_text(used) };
    let mut found = Vec::new();
    search.walk(used, &mut found);
    found.dedup();
    found.truncate(MAX_CANDIDATES);
    found
}

struct Search<'a> {
    code: &'a Code,
    name: &'a str,
}

/// What a statement does to the variable.
enum Effect {
    Nothing,
    Maybe(Vec<Reached>),
    Certainly(Vec<Reached>),
}

/// What may change a name anywhere in a method.
pub(crate) fn changes_in(code: &Code, method: NodeId, name: &str) -> Vec<Reached> {
    let search = Search { code, name };
    let mut changes: Vec<Reached> = search.assignments(method).into_iter().map(Reached::Value).collect();
    changes.extend(search.passes(method));
    changes.truncate(MAX_CANDIDATES);
    changes
}

impl Search<'_> {
    fn walk(&self, used: NodeId, found: &mut Vec<Reached>) {
        let tree = &self.code.tree;
        let Some(mut current) = tree.enclosing_statement(used) else { return };
        while let Some(parent) = tree.parent(current) {
            let before: Vec<NodeId> = tree.children(parent).take_while(|child| *child < current).collect();
            for statement in before.into_iter().rev() {
                match self.effect(statement) {
                    Effect::Nothing => {}
                    Effect::Maybe(values) => found.extend(values),
                    Effect::Certainly(values) => {
                        found.extend(values);
                        return;
                    }
                }
            }
            let is_owner = |node: &NodeId| {
                let kind = tree.kind(*node);
                kind.is_statement() || kind.is_method() || kind == NodeKind::Module
            };
            let Some(owner) = std::iter::once(parent).chain(tree.ancestors(parent)).find(is_owner) else {
                return;
            };
            // `Если НЕ НайтиЦену(Товар, Цена) Тогда`: the condition came before.
            let condition = tree.child(owner, Role::Condition).filter(|condition| *condition < current);
            found.extend(condition.into_iter().flat_map(|condition| self.passes(condition)));
            match tree.kind(owner) {
                kind if kind.is_method() => {
                    found.push(self.parameter(owner).map_or(Reached::Unassigned(owner), Reached::Parameter));
                    return;
                }
                NodeKind::Module => {
                    found.push(Reached::Unassigned(owner));
                    return;
                }
                NodeKind::For | NodeKind::ForEach if self.is_it(tree.child(owner, Role::Variable)) => {
                    found.push(Reached::Loop(owner));
                    return;
                }
                kind if kind.is_loop() => {
                    // What the end of the body assigns is there in the next pass.
                    let later = self.assignments(owner).into_iter().filter(|value| *value > current);
                    found.extend(later.map(Reached::Value));
                }
                _ => {}
            }
            current = owner;
        }
    }

    fn is_it(&self, name: Option<NodeId>) -> bool {
        name.is_some_and(|name| {
            self.code.tree.kind(name) == NodeKind::Name
                && base::same_name(self.code.node_text(name), self.name)
        })
    }

    fn parameter(&self, method: NodeId) -> Option<NodeId> {
        let tree = &self.code.tree;
        let list = tree.child(method, Role::Parameters)?;
        tree.children(list).find(|parameter| self.is_it(tree.child(*parameter, Role::Name)))
    }

    /// Values that are assigned anywhere in a statement.
    fn assignments(&self, statement: NodeId) -> Vec<NodeId> {
        let tree = &self.code.tree;
        let inside = std::iter::once(statement).chain(tree.descendants(statement));
        inside.filter_map(|node| self.assigned(node)).collect()
    }

    fn assigned(&self, statement: NodeId) -> Option<NodeId> {
        let tree = &self.code.tree;
        let is_assignment = tree.kind(statement) == NodeKind::Assignment;
        let target = tree.child(statement, Role::Left).filter(|_| is_assignment);
        if self.is_it(target) { tree.child(statement, Role::Right) } else { None }
    }

    /// Calls anywhere in a statement or expression that get the variable itself.
    fn passes(&self, node: NodeId) -> Vec<Reached> {
        let tree = &self.code.tree;
        let inside = std::iter::once(node).chain(tree.descendants(node));
        let calls = inside.filter(|node| tree.kind(*node) == NodeKind::Call);
        let passed = |call: NodeId| {
            let arguments = self.code.arguments(call).into_iter().enumerate();
            let own = arguments.filter(|(_, argument)| self.is_it(*argument));
            own.map(move |(position, _)| Reached::Passed(call, position)).collect::<Vec<_>>()
        };
        calls.flat_map(passed).collect()
    }

    fn effect(&self, statement: NodeId) -> Effect {
        if let Some(value) = self.assigned(statement) {
            return Effect::Certainly(vec![Reached::Value(value)]);
        }
        let mut values: Vec<Reached> = self.assignments(statement).into_iter().map(Reached::Value).collect();
        values.extend(self.passes(statement));
        if values.is_empty() {
            return Effect::Nothing;
        }
        if self.assigns_always(statement) { Effect::Certainly(values) } else { Effect::Maybe(values) }
    }

    /// Every branch assigns the variable, and there is no way around the branches.
    fn assigns_always(&self, statement: NodeId) -> bool {
        let tree = &self.code.tree;
        let branches: Vec<NodeId> = match tree.kind(statement) {
            NodeKind::If if tree.child_of_kind(statement, NodeKind::ElseClause).is_some() => {
                branches_of(self.code, statement)
            }
            NodeKind::Try => branches_of(self.code, statement),
            _ => return false,
        };
        branches.iter().all(|block| tree.children(*block).any(|inner| self.assigned(inner).is_some()))
    }
}

/// The blocks of a branching statement.
pub(crate) fn branches_of(code: &Code, statement: NodeId) -> Vec<NodeId> {
    let tree = &code.tree;
    let mut blocks = Vec::new();
    for child in tree.children(statement) {
        match tree.kind(child) {
            NodeKind::Block => blocks.push(child),
            NodeKind::ElsifClause | NodeKind::ElseClause | NodeKind::ExceptClause => {
                blocks.extend(tree.child_of_kind(child, NodeKind::Block));
            }
            _ => {}
        }
    }
    blocks
}

/// Control comes behind the last statement of a block.
pub(crate) fn falls_through(code: &Code, block: NodeId) -> bool {
    let tree = &code.tree;
    let Some(last) = tree.children(block).filter(|node| tree.kind(*node) != NodeKind::EmptyStatement).last()
    else {
        return true;
    };
    match tree.kind(last) {
        NodeKind::Return | NodeKind::Raise | NodeKind::Goto => false,
        NodeKind::If => {
            let has_else = tree.child_of_kind(last, NodeKind::ElseClause).is_some();
            !has_else || branches_of(code, last).into_iter().any(|branch| falls_through(code, branch))
        }
        NodeKind::Try => branches_of(code, last).into_iter().any(|branch| falls_through(code, branch)),
        NodeKind::While => {
            // `Пока Истина Цикл` ends by `Возврат` or not at all, unless somebody breaks out of it.
            let condition = tree.child(last, Role::Condition);
            let is_endless = condition.is_some_and(|condition| {
                tree.code_tokens_of(condition).all(|token| token.kind == TokenKind::True)
            });
            let breaks = tree.descendants(last).any(|node| tree.kind(node) == NodeKind::Break);
            !is_endless || breaks
        }
        _ => true,
    }
}
