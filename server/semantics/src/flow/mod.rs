//! Local type inference: what the variables and expressions of one method hold at each point, as far as the text of
//! the module tells. One walk over the statements notes every change of a variable; expressions are looked at when
//! somebody asks. Nothing outside the module is known here, see `Shape` for what stays symbolic.

mod analysis;
mod branches;
mod calls;
mod comments;
mod constructors;
mod environment;
mod expressions;
mod mutations;
mod names;
mod narrowing;
mod objects;
mod shapes;
mod statements;
mod syntax_text;
#[cfg(test)]
mod tests;
mod types;

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use self::analysis::Analysis;
use self::names::name_key;
use self::types::TypeId;
use crate::query::QueryShape;
use crate::shape::Shape;

/// Conditions around an expression that are taken into account.
const MAX_CONDITIONS: usize = 64;
/// Visits of a node on average, when loops are walked through again.
const MAX_REPEATS: u32 = 4;

/// Reads a query text: quotes are single and lines have no `|`. Runs only for texts that somebody asks about.
pub type ReadQuery<'a> = &'a dyn Fn(&str) -> Option<Arc<QueryShape>>;

/// What all methods of a module share.
pub struct ModuleScope<'a> {
    source: Source<'a>,
    read_query: ReadQuery<'a>,
    /// Keys of the names that `Перем` declares outside methods.
    module_variables: FxHashSet<u64>,
}

impl<'a> ModuleScope<'a> {
    pub fn new(source: Source<'a>, read_query: ReadQuery<'a>) -> Self {
        let tree = source.tree;
        let of_kind = |parent, kind| tree.children(parent).filter(move |child| tree.kind(*child) == kind);
        let variables = of_kind(SyntaxTree::ROOT, NodeKind::VarDeclaration)
            .flat_map(|declaration| of_kind(declaration, NodeKind::Variable))
            .filter_map(|variable| tree.child(variable, Role::Name));
        let module_variables = variables.map(|name| name_key(source.node_text(name))).collect();
        Self { source, read_query, module_variables }
    }

    /// For a source that is a part of its module: variables that the rest of it declares.
    pub fn with_variables<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.module_variables.extend(names.into_iter().map(name_key));
        self
    }
}

/// A variable of a method that has a value somewhere before a place.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalVariable {
    /// As written where it first appears.
    pub name: SmolStr,
    pub shape: Shape,
    /// Where it first appears.
    pub offset: u32,
}

/// Types in one method, or in the code outside methods.
pub struct Flow<'a> {
    analysis: RefCell<Analysis<'a>>,
    is_function: bool,
}

impl<'a> Flow<'a> {
    /// Analyses a procedure or a function. `parameters` says what is known about some of its parameters.
    pub fn of_method(scope: &'a ModuleScope<'a>, method: NodeId, parameters: &[(SmolStr, Shape)]) -> Self {
        let tree = scope.source.tree;
        let mut analysis = Analysis::new(scope, false);
        analysis.repeats_left = MAX_REPEATS * (tree.subtree_end(method).0 - method.0);
        analysis.look_for_directives(tree.range(method));
        if let Some(list) = tree.child(method, Role::Parameters) {
            for parameter in tree.children(list).filter(|child| tree.kind(*child) == NodeKind::Parameter) {
                analysis.parameter(parameter, parameters);
            }
        }
        analysis.block_of(method);
        let is_function = tree.kind(method) == NodeKind::Function;
        Self::finish(analysis, is_function)
    }

    /// Analyses the statements outside methods.
    pub fn of_body(scope: &'a ModuleScope<'a>) -> Self {
        let tree = scope.source.tree;
        let mut analysis = Analysis::new(scope, true);
        analysis.repeats_left = MAX_REPEATS * tree.nodes().len() as u32;
        analysis.look_for_directives(tree.range(SyntaxTree::ROOT));
        analysis.list(SyntaxTree::ROOT);
        Self::finish(analysis, false)
    }

    fn finish(mut analysis: Analysis<'a>, is_function: bool) -> Self {
        analysis.environment.finish();
        analysis.asked_at = Some(0);
        Self { analysis: RefCell::new(analysis), is_function }
    }

    /// The shape of an expression. A name that is assigned has the shape that it gets; a name behind a dot and a
    /// called name have the shape of the access or of the call.
    pub fn shape_of(&self, node: NodeId) -> Shape {
        self.analysis.borrow_mut().shape_of_node(node)
    }

    /// What a name holds behind an offset, also where the text is incomplete.
    pub fn shape_at(&self, name: &str, offset: u32) -> Shape {
        let mut analysis = self.analysis.borrow_mut();
        let epoch = analysis.epoch_of(offset);
        analysis.ask(epoch);
        let value = analysis.name_value(name);
        analysis.shape(value)
    }

    /// The name belongs to a variable or a parameter of the method.
    pub fn is_local(&self, name: &str) -> bool {
        let analysis = self.analysis.borrow();
        analysis.variable(name).is_some_and(|index| !analysis.variables[index].is_of_module)
    }

    /// Variables and parameters that have a value or are declared before an offset, in the order of the text.
    pub fn locals_at(&self, offset: u32) -> Vec<LocalVariable> {
        let mut analysis = self.analysis.borrow_mut();
        let epoch = analysis.epoch_of(offset);
        let mut locals = Vec::new();
        for index in 0..analysis.variables.len() {
            let variable = &analysis.variables[index];
            if variable.is_of_module || variable.offset >= offset {
                continue;
            }
            let (name, offset, is_declared) = (variable.name.clone(), variable.offset, variable.is_declared);
            analysis.ask(epoch);
            let value = analysis.value_of(index);
            if value != TypeId::UNASSIGNED || is_declared {
                locals.push(LocalVariable { name, shape: analysis.shape(value), offset });
            }
        }
        locals.sort_by_key(|local| local.offset);
        locals
    }

