//! Calls of methods that run without any check of rights.

use metadata::ModuleKind;
use rustc_hash::FxHashMap;
use semantics::{ModuleId, Project};

use crate::context::ProjectContext;
use crate::options::Params;
use crate::project::{Target, common_module_flags};
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "PrivilegedModuleMethodCall",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Major,
    minutes: 60,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    params: &[ParamInfo {
        name: "validateNestedCalls",
        default: ParamDefault::Bool(true),
        meaning: Text {
            ru: "сообщать и о вызовах внутри самого привилегированного модуля",
            en: "also report calls inside the privileged module itself",
        },
    }],
    messages: &[Text {
        ru: "Метод {0} привилегированного модуля выполняется без проверки прав",
        en: "The method {0} of a privileged module runs without a check of rights",
    }],
    docs: docs!("privileged_module_method_call"),
    create: |params: &Params<'_>| {
        Box::new(PrivilegedModuleMethodCall { reports_own_calls: params.bool("validateNestedCalls") })
    },
    ..RuleInfo::DEFAULT
};

struct PrivilegedModuleMethodCall {
    reports_own_calls: bool,
}

impl Rule for PrivilegedModuleMethodCall {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let project = ctx.project.project;
        let own = ctx.module().id;
        let mut known: FxHashMap<ModuleId, bool> = FxHashMap::default();
        for call in &ctx.calls().calls {
            let (Target::Own(module) | Target::Foreign(module)) = call.target else { continue };
            let is_reported = module != own || self.reports_own_calls;
            if is_reported && *known.entry(module).or_insert_with(|| is_privileged(project, module)) {
                let range = call.reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).arg(name);
            }
        }
    }
}

fn is_privileged(project: &Project, module: ModuleId) -> bool {
    let place = project.place(module).filter(|place| place.kind == ModuleKind::CommonModule);
    let flags = place.and_then(|place| common_module_flags(project, place.object?));
    flags.is_some_and(|flags| flags.is_privileged)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
//- /metadata
CommonModule.Обмен privileged
//- /CommonModules/Обмен/Ext/Module.bsl
Процедура Записать() Экспорт
	Прочитать();
	Обмен.Записать();
КонецПроцедуры
Функция Прочитать()
КонецФункции
//- /CommonModules/Прочий/Ext/Module.bsl
Procedure A() Export
	Обмен.Записать();
	B = Обмен.Прочитать();
	Обмен.Нет();
	A();
EndProcedure
";

    #[test]
    fn calls_of_privileged_modules() {
        rule("PrivilegedModuleMethodCall").check(
            TEXT,
            expect![[r#"
            /CommonModules/Обмен/Ext/Module.bsl
            2:2 `Прочитать` The method Прочитать of a privileged module runs without a check of rights
            3:8 `Записать` The method Записать of a privileged module runs without a check of rights
            /CommonModules/Прочий/Ext/Module.bsl
            2:8 `Записать` The method Записать of a privileged module runs without a check of rights
        "#]],
        );
        rule("PrivilegedModuleMethodCall").bool("validateNestedCalls", false).check(
            TEXT,
            expect![[r#"
            /CommonModules/Прочий/Ext/Module.bsl
            2:8 `Записать` The method Записать of a privileged module runs without a check of rights
        "#]],
        );
    }
}
