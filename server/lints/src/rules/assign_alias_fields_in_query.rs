//! Selected fields without `КАК`.

use base::Edit;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use crate::context::QueryContext;
use crate::queries::{SectionQuery, is_column};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "AssignAliasFieldsInQuery",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["standard", "sql", "badpractice"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Поле запроса без псевдонима", en: "A field of the query has no alias"
    }],
    docs: docs!("assign_alias_fields_in_query"),
    create: |_| Box::new(AssignAliasFieldsInQuery),
    ..RuleInfo::DEFAULT
};

struct AssignAliasFieldsInQuery;

impl Rule for AssignAliasFieldsInQuery {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Query]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let (tree, text) = (ctx.tree, ctx.text);
        // The other queries of a union take the names of the first one.
        let Some(select) = tree.children_of_kind(node, QueryNodeKind::Select).next() else { return };
        for column in tree.children_of_kind(select, QueryNodeKind::Column) {
            let Some(value) = tree.child(column, QueryRole::Value) else { continue };
            if tree.kind(value) == QueryNodeKind::AllFields || tree.has_own_token(column, QueryTokenKind::As)
            {
                continue;
            }
            let fix = if may_go_on(ctx.query, tree, column) {
                None
            } else {
                let word = if is_english(tree, text, select) { "AS" } else { "КАК" };
                naming(tree, text, column, value, word)
            };
            ctx.report_node(column).fix(fix);
        }
    }
}

/// What the program adds behind the text may be the alias.
fn may_go_on(query: &SectionQuery, tree: &QueryTree, column: QueryNodeId) -> bool {
    let is_trivia = |token: &syntax::QueryToken| token.kind.is_trivia();
    let rest = &tree.tokens()[tree.token_span(column).end..];
    query.literal.is_concatenated && rest.iter().all(is_trivia)
}

fn is_english(tree: &QueryTree, text: &str, select: QueryNodeId) -> bool {
    let word = tree.own_tokens(select).find(|token| token.kind == QueryTokenKind::Select);
    word.is_some_and(|token| token.range().slice(text).is_ascii())
}

/// Behind a longer path the platform makes up another name than the last one.
fn naming(tree: &QueryTree, text: &str, column: QueryNodeId, value: QueryNodeId, word: &str) -> Option<Edit> {
    if let Some(alias) = tree.child(column, QueryRole::Alias) {
        return Some(Edit::insert(tree.range(alias).start, format!("{word} ")));
    }
    let path = tree.path(value, text).filter(|path| path.len() <= 2 && is_column(tree, text, value))?;
    let name = path.last()?;
    Some(Edit::insert(tree.range(column).end, format!(" {word} {name}")))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
А = \"ВЫБРАТЬ *, Т.*, Т.А, Т.Б КАК Б, Т.В Г, Д, \"\"\"\" Е, 1, (2), Т.Ж.З, Т.И.(К, Л), Т.М // КАК
	|ИЗ (SELECT T.A, T.B C FROM T AS T UNION ALL SELECT 1, 2) КАК Т
	|ГДЕ Т.А В (ВЫБРАТЬ Р.А ИЗ Р КАК Р) ИТОГИ СУММА(А) ПО А\";
Б = \"ВЫБРАТЬ А КАК А, Б \" + В;
";

    #[test]
    fn fields_without_an_alias() {
        rule("AssignAliasFieldsInQuery").check(
            TEXT,
            expect![[r#"
            1:22 `Т.А` A field of the query has no alias
            1:38 `Т.В Г` A field of the query has no alias
            1:45 `Д` A field of the query has no alias
            1:49 `""" Е` A field of the query has no alias
            1:56 `1` A field of the query has no alias
            1:59 `(2)` A field of the query has no alias
            1:64 `Т.Ж.З` A field of the query has no alias
            1:71 `Т.И.(К, Л)` A field of the query has no alias
            1:83 `Т.М` A field of the query has no alias
            2:14 `T.A` A field of the query has no alias
            2:19 `T.B C` A field of the query has no alias
            3:22 `Р.А` A field of the query has no alias
            4:23 `Б` A field of the query has no alias
        "#]],
        );
    }

    #[test]
    fn the_name_is_written_out() {
        rule("AssignAliasFieldsInQuery").check_fix(TEXT, expect![[r#"
            А = "ВЫБРАТЬ *, Т.*, Т.А КАК А, Т.Б КАК Б, Т.В КАК Г, Д КАК Д, """" КАК Е, 1, (2), Т.Ж.З, Т.И.(К, Л), Т.М КАК М // КАК
            	|ИЗ (SELECT T.A AS A, T.B AS C FROM T AS T UNION ALL SELECT 1, 2) КАК Т
            	|ГДЕ Т.А В (ВЫБРАТЬ Р.А КАК А ИЗ Р КАК Р) ИТОГИ СУММА(А) ПО А";
            Б = "ВЫБРАТЬ А КАК А, Б " + В;
        "#]]);
    }
}
