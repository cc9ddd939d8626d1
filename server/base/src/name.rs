//! Names of BSL are compared without case, in Latin and Cyrillic alike.

use std::borrow::Cow;

/// The name in lower case; borrowed when it already is.
pub fn fold_case(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_uppercase) { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

/// True if two names are the same for the platform.
pub fn same_name(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let mut left = left.chars().flat_map(char::to_lowercase);
    let mut right = right.chars().flat_map(char::to_lowercase);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (a, b) if a == b => {}
            _ => return false,
        }
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
        assert_eq!(fold_case("ЗначениеXML"), "значениеxml");
    }
}
