//! Times, counts and shares as people of a language write them.

use base::Locale;

/// Between the groups of a number and before its unit.
const NO_BREAK: char = '\u{a0}';

/// `2,4 с`, `250 мс`, `17 мкс`: three digits that mean something.
pub(super) fn time(nanoseconds: u64, locale: Locale) -> String {
    let ns = nanoseconds as f64;
    let (value, unit) = match nanoseconds {
        1_000_000_000.. => (ns / 1e9, unit(locale, "с", "s")),
        1_000_000.. => (ns / 1e6, unit(locale, "мс", "ms")),
        1_000.. => (ns / 1e3, unit(locale, "мкс", "µs")),
        _ => (ns, unit(locale, "нс", "ns")),
    };
    // 999.6 ms are a second.
    if value >= 999.5 && nanoseconds < 1_000_000_000 {
        return time(nanoseconds.saturating_add(nanoseconds / 1000), locale);
    }
    format!("{}{NO_BREAK}{unit}", decimal(value, locale))
}

fn unit(locale: Locale, russian: &'static str, english: &'static str) -> &'static str {
    match locale {
        Locale::Ru => russian,
        Locale::En => english,
    }
}

/// At most two digits behind the point, none where three stand before it.
fn decimal(value: f64, locale: Locale) -> String {
    if value >= 1000.0 {
        return count(value.round() as u64, locale);
    }
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    match locale {
        Locale::Ru => text.replace('.', ","),
        Locale::En => text.to_owned(),
    }
}

/// `10 000`, `10,000`.
pub(super) fn count(number: u64, locale: Locale) -> String {
    let digits = number.to_string();
    let separator = match locale {
        Locale::Ru if digits.len() > 4 => Some(NO_BREAK),
        Locale::Ru => None,
        Locale::En => Some(','),
    };
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0
            && (digits.len() - index).is_multiple_of(3)
            && let Some(separator) = separator
        {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// `38 %`, `0,4 %`.
pub(super) fn percent(value: f64, locale: Locale) -> String {
    let digits = usize::from(value < 9.95);
    let text = format!("{value:.digits$}");
    match locale {
        Locale::Ru => format!("{}{NO_BREAK}%", text.replace('.', ",")),
        Locale::En => format!("{text}%"),
    }
}

/// The same with one digit behind the point.
pub(super) fn exact_percent(value: f64, locale: Locale) -> String {
    match locale {
        Locale::Ru => format!("{}{NO_BREAK}%", format!("{value:.1}").replace('.', ",")),
        Locale::En => format!("{value:.1}%"),
    }
}

/// How many times faster: `10`, `1,4`.
pub(super) fn ratio(value: f64, locale: Locale) -> String {
    let text = if value >= 9.95 { format!("{value:.0}") } else { format!("{value:.1}") };
    let text = text.strip_suffix(".0").unwrap_or(&text);
    match locale {
        Locale::Ru => text.replace('.', ","),
        Locale::En => text.to_owned(),
    }
}

/// `раз`, `раза` behind a number.
pub(super) fn times_word(number: u64) -> &'static str {
    match (number % 10, number % 100) {
        (_, 11..=14) => "раз",
        (2..=4, _) => "раза",
        _ => "раз",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn numbers_in_both_languages() {
        let mut shown = String::new();
        for ns in [0, 17, 999, 1_000, 225_045, 999_600, 4_000_000, 250_000_000, 999_900_000, 2_404_000_000] {
            shown += &format!("{} | {}\n", time(ns, Locale::Ru), time(ns, Locale::En));
        }
        shown += &format!("{} | {}\n", time(3_723_000_000_000, Locale::Ru), time(61_250_000_000, Locale::En));
        for number in [0, 7, 1200, 10_000, 1_234_567] {
            shown += &format!("{} | {}\n", count(number, Locale::Ru), count(number, Locale::En));
        }
        for value in [0.04, 9.94, 9.96, 38.2, 100.0] {
            shown += &format!("{} | {}\n", percent(value, Locale::Ru), exact_percent(value, Locale::En));
        }
        shown +=
            &format!("{} {} {}\n", ratio(10.0, Locale::Ru), ratio(1.43, Locale::Ru), ratio(2.0, Locale::En));
        expect![[""]].assert_eq(&shown.replace('\u{a0}', "_"));
    }

    #[test]
    fn russian_numbers_govern_their_words() {
        let words = [1, 2, 5, 11, 12, 22, 100, 104].map(times_word);
        assert_eq!(words, ["раз", "раза", "раз", "раз", "раз", "раза", "раз", "раза"]);
    }
}
