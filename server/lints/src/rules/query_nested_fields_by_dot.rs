//! Fields of fields: every dot costs a join.

use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use crate::calls::PlatformName;
use crate::context::QueryContext;
use crate::queries::{column_length, virtual_table};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "QueryNestedFieldsByDot",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["standard", "sql", "performance"],
    messages: &[Text {
        ru: "Обращение через точку `{0}`",
        en: "The field `{0}` is read through another one",
    }],
    docs: docs!("query_nested_fields_by_dot"),
    create: |_| Box::new(QueryNestedFieldsByDot),
    ..RuleInfo::DEFAULT
};

const FUNCTIONS: [PlatformName; 2] =
    [PlatformName::new("ВЫРАЗИТЬ", "CAST"), PlatformName::new("ЗНАЧЕНИЕ", "VALUE")];

struct QueryNestedFieldsByDot;

impl Rule for QueryNestedFieldsByDot {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Member, QueryNodeKind::Source]
    }

    fn reads_broken_queries(&self) -> bool {
        true
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let (tree, text) = (ctx.tree, ctx.text);
        if tree.kind(node) == QueryNodeKind::Source {
            let arguments = virtual_table(tree, text, node).and_then(|table| table.arguments);
            for column in arguments.into_iter().flat_map(|list| plain_columns(tree, text, list)) {
                report(ctx, column);
            }
            return;
        }
        let is_long = column_length(tree, text, node).is_some_and(|length| length > 2);
        if is_long || is_behind_function(tree, text, node) {
            report(ctx, node);
        }
    }
}

fn report(ctx: &mut QueryContext<'_>, node: QueryNodeId) {
    let code = ctx.tree.node_text(node, ctx.text);
    ctx.report_node(node).arg(code);
}

/// Columns `Т.Поле` in the parameters of a table. Behind the beginning of a subquery the rest of a parameter does not
/// count.
fn plain_columns(tree: &QueryTree, text: &str, arguments: QueryNodeId) -> Vec<QueryNodeId> {
    let mut commas = tree
        .own_tokens(arguments)
        .filter(|token| token.kind == QueryTokenKind::Comma)
        .map(|token| token.start)
        .peekable();
    let mut columns = Vec::new();
    let mut is_off = false;
    for node in tree.descendants(arguments) {
        while commas.next_if(|comma| *comma < tree.range(node).start).is_some() {
            is_off = false;
        }
        is_off |= tree.kind(node) == QueryNodeKind::Query;
        if !is_off && column_length(tree, text, node) == Some(2) {
            columns.push(node);
        }
    }
    columns
}

/// `ВЫРАЗИТЬ(…).А.Б` as a whole.
fn is_behind_function(tree: &QueryTree, text: &str, member: QueryNodeId) -> bool {
    if tree.node(member).role == QueryRole::Object {
        return false;
    }
    let (mut length, mut current) = (0, member);
    while tree.kind(current) == QueryNodeKind::Member {
        length += 1;
        let Some(object) = tree.child(current, QueryRole::Object) else { return false };
        current = object;
    }
    let is_call = length > 1 && tree.kind(current) == QueryNodeKind::Call;
    let function = if is_call { tree.child(current, QueryRole::Function) } else { None };
    function
        .map(|function| tree.node_text(function, text))
        .is_some_and(|name| FUNCTIONS.iter().any(|function| function.is(name)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn fields_of_fields() {
        rule("QueryNestedFieldsByDot").check(
            "\
А = \"ВЫБРАТЬ Т.А КАК А, Т.Б.В КАК Б, ВЫРАЗИТЬ(Т.Г.Д КАК Справочник.Е.Ж).З КАК Г, ЗНАЧЕНИЕ(Справочник.И.К) КАК И,
	|CAST(T.A AS Catalog.B).C.D AS C, Т.Стр.(Л, М.Н) КАК Стр
	|ИЗ Документ.Т.Стр КАК Т УПОРЯДОЧИТЬ ПО Т.О.П\";
Б = \"ВЫБРАТЬ 1 КАК А ИЗ РегистрНакопления.А.Остатки(&А, А.Б = 1 И В = 2 И Т.А В (ВЫБРАТЬ В.Г ИЗ В КАК В) И Д.Е) КАК О,
	|РегистрНакопления.А.Обороты(А.Б В (ВЫБРАТЬ 1), В.Г, Д.Е.Ж) КАК О\";
Сломан = \"ВЫБРАТЬ Т.А.Б КАК А ИЗ \" + Б;
",
            expect![[r#"
                1:25 `Т.Б.В` The field `Т.Б.В` is read through another one
                1:47 `Т.Г.Д` The field `Т.Г.Д` is read through another one
                2:3 `CAST(T.A AS Catalog.B).C.D` The field `CAST(T.A AS Catalog.B).C.D` is read through another one
                3:42 `Т.О.П` The field `Т.О.П` is read through another one
                4:57 `А.Б` The field `А.Б` is read through another one
                4:75 `Т.А` The field `Т.А` is read through another one
                5:31 `А.Б` The field `А.Б` is read through another one
                5:55 `Д.Е.Ж` The field `Д.Е.Ж` is read through another one
                6:19 `Т.А.Б` The field `Т.А.Б` is read through another one
            "#]],
        );
    }
}
