//! Joins with virtual tables.

use syntax::{QueryNodeId, QueryNodeKind};

use crate::context::QueryContext;
use crate::queries::{is_joined, virtual_table};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "JoinWithVirtualTable",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    scope: Scope::Bsl,
    tags: &["sql", "standard", "performance"],
    messages: &[Text {
        ru: "Соединение с виртуальной таблицей", en: "A join with a virtual table"
    }],
    docs: docs!("join_with_virtual_table"),
    create: |_| Box::new(JoinWithVirtualTable),
    ..RuleInfo::DEFAULT
};

struct JoinWithVirtualTable;

impl Rule for JoinWithVirtualTable {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Source]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        if is_joined(ctx.tree, node)
            && let Some(table) = virtual_table(ctx.tree, ctx.text, node)
        {
            ctx.report_node(table.node);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn both_sides_of_a_join() {
        rule("JoinWithVirtualTable").check(
            "\
А = \"ВЫБРАТЬ * ИЗ РегистрНакопления.Запасы.Остатки(, Товар = &Т) КАК З
	|ЛЕВОЕ СОЕДИНЕНИЕ InformationRegister.Prices.SliceLast AS P ПО З.Т = P.T
	|ЛЕВОЕ СОЕДИНЕНИЕ Документ.Заказ.Обороты КАК Д ПО Истина
	|ЛЕВОЕ СОЕДИНЕНИЕ КритерийОтбора.Связи(&С) КАК К ПО Истина,
	|РегистрНакопления.Запасы.Обороты КАК О\";
",
            expect![[r#"
                1:19 `РегистрНакопления.Запасы.Остатки(, Товар = &Т)` A join with a virtual table
                2:20 `InformationRegister.Prices.SliceLast` A join with a virtual table
                4:20 `КритерийОтбора.Связи(&С)` A join with a virtual table
            "#]],
        );
    }
}