    /// What a function returns; unknown for procedures.
    pub fn return_shape(&self) -> Shape {
        if !self.is_function {
            return Shape::Unknown;
        }
        let mut analysis = self.analysis.borrow_mut();
        let returned = analysis.returned.clone();
        let shapes = returned.into_iter().map(|node| analysis.shape_of_node(node)).collect();
        shapes::union(shapes, false)
    }

    /// Variables of the module that are assigned here, with everything they get.
    pub fn assigned_module_variables(&self) -> Vec<(SmolStr, Shape)> {
        let mut analysis = self.analysis.borrow_mut();
        let mut assigned = Vec::new();
        for index in 0..analysis.variables.len() {
            let variable = &analysis.variables[index];
            if !variable.is_of_module {
                continue;
            }
            let (name, slot) = (variable.name.clone(), variable.slot);
            let itself = analysis.global(&name);
            let values: Vec<(u32, u32)> = analysis.environment.all(slot).collect();
            let mut shapes = Vec::new();
            for (epoch, value) in values {
                if value != TypeId::UNASSIGNED.0 && value != itself.0 {
                    analysis.ask(epoch);
                    shapes.push(analysis.shape(TypeId(value)));
                }
            }
            assigned.push((name, shapes::union(shapes, false)));
        }
        assigned
    }
}

impl Analysis<'_> {
    fn parameter(&mut self, parameter: NodeId, known: &[(SmolStr, Shape)]) {
        let tree = self.tree;
        let Some(name) = tree.child(parameter, Role::Name) else { return };
        let offset = tree.range(name).start;
        let name = self.source.node_text(name);
        let variable = self.declare(name, offset, true);
        let shape = known.iter().find(|(known, _)| base::same_name(known, name)).map(|(_, shape)| shape);
        let value = match (shape, tree.child(parameter, Role::Default)) {
            (Some(shape), _) => self.import(shape, 0),
            (None, Some(default)) if tree.kind(default) != NodeKind::Undefined => self.eval(default),
            (None, _) => TypeId::UNKNOWN,
        };
        let epoch = tree.token_span(parameter).start as u32;
        self.assign(variable, value, epoch);
    }

    /// Moves the question to another place.
    fn ask(&mut self, epoch: u32) {
        self.asked_at = Some(epoch);
        self.overrides.clear();
        self.depth = 0;
    }

    /// The last token before an offset sees what is known there.
    fn epoch_of(&self, offset: u32) -> u32 {
        self.tree.token_at_or_after(offset).saturating_sub(1) as u32
    }

    fn shape_of_node(&mut self, node: NodeId) -> Shape {
        let tree = self.tree;
        let parent = tree.parent(node);
        let kind = parent.map(|parent| tree.kind(parent));
        let mut asked = node;
        let mut epoch = tree.token_span(node).start;
        match (parent, kind, tree.node(node).role) {
            (Some(parent), Some(NodeKind::Assignment), Role::Left) if tree.kind(node) == NodeKind::Name => {
                epoch = tree.token_span(parent).end;
            }
            (Some(parent), Some(NodeKind::For | NodeKind::ForEach), Role::Variable) => {
                let header = tree.child(parent, Role::Collection).or(tree.child(parent, Role::To));
                epoch = header.map_or(epoch, |header| tree.token_span(header).end);
            }
            (Some(parent), Some(NodeKind::Member), Role::Property) => {
                asked = parent;
                if let Some(call) = called_by(tree, parent) {
                    asked = call;
                }
                epoch = tree.token_span(asked).start;
            }
            (Some(parent), Some(NodeKind::New), Role::Type)
            | (Some(parent), Some(NodeKind::Call), Role::Function)
                if tree.kind(node) == NodeKind::Name =>
            {
                asked = parent;
            }
            _ => {}
        }
        self.ask(epoch as u32);
        self.narrow_around(asked);
        let value = self.eval(asked);
        self.shape(value)
    }

    /// Conditions in the same expression: `X <> Неопределено И X.Свойство`.
    fn narrow_around(&mut self, node: NodeId) {
        let tree = self.tree;
        let mut conditions = Vec::new();
        let mut inner = node;
        for outer in tree.ancestors(node).take(MAX_CONDITIONS) {
            match (tree.kind(outer), tree.node(inner).role) {
                (NodeKind::Binary, Role::Right) => {
                    let left = tree.child(outer, Role::Left);
                    match syntax_text::operator(tree, outer) {
                        Some(TokenKind::And) => conditions.extend(left.map(|left| (left, true))),
                        Some(TokenKind::Or) => conditions.extend(left.map(|left| (left, false))),
                        _ => {}
                    }
                }
                (NodeKind::Ternary, role @ (Role::Consequence | Role::Alternative)) => {
                    let condition = tree.child(outer, Role::Condition);
                    conditions.extend(condition.map(|condition| (condition, role == Role::Consequence)));
                }
                (kind, _) if kind.is_statement() => break,
                _ => {}
            }
            inner = outer;
        }
        for (condition, is_true) in conditions.into_iter().rev() {
            self.narrow(condition, is_true);
        }
    }
}

/// The call whose callee a node is.
fn called_by(tree: &SyntaxTree, function: NodeId) -> Option<NodeId> {
    let is_callee = tree.node(function).role == Role::Function;
    tree.parent(function).filter(|parent| is_callee && tree.kind(*parent) == NodeKind::Call)
}
