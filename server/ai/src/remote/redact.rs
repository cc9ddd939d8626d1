//! Secrets are replaced before anything is sent: values next to names like "password", credentials inside of texts, long
//! random letters. Better one time too often: the model only needs to see that there is a literal.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

const MASK: &str = "***";
/// How far back of a literal its name may stand.
const NAME_DISTANCE_BYTES: usize = 200;

/// Text to the left and right of the caret without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    pub prefix: String,
    pub suffix: String,
    /// How many secrets were replaced.
    pub count: usize,
}

/// Replaces secrets; the caret may stand inside of one.
pub fn redact(prefix: &str, suffix: &str) -> Redacted {
    let whole = format!("{prefix}{suffix}");
    let caret = prefix.len();
    let secrets = secrets(&whole);
    let mut redacted = Redacted { count: secrets.len(), ..Redacted::default() };
    let mut at = 0;
    for secret in &secrets {
        copy(&whole, at..secret.start, caret, &mut redacted);
        let side = if secret.start < caret { &mut redacted.prefix } else { &mut redacted.suffix };
        side.push_str(MASK);
        at = secret.end;
    }
    copy(&whole, at..whole.len(), caret, &mut redacted);
    redacted
}

fn copy(whole: &str, range: Range<usize>, caret: usize, redacted: &mut Redacted) {
    let middle = caret.clamp(range.start, range.end);
    redacted.prefix.push_str(&whole[range.start..middle]);
    redacted.suffix.push_str(&whole[middle..range.end]);
}

/// Sorted and without overlaps.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for pattern in ANYWHERE.iter() {
        found.extend(pattern.find_iter(text).map(|secret| secret.range()));
    }
    for piece in pieces(text) {
        let inner = &text[piece.range.clone()];
        if piece.is_literal && !inner.trim().is_empty() && follows_secret_name(&text[..piece.range.start]) {
            found.push(piece.range.clone());
        }
        let patterns = if piece.is_literal { &INSIDE[..] } else { &COMMENTED[..] };
        for secret in patterns.iter().flat_map(|pattern| pattern.captures_iter(inner)) {
            if let Some(value) = secret.get(1) {
                found.push(piece.range.start + value.start()..piece.range.start + value.end());
            }
        }
        for word in RUN.find_iter(inner).filter(|word| is_random(word.as_str())) {
            found.push(piece.range.start + word.start()..piece.range.start + word.end());
        }
    }
    found.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in found.into_iter().filter(|range| !range.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The inside of a literal, or a comment.
struct Piece {
    range: Range<usize>,
    is_literal: bool,
}

/// Literals and comments. A literal without an end goes on while lines begin with a bar.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal: Option<usize> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let code = line.trim_start();
        if let Some(opened) = literal
            && !code.starts_with('|')
            && !code.starts_with("//")
        {
            pieces.push(Piece { range: opened..start, is_literal: true });
            literal = None;
        }
        let mut bytes = line.bytes().enumerate().peekable();
        while let Some((index, byte)) = bytes.next() {
            let next = bytes.peek().map(|(_, next)| *next);
            match (literal, byte) {
                (Some(_), b'"') if next == Some(b'"') => {
                    bytes.next();
                }
                (Some(opened), b'"') => {
                    pieces.push(Piece { range: opened..start + index, is_literal: true });
                    literal = None;
                }
                (None, b'"') => literal = Some(start + index + 1),
                (None, b'/') if next == Some(b'/') => {
                    pieces.push(Piece { range: start + index..offset, is_literal: false });
                    break;
                }
                _ => {}
            }
        }
    }
    if let Some(opened) = literal {
        pieces.push(Piece { range: opened..text.len(), is_literal: true });
    }
    pieces
}

/// True if the statement before a literal names a secret.
fn follows_secret_name(before: &str) -> bool {
    let from = before.len().saturating_sub(NAME_DISTANCE_BYTES);
    let near = (from..).find_map(|from| before.get(from..)).unwrap_or_default();
    let statement = near.rsplit([';', '\n']).next().unwrap_or_default();
    let letters: String = statement.chars().filter(|letter| !matches!(letter, '_' | ' ' | '-')).collect();
    let letters = letters.to_lowercase();
    SECRET_NAMES.iter().any(|name| letters.contains(name))
}

/// Without blanks and in lower case.
const SECRET_NAMES: &[&str] = &[
    "парол",
    "секрет",
    "токен",
    "ключapi",
    "ключдоступа",
    "ключшифрования",
    "закрытыйключ",
    "строкасоединения",
    "строкусоединения",
    "строкаподключения",
    "строкуподключения",
    "учетныеданные",
    "авторизаци",
    "пинкод",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "connectionstring",
    "authorization",
    "bearer",
];

fn patterns<const COUNT: usize>(texts: [&str; COUNT]) -> Vec<Regex> {
    texts.iter().map(|text| Regex::new(text).expect("invariant: a constant that tests compile")).collect()
}

/// Secrets wherever they stand.
static ANYWHERE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    patterns([
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?",
        r"\b(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|AKIA|ASIA|AIza)[-_]?[A-Za-z0-9_-]{16,}",
    ])
});

/// Inside of literals; the value is the first group.
static INSIDE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    patterns([
        r#"(?i)(?:pwd|passw(?:or)?d|парол[а-яё]*|usr|uid|user id|secret|token|токен|api[_-]?key|access[_-]?key|[a-z_]*(?:secret|token))\s*[=:]\s*"*([^;"&\s,|]+)"#,
        r"://[^/\s:@]*:([^@/\s]+)@",
        r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=._-]{6,})",
    ])
});

