//! Loops over collections whose body does not use the element, found in one pass over all nodes.

use std::hash::Hasher;

use base::TextRange;
use rustc_hash::FxHasher;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

/// Name of a loop variable as it is written in the header.
#[derive(Clone, Debug)]
pub(crate) struct IteratorFact {
    pub name: SmolStr,
    pub range: TextRange,
}

/// For-each loops around the current node whose variable was not used yet.
#[derive(Default)]
pub(crate) struct UnusedIterators {
    open: Vec<OpenLoop>,
    found: Vec<IteratorFact>,
}

struct OpenLoop {
    body: NodeId,
    /// The node behind the loop.
    end: NodeId,
    variable: IteratorFact,
    name_digest: u64,
}

impl UnusedIterators {
    /// Has to be called for every node, in order.
    pub(crate) fn visit(&mut self, source: Source<'_>, id: NodeId) {
        let node = source.tree.node(id);
        if self.open.is_empty() && node.kind != NodeKind::ForEach {
            return;
        }
        while let Some(last) = self.open.pop_if(|last| last.end <= id) {
            self.found.push(last.variable);
        }
        match node.kind {
            NodeKind::ForEach => self.open.extend(open_loop(source, id)),
            // A loop with text that does not parse may use its variable there.
            NodeKind::Error => self.open.clear(),
            NodeKind::Name if !self.open.is_empty() && is_head(node.role) => {
                let name = source.node_text(id);
                let name_digest = digest(name);
                self.open.retain(|each| {
                    let is_use = each.name_digest == name_digest
                        && each.body < id
                        && base::same_name(&each.variable.name, name);
                    !is_use
                });
            }
            _ => {}
        }
    }

    pub(crate) fn finish(mut self) -> Vec<IteratorFact> {
        self.found.extend(self.open.into_iter().map(|each| each.variable));
        self.found
    }
}

fn open_loop(source: Source<'_>, each: NodeId) -> Option<OpenLoop> {
    let tree = source.tree;
    let is_complete = tree.last_token(each).is_some_and(|token| token.kind == TokenKind::EndDo);
    let variable = tree.child(each, Role::Variable).filter(|_| is_complete && !tree.node(each).is_broken)?;
    let name = source.node_text(variable);
    Some(OpenLoop {
        body: tree.child_of_kind(each, NodeKind::Block)?,
        end: tree.subtree_end(each),
        variable: IteratorFact { name: SmolStr::new(name), range: tree.range(variable) },
        name_digest: digest(name),
    })
}

/// Names after a dot, of called methods and of types are no heads of expressions.
fn is_head(role: Role) -> bool {
    !matches!(role, Role::Property | Role::Function | Role::Type | Role::Name | Role::Variable)
}

fn digest(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for letter in name.chars().flat_map(char::to_lowercase) {
        hasher.write_u32(u32::from(letter));
    }
    hasher.finish()
}
