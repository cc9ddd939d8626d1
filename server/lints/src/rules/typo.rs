//! Misspelled words in names and in texts.

use std::ops::Range;

use rustc_hash::FxHashSet;
use syntax::{NodeId, NodeKind, Role, Token, TokenKind};

use crate::context::Context;
use crate::misspellings::corrected;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "Typo",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["badpractice"],
    params: &[
        ParamInfo {
            name: "userWordsToIgnore",
            default: ParamDefault::String(""),
            meaning: Text {
                ru: "через запятую: слова, которые написаны верно",
                en: "words that are spelled correctly, separated by commas",
            },
        },
        ParamInfo {
            name: "minWordLength",
            default: ParamDefault::Integer(MIN_LETTERS as i64),
            meaning: Text {
                ru: "сколько букв в слове, не меньше",
                en: "how many letters a word has at least",
            },
        },
        ParamInfo {
            name: "caseInsensitive",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "слова из `userWordsToIgnore` верны и со строчной, и с прописной буквы",
                en: "words of `userWordsToIgnore` are correct with a small and with a capital letter",
            },
        },
    ],
    messages: &[Text {
        ru: "Опечатка в слове `{0}`, верно: `{1}`",
        en: "The word `{0}` is misspelled: `{1}`",
    }],
    docs: docs!("typo"),
    create: |params: &Params<'_>| Box::new(Typo::new(params)),
    ..RuleInfo::DEFAULT
};

const MIN_LETTERS: usize = 3;

/// Parts of format strings are no words.
const FORMAT_KEYS: &[&str] = &[
    "ЧЦ=", "ЧДЦ=", "ЧС=", "ЧРД=", "ЧРГ=", "ЧН=", "ЧВН=", "ЧГ=", "ЧО=", "ЧФ=", "ДФ=", "ДЛФ=", "ДП=", "БЛ=",
    "БИ=", "Л=", "ND=", "NFD=", "NS=", "NDS=", "NGS=", "NZ=", "NLZ=", "NG=", "NN=", "NF=", "DF=", "DLF=",
    "DE=", "BF=", "BT=", "L=",
];

struct Typo {
    known: FxHashSet<String>,
    min_letters: usize,
}

impl Typo {
    fn new(params: &Params<'_>) -> Self {
        let min_letters =
            usize::try_from(params.integer("minWordLength")).unwrap_or_default().max(MIN_LETTERS);
        let mut known = FxHashSet::default();
        for word in params.list("userWordsToIgnore") {
            if params.bool("caseInsensitive") {
                let small = word.to_lowercase();
                let mut letters = small.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                known.insert(first.chain(letters).collect());
                known.insert(small);
            }
            known.insert(word.to_string());
        }
        Self { known, min_letters }
    }

    fn check(&self, ctx: &mut Context<'_>, token: &Token) {
        let text = ctx.source.token_text(token);
        let mut reported: Vec<&str> = Vec::new();
        for word in words(text).map(|range| &text[range]) {
            let Some(right) = corrected(word) else { continue };
            let is_short = word.chars().count() < self.min_letters;
            if is_short || reported.contains(&word) || self.known.contains(word) {
                continue;
            }
            if token.kind == TokenKind::String && FORMAT_KEYS.iter().any(|key| text.contains(key)) {
                return;
            }
            reported.push(word);
            ctx.report_token(token).arg(word).arg(&right);
        }
    }

    fn check_name(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let tokens = tree.tokens().get(tree.token_span(node)).unwrap_or_default();
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Identifier) {
            self.check(ctx, token);
        }
    }
}

