//! Literals that are written again and again.

use std::borrow::Cow;
use std::hash::Hasher;

use base::TextRange;
use rustc_hash::FxHasher;
use syntax::NodeKind;

use crate::context::{Context, ModuleContext, Report};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DuplicateStringLiteral",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["badpractice"],
    params: &[
        ParamInfo {
            name: "minTextLength",
            default: ParamDefault::Integer(5),
            meaning: Text {
                ru: "наименьшая длина литерала вместе с кавычками, не меньше 5",
                en: "shortest literal, quotes included, at least 5",
            },
        },
        ParamInfo {
            name: "allowedNumberCopies",
            default: ParamDefault::Integer(2),
            meaning: Text {
                ru: "сколько одинаковых литералов допустимо",
                en: "how many equal literals are fine",
            },
        },
        ParamInfo {
            name: "caseSensitive",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "различать регистр букв", en: "letters of different case are different"
            },
        },
        ParamInfo {
            name: "analyzeFile",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "считать повторы во всём модуле, а не в каждом методе",
                en: "count in the whole module, not in every method",
            },
        },
    ],
    messages: &[Text {
        ru: "Литерал {0} повторяется, число повторов: {1}",
        en: "The literal {0} is repeated, occurrences: {1}",
    }],
    docs: docs!("duplicate_string_literal"),
    create: |params: &Params<'_>| {
        let allowed = params.integer("allowedNumberCopies");
        Box::new(DuplicateStringLiteral {
            min_length: params.integer("minTextLength").max(MIN_LENGTH) as usize,
            allowed: if allowed < 1 { DEFAULT_ALLOWED } else { allowed as usize },
            is_case_sensitive: params.bool("caseSensitive"),
            whole_module: params.bool("analyzeFile"),
        })
    },
    ..RuleInfo::DEFAULT
};

const MIN_LENGTH: i64 = 5;
const DEFAULT_ALLOWED: usize = 2;

/// Longest literal in a message.
const MAX_EXCERPT: usize = 40;

struct DuplicateStringLiteral {
    min_length: usize,
    allowed: usize,
    is_case_sensitive: bool,
    whole_module: bool,
}

/// A literal and the digest of its text.
#[derive(Clone, Copy)]
struct Literal {
    digest: u64,
    range: TextRange,
}

impl Rule for DuplicateStringLiteral {
    /// Counts in every method, and in the statements before and behind the methods.
    fn section(&self, ctx: &mut Context<'_>) {
        if self.whole_module {
            return;
        }
        let source = ctx.source;
        let mut literals = Vec::new();
        let mut end_of_part = 0;
        let mut part = NodeKind::Module;
        for (id, node) in source.tree.nodes().skip(1) {
            if id.0 >= end_of_part {
                end_of_part = source.tree.subtree_end(id).0;
                if node.kind.is_method() || part.is_method() {
                    self.report_in_section(ctx, &mut literals);
                }
                part = node.kind;
            }
            let is_in_code = part.is_method() || (part.is_statement() && part != NodeKind::VarDeclaration);
            if node.kind == NodeKind::String && is_in_code && !node.has_error {
                let range = source.tree.range(id);
                literals.extend(self.literal(source.slice(range), range));
            }
        }
        self.report_in_section(ctx, &mut literals);
    }

    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if !self.whole_module {
            return;
        }
        let facts = ctx.facts;
        let ranges = facts
            .sections
            .iter()
            .flat_map(|(offset, section)| section.strings.iter().map(move |range| range.shifted(*offset)));
        let literals = ranges.filter_map(|range| self.literal(&(facts.text)(range), range)).collect();
        for (text, ranges) in self.duplicates(literals, |range| (facts.text)(range)) {
            describe(ctx.report(ranges[0]), &text, ranges);
        }
    }
}

impl DuplicateStringLiteral {
    /// `None` if the literal is too short to be counted.
    fn literal(&self, written: &str, range: TextRange) -> Option<Literal> {
        if written.len() < self.min_length {
            return None;
        }
        let text = joined(written);
        let mut hasher = FxHasher::default();
        let mut length = 0;
        for letter in text.chars() {
            length += letter.len_utf16();
            hasher.write_u32(if self.is_case_sensitive { letter } else { lower(letter) }.into());
        }
        (length >= self.min_length).then(|| Literal { digest: hasher.finish(), range })
    }

    fn report_in_section(&self, ctx: &mut Context<'_>, literals: &mut Vec<Literal>) {
        let literals = std::mem::take(literals);
        let source = ctx.source;
        for (text, ranges) in self.duplicates(literals, |range| source.slice(range).to_owned()) {
            describe(ctx.report(ranges[0]), &text, ranges);
        }
    }

    /// Texts that occur too often, with all their places in order; there is at least one.
    fn duplicates(
        &self,
        mut literals: Vec<Literal>,
        read: impl Fn(TextRange) -> String,
    ) -> Vec<(String, Vec<TextRange>)> {
        let mut duplicates = Vec::new();
        if literals.len() <= self.allowed {
            return duplicates;
        }
        literals.sort_by_key(|literal| (literal.digest, literal.range.start));
        for group in literals.chunk_by(|one, two| one.digest == two.digest) {
            if group.len() <= self.allowed {
                continue;
            }
            let first = read(group[0].range);
            // Texts may share a digest by chance.
            let same =
                group.iter().filter(|literal| self.is_same(&joined(&read(literal.range)), &joined(&first)));
            let ranges: Vec<_> = same.map(|literal| literal.range).collect();
            if ranges.len() > self.allowed {
                duplicates.push((joined(&first).into_owned(), ranges));
            }
        }
        duplicates
    }

