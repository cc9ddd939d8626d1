//! How the rows of a query are read in a loop, and the code that looks them up instead.

use base::{Edit, TextRange, apply_edits};
use syntax::{NodeId, NodeKind, Role};

use crate::names::{NameRole, NameUse};
use crate::refactor::Change;
use crate::refactor::context::Context;
use crate::refactor::layout::reindented;
use crate::refactor::locals::is_write;
use crate::refactor::loops::is_any;
use crate::refactor::query_in_loop::QueryInLoop;

/// What happens to the result of the query.
pub(crate) struct Lookup<'a> {
    kind: LookupKind<'a>,
    /// The statement of the body that executes the query.
    statement: NodeId,
}

enum LookupKind<'a> {
    /// `Если Выборка.Следующий() Тогда`: the first row, if there is one.
    First { selection: &'a str, next: NodeId },
    /// `Пока Выборка.Следующий() Цикл`
    Every { selection: &'a str, next: NodeId, walk: NodeId },
    /// `Таблица = Запрос.Выполнить().Выгрузить()`
    Table { name: &'a str },
    /// `Запрос.Выполнить().Выгрузить()` inside an expression.
    Inline { unloaded: NodeId },
}

const SELECT: (&str, &str) = ("Выбрать", "Select");
const UNLOAD: (&str, &str) = ("Выгрузить", "Unload");

impl<'a> Lookup<'a> {
    pub(crate) fn find(
        context: &Context<'a>,
        execution: NodeId,
        body: NodeId,
        method: Option<NodeId>,
    ) -> Option<Self> {
        let tree = context.tree();
        let call = tree.parent(tree.parent(execution)?)?;
        let result =
            context.method_call(call).filter(|it| it.receiver == execution && it.arguments.is_empty())?;
        let statement = tree.enclosing_statement(execution).filter(|it| tree.parent(*it) == Some(body))?;
        let assigned = tree.parent(call).filter(|it| tree.kind(*it) == NodeKind::Assignment);
        let name = assigned.and_then(|it| tree.child(it, Role::Left));
        let name = name.filter(|it| tree.kind(*it) == NodeKind::Name).map(|it| context.node_text(it));
        let reader = Rows { context, body, method, after: tree.range(statement).end };
        let kind = if is_any(&[SELECT], result.name) {
            reader.selection(name?)?
        } else if is_any(&[UNLOAD], result.name) {
            match name {
                Some(name) => reader.table(name)?,
                None => reader.inline(call, statement)?,
            }
        } else {
            return None;
        };
        Some(Self { kind, statement })
    }

    /// A call that the change takes away.
    pub(crate) fn owns(&self, call: NodeId) -> bool {
        match self.kind {
            LookupKind::First { next, .. } | LookupKind::Every { next, .. } => next == call,
            _ => false,
        }
    }
}

/// Reads of the rows in the body of the loop.
struct Rows<'c, 'a> {
    context: &'c Context<'a>,
    body: NodeId,
    method: Option<NodeId>,
    /// The statement that executes the query ends here.
    after: u32,
}

impl<'a> Rows<'_, 'a> {
    /// All uses but the one assignment are reads behind it in the body.
    fn reads(&self, name: &str) -> Option<(&'a str, Vec<NameUse>)> {
        let tree = self.context.tree();
        let local = self.context.own_variable(name, self.method)?;
        let uses = || local.uses.iter().filter(|it| it.role != NameRole::DeclaredVariable);
        let writes = uses().filter(|it| is_write(it.role)).count();
        let reads: Vec<NameUse> = uses().filter(|it| !is_write(it.role)).copied().collect();
        let is_inside = |it: &NameUse| {
            tree.is_within(it.node, self.body) && self.context.use_range(it).start >= self.after
        };
        (writes == 1 && reads.iter().all(is_inside)).then_some((local.name, reads))
    }

    /// `Строка.Поле`, not called and not assigned.
    fn is_field_read(&self, row: NodeId) -> bool {
        let tree = self.context.tree();
        let Some(member) = tree.parent(row).filter(|it| tree.kind(*it) == NodeKind::Member) else {
            return false;
        };
        tree.node(row).role == Role::Object
            && tree.node(member).role != Role::Function
            && !self.context.is_target(member)
    }

    fn selection(&self, name: &str) -> Option<LookupKind<'a>> {
        let tree = self.context.tree();
        let (selection, reads) = self.reads(name)?;
        let next_of = |it: &NameUse| {
            let call = tree.parent(tree.parent(it.node)?)?;
            let found = self.context.method_call(call)?;
            (found.receiver == it.node && found.is("Следующий", "Next")).then_some(call)
        };
        let mut calls = reads.iter().filter_map(next_of);
        let next = calls.next()?;
        let owner = tree.parent(next).filter(|it| tree.child(*it, Role::Condition) == Some(next))?;
        if calls.next().is_some() || tree.parent(owner) != Some(self.body) {
            return None;
        }
        let block = tree.children(owner).find(|it| tree.kind(*it) == NodeKind::Block)?;
        let mut others = reads.iter().filter(|it| !tree.is_within(it.node, next));
        let all_fields = others.all(|it| tree.is_within(it.node, block) && self.is_field_read(it.node));
        match tree.kind(owner) {
            NodeKind::If if all_fields => Some(LookupKind::First { selection, next }),
            NodeKind::While if all_fields => Some(LookupKind::Every { selection, next, walk: owner }),
            _ => None,
        }
    }

    fn table(&self, name: &str) -> Option<LookupKind<'a>> {
        let (name, reads) = self.reads(name)?;
        reads.iter().all(|it| self.is_read_like_array(it.node)).then_some(LookupKind::Table { name })
    }

    fn inline(&self, unloaded: NodeId, statement: NodeId) -> Option<LookupKind<'a>> {
        let kind = self.context.tree().kind(statement);
        let is_plain = matches!(
            kind,
            NodeKind::Assignment | NodeKind::ExpressionStatement | NodeKind::If | NodeKind::ForEach
        );
        (is_plain && self.is_read_like_array(unloaded)).then_some(LookupKind::Inline { unloaded })
    }

    /// An array of rows does as well: their number, fields of a row by its number, a walk over them.
    fn is_read_like_array(&self, table: NodeId) -> bool {
        let tree = self.context.tree();
        let Some(parent) = tree.parent(table) else { return false };
        match (tree.kind(parent), tree.node(table).role) {
            (NodeKind::Member, Role::Object) => {
                let call = tree.parent(parent).and_then(|call| self.context.method_call(call));
                call.is_some_and(|it| it.receiver == table && it.is("Количество", "Count"))
            }
            (NodeKind::Index, Role::Object) => self.is_field_read(parent),
            (NodeKind::ForEach, Role::Collection) => self.is_walk_of_reads(parent),
            _ => false,
        }
    }

    fn is_walk_of_reads(&self, walk: NodeId) -> bool {
        let tree = self.context.tree();
        let Some(row) = tree.child(walk, Role::Variable) else { return false };
        let local = self.context.own_variable(self.context.node_text(row), self.method);
        local.is_some_and(|local| {
            local.uses.iter().all(|it| match it.role {
                NameRole::DeclaredVariable => true,
                NameRole::LoopVariable => it.node == row,
                NameRole::Variable => tree.is_within(it.node, walk) && self.is_field_read(it.node),
                _ => false,
            })
        })
    }
}

