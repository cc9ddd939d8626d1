//! A search through a whole collection in every turn of a loop: a map of what it would find is built once before the
//! loop, or the table gets an index.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role};

use crate::names::NameRole;
use crate::refactor::context::Context;
use crate::refactor::loops::{MethodCall, is_any};
use crate::refactor::string_template::literal;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind, Searched};

pub(crate) const FIND_BY_MAP: Refactoring = Refactoring {
    id: "findToMap",
    title_ru: "Заменить поиск в цикле на Соответствие",
    title_en: "Replace the search in the loop by a Map",
    kind: RefactoringKind::Rewrite,
};

pub(crate) const ADD_INDEX: Refactoring = Refactoring {
    id: "findRowsIndex",
    title_ru: "Добавить индекс таблицы перед циклом",
    title_en: "Add an index of the table before the loop",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(search) = search(context) {
        offers.add(FIND_BY_MAP, || Some(search.change(context)));
    }
    if let Some(rows) = rows_search(context) {
        offers.add(ADD_INDEX, || Some(rows.change(context)));
    }
}

/// `Таблица.Найти(Ключ, "Колонка")` or `Массив.Найти(Ключ)` in a loop that leaves the collection alone.
struct Search<'a> {
    call: NodeId,
    each: NodeId,
    collection: &'a str,
    /// Of a table.
    column: Option<&'a str>,
    key: NodeId,
}

fn search<'a>(context: &Context<'a>) -> Option<Search<'a>> {
    let tree = context.tree();
    let call = call_at_cursor(context, &[("Найти", "Find")])?;
    let found = context.method_call(call)?;
    let collection = collection_of(context, &found)?;
    let searched = searched(context, found.receiver)?;
    let (key, column) = match (searched, found.arguments.as_slice()) {
        (Searched::Table, [key, column]) => (*key, Some(plain_name(context, *column)?)),
        (Searched::Array, [key]) => (*key, None),
        _ => return None,
    };
    let method = tree.enclosing_method(call);
    let loops = tree.ancestors(call).take_while(|node| Some(*node) != method);
    let mut chosen = None;
    for each in loops.filter(|node| tree.kind(*node).is_loop()) {
        // What stands in the head of a loop runs once.
        let body = tree.children(each).find(|node| tree.kind(*node) == NodeKind::Block);
        let is_repeated =
            tree.kind(each) == NodeKind::While || body.is_some_and(|it| tree.is_within(call, it));
        if !is_repeated {
            continue;
        }
        let is_alone = is_left_alone(context, each, collection, column, method)
            && (context.is_calm(each, &|_| false) || is_private(context, each, call, collection, method));
        if !is_alone {
            break;
        }
        if context.is_plain_loop(each) {
            chosen = Some(each);
        }
    }
    Some(Search { call, each: chosen?, collection, column, key })
}

fn call_at_cursor(context: &Context<'_>, names: &[(&str, &str)]) -> Option<NodeId> {
    let tree = context.tree();
    let is_asked = |call: &NodeId| context.method_call(*call).is_some_and(|it| is_any(names, it.name));
    let around = context.nodes_at_cursor().filter(|node| tree.kind(*node) == NodeKind::Call).find(is_asked);
    // Anywhere on the statement will do, if it holds one search only.
    around.or_else(|| {
        let statement = context.nodes_at_cursor().find(|node| tree.kind(*node).is_statement())?;
        let has_body = tree.kind(statement).is_loop() || tree.kind(statement) == NodeKind::If;
        let nodes = tree.descendants(statement).filter(|_| !has_body);
        let mut calls = nodes.filter(|node| tree.kind(*node) == NodeKind::Call).filter(is_asked);
        let first = calls.next()?;
        calls.next().is_none().then_some(first)
    })
}

/// The variable that is searched.
fn collection_of<'a>(context: &Context<'a>, found: &MethodCall<'a>) -> Option<&'a str> {
    let tree = context.tree();
    let name = (tree.kind(found.receiver) == NodeKind::Name).then(|| context.node_text(found.receiver))?;
    let method = tree.enclosing_method(found.receiver);
    context.local_at(name, method).map(|_| name)
}

/// What the receiver certainly is.
fn searched(context: &Context<'_>, receiver: NodeId) -> Option<Searched> {
    let tree = context.tree();
    let name = context.node_text(receiver);
    let method = tree.enclosing_method(receiver);
    let by_type = context.options.searched;
    if let Some(found) = by_type.and_then(|ask| ask(context.in_document(tree.range(receiver).start))) {
        return Some(found);
    }
    let local = context.own_variable(name, method)?;
    let mut kinds = local.uses.iter().filter(|it| it.role == NameRole::AssignedVariable).map(|it| {
        let value = context.assigned_value(it.node)?;
        let made = tree.child(value, Role::Type).filter(|_| tree.kind(value) == NodeKind::New);
        let is_unloaded = || context.method_call(value).is_some_and(|it| it.is("Выгрузить", "Unload"));
        match made.map(|made| context.node_text(made)) {
            Some(name) if is_any(&[("ТаблицаЗначений", "ValueTable")], name) => {
                Some(Searched::Table)
            }
            Some(name) if is_any(&[("Массив", "Array")], name) => Some(Searched::Array),
            None if is_unloaded() => Some(Searched::Table),
            _ => None,
        }
    });
    let first = kinds.next()??;
    let is_loop_variable = local.uses.iter().any(|it| it.role == NameRole::LoopVariable);
    (!is_loop_variable && kinds.all(|kind| kind == Some(first))).then_some(first)
}

