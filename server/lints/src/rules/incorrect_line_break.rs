//! Lines broken in the wrong place of an expression.

use base::{Edit, TextRange};
use regex::{Regex, RegexBuilder};
use syntax::{Source, TokenKind};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IncorrectLineBreak",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 2,
    tags: &["standard", "badpractice"],
    params: &[
        ParamInfo {
            name: "checkFirstSymbol",
            default: ParamDefault::Bool(true),
            meaning: Text { ru: "проверять начала строк", en: "check where lines start" },
        },
        ParamInfo {
            name: "checkLastSymbol",
            default: ParamDefault::Bool(true),
            meaning: Text { ru: "проверять концы строк", en: "check where lines end" },
        },
        ParamInfo {
            name: "listOfIncorrectFirstSymbol",
            default: ParamDefault::String(r"\)|;|,\s*\S+|\);"),
            meaning: Text {
                ru: "с чего строка не должна начинаться: регулярные выражения через `|`",
                en: "what a line must not start with: regular expressions separated by `|`",
            },
        },
        ParamInfo {
            name: "listOfIncorrectLastSymbol",
            default: ParamDefault::String(r"ИЛИ|И|OR|AND|\+|-|/|%|\*"),
            meaning: Text {
                ru: "чем строка не должна заканчиваться: регулярные выражения через `|`",
                en: "what a line must not end with: regular expressions separated by `|`",
            },
        },
    ],
    fix: FixSafety::Safe,
    messages: &[
        Text { ru: "Строка начинается с `{0}`", en: "The line starts with `{0}`" },
        Text { ru: "Строка заканчивается на `{0}`", en: "The line ends with `{0}`" },
    ],
    docs: docs!("incorrect_line_break"),
    create: IncorrectLineBreak::create,
    ..RuleInfo::DEFAULT
};

struct IncorrectLineBreak {
    first: Option<Regex>,
    last: Option<Regex>,
}

impl IncorrectLineBreak {
    fn create(params: &Params<'_>) -> Box<dyn Rule> {
        let is_checked = |flag: &str, list: &str| params.bool(flag) && !params.string(list).is_empty();
        let compile = |pattern: String| RegexBuilder::new(&pattern).case_insensitive(true).build().ok();
        let (first, last) = ("listOfIncorrectFirstSymbol", "listOfIncorrectLastSymbol");
        Box::new(Self {
            first: is_checked("checkFirstSymbol", first)
                .then(|| compile(format!(r"^\s*(?<break>:?(?:{}))", params.string(first))))
                .flatten(),
            last: is_checked("checkLastSymbol", last)
                .then(|| compile(format!(r"\s(?<break>:?(?:{}))\s*(?://.*)?$", params.string(last))))
                .flatten(),
        })
    }
}

impl Rule for IncorrectLineBreak {
    fn needs_queries(&self) -> bool {
        true
    }

    fn section(&self, ctx: &mut Context<'_>) {
        let lines = Lines::new(ctx);
        for (index, line) in lines.iter() {
            for (message, pattern) in [(0, &self.first), (1, &self.last)] {
                let Some(found) =
                    pattern.as_ref().and_then(|pattern| find(pattern, line.slice(lines.source.text)))
                else {
                    continue;
                };
                if is_in_string(line.slice(lines.source.text), found)
                    || lines.is_in_comment(index, line.start + found.end)
                    || lines.is_above_query(index)
                {
                    continue;
                }
                let range = found.shifted(line.start);
                let fix = if message == 1 { lines.moved_to_next(index, line, range) } else { None };
                let sign = range.slice(lines.source.text);
                ctx.report(range).message(message).arg(sign).fix(fix.unwrap_or_default());
            }
        }
    }
}

/// Where the break is, relative to the line.
fn find(pattern: &Regex, line: &str) -> Option<TextRange> {
    if !pattern.is_match(line) {
        return None;
    }
    Some(pattern.captures(line)?.name("break")?.range().into())
}

/// Pieces between quotes, and what follows the bar of a literal, do not count.
fn is_in_string(line: &str, found: TextRange) -> bool {
    let mut at = 0;
    while let Some(start) = line[at..].find(['"', '|']).map(|start| at + start) {
        let end = line[start + 1..].find('"').map_or(line.len(), |end| start + end + 2);
        if TextRange::from(start..end).contains(found) {
            return true;
        }
        at = end;
    }
    false
}

/// Lines of a section, with what is known about some of them in order.
struct Lines<'a> {
    source: Source<'a>,
    /// Numbers of the lines and starts of the comments on them.
    comments: Vec<(u32, u32)>,
    /// First lines of queries.
    queries: Vec<u32>,
}

