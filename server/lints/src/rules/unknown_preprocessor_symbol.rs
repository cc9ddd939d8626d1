//! Conditions of instructions that no environment can meet.

use base::Edit;
use syntax::{DirectiveWord, DirectiveWordKind, TokenKind, directive_words};

use crate::context::Context;
use crate::environments::{environments, is_environment};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::spelling::nearest;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnknownPreprocessorSymbol",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    tags: &["standard", "error"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Неизвестный символ препроцессора `{0}`",
        en: "Unknown preprocessor symbol `{0}`",
    }],
    docs: docs!("unknown_preprocessor_symbol"),
    create: |_| Box::new(UnknownPreprocessorSymbol),
    ..RuleInfo::DEFAULT
};

const KEYWORDS: &[TokenKind] = &[TokenKind::Then, TokenKind::And, TokenKind::Or, TokenKind::Not];

struct UnknownPreprocessorSymbol;

impl Rule for UnknownPreprocessorSymbol {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        for directive in &ctx.facts.directives {
            if !matches!(directive.kind, TokenKind::DirectiveIf | TokenKind::DirectiveElsif) {
                continue;
            }
            for word in directive_words(source.text, directive.range) {
                if is_symbol(word) && !is_environment(word.text) {
                    let meant = nearest(word.text, environments());
                    let fix = meant.map(|name| Edit::replace(word.range, name));
                    ctx.report(word.range).arg(word.text).fix(fix);
                }
            }
        }
    }
}

fn is_symbol(word: DirectiveWord<'_>) -> bool {
    let mut keywords = KEYWORDS.iter().flat_map(|kind| kind.canonical_spellings());
    word.kind == DirectiveWordKind::Word && !keywords.any(|keyword| base::same_name(keyword, word.text))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_writes_what_was_meant() {
        rule("UnknownPreprocessorSymbol").check_fix(
            "#Если Сервре Или ТонкийКлент Или Foo Тогда\n#КонецЕсли\n",
            expect![[r#"
                #Если Сервер Или ТонкийКлиент Или Foo Тогда
                #КонецЕсли
            "#]],
        );
    }

    #[test]
    fn symbols_of_conditions() {
        rule("UnknownPreprocessorSymbol").check(
            "#Если Сервер Или (НЕ Клент) И МобильныйАвтономныйСервер Тогда\n#ИначеЕсли ThinClient Or macos Then\n#ElsIf Web Then\n\
             #КонецЕсли\n#Область Клент\n#КонецОбласти\n#Если\n",
            expect![[r#"
                1:22 `Клент` Unknown preprocessor symbol `Клент`
                3:8 `Web` Unknown preprocessor symbol `Web`
            "#]],
        );
    }
}
