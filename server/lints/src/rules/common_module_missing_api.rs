//! Common modules that offer nothing to other modules.

use crate::context::ModuleContext;
use crate::module::ModuleKind;
use crate::regions::Region;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleMissingAPI",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["brainoverload", "suspicious"],
    messages: &[Text {
        ru: "У общего модуля нет программного интерфейса: экспортных методов или области для них",
        en: "The common module has no interface: no exported methods or no region for them",
    }],
    docs: docs!("common_module_missing_api"),
    create: |_| Box::new(CommonModuleMissingApi),
    ..RuleInfo::DEFAULT
};

struct CommonModuleMissingApi;

impl Rule for CommonModuleMissingApi {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        if facts.methods().next().is_none() {
            return;
        }
        let has_export = facts.methods().any(|(_, method)| method.is_export);
        if has_export && facts.regions().module_level().any(Region::is_interface) {
            return;
        }
        if let Some(anchor) = facts.anchor() {
            ctx.report(anchor);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rule;

    fn count(text: &str) -> usize {
        rule("CommonModuleMissingAPI").findings(text).len()
    }

    #[test]
    fn exports_and_a_region_for_them() {
        let findings =
            rule("CommonModuleMissingAPI").findings("\n// Общий\nПроцедура А() Экспорт\nКонецПроцедуры\n");
        let places: Vec<_> =
            findings.iter().map(|finding| (finding.range.start, finding.range.end)).collect();
        assert_eq!(places, [(1, 14)]);
        assert_eq!(
            count("#Область ПрограммныйИнтерфейс\nПроцедура А() Экспорт\nКонецПроцедуры\n#КонецОбласти\n"),
            0
        );
        assert_eq!(count("#Region internal\n#EndRegion\nFunction A() Export\nEndFunction\n"), 0);
        assert_eq!(count("#Область ПрограммныйИнтерфейс\nПроцедура А()\nКонецПроцедуры\n#КонецОбласти\n"), 1);
        assert_eq!(count("#Область Методы\nПроцедура А() Экспорт\nКонецПроцедуры\n#КонецОбласти\n"), 1);
    }

    #[test]
    fn modules_without_methods() {
        assert_eq!(count(""), 0);
        assert_eq!(count("// Пусто\nА = 1;\n"), 0);
    }
}
