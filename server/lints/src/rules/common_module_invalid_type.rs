//! Common modules whose flags make none of the known kinds.

use crate::module::ModuleKind;
use crate::project::CommonModuleRule;
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleInvalidType",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "unpredictable", "design"],
    messages: &[Text {
        ru: "Признаки общего модуля {0} не складываются ни в один из его видов",
        en: "The flags of the common module {0} make none of the known kinds",
    }],
    docs: docs!("common_module_invalid_type"),
    create: |params| CommonModuleRule::create(params, |module| module.kind().is_none()),
    ..RuleInfo::DEFAULT
};

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn mixtures_of_flags() {
        rule("CommonModuleInvalidType").check(
            "\
//- /metadata
CommonModule.Сервер server external ordinary
CommonModule.Вызов server server-call
CommonModule.Клиент client ordinary
CommonModule.Общий server external client ordinary
CommonModule.Смесь server client
CommonModule.Голый server
//- /CommonModules/Сервер/Ext/Module.bsl
// Сервер
//- /CommonModules/Вызов/Ext/Module.bsl
// Вызов
//- /CommonModules/Клиент/Ext/Module.bsl
// Клиент
//- /CommonModules/Общий/Ext/Module.bsl
// Общий
//- /CommonModules/Смесь/Ext/Module.bsl
// Смесь
//- /CommonModules/Голый/Ext/Module.bsl
// Голый
",
            expect![[r#"
                /CommonModules/Голый/Ext/Module.bsl
                1:1 `// Голый` The flags of the common module Голый make none of the known kinds
                /CommonModules/Смесь/Ext/Module.bsl
                1:1 `// Смесь` The flags of the common module Смесь make none of the known kinds
            "#]],
        );
    }
}
