//! What stands at a place of a document, as the project sees it: the ground of every feature that knows names and types.

use std::sync::Arc;

use base::TextRange;
use semantics::{
    ContextDirective, Definition, Flow, ModuleId, ModuleScope, PlatformType, Project, QueryShape, Scope,
    Shape, Type, query_text_shape,
};
use smol_str::SmolStr;
use syntax::{Document, NodeId, NodeKind, Role, SectionTree, Source, SyntaxTree, Token, TokenKind};

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

    pub(crate) fn view(self) -> ModuleView<'a> {
        ModuleView { project: self.project, module: self.module }
    }

    /// The section around an offset with what is needed to understand it.
    pub(crate) fn section(self, offset: u32) -> Section<'a> {
        Section { of: self.view(), tree: self.document.section_at(offset) }
    }

    /// The sections that a range touches, in order.
    pub(crate) fn sections_in(self, range: TextRange) -> impl Iterator<Item = Section<'a>> {
        let of = self.view();
        self.document.sections_in(range).map(move |tree| Section { of, tree })
    }
}

/// A module of a project, open or not.
#[derive(Clone, Copy)]
pub(crate) struct ModuleView<'a> {
    pub(crate) project: &'a Project,
    pub(crate) module: ModuleId,
}

impl<'a> ModuleView<'a> {
    pub(crate) fn scope(self) -> Scope<'a> {
        Scope::new(self.project, self.module)
    }

    /// A part of the module's text: a method, or everything.
    pub(crate) fn section(self, text: &str, range: TextRange) -> Section<'a> {
        Section { of: self, tree: SectionTree::parse(text, range) }
    }
}

