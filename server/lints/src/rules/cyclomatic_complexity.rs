//! A method with many independent paths.

use crate::control_flow::{CHECK_MODULE_BODY, ComplexityRule, Measure, threshold};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CyclomaticComplexity",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Critical,
    minutes: 25,
    minutes_per_point: 1,
    tags: &["brainoverload"],
    params: &[threshold(20), CHECK_MODULE_BODY],
    messages: &[
        Text {
            ru: "Цикломатическая сложность метода `{0}` равна {1}, допустимо {2}",
            en: "Cyclomatic complexity of the method `{0}` is {1}, at most {2} is allowed",
        },
        Text {
            ru: "Цикломатическая сложность кода вне методов равна {0}, допустимо {1}",
            en: "Cyclomatic complexity of the code outside methods is {0}, at most {1} is allowed",
        },
    ],
    docs: docs!("cyclomatic_complexity"),
    create: |params| Box::new(ComplexityRule::new(Measure::Cyclomatic, params)),
    ..RuleInfo::DEFAULT
};

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{RuleTest, rule};

    fn limit(threshold: i64) -> RuleTest {
        rule("CyclomaticComplexity").integer("complexityThreshold", threshold)
    }

    #[test]
    fn branches_and_operators() {
        limit(1).check(
            "Функция А()\n\tЕсли Б Тогда\n\tИначеЕсли В И Г И Д Тогда\n\tИначе\n\tКонецЕсли;\n\tПопытка\n\t\tWhile A Do\n\t\t\tE = ?(F, 1, 2);\n\t\tEndDo;\n\tИсключение\n\t\tПерейти ~Ж;\n\tКонецПопытки;\n\tВозврат а();\nКонецФункции\n",
            expect![[r#"
                1:9 `А` Cyclomatic complexity of the method `А` is 11, at most 1 is allowed +1:9 +2:2 +3:2 +3:14 +3:18 +4:2 +7:3 +8:8 +10:2 +11:3 +13:10
            "#]],
        );
    }

    #[test]
    fn parentheses_count_operators_again() {
        limit(1).check(
            "Procedure P()\n\tA = B And (C Or D);\nEndProcedure",
            expect![[r#"
            1:11 `P` Cyclomatic complexity of the method `P` is 4, at most 1 is allowed +1:11 +2:8 +2:15
        "#]],
        );
        limit(1).check(
            "Procedure P()\n\tA = ((B And C));\nEndProcedure",
            expect![[r#"
            1:11 `P` Cyclomatic complexity of the method `P` is 4, at most 1 is allowed +1:11 +2:10
        "#]],
        );
        limit(1).check(
            "Procedure P()\n\tA = (F(B And C));\nEndProcedure",
            expect![[r#"
            1:11 `P` Cyclomatic complexity of the method `P` is 2, at most 1 is allowed +1:11 +2:11
        "#]],
        );
    }

    #[test]
    fn a_plain_method_has_one_path() {
        limit(1).check("Процедура А()\n\tБ = 1;\nКонецПроцедуры\n", expect![[""]]);
        limit(0).check(
            "Процедура А()\nКонецПроцедуры\n",
            expect![[r#"
            1:11 `А` Cyclomatic complexity of the method `А` is 1, at most 0 is allowed +1:11
        "#]],
        );
    }

    #[test]
    fn code_outside_methods_starts_at_zero() {
        limit(0).check(
            "А = 1;\nПроцедура А()\nКонецПроцедуры\n",
            expect![[r#"
            2:11 `А` Cyclomatic complexity of the method `А` is 1, at most 0 is allowed +2:11
        "#]],
        );
        limit(1).check(
            "А = Б И В ИЛИ Г;\n",
            expect![[r#"
            1:1 `А` Cyclomatic complexity of the code outside methods is 2, at most 1 is allowed +1:7 +1:11
        "#]],
        );
        limit(1).bool("checkModuleBody", false).check("А = Б И В ИЛИ Г;\n", expect![[""]]);
    }
}
