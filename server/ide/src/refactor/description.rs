//! A comment above a method with a line for each parameter and for the returned value, to be filled in.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};
use crate::script::Script;

const DESCRIBE: Refactoring = Refactoring {
    id: "describeMethod",
    title_ru: "Создать описание метода",
    title_en: "Create a description of the method",
    kind: RefactoringKind::Rewrite,
};

/// Types that literals show, and what stands for the others.
struct Words {
    any: &'static str,
    string: &'static str,
    number: &'static str,
    date: &'static str,
    boolean: &'static str,
    undefined: &'static str,
}

const RUSSIAN: Words = Words {
    any: "Произвольный",
    string: "Строка",
    number: "Число",
    date: "Дата",
    boolean: "Булево",
    undefined: "Неопределено",
};
const ENGLISH: Words = Words {
    any: "Arbitrary",
    string: "String",
    number: "Number",
    date: "Date",
    boolean: "Boolean",
    undefined: "Undefined",
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(method) = undescribed(context) {
        offers.add(DESCRIBE, || Some(change(context, method)));
    }
}

/// The method whose header the cursor is in, if no comment stands above.
fn undescribed(context: &Context<'_>) -> Option<NodeId> {
    let tree = context.tree();
    let method = context.node_at_cursor(NodeKind::is_method).filter(|_| context.is_cursor())?;
    let parameters = tree.child(method, Role::Parameters)?;
    let is_in_header = context.selection.start <= context.line_end(tree.range(parameters).end);
    let is_described = !context.code.doc_comments(method).is_empty();
    let starts_line = context.starts_line(tree.range(method).start);
    (is_in_header && !is_described && starts_line).then_some(method)
}

fn change(context: &Context<'_>, method: NodeId) -> Change {
    let tree = context.tree();
    let script = context.script;
    let start = tree.range(method).start;
    let purpose = script.pick("Описание метода.", "Description of the method.");
    let mut lines = vec![format!("// {purpose}"), "//".to_owned()];
    let list = tree.child(method, Role::Parameters);
    let parameters: Vec<NodeId> = list
        .into_iter()
        .flat_map(|list| tree.children(list))
        .filter(|node| tree.kind(*node) == NodeKind::Parameter)
        .collect();
    if !parameters.is_empty() {
        lines.push(format!("// {}:", script.pick("Параметры", "Parameters")));
        lines.extend(parameters.iter().filter_map(|node| parameter_line(context, *node)));
        lines.push("//".to_owned());
    }
    if tree.kind(method) == NodeKind::Function {
        lines.push(format!("// {}:", script.pick("Возвращаемое значение", "Returns")));
        lines.push(format!("//  {} - ", returned_types(context, method).join(", ")));
        lines.push("//".to_owned());
    }
    let separator = format!("{}{}", context.line_break(), context.indent(start));
    let text = format!("{}{separator}", lines.join(&separator));
    let at = text.find(purpose);
    Change::new(vec![context.insert(start, text)]).renaming(0, at)
}

fn parameter_line(context: &Context<'_>, parameter: NodeId) -> Option<String> {
    let tree = context.tree();
    let name = context.node_text(tree.child(parameter, Role::Name)?);
    let default = tree.child(parameter, Role::Default);
    let value = default.and_then(|node| type_of(context, node));
    Some(format!("//  {name} - {} - ", value.unwrap_or(words(context.script).any)))
}

fn words(script: Script) -> &'static Words {
    script.pick(&RUSSIAN, &ENGLISH)
}

/// The type that an expression shows by itself.
fn type_of<'a>(context: &Context<'a>, expression: NodeId) -> Option<&'a str> {
    let tree = context.tree();
    let words = words(context.script);
    Some(match tree.kind(expression) {
        NodeKind::String => words.string,
        NodeKind::Number => words.number,
        NodeKind::Date => words.date,
        NodeKind::Boolean => words.boolean,
        NodeKind::Undefined => words.undefined,
        NodeKind::New => context.node_text(tree.child(expression, Role::Type)?),
        NodeKind::Unary if tree.own_token(expression, TokenKind::Not).is_some() => words.boolean,
        NodeKind::Unary => words.number,
        NodeKind::Binary => {
            let operator = tree.own_tokens(expression).find(|token| !token.kind.is_trivia())?.kind;
            let is_logical = matches!(operator, TokenKind::And | TokenKind::Or) || operator.is_comparison();
            return is_logical.then_some(words.boolean);
        }
        _ => return None,
    })
}

/// Types of everything that the function returns, each once.
fn returned_types<'a>(context: &Context<'a>, method: NodeId) -> Vec<&'a str> {
    let tree = context.tree();
    let any = words(context.script).any;
    let returns = tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::Return);
    let values = returns.filter_map(|node| tree.child(node, Role::Value));
    let mut types: Vec<&str> = Vec::new();
    for name in values.map(|value| value_type(context, method, value).unwrap_or(any)) {
        if !types.iter().any(|known| base::same_name(known, name)) {
            types.push(name);
        }
    }
    if types.is_empty() || types.contains(&any) { vec![any] } else { types }
}

/// Of a local variable, what its only assignment shows.
fn value_type<'a>(context: &Context<'a>, method: NodeId, value: NodeId) -> Option<&'a str> {
    let tree = context.tree();
    if tree.kind(value) != NodeKind::Name {
        return type_of(context, value);
    }
    let local = context.local_at(context.node_text(value), Some(method))?;
    let mut writes = local.uses.iter().filter(|name| crate::refactor::locals::is_write(name.role));
    let first = writes.next().filter(|_| !local.is_parameter)?;
    let assigned = tree.child(tree.parent(first.node)?, Role::Right)?;
    type_of(context, assigned).filter(|_| writes.next().is_none())
}
