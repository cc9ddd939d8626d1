//! What stands at a place of a document, as the project sees it: the ground of every feature that knows names and types.

use std::sync::Arc;

use base::TextRange;
use semantics::{Definition, Flow, ModuleId, ModuleScope, Project, QueryShape, Scope, Shape, Type};
use smol_str::SmolStr;
use syntax::{Document, NodeId, NodeKind, Role, SectionTree, Source, SyntaxTree};

/// An open document as a module of a project.
#[derive(Clone, Copy)]
pub struct ProjectDocument<'a> {
    pub document: &'a Document,
    /// Holds the facts of this revision of the document.
    pub project: &'a Project,
    pub module: ModuleId,
}

impl<'a> ProjectDocument<'a> {
    pub fn scope(self) -> Scope<'a> {
        Scope::new(self.project, self.module)
    }

    /// The section around an offset with what is needed to understand it.
    pub(crate) fn section(self, offset: u32) -> Section<'a> {
        Section { of: self, tree: self.document.section_at(offset) }
    }
}

/// One section of a document: usually a method with the comments above.
pub(crate) struct Section<'a> {
    pub(crate) of: ProjectDocument<'a>,
    tree: SectionTree,
}

/// What a name means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// A parameter or a variable of the method around; `declaration` is where it first appears in the document.
    Local { name: SmolStr, declaration: TextRange },
    /// Everything else; `receiver` is the type before the dot.
    Known { definition: Definition, receiver: Option<Type> },
}

impl Section<'_> {
    pub(crate) fn source(&self) -> Source<'_> {
        self.tree.source()
    }

    pub(crate) fn start(&self) -> u32 {
        self.tree.range.start
    }

    /// A range of the section as a range of the document.
    pub(crate) fn in_document(&self, range: TextRange) -> TextRange {
        range.shifted(self.start())
    }

    /// The name at an offset of the document: the node and its range in the document.
    pub(crate) fn name_at(&self, offset: u32) -> Option<NodeId> {
        let tree = self.source().tree;
        let offset = offset.checked_sub(self.start())?;
        let index = tree.token_at(offset)?;
        let candidates = [Some(index), index.checked_sub(1)];
        let is_touched = |index: &usize| tree.tokens()[*index].range().touches(offset);
        candidates.into_iter().flatten().filter(is_touched).find_map(|index| {
            let node = tree.node_of_token(index);
            (tree.kind(node) == NodeKind::Name).then_some(node)
        })
    }

    /// Local types of the method around a node, or of the code outside methods.
    pub(crate) fn in_flow<T>(&self, node: NodeId, ask: impl FnOnce(&Flow<'_>) -> T) -> T {
        let source = self.source();
        let scope = ModuleScope::new(source, &read_query);
        let method = std::iter::once(node)
            .chain(source.tree.ancestors(node))
            .find(|node| source.tree.kind(*node).is_method());
        match method {
            Some(method) => {
                let parameters = self.parameter_shapes(source.tree.range(method));
                ask(&Flow::of_method(&scope, method, &parameters))
            }
            None => ask(&Flow::of_body(&scope)),
        }
    }

    fn parameter_shapes(&self, method: TextRange) -> Vec<(SmolStr, Shape)> {
        let module = self.of.project.module(self.of.module);
        let method = module.and_then(|module| module.facts.method_at(self.in_document(method).start));
        let parameters = method.into_iter().flat_map(|method| method.parameters());
        parameters.map(|parameter| (parameter.name.clone(), parameter.shape.clone())).collect()
    }

    pub(crate) fn type_of(&self, node: NodeId) -> Type {
        let shape = self.in_flow(node, |flow| flow.shape_of(node));
        self.of.scope().type_of(&shape)
    }

    /// What a name node means; `None` if nobody knows.
    pub(crate) fn meaning(&self, name: NodeId) -> Option<Meaning> {
        let tree = self.source().tree;
        let text = self.source().node_text(name);
        let scope = self.of.scope();
        let known = |definition| Meaning::Known { definition, receiver: None };
        match tree.node(name).role {
            Role::Property => {
                let access = tree.parent(name)?;
                let receiver = self.type_of(tree.child(access, Role::Object)?);
                let member = scope.member(&receiver, text).found()?;
                Some(Meaning::Known { definition: member.definition, receiver: Some(receiver) })
            }
            Role::Type => match scope.resolve_type(text) {
                Type::Platform(found) => Some(known(Definition::PlatformType(found))),
                Type::ScriptClass(module) => Some(known(Definition::Module(module))),
                _ => None,
            },
            Role::Name if self.is_method_name(name) => scope.resolve_call(text).map(known),
            Role::Function => scope.resolve_call(text).map(known),
            _ => self.local(name).or_else(|| scope.resolve_name(text).map(known)),
        }
    }

    fn is_method_name(&self, name: NodeId) -> bool {
        let tree = self.source().tree;
        tree.parent(name).is_some_and(|parent| tree.kind(parent).is_method())
    }

    fn local(&self, name: NodeId) -> Option<Meaning> {
        let source = self.source();
        let text = source.node_text(name);
        if !self.in_flow(name, |flow| flow.is_local(text)) {
            return None;
        }
        let tree = source.tree;
        let method = tree.enclosing_method(name).unwrap_or(SyntaxTree::ROOT);
        let is_it = |node: &NodeId| {
            tree.kind(*node) == NodeKind::Name
                && !matches!(tree.node(*node).role, Role::Property | Role::Function | Role::Type)
                && base::same_name(source.node_text(*node), text)
        };
        let declaration = tree.descendants(method).find(is_it)?;
        let declaration = self.in_document(tree.range(declaration));
        Some(Meaning::Local { name: SmolStr::new(text), declaration })
    }
}

/// Reads the text of a query for local types.
pub(crate) fn read_query(text: &str) -> Option<Arc<QueryShape>> {
    Some(Arc::new(semantics::query_text_shape(text)))
}
