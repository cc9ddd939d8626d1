//! Joins with subqueries.

use syntax::{QueryNodeId, QueryNodeKind, QueryRole};

use crate::context::QueryContext;
use crate::queries::is_joined;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "JoinWithSubQuery",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    scope: Scope::Bsl,
    tags: &["sql", "standard", "performance"],
    messages: &[Text {
        ru: "Соединение с вложенным запросом", en: "A join with a subquery"
    }],
    docs: docs!("join_with_sub_query"),
    create: |_| Box::new(JoinWithSubQuery),
    ..RuleInfo::DEFAULT
};

struct JoinWithSubQuery;

impl Rule for JoinWithSubQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Source]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let tree = ctx.tree;
        let table = tree.child(node, QueryRole::Table);
        let Some(table) = table.filter(|table| tree.kind(*table) == QueryNodeKind::Subquery) else { return };
        let query = tree.children_of_kind(table, QueryNodeKind::Query).next();
        if let Some(query) = query.filter(|_| is_joined(tree, node)) {
            ctx.report_node(query);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn both_sides_of_a_join() {
        rule("JoinWithSubQuery").check(
            "\
А = \"ВЫБРАТЬ * ИЗ (ВЫБРАТЬ 1 КАК А) КАК А ЛЕВОЕ СОЕДИНЕНИЕ
	|(SELECT 2 AS B UNION ALL SELECT 3) AS B ПО А.А = B.B,
	|(ВЫБРАТЬ 4 КАК Г) КАК Г, Д КАК Д ВНУТРЕННЕЕ СОЕДИНЕНИЕ Е КАК Е ПО Д.А В (ВЫБРАТЬ 5)\";
",
            expect![[r#"
                1:20 `ВЫБРАТЬ 1 КАК А` A join with a subquery
                2:4 `SELECT 2 AS B UNION ALL SELECT 3` A join with a subquery
            "#]],
        );
    }
}