/// A literal that names one column.
fn plain_name<'a>(context: &Context<'a>, node: NodeId) -> Option<&'a str> {
    let text = literal(context, node)?.trim();
    let is_name = !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_name.then_some(text)
}

/// A loop itself does not change a collection.
fn is_left_alone(
    context: &Context<'_>,
    each: NodeId,
    collection: &str,
    column: Option<&str>,
    method: Option<NodeId>,
) -> bool {
    let tree = context.tree();
    let Some(local) = context.local_at(collection, method) else { return false };
    let is_look = |name: NodeId| {
        let call = tree.parent(name).and_then(|member| tree.parent(member));
        let call = call.and_then(|call| context.method_call(call)).filter(|it| it.receiver == name);
        const LOOKS: [(&str, &str); 5] = [
            ("Найти", "Find"),
            ("НайтиСтроки", "FindRows"),
            ("Количество", "Count"),
            ("ВГраница", "UBound"),
            ("Получить", "Get"),
        ];
        call.is_some_and(|call| is_any(&LOOKS, call.name))
    };
    let inside = local.uses.iter().filter(|it| tree.is_within(it.node, each));
    let only_looks = inside.into_iter().all(|it| it.role == NameRole::Variable && is_look(it.node));
    only_looks && !column.is_some_and(|column| context.writes_property(each, &[column]))
}

/// Whatever the loop calls cannot reach the collection or the row that is found in it.
fn is_private(
    context: &Context<'_>,
    each: NodeId,
    call: NodeId,
    collection: &str,
    method: Option<NodeId>,
) -> bool {
    let tree = context.tree();
    let Some(local) = context.own_variable(collection, method) else { return false };
    let uses_inside = local.uses.iter().filter(|it| tree.is_within(it.node, each)).count();
    uses_inside == 1 && is_unshared(context, each, &local.uses) && stays_here(context, call, method)
}

/// The row that a call finds is compared and its columns are looked at, no more.
fn stays_here(context: &Context<'_>, call: NodeId, method: Option<NodeId>) -> bool {
    let tree = context.tree();
    let is_looked_at = |node: NodeId| match tree.parent(node) {
        Some(parent) if tree.kind(parent) == NodeKind::Member => tree.node(parent).role != Role::Function,
        Some(parent) => tree.kind(parent) == NodeKind::Binary,
        None => false,
    };
    let Some(parent) = tree.parent(call) else { return false };
    if tree.kind(parent) != NodeKind::Assignment {
        return is_looked_at(call);
    }
    let name = tree.child(parent, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name);
    let local = name.and_then(|name| context.own_variable(context.node_text(name), method));
    local.is_some_and(|local| {
        local.uses.iter().all(|it| it.role != NameRole::Variable || is_looked_at(it.node))
    })
}

/// Nobody else can have the collection when the loop runs: so far it only stood before dots.
fn is_unshared(context: &Context<'_>, each: NodeId, uses: &[crate::names::NameUse]) -> bool {
    let tree = context.tree();
    let outermost = tree.ancestors(each).filter(|node| tree.kind(*node).is_loop()).last().unwrap_or(each);
    let end = tree.range(outermost).end;
    uses.iter().filter(|it| context.use_range(it).start < end).all(|it| match it.role {
        NameRole::DeclaredVariable => true,
        NameRole::AssignedVariable => context.assigned_value(it.node).is_some_and(|value| {
            let call = context.method_call(value);
            tree.kind(value) == NodeKind::New || call.is_some_and(|it| it.is("Выгрузить", "Unload"))
        }),
        NameRole::Variable => matches!(tree.node(it.node).role, Role::Object | Role::Collection),
        _ => false,
    })
}

