//! Words that nobody wants to see in code.

use base::TextRange;
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashSet;

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "BadWords",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    is_on_by_default: false,
    tags: &["design"],
    params: &[
        ParamInfo {
            name: "findInComments",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "искать и в строках без кода", en: "look at lines without code, too"
            },
        },
        ParamInfo {
            name: "badWords",
            default: ParamDefault::String(""),
            meaning: Text {
                ru: "регулярное выражение нежелательных слов",
                en: "regular expression of the unwanted words",
            },
        },
    ],
    messages: &[Text { ru: "Нежелательное слово `{0}`", en: "The unwanted word `{0}`" }],
    docs: docs!("bad_words"),
    create: |params: &Params<'_>| {
        let words = params.string("badWords");
        let pattern = RegexBuilder::new(&words).case_insensitive(true).build().ok();
        Box::new(BadWords {
            words: pattern.filter(|_| !words.trim().is_empty()),
            finds_in_comments: params.bool("findInComments"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct BadWords {
    words: Option<Regex>,
    finds_in_comments: bool,
}

impl Rule for BadWords {
    fn section(&self, ctx: &mut Context<'_>) {
        let Some(words) = &self.words else { return };
        let (text, tree) = (ctx.source.text, ctx.source.tree);
        let code = tree.tokens().iter().filter(|token| !token.kind.is_trivia());
        let lines_of_code: FxHashSet<u32> = code.map(|token| token.line).collect();
        let starts = tree.line_starts();
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied();
            let is_code = lines_of_code.contains(&(index as u32));
            // What ends the module stands on its last line.
            if !self.finds_in_comments && !is_code && end.is_some() {
                continue;
            }
            let line = TextRange { start: *start, end: end.unwrap_or(text.len() as u32) };
            let line = line.slice(text).trim_end_matches(['\n', '\r']);
            for found in words.find_iter(line).filter(|found| !found.is_empty()) {
                ctx.report(TextRange::from(found.range()).shifted(*start)).arg(found.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "// Костыль\nА = \"костыль\"; // костыль\n\nКостыльный(Хак); // КоСтЫлЬ хаки\n// хак";

    #[test]
    fn words_anywhere() {
        rule("BadWords").string("badWords", r"костыль\b|хак").check(
            TEXT,
            expect![[r#"
            1:4 `Костыль` The unwanted word `Костыль`
            2:6 `костыль` The unwanted word `костыль`
            2:19 `костыль` The unwanted word `костыль`
            4:12 `Хак` The unwanted word `Хак`
            4:21 `КоСтЫлЬ` The unwanted word `КоСтЫлЬ`
            4:29 `хак` The unwanted word `хак`
            5:4 `хак` The unwanted word `хак`
        "#]],
        );
        rule("BadWords").string("badWords", "хак").bool("findInComments", false).check(
            TEXT,
            expect![[r#"
            4:12 `Хак` The unwanted word `Хак`
            4:29 `хак` The unwanted word `хак`
            5:4 `хак` The unwanted word `хак`
        "#]],
        );
        rule("BadWords").string("badWords", " ").check(TEXT, expect![[""]]);
        rule("BadWords").check(TEXT, expect![[""]]);
    }
}
