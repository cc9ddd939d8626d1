//! What every name of a module stands for, judged by its place alone.

use base::fold_case;
use rustc_hash::FxHashSet;
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::code::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameRole {
    /// Declared as a method.
    Method,
    Call,
    MethodCall,
    Property,
    Parameter,
    DeclaredVariable,
    LoopVariable,
    AssignedVariable,
    Variable,
    Class,
    Annotation,
    AnnotationArgument,
    Label,
}

impl NameRole {
    pub(crate) fn is_variable(self) -> bool {
        matches!(
            self,
            Self::Parameter
                | Self::DeclaredVariable
                | Self::LoopVariable
                | Self::AssignedVariable
                | Self::Variable
        )
    }
}

/// One name with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameUse {
    pub(crate) node: NodeId,
    pub(crate) token: usize,
    pub(crate) role: NameRole,
    /// The procedure or function around it.
    pub(crate) method: Option<NodeId>,
}

/// All names of a module in order.
pub(crate) fn name_uses(code: &Code<'_>) -> Vec<NameUse> {
    let tree = code.tree();
    let mut uses = Vec::new();
    let mut method: Option<NodeId> = None;
    for (id, node) in tree.nodes() {
        if method.is_some_and(|method| !tree.is_within(id, method)) {
            method = None;
        }
        if node.kind.is_method() {
            method = Some(id);
        }
        if node.kind != NodeKind::Name {
            continue;
        }
        let token = tree.token_span(id).start;
        uses.push(NameUse { node: id, token, role: role_of(tree, id, token), method });
    }
    uses
}

/// Folded names of the methods that the module declares.
pub(crate) fn own_methods(code: &Code<'_>, uses: &[NameUse]) -> FxHashSet<String> {
    let methods = uses.iter().filter(|name| name.role == NameRole::Method);
    methods.map(|name| fold_case(code.token_text(name.token)).into_owned()).collect()
}

fn role_of(tree: &SyntaxTree, id: NodeId, token: usize) -> NameRole {
    let Some(parent) = tree.parent(id) else { return NameRole::Variable };
    match (tree.kind(parent), tree.node(id).role) {
        (NodeKind::Procedure | NodeKind::Function, Role::Name) => NameRole::Method,
        (NodeKind::Parameter, Role::Name) => NameRole::Parameter,
        (NodeKind::Variable, Role::Name) => NameRole::DeclaredVariable,
        (NodeKind::Annotation, _) => NameRole::Annotation,
        (NodeKind::AnnotationArgument, _) => NameRole::AnnotationArgument,
        (NodeKind::Label, _) => NameRole::Label,
        (NodeKind::For | NodeKind::ForEach, Role::Variable) => NameRole::LoopVariable,
        (NodeKind::Assignment, Role::Left) => NameRole::AssignedVariable,
        (NodeKind::Member, Role::Property) => match tree.node(parent).role {
            Role::Function => NameRole::MethodCall,
            _ => NameRole::Property,
        },
        (NodeKind::Call, Role::Function) => NameRole::Call,
        (NodeKind::New, Role::Type) => NameRole::Class,
        (NodeKind::Error | NodeKind::Module, _) => role_in_error(tree, token),
        _ => NameRole::Variable,
    }
}

/// Where the tree has no shape the neighbours have to tell.
fn role_in_error(tree: &SyntaxTree, token: usize) -> NameRole {
    let before = tree.previous_code_token(token).map(|token| token.kind);
    let after = tree.next_code_token(token + 1).map(|token| token.kind);
    match (before, after) {
        (Some(TokenKind::Dot), Some(TokenKind::LeftParen)) => NameRole::MethodCall,
        (Some(TokenKind::Dot), _) => NameRole::Property,
        (Some(TokenKind::Procedure | TokenKind::Function), _) => NameRole::Method,
        (Some(TokenKind::Ampersand), _) => NameRole::Annotation,
        (Some(TokenKind::Tilde), _) => NameRole::Label,
        (Some(TokenKind::New), _) => NameRole::Class,
        (_, Some(TokenKind::LeftParen)) => NameRole::Call,
        _ => NameRole::Variable,
    }
}
