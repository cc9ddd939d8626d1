//! Common modules that clients call on the server, under a name that does not say so.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::{CommonModuleKind, CommonModuleRule};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameServerCall",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "badpractice", "unpredictable"],
    messages: &[Text {
        ru: "Имя общего модуля {0} для вызова сервера не содержит слова ВызовСервера",
        en: "The name of {0}, a module of server calls, lacks the word ServerCall",
    }],
    docs: docs!("common_module_name_server_call"),
    create: |params| {
        CommonModuleRule::create(params, |module| {
            module.is(CommonModuleKind::ServerCall) && !module.is_named(SERVER_CALL)
        })
    },
    ..RuleInfo::DEFAULT
};

const SERVER_CALL: PlatformName = PlatformName::new("ВызовСервера", "ServerCall");

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_without_the_word() {
        rule("CommonModuleNameServerCall").check(
            "\
//- /metadata
CommonModule.Файлы server server-call
CommonModule.ФайлыВызовСервера server server-call
CommonModule.FilesServerCall server server-call
CommonModule.Прочее server external ordinary
//- /CommonModules/Файлы/Ext/Module.bsl
// Файлы
//- /CommonModules/ФайлыВызовСервера/Ext/Module.bsl
// ФайлыВызовСервера
//- /CommonModules/FilesServerCall/Ext/Module.bsl
// FilesServerCall
//- /CommonModules/Прочее/Ext/Module.bsl
// Прочее
",
            expect![[r#"
                /CommonModules/Файлы/Ext/Module.bsl
                1:1 `// Файлы` The name of Файлы, a module of server calls, lacks the word ServerCall
            "#]],
        );
    }
}
