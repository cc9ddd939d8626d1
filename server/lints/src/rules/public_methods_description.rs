//! Exported methods of the interface without a description.

use base::{Edit, TextRange};

use crate::context::ModuleContext;
use crate::facts::{MethodFact, ModuleFacts};
use crate::options::Params;
use crate::regions::StandardRegion;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "PublicMethodsDescription",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["standard", "brainoverload", "badpractice"],
    params: &[ParamInfo {
        name: "checkAllRegion",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "проверять все экспортные методы, а не только программный интерфейс",
            en: "check every exported method, not only those of the public region",
        },
    }],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "У экспортного метода нет описания",
        en: "The exported method has no description",
    }],
    docs: docs!("public_methods_description"),
    create: |params: &Params<'_>| {
        Box::new(PublicMethodsDescription { checks_all: params.bool("checkAllRegion") })
    },
    ..RuleInfo::DEFAULT
};

struct PublicMethodsDescription {
    checks_all: bool,
}

impl Rule for PublicMethodsDescription {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for ((offset, method), root) in facts.methods().zip(facts.regions().roots()) {
            if !method.is_export || method.has_description {
                continue;
            }
            let standard = root.and_then(|region| StandardRegion::from_name(&region.name));
            if self.checks_all || standard == Some(StandardRegion::Public) {
                let start = method.range.start + offset;
                let edit = Edit::insert(start, template(facts, offset, method));
                ctx.report(method.name_range.shifted(offset)).fix([edit]);
            }
        }
    }
}

/// Words of a description.
struct Words {
    purpose: &'static str,
    parameters: &'static str,
    returns: &'static str,
    any_type: &'static str,
}

const RU: Words = Words {
    purpose: "Описание.",
    parameters: "Параметры:",
    returns: "Возвращаемое значение:",
    any_type: "Произвольный",
};

const EN: Words =
    Words { purpose: "Description.", parameters: "Parameters:", returns: "Returns:", any_type: "Arbitrary" };

/// Lines to be filled in, in the language of the keywords of the method.
fn template(facts: &ModuleFacts<'_>, offset: u32, method: &MethodFact) -> String {
    let header = TextRange { start: method.range.start, end: method.name_range.start };
    let words = if (facts.text)(header.shifted(offset)).is_ascii() { EN } else { RU };
    let line_break = if facts.has_crlf() { "\r\n" } else { "\n" };
    let mut lines = vec![format!("// {}", words.purpose)];
    if !method.parameters.is_empty() {
        lines.extend(["//".to_owned(), format!("// {}", words.parameters)]);
        lines.extend(method.parameters.iter().map(|name| format!("//  {name} - {}", words.any_type)));
    }
    if method.is_function {
        let returns = [format!("// {}", words.returns), format!("//  {}", words.any_type)];
        lines.push("//".to_owned());
        lines.extend(returns);
    }
    lines.push(String::new());
    lines.join(line_break)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const MODULE: &str = "#Область ПрограммныйИнтерфейс\n\n// Описание.\n&НаСервере\nПроцедура А() Экспорт\nКонецПроцедуры\n\n\
        &НаСервере\nФункция Б(Знач В, Г = 1) Экспорт\nКонецФункции\n\n// Не описание.\n\nProcedure C() Export\nEndProcedure\n\n\
        Procedure D()\nEndProcedure\n\n#КонецОбласти\n\nProcedure E(X) Export\nEndProcedure\n";

    #[test]
    fn the_public_region() {
        rule("PublicMethodsDescription").check(
            MODULE,
            expect![[r#"
            9:9 `Б` The exported method has no description
            14:11 `C` The exported method has no description
        "#]],
        );
    }

    #[test]
    fn all_exported_methods() {
        rule("PublicMethodsDescription").bool("checkAllRegion", true).check(
            MODULE,
            expect![[r#"
            9:9 `Б` The exported method has no description
            14:11 `C` The exported method has no description
            22:11 `E` The exported method has no description
        "#]],
        );
    }

    #[test]
    fn a_template_names_the_parameters() {
        rule("PublicMethodsDescription").bool("checkAllRegion", true).check_fix(
            MODULE,
            expect![[r#"
            #Область ПрограммныйИнтерфейс

            // Описание.
            &НаСервере
            Процедура А() Экспорт
            КонецПроцедуры

            // Описание.
            //
            // Параметры:
            //  В - Произвольный
            //  Г - Произвольный
            //
            // Возвращаемое значение:
            //  Произвольный
            &НаСервере
            Функция Б(Знач В, Г = 1) Экспорт
            КонецФункции

            // Не описание.

            // Description.
            Procedure C() Export
            EndProcedure

            Procedure D()
            EndProcedure

            #КонецОбласти

            // Description.
            //
            // Parameters:
            //  X - Arbitrary
            Procedure E(X) Export
            EndProcedure
        "#]],
        );
    }

    #[test]
    fn line_breaks_are_kept() {
        let fixes = rule("PublicMethodsDescription")
            .bool("checkAllRegion", true)
            .findings("// А\r\n\r\nProcedure E() Export\r\nEndProcedure\r\n");
        assert_eq!(fixes[0].fix[0].text, "// Description.\r\n");
    }
}
