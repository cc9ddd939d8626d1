//! `ТекущаяДата`, which takes no notice of time zones.

use base::Edit;
use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::directives::is_on_client;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedCurrentDate",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "deprecated", "unpredictable"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "`ТекущаяДата` не учитывает часовой пояс сеанса: используйте `ТекущаяДатаСеанса`",
        en: "`CurrentDate` ignores the time zone of the session: use `CurrentSessionDate`",
    }],
    docs: docs!("deprecated_current_date"),
    create: |_| Box::new(DeprecatedCurrentDate),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ТекущаяДата", "CurrentDate")];

const REPLACEMENT: PlatformName = PlatformName::new("ТекущаяДатаСеанса", "CurrentSessionDate");

struct DeprecatedCurrentDate;

impl Rule for DeprecatedCurrentDate {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(name) = global_callee_of(ctx, call, &NAMES) else { return };
        let range = ctx.source.tree.range(name);
        let replacement = REPLACEMENT.in_language_of(ctx.source.node_text(name));
        // The client does not know the time of the session.
        let fix = (!is_on_client(ctx.source, call)).then(|| Edit::replace(range, replacement));
        ctx.report(range).fix(fix);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn code_of_the_server() {
        rule("DeprecatedCurrentDate").check_fix(
            "А = текущаяДата() + 1;\n&AtServer\nProcedure B()\n\tX = CurrentDate();\nEndProcedure\n\
             &НаКлиенте\nПроцедура В()\n\tГ = ТекущаяДата();\nКонецПроцедуры\n",
            expect![[r#"
                А = ТекущаяДатаСеанса() + 1;
                &AtServer
                Procedure B()
                	X = CurrentSessionDate();
                EndProcedure
                &НаКлиенте
                Процедура В()
                	Г = ТекущаяДата();
                КонецПроцедуры
            "#]],
        );
    }

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
