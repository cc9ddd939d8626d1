//! Which names of a method are its own: parameters and declared variables for sure, assigned names perhaps.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::facts::interner::Interner;
use crate::facts::references::Origin;

/// Names of the method at work, or of the code outside methods.
#[derive(Default)]
pub(crate) struct LocalNames {
    /// By the number of a name: the scope that has it, and how. Scopes are counted, so nothing has to be cleared.
    by_name: Vec<(u32, Origin)>,
    scope: u32,
}

impl LocalNames {
    pub(crate) fn origin(&self, name: u32) -> Origin {
        match self.by_name.get(name as usize) {
            Some((scope, origin)) if *scope == self.scope => *origin,
            _ => Origin::Outside,
        }
    }

    /// Forgets the names of the previous scope and takes those of a method.
    pub(crate) fn enter_method<'a>(&mut self, source: Source<'a>, names: &mut Interner<'a>, method: NodeId) {
        self.scope += 1;
        for node in source.tree.descendants(method) {
            self.visit(source, names, node);
        }
    }

    /// The same for the code outside methods, where declared variables belong to the module.
    pub(crate) fn enter_body<'a>(&mut self, source: Source<'a>, names: &mut Interner<'a>) {
        self.scope += 1;
        let tree = source.tree;
        for child in tree.children(SyntaxTree::ROOT) {
            if !tree.kind(child).is_method() && tree.kind(child) != NodeKind::VarDeclaration {
                for node in tree.descendants(child) {
                    self.visit(source, names, node);
                }
            }
        }
    }

    fn visit<'a>(&mut self, source: Source<'a>, names: &mut Interner<'a>, node: NodeId) {
        let tree = source.tree;
        if tree.kind(node) != NodeKind::Name {
            return;
        }
        let parent = tree.parent(node).map(|parent| tree.kind(parent));
        let origin = match (tree.node(node).role, parent) {
            (Role::Name, Some(NodeKind::Parameter | NodeKind::Variable)) => Origin::Local,
            (Role::Variable, _) | (Role::Left, Some(NodeKind::Assignment)) => Origin::MaybeLocal,
            _ => return,
        };
        let index = names.name(source.node_text(node)) as usize;
        if self.by_name.len() <= index {
            self.by_name.resize(index + 1, (0, Origin::Outside));
        }
        let entry = &mut self.by_name[index];
        if entry.0 != self.scope {
            *entry = (self.scope, origin);
        } else {
            entry.1 = entry.1.max(origin);
        }
    }
}
