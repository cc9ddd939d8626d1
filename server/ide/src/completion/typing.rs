//! Types of what is written before the cursor, also where the text around it is broken: then the method is read once
//! more up to the cursor, with everything closed that is open.

use base::TextRange;
use platform::Names;
use semantics::{DocComment, Flow, LocalVariable, ModuleScope, Scope, Shape, Type};
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Source, SyntaxTree, Token, TokenKind, parse_text};

use crate::completion::position::CompletionPosition;
use crate::meaning::{ProjectDocument, read_query};

/// See the module.
pub(crate) struct Typing<'a> {
    of: ProjectDocument<'a>,
    position: &'a CompletionPosition,
}

impl<'a> Typing<'a> {
    pub(crate) fn new(of: ProjectDocument<'a>, position: &'a CompletionPosition) -> Self {
        Self { of, position }
    }

    fn scope(&self) -> Scope<'a> {
        self.of.scope()
    }

    /// Text of a range of the document that lies in the section.
    pub(crate) fn text(&self, range: TextRange) -> &'a str {
        self.inside(range).slice(self.position.section.source().text)
    }

    fn inside(&self, range: TextRange) -> TextRange {
        let start = self.position.section.range.start;
        TextRange { start: range.start.saturating_sub(start), end: range.end.saturating_sub(start) }
    }

    /// Type of the expression that a range of the document holds.
    pub(crate) fn type_of(&self, range: TextRange) -> Type {
        let range = self.inside(range);
        let source = self.position.section.source();
        let whole = self.node(source.tree, range).map(|node| self.shape_in(source, node));
        let known = whole.map_or(Type::Unknown, |shape| self.scope().type_of(&shape));
        if !known.is_unknown() || range.is_empty() {
            return known;
        }
        let Some(repaired) = self.repaired(range.end) else { return Type::Unknown };
        let source = repaired.source();
        let node = expression_at(source.tree, range);
        let shape = node.map_or(Shape::Unknown, |node| self.shape_in(source, node));
        self.scope().type_of(&shape)
    }

    /// Variables and parameters with a value before the cursor.
    pub(crate) fn locals(&self) -> Vec<LocalVariable> {
        let offset = self.inside(self.position.word).start;
        let source = self.position.section.source();
        let around = method_at(source.tree, offset);
        if around.is_some() || !self.position.is_in_method() {
            return self.in_flow(source, around, |flow| flow.locals_at(offset));
        }
        let Some(repaired) = self.repaired(offset) else { return Vec::new() };
        let source = repaired.source();
        let last =
            source.tree.children(SyntaxTree::ROOT).filter(|node| source.tree.kind(*node).is_method()).last();
        self.in_flow(source, last, |flow| flow.locals_at(offset))
    }

    fn shape_in(&self, source: Source<'_>, node: NodeId) -> Shape {
        self.in_flow(source, source.tree.enclosing_method(node), |flow| flow.shape_of(node))
    }

    fn in_flow<T>(&self, source: Source<'_>, method: Option<NodeId>, ask: impl FnOnce(&Flow<'_>) -> T) -> T {
        let module = self.of.project.module(self.of.module);
        let variables = module.iter().flat_map(|module| module.variables());
        let variables: Vec<SmolStr> = variables.map(|(_, variable)| variable.fact().name.clone()).collect();
        let scope =
            ModuleScope::new(source, &read_query).with_variables(variables.iter().map(SmolStr::as_str));
        match method {
            Some(method) => ask(&Flow::of_method(&scope, method, &self.parameters(source, method))),
            None => ask(&Flow::of_body(&scope)),
        }
    }

    /// What the facts say about the parameters; of a method that is too broken for facts, what its comment says.
    fn parameters(&self, source: Source<'_>, method: NodeId) -> Vec<(SmolStr, Shape)> {
        let start = source.tree.range(method).start + self.position.section.range.start;
        let module = self.of.project.module(self.of.module);
        if let Some(method) = module.and_then(|module| module.facts.method_at(start)) {
            return method.parameters().map(|it| (it.name.clone(), it.shape.clone())).collect();
        }
        let comments = source.leading_comments(source.tree.token_span(method).start);
        let (Some(first), Some(last)) = (comments.first(), comments.last()) else { return Vec::new() };
        let tokens = source.tree.tokens();
        let range = TextRange { start: tokens[*first].start, end: tokens[*last].end };
        let described = DocComment::parse(source.slice(range)).parameters;
        described.into_iter().map(|parameter| (parameter.name, parameter.shape)).collect()
    }

    /// The expression in the tree of the section, if the tree can be trusted there.
    fn node(&self, tree: &SyntaxTree, range: TextRange) -> Option<NodeId> {
        let node = expression_at(tree, range)?;
        let is_placed = tree.enclosing_method(node).is_some() || !self.position.is_in_method();
        is_placed.then_some(node)
    }

    /// The section up to an offset, with all that is open closed.
    fn repaired(&self, end: u32) -> Option<Repaired> {
        let source = self.position.section.source();
        let before = source.text.get(..end as usize)?;
        let count = source.tree.tokens().partition_point(|token| token.end <= end);
        let tokens = source.tree.tokens().get(..count)?;
        let mut text = String::with_capacity(before.len() + 100);
        text.push_str(before);
        let script = self.position.script;
        for bracket in open_brackets(tokens) {
            text.push_str(bracket);
        }
        let mut words = Vec::new();
        words.push(match self.position.head {
            Some(TokenKind::If | TokenKind::Elsif) => TokenKind::Then,
            Some(TokenKind::While | TokenKind::For) => TokenKind::Do,
            _ => TokenKind::Semicolon,
        });
        for opened in self.position.blocks.statements.iter().rev() {
            match opened {
                TokenKind::If | TokenKind::Else => words.push(TokenKind::EndIf),
                TokenKind::While | TokenKind::For => words.push(TokenKind::EndDo),
                TokenKind::Try => words.extend([TokenKind::Except, TokenKind::EndTry]),
                _ => words.push(TokenKind::EndTry),
            }
            words.push(TokenKind::Semicolon);
        }
        for word in words {
            text.push('\n');
            text.push_str(if word == TokenKind::Semicolon { ";" } else { script.keyword(word) });
        }
        match self.position.blocks.method {
            Some(TokenKind::Function) => text.push_str(script.pick("\nКонецФункции", "\nEndFunction")),
            Some(_) => text.push_str(script.pick("\nКонецПроцедуры", "\nEndProcedure")),
            None => {}
        }
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(&text), TextRange::from(0..text.len()), &text);
        Some(Repaired { text, tree })
    }
}