/// Names that the new code needs.
struct NewNames {
    keys: String,
    map: String,
    /// Keeps the rows alive.
    table: String,
    row: String,
    rows: String,
}

impl NewNames {
    fn new(context: &Context<'_>, method: Option<NodeId>) -> Self {
        let fresh =
            |russian: &str, english: &str| context.fresh_name(context.script.pick(russian, english), method);
        Self {
            keys: fresh("КлючиПоиска", "SearchKeys"),
            map: fresh("НайденныеСтроки", "FoundRows"),
            table: fresh("РезультатЗапроса", "QueryResult"),
            row: fresh("НайденнаяСтрока", "FoundRow"),
            rows: fresh("СтрокиПоКлючу", "RowsOfKey"),
        }
    }
}

impl QueryInLoop<'_> {
    pub(crate) fn change(&self, context: &Context<'_>) -> Change {
        let tree = context.tree();
        let names = NewNames::new(context, self.method);
        let start = tree.range(self.each).start;
        let indent = context.indent(start);
        let mut before = context.lines(indent, &self.collect_keys(context, &names));
        let mut edits = Vec::new();
        for statement in &self.moved {
            before += &self.moved_statement(context, *statement, indent);
            edits.push(context.delete(context.whole_lines(*statement)));
        }
        edits.push(context.delete(context.whole_lines(self.key_statement)));
        // What stands before the loop already changes in place.
        let is_moved =
            |edit: &Edit| self.moved.iter().any(|it| tree.statement_range(*it).contains(edit.range));
        let stays = self.batch.edits.iter().filter(|edit| !is_moved(edit));
        edits.extend(stays.map(|edit| context.replace(edit.range, edit.text.as_str())));
        before += &context.lines(indent, &self.execute(context, &names));
        before += context.line_break();
        edits.push(context.insert(context.above(self.each), before));
        edits.extend(self.read(context, &names));
        Change::new(edits)
    }

    /// A statement of the query with the new text, at the indent of the loop.
    fn moved_statement(&self, context: &Context<'_>, statement: NodeId, indent: &str) -> String {
        let range = context.tree().statement_range(statement);
        let inside = self.batch.edits.iter().filter(|edit| range.contains(edit.range));
        let inside = inside.map(|edit| {
            let at = TextRange { start: edit.range.start - range.start, end: edit.range.end - range.start };
            Edit::replace(at, edit.text.as_str())
        });
        let (text, _) = apply_edits(range.slice(context.text()), inside.collect());
        let text = reindented(&text, context.indent(range.start), indent);
        let semicolon = if text.ends_with(';') { "" } else { ";" };
        format!("{indent}{text}{semicolon}{}", context.line_break())
    }

    fn collect_keys(&self, context: &Context<'_>, names: &NewNames) -> Vec<String> {
        let unit = context.indent_unit();
        let (keys, element, key) = (&names.keys, self.element, context.node_text(self.key));
        let Some(collection) = self.collection.map(|it| context.node_text(it)) else {
            return self.collect_selected(context, names);
        };
        match context.script {
            crate::script::Script::Russian => vec![
                format!("{keys} = Новый Массив;"),
                format!("Для Каждого {element} Из {collection} Цикл"),
                format!("{unit}{keys}.Добавить({key});"),
                "КонецЦикла;".to_owned(),
            ],
            crate::script::Script::English => vec![
                format!("{keys} = New Array;"),
                format!("For Each {element} In {collection} Do"),
                format!("{unit}{keys}.Add({key});"),
                "EndDo;".to_owned(),
            ],
        }
    }

    /// A selection is walked once more; `Сбросить` puts it before its first row again.
    fn collect_selected(&self, context: &Context<'_>, names: &NewNames) -> Vec<String> {
        let unit = context.indent_unit();
        let (keys, selection, key) = (&names.keys, self.element, context.node_text(self.key));
        match context.script {
            crate::script::Script::Russian => vec![
                format!("{keys} = Новый Массив;"),
                format!("Пока {selection}.Следующий() Цикл"),
                format!("{unit}{keys}.Добавить({key});"),
                "КонецЦикла;".to_owned(),
                format!("{selection}.Сбросить();"),
            ],
            crate::script::Script::English => vec![
                format!("{keys} = New Array;"),
                format!("While {selection}.Next() Do"),
                format!("{unit}{keys}.Add({key});"),
                "EndDo;".to_owned(),
                format!("{selection}.Reset();"),
            ],
        }
    }

    /// Executes the query once and sorts its rows by the value.
    fn execute(&self, context: &Context<'_>, names: &NewNames) -> Vec<String> {
        let unit = context.indent_unit();
        let NewNames { keys, map, table, row, rows } = names;
        let (query, parameter) = (self.query, self.parameter);
        let field = format!("{row}.{}", self.batch.key_column);
        let is_first = matches!(self.lookup.kind, LookupKind::First { .. });
        let is_russian = context.script == crate::script::Script::Russian;
        let mut lines = if is_russian {
            vec![
                format!("{query}.УстановитьПараметр(\"{parameter}\", {keys});"),
                format!("{table} = {query}.Выполнить().Выгрузить();"),
                format!("{map} = Новый Соответствие;"),
                format!("Для Каждого {row} Из {table} Цикл"),
            ]
        } else {
            vec![
                format!("{query}.SetParameter(\"{parameter}\", {keys});"),
                format!("{table} = {query}.Execute().Unload();"),
                format!("{map} = New Map;"),
                format!("For Each {row} In {table} Do"),
            ]
        };
        lines.extend(match (is_first, is_russian) {
            (true, true) => vec![
                format!("{unit}Если {map}.Получить({field}) = Неопределено Тогда"),
                format!("{unit}{unit}{map}.Вставить({field}, {row});"),
                format!("{unit}КонецЕсли;"),
            ],
            (true, false) => vec![
                format!("{unit}If {map}.Get({field}) = Undefined Then"),
                format!("{unit}{unit}{map}.Insert({field}, {row});"),
                format!("{unit}EndIf;"),
            ],
            (false, true) => vec![
                format!("{unit}{rows} = {map}.Получить({field});"),
                format!("{unit}Если {rows} = Неопределено Тогда"),
                format!("{unit}{unit}{rows} = Новый Массив;"),
                format!("{unit}{unit}{map}.Вставить({field}, {rows});"),
                format!("{unit}КонецЕсли;"),
                format!("{unit}{rows}.Добавить({row});"),
            ],
            (false, false) => vec![
                format!("{unit}{rows} = {map}.Get({field});"),
                format!("{unit}If {rows} = Undefined Then"),
                format!("{unit}{unit}{rows} = New Array;"),
                format!("{unit}{unit}{map}.Insert({field}, {rows});"),
                format!("{unit}EndIf;"),
                format!("{unit}{rows}.Add({row});"),
            ],
        });
        lines.push(if is_russian { "КонецЦикла;" } else { "EndDo;" }.to_owned());
        lines
    }

    /// The lookup in the loop and the reads that change with it.
    fn read(&self, context: &Context<'_>, names: &NewNames) -> Vec<Edit> {
        let tree = context.tree();
        let script = context.script;
        let undefined = script.pick("Неопределено", "Undefined");
        let get = script.pick("Получить", "Get");
        let found = format!("{}.{get}({})", names.map, context.node_text(self.key));
        let at = tree.statement_range(self.lookup.statement);
        match &self.lookup.kind {
            LookupKind::First { selection, next } => vec![
                context.replace(at, format!("{selection} = {found};")),
                context.replace(tree.range(*next), format!("{selection} <> {undefined}")),
            ],
            LookupKind::Every { selection, walk, .. } => {
                let range = tree.range(*walk);
                let condition = tree.child(*walk, Role::Condition).map_or(range, |it| tree.range(it));
                let head = TextRange { start: range.start, end: condition.end };
                let (each, of) = (script.pick("Для Каждого", "For Each"), script.pick("Из", "In"));
                vec![
                    context.replace(at, self.rows(context, &names.rows, &found, at.start)),
                    context.replace(head, format!("{each} {selection} {of} {}", names.rows)),
                ]
            }
            LookupKind::Table { name } => {
                vec![context.replace(at, self.rows(context, name, &found, at.start))]
            }
            LookupKind::Inline { unloaded } => {
                let separator = format!("{}{}", context.line_break(), context.indent(at.start));
                let text = self.rows(context, &names.rows, &found, at.start) + &separator;
                vec![
                    context.insert(at.start, text),
                    context.replace(tree.range(*unloaded), names.rows.as_str()),
                ]
            }
        }
    }

    /// The rows of the value, or none.
    fn rows(&self, context: &Context<'_>, rows: &str, found: &str, at: u32) -> String {
        let (unit, indent) = (context.indent_unit(), context.indent(at));
        let line = context.line_break();
        match context.script {
            crate::script::Script::Russian => format!(
                "{rows} = {found};{line}{indent}Если {rows} = Неопределено Тогда{line}{indent}{unit}{rows} = \
                 Новый Массив;{line}{indent}КонецЕсли;"
            ),
            crate::script::Script::English => format!(
                "{rows} = {found};{line}{indent}If {rows} = Undefined Then{line}{indent}{unit}{rows} = \
                 New Array;{line}{indent}EndIf;"
            ),
        }
    }
}
