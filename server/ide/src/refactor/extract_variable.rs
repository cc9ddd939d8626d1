//! Gives an expression a name in a line of its own above its statement.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role};

use crate::refactor::context::{Context, is_list};
use crate::refactor::extract_method::is_not_a_value;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const ONE: Refactoring = Refactoring {
    id: "extractVariable",
    title_ru: "Выделить переменную",
    title_en: "Extract variable",
    kind: RefactoringKind::Extract,
};
const ALL: Refactoring = Refactoring {
    id: "extractVariableAll",
    title_ru: "Выделить переменную (все вхождения)",
    title_en: "Extract variable (all occurrences)",
    kind: RefactoringKind::Extract,
};
/// Starts of names of functions that say nothing about the value.
const GETTERS: [&str; 4] = ["Получить", "Новый", "Get", "New"];

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    let Some(expression) = context.selected_expression() else { return };
    let Some(statement) = statement_of(context, expression) else { return };
    offers.add(ONE, || Some(change(context, statement, expression, &[expression])));
    let same = occurrences(context, statement, expression);
    if same.len() > 1 {
        offers.add(ALL, || Some(change(context, statement, expression, &same)));
    }
}

/// The statement above which the expression can be computed as well.
fn statement_of(context: &Context<'_>, expression: NodeId) -> Option<NodeId> {
    let tree = context.tree();
    let statement = tree.enclosing_statement(expression)?;
    let is_in_list = tree.parent(statement).is_some_and(|parent| is_list(tree.kind(parent)));
    // These compute it again, or only if something else is false.
    let is_later = tree.kind(statement) == NodeKind::While
        || tree
            .ancestors(expression)
            .take_while(|node| *node != statement)
            .any(|node| tree.kind(node) == NodeKind::ElsifClause);
    (is_in_list && !is_later && !is_not_a_value(context, expression)).then_some(statement)
}

/// The same code from the statement on, as long as nothing that it reads is assigned.
fn occurrences(context: &Context<'_>, statement: NodeId, expression: NodeId) -> Vec<NodeId> {
    let tree = context.tree();
    let Some(block) = tree.parent(statement) else { return Vec::new() };
    let method = tree.enclosing_method(statement);
    let start = tree.range(statement).start;
    let write = context.first_write(&context.names_in(expression), method, start);
    let end = write.map_or(u32::MAX, |name| {
        let around = tree.ancestors(name.node).take_while(|node| *node != block);
        let outer_loop = around.filter(|node| tree.kind(*node).is_loop() && *node != statement).last();
        let own = tree.enclosing_statement(name.node).map_or(u32::MAX, |node| tree.range(node).end);
        outer_loop.map_or(own, |node| tree.range(node).start)
    });
    let wanted = tree.kind(expression);
    (statement.0..tree.subtree_end(block).0)
        .map(NodeId)
        .filter(|node| tree.kind(*node) == wanted && tree.range(*node).end <= end)
        .filter(|node| *node == expression || context.code.source().is_same_code(*node, expression))
        .filter(|node| !is_not_a_value(context, *node))
        .collect()
}

fn change(context: &Context<'_>, statement: NodeId, expression: NodeId, places: &[NodeId]) -> Change {
    let tree = context.tree();
    let name = context.fresh_name(&suggested_name(context, expression), tree.enclosing_method(statement));
    let start = tree.range(statement).start;
    let text = context.node_text(expression);
    let separator = match context.starts_line(start) {
        true => format!("{}{}", context.line_break(), context.indent(start)),
        false => " ".to_owned(),
    };
    let mut edits = vec![context.insert(start, format!("{name} = {text};{separator}"))];
    let mut end = 0;
    for range in
        places.iter().map(|place| tree.range(*place)).filter(|range: &TextRange| range.start >= start)
    {
        if range.start >= end {
            edits.push(context.replace(range, name.as_str()));
            end = range.end;
        }
    }
    Change::new(edits).renaming(0, Some(0))
}

/// After the property or the function that gives the value.
fn suggested_name(context: &Context<'_>, expression: NodeId) -> String {
    let tree = context.tree();
    let named = match tree.kind(expression) {
        NodeKind::Member => tree.child(expression, Role::Property),
        NodeKind::New => tree.child(expression, Role::Type),
        NodeKind::Call => tree.child(expression, Role::Function).map(|function| {
            tree.child(function, Role::Property)
                .filter(|_| tree.kind(function) == NodeKind::Member)
                .unwrap_or(function)
        }),
        _ => None,
    };
    let name = named.map(|node| context.node_text(node)).unwrap_or_default();
    let short = GETTERS.iter().find_map(|getter| name.strip_prefix(getter)).unwrap_or(name);
    let starts_well = short.chars().next().is_some_and(|letter| letter.is_uppercase());
    match (starts_well, name.is_empty()) {
        (true, _) => short.to_owned(),
        (false, false) => name.to_owned(),
        _ => context.script.pick("НоваяПеременная", "NewVariable").to_owned(),
    }
}
