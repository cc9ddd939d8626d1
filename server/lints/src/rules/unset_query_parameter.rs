//! Parameters of queries that nobody sets.

use base::TextRange;
use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, QueryNodeKind, QueryRole, Role, Source};

use crate::argument_list::arguments_of;
use crate::calls::PlatformName;
use crate::context::Context;
use crate::queries::SectionQuery;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnsetQueryParameter",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error", "sql"],
    messages: &[Text {
        ru: "Параметр запроса {0} не установлен",
        en: "The parameter {0} of the query is not set",
    }],
    docs: docs!("unset_query_parameter"),
    create: |_| Box::new(UnsetQueryParameter),
    ..RuleInfo::DEFAULT
};

const QUERY: PlatformName = PlatformName::new("Запрос", "Query");
const TEXT: PlatformName = PlatformName::new("Текст", "Text");
const TABLES: PlatformName = PlatformName::new("МенеджерВременныхТаблиц", "TempTablesManager");
const PARAMETERS: PlatformName = PlatformName::new("Параметры", "Parameters");
const INSERT: PlatformName = PlatformName::new("Вставить", "Insert");
const SET: PlatformName = PlatformName::new("УстановитьПараметр", "SetParameter");
const EXECUTE: [PlatformName; 3] = [
    PlatformName::new("Выполнить", "Execute"),
    PlatformName::new("ВыполнитьПакет", "ExecuteBatch"),
    PlatformName::new("ВыполнитьПакетСПромежуточнымиДанными", "ExecuteBatchWithIntermediateData"),
];

struct UnsetQueryParameter;

impl Rule for UnsetQueryParameter {
    fn needs_queries(&self) -> bool {
        true
    }

    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let tree = source.tree;
        if ctx.queries.iter().all(|query| !query.is_known) {
            return;
        }
        let methods = tree.nodes().filter(|(_, node)| node.kind.is_method() && !node.has_error);
        let mut found = Vec::new();
        for (method, _) in methods {
            for query in local_queries(source, method).into_values().flatten() {
                found.extend(query.unset(source, ctx.queries));
            }
        }
        found.sort();
        for range in found {
            ctx.report(range).arg(range.slice(source.text));
        }
    }
}

/// A variable that holds one query from its making to its execution.
#[derive(Default)]
struct LocalQuery {
    made: u32,
    texts: Vec<NodeId>,
    /// Contents of the literals that name parameters, in lower case.
    set: Vec<String>,
    is_executed: bool,
}

/// By the name of the variable; `None` for those that are used in another way.
fn local_queries(source: Source<'_>, method: NodeId) -> FxHashMap<String, Option<LocalQuery>> {
    let tree = source.tree;
    let mut queries = FxHashMap::default();
    let made = tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::Assignment);
    for assignment in made {
        if let Some((name, _)) = making(source, assignment) {
            queries.insert(base::fold_case(name).into_owned(), Some(LocalQuery::default()));
        }
    }
    if queries.is_empty() {
        return queries;
    }
    for node in tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::Name) {
        if matches!(tree.node(node).role, Role::Property | Role::Type | Role::Name) {
            continue;
        }
        let name = base::fold_case(source.node_text(node));
        let Some(slot) = queries.get_mut(&*name) else { continue };
        let is_understood = slot.as_mut().is_some_and(|query| query.read_use(source, node).is_some());
        if !is_understood {
            *slot = None;
        }
    }
    queries
}

/// `Имя = Новый Запрос(…)`: the name and the constructor.
fn making(source: Source<'_>, assignment: NodeId) -> Option<(&str, NodeId)> {
    let tree = source.tree;
    let left = tree.child(assignment, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name)?;
    let right = tree.child(assignment, Role::Right).filter(|right| tree.kind(*right) == NodeKind::New)?;
    let made = tree.child(right, Role::Type)?;
    QUERY.is(source.node_text(made)).then(|| (source.node_text(left), right))
}

