//! Characters that look like a blank or a hyphen and are none.

use base::{Edit, TextRange};
use syntax::{Source, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "InvalidCharacterInFile",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["error", "standard", "unpredictable"],
    fix: FixSafety::Unsafe,
    messages: &[Text { ru: "Недопустимый символ `{0}`", en: "Invalid character `{0}`" }],
    docs: docs!("invalid_character_in_file"),
    create: |_| Box::new(InvalidCharacterInFile),
    ..RuleInfo::DEFAULT
};

const NO_BREAK_SPACE: char = '\u{a0}';

/// Bytes looked at together; whole blocks of ordinary text are passed over.
const BLOCK: usize = 64;

struct InvalidCharacterInFile;

impl Rule for InvalidCharacterInFile {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut reported_until = 0;
        for (block, bytes) in source.text.as_bytes().chunks(BLOCK).enumerate() {
            if !bytes.iter().fold(false, |found, byte| found | is_lead(*byte)) {
                continue;
            }
            for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| is_lead(**byte)) {
                let offset = (block * BLOCK + at) as u32;
                let letter = letter_at(source, offset).filter(|letter| is_invalid(*letter));
                if let Some(letter) = letter.filter(|_| offset >= reported_until)
                    && let Some(range) = range_of(source, offset, letter)
                {
                    reported_until = range.end;
                    ctx.report(range).arg(code_point(letter)).fix(replacements(source, range));
                }
            }
        }
    }
}

/// First byte of every invalid character, which the letters of code and comments seldom start with.
fn is_lead(byte: u8) -> bool {
    byte == 0xc2 || byte == 0xe2
}

fn is_invalid(letter: char) -> bool {
    letter == NO_BREAK_SPACE || letter == '\u{ad}' || matches!(letter, '\u{2012}'..='\u{2015}' | '\u{2212}')
}

fn letter_at(source: Source<'_>, offset: u32) -> Option<char> {
    source.text.get(offset as usize..)?.chars().next()
}

/// The comment or the line of a literal around the character, else the character itself; `None` where
/// the character may stand.
fn range_of(source: Source<'_>, offset: u32, letter: char) -> Option<TextRange> {
    let own = TextRange { start: offset, end: offset + letter.len_utf8() as u32 };
    let tokens = source.tree.tokens();
    let around = tokens[..tokens.partition_point(|token| token.start <= offset)].last();
    match around.filter(|token| offset < token.end) {
        Some(token) if token.kind == TokenKind::Comment || token.kind.is_string() => Some(token.range()),
        Some(token) if matches!(token.kind, TokenKind::Date | TokenKind::DirectiveDelete) => None,
        _ => Some(own),
    }
}

fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

fn replacements(source: Source<'_>, range: TextRange) -> impl Iterator<Item = Edit> {
    source.slice(range).char_indices().filter(|(_, letter)| is_invalid(*letter)).map(move |(at, letter)| {
        let start = range.start + at as u32;
        let range = TextRange { start, end: start + letter.len_utf8() as u32 };
        Edit::replace(range, if letter == NO_BREAK_SPACE { " " } else { "-" })
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "А =\u{a0}\u{a0}1;\n// а\u{a0}б — в\nБ = \"а\n|б\u{2212}в\n|г\"; // © «ёлочки» №\n\
                        В = 1 – 2;\n#Область\u{a0}Имя\nГ = '2020–01';\n#Удаление\n—\n#КонецУдаления\n";

    #[test]
    fn one_finding_per_token() {
        rule("InvalidCharacterInFile").check(
            TEXT,
            expect![[r#"
                1:4 ` ` Invalid character `U+00A0`
                1:5 ` ` Invalid character `U+00A0`
                2:1 `// а б — в` Invalid character `U+00A0`
                4:1 `|б−в` Invalid character `U+2212`
                6:7 `–` Invalid character `U+2013`
                7:9 ` ` Invalid character `U+00A0`
            "#]],
        );
    }

    #[test]
    fn a_soft_hyphen_is_reported_once_per_literal() {
        assert_eq!(rule("InvalidCharacterInFile").findings("А = \"\u{ad}\u{ad}\";\n").len(), 1);
    }

    #[test]
    fn the_fix_replaces_all_of_a_token() {
        rule("InvalidCharacterInFile").check_fix(
            TEXT,
            expect![[r#"
                А =  1;
                // а б - в
                Б = "а
                |б-в
                |г"; // © «ёлочки» №
                В = 1 - 2;
                #Область Имя
                Г = '2020–01';
                #Удаление
                —
                #КонецУдаления
            "#]],
        );
    }
}
