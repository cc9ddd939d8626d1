//! `Формат`: numbers, dates and booleans by a format string such as `ЧДЦ=2; ЧГ=0` or `ДФ=dd.MM.yyyy`.

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::date::Date;
use crate::failure::Outcome;
use crate::machine::Machine;
use crate::number::Number;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[("Формат", "Format", 2, 2, format)];

const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const WEEK_DAYS: [&str; 7] =
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];

/// No number is written with more digits.
const MOST_DIGITS: usize = 100;

/// Parameters of a format string, names in lower case.
struct Settings(Vec<(String, String)>);

impl Settings {
    /// Values may stand in quotes, in which a doubled quote is one.
    fn parse(text: &str) -> Self {
        let mut settings = Vec::new();
        let mut rest = text;
        while !rest.trim().is_empty() {
            let (name, after) = rest.split_once('=').unwrap_or((rest, ""));
            let after = after.trim_start();
            let (value, next) = match after.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
                Some(quote) => quoted(&after[1..], quote),
                None => {
                    let (value, next) = after.split_once(';').unwrap_or((after, ""));
                    (value.trim_end().to_owned(), next)
                }
            };
            settings.push((base::fold_case(name.trim()).to_string(), value));
            rest = next.trim_start_matches([';', ' ']);
        }
        Self(settings)
    }

    fn get(&self, russian: &str, english: &str) -> Option<&str> {
        let found =
            self.0.iter().find(|(name, _)| base::same_name(name, russian) || base::same_name(name, english));
        found.map(|(_, value)| value.as_str())
    }

    fn number(&self, russian: &str, english: &str) -> Option<usize> {
        let number = self.get(russian, english).and_then(|value| value.trim().parse::<usize>().ok());
        number.map(|number| number.min(MOST_DIGITS))
    }
}

fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut value = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != quote {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == quote).is_some() {
            value.push(quote);
        } else {
            return (value, &text[at + 1..]);
        }
    }
    (value, "")
}

fn format(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let settings = Settings::parse(&arguments.text(1)?);
    Ok(match arguments.value(0) {
        Value::Number(number) => number_text(number, &settings).into(),
        Value::Date(date) => date_text(date, &settings).into(),
        Value::Boolean(value) => {
            let shown = if value { settings.get("БИ", "BT") } else { settings.get("БЛ", "BF") };
            shown.map_or_else(|| Value::Text(Value::Boolean(value).presentation()), Value::from)
        }
        Value::Undefined | Value::Null => "".into(),
        value => Value::Text(value.presentation()),
    })
}

fn number_text(number: Number, settings: &Settings) -> String {
    let zero = settings.get("ЧН", "NZ");
    if number.is_zero() {
        // Without `ЧН` zero is shown as nothing.
        return match zero {
            None => String::new(),
            Some("") => "0".to_owned(),
            Some(text) => text.to_owned(),
        };
    }
    let digits = settings.number("ЧДЦ", "NFD");
    let shifted = match settings.get("ЧС", "NS").and_then(|shift| shift.trim().parse::<i64>().ok()) {
        Some(shift) => shifted(number, shift),
        None => number,
    };
    let rounded = digits.map_or(shifted, |digits| shifted.rounded(digits as i64, true));
    let plain = rounded.to_string();
    let (is_negative, plain) = plain.strip_prefix('-').map_or((false, plain.as_str()), |plain| (true, plain));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut fraction = format!("{fraction:0<width$}", width = digits.unwrap_or(0));
    let mut whole = whole.to_owned();
    if let Some(width) = settings.number("ЧЦ", "ND").filter(|width| *width > 0) {
        let width = width.saturating_sub(digits.unwrap_or(0));
        if whole.len() > width {
            // What does not fit is shown as nines.
            whole = "9".repeat(width);
            fraction = "9".repeat(fraction.len());
        } else if settings.get("ЧВН", "NLZ").is_some() {
            whole = format!("{whole:0>width$}");
        }
    }
    let separator = settings.get("ЧРГ", "NGS").and_then(|text| text.chars().next()).unwrap_or('\u{a0}');
    let mut text = grouped(&whole, settings.get("ЧГ", "NG"), separator);
    if !fraction.is_empty() {
        text += settings.get("ЧРД", "NDS").filter(|text| !text.is_empty()).unwrap_or(",");
        text += &fraction;
    }
    signed(text, is_negative, settings)
}

