//! Calls that leave out a parameter without default.

use crate::context::ProjectContext;
use crate::project::{ResolvedCall, call_range};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissedRequiredParameter",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["error"],
    messages: &[Text {
        ru: "Не указан обязательный параметр {1} метода {0}",
        en: "The required parameter {1} of {0} is left out",
    }],
    docs: docs!("missed_required_parameter"),
    create: |_| Box::new(MissedRequiredParameter),
    ..RuleInfo::DEFAULT
};

struct MissedRequiredParameter;

impl Rule for MissedRequiredParameter {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        for call in &ctx.calls().calls {
            let Some(parameters) = missed(call) else { continue };
            let name = call.reference.place.range();
            let end = call.caller.map_or(ctx.module().facts.length(), |method| method.range().end);
            let range = call_range(name, ctx.project.text, end);
            let name = ctx.text(name);
            ctx.report(range).arg(name).arg(parameters);
        }
    }
}

/// Names of the parameters that every method of the called name lacks here.
fn missed(call: &ResolvedCall<'_>) -> Option<String> {
    let mut found = None;
    for method in call.methods.iter() {
        let is_given = |index: usize| call.has_argument(index);
        let parameters = method.parameters().enumerate();
        let mut lacking =
            parameters.filter(|(index, it)| it.default.is_none() && !is_given(*index)).peekable();
        lacking.peek()?;
        let names: Vec<_> = lacking.map(|(_, parameter)| parameter.fact().name.as_str()).collect();
        found.get_or_insert_with(|| names.join(", "));
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn parameters_that_are_left_out() {
        rule("MissedRequiredParameter").check(
            "\
//- /CommonModules/Общий/Ext/Module.bsl
Функция Сумма(А, Знач Б, В = 1) Экспорт
	Возврат Сумма(1, , 2) + Сумма(, 1) + Сумма(1, 2) + Сумма(1, (2), );
КонецФункции
#Если Сервер Тогда
Procedure Twice(A)
EndProcedure
#Иначе
Procedure Twice()
EndProcedure
#КонецЕсли
Процедура Вызовы(Товары)
	Twice();
	Сумма();
	Общий.Сумма(Ф(\")\", 1)
		// )
	);
	Товары.Сумма();
	Справочники.Товары.Найти(1);
	Справочники.Товары.Найти();
КонецПроцедуры
//- /Catalogs/Товары/Ext/ManagerModule.bsl
Функция Найти(Код) Экспорт
КонецФункции
",
            expect![[r#"
                /CommonModules/Общий/Ext/Module.bsl
                2:10 `Сумма(1, , 2)` The required parameter Б of Сумма is left out
                2:26 `Сумма(, 1)` The required parameter А of Сумма is left out
                13:2 `Сумма()` The required parameter А, Б of Сумма is left out
                14:8 `Сумма(Ф(")", 1)⏎		// )⏎	)` The required parameter Б of Сумма is left out
                19:21 `Найти()` The required parameter Код of Найти is left out
            "#]],
        );
    }

    #[test]
    fn scripts_call_their_own_methods() {
        rule("MissedRequiredParameter").oscript().check(
            "//- /Модули/Общий.os\nProcedure A(B)\n\tA();\n\tA(1);\n\tUnknown();\nEndProcedure\n",
            expect![[r#"
                /Модули/Общий.os
                2:2 `A()` The required parameter B of A is left out
            "#]],
        );
    }
}
