//! Tells commented-out code from prose. Every sign of code multiplies the doubt that is left; a text is code
//! when the doubt is small enough.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::TokenKind;

/// Score above which a comment is code unless settings say otherwise.
pub(crate) const DEFAULT_THRESHOLD: f64 = 0.9;

/// Doubt that a sign leaves.
const SURE: f64 = 0.05;
const LIKELY: f64 = 0.3;
const WEAK: f64 = 0.7;

/// Pieces of code that prose does not contain, without blanks.
const PIECES: &[&str] = &[
    "КонецПроцедуры",
    "КонецФункции",
    "КонецЕсли;",
    "КонецЦикла;",
    "КонецПопытки;",
    "Возврат;",
    ".НайтиСтроки(",
    "СтрНачинаетсяС(",
    "СтрНайти(",
    ".Выбрать(",
    ".Выгрузить(",
    ".Выполнить(",
    "#Если",
    "#Иначе",
    "#КонецЕсли",
    "#Область",
    "EndProcedure",
    "EndFunction",
    "EndIf;",
    "EndDo;",
    "EndTry;",
    "Return;",
    ".FindRows(",
    "StrStartsWith(",
    "StrFind(",
    ".Select(",
    ".Unload(",
    ".Execute(",
    "#If",
    "#Else",
    "#ElsIf",
    "#EndIf",
    "#Region",
];

/// Pieces that count twice.
const DOUBLE_PIECES: &[&str] = &["?(", ");"];

const SURE_WORDS: &[&str] = &["ИначеЕсли", "ElsIf"];

const LIKELY_WORDS: &[&str] = &[
    "ВЫБРАТЬ",
    "РАЗРЕШЕННЫЕ",
    "ПЕРВЫЕ",
    "ГДЕ",
    "СОЕДИНЕНИЕ",
    "НЕ",
    "ОБЪЕДИНИТЬ",
    "ВЫБОР",
    "КАК",
    "ТОГДА",
    "КОГДА",
    "ИНАЧЕ",
    "ПОМЕСТИТЬ",
    "ИЗ",
    "=",
    "+",
    "SELECT",
    "JOIN",
    "NOT",
    "AS",
    "THEN",
    "CASE",
    "ELSE",
    "FROM",
    "INTO",
];

const WEAK_WORDS: &[&str] = &[
    "И",
    "ИЛИ",
    "AND",
    "OR",
    "Если",
    "Тогда",
    "Процедура",
    "Функция",
    "Пока",
    "Для",
    "Каждого",
    "Цикл",
    "Возврат",
    "Новый",
    "*",
    "If",
    "Then",
    "Procedure",
    "Function",
    "Do",
    "For",
    "While",
    "Return",
    "New",
];

static DOUBT_BY_WORD: LazyLock<FxHashMap<&str, f64>> = LazyLock::new(|| {
    let weighted = [(SURE_WORDS, SURE), (LIKELY_WORDS, LIKELY), (WEAK_WORDS, WEAK)];
    weighted.into_iter().flat_map(|(words, doubt)| words.iter().map(move |word| (*word, doubt))).collect()
});

static DECLARATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:процедура|функция|procedure|function)\s+\w+\s*\(|&(?:на|at)\p{L})")
        .expect("invariant: the pattern is a constant")
});

static KEYWORDS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let kinds = TokenKind::KEYWORDS.iter().filter(|kind| **kind != TokenKind::Await);
    kinds.flat_map(|kind| kind.canonical_spellings()).map(|word| word.to_lowercase()).collect()
});

/// True if the score of a comment, its slashes included, is above the threshold.
pub(crate) fn looks_like_code(comment: &str, threshold: f64) -> bool {
    let mut doubt = Doubt { left: 1.0, threshold };
    doubt.read_letters(comment) || doubt.read_words(comment) || doubt.read_pieces(comment)
}

struct Doubt {
    left: f64,
    threshold: f64,
}

impl Doubt {
    /// Tells whether enough is known.
    fn reduce(&mut self, factor: f64) -> bool {
        self.left *= factor;
        1.0 - self.left > self.threshold
    }

    fn read_letters(&mut self, comment: &str) -> bool {
        let mut after_lower = false;
        let mut has_hump = false;
        for letter in comment.chars() {
            has_hump |= after_lower && is_upper(letter);
            after_lower = is_lower(letter);
        }
        (has_hump && self.reduce(LIKELY))
            || (comment.trim_end().ends_with(';') && self.reduce(WEAK))
            || (is_declaration(comment) && self.reduce(SURE))
    }

