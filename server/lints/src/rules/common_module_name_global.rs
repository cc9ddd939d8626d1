//! Global common modules whose name does not say so.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::CommonModuleRule;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameGlobal",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "badpractice", "brainoverload"],
    messages: &[Text {
        ru: "Имя глобального общего модуля {0} не содержит слова Глобальный",
        en: "The name of the global module {0} lacks the word Global",
    }],
    docs: docs!("common_module_name_global"),
    create: |params| {
        CommonModuleRule::create(params, |module| module.flags.is_global && !module.is_named(GLOBAL))
    },
    ..RuleInfo::DEFAULT
};

const GLOBAL: PlatformName = PlatformName::new("Глобальный", "Global");

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_without_the_word() {
        rule("CommonModuleNameGlobal").check(
            "\
//- /metadata
CommonModule.Файлы client ordinary global
CommonModule.ФайлыГлобальный client ordinary global
CommonModule.FilesGLOBAL server global
CommonModule.Прочее
//- /CommonModules/Файлы/Ext/Module.bsl
// Файлы
//- /CommonModules/ФайлыГлобальный/Ext/Module.bsl
// ФайлыГлобальный
//- /CommonModules/FilesGLOBAL/Ext/Module.bsl
// FilesGLOBAL
//- /CommonModules/Прочее/Ext/Module.bsl
// Прочее
",
            expect![[r#"
                /CommonModules/Файлы/Ext/Module.bsl
                1:1 `// Файлы` The name of the global module Файлы lacks the word Global
            "#]],
        );
    }
}
