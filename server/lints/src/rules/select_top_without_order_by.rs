//! The first rows of what has no order.

use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTree};

use crate::context::QueryContext;
use crate::options::Params;
use crate::queries::joins_of;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SelectTopWithoutOrderBy",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "sql", "suspicious"],
    params: &[ParamInfo {
        name: "skipSelectTopOne",
        default: ParamDefault::Bool(true),
        meaning: Text {
            ru: "одну запись разрешено выбирать и без порядка",
            en: "a single row may be selected without order",
        },
    }],
    messages: &[Text {
        ru: "`ПЕРВЫЕ` без `УПОРЯДОЧИТЬ ПО`", en: "`TOP` without `ORDER BY`"
    }],
    docs: docs!("select_top_without_order_by"),
    create: |params: &Params<'_>| {
        Box::new(SelectTopWithoutOrderBy { skips_top_one: params.bool("skipSelectTopOne") })
    },
    ..RuleInfo::DEFAULT
};

struct SelectTopWithoutOrderBy {
    skips_top_one: bool,
}

impl Rule for SelectTopWithoutOrderBy {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Query]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let tree = ctx.tree;
        let is_union = tree.children_of_kind(node, QueryNodeKind::Select).nth(1).is_some();
        for select in tree.children_of_kind(node, QueryNodeKind::Select) {
            let Some(top) = tree.children_of_kind(select, QueryNodeKind::Top).next() else { continue };
            let has_condition = tree.children_of_kind(select, QueryNodeKind::Where).next().is_some();
            // Rows of a union have no order of their own, so only what is found by a condition is certain.
            let is_enough = has_condition || (self.skips_top_one && !is_union);
            if (is_enough && takes_one_row(tree, ctx.text, top)) || (!is_union && is_ordered(tree, node)) {
                continue;
            }
            ctx.report_node(top);
        }
    }
}

/// `ПЕРВЫЕ 1`, or even `ПЕРВЫЕ 0`.
fn takes_one_row(tree: &QueryTree, text: &str, top: QueryNodeId) -> bool {
    let count = tree.child(top, QueryRole::Count);
    let count = count.and_then(|count| tree.node_text(count, text).parse::<u64>().ok());
    count.is_some_and(|count| count <= 1)
}

/// An order stands anywhere in what holds the query.
fn is_ordered(tree: &QueryTree, query: QueryNodeId) -> bool {
    let has_order =
        |node: QueryNodeId| tree.descendants(node).any(|node| tree.kind(node) == QueryNodeKind::Order);
    let source = tree.parent(query).and_then(|parent| tree.parent(parent));
    let source = source.filter(|source| tree.kind(*source) == QueryNodeKind::Source);
    has_order(query) || source.is_some_and(|source| joins_of(tree, source).any(has_order))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
А = \"ВЫБРАТЬ ПЕРВЫЕ 10 Т.А КАК А ИЗ Т КАК Т ГДЕ Т.А = 1\";
Б = \"ВЫБРАТЬ ПЕРВЫЕ 10 Т.А КАК А ИЗ Т КАК Т УПОРЯДОЧИТЬ ПО А\";
В = \"ВЫБРАТЬ ПЕРВЫЕ 1 Т.А КАК А ИЗ Т КАК Т; ВЫБРАТЬ ПЕРВЫЕ 1 Т.А КАК А ИЗ Т КАК Т ГДЕ Т.А = 1\";
D = \"SELECT TOP 3 1 AS A AUTOORDER\";
Д = \"ВЫБРАТЬ Т.А КАК А ИЗ (ВЫБРАТЬ ПЕРВЫЕ 5 1 КАК А) КАК Т ГДЕ 1 В (ВЫБРАТЬ ПЕРВЫЕ 0 2) УПОРЯДОЧИТЬ ПО А\";
Е = \"ВЫБРАТЬ ПЕРВЫЕ 1 1 КАК А ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ ПЕРВЫЕ 1 1 ИЗ Т ГДЕ Истина
	|ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ ПЕРВЫЕ 2 1 ИЗ Т ГДЕ Истина УПОРЯДОЧИТЬ ПО А\";
";

    #[test]
    fn first_rows_of_nothing_certain() {
        rule("SelectTopWithoutOrderBy").check(
            TEXT,
            expect![[r#"
            1:14 `ПЕРВЫЕ 10` `TOP` without `ORDER BY`
            4:13 `TOP 3` `TOP` without `ORDER BY`
            5:36 `ПЕРВЫЕ 5` `TOP` without `ORDER BY`
            6:14 `ПЕРВЫЕ 1` `TOP` without `ORDER BY`
            7:26 `ПЕРВЫЕ 2` `TOP` without `ORDER BY`
        "#]],
        );
    }

    #[test]
    fn one_row() {
        rule("SelectTopWithoutOrderBy").bool("skipSelectTopOne", false).check(
            TEXT,
            expect![[r#"
            1:14 `ПЕРВЫЕ 10` `TOP` without `ORDER BY`
            3:14 `ПЕРВЫЕ 1` `TOP` without `ORDER BY`
            4:13 `TOP 3` `TOP` without `ORDER BY`
            5:36 `ПЕРВЫЕ 5` `TOP` without `ORDER BY`
            5:77 `ПЕРВЫЕ 0` `TOP` without `ORDER BY`
            6:14 `ПЕРВЫЕ 1` `TOP` without `ORDER BY`
            7:26 `ПЕРВЫЕ 2` `TOP` without `ORDER BY`
        "#]],
        );
    }
}