impl Rule for Typo {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function, NodeKind::Variable, NodeKind::Assignment]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let role = if tree.kind(node) == NodeKind::Assignment { Role::Left } else { Role::Name };
        if let Some(name) = tree.child(node, role) {
            self.check_name(ctx, name);
        }
    }

    fn section(&self, ctx: &mut Context<'_>) {
        for token in ctx.source.tree.tokens().iter().filter(|token| token.kind == TokenKind::String) {
            self.check(ctx, token);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Small,
    Capital,
    Other,
}

impl Letter {
    /// Words of other alphabets are not in the list.
    fn of(character: char) -> Self {
        match character {
            'а'..='я' | 'ё' | 'a'..='z' => Self::Small,
            'А'..='Я' | 'Ё' | 'A'..='Z' => Self::Capital,
            _ => Self::Other,
        }
    }
}

/// The words that a name or a text is made of: they end at capital letters and between alphabets.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = letters.find(|(_, letter)| Letter::of(*letter) != Letter::Other)?;
        let (mut end, mut last) = (start + first.len_utf8(), first);
        while let Some((at, letter)) = letters.peek().copied().filter(|(_, letter)| continues(last, *letter))
        {
            let after = at + letter.len_utf8();
            // `ВОбщем`: the last capital letter begins the next word.
            let begins_word = Letter::of(letter) == Letter::Capital
                && text[after..].chars().next().is_some_and(|next| Letter::of(next) == Letter::Small);
            if begins_word {
                break;
            }
            letters.next();
            (end, last) = (after, letter);
        }
        Some(start..end)
    })
}

fn continues(last: char, next: char) -> bool {
    let in_case = match Letter::of(next) {
        Letter::Small => true,
        Letter::Capital => Letter::of(last) == Letter::Capital,
        Letter::Other => false,
    };
    in_case && last.is_ascii() == next.is_ascii()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_and_one_line_texts() {
        rule("Typo").check(
            "Перем НомерПроцесора;\nПроцедура ПроверитьСоотвествие(Парамер)\n\tТаблица.Количесвто[Объект.Обьект] = 1;\n\
             \tА = \"Ошбика: ошбика и Ошбика\" + Парамер;\n\tСообщить(\"Ошбика\n\t|ошбика\");\n\tВызватьПоцедуру();\nКонецПроцедуры\n\
             Function GetLenght()\nEndFunction\n",
            expect![[r#"
                1:7 `НомерПроцесора` The word `Процесора` is misspelled: `Процессора`
                2:11 `ПроверитьСоотвествие` The word `Соотвествие` is misspelled: `Соответствие`
                3:10 `Количесвто` The word `Количесвто` is misspelled: `Количество`
                3:28 `Обьект` The word `Обьект` is misspelled: `Объект`
                4:6 `"Ошбика: ошбика и Ошбика"` The word `Ошбика` is misspelled: `Ошибка`
                4:6 `"Ошбика: ошбика и Ошбика"` The word `ошбика` is misspelled: `ошибка`
                9:10 `GetLenght` The word `Lenght` is misspelled: `Length`
            "#]],
        );
    }

    #[test]
    fn known_words_and_formats() {
        let text = "Количесвто = 1; количесвто = 2; А = \"Обьект ЧГ=0\"; Fucntion = 3;\n";
        rule("Typo").string("userWordsToIgnore", "Количесвто, Fucntion").check(
            text,
            expect![[r#"
                1:17 `количесвто` The word `количесвто` is misspelled: `количество`
            "#]],
        );
        rule("Typo").string("userWordsToIgnore", "КОЛИЧЕСВТО").bool("caseInsensitive", true).check(
            text,
            expect![[r#"
                1:52 `Fucntion` The word `Fucntion` is misspelled: `Function`
            "#]],
        );
        rule("Typo").integer("minWordLength", 9).check(
            text,
            expect![[r#"
                1:1 `Количесвто` The word `Количесвто` is misspelled: `Количество`
                1:17 `количесвто` The word `количесвто` is misspelled: `количество`
            "#]],
        );
    }

    #[test]
    fn words_of_a_name() {
        let words = |text: &'static str| super::words(text).map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(words("НомерXMLФайла2_части"), ["Номер", "XML", "Файла", "части"]);
        assert_eq!(words("КОЛИЧЕСТВО, шт."), ["КОЛИЧЕСТВО", "шт"]);
        assert_eq!(words("ТекстВОбщемВидеБезНДСИтог"), ["Текст", "В", "Общем", "Виде", "Без", "НДС", "Итог"]);
    }
}
