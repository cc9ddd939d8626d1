//! Global common modules of the client that say it in their names: all global modules of the standard are.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::{CommonModuleKind, CommonModuleRule};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameGlobalClient",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard"],
    messages: &[Text {
        ru: "В имени глобального общего модуля {0} слово Клиент лишнее",
        en: "The word Client is needless in the name of the global module {0}",
    }],
    docs: docs!("common_module_name_global_client"),
    create: |params| {
        CommonModuleRule::create(params, |module| {
            let is_client = module.flags.is_global && module.is(CommonModuleKind::Client);
            is_client && module.last_place_of(CLIENT).is_some_and(|place| place > 0)
        })
    },
    ..RuleInfo::DEFAULT
};

const CLIENT: PlatformName = PlatformName::new("Клиент", "Client");

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_with_the_word() {
        rule("CommonModuleNameGlobalClient").check(
            "\
//- /metadata
CommonModule.ФайлыКлиентГлобальный client ordinary global
CommonModule.ФайлыГлобальный client ordinary global
CommonModule.КлиентФайлыГлобальный client ordinary global
CommonModule.FilesGlobalClient server global
CommonModule.ФайлыКлиент client ordinary
//- /CommonModules/ФайлыКлиентГлобальный/Ext/Module.bsl
// ФайлыКлиентГлобальный
//- /CommonModules/ФайлыГлобальный/Ext/Module.bsl
// ФайлыГлобальный
//- /CommonModules/КлиентФайлыГлобальный/Ext/Module.bsl
// КлиентФайлыГлобальный
//- /CommonModules/FilesGlobalClient/Ext/Module.bsl
// FilesGlobalClient
//- /CommonModules/ФайлыКлиент/Ext/Module.bsl
// ФайлыКлиент
",
            expect![[r#"
                /CommonModules/ФайлыКлиентГлобальный/Ext/Module.bsl
                1:1 `// ФайлыКлиентГлобальный` The word Client is needless in the name of the global module ФайлыКлиентГлобальный
            "#]],
        );
    }
}
