//! Marks of unfinished work in comments.

use regex::{Regex, RegexBuilder};
use syntax::TokenKind;

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingServiceTag",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 0,
    tags: &["badpractice"],
    params: &[ParamInfo {
        name: "serviceTags",
        default: ParamDefault::String(
            "todo|fixme|!!|mrg|@|отладка|debug|для\\s*отладки|(\\{\\{|\\}\\})КОНСТРУКТОР_|(\\{\\{|\\}\\})MRG|Вставить\\s*содержимое\\s*обработчика|Paste\\s*handler\\s*content|Insert\\s*handler\\s*code|Insert\\s*handler\\s*content|Insert\\s*handler\\s*contents",
        ),
        meaning: Text {
            ru: "регулярные выражения тегов через `|`",
            en: "regular expressions of the tags, separated by `|`",
        },
    }],
    messages: &[Text { ru: "Служебный тег `{0}`", en: "Service tag `{0}`" }],
    docs: docs!("using_service_tag"),
    create: UsingServiceTag::create,
    ..RuleInfo::DEFAULT
};

struct UsingServiceTag {
    /// `None` if not even the default can be read.
    tag: Option<Regex>,
}

impl UsingServiceTag {
    /// A pattern that is no regular expression gives way to the default.
    fn create(params: &Params<'_>) -> Box<dyn Rule> {
        let own = compile(&params.string("serviceTags"));
        let tag = own.or_else(|| match RULE.params.first().map(|param| param.default) {
            Some(ParamDefault::String(default)) => compile(default),
            _ => None,
        });
        Box::new(Self { tag })
    }
}

/// Blanks inside the tags do not count; a line break ends what `#` turns into a comment.
fn compile(tags: &str) -> Option<Regex> {
    let pattern = format!("//\\s*(?<tag>{tags}\n)");
    RegexBuilder::new(&pattern).case_insensitive(true).ignore_whitespace(true).build().ok()
}

impl Rule for UsingServiceTag {
    fn section(&self, ctx: &mut Context<'_>) {
        let Some(tag) = &self.tag else { return };
        let source = ctx.source;
        for token in source.tree.tokens().iter().filter(|token| token.kind == TokenKind::Comment) {
            let comment = source.token_text(token);
            // Slashes and a tag: shorter comments have no place for both.
            if comment.len() > 2
                && let Some(found) = tag.captures(comment).and_then(|captures| captures.name("tag"))
            {
                ctx.report_token(token).arg(found.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "// TODO: доделать\n//fixMe\nА = 1; // а //todo\n// ОТЛАДКА\n// для   отладки\n//}}MRG[ <-> ]\n\
                        // Вставить содержимое обработчика.\n// !!! важно\n//@mark\n// это todo\n// обычный\n//{{конструктор_запроса\n//\n";

    #[test]
    fn tags_follow_the_slashes() {
        rule("UsingServiceTag").check(
            TEXT,
            expect![[r#"
            1:1 `// TODO: доделать` Service tag `TODO`
            2:1 `//fixMe` Service tag `fixMe`
            3:8 `// а //todo` Service tag `todo`
            4:1 `// ОТЛАДКА` Service tag `ОТЛАДКА`
            5:1 `// для   отладки` Service tag `для   отладки`
            6:1 `//}}MRG[ <-> ]` Service tag `}}MRG`
            7:1 `// Вставить содержимое обработчика.` Service tag `Вставить содержимое обработчика`
            8:1 `// !!! важно` Service tag `!!`
            9:1 `//@mark` Service tag `@`
            12:1 `//{{конструктор_запроса` Service tag `{{конструктор_`
        "#]],
        );
    }

    #[test]
    fn parameters() {
        rule("UsingServiceTag").string("serviceTags", "обыч \\w+ | это # слова").check(
            TEXT,
            expect![[r#"
                10:1 `// это todo` Service tag `это`
                11:1 `// обычный` Service tag `обычный`
            "#]],
        );
        rule("UsingServiceTag").string("serviceTags", "(").check(
            "// todo\n",
            expect![[r#"
            1:1 `// todo` Service tag `todo`
        "#]],
        );
    }
}
