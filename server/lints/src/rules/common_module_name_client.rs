//! Common modules of the client whose name does not say so.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::{CommonModuleKind, CommonModuleRule};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameClient",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "badpractice", "unpredictable"],
    messages: &[Text {
        ru: "Имя клиентского общего модуля {0} не содержит слова Клиент",
        en: "The name of the client module {0} lacks the word Client",
    }],
    docs: docs!("common_module_name_client"),
    create: |params| {
        CommonModuleRule::create(params, |module| {
            module.is(CommonModuleKind::Client) && !module.flags.is_global && !module.is_named(CLIENT)
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
    fn names_without_the_word() {
        rule("CommonModuleNameClient").check(
            "\
//- /metadata
CommonModule.Файлы client ordinary
CommonModule.ФайлыКлиент client ordinary
CommonModule.filesclient client ordinary
CommonModule.ФайлыГлобальный client ordinary global
CommonModule.Прочее server
CommonModule.Неполный client
//- /CommonModules/Файлы/Ext/Module.bsl
// Файлы
//- /CommonModules/ФайлыКлиент/Ext/Module.bsl
// ФайлыКлиент
//- /CommonModules/filesclient/Ext/Module.bsl
// filesclient
//- /CommonModules/ФайлыГлобальный/Ext/Module.bsl
// ФайлыГлобальный
//- /CommonModules/Прочее/Ext/Module.bsl
// Прочее
//- /CommonModules/Неполный/Ext/Module.bsl
// Неполный
",
            expect![[r#"
                /CommonModules/Файлы/Ext/Module.bsl
                1:1 `// Файлы` The name of the client module Файлы lacks the word Client
            "#]],
        );
    }
}
