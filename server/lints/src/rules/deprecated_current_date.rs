//! `ТекущаяДата`, which takes no notice of time zones.

use crate::calls::{GlobalCalls, PlatformName};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedCurrentDate",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "deprecated", "unpredictable"],
    messages: &[Text {
        ru: "`ТекущаяДата` не учитывает часовой пояс сеанса: используйте `ТекущаяДатаСеанса`",
        en: "`CurrentDate` ignores the time zone of the session: use `CurrentSessionDate`",
    }],
    docs: docs!("deprecated_current_date"),
    create: |_| Box::new(GlobalCalls(&NAMES)),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ТекущаяДата", "CurrentDate")];

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
