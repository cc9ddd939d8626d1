//! Fixtures: the expression that ends at `$0`, and its shape.

mod flow;
mod limits;
mod objects;
mod queries;

use std::fmt::Write;
use std::sync::Arc;

use base::TextRange;
use expect_test::Expect;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Source, SyntaxTree, parse_text};

use crate::flow::{Flow, ModuleScope};
use crate::query::QueryShape;
use crate::shape::{Field, Shape};

fn parse(text: &str) -> SyntaxTree {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    tree
}

/// The text itself as the only parameter.
fn read_query(text: &str) -> Option<Arc<QueryShape>> {
    text.contains(' ')
        .then(|| Arc::new(QueryShape { parameters: vec![SmolStr::new(text)], ..QueryShape::default() }))
}

/// Asks about the method around an offset, or about the code outside methods.
fn ask_with<T>(
    text: &str,
    parameters: &[(SmolStr, Shape)],
    ask: impl FnOnce(&Flow<'_>, Source<'_>, u32) -> T,
) -> T {
    let offset = text.find("$0").unwrap_or(text.len()) as u32;
    let text = text.replacen("$0", "", 1);
    let tree = parse(&text);
    let source = Source { text: &text, tree: &tree };
    let scope = ModuleScope::new(source, &read_query);
    let around = |method: &NodeId| tree.kind(*method).is_method() && tree.range(*method).touches(offset);
    let flow = match tree.children(SyntaxTree::ROOT).find(around) {
        Some(method) => Flow::of_method(&scope, method, parameters),
        None => Flow::of_body(&scope),
    };
    ask(&flow, source, offset)
}

/// The largest expression that ends at an offset.
fn expression_at(tree: &SyntaxTree, offset: u32) -> NodeId {
    let ends = |node: &NodeId| {
        let kind = tree.kind(*node);
        kind.is_expression() && kind != NodeKind::Arguments && tree.range(*node).end == offset
    };
    tree.descendants(SyntaxTree::ROOT).find(ends).expect("invariant: an expression ends at the mark")
}

fn shape_at_mark(text: &str, parameters: &[(SmolStr, Shape)]) -> String {
    ask_with(text, parameters, |flow, source, offset| {
        print(&flow.shape_of(expression_at(source.tree, offset)))
    })
}

/// Checks code that stands alone in a module.
#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shape_at_mark(text, &[]));
}

/// Checks the shape of a name at a place where the text is not finished.
#[track_caller]
fn check_name(name: &str, text: &str, expected: Expect) {
    expected.assert_eq(&ask_with(text, &[], |flow, _, offset| print(&flow.shape_at(name, offset))));
}

fn print(shape: &Shape) -> String {
    let mut text = String::new();
    write_shape(&mut text, shape);
    text
}

fn write_shape(text: &mut String, shape: &Shape) {
    let quoted = |literal: &Option<SmolStr>| literal.as_ref().map_or(String::new(), |it| format!("{it:?}"));
    let added = match shape {
        Shape::Unknown => "?".to_owned(),
        Shape::Named(name) => name.to_string(),
        Shape::Union { parts, is_open } => {
            let mut parts: Vec<String> = parts.iter().map(print).collect();
            parts.extend(is_open.then(|| "?".to_owned()));
            parts.join(" | ")
        }
        Shape::Collection { name, element } => format!("{name}<{}>", print(element)),
        Shape::Structure { name, fields } => format!("{name}{{{}}}", print_fields(fields)),
        Shape::Table { name, columns } => format!("{name}[{}]", print_fields(columns)),
        Shape::Query(None) => "Запрос".to_owned(),
        Shape::Query(Some(query)) => {
            let sign = if query.is_template { "~" } else { "" };
            format!("Запрос({sign}{})", query.parameters.join(" "))
        }
        Shape::Extended { base, fields } => format!("{} + {{{}}}", print(base), print_fields(fields)),
        Shape::Global(name) => format!("@{name}"),
        Shape::Member(of, name) => format!("{}.{name}", print(of)),
        Shape::Call { receiver, method, literal } => {
            format!("{}.{method}({})", print(receiver), quoted(literal))
        }
        Shape::GlobalCall { function, literal } => format!("{function}({})", quoted(literal)),
        Shape::Element(of) => format!("element of {}", print(of)),
        Shape::Index { of, key } => format!("{}[{key}]", print(of)),
        Shape::Row(of) => format!("row of {}", print(of)),
        Shape::TypeValue(of) => format!("type {}", print(of)),
        Shape::SeeReference(path) => format!("see {path}"),
    };
    let _ = text.write_str(&added);
}

fn print_fields(fields: &[Field]) -> String {
    let fields = fields.iter().map(|field| match &field.shape {
        Shape::Unknown => field.name.to_string(),
        shape => format!("{}: {}", field.name, print(shape)),
    });
    fields.collect::<Vec<_>>().join(", ")
}
