//! Queries that cannot be read.

use base::TextRange;
use syntax::{QueryErrorKind, QueryNodeId, QueryNodeKind, QueryToken, QueryTokenKind};

use crate::context::QueryContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "QueryParseError",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "sql", "badpractice"],
    messages: &[Text {
        ru: "Ошибка в тексте запроса", en: "An error in the text of the query"
    }],
    docs: docs!("query_parse_error"),
    create: |_| Box::new(QueryParseError),
    ..RuleInfo::DEFAULT
};

struct QueryParseError;

impl Rule for QueryParseError {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Package]
    }

    fn reads_broken_queries(&self) -> bool {
        true
    }

    fn query(&self, ctx: &mut QueryContext<'_>, _: QueryNodeId) {
        let (tree, literal) = (ctx.tree, &ctx.query.literal);
        // Nobody knows what the program puts in.
        if tree.errors_as_written().is_empty() || literal.is_template {
            return;
        }
        // A string that the next piece of the text closes.
        let is_unfinished =
            |kind| literal.is_concatenated && kind == QueryErrorKind::Missing(QueryTokenKind::String);
        let errors = tree.errors_as_written().iter().filter(|error| !is_unfinished(error.kind));
        let places: Vec<u32> = errors.map(|error| error.range.start).collect();
        let code: Vec<QueryToken> =
            tree.tokens().iter().filter(|token| !token.kind.is_trivia()).copied().collect();
        for element in code.split(|token| token.kind == QueryTokenKind::Semicolon) {
            let [first, ..] = element else { continue };
            let Some(last) = element.last() else { continue };
            let is_query = matches!(first.kind, QueryTokenKind::Select | QueryTokenKind::Drop);
            let range = TextRange { start: first.start, end: last.end };
            if is_query && places.iter().any(|place| range.touches(*place)) {
                ctx.report(range);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn elements_with_errors() {
        rule("QueryParseError").check(
            "\
А = \"ВЫБРАТЬ А КАК А ИЗ Т КАК Т; ВЫБРАТЬ А, , Б ИЗ Т // конец
	|; DROP ВТ; SELECT A AS FROM T\";
Б = \"ВЫБРАТЬ А КАК А ИЗ \" + Таблица;
В = \"ВЫБРАТЬ А КАК А ИЗ #Таблица ГДЕ\";
Г = \"ВЫБРАТЬ А КАК А ИЗ Т ГДЕ А = \"\"\" + Д + \"\"\" И Б\";
Д = \"Выбрать файл как\";
Е = \"Текст запроса; ВЫБРАТЬ А КАК А\";
",
            expect![[r#"
                1:34 `ВЫБРАТЬ А, , Б ИЗ Т` An error in the text of the query
                2:14 `SELECT A AS FROM T` An error in the text of the query
                3:6 `ВЫБРАТЬ А КАК А ИЗ` An error in the text of the query
                6:6 `Выбрать файл как` An error in the text of the query
            "#]],
        );
    }
}