impl LocalQuery {
    /// `None` if the use is not understood.
    fn read_use(&mut self, source: Source<'_>, name: NodeId) -> Option<()> {
        let tree = source.tree;
        let parent = tree.parent(name)?;
        if tree.kind(parent) == NodeKind::Assignment && tree.node(name).role == Role::Left {
            let (_, constructor) = making(source, parent)?;
            self.made += 1;
            self.texts.extend(arguments_of(tree, constructor).next().flatten());
            return Some(());
        }
        if tree.kind(parent) != NodeKind::Member || tree.node(name).role != Role::Object {
            return None;
        }
        let property = source.node_text(tree.child(parent, Role::Property)?);
        if TEXT.is(property) {
            let assignment = tree.parent(parent).filter(|node| tree.kind(*node) == NodeKind::Assignment)?;
            (tree.node(parent).role == Role::Left).then_some(())?;
            self.texts.push(tree.child(assignment, Role::Right)?);
            return Some(());
        }
        if TABLES.is(property) {
            return Some(());
        }
        if PARAMETERS.is(property) {
            let insert = tree.parent(parent).filter(|node| tree.kind(*node) == NodeKind::Member)?;
            let method = source.node_text(tree.child(insert, Role::Property)?);
            return INSERT.is(method).then(|| self.read_setting(source, insert))?;
        }
        if SET.is(property) {
            return self.read_setting(source, parent);
        }
        self.is_executed |= EXECUTE.iter().any(|name| name.is(property));
        EXECUTE.iter().any(|name| name.is(property)).then_some(())
    }

    /// A call whose first argument names a parameter.
    fn read_setting(&mut self, source: Source<'_>, function: NodeId) -> Option<()> {
        let tree = source.tree;
        let call = tree.parent(function).filter(|call| tree.kind(*call) == NodeKind::Call)?;
        let argument = arguments_of(tree, call).next().flatten()?;
        let literal = source.node_text(argument).strip_prefix('"')?.strip_suffix('"')?;
        self.set.push(base::fold_case(literal).into_owned());
        Some(())
    }

    /// First uses of parameters that are not set, if the text is whole and the only one.
    fn unset(&self, source: Source<'_>, queries: &[SectionQuery]) -> Vec<TextRange> {
        let (1, true, [text]) = (self.made, self.is_executed, self.texts.as_slice()) else {
            return Vec::new();
        };
        let is_it = |query: &&SectionQuery| query.is_known && query.literal.node == *text;
        let Some(tree) = queries.iter().find(is_it).map(|query| &query.tree) else { return Vec::new() };
        if !tree.errors().is_empty() || tree.is_template() {
            return Vec::new();
        }
        let mut seen = self.set.clone();
        let parameters = tree.nodes().filter(|(_, node)| node.kind == QueryNodeKind::Parameter);
        parameters
            .filter_map(|(id, node)| {
                let name = tree.child(id, QueryRole::Name)?;
                let name = base::fold_case(tree.node_text(name, source.text)).into_owned();
                let is_new = !name.is_empty() && !seen.contains(&name);
                seen.push(name);
                is_new.then_some(node.range)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn parameters_that_nobody_sets() {
        rule("UnsetQueryParameter").check(
            "\
Функция Один(Склад)
	Запрос = Новый Запрос;
	Запрос.Текст = \"ВЫБРАТЬ Т.Код ИЗ Справочник.Товары КАК Т
	|ГДЕ Т.Склад = &Склад И Т.Дата > &Дата И Т.Конец < &дата И Т.Вид = &Вид\";
	Запрос.УстановитьПараметр(\"склад\", Склад);
	Запрос.Параметры.Вставить(\"Вид\", 1);
	Возврат Запрос.Выполнить().Выбрать();
КонецФункции
Function Two()
	Q = New Query(\"SELECT T.Code FROM Catalog.Goods AS T WHERE T.Date = &Date\");
	Q.TempTablesManager = Manager;
	Return Q.Execute();
EndFunction
Функция Передан()
	Запрос = Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ Справочник.Товары КАК Т ГДЕ Т.Дата = &Дата\");
	Заполнить(Запрос);
	Возврат Запрос.Выполнить();
КонецФункции
Функция Вычислен(Имя)
	Запрос = Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ Справочник.Товары КАК Т ГДЕ Т.Дата = &Дата\");
	Запрос.УстановитьПараметр(Имя, 1);
	Возврат Запрос.Выполнить();
КонецФункции
Функция Дважды()
	Запрос = Новый Запрос(\"ВЫБРАТЬ Т.Код ИЗ Справочник.Товары КАК Т ГДЕ Т.Дата = &Дата\");
	Запрос.Текст = Запрос.Текст + Другой;
	Возврат Запрос.Выполнить();
КонецФункции
",
            expect![[r#"
                4:35 `&Дата` The parameter &Дата of the query is not set
                10:70 `&Date` The parameter &Date of the query is not set
            "#]],
        );
    }
}
