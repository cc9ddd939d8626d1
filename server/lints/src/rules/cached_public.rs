//! The interface of modules that cache what their functions return.

use crate::context::{ModuleContext, ProjectContext};
use crate::module::ModuleKind;
use crate::project::common_module_of;
use crate::regions::StandardRegion;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CachedPublic",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "design"],
    messages: &[Text {
        ru: "Модулю с повторным использованием возвращаемых значений не нужна область `{0}`",
        en: "A module that caches return values needs no region `{0}`",
    }],
    docs: docs!("cached_public"),
    create: |_| Box::new(CachedPublic),
    ..RuleInfo::DEFAULT
};

struct CachedPublic;

impl Rule for CachedPublic {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        let regions = facts.regions();
        let public = regions
            .module_level()
            .filter(|region| StandardRegion::from_name(&region.name) == Some(StandardRegion::Public));
        for region in public {
            let mut methods = facts.methods().map(|(offset, method)| method.range.shifted(offset));
            if methods.any(|method| regions.is_direct(region, method)) {
                ctx.propose(region.name_range(), false).arg(&region.name);
            }
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        if common_module_of(ctx).is_some_and(|(_, flags)| flags.reuse != metadata::Reuse::DontUse) {
            for proposal in ctx.proposals() {
                ctx.confirm(proposal);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn regions_with_methods_of_their_own() {
        rule("CachedPublic").check(
            "\
//- /metadata
CommonModule.КурсыПовтИсп cached
CommonModule.Rates cached
CommonModule.Курсы
//- /CommonModules/КурсыПовтИсп/Ext/Module.bsl
#Область ПрограммныйИнтерфейс
#Область Курсы
Функция А() Экспорт
КонецФункции
#КонецОбласти
Функция Б() Экспорт
КонецФункции
#КонецОбласти
#Область СлужебныйПрограммныйИнтерфейс
Функция В() Экспорт
КонецФункции
#КонецОбласти
//- /CommonModules/Rates/Ext/Module.bsl
#Region Public
#Region Inner
Function A() Export
EndFunction
#EndRegion
#EndRegion
#Region public // again
Function B() Export
EndFunction
#EndRegion
//- /CommonModules/Курсы/Ext/Module.bsl
#Область ПрограммныйИнтерфейс
Функция А() Экспорт
КонецФункции
#КонецОбласти
",
            expect![[r#"
                /CommonModules/Rates/Ext/Module.bsl
                7:9 `public` A module that caches return values needs no region `public`
                /CommonModules/КурсыПовтИсп/Ext/Module.bsl
                1:10 `ПрограммныйИнтерфейс` A module that caches return values needs no region `ПрограммныйИнтерфейс`
            "#]],
        );
    }

    #[test]
    fn nothing_without_metadata() {
        let text = "#Область ПрограммныйИнтерфейс\nФункция А() Экспорт\nКонецФункции\n#КонецОбласти\n";
        assert_eq!(rule("CachedPublic").findings(text).len(), 0);
    }
}
