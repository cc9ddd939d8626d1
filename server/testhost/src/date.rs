//! Dates: seconds since 0001-01-01, which is the empty date.

/// A date with time, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i64);

/// Parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateParts {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

const DAY_SECONDS: i64 = 86_400;
/// Last second of the year 3999, the last that the platform knows.
const LAST: i64 = 126_196_185_599;

impl Date {
    pub const EMPTY: Self = Self(0);

    /// `None` for dates that do not exist or lie outside the years 1 to 3999.
    pub fn from_parts(parts: DateParts) -> Option<Self> {
        let is_time = (0..24).contains(&parts.hour)
            && (0..60).contains(&parts.minute)
            && (0..60).contains(&parts.second);
        let is_day = (1..=3999).contains(&parts.year)
            && (1..=12).contains(&parts.month)
            && (1..=month_days(parts.year, parts.month)).contains(&parts.day);
        if !is_time || !is_day {
            return None;
        }
        let days = days_before(parts.year, parts.month, parts.day);
        Some(Self(days * DAY_SECONDS + parts.hour * 3600 + parts.minute * 60 + parts.second))
    }

    /// Digits of a literal: `ггггММдд` or `ггггММддЧЧммсс`; other characters between them do not count. All zeros are the
    /// empty date.
    pub fn from_digits(text: &str) -> Option<Self> {
        let digits: Vec<i64> = text.chars().filter_map(|letter| letter.to_digit(10)).map(i64::from).collect();
        if !matches!(digits.len(), 8 | 12 | 14) {
            return None;
        }
        if digits.iter().all(|digit| *digit == 0) {
            return Some(Self::EMPTY);
        }
        let part = |from: usize, to: usize| {
            digits
                .get(from..to)
                .map_or(0, |digits| digits.iter().fold(0, |number, digit| number * 10 + digit))
        };
        let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
        Self::from_parts(DateParts {
            year,
            month,
            day,
            hour: part(8, 10),
            minute: part(10, 12),
            second: part(12, 14),
        })
    }

    /// A moment some seconds away; dates outside the known years are moved to the nearest known one.
    pub fn shifted(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds).clamp(0, LAST))
    }

    pub fn parts(self) -> DateParts {
        let (days, second) = (self.0.div_euclid(DAY_SECONDS), self.0.rem_euclid(DAY_SECONDS));
        let mut year = days / 366 + 1;
        while days_before(year + 1, 1, 1) <= days {
            year += 1;
        }
        let mut month = 1;
        while month < 12 && days_before(year, month + 1, 1) <= days {
            month += 1;
        }
        let day = days - days_before(year, month, 1) + 1;
        DateParts { year, month, day, hour: second / 3600, minute: second / 60 % 60, second: second % 60 }
    }

    /// Monday is 1.
    pub fn week_day(self) -> i64 {
        self.0.div_euclid(DAY_SECONDS) % 7 + 1
    }

    pub fn start_of_day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY_SECONDS))
    }

    /// The same day and time some months away, or the last day of a shorter month.
    pub fn shifted_by_months(self, months: i64) -> Self {
        let parts = self.parts();
        let index = (parts.year * 12 + parts.month - 1).saturating_add(months).clamp(12, 3999 * 12 + 11);
        let (year, month) = (index / 12, index % 12 + 1);
        let day = parts.day.min(month_days(year, month));
        Self::from_parts(DateParts { year, month, day, ..parts }).unwrap_or(self)
    }

    /// Written as `Строка` gives it.
    pub fn presentation(self) -> String {
        if self == Self::EMPTY {
            return String::new();
        }
        let DateParts { year, month, day, hour, minute, second } = self.parts();
        format!("{day:02}.{month:02}.{year:04} {hour}:{minute:02}:{second:02}")
    }
}

pub fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 0001-01-01 to a date.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let years = year - 1;
    let months: i64 = (1..month).map(|month| month_days(year, month)).sum();
    years * 365 + years / 4 - years / 100 + years / 400 + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back() {
        for day in (0..3999 * 365).step_by(13) {
            let date = Date(day * DAY_SECONDS + 3_661);
            assert_eq!(Date::from_parts(date.parts()), Some(date));
        }
    }

    #[test]
    fn the_last_second_is_in_3999() {
        assert_eq!(Date(LAST).presentation(), "31.12.3999 23:59:59");
        assert_eq!(Date(LAST).shifted(1), Date(LAST));
    }

    #[test]
    fn months_have_their_days() {
        let date = Date::from_digits("20240131").expect("invariant: a date");
        assert_eq!(date.shifted_by_months(1).presentation(), "29.02.2024 0:00:00");
        assert_eq!(date.week_day(), 3);
        assert_eq!(Date::from_digits("20230229"), None);
        assert_eq!(Date::from_digits("00010101000000"), Some(Date::EMPTY));
    }
}
