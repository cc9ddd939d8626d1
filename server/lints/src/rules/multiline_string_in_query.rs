//! Strings of a query that go on where they should have ended.

use syntax::{QueryNodeId, QueryNodeKind};

use crate::context::QueryContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MultilineStringInQuery",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["badpractice", "suspicious", "unpredictable"],
    messages: &[Text {
        ru: "Строка в запросе из нескольких частей: вероятно, не хватает кавычки",
        en: "A string of several pieces in a query: a quote is probably missing",
    }],
    docs: docs!("multiline_string_in_query"),
    create: |_| Box::new(MultilineStringInQuery),
    ..RuleInfo::DEFAULT
};

struct MultilineStringInQuery;

impl Rule for MultilineStringInQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Package]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, _: QueryNodeId) {
        for range in &ctx.query.broken_strings {
            ctx.report(*range);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn strings_of_several_pieces() {
        rule("MultilineStringInQuery").check(
            "\
А = \"ВЫБРАТЬ
	|	\"\" КАК А,
	|	\"\" КАК Б
	|ИЗ Т КАК Т\";
Б = \"ВЫБРАТЬ \"\"\"\" КАК А, \"\"а\"\" КАК Б, \"\"а\"\"\"\"б\"\" КАК В\";
В = \"ВЫБРАТЬ \"\"а\"\" \"\"б\"\" КАК А\";
Сломан = \"ВЫБРАТЬ \"\" КАК А,
	|Т.В \"\" КАК Б
	|ИЗ Т КАК Т\";
",
            expect![[r#"
                2:5 `" КАК А,⏎	|	"" КАК Б` A string of several pieces in a query: a quote is probably missing
                6:15 `"а"" ""б"` A string of several pieces in a query: a quote is probably missing
            "#]],
        );
    }
}
