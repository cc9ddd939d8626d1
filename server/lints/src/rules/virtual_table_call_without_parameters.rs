//! Virtual tables that are computed in full.

use syntax::{QueryNodeId, QueryNodeKind};

use crate::context::QueryContext;
use crate::queries::virtual_table;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "VirtualTableCallWithoutParameters",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["sql", "standard", "performance"],
    messages: &[Text {
        ru: "У виртуальной таблицы {0} нет параметров",
        en: "The virtual table {0} has no parameters",
    }],
    docs: docs!("virtual_table_call_without_parameters"),
    create: |_| Box::new(VirtualTableCallWithoutParameters),
    ..RuleInfo::DEFAULT
};

struct VirtualTableCallWithoutParameters;

impl Rule for VirtualTableCallWithoutParameters {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Source]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let Some(table) = virtual_table(ctx.tree, ctx.text, node) else { return };
        let parameters = table.parameters(ctx.tree);
        let is_flagged = match parameters.as_slice() {
            [] => true,
            [only] => !only,
            [first, _, ..] if table.is_criterion => !first,
            // The first one is a period more often than not: it does not limit the rows.
            [_, rest @ ..] => !rest.contains(&true),
        };
        if is_flagged {
            let range = ctx.tree.range(table.node);
            let name = ctx.tree.node_text(table.node, ctx.text).split('(').next().unwrap_or_default().trim();
            ctx.report(range).arg(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn tables_without_conditions() {
        rule("VirtualTableCallWithoutParameters").check(
            "\
А = \"ВЫБРАТЬ * ИЗ РегистрНакопления.Запасы.Остатки КАК А, РегистрНакопления.Запасы.Остатки() КАК А,
	|РегистрНакопления.Запасы.Остатки(,) КАК А, РегистрНакопления.Запасы.Остатки(&А,) КАК А,
	|РегистрНакопления.Запасы.Остатки(&А) КАК А, РегистрНакопления.Запасы.Остатки(, Т = &Т) КАК А,
	|РегистрНакопления.Запасы.Обороты(&А, &Б,,) КАК А, КритерийОтбора.А() КАК А, FilterCriterion.A КАК А,
	|КритерийОтбора.А(&А) КАК А, РегистрРасчета.А.БазаБ КАК А, РегистрРасчета.А.База КАК А,
	|РегистрСведений.А.СрезПоследних({&Б}, {(А)}) КАК А\";
",
            expect![[r#"
                1:19 `РегистрНакопления.Запасы.Остатки` The virtual table РегистрНакопления.Запасы.Остатки has no parameters
                1:59 `РегистрНакопления.Запасы.Остатки()` The virtual table РегистрНакопления.Запасы.Остатки has no parameters
                2:3 `РегистрНакопления.Запасы.Остатки(,)` The virtual table РегистрНакопления.Запасы.Остатки has no parameters
                2:46 `РегистрНакопления.Запасы.Остатки(&А,)` The virtual table РегистрНакопления.Запасы.Остатки has no parameters
                4:53 `КритерийОтбора.А()` The virtual table КритерийОтбора.А has no parameters
                4:79 `FilterCriterion.A` The virtual table FilterCriterion.A has no parameters
                5:31 `РегистрРасчета.А.БазаБ` The virtual table РегистрРасчета.А.БазаБ has no parameters
                6:3 `РегистрСведений.А.СрезПоследних({&Б}, {(А)})` The virtual table РегистрСведений.А.СрезПоследних has no parameters
            "#]],
        );
    }
}
