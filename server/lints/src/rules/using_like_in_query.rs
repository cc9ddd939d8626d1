//! Comparisons by pattern in queries.

use syntax::{QueryNodeId, QueryNodeKind, QueryTokenKind};

use crate::context::QueryContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingLikeInQuery",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    scope: Scope::Bsl,
    is_on_by_default: false,
    tags: &["sql", "unpredictable"],
    messages: &[Text { ru: "`ПОДОБНО` в запросе", en: "`LIKE` in a query" }],
    docs: docs!("using_like_in_query"),
    create: |_| Box::new(UsingLikeInQuery),
    ..RuleInfo::DEFAULT
};

struct UsingLikeInQuery;

impl Rule for UsingLikeInQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Package]
    }

    fn reads_broken_queries(&self) -> bool {
        true
    }

    fn query(&self, ctx: &mut QueryContext<'_>, _: QueryNodeId) {
        let tree = ctx.tree;
        let tokens = tree.tokens().iter().enumerate();
        for (index, _) in tokens.filter(|(_, token)| token.kind == QueryTokenKind::Like) {
            ctx.report_node(tree.node_of_token(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn patterns() {
        rule("UsingLikeInQuery").check(
            "\
А = \"ВЫБРАТЬ А.Б ПОДОБНО \"\"%а\"\" КАК Б ИЗ А КАК А
	|ГДЕ НЕ А.Б like &Шаблон СПЕЦСИМВОЛ \"\"~\"\" И (А.В НЕ ПОДОБНО А.Г + \"\"%\"\")\";
Сломан = \"ВЫБРАТЬ А КАК А ИЗ Т ГДЕ А ПОДОБНО \"\"а\"\" И И\";
",
            expect![[r#"
                1:14 `А.Б ПОДОБНО ""%а"` `LIKE` in a query
                2:10 `А.Б like &Шаблон СПЕЦСИМВОЛ ""~"` `LIKE` in a query
                2:47 `А.В НЕ ПОДОБНО А.Г + ""%"` `LIKE` in a query
                3:36 `А ПОДОБНО ""а"` `LIKE` in a query
            "#]],
        );
    }
}
