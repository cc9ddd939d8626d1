//! Numbers as people read them.

use base::Locale;

/// `2,45 с`, `350 мс`, `12 мкс`; never more than three digits that matter.
pub fn time_text(ns: u64, locale: Locale) -> String {
    let (value, ru, en) = match ns {
        0 => (0.0, "с", "s"),
        1..1_000 => (ns as f64, "нс", "ns"),
        1_000..999_500 => (ns as f64 / 1e3, "мкс", "µs"),
        999_500..999_500_000 => (ns as f64 / 1e6, "мс", "ms"),
        _ => (ns as f64 / 1e9, "с", "s"),
    };
    let digits = match value {
        value if value >= 100.0 || value == value.trunc() => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    let number = match value >= 10_000.0 {
        true => count_text(value.round() as u64, locale),
        false => decimal(value, digits, locale),
    };
    format!("{number} {}", super::choose(locale, ru, en))
}

/// `10 000`, `10,000`.
pub fn count_text(number: u64, locale: Locale) -> String {
    let digits = number.to_string();
    // Four digits are read at a glance.
    if digits.len() < 5 {
        return digits;
    }
    let separator = super::choose(locale, "\u{a0}", ",");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

/// A part of a whole, `38 %`, `0,4 %`.
pub fn share_text(share: f64, locale: Locale) -> String {
    percent_text(share * 100.0, locale)
}

/// `+12 %` needs its sign from the caller.
pub fn percent_text(percent: f64, locale: Locale) -> String {
    let digits = if percent.abs() >= 10.0 || percent == 0.0 { 0 } else { 1 };
    format!("{} %", decimal(percent, digits, locale))
}

fn decimal(value: f64, digits: usize, locale: Locale) -> String {
    let text = format!("{value:.digits$}");
    match locale {
        Locale::Ru => text.replace('.', ","),
        Locale::En => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let ru = |ns| time_text(ns, Locale::Ru);
        assert_eq!([0, 999, 12_345, 350_000_000].map(ru), ["0 с", "999 нс", "12,3 мкс", "350 мс"]);
        assert_eq!([2_450_000_000, 999_900_000, 7_085_259_430_000].map(ru), ["2,45 с", "1,00 с", "7085 с"]);
        assert_eq!(time_text(12_345_000_000_000, Locale::En), "12,345 s");
        assert_eq!(time_text(2_450_000, Locale::En), "2.45 ms");
        assert_eq!(
            [9999, 10_000, 1_234_567].map(|number| count_text(number, Locale::En)),
            ["9999", "10,000", "1,234,567"]
        );
        assert_eq!(share_text(0.384, Locale::Ru), "38 %");
        assert_eq!(share_text(0.004, Locale::Ru), "0,4 %");
        assert_eq!(share_text(0.0, Locale::Ru), "0 %");
    }
}
