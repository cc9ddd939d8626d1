//! Keywords in an unusual case.

use base::{Edit, TextRange};
use syntax::{DirectiveWord, DirectiveWordKind, Token, TokenKind, directive_words};

use crate::context::Context;
use crate::environments::STRICT_ENVIRONMENTS;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CanonicalSpellingKeywords",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["standard"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Ключевое слово `{0}` пишется `{1}`", en: "The keyword `{0}` is spelled `{1}`"
    }],
    docs: docs!("canonical_spelling_keywords"),
    create: |_| Box::new(CanonicalSpellingKeywords),
    ..RuleInfo::DEFAULT
};

/// Spellings of a directive's first word that are no keywords of the language.
const REGION: &[&str] = &["Область", "Region"];
const END_REGION: &[&str] = &["КонецОбласти", "EndRegion"];

const COMPILATION_DIRECTIVES: &[&str] = &[
    "НаКлиенте",
    "AtClient",
    "НаСервере",
    "AtServer",
    "НаСервереБезКонтекста",
    "AtServerNoContext",
    "НаКлиентеНаСервере",
    "AtClientAtServer",
    "НаКлиентеНаСервереБезКонтекста",
    "AtClientAtServerNoContext",
];

/// Keywords of a `#Если` condition.
const CONDITION_KEYWORDS: &[TokenKind] = &[TokenKind::Then, TokenKind::And, TokenKind::Or, TokenKind::Not];

struct CanonicalSpellingKeywords;

impl Rule for CanonicalSpellingKeywords {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let tokens = source.tree.tokens();
        for (index, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Null | TokenKind::Async | TokenKind::Await => {}
                kind if kind.is_keyword() => {
                    check(ctx, token.range(), kind.canonical_spellings());
                }
                TokenKind::Identifier if is_after_ampersand(tokens, index) => {
                    check(ctx, token.range(), COMPILATION_DIRECTIVES);
                }
                kind if kind.is_directive() => check_directive(ctx, *token),
                _ => {}
            }
        }
    }
}

fn is_after_ampersand(tokens: &[Token], index: usize) -> bool {
    let previous = index.checked_sub(1).and_then(|before| tokens.get(before));
    previous.is_some_and(|token| token.kind == TokenKind::Ampersand)
}

fn check_directive(ctx: &mut Context<'_>, token: Token) {
    let (instruction, has_condition) = match token.kind {
        TokenKind::DirectiveRegion => (REGION, false),
        TokenKind::DirectiveEndRegion => (END_REGION, false),
        TokenKind::DirectiveIf => (TokenKind::If.canonical_spellings(), true),
        TokenKind::DirectiveElsif => (TokenKind::Elsif.canonical_spellings(), true),
        TokenKind::DirectiveElse => (TokenKind::Else.canonical_spellings(), false),
        TokenKind::DirectiveEndIf => (TokenKind::EndIf.canonical_spellings(), false),
        _ => return,
    };
    for word in directive_words(ctx.source.text, token.range()) {
        match word.kind {
            DirectiveWordKind::Instruction => check(ctx, word.range, instruction),
            DirectiveWordKind::Word if has_condition => check_condition_word(ctx, word),
            _ => {}
        }
    }
}

fn check_condition_word(ctx: &mut Context<'_>, word: DirectiveWord<'_>) {
    let keywords = CONDITION_KEYWORDS.iter().map(|kind| kind.canonical_spellings());
    let environments = STRICT_ENVIRONMENTS.iter().map(|pair| pair.as_slice());
    let mut lists = keywords.chain(environments);
    let same = lists.find(|list| list.iter().any(|known| base::same_name(known, word.text)));
    if let Some(spellings) = same {
        check(ctx, word.range, spellings);
    }
}

/// Reports a word that equals one of the spellings but for the case.
fn check(ctx: &mut Context<'_>, range: TextRange, spellings: &[&str]) {
    let word = ctx.source.slice(range);
    if spellings.contains(&word) {
        return;
    }
    if let Some(canonical) = preferred_spelling(word, spellings) {
        ctx.report(range).arg(word).arg(canonical).fix([Edit::replace(range, canonical)]);
    }
}

