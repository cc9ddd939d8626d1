//! Cuts code into lexemes. It knows no grammar and never fails: what a language model over words needs is the same
//! cut for the same text, in one pass, half-typed or not.

/// What a lexeme is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LexemeKind {
    /// Identifier or keyword; also `#Область`, `&НаКлиенте`.
    Word,
    Number,
    /// A string that ends in its line, quotes included.
    Text,
    /// Everything else that is not blank: operators, brackets, the bar and the quote of a string over several lines.
    Operator,
    /// End of a line that has lexemes.
    LineEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub kind: LexemeKind,
    pub start: usize,
    pub end: usize,
    pub blank_before: bool,
}

/// Lexemes of a text that begins at a line. Comments and empty lines leave no trace.
pub(crate) fn lex(text: &str) -> Vec<Lexeme> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        lexemes: Vec::with_capacity(text.len() / 8),
        inside: false,
    };
    lexer.run();
    lexer.lexemes
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    lexemes: Vec<Lexeme>,
    /// Inside a string over several lines.
    inside: bool,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            let line = self.lexemes.len();
            // A lost quote must not turn the rest of the module around: only lines with a bar continue a string.
            if self.inside && self.first_of_line() != Some(b'|') {
                self.inside = false;
            }
            self.line();
            if self.lexemes.len() > line {
                let end = self.at.min(self.bytes.len());
                self.push(LexemeKind::LineEnd, end, end, false);
            }
            self.at += 1;
        }
    }

    fn first_of_line(&self) -> Option<u8> {
        self.bytes[self.at..].iter().copied().find(|&byte| !matches!(byte, b' ' | b'\t'))
    }

    fn push(&mut self, kind: LexemeKind, start: usize, end: usize, blank_before: bool) {
        self.lexemes.push(Lexeme { kind, start, end, blank_before });
    }

    /// Reads to the line break, which it leaves.
    fn line(&mut self) {
        let mut blank = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            match byte {
                b'\n' => return,
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    blank = true;
                    continue;
                }
                b'/' if self.bytes.get(start + 1) == Some(&b'/') => return self.skip_line(),
                b'"' if self.inside => {
                    self.at += 1;
                    if self.bytes.get(self.at) == Some(&b'"') {
                        self.at += 1;
                    } else {
                        self.inside = false;
                    }
                    self.push(LexemeKind::Operator, start, self.at, blank);
                }
                b'"' => self.string(blank),
                b'0'..=b'9' => {
                    self.at = self.skip(start, |byte| byte.is_ascii_digit() || byte == b'.');
                    self.push(LexemeKind::Number, start, self.at, blank);
                }
                b'#' | b'&' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(blank),
                _ => {
                    let pair = (byte, self.bytes.get(start + 1).copied().unwrap_or_default());
                    self.at += if matches!(pair, (b'<', b'=' | b'>') | (b'>', b'=')) { 2 } else { 1 };
                    self.push(LexemeKind::Operator, start, self.at, blank);
                }
            }
            blank = false;
        }
    }

    fn skip_line(&mut self) {
        self.at = self.skip(self.at, |byte| byte != b'\n');
    }

    fn skip(&self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|&byte| !wanted(byte)).unwrap_or(rest.len())
    }

    fn word(&mut self, blank: bool) {
        let start = self.at;
        let first = self.text[start..].chars().next().unwrap_or_default();
        if !is_word_character(first) && !matches!(first, '#' | '&') {
            // Not a byte mark, a non-breaking blank or another sign out of place: a lexeme of its own.
            self.at += first.len_utf8().max(1);
            self.push(LexemeKind::Operator, start, self.at, blank);
            return;
        }
        let rest = &self.text[start + first.len_utf8()..];
        let length = rest.find(|character| !is_word_character(character)).unwrap_or(rest.len());
        self.at = start + first.len_utf8() + length;
        let kind =
            if length == 0 && matches!(first, '#' | '&') { LexemeKind::Operator } else { LexemeKind::Word };
        self.push(kind, start, self.at, blank);
    }

    fn string(&mut self, blank: bool) {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n') => break,
                Some(b'"') if self.bytes.get(at + 1) == Some(&b'"') => at += 2,
                Some(b'"') => {
                    self.at = at + 1;
                    self.push(LexemeKind::Text, start, self.at, blank);
                    return;
                }
                Some(_) => at += 1,
            }
        }
        self.inside = true;
        self.at = start + 1;
        self.push(LexemeKind::Operator, start, self.at, blank);
    }
}

/// What a name may consist of.
pub(crate) fn is_word_character(character: char) -> bool {
    match character {
        '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' | 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' => true,
        _ => !character.is_ascii() && character.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let lexemes = lex(text);
        let texts: Vec<&str> = lexemes
            .iter()
            .map(
                |lexeme| {
                    if lexeme.kind == LexemeKind::LineEnd { "⏎" } else { &text[lexeme.start..lexeme.end] }
                },
            )
            .collect();
        texts.join(" ")
    }

    #[test]
    fn cuts_code() {
        assert_eq!(
            shown("\tЕсли А<=1.5 Тогда // да\n\n&НаКлиенте\n#Область Имя\nStr = \"a\"\"b\";"),
            "Если А <= 1.5 Тогда ⏎ &НаКлиенте ⏎ #Область Имя ⏎ Str = \"a\"\"b\" ; ⏎"
        );
    }

    #[test]
    fn reads_the_lines_of_a_query_as_words() {
        assert_eq!(
            shown("Т = \"ВЫБРАТЬ\n\t|\tА.Б // нет\n|ИЗ \"\"А\"\"\";\nБ = 1;"),
            "Т = \" ВЫБРАТЬ ⏎ | А . Б ⏎ | ИЗ \"\" А \"\" \" ; ⏎ Б = 1 ; ⏎"
        );
    }

    #[test]
    fn a_lost_quote_ends_with_its_line() {
        assert_eq!(shown("А = \"Б\nВ = \"Г\";"), "А = \" Б ⏎ В = \"Г\" ; ⏎");
    }
}