/// A number with its point some digits to the left, or to the right if the shift is negative.
fn shifted(number: Number, shift: i64) -> Number {
    let power = (0..shift.unsigned_abs().min(27))
        .try_fold(Number::ONE, |power, _| power.multiply(Number::from(10_i64)));
    let result =
        power.and_then(|power| if shift > 0 { number.divide(power) } else { number.multiply(power) });
    result.unwrap_or(number)
}

/// `ЧГ=0` switches groups off; otherwise the first number is the size of all of them.
fn grouped(whole: &str, groups: Option<&str>, separator: char) -> String {
    let size = match groups {
        Some(groups) => groups.split(',').next().and_then(|size| size.trim().parse().ok()).unwrap_or(0),
        None => 3_usize,
    };
    if size == 0 {
        return whole.to_owned();
    }
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(size) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

fn signed(text: String, is_negative: bool, settings: &Settings) -> String {
    match (is_negative, settings.get("ЧО", "NN")) {
        (false, _) => text,
        (true, Some("0")) => format!("({text})"),
        (true, Some("2")) => format!("- {text}"),
        (true, Some("3")) => format!("{text}-"),
        (true, Some("4")) => format!("{text} -"),
        (true, _) => format!("-{text}"),
    }
}

fn date_text(date: Date, settings: &Settings) -> String {
    if date == Date::EMPTY {
        return settings.get("ДП", "DE").unwrap_or_default().to_owned();
    }
    if let Some(pattern) = settings.get("ДФ", "DF") {
        return by_pattern(date, pattern);
    }
    match settings.get("ДЛФ", "DLF").map(|form| base::fold_case(form).to_string()).as_deref() {
        Some("д" | "d") => by_pattern(date, "dd.MM.yyyy"),
        Some("дд" | "dd") => by_pattern(date, "d MMMM yyyy 'г.'"),
        Some("в" | "t") => by_pattern(date, "H:mm:ss"),
        Some("ддв" | "ддвв" | "ddt") => by_pattern(date, "d MMMM yyyy 'г.' H:mm:ss"),
        _ => date.presentation(),
    }
}

/// Letters stand for parts of the date, in Russian or in English; text in quotes and other signs stay.
fn by_pattern(date: Date, pattern: &str) -> String {
    let parts = date.parts();
    let mut text = String::new();
    let letters: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        if matches!(letter, '\'' | '"') {
            let end = letters[at + 1..].iter().position(|other| *other == letter);
            let end = end.map_or(letters.len(), |end| at + 1 + end);
            text.extend(&letters[at + 1..end]);
            at = end + 1;
            continue;
        }
        let length = letters[at..].iter().take_while(|other| **other == letter).count();
        let number = |value: i64| if length == 1 { value.to_string() } else { format!("{value:02}") };
        match letter {
            'd' | 'д' if length >= 3 => text += WEEK_DAYS[(date.week_day() - 1) as usize],
            'd' | 'д' => text += &number(parts.day),
            'M' | 'М' if length >= 4 => text += MONTHS[(parts.month - 1) as usize],
            'M' | 'М' if length == 3 => text.extend(MONTHS[(parts.month - 1) as usize].chars().take(3)),
            'M' | 'М' => text += &number(parts.month),
            'y' | 'г' if length >= 3 => text += &format!("{:04}", parts.year),
            'y' | 'г' => text += &number(parts.year % 100),
            'H' | 'Ч' => text += &number(parts.hour),
            'h' | 'ч' => text += &number((parts.hour + 11) % 12 + 1),
            'm' | 'м' => text += &number(parts.minute),
            's' | 'с' => text += &number(parts.second),
            'q' | 'к' => text += &number((parts.month - 1) / 3 + 1),
            other => text.extend(std::iter::repeat_n(other, length)),
        }
        at += length;
    }
    text
}
