//! Tells whether two errors are the same one: what happened, where, to which name. Numbers, identifiers and values in
//! quotes do not count.

use xxhash_rust::xxh3::xxh3_64;

use crate::message::{ReportedError, StackFrame};

/// What makes an error the same as an earlier one, as sixteen hexadecimal digits.
pub(crate) fn fingerprint(
    id: Option<&str>,
    error: &ReportedError,
    place: Option<&StackFrame>,
    method: &str,
    name: &str,
) -> String {
    let what = id.map_or_else(|| normalized(error.root_message()), str::to_owned);
    let module = place.map(|place| format!("{} {}", place.extension, place.module)).unwrap_or_default();
    // Without a method the line has to do.
    let part = match (method, place) {
        ("", Some(place)) => place.line.to_string(),
        (method, _) => method.to_owned(),
    };
    let key = [what.as_str(), module.as_str(), part.as_str(), name].join("\n");
    format!("{:016x}", xxh3_64(base::fold_case(&key).as_bytes()))
}

/// A message without what differs from one occurrence to the next.
pub(crate) fn normalized(message: &str) -> String {
    let mut plain = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let closing = match first {
            '"' => Some('"'),
            '«' => Some('»'),
            '\'' => Some('\''),
            _ => None,
        };
        let quoted = closing.and_then(|closing| rest[first.len_utf8()..].split_once(closing));
        if let Some((_, behind)) = quoted {
            plain.push('…');
            rest = behind;
        } else if first.is_alphanumeric() {
            let end =
                rest.find(|letter: char| !letter.is_alphanumeric() && letter != '-').unwrap_or(rest.len());
            let word = &rest[..end];
            // Numbers, dates, identifiers and references in hexadecimal digits.
            let is_value = word.chars().any(|letter| letter.is_ascii_digit());
            plain.push_str(if is_value { "#" } else { word });
            rest = &rest[end..];
        } else {
            if !(first.is_whitespace() && plain.ends_with(' ')) {
                plain.push(if first.is_whitespace() { ' ' } else { first });
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_count() {
        assert_eq!(
            normalized("Объект не найден (65:a40d005056c00008)  \"Иванов\"  от 01.02.2026"),
            "Объект не найден (#:#) … от #.#.#"
        );
        assert_eq!(normalized("ключ 580392e6-ba49-4280-ac67-fcd6f2180121!"), "ключ #!");
    }

    #[test]
    fn the_line_counts_only_without_a_method() {
        let place =
            |line| StackFrame {
                module: "ОбщийМодуль.А.Модуль".to_owned(), line, ..StackFrame::default()
            };
        let error = ReportedError::default();
        let of = |line, method| fingerprint(Some("division"), &error, Some(&place(line)), method, "");
        assert_eq!(of(1, "Метод"), of(2, "МЕТОД"));
        assert_ne!(of(1, "Метод"), of(1, "Другой"));
        assert_ne!(of(1, ""), of(2, ""));
    }
}
