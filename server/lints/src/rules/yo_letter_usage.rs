//! Names with the letter `ё`.

use syntax::TokenKind;

use crate::context::Context;
use crate::renaming::renamed;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "YoLetterUsage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 5,
    tags: &["standard"],
    fix: FixSafety::Unsafe,
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
        for (index, token) in source.tree.tokens().iter().enumerate() {
            let is_name = token.kind == TokenKind::Identifier && !after_ampersand;
            after_ampersand = token.kind == TokenKind::Ampersand;
            if is_name && has_yo(source.token_text(token)) {
                let name = source.token_text(token);
                let new_name = name.replace('ё', "е").replace('Ё', "Е");
                let fix = renamed(source, source.tree.node_of_token(index), &new_name).unwrap_or_default();
                ctx.report_token(token).arg(name).fix(fix);
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
    fn the_fix_renames_what_a_method_declares() {
        rule("YoLetterUsage").check_fix(
            "Процедура А(Счёт, Знач Объём)\n\tПерем Ёлка;\n\tёлка = СЧЁТ.Счёт + Счёт(Счёт);\n\tОбъем = Объём;\n\tЁж = 1;\nКонецПроцедуры\n\
             Процедура Б(Ёж)\n\tВыполнить(\"Ёж = 1\");\nКонецПроцедуры\n",
            expect![[r#"
                Процедура А(Счет, Знач Объём)
                	Перем Елка;
                	Елка = Счет.Счёт + Счёт(Счет);
                	Объем = Объём;
                	Ёж = 1;
                КонецПроцедуры
                Процедура Б(Ёж)
                	Выполнить("Ёж = 1");
                КонецПроцедуры
            "#]],
        );
    }

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
