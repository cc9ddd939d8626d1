//! Assignments to common modules and to what stands behind their names.

use rustc_hash::FxHashSet;
use semantics::Receiver;

use crate::context::ProjectContext;
use crate::project::{Assignment, available_in, code_context};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleAssign",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 2,
    tags: &["error"],
    messages: &[
        Text {
            ru: "{0} — общий модуль, ему нельзя присвоить значение",
            en: "{0} is a common module, nothing can be assigned to it",
        },
        Text {
            ru: "У общего модуля нет свойств: `{0}` нельзя присвоить значение",
            en: "Common modules have no properties: nothing can be assigned to `{0}`",
        },
    ],
    docs: docs!("common_module_assign"),
    create: |_| Box::new(CommonModuleAssign),
    ..RuleInfo::DEFAULT
};

struct CommonModuleAssign;

impl Rule for CommonModuleAssign {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut seen = FxHashSet::default();
        for assignment in &ctx.calls().assignments {
            let reference = assignment.reference;
            let method = assignment.caller.map(|method| method.range().start);
            let is_name = reference.receiver == Receiver::None;
            if is_name && !seen.insert((method, reference.name)) || !is_available(ctx, assignment) {
                continue;
            }
            let range = reference.place.range();
            let name = ctx.text(range);
            ctx.report(range).message(u8::from(!is_name)).arg(name);
        }
    }
}

/// Where the module is not available its name is free.
fn is_available(ctx: &ProjectContext<'_>, assignment: &Assignment<'_>) -> bool {
    let project = ctx.project.project;
    let reference = assignment.reference;
    let Some(method) = assignment.caller else { return false };
    let name = match reference.receiver {
        Receiver::Path(path) => path,
        _ => reference.name,
    };
    let module = project.common_module(project.visible_root(ctx.module().id), name);
    let available = module.and_then(|module| available_in(project, project.module(module)?));
    let code = code_context(project, ctx.module(), method) & ctx.conditions().at(reference.place.offset);
    available.is_some_and(|available| !(code & available).is_empty())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn modules_are_no_variables() {
        rule("CommonModuleAssign").check(
            "\
//- /metadata
CommonModule.Общий client server
//- /CommonForms/Ф/Ext/Form/Module.bsl
&НаСервере
Процедура Сервер()
	НаСервере = 1;
КонецПроцедуры
&НаКлиенте
Процедура Клиент()
	НаСервере = 1;
	Общий = 1;
КонецПроцедуры
//- /CommonModules/НаСервере/Ext/Module.bsl
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Настроить() Экспорт
	Общий = 1;
	Общий = 2;
	Другой = 1;
	Другой.Поле = 2;
КонецПроцедуры
Процедура Член()
	общий.Настроить = 1;
КонецПроцедуры
Procedure Declared(Знач Общий)
	Общий = 1;
	Общий.Поле = 2;
EndProcedure
Procedure Loop()
	Перем Other;
	Для Каждого Общий Из Список Цикл
	КонецЦикла;
EndProcedure
",
            expect![[r#"
                /CommonForms/Ф/Ext/Form/Module.bsl
                3:2 `НаСервере` НаСервере is a common module, nothing can be assigned to it
                8:2 `Общий` Общий is a common module, nothing can be assigned to it
                /CommonModules/Общий/Ext/Module.bsl
                2:2 `Общий` Общий is a common module, nothing can be assigned to it
                8:8 `Настроить` Common modules have no properties: nothing can be assigned to `Настроить`
                16:14 `Общий` Общий is a common module, nothing can be assigned to it
            "#]],
        );
    }
}
