//! Regions that the standard does not provide for a module of this kind.

use base::{Edit, TextRange};
use rustc_hash::FxHashSet;

use crate::context::ModuleContext;
use crate::module::ModuleKind;
use crate::regions::StandardRegion;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::spelling::nearest;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NonStandardRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 1)),
    tags: &["standard"],
    fix: FixSafety::Unsafe,
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
        let names = facts.regions().module_level().map(|region| region.name.as_str());
        let mut present: FxHashSet<_> = names.filter_map(StandardRegion::from_name).collect();
        for region in facts.regions().module_level().filter(|region| !region.name.is_empty()) {
            let standard = StandardRegion::from_name(&region.name);
            let is_allowed = standard
                .is_some_and(|standard| standard == StandardRegion::Private || allowed.contains(&standard));
            if !is_allowed {
                let meant = meant(&region.name, allowed).filter(|meant| present.insert(*meant));
                let name =
                    TextRange { start: region.header.end - region.name.len() as u32, end: region.header.end };
                let [ru, en] = meant.map_or(["", ""], StandardRegion::names);
                let new_name = if region.name.is_ascii() { en } else { ru };
                let fix = meant.map(|_| Edit::replace(name, new_name));
                ctx.report(region.header).arg(&region.name).fix(fix);
            }
        }
    }
}

/// Names that regions of the standard go by, in lower case.
const OTHER_NAMES: &[(&str, StandardRegion)] = &[
    ("переменные", StandardRegion::Variables),
    ("переменныемодуля", StandardRegion::Variables),
    ("объявлениепеременных", StandardRegion::Variables),
    ("modulevariables", StandardRegion::Variables),
    ("интерфейс", StandardRegion::Public),
    ("экспортныепроцедурыифункции", StandardRegion::Public),
    ("экспортныеметоды", StandardRegion::Public),
    ("api", StandardRegion::Public),
    ("publicinterface", StandardRegion::Public),
    ("служебныйинтерфейс", StandardRegion::Internal),
    ("internalinterface", StandardRegion::Internal),
    ("служебныеметоды", StandardRegion::Private),
    ("служебныепроцедуры", StandardRegion::Private),
    ("служебныефункции", StandardRegion::Private),
    ("служебныефункцииипроцедуры", StandardRegion::Private),
    ("вспомогательныепроцедурыифункции", StandardRegion::Private),
    ("внутренниепроцедурыифункции", StandardRegion::Private),
    ("privateproceduresandfunctions", StandardRegion::Private),
    ("обработчикисобытиймодуля", StandardRegion::EventHandlers),
    ("обработчикисобытийобъекта", StandardRegion::EventHandlers),
    ("событияформы", StandardRegion::FormEventHandlers),
    ("обработчикиформы", StandardRegion::FormEventHandlers),
    ("обработчикисобытийэлементовформы", StandardRegion::FormHeaderItemsEventHandlers),
    ("обработчикиэлементовформы", StandardRegion::FormHeaderItemsEventHandlers),
    ("обработчикикоманд", StandardRegion::FormCommandsEventHandlers),
    ("командыформы", StandardRegion::FormCommandsEventHandlers),
];

/// The region of the standard that was meant, if the module may have it.
fn meant(name: &str, allowed: &[StandardRegion]) -> Option<StandardRegion> {
    let is_allowed = |region: &StandardRegion| *region == StandardRegion::Private || allowed.contains(region);
    let folded = base::fold_case(name);
    if let Some((_, region)) = OTHER_NAMES.iter().find(|(other, _)| *other == folded) {
        return Some(*region).filter(is_allowed);
    }
    let named = allowed.iter().filter(|region| **region != StandardRegion::FormTableItemsEventHandlers);
    let names = named.copied().chain([StandardRegion::Private]).flat_map(StandardRegion::names);
    nearest(name, names).and_then(StandardRegion::from_name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_takes_the_name_of_the_standard() {
        rule("NonStandardRegion").module(ModuleKind::CommonModule).check_fix(
            "#Область СлужебныеФункцииИПроцедуры\n#КонецОбласти\n#Область ПрограмныйИнтерфейс // да\n#КонецОбласти\n#Region Internel\n#EndRegion\n\
             #Область ОбработчикиСобытий\n#КонецОбласти\n#Область СлужебныеПроцедуры\n#КонецОбласти\n#Область Печать\n#КонецОбласти\n",
            expect![[r#"
                #Область СлужебныеПроцедурыИФункции
                #КонецОбласти
                #Область ПрограммныйИнтерфейс // да
                #КонецОбласти
                #Region Internal
                #EndRegion
                #Область ОбработчикиСобытий
                #КонецОбласти
                #Область СлужебныеПроцедуры
                #КонецОбласти
                #Область Печать
                #КонецОбласти
            "#]],
        );
    }

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
