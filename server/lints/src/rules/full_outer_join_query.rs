//! Full outer joins.

use syntax::{QueryNodeId, QueryNodeKind, QueryTokenKind};

use crate::context::QueryContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FullOuterJoinQuery",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    scope: Scope::Bsl,
    tags: &["sql", "standard", "performance"],
    messages: &[Text { ru: "Полное внешнее соединение", en: "A full outer join" }],
    docs: docs!("full_outer_join_query"),
    create: |_| Box::new(FullOuterJoinQuery),
    ..RuleInfo::DEFAULT
};

struct FullOuterJoinQuery;

impl Rule for FullOuterJoinQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Join]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let own = |kind| ctx.tree.own_tokens(node).find(move |token| token.kind == kind);
        if let Some((full, join)) = own(QueryTokenKind::Full).zip(own(QueryTokenKind::Join)) {
            ctx.report(full.range().cover(join.range()));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn full_joins() {
        rule("FullOuterJoinQuery").check(
            "\
А = \"ВЫБРАТЬ * ИЗ А КАК А ПОЛНОЕ ВНЕШНЕЕ СОЕДИНЕНИЕ Б КАК Б ПО А.В = Б.В
	|ЛЕВОЕ СОЕДИНЕНИЕ Ж КАК Ж full join Г КАК Г ПО Истина ПО Истина {ПОЛНОЕ СОЕДИНЕНИЕ Д ПО Истина}\";
",
            expect![[r#"
                1:27 `ПОЛНОЕ ВНЕШНЕЕ СОЕДИНЕНИЕ` A full outer join
                2:28 `full join` A full outer join
            "#]],
        );
    }
}
