//! What the code itself says about returned values and variables of the module, where descriptions do not.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::facts::methods::ParameterFact;
use crate::flow::{Flow, ModuleScope};
use crate::query::{QueryShape, query_text_shape};
use crate::shape::{Field, Shape};

pub(crate) struct CodeShapes<'a> {
    source: Source<'a>,
    scope: ModuleScope<'a>,
    /// Variables of the module in lower case.
    variables: FxHashSet<SmolStr>,
    /// What variables get, by their names.
    assigned: Vec<(SmolStr, Shape)>,
}

fn read_query(text: &str) -> Option<Arc<QueryShape>> {
    Some(Arc::new(query_text_shape(text)))
}

impl<'a> CodeShapes<'a> {
    /// Takes the variables that other sections declare, in lower case.
    pub(crate) fn new(source: Source<'a>, elsewhere: &[SmolStr]) -> Self {
        let scope =
            ModuleScope::new(source, &read_query).with_variables(elsewhere.iter().map(SmolStr::as_str));
        let mut variables: FxHashSet<SmolStr> = elsewhere.iter().cloned().collect();
        variables.extend(declared_variables(source).map(|name| base::fold_case(name).into()));
        Self { source, scope, variables, assigned: Vec::new() }
    }

    /// What a method returns.
    pub(crate) fn method(&mut self, id: NodeId, parameters: &[ParameterFact], described: Shape) -> Shape {
        let is_function = self.source.tree.kind(id) == NodeKind::Function;
        let has_question = is_function && leaves_open(&described);
        if !has_question && !self.assigns_variables(self.source.tree.descendants(id)) {
            return described;
        }
        let known: Vec<_> = parameters
            .iter()
            .filter(|parameter| parameter.shape != Shape::Unknown)
            .map(|parameter| (parameter.name.clone(), parameter.shape.clone()))
            .collect();
        let flow = Flow::of_method(&self.scope, id, &known);
        let assigned = flow.assigned_module_variables();
        let returned = if has_question { flow.return_shape() } else { Shape::Unknown };
        drop(flow);
        self.assigned.extend(assigned);
        more_of(described, without_places(&returned))
    }

    /// Looks at the code outside methods and gives what all variables get.
    pub(crate) fn finish(mut self) -> Vec<(SmolStr, Shape)> {
        let tree = self.source.tree;
        let outside = tree.children(SyntaxTree::ROOT).filter(|child| !tree.kind(*child).is_method());
        if self.assigns_variables(outside.flat_map(|child| tree.descendants(child))) {
            let assigned = Flow::of_body(&self.scope).assigned_module_variables();
            self.assigned.extend(assigned);
        }
        let known = self.assigned.into_iter().filter(|(_, shape)| *shape != Shape::Unknown);
        known.map(|(name, shape)| (base::fold_case(&name).into(), without_places(&shape))).collect()
    }

    fn assigns_variables(&self, mut nodes: impl Iterator<Item = NodeId>) -> bool {
        let tree = self.source.tree;
        let is_assigned = |id: &NodeId| {
            tree.kind(*id) == NodeKind::Name
                && tree.node(*id).role == Role::Left
                && tree.parent(*id).is_some_and(|parent| tree.kind(parent) == NodeKind::Assignment)
        };
        !self.variables.is_empty()
            && nodes.any(|id| {
                is_assigned(&id) && self.variables.contains(&*base::fold_case(self.source.node_text(id)))
            })
    }
}

fn declared_variables<'a>(source: Source<'a>) -> impl Iterator<Item = &'a str> {
    let tree = source.tree;
    tree.children(SyntaxTree::ROOT)
        .filter(move |child| tree.kind(*child) == NodeKind::VarDeclaration)
        .flat_map(move |declaration| tree.children(declaration))
        .filter(move |child| tree.kind(*child) == NodeKind::Variable)
        .filter_map(move |variable| tree.child(variable, Role::Name))
        .map(move |name| source.node_text(name))
}

/// Types about whose contents the code may say more.
const CONTAINERS: [&str; 16] = [
    "Структура",
    "ФиксированнаяСтруктура",
    "Соответствие",
    "ФиксированноеСоответствие",
    "Массив",
    "ФиксированныйМассив",
    "ТаблицаЗначений",
    "ДеревоЗначений",
    "Structure",
    "FixedStructure",
    "Map",
    "FixedMap",
    "Array",
    "FixedArray",
    "ValueTable",
    "ValueTree",
];

fn leaves_open(described: &Shape) -> bool {
    match described {
        Shape::Unknown => true,
        Shape::Named(name) => CONTAINERS.iter().any(|container| base::same_name(container, name)),
        _ => false,
    }
}

/// The description counts, unless the code tells the contents of the same container.
fn more_of(described: Shape, code: Shape) -> Shape {
    match (&described, &code) {
        (Shape::Unknown, _) => code,
        (
            Shape::Named(described_name),
            Shape::Structure { name, .. } | Shape::Table { name, .. } | Shape::Collection { name, .. },
        ) if base::same_name(described_name, name) => code,
        _ => described,
    }
}

/// Places inside the module would go wrong with the next edit above them.
fn without_places(shape: &Shape) -> Shape {
    let inner = |shape: &Arc<Shape>| Arc::new(without_places(shape));
    let all = |fields: &Arc<[Field]>| -> Arc<[Field]> {
        let field =
            |field: &Field| Field { shape: without_places(&field.shape), offset: None, ..field.clone() };
        fields.iter().map(field).collect()
    };
    match shape {
        Shape::Union { parts, is_open } => {
            Shape::Union { parts: parts.iter().map(without_places).collect(), is_open: *is_open }
        }
        Shape::Collection { name, element } => {
            Shape::Collection { name: name.clone(), element: inner(element) }
        }
        Shape::Structure { name, fields } => Shape::Structure { name: name.clone(), fields: all(fields) },
        Shape::Table { name, columns } => Shape::Table { name: name.clone(), columns: all(columns) },
        Shape::Extended { base, fields } => Shape::Extended { base: inner(base), fields: all(fields) },
        Shape::Member(of, name) => Shape::Member(inner(of), name.clone()),
        Shape::Call { receiver, method, literal } => {
            Shape::Call { receiver: inner(receiver), method: method.clone(), literal: literal.clone() }
        }
        Shape::Element(of) => Shape::Element(inner(of)),
        Shape::Index { of, key } => Shape::Index { of: inner(of), key: key.clone() },
        Shape::Row(of) => Shape::Row(inner(of)),
        Shape::TypeValue(of) => Shape::TypeValue(inner(of)),
        Shape::Unknown
        | Shape::Named(_)
        | Shape::Query(_)
        | Shape::Global(_)
        | Shape::GlobalCall { .. }
        | Shape::SeeReference(_) => shape.clone(),
    }
}
