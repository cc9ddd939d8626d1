//! Queries: fields and tables that are not there, parameters that are not set, columns that may be NULL.

use base::Edit;
use metadata::ObjectKind;
use semantics::{QueryScope, query_text_shape};
use syntax::{
    NodeId, NodeKind, QueryLiteral, QueryNodeId, QueryNodeKind, QueryTree, Role, find_queries, line_break,
    parse_query,
};

use super::{Case, Confidence, Findings};
use crate::nearest::nearest;
use crate::trace::joins::nullable_columns;
use crate::trace::{Step, StepRole, say};

const EXECUTE: [&str; 6] = [
    "Выполнить",
    "Execute",
    "ВыполнитьПакет",
    "ExecuteBatch",
    "ВыполнитьПакетСПромежуточнымиДанными",
    "ExecuteBatchWithIntermediateData",
];

/// A literal that may be the query of the error, with its tree.
struct Found {
    literal: QueryLiteral,
    tree: QueryTree,
}

/// Queries of the module that the error may be about: that with the same text, else those of the method.
fn queries(case: &Case<'_, '_>) -> Vec<Found> {
    let code = &case.spot.code;
    let all = find_queries(code.source());
    let told = case.error.links.iter().rev().find_map(|link| link.query.as_ref());
    let plain = |text: &str| text.replace("<<?>>", "").split_whitespace().collect::<String>().to_lowercase();
    let told = told.map(|query| plain(&query.text)).unwrap_or_default();
    let is_same =
        |literal: &&QueryLiteral| !told.is_empty() && plain(&literal.plain_text(&code.text)) == told;
    let mut chosen: Vec<QueryLiteral> = all.iter().filter(is_same).cloned().collect();
    if chosen.is_empty() {
        let method = code.method_on(case.spot.line).map(|method| code.tree.range(method));
        let is_near = |literal: &&QueryLiteral| method.is_none_or(|method| method.contains(literal.range));
        chosen = all.iter().filter(is_near).cloned().collect();
    }
    let parse = |literal: QueryLiteral| {
        let tree = parse_query(&code.text, &literal);
        Found { literal, tree }
    };
    chosen.into_iter().map(parse).collect()
}

fn origin(case: &Case<'_, '_>, range: base::TextRange, text: String) -> Step {
    Step { code: case.spot.code.clone(), range, role: StepRole::Origin, text }
}

/// The first query in which a path of names stands, and where.
fn place_of_path(case: &Case<'_, '_>, asked: &[&str]) -> Option<(Found, QueryNodeId)> {
    queries(case).into_iter().find_map(|found| {
        let is_it = |node: &QueryNodeId| {
            let path = found.tree.path(*node, &case.spot.code.text).unwrap_or_default();
            path.len() == asked.len()
                && path.iter().zip(asked).all(|(left, right)| base::same_name(left, right))
        };
        let node = found.tree.nodes().map(|(id, _)| id).find(is_it)?;
        Some((found, node))
    })
}

/// `Поле не найдено "Т.Кодд"`
pub(super) fn field(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings { subject: Some(case.full_name().to_owned()), ..Findings::default() };
    let asked: Vec<&str> = case.full_name().split('.').collect();
    let Some((found, node)) = place_of_path(case, &asked) else { return findings };
    let range = found.tree.range(node);
    let name = case.full_name();
    let text = say!(case.locale, "в запросе спрашивают поле {name}", "the query asks for field {name}");
    findings.steps.push(origin(case, range, text));
    findings.confidence = Confidence::Likely;
    let names = fields(case, &found, node, &asked);
    let Some((last, before)) = asked.split_last() else { return findings };
    if let Some(other) = nearest(last, names.iter().map(String::as_str)) {
        let text = before.iter().copied().chain([other]).collect::<Vec<_>>().join(".");
        let title = say!(case.locale, "Заменить на {text}", "Replace by {text}");
        findings.add(case.repair(title, vec![Edit::replace(range, text)]));
    } else if !names.is_empty() {
        let shown = names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        findings.notes.push(say!(case.locale, "поля таблицы: {shown}", "fields of the table: {shown}"));
    }
    findings
}

/// What could stand at the place of a field.
fn fields(case: &Case<'_, '_>, found: &Found, node: QueryNodeId, asked: &[&str]) -> Vec<String> {
    let text = found.literal.plain_text(&case.spot.code.text);
    let shape = query_text_shape(&text);
    let tree = &found.tree;
    let query = std::iter::once(node).chain(tree.ancestors(node));
    let top = query.filter(|node| tree.parent(*node) == Some(QueryTree::ROOT)).last();
    let is_batch = |kind| matches!(kind, QueryNodeKind::Query | QueryNodeKind::Drop);
    let mut batches = tree.children(QueryTree::ROOT).filter(|child| is_batch(tree.kind(*child)));
    let batch = batches.position(|child| Some(child) == top).unwrap_or_default();
    let Some(scope) = QueryScope::new(case.bench.scope(case.spot.code.module), &shape, batch) else {
        return Vec::new();
    };
    let members = match asked.split_last() {
        Some((_, before)) if !before.is_empty() => scope.fields_behind(before),
        _ => scope.batch().sources.iter().flat_map(|source| scope.source_fields(source)).collect(),
    };
    let is_english = asked.concat().is_ascii();
    let names = members.into_iter().map(|member| match member.names.en.as_str() {
        "" => member.names.ru.to_string(),
        english if is_english => english.to_owned(),
        _ => member.names.ru.to_string(),
    });
    names.collect()
}

