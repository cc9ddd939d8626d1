//! The start of an event: `mm:ss.ffffff-duration,NAME,depth,`, with or without date and hour before it.

use super::moment::Moment;

/// More than any start of an event takes.
pub(super) const MAX_HEAD_BYTES: usize = 160;

const MAX_NAME_BYTES: usize = 64;

/// What stands before the properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// Bytes up to the first property.
    pub(super) length: usize,
    /// The hour, if it is written.
    pub(super) hour: Option<Moment>,
    /// Since the start of the hour.
    pub(super) micros: i64,
    /// Microseconds; `None` if the number is too large.
    pub(super) duration: Option<i64>,
    pub(super) name: &'a [u8],
    pub(super) depth: u32,
    /// False for minute 75 and the like.
    pub(super) is_time: bool,
}

impl<'a> Head<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut hour = None;
        let mut is_time = true;
        if bytes.get(4) == Some(&b'-') {
            let date =
                [number(bytes, 0, 4)?, number(bytes, 5, 2)?, number(bytes, 8, 2)?, number(bytes, 11, 2)?];
            if (bytes.get(7), bytes.get(10), bytes.get(13)) != (Some(&b'-'), Some(&b'T'), Some(&b':')) {
                return None;
            }
            hour = Moment::of_hour(date[0], date[1], date[2], date[3]);
            is_time = hour.is_some();
            rest = bytes.get(14..)?;
        }
        let (minute, second) = (number(rest, 0, 2)?, number(rest, 3, 2)?);
        if rest.get(2) != Some(&b':') || rest.get(5) != Some(&b'.') {
            return None;
        }
        is_time &= minute < 60 && second < 60;
        let rest = &rest[6..];
        let digits = digits(rest);
        if !(4..=6).contains(&digits) || rest.get(digits) != Some(&b'-') {
            return None;
        }
        // Four digits are those of 8.2, whose durations have the same unit.
        let unit = 10_i64.pow(6 - digits as u32);
        let fraction = i64::from(number(rest, 0, digits)?) * unit;
        let (duration, rest) = take_number(&rest[digits + 1..])?;
        let rest = rest.strip_prefix(b",")?;
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let name = &rest[..rest.iter().take(MAX_NAME_BYTES).take_while(|byte| is_word(byte)).count()];
        let (depth, rest) = take_number(rest[name.len()..].strip_prefix(b",")?)?;
        let rest = rest.strip_prefix(b",")?;
        if name.is_empty() {
            return None;
        }
        Some(Self {
            length: bytes.len() - rest.len(),
            hour,
            micros: i64::from(minute * 60 + second) * 1_000_000 + fraction,
            duration: duration
                .and_then(|duration| duration.checked_mul(unit))
                .filter(|&time| time <= MAX_DURATION_US),
            name,
            depth: depth.and_then(|depth| u32::try_from(depth).ok()).unwrap_or(u32::MAX),
            is_time,
        })
    }

    /// A quick look that passes every head and hardly anything else.
    pub(super) fn may_start(bytes: &[u8]) -> bool {
        match bytes {
            [a, b, c, d, e, f, ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
                *c == b':' && *f == b'.' || *e == b'-' && c.is_ascii_digit() && d.is_ascii_digit()
            }
            _ => false,
        }
    }
}

/// A year and more; nothing lasts longer, and sums of starts and ends stay in range.
const MAX_DURATION_US: i64 = 400 * 24 * 3600 * 1_000_000;

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count()
}

fn number(bytes: &[u8], start: usize, length: usize) -> Option<u32> {
    let digits = bytes.get(start..start + length)?;
    let add = |sum: u32, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'));
    digits.iter().try_fold(0, add)
}

/// A number and what follows it; the number itself is missing if it is too large.
fn take_number(bytes: &[u8]) -> Option<(Option<i64>, &[u8])> {
    let count = bytes.iter().take(40).take_while(|byte| byte.is_ascii_digit()).count();
    let add = |sum: i64, byte: &u8| sum.checked_mul(10)?.checked_add(i64::from(byte - b'0'));
    (count > 0).then(|| (bytes[..count].iter().try_fold(0, add), &bytes[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<(String, i64, Option<i64>, u32)> {
        let head = Head::parse(text.as_bytes())?;
        assert!(Head::may_start(text.as_bytes()), "{text}");
        let name = String::from_utf8_lossy(head.name).into_owned();
        Some((name, head.micros, head.duration, head.depth))
    }

    #[test]
    fn both_forms_of_time() {
        let expected = Some(("CALL".to_owned(), 727_481_003, Some(2_154_000), 0));
        assert_eq!(parse("12:07.481003-2154000,CALL,0,level=INFO"), expected);
        assert_eq!(parse("2026-11-20T12:12:07.481003-2154000,CALL,0,level=INFO"), expected);
        let hour = Head::parse(b"2026-11-20T12:12:07.481003-2154000,CALL,0,").and_then(|head| head.hour);
        assert_eq!(hour, Moment::parse("2026-11-20T12"));
    }

    #[test]
    fn four_digits_count_tenths_of_milliseconds() {
        assert_eq!(parse("00:01.0002-15,DB2,3,"), Some(("DB2".to_owned(), 1_000_200, Some(1500), 3)));
    }

    #[test]
    fn other_lines_start_no_event() {
        for text in [
            "",
            "12",
            "12:07",
            "12:07.48-5,A,0,",
            "12:07.481003-,A,0,",
            "12:07.481003-5,,0,",
            "12:07.481003-5,A,0",
            "12:07.481003 5,A,0,",
            "FROM _Reference27 T1",
            "2026-11-20T12:12:07",
            "12:07.481003-5,A B,0,",
        ] {
            assert_eq!(Head::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_told() {
        assert_eq!(parse("00:00.000000-99999999999999999999,A,0,").map(|head| head.2), Some(None));
        let head = Head::parse(b"75:00.000000-1,A,0,").expect("a head");
        assert!(!head.is_time);
        assert!(Head::parse(b"2026-13-20T12:12:07.481003-1,A,0,").is_some_and(|head| !head.is_time));
    }
}
