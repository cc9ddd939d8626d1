//! Names of BSL are compared without case, in Latin and Cyrillic alike.

use std::borrow::Cow;

/// The name in lower case; borrowed when it already is.
pub fn fold_case(name: &str) -> Cow<'_, str> {
    let is_upper = |letter: char| match lower(letter) {
        Some(lower) => lower != letter,
        None => letter.is_uppercase(),
    };
    if !name.chars().any(is_upper) {
        return Cow::Borrowed(name);
    }
    let folded: Option<String> = name.chars().map(lower).collect();
    Cow::Owned(folded.unwrap_or_else(|| name.to_lowercase()))
}

/// True if two names are the same for the platform.
pub fn same_name(left: &str, right: &str) -> bool {
    let (mut left, mut right) = (left.chars(), right.chars());
    loop {
        let (left_rest, right_rest) = (left.as_str(), right.as_str());
        let (Some(a), Some(b)) = (left.next(), right.next()) else {
            return left_rest.is_empty() && right_rest.is_empty();
        };
        if a == b {
            continue;
        }
        match (lower(a), lower(b)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(_), Some(_)) => return false,
            _ => return is_same_folded(left_rest, right_rest),
        }
    }
}

/// Letters outside the alphabets that names are written in have lower forms of several letters.
fn is_same_folded(left: &str, right: &str) -> bool {
    left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
}

/// The lower form of the letters that names consist of, without tables; `None` for all others.
fn lower(letter: char) -> Option<char> {
    match letter {
        'а'..='я' | 'ё' => Some(letter),
        'А'..='Я' => char::from_u32(letter as u32 + 32),
        'Ё' => Some('ё'),
        _ => letter.is_ascii().then(|| letter.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ignore_case_in_both_alphabets() {
        assert!(same_name("КонецЦикла", "конеццикла"));
        assert!(same_name("ЁжXDTO", "ёжxdto"));
        assert!(!same_name("Сумма", "СуммаНДС"));
        assert!(!same_name("Сумма", "Сумм") && !same_name("", "А") && same_name("", ""));
        assert!(same_name("Ім'яЇ", "ІМ'Яї") && !same_name("Іван", "Іvan"));
        assert_eq!(fold_case("ЗначениеXML"), "значениеxml");
        assert_eq!(fold_case("ЇжакЁ"), "їжакё");
        assert_eq!(fold_case("имя_1"), "имя_1");
    }
}
