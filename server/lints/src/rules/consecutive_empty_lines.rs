//! Empty lines in a row.

use std::ops::Range;

use base::{Edit, TextRange};
use syntax::TokenKind;

use crate::context::{Context, ModuleContext, Report};
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ConsecutiveEmptyLines",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["badpractice"],
    params: &[ParamInfo {
        name: "allowedEmptyLinesCount",
        default: ParamDefault::Integer(1),
        meaning: Text {
            ru: "сколько пустых строк подряд допустимо",
            en: "how many empty lines in a row are fine",
        },
    }],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Подряд идущие пустые строки: {0}, допустимо {1}",
        en: "Empty lines in a row: {0}, allowed: {1}",
    }],
    docs: docs!("consecutive_empty_lines"),
    create: |params: &Params<'_>| {
        Box::new(ConsecutiveEmptyLines { allowed: params.integer("allowedEmptyLinesCount").max(0) as usize })
    },
    ..RuleInfo::DEFAULT
};

struct ConsecutiveEmptyLines {
    allowed: usize,
}

impl Rule for ConsecutiveEmptyLines {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let starts = source.tree.line_starts();
        let mut next_line = 0;
        for token in source.tree.tokens() {
            let line = token.line as usize;
            if line > next_line + self.allowed {
                for gap in self.gaps(source.text, starts, next_line..line) {
                    gap.report(ctx.report(gap.range), self.allowed);
                }
            }
            // Only a deleted block spans lines.
            let last_line = match token.kind {
                TokenKind::DirectiveDelete => source.tree.line_of(token.end) as usize,
                _ => line,
            };
            next_line = next_line.max(last_line + 1);
        }
        // A text without tokens is a whole file or what follows the last method; `module` can tell.
        if next_line > 0 && starts.len() > next_line + self.allowed {
            for gap in self.gaps(source.text, starts, next_line..starts.len()) {
                gap.report(ctx.report(gap.range), self.allowed);
            }
        }
    }

    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let [.., _, (offset, last)] = ctx.facts.sections[..] else { return };
        if last.first_token.is_some() {
            return;
        }
        let text = (ctx.facts.text)(TextRange { start: offset, end: offset + last.length });
        let breaks = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let starts: Vec<u32> = std::iter::once(0).chain(breaks).collect();
        for mut gap in self.gaps(&text, &starts, 0..starts.len()) {
            gap.range = gap.range.shifted(offset);
            gap.edit.range = gap.edit.range.shifted(offset);
            gap.report(ctx.report(gap.range), self.allowed);
        }
    }
}

/// Too many empty lines in a row.
struct Gap {
    /// From the first to the last of them.
    range: TextRange,
    count: usize,
    edit: Edit,
}

impl Gap {
    fn report(&self, report: Report<'_>, allowed: usize) {
        report.arg(self.count).arg(allowed).fix([self.edit.clone()]);
    }
}

impl ConsecutiveEmptyLines {
    /// Gaps among lines without tokens; characters that are no blanks have none either.
    fn gaps(&self, text: &str, starts: &[u32], lines: Range<usize>) -> Vec<Gap> {
        let text_end = text.len() as u32;
        let start_of = |line: usize| starts.get(line).copied().unwrap_or(text_end);
        let mut gaps = Vec::new();
        let mut first = lines.start;
        for line in lines.start..=lines.end {
            let content = TextRange { start: start_of(line), end: start_of(line + 1) };
            if line < lines.end && content.slice(text).bytes().all(is_blank) {
                continue;
            }
            let count = line - first;
            // The line behind the last line break is no empty line by itself.
            let is_final_break = line == starts.len() && count == 1;
            if count > self.allowed && !is_final_break {
                let whole = TextRange { start: start_of(first), end: start_of(line) };
                let kept =
                    if line == starts.len() { "" } else { self.kept(syntax::line_break(whole.slice(text))) };
                let range = TextRange { start: whole.start, end: start_of(line - 1) };
                gaps.push(Gap { range, count, edit: Edit::replace(whole, kept) });
            }
            first = line + 1;
        }
        gaps
    }

    /// One empty line stays if any may.
    fn kept(&self, line_break: &'static str) -> &'static str {
        if self.allowed == 0 { "" } else { line_break }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn between_tokens_and_at_both_ends() {
        rule("ConsecutiveEmptyLines").check(
            "\n\nА = 1;\n\nБ = \"начало\n\n\n|конец\";\n \t\n\n\n// x\n\u{a0}\n\nВ();\n\n",
            expect![[r#"
                1:1 `⏎` Empty lines in a row: 2, allowed: 1
                6:1 `⏎` Empty lines in a row: 2, allowed: 1
                9:1 ` 	⏎⏎` Empty lines in a row: 3, allowed: 1
                16:1 `⏎` Empty lines in a row: 2, allowed: 1
            "#]],
        );
    }

    #[test]
    fn one_line_is_fine() {
        let test = rule("ConsecutiveEmptyLines");
        test.check("\nА();\n\n#Удаление\n\n\n#КонецУдаления\n\nБ();\n", expect![[""]]);
        test.check("\n\n\n\n", expect![[""]]);
        test.check("Процедура А()\nКонецПроцедуры\n\nПроцедура Б()\nКонецПроцедуры\n", expect![[""]]);
    }

    #[test]
    fn between_and_behind_methods() {
        rule("ConsecutiveEmptyLines").check(
            "Процедура А()\nКонецПроцедуры\n\n\n\nПроцедура Б()\nКонецПроцедуры\n\n\n",
            expect![[r#"
                3:1 `⏎⏎` Empty lines in a row: 3, allowed: 1
                8:1 `⏎⏎` Empty lines in a row: 3, allowed: 1
            "#]],
        );
    }

    #[test]
    fn parameters() {
        let text = "А();\n\n\nБ();\n\nВ();\n";
        rule("ConsecutiveEmptyLines").integer("allowedEmptyLinesCount", 2).check(text, expect![[""]]);
        let none = rule("ConsecutiveEmptyLines").integer("allowedEmptyLinesCount", 0);
        none.check(
            text,
            expect![[r#"
            2:1 `⏎` Empty lines in a row: 2, allowed: 0
            5:1 `` Empty lines in a row: 1, allowed: 0
        "#]],
        );
        none.check_fix(
            text,
            expect![[r#"
            А();
            Б();
            В();
        "#]],
        );
    }

    #[test]
    fn the_fix_leaves_one_line() {
        rule("ConsecutiveEmptyLines").check_fix(
            "\r\n\r\nА();\r\n\t\r\n\r\n\tБ();\r\nПроцедура П()\r\nКонецПроцедуры\r\n\r\n\r\n",
            expect![[r#"
                ␍
                А();␍
                ␍
                	Б();␍
                Процедура П()␍
                КонецПроцедуры␍
            "#]],
        );
    }
}