impl Search<'_> {
    fn change(&self, context: &Context<'_>) -> Change {
        let method = context.tree().enclosing_method(self.call);
        let script = context.script;
        let wanted = match self.column {
            Some(column) => format!("{}{column}", script.pick("СтрокиПо", "RowsBy")),
            None => script.pick("ИндексыЭлементов", "IndexesOfItems").to_owned(),
        };
        let map = context.fresh_name(&wanted, method);
        let lines = match self.column {
            Some(column) => self.rows_by_value(context, &map, column, method),
            None => self.indexes_by_value(context, &map, method),
        };
        let indent = context.indent(context.tree().range(self.each).start);
        let text = context.lines(indent, &lines);
        let get = script.pick("Получить", "Get");
        let found = format!("{map}.{get}({})", context.node_text(self.key));
        let edits = vec![
            context.insert(context.above(self.each), text),
            context.replace(context.node_range(self.call), found),
        ];
        Change::new(edits).renaming(0, Some(indent.len()))
    }

    /// The first row of a value is the one that the search finds.
    fn rows_by_value(
        &self,
        context: &Context<'_>,
        map: &str,
        column: &str,
        method: Option<NodeId>,
    ) -> Vec<String> {
        let (script, unit) = (context.script, context.indent_unit());
        let wanted = script.pick("СтрокаТаблицы", "TableRow");
        let row = context.fresh_name(wanted, method);
        let table = self.collection;
        if script == crate::script::Script::English {
            return vec![
                format!("{map} = New Map;"),
                format!("For Each {row} In {table} Do"),
                format!("{unit}If {map}.Get({row}.{column}) = Undefined Then"),
                format!("{unit}{unit}{map}.Insert({row}.{column}, {row});"),
                format!("{unit}EndIf;"),
                "EndDo;".to_owned(),
            ];
        }
        vec![
            format!("{map} = Новый Соответствие;"),
            format!("Для Каждого {row} Из {table} Цикл"),
            format!("{unit}Если {map}.Получить({row}.{column}) = Неопределено Тогда"),
            format!("{unit}{unit}{map}.Вставить({row}.{column}, {row});"),
            format!("{unit}КонецЕсли;"),
            "КонецЦикла;".to_owned(),
        ]
    }

    fn indexes_by_value(&self, context: &Context<'_>, map: &str, method: Option<NodeId>) -> Vec<String> {
        let (script, unit) = (context.script, context.indent_unit());
        let index = context.fresh_name(script.pick("ИндексЭлемента", "ItemIndex"), method);
        let array = self.collection;
        if script == crate::script::Script::English {
            return vec![
                format!("{map} = New Map;"),
                format!("For {index} = 0 To {array}.UBound() Do"),
                format!("{unit}If {map}.Get({array}[{index}]) = Undefined Then"),
                format!("{unit}{unit}{map}.Insert({array}[{index}], {index});"),
                format!("{unit}EndIf;"),
                "EndDo;".to_owned(),
            ];
        }
        vec![
            format!("{map} = Новый Соответствие;"),
            format!("Для {index} = 0 По {array}.ВГраница() Цикл"),
            format!("{unit}Если {map}.Получить({array}[{index}]) = Неопределено Тогда"),
            format!("{unit}{unit}{map}.Вставить({array}[{index}], {index});"),
            format!("{unit}КонецЕсли;"),
            "КонецЦикла;".to_owned(),
        ]
    }
}

/// `Таблица.НайтиСтроки(Новый Структура("А, Б", …))` in a loop.
struct RowsSearch<'a> {
    each: NodeId,
    table: &'a str,
    columns: &'a str,
}

fn rows_search<'a>(context: &Context<'a>) -> Option<RowsSearch<'a>> {
    let tree = context.tree();
    let call = call_at_cursor(context, &[("НайтиСтроки", "FindRows")])?;
    let found = context.method_call(call)?;
    let table = collection_of(context, &found)?;
    let [filter] = found.arguments.as_slice() else { return None };
    let columns = filter_columns(context, *filter)?;
    if searched(context, found.receiver) != Some(Searched::Table) {
        return None;
    }
    let method = tree.enclosing_method(call);
    // The caller's table would get another index with every call.
    let local = context.own_variable(table, method)?;
    let loops = tree.ancestors(call).take_while(|node| Some(*node) != method);
    let is_written = |each: NodeId| {
        local.uses.iter().any(|it| it.role != NameRole::Variable && tree.is_within(it.node, each))
    };
    let loops = loops.filter(|node| tree.kind(*node).is_loop()).take_while(|each| !is_written(*each));
    let each = loops.filter(|each| context.is_plain_loop(*each)).last()?;
    let has_index = local.uses.iter().any(|it| {
        let member = tree.parent(it.node).filter(|node| tree.kind(*node) == NodeKind::Member);
        let property = member.and_then(|member| tree.child(member, Role::Property));
        property.is_some_and(|it| is_any(&[("Индексы", "Indexes")], context.node_text(it)))
    });
    (!has_index).then_some(RowsSearch { each, table, columns })
}

/// Columns of a filter that is made on the spot.
fn filter_columns<'a>(context: &Context<'a>, filter: NodeId) -> Option<&'a str> {
    let tree = context.tree();
    let made = tree.child(filter, Role::Type).filter(|_| tree.kind(filter) == NodeKind::New)?;
    if !is_any(&[("Структура", "Structure")], context.node_text(made)) {
        return None;
    }
    let list = tree.child(filter, Role::Arguments)?;
    literal(context, tree.children(list).next()?).filter(|names| !names.trim().is_empty())
}

impl RowsSearch<'_> {
    fn change(&self, context: &Context<'_>) -> Change {
        let script = context.script;
        let indexes = script.pick("Индексы", "Indexes");
        let add = script.pick("Добавить", "Add");
        let indent = context.indent(context.tree().range(self.each).start);
        let line = format!("{}.{indexes}.{add}(\"{}\");", self.table, self.columns);
        let at = TextRange::empty(context.above(self.each));
        Change::new(vec![context.replace(at, context.lines(indent, &[line]))])
    }
}
