//! `ТекущаяДата`, which takes no notice of time zones.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedCurrentDate",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    minutes_per_point: 0,
    is_on_by_default: true,
    scope: Scope::Bsl,
    modules: &[],
    compatibility: None,
    tags: &["standard", "deprecated", "unpredictable"],
    params: &[],
    fix: FixSafety::None,
    messages: &[Text {
        ru: "`ТекущаяДата` не учитывает часовой пояс сеанса: используйте `ТекущаяДатаСеанса`",
        en: "`CurrentDate` ignores the time zone of the session: use `CurrentSessionDate`",
    }],
    docs: docs!("deprecated_current_date"),
    create: |_| Box::new(DeprecatedCurrentDate),
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ТекущаяДата", "CurrentDate")];

struct DeprecatedCurrentDate;

impl Rule for DeprecatedCurrentDate {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, &NAMES) {
            ctx.report_node(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn every_global_call() {
        rule("DeprecatedCurrentDate").check(
            "А = текущаяДата() + 1;\nX = Currentdate();\nА = ТекущаяДатаСеанса();\nА = Часы.ТекущаяДата();\n",
            expect![[r#"
                1:5 `текущаяДата` `CurrentDate` ignores the time zone of the session: use `CurrentSessionDate`
                2:5 `Currentdate` `CurrentDate` ignores the time zone of the session: use `CurrentSessionDate`
            "#]],
        );
    }
}
