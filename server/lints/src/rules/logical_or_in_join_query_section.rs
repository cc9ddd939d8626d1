//! Alternatives about several fields in the conditions of joins.

use rustc_hash::FxHashSet;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use crate::context::QueryContext;
use crate::queries::columns_of;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "LogicalOrInJoinQuerySection",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 15,
    tags: &["sql", "performance", "unpredictable"],
    messages: &[Text {
        ru: "`ИЛИ` в условии соединения", en: "`OR` in the condition of a join"
    }],
    docs: docs!("logical_or_in_join_query_section"),
    create: |_| Box::new(LogicalOrInJoinQuerySection),
    ..RuleInfo::DEFAULT
};

struct LogicalOrInJoinQuerySection;

impl Rule for LogicalOrInJoinQuerySection {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Join]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let tree = ctx.tree;
        let Some(condition) = tree.child(node, QueryRole::Condition) else { return };
        for predicate in predicates(tree, condition) {
            if tree.kind(predicate) != QueryNodeKind::Parenthesized
                || !names_several_fields(tree, ctx.text, predicate)
            {
                continue;
            }
            for token in tree.tokens_of(predicate).iter().filter(|token| token.kind == QueryTokenKind::Or) {
                ctx.report_token(*token);
            }
        }
    }
}

/// Operands of the outermost `И` and `ИЛИ`, without the `НЕ` before them.
fn predicates(tree: &QueryTree, condition: QueryNodeId) -> Vec<QueryNodeId> {
    let mut predicates = Vec::new();
    let mut waiting = vec![condition];
    while let Some(node) = waiting.pop() {
        let has = |kind| tree.has_own_token(node, kind);
        let is_split = match tree.kind(node) {
            QueryNodeKind::Binary => has(QueryTokenKind::And) || has(QueryTokenKind::Or),
            QueryNodeKind::Unary => has(QueryTokenKind::Not),
            _ => false,
        };
        if is_split {
            waiting.extend(tree.children(node));
        } else {
            predicates.push(node);
        }
    }
    predicates
}

fn names_several_fields(tree: &QueryTree, text: &str, node: QueryNodeId) -> bool {
    let code = |column| {
        let tokens = tree.tokens_of(column).iter().filter(|token| !token.kind.is_trivia());
        tokens.map(|token| token.range().slice(text)).collect::<String>()
    };
    columns_of(tree, text, node).map(code).collect::<FxHashSet<_>>().len() > 1
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn alternatives_in_parentheses() {
        rule("LogicalOrInJoinQuerySection").check(
            "\
А = \"ВЫБРАТЬ * ИЗ А КАК А ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А ИЛИ А.А = Б.Б
	|ЛЕВОЕ СОЕДИНЕНИЕ Ж КАК Ж ПО (А.А = Ж.А ИЛИ А.Б = Ж.Б)
	|ЛЕВОЕ СОЕДИНЕНИЕ Г КАК Г ПО (Г.А = 1 ИЛИ Г . А = 2 ИЛИ Г.А = ЗНАЧЕНИЕ(Перечисление.П.З)) И НЕ (А.А = 1 или (Г.А = 2))
	|ЛЕВОЕ СОЕДИНЕНИЕ Д КАК Д ПО ВЫБОР КОГДА (Д.А = 1 ИЛИ А.А = 2) ТОГДА Истина КОНЕЦ\";
",
            expect![[r#"
                2:42 `ИЛИ` `OR` in the condition of a join
                3:106 `или` `OR` in the condition of a join
            "#]],
        );
    }
}