impl<'a> Lines<'a> {
    fn new(ctx: &Context<'a>) -> Self {
        let tree = ctx.source.tree;
        let comments = tree.tokens().iter().filter(|token| token.kind == TokenKind::Comment);
        let queries = ctx.queries.iter().filter(|query| query.is_text);
        Self {
            source: ctx.source,
            comments: comments.map(|token| (token.line, token.start)).collect(),
            queries: queries.map(|query| tree.line_of(query.literal.range.start)).collect(),
        }
    }

    /// Number and place of each line, without its end.
    fn iter(&self) -> impl Iterator<Item = (u32, TextRange)> + use<'a> {
        let text = self.source.text;
        let starts = self.source.tree.line_starts();
        starts.iter().enumerate().map(move |(index, start)| {
            let end = starts.get(index + 1).map_or(text.len() as u32, |next| *next);
            let line = TextRange { start: *start, end }.slice(text).trim_end_matches(['\n', '\r']);
            (index as u32, TextRange { start: *start, end: *start + line.len() as u32 })
        })
    }

    /// The operator starts the next line, if that goes on with the expression.
    fn moved_to_next(&self, index: u32, line: TextRange, operator: TextRange) -> Option<Vec<Edit>> {
        let text = self.source.text;
        let token = self.source.tree.tokens().get(self.source.tree.token_at_or_after(operator.start))?;
        let before = TextRange { start: line.start, end: operator.start }.slice(text);
        let kept = before.trim_end();
        let next = *self.source.tree.line_starts().get(index as usize + 1)?;
        let rest = &text[next as usize..];
        let code = rest.trim_start_matches([' ', '\t']);
        let is_code =
            !code.is_empty() && !code.starts_with(['\r', '\n', '|', '#']) && !code.starts_with("//");
        if token.range() != operator || kept.is_empty() || kept.trim_start().starts_with('#') || !is_code {
            return None;
        }
        let behind = TextRange { start: operator.end, end: line.end };
        let end = if behind.slice(text).trim().is_empty() { line.end } else { operator.end };
        let gap = TextRange { start: line.start + kept.len() as u32, end };
        let start = next + (rest.len() - code.len()) as u32;
        Some(vec![Edit::delete(gap), Edit::insert(start, format!("{} ", operator.slice(text)))])
    }

    /// The end lies at or behind the start of a comment.
    fn is_in_comment(&self, line: u32, end: u32) -> bool {
        let comment = self.comments.binary_search_by_key(&line, |(line, _)| *line);
        comment.is_ok_and(|index| self.comments[index].1 <= end)
    }

    fn is_above_query(&self, line: u32) -> bool {
        self.queries.binary_search(&(line + 1)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_moves_operators() {
        rule("IncorrectLineBreak").check_fix(
            "Если А И // да\n\t\tБ ИЛИ \n\t\tВ Тогда\nКонецЕсли;\nТ = \"а\" +\n\t\"б\" +\n\n\t\"в\";\nС = А *\n\t// нет\n\tБ;\n",
            expect![[r#"
                Если А // да
                		И Б
                		ИЛИ В Тогда
                КонецЕсли;
                Т = "а"
                	+ "б" +

                	"в";
                С = А *
                	// нет
                	Б;
            "#]],
        );
    }

    #[test]
    fn breaks_in_the_wrong_place() {
        rule("IncorrectLineBreak").check(
            "\
А = Б +
	В и // почему
	Г -
	// Д +
	Е + \"а +
	| + \" + Ж
	, 1
;
Ф(А
	,Б, В
);
К = \"//\" /
	Л+
	* М;
Запрос.Текст = Текст +
	\"ВЫБРАТЬ А КАК А ИЗ Т
	|	И
	|)\";
",
            expect![[r#"
                1:7 `+` The line ends with `+`
                2:4 `и` The line ends with `и`
                3:4 `-` The line ends with `-`
                7:2 `, 1` The line starts with `, 1`
                8:1 `;` The line starts with `;`
                10:2 `,Б,` The line starts with `,Б,`
                11:1 `)` The line starts with `)`
                12:10 `/` The line ends with `/`
            "#]],
        );
    }

    #[test]
    fn parameters() {
        rule("IncorrectLineBreak")
            .string("listOfIncorrectFirstSymbol", "и|или")
            .bool("checkLastSymbol", false)
            .check(
                "А = Б +\n	ИЛИ В\n	, Г;\n",
                expect![[r#"
                2:2 `И` The line starts with `И`
            "#]],
            );
        rule("IncorrectLineBreak")
            .string("listOfIncorrectLastSymbol", "(")
            .bool("checkFirstSymbol", false)
            .check("А = Б +\n	В\n	, Г;\n", expect![[""]]);
    }
}
