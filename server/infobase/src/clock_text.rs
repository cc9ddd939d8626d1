//! Moments as text: `2026-01-15T10:20:30.123456Z`, always UTC.

use std::time::Duration;

const DAY: u64 = 24 * 3600;

/// The moment that lies so long behind the beginning of 1970.
pub fn utc(since_1970: Duration) -> String {
    let seconds = since_1970.as_secs();
    let (year, month, day) = civil(seconds / DAY);
    let rest = seconds % DAY;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let micros = since_1970.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

/// Reads `2026-01-15` and `2026-01-15T10:20:30Z`: seconds since 1970.
pub fn parse_utc(text: &str) -> Option<u64> {
    let (date, time) = text.trim().split_once('T').unwrap_or((text.trim(), "00:00:00Z"));
    let mut numbers = date.splitn(3, '-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let time = time.strip_suffix('Z')?;
    let time = time.split_once('.').map_or(time, |(seconds, _)| seconds);
    let mut numbers = time.splitn(3, ':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(days(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
}

/// Years begin in March here, so that the leap day is the last one.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_read() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000Z"),
            (1_780_000_000, "2026-05-28T20:26:40.000000Z"),
            (4_102_444_799, "2099-12-31T23:59:59.000000Z"),
        ] {
            assert_eq!(utc(Duration::from_secs(seconds)), text);
            assert_eq!(parse_utc(text), Some(seconds));
        }
        assert_eq!(parse_utc("2026-05-28"), Some(1_779_926_400));
        for wrong in ["", "2026", "2026-13-01", "2026-05-28T10:00", "2026-05-28T10:00:00+03:00", "0000-01-01"]
        {
            assert_eq!(parse_utc(wrong), None, "{wrong}");
        }
    }
}
