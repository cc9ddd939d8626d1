//! Unions that look for equal rows.

use base::Edit;
use syntax::{QueryNodeId, QueryNodeKind, QueryTokenKind};

use crate::context::QueryContext;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnionAll",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "sql", "performance"],
    fix: FixSafety::Unsafe,
    messages: &[Text { ru: "`ОБЪЕДИНИТЬ` без `ВСЕ`", en: "`UNION` without `ALL`" }],
    docs: docs!("union_all"),
    create: |_| Box::new(UnionAll),
    ..RuleInfo::DEFAULT
};

struct UnionAll;

impl Rule for UnionAll {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Query]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let mut tokens = ctx.tree.own_tokens(node).filter(|token| !token.kind.is_trivia()).peekable();
        while let Some(token) = tokens.next() {
            if token.kind == QueryTokenKind::Union
                && tokens.next_if(|next| next.kind == QueryTokenKind::All).is_none()
            {
                let word = if token.range().slice(ctx.text).is_ascii() { " ALL" } else { " ВСЕ" };
                ctx.report_token(*token).fix([Edit::insert(token.range().end, word)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_adds_the_word() {
        rule("UnionAll").check_fix(
            "А = \"ВЫБРАТЬ 1 КАК А\n\t|объединить // да\n\t|ВЫБРАТЬ 2\";\nB = \"SELECT 1 AS A UNION SELECT 2\";\n",
            expect![[r#"
                А = "ВЫБРАТЬ 1 КАК А
                	|объединить ВСЕ // да
                	|ВЫБРАТЬ 2";
                B = "SELECT 1 AS A UNION ALL SELECT 2";
            "#]],
        );
    }

    #[test]
    fn unions_without_all() {
        rule("UnionAll").check(
            "\
А = \"ВЫБРАТЬ 1 КАК А ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 2 объединить ВЫБРАТЬ 3 ИЗ (ВЫБРАТЬ 4 КАК А ОБЪЕДИНИТЬ // ВСЕ
	|ВЫБРАТЬ 5) КАК Т\";
B = \"SELECT 1 AS A UNION SELECT 2\";
Сломан = \"ВЫБРАТЬ А КАК А ОБЪЕДИНИТЬ ВЫБРАТЬ ИЗ ГДЕ\";
",
            expect![[r#"
                1:47 `объединить` `UNION` without `ALL`
                1:88 `ОБЪЕДИНИТЬ` `UNION` without `ALL`
                3:20 `UNION` `UNION` without `ALL`
            "#]],
        );
    }
}
