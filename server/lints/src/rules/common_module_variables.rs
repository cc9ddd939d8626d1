//! Variables of a common module.

use crate::context::ModuleContext;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleVariables",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard", "design"],
    messages: &[Text {
        ru: "В общем модуле не может быть переменных",
        en: "A common module cannot have variables",
    }],
    docs: docs!("common_module_variables"),
    create: |_| Box::new(CommonModuleVariables),
    ..RuleInfo::DEFAULT
};

struct CommonModuleVariables;

impl Rule for CommonModuleVariables {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for declaration in facts.declarations() {
            ctx.report(declaration.range);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    use crate::module::ModuleKind;

    const MODULE: &str = "#Область П\nПерем А, Б;\n#КонецОбласти\n#Область Р\n&НаКлиенте\nVar C Export;\nПроцедура Ф()\n\tПерем Г;\nКонецПроцедуры\n";

    #[test]
    fn directives_between_declarations_belong_to_the_later_one() {
        rule("CommonModuleVariables").check(
            MODULE,
            expect![[r#"
            2:1 `Перем А, Б;` A common module cannot have variables
            3:1 `#КонецОбласти⏎#Область Р⏎&НаКлиенте⏎Var C Export;` A common module cannot have variables
        "#]],
        );
    }

    #[test]
    fn other_modules_may_have_variables() {
        rule("CommonModuleVariables").module(ModuleKind::ObjectModule).check(MODULE, expect![[""]]);
    }
}