/// Of several spellings in the language of the word: upper case for logical operators, whose other
/// spelling differs from it only by case; otherwise the first.
fn preferred_spelling<'a>(word: &str, spellings: &[&'a str]) -> Option<&'a str> {
    let same = || spellings.iter().copied().filter(|known| base::same_name(known, word));
    same().find(|known| !known.chars().any(char::is_lowercase)).or_else(|| same().next())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn keywords_have_one_spelling_or_two() {
        rule("CanonicalSpellingKeywords").check(
            "ЕСЛИ не А и Не Б ИЛИ или В Тогда\nelsif True THEN\nКонецЕсли;\nДля каждого Х Из У Цикл\nКонеццикла;\n\
             А = null + NULL + ложь;\nFor EACH X In Y Do\nEndDo;\nGoTo ~М;\nObject.if = Object.ЕСЛИ;\nif a and B aNd C Or D Then EndIf;\n",
            expect![[r#"
                1:1 `ЕСЛИ` The keyword `ЕСЛИ` is spelled `Если`
                1:6 `не` The keyword `не` is spelled `НЕ`
                1:11 `и` The keyword `и` is spelled `И`
                1:22 `или` The keyword `или` is spelled `ИЛИ`
                2:1 `elsif` The keyword `elsif` is spelled `ElsIf`
                2:12 `THEN` The keyword `THEN` is spelled `Then`
                5:1 `Конеццикла` The keyword `Конеццикла` is spelled `КонецЦикла`
                6:19 `ложь` The keyword `ложь` is spelled `Ложь`
                7:5 `EACH` The keyword `EACH` is spelled `Each`
                9:1 `GoTo` The keyword `GoTo` is spelled `Goto`
                11:1 `if` The keyword `if` is spelled `If`
                11:6 `and` The keyword `and` is spelled `AND`
                11:12 `aNd` The keyword `aNd` is spelled `AND`
            "#]],
        );
    }

    #[test]
    fn directives() {
        rule("CanonicalSpellingKeywords").check(
            "#область если\n#если не СЕРВЕР или (НаКлиенте) и linux тогда\n#КОНЕЦЕСЛИ\n#endregion\n\
             &насервере\n&вместо(\"А\")\nасинх процедура А(ЗНАЧ Б)\nКонецПроцедуры\n",
            expect![[r#"
                1:2 `область` The keyword `область` is spelled `Область`
                2:2 `если` The keyword `если` is spelled `Если`
                2:7 `не` The keyword `не` is spelled `НЕ`
                2:10 `СЕРВЕР` The keyword `СЕРВЕР` is spelled `Сервер`
                2:17 `или` The keyword `или` is spelled `ИЛИ`
                2:33 `и` The keyword `и` is spelled `И`
                2:41 `тогда` The keyword `тогда` is spelled `Тогда`
                3:2 `КОНЕЦЕСЛИ` The keyword `КОНЕЦЕСЛИ` is spelled `КонецЕсли`
                4:2 `endregion` The keyword `endregion` is spelled `EndRegion`
                5:2 `насервере` The keyword `насервере` is spelled `НаСервере`
                7:7 `процедура` The keyword `процедура` is spelled `Процедура`
                7:19 `ЗНАЧ` The keyword `ЗНАЧ` is spelled `Знач`
            "#]],
        );
    }

    #[test]
    fn the_fix_keeps_the_language() {
        rule("CanonicalSpellingKeywords").check_fix(
            "if not a aNd b oR c then\n\tfor eacH x in y do\r\nenddo;\nelse\n\tX = не И1 и2 и ИлИ нЕ;\nendif;\n#if server And not client then\n#endif",
            expect![[r#"
                If NOT a AND b OR c Then
                	For Each x In y Do␍
                EndDo;
                Else
                	X = НЕ И1 и2 И ИЛИ НЕ;
                EndIf;
                #If Server And NOT Client Then
                #EndIf"#]],
        );
    }
}
