//! A loop over a collection that never looks at the element.

use crate::context::ModuleContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UseLessForEach",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 2,
    tags: &["clumsy"],
    messages: &[Text {
        ru: "Тело цикла не использует переменную `{0}`",
        en: "The body of the loop does not use the variable `{0}`",
    }],
    docs: docs!("use_less_for_each"),
    create: |_| Box::new(UseLessForEach),
    ..RuleInfo::DEFAULT
};

struct UseLessForEach;

impl Rule for UseLessForEach {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for (offset, iterator) in facts.unused_iterators() {
            let name = base::fold_case(&iterator.name);
            // The loop may set a variable of the module.
            if facts.variables().any(|(_, variable)| variable.name.as_str() == name) {
                continue;
            }
            ctx.report(iterator.range.shifted(offset)).arg(&iterator.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_heads_of_expressions_count() {
        rule("UseLessForEach").check(
            "Для Каждого Х Из У Цикл\n\tА.Х = Х();\n\tБ = \"Х\" + Новый Х;\nКонецЦикла;\n\
             For Each A In B Do\n\tC(a.D);\nEndDo;\nFor Each A In B Do\n\tA.C = 1;\nEndDo;\nFor Each A In A Do\nEndDo;\n\
             For Each A In B Do\n\tIf C Then\n\t\tA.D();\n\tEndIf;\nEndDo;\n",
            expect![[r#"
                1:13 `Х` The body of the loop does not use the variable `Х`
                11:10 `A` The body of the loop does not use the variable `A`
            "#]],
        );
    }

    #[test]
    fn variables_of_the_module_are_fine() {
        rule("UseLessForEach").check(
            "Перем Х;\nПроцедура А()\n\tПерем У;\n\tДля Каждого х Из Б Цикл\n\tКонецЦикла;\n\tДля Каждого У Из Б Цикл\n\tКонецЦикла;\nКонецПроцедуры\n\
             Процедура Б()\n\tДля Каждого Ы Из Б Цикл\n",
            expect![[r#"
                6:14 `У` The body of the loop does not use the variable `У`
            "#]],
        );
    }
}
