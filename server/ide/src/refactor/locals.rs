//! Variables of one method and how values flow through a piece of it.

use base::{TextRange, fold_case, same_name};
use rustc_hash::FxHashMap;
use syntax::{DeclarationKind, NodeId, NodeKind, Role, TokenKind};

use crate::names::{NameRole, NameUse};
use crate::refactor::context::{Context, Statements};

/// A parameter or a variable that belongs to the method.
pub(crate) struct Local<'a> {
    /// As it is written first.
    pub(crate) name: &'a str,
    pub(crate) is_parameter: bool,
    pub(crate) is_by_value: bool,
    /// By `Перем`.
    pub(crate) is_declared: bool,
    pub(crate) uses: Vec<NameUse>,
}

/// A local variable seen from a piece of its method.
pub(crate) struct Flow<'a> {
    pub(crate) name: &'a str,
    /// The piece needs the value that the variable has before.
    pub(crate) is_input: bool,
    /// What the piece assigns is used later.
    pub(crate) is_output: bool,
    /// Nothing before the piece names the variable.
    pub(crate) is_new: bool,
}

impl<'a> Context<'a> {
    /// Variables of a method, or of the code outside methods, in the order of their first uses.
    pub(crate) fn locals(&self, method: Option<NodeId>) -> Vec<Local<'a>> {
        let mut locals: Vec<Local<'a>> = Vec::new();
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        let mut created: Vec<bool> = Vec::new();
        for name in self.uses().iter().filter(|name| name.method == method && name.role.is_variable()) {
            let text = self.code.token_text(name.token);
            let index = *known.entry(fold_case(text).into_owned()).or_insert_with(|| {
                locals.push(Local {
                    name: text,
                    is_parameter: false,
                    is_by_value: false,
                    is_declared: false,
                    uses: Vec::new(),
                });
                created.push(false);
                locals.len() - 1
            });
            let local = &mut locals[index];
            local.uses.push(*name);
            match name.role {
                NameRole::Parameter => {
                    local.is_parameter = true;
                    local.is_by_value = self.is_by_value(name.node);
                }
                NameRole::DeclaredVariable => local.is_declared = method.is_some(),
                NameRole::Variable => continue,
                _ => {}
            }
            created[index] = true;
        }
        let mut created = created.into_iter();
        locals.retain(|_| created.next() == Some(true));
        locals.retain(|local| local.is_parameter || local.is_declared || !self.is_of_module(local.name));
        locals
    }

    pub(crate) fn local_at(&self, name: &str, method: Option<NodeId>) -> Option<Local<'a>> {
        self.locals(method).into_iter().find(|local| same_name(local.name, name))
    }

    fn is_of_module(&self, name: &str) -> bool {
        let mut variables = self.module_names().iter().filter(|it| it.kind == DeclarationKind::Variable);
        variables.any(|variable| same_name(&variable.name, name))
    }

    fn is_by_value(&self, parameter_name: NodeId) -> bool {
        let parameter = self.tree().parent(parameter_name);
        parameter.is_some_and(|node| self.tree().own_token(node, TokenKind::Val).is_some())
    }

    pub(crate) fn use_range(&self, name: &NameUse) -> TextRange {
        self.tree().range(name.node)
    }

    /// How the variables of a method flow through some of its statements.
    pub(crate) fn flows(&self, method: NodeId, statements: &Statements) -> Vec<Flow<'a>> {
        let piece = statements.range;
        let repeated = self.repeated(statements.block, method);
        let locals = self.locals(Some(method));
        locals.iter().filter_map(|local| self.flow(local, statements, piece, repeated)).collect()
    }

    /// The outermost loop around a block: what stands in it may run before and after the block.
    fn repeated(&self, block: NodeId, method: NodeId) -> Option<TextRange> {
        let tree = self.tree();
        let around = std::iter::once(block).chain(tree.ancestors(block)).take_while(|node| *node != method);
        around.filter(|node| tree.kind(*node).is_loop()).last().map(|node| tree.range(node))
    }

    fn flow(
        &self,
        local: &Local<'a>,
        statements: &Statements,
        piece: TextRange,
        repeated: Option<TextRange>,
    ) -> Option<Flow<'a>> {
        let is_inside = |name: &&NameUse| piece.contains(self.use_range(name));
        let in_loop = |name: &&NameUse| repeated.is_some_and(|all| all.contains(self.use_range(name)));
        let first = local.uses.iter().find(is_inside)?;
        let outside = || local.uses.iter().filter(|name| !is_inside(name));
        let is_written = local.uses.iter().filter(is_inside).any(|name| is_write(name.role));
        let used_after = outside().any(|name| self.use_range(name).start >= piece.end || in_loop(&name));
        let is_kept = local.is_parameter && !local.is_by_value;
        let is_definite = self.is_definite_write(first, &local.uses, statements);
        // The next round of the loop starts with what this one leaves.
        let is_carried = is_written && repeated.is_some() && !is_definite;
        let is_output = is_written && (used_after || is_kept || is_carried);
        let is_definite = is_definite && !(is_output && first.role == NameRole::LoopVariable);
        let mut before = outside().filter(|name| self.use_range(name).start < piece.start || in_loop(name));
        let has_value = before.any(|name| name.role != NameRole::DeclaredVariable);
        let has_value = has_value || is_carried;
        let is_read = local.uses.iter().filter(is_inside).any(|name| name.role == NameRole::Variable);
        let named_before = outside().any(|name| self.use_range(name).start < piece.start);
        Some(Flow {
            name: local.name,
            is_input: has_value && !is_definite && (is_read || is_output),
            is_output,
            is_new: !named_before,
        })
    }

    /// The first use in a piece gives the variable a value, whatever happens; a loop may run not even once.
    fn is_definite_write(&self, first: &NameUse, uses: &[NameUse], statements: &Statements) -> bool {
        let tree = self.tree();
        let Some(owner) = tree.parent(first.node).filter(|owner| statements.nodes.contains(owner)) else {
            return false;
        };
        match first.role {
            NameRole::AssignedVariable => {
                !uses.iter().any(|name| name.node != first.node && tree.is_within(name.node, owner))
            }
            NameRole::LoopVariable => {
                let head = tree.child_of_kind(owner, NodeKind::Block).map(|block| tree.range(block).start);
                let in_head = |name: &NameUse| {
                    let range = self.use_range(name);
                    name.node != first.node
                        && tree.is_within(name.node, owner)
                        && head.is_some_and(|head| range.end <= head)
                };
                !uses.iter().any(in_head)
            }
            _ => false,
        }
    }

    /// Local variables that an expression reads.
    pub(crate) fn read_locals(&self, method: NodeId, expression: NodeId) -> Vec<&'a str> {
        let range = self.tree().range(expression);
        let locals = self.locals(Some(method)).into_iter();
        let is_read = |local: &Local<'_>| local.uses.iter().any(|name| range.contains(self.use_range(name)));
        locals.filter(|local| is_read(local)).map(|local| local.name).collect()
    }

    /// Where a range of a scope assigns one of some names for the first time, behind an offset.
    pub(crate) fn first_write(
        &self,
        names: &[&str],
        method: Option<NodeId>,
        behind: u32,
    ) -> Option<&NameUse> {
        self.uses().iter().find(|name| {
            name.method == method
                && is_write(name.role)
                && self.use_range(name).start >= behind
                && names.iter().any(|it| same_name(it, self.code.token_text(name.token)))
        })
    }

    /// Variables that an expression names, local or not.
    pub(crate) fn names_in(&self, expression: NodeId) -> Vec<&'a str> {
        let range = self.tree().range(expression);
        let uses = self.uses().iter().filter(|name| name.role.is_variable());
        uses.filter(|name| range.contains(self.use_range(name)))
            .map(|name| self.code.token_text(name.token))
            .collect()
    }

    /// An expression that only looks at variables: the same whenever it is computed.
    pub(crate) fn is_plain(&self, expression: NodeId) -> bool {
        let tree = self.tree();
        let is_other = |node: NodeId| {
            matches!(
                tree.kind(node),
                NodeKind::Call | NodeKind::New | NodeKind::Await | NodeKind::Member | NodeKind::Index
            )
        };
        !is_other(expression) && !tree.descendants(expression).any(is_other)
    }

    /// An expression that has to stand in parentheses when it becomes an operand or gets a dot behind it.
    pub(crate) fn needs_parentheses(&self, expression: NodeId, place: NodeId) -> bool {
        let tree = self.tree();
        let is_operation = matches!(
            tree.kind(expression),
            NodeKind::Binary | NodeKind::Unary | NodeKind::Await | NodeKind::New
        );
        let is_tight = tree.parent(place).is_some_and(|parent| match tree.kind(parent) {
            NodeKind::Binary | NodeKind::Unary | NodeKind::Await => tree.kind(expression) != NodeKind::New,
            NodeKind::Member | NodeKind::Index => tree.node(place).role == Role::Object,
            _ => false,
        });
        is_operation && is_tight
    }
}

pub(crate) fn is_write(role: NameRole) -> bool {
    matches!(role, NameRole::AssignedVariable | NameRole::LoopVariable)
}
