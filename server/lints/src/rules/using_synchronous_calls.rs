//! Methods that make the client wait, in a configuration that does without them.

use metadata::{CommonModule, Configuration, RootKind};
use syntax::{NodeId, NodeKind};

use crate::context::{Context, ProjectContext};
use crate::directives::Directive;
use crate::module::ModuleKind;
use crate::project::common_module_flags;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::synchronous_methods::{EXTENSION_METHODS, MODAL_METHODS, synchronous_call};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingSynchronousCalls",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 15,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 3)),
    tags: &["standard"],
    messages: &[Text {
        ru: "Вместо синхронного `{0}` используйте `{1}`",
        en: "Use `{1}` instead of the synchronous `{0}`",
    }],
    docs: docs!("using_synchronous_calls"),
    create: |_| Box::new(UsingSynchronousCalls),
    ..RuleInfo::DEFAULT
};

struct UsingSynchronousCalls;

impl Rule for UsingSynchronousCalls {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let methods = || synchronous_call(ctx, call, &MODAL_METHODS);
        let found = methods().or_else(|| synchronous_call(ctx, call, &EXTENSION_METHODS));
        let Some((name, replacement)) = found else { return };
        if has_client_code(ctx.module.kind) && !is_at_server(ctx, call) {
            let range = ctx.source.tree.range(call);
            ctx.propose(range, true).arg(name).arg(replacement);
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let allows = ctx.configuration().is_some_and(allows_synchronous_calls);
        let object = ctx.module().place.object;
        let module = object.and_then(|object| common_module_flags(ctx.project.project, object));
        if !allows && module.is_none_or(is_client) {
            ctx.proposals().for_each(|proposal| ctx.confirm(proposal));
        }
    }
}

fn has_client_code(kind: ModuleKind) -> bool {
    matches!(
        kind,
        ModuleKind::ApplicationModule
            | ModuleKind::ManagedApplicationModule
            | ModuleKind::CommandModule
            | ModuleKind::FormModule
            | ModuleKind::CommonModule
    )
}

fn is_at_server(ctx: &Context<'_>, call: NodeId) -> bool {
    let directive = Directive::around(ctx.source, call);
    matches!(directive, Some(Directive::Server | Directive::ServerNoContext))
}

fn is_client(module: &CommonModule) -> bool {
    module.is_client_managed || module.is_client_ordinary
}

/// Only a configuration that says so allows them.
fn allows_synchronous_calls(configuration: &Configuration) -> bool {
    configuration.kind == RootKind::Configuration && configuration.synchronous_calls == "Use"
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::module::ModuleKind;
    use crate::testing::rule;

    const MODULE: &str = "&НаКлиенте\nПроцедура А()\n\tВопрос(\"Да?\", Режим);\n\tX = FindFiles(A) + Файлы.НайтиФайлы(А);\nКонецПроцедуры\n\
        &НаСервере\nПроцедура Б()\n\tУдалитьФайлы(А);\nКонецПроцедуры\n&AtServerNoContext\nProcedure C()\n\tDeleteFiles(A);\nEndProcedure\n\
        Процедура В()\n\tСоздатьКаталог(А);\nКонецПроцедуры\n";

    fn project(mode: &str) -> String {
        format!(
            "//- /Configuration.xml\n<MetaDataObject><Configuration><Properties><Name>К</Name>\
             <SynchronousPlatformExtensionAndAddInCallUseMode>{mode}</SynchronousPlatformExtensionAndAddInCallUseMode>\
             </Properties></Configuration></MetaDataObject>\n//- /CommonForms/Ф/Ext/Form/Module.bsl\n{MODULE}"
        )
    }

    #[test]
    fn the_mode_of_the_configuration() {
        rule("UsingSynchronousCalls").check(
            &project("DontUse"),
            expect![[r#"
            /CommonForms/Ф/Ext/Form/Module.bsl
            3:2 `Вопрос("Да?", Режим)` Use `ПоказатьВопрос` instead of the synchronous `Вопрос`
            4:6 `FindFiles(A)` Use `BeginFindingFiles` instead of the synchronous `FindFiles`
            15:2 `СоздатьКаталог(А)` Use `НачатьСозданиеКаталога` instead of the synchronous `СоздатьКаталог`
        "#]],
        );
        assert_eq!(rule("UsingSynchronousCalls").findings(&project("Use")).len(), 0);
        assert_eq!(rule("UsingSynchronousCalls").findings(&project("UseWithWarnings")).len(), 3);
    }

    #[test]
    fn kinds_of_modules() {
        let count = |kind| rule("UsingSynchronousCalls").module(kind).findings(MODULE).len();
        assert_eq!(count(ModuleKind::FormModule), 3);
        assert_eq!(count(ModuleKind::CommonModule), 3);
        assert_eq!(count(ModuleKind::ObjectModule), 0);
        assert_eq!(count(ModuleKind::Unknown), 0);
    }

    #[test]
    fn common_modules_of_the_server() {
        rule("UsingSynchronousCalls").check(
            "\
//- /metadata
CommonModule.Сервер server
CommonModule.Клиент client
//- /CommonModules/Клиент/Ext/Module.bsl
УдалитьФайлы(А);
//- /CommonModules/Сервер/Ext/Module.bsl
УдалитьФайлы(А);
",
            expect![[r#"
                /CommonModules/Клиент/Ext/Module.bsl
                1:1 `УдалитьФайлы(А)` Use `НачатьУдалениеФайлов` instead of the synchronous `УдалитьФайлы`
            "#]],
        );
    }
}
