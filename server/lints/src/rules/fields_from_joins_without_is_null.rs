//! Fields of outer joins that may be NULL.

use base::TextRange;
use rustc_hash::FxHashSet;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use crate::calls::PlatformName;
use crate::context::QueryContext;
use crate::queries::{alias_of, column_length, columns_of, joins_of};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FieldsFromJoinsWithoutIsNull",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 2,
    is_on_by_default: false,
    tags: &["sql", "suspicious", "unpredictable"],
    messages: &[Text {
        ru: "Поля соединения могут быть NULL, а проверки нет",
        en: "Fields of the join may be NULL and are not checked",
    }],
    docs: docs!("fields_from_joins_without_is_null"),
    create: |_| Box::new(FieldsFromJoinsWithoutIsNull),
    ..RuleInfo::DEFAULT
};

const IS_NULL: PlatformName = PlatformName::new("ЕСТЬNULL", "ISNULL");

struct FieldsFromJoinsWithoutIsNull;

impl Rule for FieldsFromJoinsWithoutIsNull {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Source]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let query = Query { tree: ctx.tree, text: ctx.text };
        let tree = ctx.tree;
        for join in joins_of(tree, node) {
            let Some(joined) = tree.children_of_kind(join, QueryNodeKind::Source).next() else { continue };
            let has = |kind| tree.has_own_token(join, kind);
            let (is_left, is_right) = (has(QueryTokenKind::Left), has(QueryTokenKind::Right));
            let is_full = has(QueryTokenKind::Full);
            let nullable = [(is_left || is_full).then_some(joined), (is_right || is_full).then_some(node)];
            let aliases = nullable.into_iter().flatten();
            let aliases: Vec<&str> = aliases.filter_map(|source| alias_of(tree, ctx.text, source)).collect();
            let Some(select) = tree.enclosing(node, QueryNodeKind::Select) else { continue };
            if aliases.is_empty() || query.excludes_nulls(select) {
                continue;
            }
            let places = query.unguarded(select, node, join, &aliases);
            if !places.is_empty() {
                let places: Vec<TextRange> =
                    places.into_iter().map(|range| ctx.query.shown_range(ctx.text, range)).collect();
                ctx.report_node(join).related(places);
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Query<'t> {
    tree: &'t QueryTree,
    text: &'t str,
}

impl<'t> Query<'t> {
    /// The condition of the query says that something is not NULL.
    fn excludes_nulls(self, select: QueryNodeId) -> bool {
        let tree = self.tree;
        let conditions = tree.children_of_kind(select, QueryNodeKind::Where);
        let mut checks = conditions.flat_map(|condition| tree.descendants(condition));
        checks.any(|node| {
            tree.kind(node) == QueryNodeKind::IsNull
                && (tree.has_own_token(node, QueryTokenKind::Not) || self.is_negated(node))
        })
    }

    /// `НЕ` stands before a check or before the parentheses around it.
    fn is_negated(self, check: QueryNodeId) -> bool {
        let is_around = |node: &QueryNodeId| {
            matches!(self.tree.kind(*node), QueryNodeKind::Parenthesized | QueryNodeKind::Binary)
        };
        let outer = self.tree.ancestors(check).find(|node| !is_around(node));
        outer.is_some_and(|outer| {
            self.tree.kind(outer) == QueryNodeKind::Unary
                && self.tree.has_own_token(outer, QueryTokenKind::Not)
        })
    }

    /// Columns of the aliases that nothing protects from NULL, in order.
    fn unguarded(
        self,
        select: QueryNodeId,
        source: QueryNodeId,
        join: QueryNodeId,
        aliases: &[&str],
    ) -> Vec<TextRange> {
        let tree = self.tree;
        let mut found = Vec::new();
        for column in tree.children_of_kind(select, QueryNodeKind::Column) {
            let checked = self.checked_columns(column);
            let unguarded = self.columns(column, aliases, true);
            found.extend(unguarded.into_iter().filter(|id| !checked.contains(&self.code(*id))));
        }
        for condition in tree.children_of_kind(select, QueryNodeKind::Where) {
            found.extend(self.columns(condition, aliases, true));
        }
        for other in joins_of(tree, source).filter(|other| *other != join) {
            if let Some(condition) = tree.child(other, QueryRole::Condition) {
                found.extend(self.columns(condition, aliases, false));
            }
        }
        found.sort();
        found.into_iter().map(|id| tree.range(id)).collect()
    }

    /// Columns below a node that are neither replaced when they are NULL nor, if that counts, asked whether they are.
    fn columns(self, node: QueryNodeId, aliases: &[&str], checks_count: bool) -> Vec<QueryNodeId> {
        let is_guard = |id: QueryNodeId| match self.tree.kind(id) {
            QueryNodeKind::Call => {
                let function = self.tree.child(id, QueryRole::Function);
                function.is_some_and(|function| IS_NULL.is(self.tree.node_text(function, self.text)))
            }
            QueryNodeKind::IsNull => checks_count,
            _ => false,
        };
        let is_unguarded = |id: &QueryNodeId| {
            let is_of_alias = column_length(self.tree, self.text, *id).is_some_and(|length| length > 1)
                && self
                    .tree
                    .path(*id, self.text)
                    .is_some_and(|path| aliases.iter().any(|alias| base::same_name(alias, path[0])));
            is_of_alias && !self.tree.ancestors(*id).take_while(|ancestor| *ancestor >= node).any(is_guard)
        };
        columns_of(self.tree, self.text, node).filter(is_unguarded).collect()
    }

    /// `ВЫБОР КОГДА Т.Поле ЕСТЬ NULL ТОГДА … ИНАЧЕ Т.Поле КОНЕЦ`
    fn checked_columns(self, column: QueryNodeId) -> FxHashSet<String> {
        let checks = self.tree.descendants(column).filter(|id| self.tree.kind(*id) == QueryNodeKind::IsNull);
        checks
            .filter_map(|check| self.tree.child(check, QueryRole::Operand))
            .map(|operand| self.code(operand))
            .collect()
    }

    fn code(self, node: QueryNodeId) -> String {
        base::fold_case(self.tree.node_text(node, self.text)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn fields_that_may_be_null() {
        rule("FieldsFromJoinsWithoutIsNull").check(
            "\
А = \"ВЫБРАТЬ А.А КАК А, Б.Б КАК Б ИЗ А КАК А ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А\";
Б = \"ВЫБРАТЬ А.А КАК А, ЕСТЬNULL(Б.Б, 0) КАК Б, ВЫБОР КОГДА Б.В ЕСТЬ NULL ТОГДА 1 ИНАЧЕ б.в КОНЕЦ КАК В ИЗ А КАК А
	|ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А ЛЕВОЕ СОЕДИНЕНИЕ Ж КАК Ж ПО Б.А = Ж.А И ISNULL(Ж.А, 1) = 1\";
В = \"ВЫБРАТЬ А.А КАК А, Б.Б КАК Б ИЗ А КАК А ПОЛНОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А
	|ГДЕ НЕ (Б.Б ЕСТЬ NULL)\";
Г = \"ВЫБРАТЬ А.А КАК А ИЗ А КАК А ПРАВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А ГДЕ А.Б = 1 И А.В ЕСТЬ NULL\";
D = \"SELECT A.A AS A, B.B AS B FROM A AS A INNER JOIN B AS B ON A.A = B.A LEFT JOIN C ON C.A = A.A\";
",
            expect![[r#"
                1:46 `ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А` Fields of the join may be NULL and are not checked +1:25
                3:3 `ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А` Fields of the join may be NULL and are not checked +3:69
                6:35 `ПРАВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.А = Б.А` Fields of the join may be NULL and are not checked +6:14 +6:78
            "#]],
        );
    }
}
