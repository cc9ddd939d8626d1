//! Patterns that depend on the data.

use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTree};

use crate::calls::PlatformName;
use crate::context::QueryContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IncorrectUseLikeInQuery",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    scope: Scope::Bsl,
    tags: &["standard", "sql", "unpredictable"],
    messages: &[Text {
        ru: "Шаблон `ПОДОБНО` — не строка и не параметр",
        en: "The pattern of `LIKE` is neither a string nor a parameter",
    }],
    docs: docs!("incorrect_use_like_in_query"),
    create: |_| Box::new(IncorrectUseLikeInQuery),
    ..RuleInfo::DEFAULT
};

const VALUE: PlatformName = PlatformName::new("ЗНАЧЕНИЕ", "VALUE");

struct IncorrectUseLikeInQuery;

impl Rule for IncorrectUseLikeInQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Like]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let Some(pattern) = ctx.tree.child(node, QueryRole::Right) else { return };
        let mut parts = std::iter::once(pattern).chain(ctx.tree.descendants(pattern));
        let first = parts.find(|part| is_constant(ctx.tree, ctx.text, *part));
        let is_right = first.is_some_and(|first| {
            matches!(ctx.tree.kind(first), QueryNodeKind::String | QueryNodeKind::Parameter)
        });
        if !is_right {
            ctx.report_node(node);
        }
    }
}

fn is_constant(tree: &QueryTree, text: &str, node: QueryNodeId) -> bool {
    match tree.kind(node) {
        QueryNodeKind::String
        | QueryNodeKind::Parameter
        | QueryNodeKind::Placeholder
        | QueryNodeKind::Number
        | QueryNodeKind::Boolean
        | QueryNodeKind::Undefined
        | QueryNodeKind::Null => true,
        QueryNodeKind::Call => {
            let function = tree.child(node, QueryRole::Function);
            function.is_some_and(|function| VALUE.is(tree.node_text(function, text)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn patterns_of_columns() {
        rule("IncorrectUseLikeInQuery").check(
            "\
А = \"ВЫБРАТЬ А.Б ПОДОБНО \"\"%а\"\" КАК Б, \"\"а\"\" ПОДОБНО А.Б СПЕЦСИМВОЛ \"\"~\"\" КАК В ИЗ А КАК А
	|ГДЕ А.Б ПОДОБНО &Шаблон И А.Б ПОДОБНО \"\"%\"\" + &Ш + \"\"%\"\" И А.Б ПОДОБНО А.В + \"\"%\"\"
	|И А.Б LIKE SUBSTRING(A.C, 1, 2) И А.Б ПОДОБНО ПОДСТРОКА(&А, 1, 2) И А.Б ПОДОБНО 5\";
",
            expect![[r#"
                1:41 `"а"" ПОДОБНО А.Б СПЕЦСИМВОЛ ""~"` The pattern of `LIKE` is neither a string nor a parameter
                3:5 `А.Б LIKE SUBSTRING(A.C, 1, 2)` The pattern of `LIKE` is neither a string nor a parameter
                3:71 `А.Б ПОДОБНО 5` The pattern of `LIKE` is neither a string nor a parameter
            "#]],
        );
    }
}
