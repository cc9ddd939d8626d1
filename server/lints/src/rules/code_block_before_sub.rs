//! Statements before the first method.

use crate::context::ModuleContext;
use crate::module_parts::block_before_methods;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CodeBlockBeforeSub",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    tags: &["error"],
    messages: &[Text {
        ru: "Операторы должны стоять после всех методов модуля",
        en: "Statements must follow all methods of the module",
    }],
    docs: docs!("code_block_before_sub"),
    create: |_| Box::new(CodeBlockBeforeSub),
    ..RuleInfo::DEFAULT
};

struct CodeBlockBeforeSub;

impl Rule for CodeBlockBeforeSub {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if let Some(block) = block_before_methods(ctx.facts) {
            ctx.report(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_block_reaches_to_the_last_directive() {
        rule("CodeBlockBeforeSub").check(
            "#Region A\nПерем А;\nА = 1;\nIf А Then\nEndIf;\n#EndRegion // конец\n\n&НаСервере\nПроцедура Б()\nКонецПроцедуры\nБ();\n",
            expect![[r#"
                3:1 `А = 1;⏎If А Then⏎EndIf;⏎#EndRegion` Statements must follow all methods of the module
            "#]],
        );
    }

    #[test]
    fn nothing_but_directives_and_variables() {
        rule("CodeBlockBeforeSub").check(
            "#Если Сервер Тогда\nПерем А;\n#Область Б\nПроцедура Б()\nКонецПроцедуры\n#КонецОбласти\nБ();\n#КонецЕсли\n",
            expect![[""]],
        );
        rule("CodeBlockBeforeSub").check("А = 1;\nБ();\n", expect![[""]]);
    }
}
