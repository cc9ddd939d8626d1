//! Declarations of a section: methods with parameters, variables of the module.

use base::TextRange;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::doc_comment::{DocComment, leading_types};
use crate::facts::code_shapes::CodeShapes;
use crate::facts::interner::Interner;
use crate::facts::methods::{AnnotationFact, ContextDirective, MethodFact, ParameterFact, VariableFact};
use crate::facts::place::Place;
use crate::facts::tracker::PlaceTracker;
use crate::shape::Shape;

pub(crate) struct Declarations<'a> {
    source: Source<'a>,
    places: PlaceTracker<'a>,
    methods: Vec<MethodFact>,
    variables: Vec<VariableFact>,
}

impl<'a> Declarations<'a> {
    pub(crate) fn new(source: Source<'a>) -> Self {
        Self { source, places: PlaceTracker::new(source), methods: Vec::new(), variables: Vec::new() }
    }

    /// Gives the names their final indexes.
    pub(crate) fn finish(mut self, indexes: &[u32]) -> (Box<[MethodFact]>, Box<[VariableFact]>) {
        for method in &mut self.methods {
            method.name_index = indexes[method.name_index as usize];
        }
        for variable in &mut self.variables {
            variable.name_index = indexes[variable.name_index as usize];
        }
        (self.methods.into(), self.variables.into())
    }

    pub(crate) fn method(&mut self, names: &mut Interner<'a>, shapes: &mut CodeShapes<'a>, id: NodeId) {
        let tree = self.source.tree;
        let (directive, annotations) = self.annotations(id);
        let name = tree.child(id, Role::Name);
        let text = name.map_or("", |name| self.source.node_text(name));
        let description = self.description(id);
        let doc = DocComment::parse(self.source.slice(description));
        let is_function = tree.kind(id) == NodeKind::Function;
        let parameters = self.parameters(id, &doc);
        let described = if is_function { described_return(&doc) } else { Shape::Unknown };
        let returns = shapes.method(id, &parameters, described);
        let fact = MethodFact {
            name: text.into(),
            name_index: names.name(text),
            place: self.place(name.unwrap_or(id)),
            range: tree.range(id),
            end_line: tree.last_token(id).map_or(0, |token| token.line),
            description,
            is_function,
            is_export: tree.own_token(id, TokenKind::Export).is_some(),
            is_async: tree.own_token(id, TokenKind::Async).is_some(),
            directive,
            annotations,
            parameters,
            is_deprecated: doc.deprecated.is_some(),
            returns,
        };
        self.methods.push(fact);
    }

    pub(crate) fn variables(&mut self, names: &mut Interner<'a>, declaration: NodeId) {
        let tree = self.source.tree;
        let (directive, _) = self.annotations(declaration);
        let description = self.variable_description(declaration);
        let text = self.source.slice(description);
        let shape = leading_types(text.trim_start_matches(['/', ' ']).lines().next().unwrap_or_default());
        let is_variable = |child: &NodeId| tree.kind(*child) == NodeKind::Variable;
        for variable in tree.children(declaration).filter(is_variable) {
            let Some(name) = tree.child(variable, Role::Name) else { continue };
            let text = self.source.node_text(name);
            let place = self.place(name);
            self.variables.push(VariableFact {
                name: text.into(),
                name_index: names.name(text),
                place,
                is_export: tree.own_token(variable, TokenKind::Export).is_some(),
                directive,
                description,
                shape: shape.clone(),
            });
        }
    }

    fn parameters(&mut self, method: NodeId, doc: &DocComment) -> Box<[ParameterFact]> {
        let tree = self.source.tree;
        let Some(list) = tree.child(method, Role::Parameters) else { return Box::default() };
        let parameters = tree.children(list).filter_map(|parameter| {
            let name = tree.child(parameter, Role::Name)?;
            let default = tree.child(parameter, Role::Default);
            let text = self.source.node_text(name);
            let shape = match described_parameter(doc, text) {
                Shape::Unknown => default.map_or(Shape::Unknown, |value| self.default_shape(value)),
                shape => shape,
            };
            Some(ParameterFact {
                name: text.into(),
                place: self.place(name),
                is_by_value: tree.own_token(parameter, TokenKind::Val).is_some(),
                default: default.map(|value| self.source.node_text(value).into()),
                shape,
            })
        });
        parameters.collect()
    }

    fn default_shape(&self, value: NodeId) -> Shape {
        match self.source.tree.kind(value) {
            NodeKind::String => Shape::Named(SmolStr::new_static("Строка")),
            NodeKind::Number | NodeKind::Unary => Shape::Named(SmolStr::new_static("Число")),
            NodeKind::Boolean => Shape::Named(SmolStr::new_static("Булево")),
            NodeKind::Date => Shape::Named(SmolStr::new_static("Дата")),
            _ => Shape::Unknown,
        }
    }

