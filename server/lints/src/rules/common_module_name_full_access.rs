//! Privileged common modules whose name does not warn.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::CommonModuleRule;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameFullAccess",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "badpractice", "unpredictable"],
    messages: &[Text {
        ru: "Имя привилегированного общего модуля {0} не содержит слова ПолныеПрава",
        en: "The name of the privileged module {0} lacks the word FullAccess",
    }],
    docs: docs!("common_module_name_full_access"),
    create: |params| {
        CommonModuleRule::create(params, |module| module.flags.is_privileged && !module.is_named(FULL_ACCESS))
    },
    ..RuleInfo::DEFAULT
};

const FULL_ACCESS: PlatformName = PlatformName::new("ПолныеПрава", "FullAccess");

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_that_do_not_warn() {
        rule("CommonModuleNameFullAccess").check(
            "\
//- /metadata
CommonModule.Обмен privileged
CommonModule.ОбменПолныеПрава privileged
CommonModule.exchangefullaccess privileged
CommonModule.Прочее
//- /CommonModules/Обмен/Ext/Module.bsl
// Обмен
//- /CommonModules/ОбменПолныеПрава/Ext/Module.bsl
// ОбменПолныеПрава
//- /CommonModules/exchangefullaccess/Ext/Module.bsl
// exchangefullaccess
//- /CommonModules/Прочее/Ext/Module.bsl
// Прочее
",
            expect![[r#"
                /CommonModules/Обмен/Ext/Module.bsl
                1:1 `// Обмен` The name of the privileged module Обмен lacks the word FullAccess
            "#]],
        );
    }
}
