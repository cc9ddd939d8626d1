//! Moments in the local time of the machine that wrote a journal; journals name no time zone.

use std::fmt;

pub(super) const HOUR_US: i64 = 3_600_000_000;

/// Microseconds since the first day of 1970, local time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// An hour of a day, if there is such a day.
    pub(super) fn of_hour(year: u32, month: u32, day: u32, hour: u32) -> Option<Self> {
        let is_valid = (1..=12).contains(&month) && day >= 1 && day <= month_days(year, month) && hour < 24;
        let hours = days(i64::from(year), i64::from(month), i64::from(day)) * 24 + i64::from(hour);
        is_valid.then_some(Self(hours * HOUR_US))
    }

    /// Reads `2026-11-20`, `2026-11-20T12`, `2026-11-20T12:30`, with seconds and their fraction if needed.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.trim().split_once(['T', ' ']).unwrap_or((text.trim(), "0"));
        let mut date = date.split('-').map(|part| part.parse::<u32>().ok());
        let (year, month, day) = (date.next()??, date.next()??, date.next()??);
        if date.next().is_some() || !(1970..=9999).contains(&year) {
            return None;
        }
        let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut time = time.split(':').map(|part| part.parse::<u32>().ok());
        let (hour, minute, second) =
            (time.next()??, time.next().unwrap_or(Some(0))?, time.next().unwrap_or(Some(0))?);
        let is_fraction = fraction.len() <= 6 && fraction.bytes().all(|byte| byte.is_ascii_digit());
        if time.next().is_some() || minute > 59 || second > 59 || !is_fraction {
            return None;
        }
        let micros: i64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<6}").parse().ok()? };
        let start = Self::of_hour(year, month, day, hour)?;
        Some(Self(start.0 + i64::from(minute * 60 + second) * 1_000_000 + micros))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day_us = 24 * HOUR_US;
        let (year, month, day) = date(self.0.div_euclid(day_us));
        let rest = self.0.rem_euclid(day_us);
        let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}")
    }
}

fn month_days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the first day of 1970; years begin in March, so that the leap day is the last one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_there_and_back() {
        for text in ["2026-11-20T12:12:07.481003", "2024-02-29T23:59:59.000000", "1970-01-01T00:00:00.000000"]
        {
            assert_eq!(Moment::parse(text).map(|moment| moment.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Moment::parse("2026-11-20 12:30"), Moment::parse("2026-11-20T12:30:00.0"));
        assert_eq!(Moment::parse("2026-11-20"), Moment::parse("2026-11-20T00"));
        assert_eq!(Moment::parse("1970-01-02T00:00:01"), Some(Moment(24 * HOUR_US + 1_000_000)));
    }

    #[test]
    fn other_texts_are_no_moments() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2025-02-29",
            "2026-11-20T24",
            "2026-11-20T12:60",
            "1-1-1",
            "2026-1-1T1:1:1.-1",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
