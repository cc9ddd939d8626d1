//! A method that is hard to understand, by nesting and branching.

use crate::control_flow::{CHECK_MODULE_BODY, ComplexityRule, Measure, threshold};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CognitiveComplexity",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Critical,
    minutes: 15,
    minutes_per_point: 1,
    tags: &["brainoverload"],
    params: &[threshold(15), CHECK_MODULE_BODY],
    messages: &[
        Text {
            ru: "Когнитивная сложность метода `{0}` равна {1}, допустимо {2}",
            en: "Cognitive complexity of the method `{0}` is {1}, at most {2} is allowed",
        },
        Text {
            ru: "Когнитивная сложность кода вне методов равна {0}, допустимо {1}",
            en: "Cognitive complexity of the code outside methods is {0}, at most {1} is allowed",
        },
    ],
    docs: docs!("cognitive_complexity"),
    create: |params| Box::new(ComplexityRule::new(Measure::Cognitive, params)),
    ..RuleInfo::DEFAULT
};

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{RuleTest, rule};

    fn limit(threshold: i64) -> RuleTest {
        rule("CognitiveComplexity").integer("complexityThreshold", threshold)
    }

    #[test]
    fn nesting_costs_more() {
        limit(0).check(
            "Функция А()\n\tЕсли Б Тогда\n\t\tПока В Цикл\n\t\t\tПопытка\n\t\t\t\tГ = ?(Д, 1, ?(Е, 2, 3));\n\t\t\tИсключение\n\t\t\t\tДля Каждого Ж Из З Цикл\n\t\t\t\tКонецЦикла;\n\
             \t\t\tКонецПопытки;\n\t\tКонецЦикла;\n\tИначеЕсли ?(К, Л, М) Тогда\n\tИначе\n\t\tПерейти ~Н;\n\tКонецЕсли;\nКонецФункции\n",
            expect![[r#"
                1:9 `А` Cognitive complexity of the method `А` is 22, at most 0 is allowed +1:9 +2:2 +3:3 +5:9 +5:17 +6:4 +7:5 +11:2 +11:12 +12:2 +13:3
            "#]],
        );
    }

    #[test]
    fn runs_of_operators() {
        limit(0).check(
            "Procedure P()\n\tA = B And C And D;\nEndProcedure",
            expect![[r#"
            1:11 `P` Cognitive complexity of the method `P` is 1, at most 0 is allowed +1:11 +2:8
        "#]],
        );
        limit(0).check(
            "Procedure P()\n\tA = B And C Or D And E;\nEndProcedure",
            expect![[r#"
            1:11 `P` Cognitive complexity of the method `P` is 3, at most 0 is allowed +1:11 +2:8 +2:14 +2:19
        "#]],
        );
        limit(0).check(
            "Procedure P()\n\tA = B And (C And D) And E;\nEndProcedure",
            expect![[r#"
            1:11 `P` Cognitive complexity of the method `P` is 1, at most 0 is allowed +1:11 +2:8
        "#]],
        );
        limit(0).check(
            "Procedure P()\n\tA = B And Not (C And D) And E;\nEndProcedure",
            expect![[r#"
            1:11 `P` Cognitive complexity of the method `P` is 3, at most 0 is allowed +1:11 +2:8 +2:19 +2:26
        "#]],
        );
        limit(0).check(
            "Procedure P()\n\tA = B And Not (C = D) And E;\nEndProcedure",
            expect![[r#"
            1:11 `P` Cognitive complexity of the method `P` is 1, at most 0 is allowed +1:11 +2:8
        "#]],
        );
        limit(0).check("Procedure P()\n\tA = B And F(C And D, C And D)[1 Or 2] And E;\nEndProcedure", expect![[r#"
            1:11 `P` Cognitive complexity of the method `P` is 4, at most 0 is allowed +1:11 +2:8 +2:16 +2:25 +2:34
        "#]]);
    }

    #[test]
    fn calls_of_the_method_itself() {
        limit(0).check(
            "Функция Факториал(Н)\n\tВозврат Н * факториал(Н - 1) + А.Факториал(1) + Новый Факториал(1) + Факториал;\nКонецФункции\n",
            expect![[r#"
                1:9 `Факториал` Cognitive complexity of the method `Факториал` is 1, at most 0 is allowed +1:9 +2:14
            "#]],
        );
    }

    #[test]
    fn code_outside_methods_is_one_score() {
        let text = "Перем А;\nЕсли А Тогда\nКонецЕсли;\n&НаСервере\nПроцедура Б()\nКонецПроцедуры\nIf A And B Then\nEndIf;\n";
        limit(2).check(text, expect![[r#"
            2:1 `Если` Cognitive complexity of the code outside methods is 3, at most 2 is allowed +2:1 +2:1 +7:1 +7:6
        "#]]);
        limit(3).check(text, expect![[""]]);
        limit(2).bool("checkModuleBody", false).check(text, expect![[""]]);
    }

    #[test]
    fn the_place_of_code_outside_methods() {
        limit(0).check(
            "// А\nА = 1;\nЕсли А Тогда\nКонецЕсли;\n",
            expect![[r#"
            2:1 `А` Cognitive complexity of the code outside methods is 1, at most 0 is allowed +2:1 +3:1
        "#]],
        );
        limit(0).check(
            "// А\n&НаСервере\nПроцедура Б()\nКонецПроцедуры\nЕсли А Тогда\nКонецЕсли;\n",
            expect![[r#"
            2:1 `&` Cognitive complexity of the code outside methods is 1, at most 0 is allowed +2:1 +5:1
        "#]],
        );
    }
}