/// A section that was read once more.
struct Repaired {
    text: String,
    tree: SyntaxTree,
}

impl Repaired {
    fn source(&self) -> Source<'_> {
        Source { text: &self.text, tree: &self.tree }
    }
}

/// Closing brackets for those that are open in the last statement.
fn open_brackets(tokens: &[Token]) -> Vec<&'static str> {
    let mut closing = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::LeftParen => closing.push(")"),
            TokenKind::LeftBracket => closing.push("]"),
            TokenKind::RightParen | TokenKind::RightBracket => {
                closing.pop();
            }
            TokenKind::Semicolon | TokenKind::Then | TokenKind::Do | TokenKind::EndProcedure => {
                closing.clear()
            }
            _ => {}
        }
    }
    closing.reverse();
    closing
}

/// The expression that fills a range.
fn expression_at(tree: &SyntaxTree, range: TextRange) -> Option<NodeId> {
    let token = tree.token_at(range.end.checked_sub(1)?)?;
    let node = tree.node_of_token(token);
    let mut around = std::iter::once(node).chain(tree.ancestors(node));
    around.find(|node| {
        let kind = tree.kind(*node);
        tree.range(*node) == range && kind.is_expression() && kind != NodeKind::Arguments
    })
}

fn method_at(tree: &SyntaxTree, offset: u32) -> Option<NodeId> {
    let is_around = |node: &NodeId| tree.kind(*node).is_method() && tree.range(*node).touches(offset);
    tree.children(SyntaxTree::ROOT).find(is_around)
}

/// A name that is alike in both languages.
pub(crate) fn plain(name: &str) -> Names {
    Names { ru: SmolStr::new(name), ..Names::default() }
}
