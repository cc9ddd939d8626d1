//! Calls of methods that a common module does not have or does not export.

use base::Edit;
use metadata::ModuleKind;
use semantics::{ObjectId, Project};

use crate::context::ProjectContext;
use crate::project::Target;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::spelling::nearest;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingCommonModuleMethod",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error"],
    fix: FixSafety::Unsafe,
    messages: &[
        Text {
            ru: "В общем модуле {1} нет метода {0}", en: "The common module {1} has no method {0}"
        },
        Text {
            ru: "Метод {0} общего модуля {1} не экспортный: добавьте `Экспорт`",
            en: "The method {0} of the common module {1} is not exported: add `Export`",
        },
    ],
    docs: docs!("missing_common_module_method"),
    create: |_| Box::new(MissingCommonModuleMethod),
    ..RuleInfo::DEFAULT
};

struct MissingCommonModuleMethod;

impl Rule for MissingCommonModuleMethod {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let project = ctx.project.project;
        for call in &ctx.calls().calls {
            let (object, message) = match call.target {
                Target::Missing(object) => (Some(object), 0),
                Target::Hidden(module) => (project.place(module).and_then(|place| place.object), 1),
                _ => continue,
            };
            let Some(id) = object else { continue };
            let Some(object) = project.object(id) else { continue };
            let range = call.reference.place.range();
            let name = ctx.text(range);
            let meant = if message == 0 { meant(project, id, &name) } else { None };
            let fix = meant.map(|meant| Edit::replace(range, meant));
            ctx.report(range).message(message).arg(name).arg(&object.name).fix(fix);
        }
    }
}

/// An exported method of the module with nearly that name.
fn meant(project: &Project, object: ObjectId, name: &str) -> Option<String> {
    let module = project.module(project.object_module(object, ModuleKind::CommonModule)?)?;
    let exported = module.facts.methods().map(|method| method.fact()).filter(|fact| fact.is_export);
    nearest(name, exported.map(|fact| fact.name.as_str())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_calls_what_was_meant() {
        let text = "\
//- /CommonModules/Продажи/Ext/Module.bsl
Процедура Провести() Экспорт
КонецПроцедуры
Процедура Запсать()
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
Процедура Запустить() Экспорт
	Продажи.Провсети();
	Продажи.Записать();
КонецПроцедуры
";
        let findings = rule("MissingCommonModuleMethod").findings(text);
        let fixes: Vec<_> = findings.iter().flat_map(|finding| &finding.fix).map(|edit| &edit.text).collect();
        assert_eq!(fixes, ["Провести"]);
    }

    #[test]
    fn methods_that_are_not_there_or_not_exported() {
        rule("MissingCommonModuleMethod").check(
            "\
//- /CommonModules/Продажи/Ext/Module.bsl
Процедура Провести() Экспорт
	Продажи.Служебная();
КонецПроцедуры
Процедура Служебная()
КонецПроцедуры
#Если Сервер Тогда
Функция Дважды() Экспорт
КонецФункции
#Иначе
Функция Дважды()
КонецФункции
#КонецЕсли
//- /CommonModules/Other/Ext/Module.bsl
Procedure Run(Sales) Export
	Продажи.Провести();
	ПРОДАЖИ.служебная();
	А = Продажи.Нет(1) + Продажи.Дважды();
	Sales.Missing();
	Неизвестный.Метод();
EndProcedure
Procedure Local()
	Продажи = Модуль(\"Продажи\");
	Продажи.Нет();
EndProcedure
Procedure Parameter(Продажи)
	Продажи.Нет();
EndProcedure
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Перем Продажи;
Процедура ПередЗаписью(Отказ)
	Продажи.Нет();
КонецПроцедуры
",
            expect![[r#"
                /CommonModules/Other/Ext/Module.bsl
                3:10 `служебная` The method служебная of the common module Продажи is not exported: add `Export`
                4:14 `Нет` The common module Продажи has no method Нет
            "#]],
        );
    }
}
