//! Common modules that keep what their functions returned, under a name that does not say so.

use crate::calls::PlatformName;
use crate::module::ModuleKind;
use crate::project::CommonModuleRule;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameCached",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "badpractice", "unpredictable"],
    messages: &[Text {
        ru: "Имя модуля с повторным использованием {0} не оканчивается на ПовтИсп",
        en: "The name of {0}, a module that caches return values, does not tell it",
    }],
    docs: docs!("common_module_name_cached"),
    create: |params| {
        CommonModuleRule::create(params, |module| {
            module.reuses_values() && !PARTS.iter().any(|part| module.is_named(*part))
        })
    },
    ..RuleInfo::DEFAULT
};

const PARTS: [PlatformName; 2] =
    [PlatformName::new("ПовтИсп", "Cached"), PlatformName::new("ПовторноеИспользование", "Cached")];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_without_the_suffix() {
        rule("CommonModuleNameCached").check(
            "\
//- /metadata
CommonModule.Курсы cached
CommonModule.КурсыПовтИсп cached
CommonModule.RatesCACHED cached
CommonModule.КурсыПовторноеИспользование cached
CommonModule.Прочее
//- /CommonModules/Курсы/Ext/Module.bsl
// Курсы
//- /CommonModules/КурсыПовтИсп/Ext/Module.bsl
// КурсыПовтИсп
//- /CommonModules/RatesCACHED/Ext/Module.bsl
// RatesCACHED
//- /CommonModules/КурсыПовторноеИспользование/Ext/Module.bsl
// КурсыПовторноеИспользование
//- /CommonModules/Прочее/Ext/Module.bsl
// Прочее
",
            expect![[r#"
                /CommonModules/Курсы/Ext/Module.bsl
                1:1 `// Курсы` The name of Курсы, a module that caches return values, does not tell it
            "#]],
        );
    }
}
