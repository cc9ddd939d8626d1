//! Calls with more arguments than the method has parameters.

use crate::context::ProjectContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TooManyArguments",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 2,
    tags: &["error"],
    messages: &[Text {
        ru: "Метод {0} вызывается с лишними параметрами: передано {1}, принимается {2}",
        en: "{0} is called with too many arguments: {1} instead of at most {2}",
    }],
    docs: docs!("too_many_arguments"),
    create: |_| Box::new(TooManyArguments),
    ..RuleInfo::DEFAULT
};

struct TooManyArguments;

impl Rule for TooManyArguments {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        for call in &ctx.calls().calls {
            let most = call.methods.iter().map(|method| method.parameters().len()).max();
            let given = call.given_arguments();
            let Some(most) = most.filter(|most| given > *most) else { continue };
            let range = call.reference.place.range();
            let name = ctx.text(range);
            ctx.report(range).arg(name).arg(given).arg(most);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn more_arguments_than_parameters() {
        rule("TooManyArguments").check(
            "\
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Один(А = 1) Экспорт
	Один(1, 2);
	Один(1);
	Один(1, );
	Один(, , Два());
КонецПроцедуры
Function Два()
EndFunction
//- /CommonModules/Other/Ext/Module.bsl
Procedure Run()
	Общий.Один(1, 2);
	Общий.Нет(1, 2);
EndProcedure
",
            expect![[r#"
                /CommonModules/Other/Ext/Module.bsl
                2:8 `Один` Один is called with too many arguments: 2 instead of at most 1
                /CommonModules/Общий/Ext/Module.bsl
                2:2 `Один` Один is called with too many arguments: 2 instead of at most 1
                5:2 `Один` Один is called with too many arguments: 3 instead of at most 1
            "#]],
        );
    }
}