    /// The context that a directive names, and the other annotations.
    fn annotations(&mut self, id: NodeId) -> (ContextDirective, Box<[AnnotationFact]>) {
        let tree = self.source.tree;
        let mut directive = ContextDirective::None;
        let mut annotations = Vec::new();
        for annotation in tree.children(id).filter(|child| tree.kind(*child) == NodeKind::Annotation) {
            let Some(name) = tree.child(annotation, Role::Name) else { continue };
            let text = self.source.node_text(name);
            if let Some(context) = context_directive(text) {
                directive = context;
                continue;
            }
            let argument = self.first_argument(annotation);
            annotations.push(AnnotationFact { name: text.into(), argument, place: self.place(name) });
        }
        (directive, annotations.into())
    }

    fn first_argument(&self, annotation: NodeId) -> SmolStr {
        let tree = self.source.tree;
        let argument = tree
            .child_of_kind(annotation, NodeKind::AnnotationArguments)
            .and_then(|list| tree.children(list).next())
            .and_then(|argument| tree.child(argument, Role::Value));
        let text = argument.map_or("", |argument| self.source.node_text(argument));
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().into()
    }

    fn place(&mut self, name: NodeId) -> Place {
        let Some(token) = self.source.tree.first_token(name) else { return Place::default() };
        self.places.place(token.start, token.end, token.line)
    }

    /// Comments above the first annotation, or between annotations and the keyword.
    fn description(&self, method: NodeId) -> TextRange {
        let tree = self.source.tree;
        let span = tree.token_span(method);
        let is_keyword = |kind| matches!(kind, TokenKind::Async | TokenKind::Procedure | TokenKind::Function);
        let keyword = span.clone().find(|index| is_keyword(tree.tokens()[*index].kind));
        let mut starts = [Some(span.start), keyword].into_iter().flatten();
        starts.find_map(|index| self.comments_above(index)).unwrap_or_default()
    }

    fn comments_above(&self, index: usize) -> Option<TextRange> {
        let tokens = self.source.tree.tokens();
        let comments = self.source.leading_comments(index);
        // What stands behind code describes that code.
        let is_behind_code = |comment: usize| {
            comment.checked_sub(1).is_some_and(|before| {
                tokens[before].line == tokens[comment].line && tokens[before].kind != TokenKind::Comment
            })
        };
        let first = comments.iter().find(|comment| !is_behind_code(**comment))?;
        Some(tokens[*first].range().cover(tokens[*comments.last()?].range()))
    }

    /// Comments above a declaration, else one behind it on its line.
    fn variable_description(&self, declaration: NodeId) -> TextRange {
        let tree = self.source.tree;
        let span = tree.token_span(declaration);
        let behind = || {
            let line = tree.last_token(declaration)?.line;
            let on_line = tree.tokens()[span.end..].iter().take_while(|token| token.line == line);
            on_line.filter(|token| token.kind == TokenKind::Comment).last().map(|token| token.range())
        };
        self.comments_above(span.start).or_else(behind).unwrap_or_default()
    }
}

fn described_return(doc: &DocComment) -> Shape {
    match (&doc.returns, &doc.described_at) {
        (Some(returns), _) => returns.shape.clone(),
        (None, Some(path)) => Shape::SeeReference(path.clone()),
        (None, None) => Shape::Unknown,
    }
}

/// A method that is described elsewhere has its parameters there: `Модуль.Метод.Параметр`.
fn described_parameter(doc: &DocComment, name: &str) -> Shape {
    match (doc.parameter(name), &doc.described_at) {
        (Some(parameter), _) => parameter.shape.clone(),
        (None, Some(path)) => Shape::SeeReference(SmolStr::new(format!("{path}.{name}"))),
        (None, None) => Shape::Unknown,
    }
}

/// `&НаСервере` and the like, in both languages.
pub(crate) fn context_directive(name: &str) -> Option<ContextDirective> {
    const NAMES: [(&str, &str, ContextDirective); 5] = [
        ("наклиенте", "atclient", ContextDirective::AtClient),
        ("насервере", "atserver", ContextDirective::AtServer),
        ("насерверебезконтекста", "atservernocontext", ContextDirective::AtServerNoContext),
        ("наклиентенасервере", "atclientatserver", ContextDirective::AtClientAtServer),
        (
            "наклиентенасерверебезконтекста",
            "atclientatservernocontext",
            ContextDirective::AtClientAtServerNoContext,
        ),
    ];
    let folded = base::fold_case(name);
    let known = NAMES.iter().find(|(russian, english, _)| folded == *russian || folded == *english);
    known.map(|(_, _, directive)| *directive)
}
