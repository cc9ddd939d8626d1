//! Code that is made at run time, executed where it may do anything.

use syntax::{NodeId, NodeKind, Source};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::directives::Directive;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExecuteExternalCode",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Critical,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[
        ModuleKind::CommandModule,
        ModuleKind::ExternalConnectionModule,
        ModuleKind::FormModule,
        ModuleKind::HTTPServiceModule,
        ModuleKind::ObjectModule,
        ModuleKind::OrdinaryApplicationModule,
        ModuleKind::RecordSetModule,
        ModuleKind::ValueManagerModule,
        ModuleKind::WEBServiceModule,
        ModuleKind::SessionModule,
    ],
    tags: &["error", "standard"],
    messages: &[Text {
        ru: "Выполняется код, который получен при работе программы",
        en: "Code that is made at run time is executed",
    }],
    docs: docs!("execute_external_code"),
    create: |_| Box::new(ExecuteExternalCode),
    ..RuleInfo::DEFAULT
};

const EVAL: [PlatformName; 1] = [PlatformName::new("Вычислить", "Eval")];

struct ExecuteExternalCode;

impl Rule for ExecuteExternalCode {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Execute, NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        if is_execution(ctx, node) && !is_at_client(ctx.source, node) {
            ctx.report_node(node);
        }
    }
}

/// The statement `Выполнить`, or a global call of `Вычислить`.
pub(super) fn is_execution(ctx: &Context<'_>, node: NodeId) -> bool {
    ctx.source.tree.kind(node) == NodeKind::Execute || global_callee_of(ctx, node, &EVAL).is_some()
}

fn is_at_client(source: Source<'_>, node: NodeId) -> bool {
    Directive::all_around(source, node).any(|directive| directive == Directive::Client)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::module::ModuleKind;
    use crate::testing::rule;

    #[test]
    fn statements_and_expressions() {
        rule("ExecuteExternalCode").check(
            "&НаСервере\nПроцедура А(Код)\n\tВыполнить(Код);\n\tExecute Код + \";\";\n\tБ = 1 + Вычислить(Код).Поле;\nКонецПроцедуры\n\
             &НаКлиенте\nПроцедура Б(Код)\n\tВыполнить(Код);\n\tБ = Eval(Код);\nКонецПроцедуры\n\
             &НаКлиентеНаСервереБезКонтекста\nПроцедура В(Код)\n\tБ = EVAL(Код);\nКонецПроцедуры\n\
             Выполнить Код;\nЗапрос.Выполнить();\nБ = Отчёт.Вычислить(1);\n",
            expect![[r#"
                3:2 `Выполнить(Код)` Code that is made at run time is executed
                4:2 `Execute Код + ";"` Code that is made at run time is executed
                5:10 `Вычислить(Код)` Code that is made at run time is executed
                14:6 `EVAL(Код)` Code that is made at run time is executed
                16:1 `Выполнить Код` Code that is made at run time is executed
            "#]],
        );
    }

    #[test]
    fn other_modules_are_not_looked_at() {
        rule("ExecuteExternalCode")
            .module(ModuleKind::ManagerModule)
            .check("Выполнить(Код);\n", expect![[""]]);
    }
}
