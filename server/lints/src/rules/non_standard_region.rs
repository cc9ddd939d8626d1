//! Regions that the standard does not provide for a module of this kind.

use crate::context::ModuleContext;
use crate::module::ModuleKind;
use crate::regions::StandardRegion;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NonStandardRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 1)),
    tags: &["standard"],
    messages: &[Text {
        ru: "Область `{0}` не предусмотрена стандартом для этого модуля",
        en: "The standard has no region `{0}` for this module",
    }],
    docs: docs!("non_standard_region"),
    create: |_| Box::new(NonStandardRegion),
    ..RuleInfo::DEFAULT
};

struct NonStandardRegion;

impl Rule for NonStandardRegion {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if ctx.module.kind == ModuleKind::Unknown {
            return;
        }
        let allowed = StandardRegion::of_module(ctx.module.kind);
        let facts = ctx.facts;
        for region in facts.regions().module_level().filter(|region| !region.name.is_empty()) {
            let standard = StandardRegion::from_name(&region.name);
            let is_allowed = standard
                .is_some_and(|standard| standard == StandardRegion::Private || allowed.contains(&standard));
            if !is_allowed {
                ctx.report(region.header).arg(&region.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    use crate::module::ModuleKind;

    const MODULE: &str = "#Область ПрограммныйИнтерфейс\n#Область Любая\n#КонецОбласти\n#КонецОбласти\n#Region Private\n#EndRegion\n\
        #Область ОбработчикиСобытийЭлементовТаблицыФормыТовары\n#КонецОбласти\n#Region VARIABLES\n#EndRegion\n#Область Прочее\n#КонецОбласти\n\
        #Region EventHandlers\n#EndRegion\n";

    #[test]
    fn the_kind_of_the_module_decides() {
        rule("NonStandardRegion").module(ModuleKind::CommonModule).check(MODULE, expect![[r#"
            7:2 `Область ОбработчикиСобытийЭлементовТаблицыФормыТовары` The standard has no region `ОбработчикиСобытийЭлементовТаблицыФормыТовары` for this module
            9:2 `Region VARIABLES` The standard has no region `VARIABLES` for this module
            11:2 `Область Прочее` The standard has no region `Прочее` for this module
            13:2 `Region EventHandlers` The standard has no region `EventHandlers` for this module
        "#]]);
        rule("NonStandardRegion").module(ModuleKind::FormModule).check(MODULE, expect![[r#"
            1:2 `Область ПрограммныйИнтерфейс` The standard has no region `ПрограммныйИнтерфейс` for this module
            11:2 `Область Прочее` The standard has no region `Прочее` for this module
            13:2 `Region EventHandlers` The standard has no region `EventHandlers` for this module
        "#]]);
        rule("NonStandardRegion").module(ModuleKind::BotModule).check(MODULE, expect![[r#"
            1:2 `Область ПрограммныйИнтерфейс` The standard has no region `ПрограммныйИнтерфейс` for this module
            7:2 `Область ОбработчикиСобытийЭлементовТаблицыФормыТовары` The standard has no region `ОбработчикиСобытийЭлементовТаблицыФормыТовары` for this module
            9:2 `Region VARIABLES` The standard has no region `VARIABLES` for this module
            11:2 `Область Прочее` The standard has no region `Прочее` for this module
            13:2 `Region EventHandlers` The standard has no region `EventHandlers` for this module
        "#]]);
    }

    #[test]
    fn nothing_is_known_about_other_modules() {
        rule("NonStandardRegion").module(ModuleKind::Unknown).check(MODULE, expect![[""]]);
    }
}