/// Inside of comments.
static COMMENTED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    patterns([
        r"(?i)(?:парол[а-яё]*|password|passwd|pwd|токен[а-яё]*|token|секрет[а-яё]*|secret|api[ _-]?key|ключ (?:api|доступа|шифрования))\s*[:=]\s*(\S+)",
        r"://[^/\s:@]*:([^@/\s]+)@",
        r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=._-]{6,})",
    ])
});

/// Letters without a break that may be random.
static RUN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9+/=_\-]{20,}").expect("invariant: a constant that tests compile")
});

/// Names have few digits; random letters change between digits and letters all the time.
fn is_random(run: &str) -> bool {
    let is_hex = run.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let letters = run.bytes().filter(u8::is_ascii_alphabetic).count();
    if is_hex && digits >= 4 && letters >= 2 {
        return true;
    }
    let kinds = run.as_bytes().windows(2);
    let changes = kinds
        .filter(|pair| {
            let [left, right] = pair else { return false };
            left.is_ascii_digit() != right.is_ascii_digit()
        })
        .count();
    digits >= 3 && letters >= 3 && changes >= 5 && entropy(run) >= 3.5
}

/// Bits per letter.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len().max(1) as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without its secrets; `¦` may be the caret.
    fn clean(text: &str) -> String {
        match text.split_once('¦') {
            Some((prefix, suffix)) => {
                let redacted = redact(prefix, suffix);
                format!("{}¦{}", redacted.prefix, redacted.suffix)
            }
            None => redact(text, "").prefix,
        }
    }

    #[test]
    fn values_next_to_names_of_secrets() {
        for (text, expected) in [
            (r#"Пароль = "лютик";"#, r#"Пароль = "***";"#),
            (r#"Настройки.ПарольПользователя = "a b""c";"#, r#"Настройки.ПарольПользователя = "***";"#),
            (r#"Параметры.Вставить("Пароль", "лютик");"#, r#"Параметры.Вставить("Пароль", "***");"#),
            (r#"Api_Key = "short"; Имя = "Вася";"#, r#"Api_Key = "***"; Имя = "Вася";"#),
            (r#"ConnectionString = "Srvr=a;Ref=b""#, r#"ConnectionString = "***""#),
            (r#"Токен = """#, r#"Токен = """#),
            ("Токен = Новый Токен;\nИмя = \"Вася\";", "Токен = Новый Токен;\nИмя = \"Вася\";"),
            ("Секрет = \"один\n| два\n// три\n|четыре\";\nА = 1;", "Секрет = \"***\";\nА = 1;"),
            ("// Пароль: лютик123\nА = 1;", "// Пароль: ***\nА = 1;"),
            ("// password= buttercup", "// password= ***"),
            ("//  Пароль - Строка - чем входят.", "//  Пароль - Строка - чем входят."),
            ("// Проверяет пароль пользователя.", "// Проверяет пароль пользователя."),
            (r#"Сообщить("Неверный пароль");"#, r#"Сообщить("Неверный пароль");"#),
        ] {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn credentials_inside_of_texts() {
        for (text, expected) in [
            (
                r#"С = "Srvr=""srv"";Ref=""base"";Usr=""Вася"";Pwd=""лютик"";";"#,
                r#"С = "Srvr=""srv"";Ref=""base"";Usr=""***"";Pwd=""***"";";"#,
            ),
            (r#"А = "https://me:buttercup@host/x";"#, r#"А = "https://me:***@host/x";"#),
            (r#"З = "Bearer abcdef12";"#, r#"З = "Bearer ***";"#),
            (r#"К = "?client_secret=abc&x=1";"#, r#"К = "?client_secret=***&x=1";"#),
            (
                "К = \"-----BEGIN RSA PRIVATE KEY-----\n|MIIE\n|-----END RSA PRIVATE KEY-----\";\nА = 1;",
                "К = \"***\";\nА = 1;",
            ),
            (r#"Ж = "eyJhbGciOiJub25l.eyJzdWIiOiJ4.c2ln";"#, r#"Ж = "***";"#),
        ] {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn long_random_letters() {
        for (text, is_secret) in [
            (r#""4f1c9a0e7b2d48c6a1e3f5079b8d6c24""#, true),
            (r#""q7Zk2LmX9vB4nR8tW3yP6sD1""#, true),
            (r#""0b5f3c1e-7a44-4c7b-9f0e-3d2a1b6c8e90""#, true),
            (r#""НоменклатураПоставщиковИПокупателей2024""#, false),
            (r#""CatalogManager.ContractorsAndPartners2024""#, false),
            (r#""--------------------------------""#, false),
            (r#""20241231235959000000000000""#, false),
            ("VeryLong1Name2With3Digits4And5Letters6()", false),
        ] {
            assert_eq!(clean(text).contains(MASK), is_secret, "{text}");
        }
    }

    #[test]
    fn the_caret_may_stand_in_a_secret() {
        for (text, expected) in [
            ("Пароль = \"лют¦ик\"; А", "Пароль = \"***¦\"; А"),
            ("Пароль = \"лют¦", "Пароль = \"***¦"),
            ("Пароль = \"¦лютик\";", "Пароль = \"¦***\";"),
            ("Пароль¦ = \"лютик\";", "Пароль¦ = \"***\";"),
            ("Пароль = \"лютик\"¦;", "Пароль = \"***\"¦;"),
        ] {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn any_text_survives() {
        for text in ["", "\"", "\"\"\"", "//", "|", "\"\n|\n\"", "Пароль\"", "ё\"ё\n//ё¦ё"] {
            let _ = clean(text);
        }
        let plain =
            include_str!("../../../../fixtures/demo/designer/CommonModules/ПродажиСервер/Ext/Module.bsl");
        assert_eq!(redact(plain, "").count, 0, "ordinary code has no secrets");
        assert_eq!(redact(plain, "").prefix, plain);
    }
}
