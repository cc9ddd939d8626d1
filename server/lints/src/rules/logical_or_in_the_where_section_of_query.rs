//! Alternatives in the conditions of queries.

use syntax::{QueryNodeId, QueryNodeKind, QueryTokenKind};

use crate::context::QueryContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "LogicalOrInTheWhereSectionOfQuery",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["sql", "performance", "standard"],
    messages: &[Text { ru: "`ИЛИ` в условии `ГДЕ`", en: "`OR` in the condition of `WHERE`" }],
    docs: docs!("logical_or_in_the_where_section_of_query"),
    create: |_| Box::new(LogicalOrInTheWhereSectionOfQuery),
    ..RuleInfo::DEFAULT
};

struct LogicalOrInTheWhereSectionOfQuery;

impl Rule for LogicalOrInTheWhereSectionOfQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Where]
    }

    fn reads_broken_queries(&self) -> bool {
        true
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let tree = ctx.tree;
        // The outer condition has taken those of the subqueries inside along.
        if tree.ancestors(node).any(|ancestor| tree.kind(ancestor) == QueryNodeKind::Where) {
            return;
        }
        for token in tree.tokens_of(node).iter().filter(|token| token.kind == QueryTokenKind::Or) {
            ctx.report_token(*token);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn alternatives_anywhere_in_the_condition() {
        rule("LogicalOrInTheWhereSectionOfQuery").check(
            "\
А = \"ВЫБРАТЬ А ИЛИ Б КАК А ИЗ Т КАК Т ЛЕВОЕ СОЕДИНЕНИЕ Р ПО А ИЛИ Б ГДЕ А = 1 ИЛИ (Б or Ж)
	|И Г В (ВЫБРАТЬ А ИЗ Т ГДЕ А ИЛИ Б) {ГДЕ А ИЛИ Б}\";
Сломан = \"ВЫБРАТЬ А КАК А ИЗ Т КАК Т ГДЕ А = 1 ИЛИ Б = 2 СГРУППИРОВАТЬ\";
",
            expect![[r#"
                1:79 `ИЛИ` `OR` in the condition of `WHERE`
                1:86 `or` `OR` in the condition of `WHERE`
                2:31 `ИЛИ` `OR` in the condition of `WHERE`
                3:48 `ИЛИ` `OR` in the condition of `WHERE`
            "#]],
        );
    }
}
