//! Words of code: names cut where their letters change.

/// Words that every method has.
const STOP_WORDS: &[&str] = &[
    "если",
    "тогда",
    "конец",
    "иначе",
    "для",
    "каждого",
    "из",
    "по",
    "цикл",
    "пока",
    "новый",
    "не",
    "или",
    "процедура",
    "функция",
    "возврат",
    "экспорт",
    "перем",
    "знач",
    "истина",
    "ложь",
    "неопределено",
    "попытка",
    "исключение",
    "if",
    "then",
    "end",
    "else",
    "for",
    "each",
    "in",
    "to",
    "do",
    "while",
    "new",
    "not",
    "or",
    "and",
    "procedure",
    "function",
    "return",
    "export",
    "var",
    "val",
    "true",
    "false",
    "undefined",
    "try",
    "except",
];

/// The words of the names in a text, in lower case: `НайтиПоКоду` gives `найти`, `по`, `коду`.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric())
        .flat_map(parts)
        .filter(|part| part.chars().nth(1).is_some())
        .map(str::to_lowercase)
        .filter(|word| !STOP_WORDS.contains(&word.as_str()))
}

/// Cuts before a capital letter that follows a small one or begins a word after capitals, and between letters and digits.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, after) = rest.split_at(end_of_part(rest));
        rest = after;
        Some(part)
    })
}

fn end_of_part(name: &str) -> usize {
    let mut letters = name.char_indices().peekable();
    let mut before: Option<char> = None;
    while let Some((index, letter)) = letters.next() {
        if let Some(before) = before {
            let next_is_small = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
            let begins =
                letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_small));
            if begins || letter.is_numeric() != before.is_numeric() {
                return index;
            }
        }
        before = Some(letter);
    }
    name.len()
}