/// One section of a module: usually a method with the comments above.
pub(crate) struct Section<'a> {
    pub(crate) of: ModuleView<'a>,
    pub(crate) tree: SectionTree,
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
        let module = self.of.project.module(self.of.module);
        let variables = module.iter().flat_map(|module| module.variables());
        let variables: Vec<SmolStr> = variables.map(|(_, variable)| variable.fact().name.clone()).collect();
        let scope =
            ModuleScope::new(source, &read_query).with_variables(variables.iter().map(|name| name.as_str()));
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
        self.in_flow(node, |flow| self.type_in(flow, node))
    }

    pub(crate) fn type_in(&self, flow: &Flow<'_>, node: NodeId) -> Type {
        self.of.scope().type_of(&flow.shape_of(node))
    }

    /// What a name node means; `None` if nobody knows.
    pub(crate) fn meaning(&self, name: NodeId) -> Option<Meaning> {
        if self.source().tree.node(name).role == Role::Property {
            return self.in_flow(name, |flow| self.meaning_in(flow, name));
        }
        self.plain_meaning(name)
    }

    /// The same for a caller that has the types of the method around the name.
    pub(crate) fn meaning_in(&self, flow: &Flow<'_>, name: NodeId) -> Option<Meaning> {
        let tree = self.source().tree;
        if tree.node(name).role != Role::Property {
            return self.plain_meaning(name);
        }
        let access = tree.parent(name)?;
        let receiver = self.type_in(flow, tree.child(access, Role::Object)?);
        let member = self.of.scope().member(&receiver, self.source().node_text(name)).found()?;
        Some(Meaning::Known { definition: member.definition, receiver: Some(receiver) })
    }

    /// What a name means that nothing stands before.
    fn plain_meaning(&self, name: NodeId) -> Option<Meaning> {
        let tree = self.source().tree;
        let parent = tree.parent(name).map(|parent| tree.kind(parent));
        if matches!(parent, Some(NodeKind::Annotation | NodeKind::AnnotationArgument | NodeKind::Label)) {
            return None;
        }
        match tree.node(name).role {
            Role::None if parent == Some(NodeKind::Error) => self.in_broken_code(name),
            Role::Type | Role::Function => self.global_meaning(name),
            Role::Name if self.is_method_name(name) => self.global_meaning(name),
            _ => self.local(name).or_else(|| self.global_meaning(name)),
        }
    }

    /// What a name without receiver means outside its method.
    fn global_meaning(&self, name: NodeId) -> Option<Meaning> {
        let (text, scope) = (self.source().node_text(name), self.of.scope());
        let known = |definition| Meaning::Known { definition, receiver: None };
        match self.source().tree.node(name).role {
            Role::Type => self.type_meaning(text),
            Role::Function => scope.resolve_call(text).map(known),
            Role::Name if self.is_method_name(name) => scope.resolve_call(text).map(known),
            _ => scope.resolve_name(text).map(known),
        }
    }

    /// The tree has no shape there; the tokens around tell.
    fn in_broken_code(&self, name: NodeId) -> Option<Meaning> {
        let source = self.source();
        let tokens = source.tree.tokens();
        let token = source.tree.token_span(name).start;
        let text = source.node_text(name);
        let before = previous_code(tokens, token).map(|index| tokens[index].kind);
        if before == Some(TokenKind::Dot) {
            return self.behind_dot(token);
        }
        let scope = self.of.scope();
        let known = |definition| Meaning::Known { definition, receiver: None };
        let next = source.tree.next_code_token(token + 1).map(|token| token.kind);
        match (before, next) {
            (Some(TokenKind::New), _) => self.type_meaning(text),
            (_, Some(TokenKind::LeftParen)) => scope.resolve_call(text).map(known),
            _ => self.local(name).or_else(|| scope.resolve_name(text).map(known)),
        }
    }

    /// What a name behind `Новый` means.
    fn type_meaning(&self, name: &str) -> Option<Meaning> {
        let definition = match self.of.scope().resolve_type(name) {
            Type::Platform(found) => Definition::PlatformType(found),
            Type::ScriptClass(module) => Definition::Module(module),
            _ => self.platform_type(name)?,
        };
        Some(Meaning::Known { definition, receiver: None })
    }

    /// The record of a type that we know better than the platform's tables: `Запрос`.
    fn platform_type(&self, name: &str) -> Option<Definition> {
        let dialect = self.of.project.dialect(self.of.module);
        let id = self.of.project.platform(dialect).type_id(name)?;
        Some(Definition::PlatformType(PlatformType { dialect, id }))
    }

    pub(crate) fn is_method_name(&self, name: NodeId) -> bool {
        let tree = self.source().tree;
        tree.parent(name).is_some_and(|parent| tree.kind(parent).is_method())
    }

    fn local(&self, name: NodeId) -> Option<Meaning> {
        let source = self.source();
        let text = source.node_text(name);
        let (declaration, is_declared) = self.local_declaration(name)?;
        if !is_declared && self.belongs_to_module(name, text) {
            return None;
        }
        let declaration = self.in_document(source.tree.range(declaration));
        Some(Meaning::Local { name: SmolStr::new(text), declaration })
    }

    /// Where a name of a method is declared, or else assigned first; true if it is declared.
    fn local_declaration(&self, name: NodeId) -> Option<(NodeId, bool)> {
        let source = self.source();
        let tree = source.tree;
        let text = source.node_text(name);
        let method = tree.enclosing_method(name);
        let mut assigned = None;
        for node in tree.descendants(method.unwrap_or(SyntaxTree::ROOT)) {
            if tree.kind(node) != NodeKind::Name || !base::same_name(source.node_text(node), text) {
                continue;
            }
            let Some(parent) = tree.parent(node) else { continue };
            match (tree.kind(parent), tree.node(node).role) {
                (NodeKind::Parameter | NodeKind::Variable, Role::Name)
                    if method.is_some() && tree.enclosing_method(node) == method =>
                {
                    return Some((node, true));
                }
                (NodeKind::Assignment, Role::Left) | (NodeKind::For | NodeKind::ForEach, Role::Variable)
                    if assigned.is_none() && tree.enclosing_method(node) == method =>
                {
                    assigned = Some((node, false));
                }
                _ => {}
            }
        }
        assigned
    }

    /// True for a variable of the module and for a member of its object or form: assigning it makes no variable of the
    /// method.
    fn belongs_to_module(&self, name: NodeId, text: &str) -> bool {
        let offset = self.in_document(self.source().tree.range(name)).start;
        let module = self.of.project.module(self.of.module);
        let method = module.and_then(|module| module.facts.method_at(offset));
        let has_context = !method.is_some_and(|method| {
            matches!(
                method.directive,
                ContextDirective::AtServerNoContext | ContextDirective::AtClientAtServerNoContext
            )
        });
        let definition = self.of.scope().resolve_name(text).filter(|_| has_context);
        definition.is_some_and(|definition| {
            is_of_context(&definition)
                || matches!(definition, Definition::PlatformMember { .. } | Definition::This { .. })
        })
    }

    /// What a name behind a dot means where the code has no tree: the names before it are followed one by one.
    fn behind_dot(&self, token: usize) -> Option<Meaning> {
        let source = self.source();
        let tokens = source.tree.tokens();
        let mut names = vec![token];
        let mut at = token;
        while let Some(dot) = previous_code(tokens, at).filter(|dot| tokens[*dot].kind == TokenKind::Dot) {
            at = previous_code(tokens, dot).filter(|name| tokens[*name].kind == TokenKind::Identifier)?;
            names.push(at);
        }
        let first = names.pop().filter(|_| !names.is_empty())?;
        let mut receiver = self.type_of_first(first);
        let scope = self.of.scope();
        while names.len() > 1 {
            let name = source.token_text(&tokens[names.pop()?]);
            let member = scope.member(&receiver, name).found()?;
            receiver = scope.member_type(&receiver, &member);
        }
        let member = scope.member(&receiver, source.token_text(&tokens[token])).found()?;
        Some(Meaning::Known { definition: member.definition, receiver: Some(receiver) })
    }

    /// Type of a name that a chain begins with.
    fn type_of_first(&self, token: usize) -> Type {
        let source = self.source();
        let token = &source.tree.tokens()[token];
        let name = source.token_text(token);
        let node = source.tree.node_of_token(source.tree.token_at_or_after(token.start));
        let local = self.in_flow(node, |flow| flow.is_local(name).then(|| flow.shape_at(name, token.start)));
        let scope = self.of.scope();
        match local {
            Some(shape) => scope.type_of(&shape),
            None => scope.resolve_name(name).map_or(Type::Unknown, |it| scope.type_of_definition(&it)),
        }
    }
}

fn previous_code(tokens: &[Token], before: usize) -> Option<usize> {
    tokens.get(..before)?.iter().rposition(|token| !token.kind.is_trivia())
}

/// Data of the object, the record set or the form that a module belongs to.
pub(crate) fn is_of_context(definition: &Definition) -> bool {
    matches!(
        definition,
        Definition::Variable { .. }
            | Definition::Attribute(_)
            | Definition::StandardAttribute { .. }
            | Definition::Section { .. }
            | Definition::FormAttribute { .. }
    )
}

/// Reads the text of a query for local types.
pub(crate) fn read_query(text: &str) -> Option<Arc<QueryShape>> {
    Some(Arc::new(query_text_shape(text)))
}
