//! Common modules for both sides whose name does not say so.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::{CommonModuleKind, CommonModuleRule};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameClientServer",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "badpractice", "unpredictable"],
    messages: &[Text {
        ru: "Имя клиент-серверного общего модуля {0} не содержит слова КлиентСервер",
        en: "The name of {0}, a module for client and server, lacks the word ClientServer",
    }],
    docs: docs!("common_module_name_client_server"),
    create: |params| {
        CommonModuleRule::create(params, |module| {
            module.is(CommonModuleKind::ClientServer) && !module.is_named(BOTH)
        })
    },
    ..RuleInfo::DEFAULT
};

const BOTH: PlatformName = PlatformName::new("КлиентСервер", "ClientServer");

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_without_the_word() {
        rule("CommonModuleNameClientServer").check(
            "\
//- /metadata
CommonModule.Файлы server client ordinary external
CommonModule.ФайлыКлиентСервер server client ordinary external
CommonModule.FilesClientServer server client ordinary external
CommonModule.ФайлыКлиент client ordinary
//- /CommonModules/Файлы/Ext/Module.bsl
// Файлы
//- /CommonModules/ФайлыКлиентСервер/Ext/Module.bsl
// ФайлыКлиентСервер
//- /CommonModules/FilesClientServer/Ext/Module.bsl
// FilesClientServer
//- /CommonModules/ФайлыКлиент/Ext/Module.bsl
// ФайлыКлиент
",
            expect![[r#"
                /CommonModules/Файлы/Ext/Module.bsl
                1:1 `// Файлы` The name of Файлы, a module for client and server, lacks the word ClientServer
            "#]],
        );
    }
}
