//! What code says about roles and privileged mode, in the order of its text: the facts behind `IsInRoleMethod`.
//! Names of variables are kept as hashes of their exact text, so that a module costs a few kilobytes.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::is_global_call;
use crate::chains::{ChainPlace, chain_around, chain_place, is_chain_start};
use crate::name_hash::exact_code_hash;
use crate::operators::whole_expression;
use crate::sound_nodes::sound_nodes;

const IS_IN_ROLE: &[&str] = &["РольДоступна", "IsInRole"];
const PRIVILEGED_MODE: &[&str] = &["ПривилегированныйРежим", "PrivilegedMode"];

#[derive(Clone, Debug)]
pub(crate) enum RoleEvent {
    /// A place gets a value that may come from one of the methods.
    Assignment { target: u64, is_role: bool, is_privileged: bool },
    /// A condition with this many chains, which follow.
    Condition { chains: u32 },
    /// A chain in a condition.
    Chain {
        text: u64,
        range: TextRange,
        /// The next call in the condition asks for privileged mode.
        is_guarded: bool,
    },
    /// A role is asked for in a branch or in its condition; privileged mode is not asked for behind it.
    Call {
        range: TextRange,
        /// Chains in the expression around the call.
        chains: Box<[u64]>,
    },
}

/// What a section says.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoleEvents {
    pub events: Vec<RoleEvent>,
    /// A role is asked for somewhere.
    pub has_role: bool,
}

pub(crate) fn role_events(source: Source<'_>) -> RoleEvents {
    let mut found = RoleEvents::default();
    for node in sound_nodes(source.tree) {
        found.visit(source, node);
    }
    found
}

impl RoleEvents {
    fn visit(&mut self, source: Source<'_>, node: NodeId) {
        let tree = source.tree;
        match tree.kind(node) {
            NodeKind::Assignment => {
                if let Some(left) = tree.child(node, Role::Left) {
                    let target = exact_code_hash(source, left);
                    self.events.push(RoleEvent::Assignment { target, is_role: false, is_privileged: false });
                }
            }
            NodeKind::If | NodeKind::ElsifClause => {
                if let Some(condition) = tree.child(node, Role::Condition) {
                    self.visit_condition(source, condition);
                }
            }
            NodeKind::Call if is_global_call(source, node, IS_IN_ROLE) => self.visit_role(source, node),
            NodeKind::Call if is_global_call(source, node, PRIVILEGED_MODE) => {
                if let Some((_, is_privileged)) = self.assignment_around(tree, node) {
                    *is_privileged = true;
                }
            }
            _ => {}
        }
    }

    fn visit_condition(&mut self, source: Source<'_>, condition: NodeId) {
        let at = self.events.len();
        self.events.push(RoleEvent::Condition { chains: 0 });
        let has_privileged =
            parts(source.tree, condition).any(|part| is_global_call(source, part, PRIVILEGED_MODE));
        self.events.extend(chains(source, condition).map(|chain| RoleEvent::Chain {
            text: exact_code_hash(source, chain),
            range: source.tree.range(chain),
            is_guarded: has_privileged && is_guarded(source, condition, chain),
        }));
        let count = (self.events.len() - at - 1) as u32;
        self.events[at] = RoleEvent::Condition { chains: count };
    }

    fn visit_role(&mut self, source: Source<'_>, call: NodeId) {
        let tree = source.tree;
        self.has_role = true;
        if let Some((is_role, _)) = self.assignment_around(tree, call) {
            *is_role = true;
            return;
        }
        if !tree.ancestors(call).any(|ancestor| tree.kind(ancestor) == NodeKind::If) {
            return;
        }
        let operand = chain_around(tree, call);
        let range = tree.range(call);
        if chain_place(tree, operand) == ChainPlace::Statement {
            self.events.push(RoleEvent::Call { range, chains: Box::default() });
            return;
        }
        let expression = whole_expression(tree, operand);
        if !is_guarded(source, expression, call) {
            let chains = chains(source, expression).map(|chain| exact_code_hash(source, chain)).collect();
            self.events.push(RoleEvent::Call { range, chains });
        }
    }

    /// Flags of the assignment that a node is part of. It was the last to be visited.
    fn assignment_around(&mut self, tree: &SyntaxTree, node: NodeId) -> Option<(&mut bool, &mut bool)> {
        tree.ancestors(node)
            .take_while(|ancestor| !matches!(tree.kind(*ancestor), NodeKind::Block | NodeKind::If))
            .find(|ancestor| tree.kind(*ancestor) == NodeKind::Assignment)?;
        self.events.iter_mut().rev().find_map(|event| match event {
            RoleEvent::Assignment { is_role, is_privileged, .. } => Some((is_role, is_privileged)),
            _ => None,
        })
    }
}

fn parts(tree: &SyntaxTree, expression: NodeId) -> impl Iterator<Item = NodeId> {
    std::iter::once(expression).chain(tree.descendants(expression))
}

/// Chains in an expression, those in parentheses and arguments included.
fn chains<'a>(source: Source<'a>, expression: NodeId) -> impl Iterator<Item = NodeId> + 'a {
    let tree = source.tree;
    let starts = parts(tree, expression).filter(move |part| is_chain_start(tree, *part));
    starts.map(move |start| chain_around(tree, start))
}

/// The next global call behind a part of the expression asks for privileged mode.
fn is_guarded(source: Source<'_>, expression: NodeId, part: NodeId) -> bool {
    let tree = source.tree;
    let behind = tree.subtree_end(part).0..tree.subtree_end(expression).0;
    let is_global = |node: &NodeId| {
        let function = tree.child(*node, Role::Function).filter(|_| tree.kind(*node) == NodeKind::Call);
        function.is_some_and(|function| tree.kind(function) == NodeKind::Name)
    };
    let next = behind.map(NodeId).find(is_global);
    next.is_some_and(|call| is_global_call(source, call, PRIVILEGED_MODE))
}
