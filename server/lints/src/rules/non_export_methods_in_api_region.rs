//! Methods in the region of the interface that nobody can call from outside.

use base::{Edit, TextRange};
use smol_str::SmolStr;

use crate::calls::PlatformName;
use crate::context::ModuleContext;
use crate::options::Params;
use crate::regions::{Region, StandardRegion};
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NonExportMethodsInApiRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["standard"],
    params: &[ParamInfo {
        name: "skipAnnotatedMethods",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "не проверять методы расширения, которые дополняют или заменяют методы конфигурации",
            en: "leave out methods of an extension that add to methods of the configuration",
        },
    }],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Метод в области `{0}` должен быть экспортным",
        en: "A method in the region `{0}` must be exported",
    }],
    docs: docs!("non_export_methods_in_api_region"),
    create: |params: &Params<'_>| {
        Box::new(NonExportMethodsInApiRegion { skips_annotated: params.bool("skipAnnotatedMethods") })
    },
    ..RuleInfo::DEFAULT
};

/// Annotations that tie a method of an extension to one of the configuration.
const EXTENSION: [PlatformName; 4] = [
    PlatformName::new("Перед", "Before"),
    PlatformName::new("После", "After"),
    PlatformName::new("Вместо", "Around"),
    PlatformName::new("ИзменениеИКонтроль", "ChangeAndValidate"),
];

struct NonExportMethodsInApiRegion {
    skips_annotated: bool,
}

impl Rule for NonExportMethodsInApiRegion {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for ((offset, method), root) in facts.methods().zip(facts.regions().roots()) {
            let Some(region) = root.filter(|region| !method.is_export && is_interface(region)) else {
                continue;
            };
            if !(self.skips_annotated && extends_method(&method.annotations)) {
                let header = TextRange { start: method.range.start, end: method.name_range.start };
                let is_english = (facts.text)(header.shifted(offset)).is_ascii();
                let word = if is_english { " Export" } else { " Экспорт" };
                let fix = method.parameters_end.map(|end| Edit::insert(offset + end, word));
                ctx.report(method.name_range.shifted(offset)).arg(&region.name).fix(fix);
            }
        }
    }
}

fn is_interface(region: &Region) -> bool {
    let standard = StandardRegion::from_name(&region.name);
    matches!(standard, Some(StandardRegion::Public | StandardRegion::Internal))
}

fn extends_method(annotations: &[SmolStr]) -> bool {
    annotations.iter().any(|name| EXTENSION.iter().any(|known| known.is(name)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_exports_the_method() {
        rule("NonExportMethodsInApiRegion").check_fix(
            "#Область ПрограммныйИнтерфейс\n&НаСервере\nПроцедура А(Б,\n\tВ = 1) // да\nКонецПроцедуры\nAsync Function C()\nEndFunction\n#КонецОбласти\n",
            expect![[r#"
                #Область ПрограммныйИнтерфейс
                &НаСервере
                Процедура А(Б,
                	В = 1) Экспорт // да
                КонецПроцедуры
                Async Function C() Export
                EndFunction
                #КонецОбласти
            "#]],
        );
    }

    const MODULE: &str = "#Область ПрограммныйИнтерфейс\n#Область Вложенная\nПроцедура А()\nКонецПроцедуры\n#КонецОбласти\n\
        Функция Б() Экспорт\nКонецФункции\n#КонецОбласти\n#Region Internal\n&Перед(\"В\")\nProcedure C()\nEndProcedure\n#EndRegion\n\
        #Region Private\nProcedure D()\nEndProcedure\n#EndRegion\nПроцедура Е()\nКонецПроцедуры\n";

    #[test]
    fn the_outermost_region_decides() {
        rule("NonExportMethodsInApiRegion").check(
            MODULE,
            expect![[r#"
            3:11 `А` A method in the region `ПрограммныйИнтерфейс` must be exported
            11:11 `C` A method in the region `Internal` must be exported
        "#]],
        );
    }

    #[test]
    fn methods_of_extensions_may_be_left_out() {
        rule("NonExportMethodsInApiRegion").bool("skipAnnotatedMethods", true).check(
            MODULE,
            expect![[r#"
            3:11 `А` A method in the region `ПрограммныйИнтерфейс` must be exported
        "#]],
        );
    }
}
