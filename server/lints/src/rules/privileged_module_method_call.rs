//! Calls of methods that run without any check of rights.

use base::TextRange;
use metadata::{ModuleKind, ObjectKind};
use rustc_hash::FxHashMap;
use semantics::{ModuleId, Project, Reference, ReferenceKind};

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
        // Most configurations have none, and looking through all uses of names takes time.
        if !has_privileged_modules(project, own) {
            return;
        }
        let mut known: FxHashMap<ModuleId, bool> = FxHashMap::default();
        let direct = ctx.calls().calls.iter().filter_map(|call| match call.target {
            Target::Own(module) | Target::Foreign(module) => Some((module, call.reference.place.range())),
            _ => None,
        });
        for (module, range) in direct.chain(calls_by_accessor(ctx)) {
            let is_reported = module != own || self.reports_own_calls;
            if is_reported && *known.entry(module).or_insert_with(|| is_privileged(project, module)) {
                let name = ctx.text(range);
                ctx.report(range).arg(name);
            }
        }
    }
}

/// Functions that return a common module by its name, in lower case.
const ACCESSORS: [&str; 2] = ["общиймодуль", "commonmodule"];

/// `ОбщегоНазначения.ОбщийМодуль("Обмен").Записать()`: the called modules and names.
fn calls_by_accessor(ctx: &ProjectContext<'_>) -> Vec<(ModuleId, TextRange)> {
    let project = ctx.project.project;
    let facts = &ctx.module().facts;
    if !ACCESSORS.iter().any(|name| facts.mentions(name)) {
        return Vec::new();
    }
    let root = project.visible_root(ctx.module().id);
    let is_accessor = |call: &Reference<'_>| call.kind.is_call() && ACCESSORS.contains(&call.name);
    let mut found = Vec::new();
    let mut last: [Option<Reference<'_>>; 2] = [None, None];
    for reference in facts.references() {
        if let [Some(call), Some(name)] = last
            && is_accessor(&call)
            && name.kind == ReferenceKind::Literal
            && reference.kind.is_call()
            // A quote, a parenthesis and a dot stand between the two.
            && name.place.range().end + 3 == reference.place.offset
            && let Some(module) = project.common_module(root, name.name)
        {
            let mut methods =
                project.module(module).into_iter().flat_map(|it| it.methods_named(reference.name));
            if methods.any(|method| method.is_export) {
                found.push((module, reference.place.range()));
            }
        }
        last = [last[1], Some(reference)];
    }
    found
}

fn has_privileged_modules(project: &Project, eyes: ModuleId) -> bool {
    let Some(root) = project.visible_root(eyes) else { return false };
    let mut modules = project.metadata().each_of_kind(root, ObjectKind::CommonModule);
    modules.any(|id| common_module_flags(project, id).is_some_and(|flags| flags.is_privileged))
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
	ОбщегоНазначения.ОбщийМодуль(\"Обмен\").Записать();
	C = CommonModule(\"Обмен\").Прочитать();
	D = CommonModule(\"Обмен\").Записать().E();
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
                6:40 `Записать` The method Записать of a privileged module runs without a check of rights
                8:28 `Записать` The method Записать of a privileged module runs without a check of rights
            "#]],
        );
        rule("PrivilegedModuleMethodCall").bool("validateNestedCalls", false).check(
            TEXT,
            expect![[r#"
                /CommonModules/Прочий/Ext/Module.bsl
                2:8 `Записать` The method Записать of a privileged module runs without a check of rights
                6:40 `Записать` The method Записать of a privileged module runs without a check of rights
                8:28 `Записать` The method Записать of a privileged module runs without a check of rights
            "#]],
        );
    }
}
