//! Code that is made at run time, executed by a common module: its callers may be anybody.

use metadata::CommonModule;
use syntax::{NodeId, NodeKind};

use super::execute_external_code::is_execution;
use crate::context::{Context, ProjectContext};
use crate::module::ModuleKind;
use crate::project::common_module_flags;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExecuteExternalCodeInCommonModule",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["badpractice", "standard"],
    messages: &[Text {
        ru: "Общий модуль выполняет код, который получен при работе программы: проверьте, откуда он",
        en: "A common module executes code that is made at run time: check where it comes from",
    }],
    docs: docs!("execute_external_code_in_common_module"),
    create: |_| Box::new(ExecuteExternalCodeInCommonModule),
    ..RuleInfo::DEFAULT
};

struct ExecuteExternalCodeInCommonModule;

impl Rule for ExecuteExternalCodeInCommonModule {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Execute, NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        if is_execution(ctx, node) {
            let range = ctx.source.tree.range(node);
            ctx.propose(range, false);
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let object = ctx.module().place.object;
        let module = object.and_then(|object| common_module_flags(ctx.project.project, object));
        if module.is_some_and(is_powerful) {
            ctx.proposals().for_each(|proposal| ctx.confirm(proposal));
        }
    }
}

/// Its code may run outside the sandbox of the client application.
fn is_powerful(module: &CommonModule) -> bool {
    module.is_server || module.is_external_connection || module.is_client_ordinary
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn modules_of_the_server() {
        rule("ExecuteExternalCodeInCommonModule").check(
            "\
//- /metadata
CommonModule.Сервер server
CommonModule.Клиент client
//- /CommonModules/Клиент/Ext/Module.bsl
Процедура А(Код) Экспорт
	Выполнить(Код);
КонецПроцедуры
//- /CommonModules/Сервер/Ext/Module.bsl
&НаКлиенте
Процедура А(Код) Экспорт
	Выполнить(Код);
	Б = Вычислить(\"1\") + Eval(Код);
	В.Вычислить(Код);
КонецПроцедуры
",
            expect![[r#"
                /CommonModules/Сервер/Ext/Module.bsl
                3:2 `Выполнить(Код)` A common module executes code that is made at run time: check where it comes from
                4:6 `Вычислить("1")` A common module executes code that is made at run time: check where it comes from
                4:23 `Eval(Код)` A common module executes code that is made at run time: check where it comes from
            "#]],
        );
    }

    #[test]
    fn without_metadata_there_is_nothing_to_say() {
        rule("ExecuteExternalCodeInCommonModule").check("Выполнить(Код);\n", expect![[""]]);
    }
}
