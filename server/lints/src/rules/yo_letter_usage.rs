//! Names with the letter `ё`.

use syntax::TokenKind;

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "YoLetterUsage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 5,
    tags: &["standard"],
    messages: &[Text { ru: "Буква `ё` в имени `{0}`", en: "The letter `ё` in the name `{0}`" }],
    docs: docs!("yo_letter_usage"),
    create: |_| Box::new(YoLetterUsage),
    ..RuleInfo::DEFAULT
};

struct YoLetterUsage;

impl Rule for YoLetterUsage {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut after_ampersand = false;
        for token in source.tree.tokens() {
            let is_name = token.kind == TokenKind::Identifier && !after_ampersand;
            after_ampersand = token.kind == TokenKind::Ampersand;
            if is_name && has_yo(source.token_text(token)) {
                ctx.report_token(token).arg(source.token_text(token));
            }
        }
    }
}

/// Looks for the two bytes of `ё` and `Ё`.
fn has_yo(name: &str) -> bool {
    name.as_bytes().windows(2).any(|pair| pair == [0xd1, 0x91] || pair == [0xd0, 0x81])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_of_all_sorts() {
        rule("YoLetterUsage").check(
            "#Область Ёлки\n&ВсёПеред(\"ё\")\nПроцедура Учёт(Счёт)\n\tЗаём.Приём(Новый Отчёт(\"ё\"), Всё.Ёмкость);\n\t~Ещё: ; // ещё\nКонецПроцедуры\n\
             X = Subject.Бсё;\nБС = ёс;\n",
            expect![[r#"
                3:11 `Учёт` The letter `ё` in the name `Учёт`
                3:16 `Счёт` The letter `ё` in the name `Счёт`
                4:2 `Заём` The letter `ё` in the name `Заём`
                4:7 `Приём` The letter `ё` in the name `Приём`
                4:19 `Отчёт` The letter `ё` in the name `Отчёт`
                4:31 `Всё` The letter `ё` in the name `Всё`
                4:35 `Ёмкость` The letter `ё` in the name `Ёмкость`
                5:3 `Ещё` The letter `ё` in the name `Ещё`
                7:13 `Бсё` The letter `ё` in the name `Бсё`
                8:6 `ёс` The letter `ё` in the name `ёс`
            "#]],
        );
    }
}
