//! Procedures in expressions.

use crate::context::ProjectContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use semantics::ReferenceKind;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ProcedureUsedAsFunction",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    tags: &["error"],
    messages: &[Text {
        ru: "Процедура {0} не возвращает значения",
        en: "The procedure {0} returns no value",
    }],
    docs: docs!("procedure_used_as_function"),
    create: |_| Box::new(ProcedureUsedAsFunction),
    ..RuleInfo::DEFAULT
};

struct ProcedureUsedAsFunction;

impl Rule for ProcedureUsedAsFunction {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let calls = ctx.calls().calls.iter();
        for call in calls.filter(|call| call.reference.kind == ReferenceKind::FunctionCall) {
            let mut methods = call.methods.iter().peekable();
            // An asynchronous procedure may be waited for.
            let is_procedure =
                methods.peek().is_some() && methods.all(|method| !method.is_function && !method.is_async);
            if is_procedure {
                let range = call.reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).arg(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn procedures_in_expressions() {
        rule("ProcedureUsedAsFunction").check(
            "\
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Записать() Экспорт
КонецПроцедуры
Function Read() Export
	Записать();
	Если Записать() Тогда
		Возврат Общий.Записать().Поле + Read();
	КонецЕсли;
	Общий.Записать();
	Общий.Read();
EndFunction
",
            expect![[r#"
                /CommonModules/Общий/Ext/Module.bsl
                5:7 `Записать` The procedure Записать returns no value
                6:17 `Записать` The procedure Записать returns no value
            "#]],
        );
    }
}