/// `Таблица не найдена "Справочник.Товары"`
pub(super) fn table(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings { subject: Some(case.full_name().to_owned()), ..Findings::default() };
    let asked: Vec<&str> = case.full_name().split('.').collect();
    let Some((found, node)) = place_of_path(case, &asked) else { return findings };
    let range = found.tree.range(node);
    let name = case.full_name();
    let text = say!(case.locale, "запрос читает таблицу {name}", "the query reads table {name}");
    findings.steps.push(origin(case, range, text));
    findings.confidence = Confidence::Likely;
    if let Some(other) = other_table(case, &found, &asked) {
        let title = say!(case.locale, "Заменить на {other}", "Replace by {other}");
        findings.add(case.repair(title, vec![Edit::replace(range, other)]));
    }
    findings
}

/// The object or the temporary table that was probably meant.
fn other_table(case: &Case<'_, '_>, found: &Found, asked: &[&str]) -> Option<String> {
    let project = case.bench.project;
    match asked {
        [name] => {
            let shape = query_text_shape(&found.literal.plain_text(&case.spot.code.text));
            let tables = shape.batches.iter().map(|batch| batch.temporary_table.as_str());
            nearest(name, tables.filter(|table| !table.is_empty())).map(str::to_owned)
        }
        [kind, name, rest @ ..] => {
            let object_kind = ObjectKind::from_name(kind)?;
            let root = project.visible_root(case.spot.code.module);
            let roots = project.root_chain(root);
            let objects = roots.flat_map(|(_, root)| root.objects());
            let names =
                objects.filter(|object| object.kind == object_kind).map(|object| object.name.as_str());
            let other = nearest(name, names)?;
            Some([kind, other].into_iter().chain(rest.iter().copied()).collect::<Vec<_>>().join("."))
        }
        [] => None,
    }
}

/// `Не задано значение параметра "Дата"`
pub(super) fn parameter(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings { subject: Some(format!("&{}", case.name())), ..Findings::default() };
    let code = &case.spot.code;
    let tree = &code.tree;
    let name = case.name();
    let is_execution = |call: &NodeId| {
        let called = code.called_name(*call).map(|name| code.node_text(name)).unwrap_or_default();
        EXECUTE.iter().any(|execute| base::same_name(execute, called))
    };
    let calls = case.nodes(|kind| kind == NodeKind::Call);
    let Some(call) = calls.into_iter().find(is_execution) else { return findings };
    let text = say!(
        case.locale,
        "запрос выполняется без параметра {name}",
        "the query runs without parameter {name}"
    );
    findings.steps.push(case.error_step(call, text));
    for found in queries(case) {
        let parameters = found.tree.nodes().filter(|(_, node)| node.kind == QueryNodeKind::Parameter);
        let is_it = |id: &QueryNodeId| {
            base::same_name(found.tree.node_text(*id, &code.text).trim_start_matches('&').trim(), name)
        };
        if let Some(id) = parameters.map(|(id, _)| id).find(is_it) {
            let text = say!(case.locale, "параметр в тексте запроса", "the parameter in the query");
            findings.steps.push(origin(case, found.tree.range(id), text));
            findings.confidence = Confidence::Certain;
            break;
        }
    }
    let receiver = tree.child(call, Role::Function).and_then(|function| tree.child(function, Role::Object));
    let statement = tree.enclosing_statement(call);
    let (Some(receiver), Some(statement)) = (receiver, statement) else { return findings };
    if tree.kind(receiver) != NodeKind::Name {
        return findings;
    }
    let wording = case.wording();
    let (start, nl) = (tree.range(statement).start, line_break(&code.text));
    let indent = code.indent(start);
    let is_local = case.bench.in_flow(code, call, |flow| {
        flow.locals_at(start).iter().any(|local| base::same_name(&local.name, name))
    });
    let value = if is_local { name } else { wording.word(syntax::TokenKind::Undefined) };
    let set = wording.name("УстановитьПараметр", "SetParameter");
    let text = format!("{}.{set}(\"{name}\", {value});{nl}{indent}", code.node_text(receiver));
    let title = say!(case.locale, "Задать параметр {name}", "Set parameter {name}");
    let change = case.repair(title, vec![Edit::insert(start, text)]);
    findings.add(change.map(|change| crate::Repair { needs_review: !is_local, ..change }));
    findings
}

/// `ЕСТЬNULL` around columns of queries that turned out to be origins.
pub(super) fn add_null_checks(case: &Case<'_, '_>, findings: &mut Findings) {
    let mut changes = Vec::new();
    for step in findings.steps.iter().filter(|step| step.role == StepRole::Origin) {
        let code = &step.code;
        for literal in find_queries(code.source()) {
            if !literal.range.contains(step.range) {
                continue;
            }
            let columns = nullable_columns(&code.text, &literal);
            let Some(column) = columns.iter().find(|column| column.range == step.range) else { continue };
            let shown = column.range.slice(&code.text);
            let is_english = literal.plain_text(&code.text).to_uppercase().contains("SELECT");
            let is_null = if is_english { "ISNULL" } else { "ЕСТЬNULL" };
            let alias = match (column.has_alias, is_english) {
                (true, _) => String::new(),
                (false, true) => format!(" AS {}", column.name),
                (false, false) => format!(" КАК {}", column.name),
            };
            let text = format!("{is_null}({shown}, 0){alias}");
            let title = say!(
                case.locale,
                "Заменить NULL нулём в запросе: {is_null}({shown}, 0)",
                "Replace NULL by zero in the query: {is_null}({shown}, 0)"
            );
            let edit = Edit::replace(column.range, text);
            changes.push(crate::repair::repair(code, title, vec![edit]));
        }
    }
    changes.into_iter().for_each(|change| findings.add(change));
}