    fn is_same(&self, left: &str, right: &str) -> bool {
        if self.is_case_sensitive {
            left == right
        } else {
            left.chars().map(lower).eq(right.chars().map(lower))
        }
    }
}

fn describe(report: Report<'_>, text: &str, ranges: Vec<TextRange>) {
    let count = ranges.len();
    let excerpt: String = text.chars().take(MAX_EXCERPT).collect();
    let ellipsis = if excerpt.len() < text.len() { "…" } else { "" };
    report.arg(format_args!("{excerpt}{ellipsis}")).arg(count).related(ranges);
}

fn lower(letter: char) -> char {
    match letter {
        'А'..='Я' => char::from_u32(u32::from(letter) + 32).unwrap_or(letter),
        'Ё' => 'ё',
        _ => letter.to_ascii_lowercase(),
    }
}

/// The tokens of a literal written together, without what stands between its lines and parts.
fn joined(written: &str) -> Cow<'_, str> {
    let is_break = |letter: char| letter == '\n' || letter == '\r';
    let is_one_token = !written.contains(is_break) && !has_outer_text(written);
    if is_one_token {
        return Cow::Borrowed(written);
    }
    let mut text = String::new();
    let mut is_inside = false;
    for line in written.split(is_break) {
        let mut rest = line;
        if is_inside {
            // Lines that do not go on with `|` are empty, comments or instructions.
            let Some(bar) = line.find('|').filter(|_| line.trim_start().starts_with('|')) else { continue };
            rest = &line[bar..];
        }
        for (at, letter) in rest.char_indices() {
            if !is_inside && rest[at..].starts_with("//") {
                break;
            }
            is_inside ^= letter == '"';
            if is_inside || letter == '"' {
                text.push(letter);
            }
        }
    }
    Cow::Owned(text)
}

/// True if anything stands outside the quotes.
fn has_outer_text(line: &str) -> bool {
    let mut is_inside = false;
    line.bytes().any(|byte| {
        is_inside ^= byte == b'"';
        !is_inside && byte != b'"'
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::testing::rule;

    const TEXT: &str = "А = \"слово\";\nФ(\"Слово\");\nБ = \"слово\" + \"сло\" + \"сло\" + \"сло\";\n\
                        Процедура П(В = \"метод\")\n\tФ(\"Метод\", \"метод\", \"слово\");\nКонецПроцедуры\nГ = \"слово\";\n";

    #[test]
    fn methods_count_apart() {
        rule("DuplicateStringLiteral").check(
            TEXT,
            expect![[r#"
            1:5 `"слово"` The literal "слово" is repeated, occurrences: 3 +1:5 +2:3 +3:5
            3:15 `"сло"` The literal "сло" is repeated, occurrences: 3 +3:15 +3:23 +3:31
            4:17 `"метод"` The literal "метод" is repeated, occurrences: 3 +4:17 +5:4 +5:13
        "#]],
        );
    }

    #[test]
    fn parameters() {
        let test = rule("DuplicateStringLiteral");
        test.clone().bool("caseSensitive", true).integer("allowedNumberCopies", 1).check(
            TEXT,
            expect![[r#"
            1:5 `"слово"` The literal "слово" is repeated, occurrences: 2 +1:5 +3:5
            3:15 `"сло"` The literal "сло" is repeated, occurrences: 3 +3:15 +3:23 +3:31
            4:17 `"метод"` The literal "метод" is repeated, occurrences: 2 +4:17 +5:13
        "#]],
        );
        test.clone().bool("analyzeFile", true).integer("allowedNumberCopies", 0).check(
            TEXT,
            expect![[r#"
            1:5 `"слово"` The literal "слово" is repeated, occurrences: 5 +1:5 +2:3 +3:5 +5:22 +7:5
            3:15 `"сло"` The literal "сло" is repeated, occurrences: 3 +3:15 +3:23 +3:31
            4:17 `"метод"` The literal "метод" is repeated, occurrences: 3 +4:17 +5:4 +5:13
        "#]],
        );
        test.clone().integer("minTextLength", 8).check(TEXT, expect![[""]]);
        test.integer("allowedNumberCopies", 3).check(TEXT, expect![[""]]);
    }

    #[test]
    fn lines_and_parts_are_joined() {
        rule("DuplicateStringLiteral").check(
            "А = \"один\n\t|два\";\nБ = \"один\n// пояснение\n|два\";\nВ = \"ОДИН\n\n   |ДВА\";\n",
            expect![[r#"
                1:5 `"один⏎	|два"` The literal "один|два" is repeated, occurrences: 3 +1:5 +3:5 +6:5
            "#]],
        );
        assert_eq!(joined("\"а \"\"б\"\"\"  \"//в\" // г"), "\"а \"\"б\"\"\"\"//в\"");
    }
}
