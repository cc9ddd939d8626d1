//! Literals that look like secrets: those next to names of passwords and tokens, parts of connection strings, and long
//! random words. They never leave the module they stand in.

use std::borrow::Cow;

/// What a secret is replaced by; as long as it has to be for people to see that something was there.
const MASK: &str = "***";

/// Names that stand next to secrets, in lower case.
const WORDS: [&str; 15] = [
    "пароль",
    "парол",
    "секрет",
    "токен",
    "ключдоступа",
    "ключapi",
    "строкасоединения",
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "connectionstring",
];

/// A random word is at least so long.
const RANDOM_LETTERS: usize = 24;

/// The text with its secrets replaced. Lines are looked at one by one.
pub fn mask_secrets(text: &str) -> Cow<'_, str> {
    if !may_have_secret(text) {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        mask_line(line, &mut masked);
    }
    Cow::Owned(masked)
}

/// True if `mask_secrets` would replace something.
pub fn has_secret(text: &str) -> bool {
    mask_secrets(text) != text
}

/// Most texts have neither a telling name nor a long word.
fn may_have_secret(text: &str) -> bool {
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) || text.split('"').any(has_random_word)
}

fn mask_line(line: &str, masked: &mut String) {
    let mut is_next_to_name = false;
    let mut rest = line;
    // A line that continues a literal begins inside it.
    if line.trim_start().starts_with('|') {
        let (literal, behind) = split_literal(rest);
        push_literal(literal, false, masked);
        rest = behind;
    }
    while let Some(quote) = rest.find('"') {
        let (code, behind) = rest.split_at(quote + 1);
        if is_comment(code) {
            break;
        }
        masked.push_str(code);
        is_next_to_name |= has_word(code);
        let (literal, behind) = split_literal(behind);
        push_literal(literal, is_next_to_name, masked);
        // `Вставить("Пароль", "…")`: the key names what follows.
        is_next_to_name |= has_word(literal);
        let closing = usize::from(behind.starts_with('"'));
        masked.push_str(&behind[..closing]);
        rest = &behind[closing..];
    }
    masked.push_str(rest);
}

fn is_comment(code: &str) -> bool {
    code.contains("//")
}

/// The inside of a literal that begins at the start of the text, and what follows, the closing quote first.
fn split_literal(text: &str) -> (&str, &str) {
    let mut from = 0;
    while let Some(quote) = text.get(from..).and_then(|rest| rest.find('"')) {
        let at = from + quote;
        if !text[at + 1..].starts_with('"') {
            return text.split_at(at);
        }
        from = at + 2;
    }
    text.split_at(text.trim_end_matches(['\r', '\n']).len())
}

fn push_literal(literal: &str, is_next_to_name: bool, masked: &mut String) {
    let is_name = has_word(literal) && !literal.contains('=');
    if has_random_word(literal) || (is_next_to_name && !is_name && !literal.trim().is_empty()) {
        masked.push_str(MASK);
        return;
    }
    if !has_word(literal) || !literal.contains('=') {
        masked.push_str(literal);
        return;
    }
    // `Srvr=…;Usr=…;Pwd=…;`
    for (index, part) in literal.split(';').enumerate() {
        if index > 0 {
            masked.push(';');
        }
        match part.split_once('=') {
            Some((key, value)) if has_word(key) && !value.trim_matches([' ', '"']).is_empty() => {
                masked.push_str(key);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(part),
        }
    }
}

fn has_word(text: &str) -> bool {
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Long, without blanks, of letters and digits that no word has.
fn has_random_word(text: &str) -> bool {
    let is_part =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=' | '_' | '-');
    text.split(|letter| !is_part(letter)).any(|word| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        word.len() >= RANDOM_LETTERS && digits >= 4 && letters >= 4
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mask_secrets(text), expected);
        assert_eq!(has_secret(text), text != expected);
    }

    #[test]
    fn literals_next_to_telling_names_are_masked() {
        check("Пароль = \"qwerty\";", "Пароль = \"***\";");
        check("Connection.Password = \"a\"\"b\"; // x", "Connection.Password = \"***\"; // x");
        check("С.Вставить(\"Token\", \"abc\");\nА = \"б\";", "С.Вставить(\"Token\", \"***\");\nА = \"б\";");
        check("Сообщить(\"Введите пароль\");", "Сообщить(\"Введите пароль\");");
        check("ПарольПустой = \"\";", "ПарольПустой = \"\";");
    }

    #[test]
    fn connection_strings_lose_their_passwords_only() {
        check("А = \"Srvr=\"\"s\"\";Usr=a;Pwd=b;\";", "А = \"Srvr=\"\"s\"\";Usr=a;Pwd=***;\";");
        check("А = \"Driver=x;\n\t|Pwd=b;Usr=c\";", "А = \"Driver=x;\n\t|Pwd=***;Usr=c\";");
    }

    #[test]
    fn long_random_words_are_masked_everywhere() {
        check("К = \"c2VjcmV0MTIzNDU2Nzg5MGFiY2RlZg==\";", "К = \"***\";");
        check(
            "К = \"ОченьДлинноеИмяБезПробеловИЦифрВообще\";",
            "К = \"ОченьДлинноеИмяБезПробеловИЦифрВообще\";",
        );
    }

    #[test]
    fn broken_lines_are_taken_as_they_are() {
        check("А = \"не закрыт", "А = \"не закрыт");
        check("Пароль = \"не закрыт\r\nБ = 1;", "Пароль = \"***\r\nБ = 1;");
        check("// пароль \"x\"", "// пароль \"x\"");
        check("😀\"пароль=\"\"", "😀\"пароль=\"\"");
    }
}