    fn read_words(&mut self, comment: &str) -> bool {
        comment.split([' ', '\t']).any(|word| {
            // All words of the table start with a capital or a sign; most words of prose do not.
            let may_match =
                matches!(word.as_bytes(), [b'A'..=b'Z' | b'=' | b'+' | b'*', ..] | [0xd0, 0x90..=0xaf, ..]);
            may_match && DOUBT_BY_WORD.get(word).is_some_and(|doubt| self.reduce(*doubt))
        })
    }

    fn read_pieces(&mut self, comment: &str) -> bool {
        let has_sign = comment.bytes().any(|byte| matches!(byte, b'(' | b';' | b'#'));
        if !has_sign && !comment.contains("Конец") && !comment.contains("End") {
            return false;
        }
        let code: String = comment.chars().filter(|letter| !letter.is_whitespace()).collect();
        PIECES.iter().any(|piece| code.matches(piece).any(|_| self.reduce(SURE)))
            || DOUBLE_PIECES.iter().any(|piece| code.matches(piece).any(|_| self.reduce(SURE * SURE)))
    }
}

fn is_upper(letter: char) -> bool {
    letter.is_ascii_uppercase() || matches!(letter, 'А'..='Я' | 'Ё')
}

fn is_lower(letter: char) -> bool {
    letter.is_ascii_lowercase() || matches!(letter, 'а'..='я' | 'ё')
}

fn is_declaration(comment: &str) -> bool {
    let text = comment.trim_start_matches(|letter: char| letter == '/' || letter.is_whitespace());
    let may_match = text.starts_with(['&', 'п', 'П', 'ф', 'Ф', 'p', 'P', 'f', 'F']);
    may_match && DECLARATION.is_match(text)
}

/// True if two names follow each other with nothing but blanks between them: code has a keyword or a sign
/// there.
pub(crate) fn has_adjacent_names(text: &str) -> bool {
    let mut rest = text;
    let mut after_name = false;
    let mut after_dot = false;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_alphabetic() || first == '_';
        let length = if is_word {
            rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len())
        } else if first == '"' || first == '\'' {
            rest[1..].find(first).map_or(rest.len(), |at| at + 2)
        } else if first == '#' || rest.starts_with("//") {
            // A directive has words of its own, and a comment takes the rest of the line.
            return false;
        } else {
            first.len_utf8()
        };
        let (token, tail) = rest.split_at(length);
        rest = tail;
        if is_word {
            let is_name = after_dot || !KEYWORDS.contains(&*base::fold_case(token));
            if is_name && after_name {
                return true;
            }
            after_name = is_name;
        } else if first.is_whitespace() && first != '\u{a0}' {
            after_dot = false;
            continue;
        } else {
            // The word behind `&` is a directive.
            if first == '&' {
                rest = rest.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
            }
            after_name = false;
        }
        after_dot = first == '.';
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(comment: &str, is_code: bool) {
        assert_eq!(looks_like_code(comment, DEFAULT_THRESHOLD), is_code, "{comment}");
    }

    #[test]
    fn code() {
        check("//Сообщить(Текст);", true);
        check("// КонецЕсли ;", true);
        check("// Сумма = Цена + 1", true);
        check("// ИначеЕсли Сумма", true);
        check("// процедура Записать()", true);
        check("//&НаСервере", true);
        check("// КодТовара = 5", true);
        check("// SELECT Code FROM Products", true);
        check("// А = ?(Б, 1, 2)", true);
    }

    #[test]
    fn prose() {
        check("// Обычный текст о том, что делается.", false);
        check("//Если надо", false);
        check("// Если сумма больше нуля", false);
        check("// КодТовара", false);
        check("// Параметры (необязательные)", false);
        check("// &На", false);
        check("//", false);
        check("// Процедура записи", false);
    }

    #[test]
    fn the_threshold_moves_the_border() {
        assert!(looks_like_code("// КодТовара", 0.5));
        assert!(!looks_like_code("// #Если", 0.95));
        assert!(looks_like_code("// А();", 0.99));
    }

    #[test]
    fn names_in_a_row() {
        assert!(has_adjacent_names(" обычный текст"));
        assert!(has_adjacent_names("Объект.Если что"));
        assert!(!has_adjacent_names(" Если Сумма Тогда"));
        assert!(!has_adjacent_names("А = \"два слова\"; Б"));
        assert!(!has_adjacent_names("&НаСервере Процедура А()"));
        assert!(!has_adjacent_names("#Область Имя слово"));
        assert!(!has_adjacent_names("А = 1; // два слова"));
    }
}
