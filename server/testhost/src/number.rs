//! Numbers are decimal, as in the platform: whole ones on a fast path, the others with 28 digits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

/// A decimal number. `Whole` is used whenever the value fits, so equal numbers are equal values.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    Whole(i64),
    Fraction(Decimal),
}

/// Why a number could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    DivisionByZero,
    Overflow,
}

/// Digits after the point of a quotient.
const QUOTIENT_DIGITS: u32 = 27;

pub(crate) type NumberResult = Result<Number, NumberError>;

impl Number {
    pub const ZERO: Self = Self::Whole(0);
    pub const ONE: Self = Self::Whole(1);

    /// Reads what stands in code or what a user typed: digits with a dot or a comma and blanks around. Groups of digits
    /// are not read, though [`presentation`] writes them.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String =
            text.trim().chars().map(|letter| if letter == ',' { '.' } else { letter }).collect();
        if let Ok(whole) = text.parse::<i64>() {
            return Some(Self::Whole(whole));
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
        let is_plain = digits.bytes().any(|byte| byte.is_ascii_digit())
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let exact = || Decimal::from_str_exact(&text).or_else(|_| text.parse::<Decimal>()).ok();
        is_plain.then(exact).flatten().map(Self::from_decimal)
    }

    pub fn from_decimal(value: Decimal) -> Self {
        if value.is_integer()
            && let Some(whole) = value.to_i64()
        {
            return Self::Whole(whole);
        }
        Self::Fraction(value.normalize())
    }

    pub fn from_float(value: f64) -> NumberResult {
        Decimal::from_f64(value).map(Self::from_decimal).ok_or(NumberError::Overflow)
    }

    pub fn decimal(self) -> Decimal {
        match self {
            Self::Whole(whole) => Decimal::from(whole),
            Self::Fraction(fraction) => fraction,
        }
    }

    pub fn float(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Fraction(fraction) => fraction.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// The whole part, towards zero.
    pub fn truncated(self) -> Self {
        match self {
            Self::Whole(_) => self,
            Self::Fraction(fraction) => Self::from_decimal(fraction.trunc()),
        }
    }

    /// The whole part if it fits a machine word.
    pub fn to_i64(self) -> Option<i64> {
        match self.truncated() {
            Self::Whole(whole) => Some(whole),
            Self::Fraction(_) => None,
        }
    }

    pub fn is_zero(self) -> bool {
        matches!(self, Self::Whole(0))
    }

    pub fn plus(self, other: Self) -> NumberResult {
        if let (Self::Whole(left), Self::Whole(right)) = (self, other)
            && let Some(sum) = left.checked_add(right)
        {
            return Ok(Self::Whole(sum));
        }
        self.decimal().checked_add(other.decimal()).map(Self::from_decimal).ok_or(NumberError::Overflow)
    }

    pub fn subtract(self, other: Self) -> NumberResult {
        if let (Self::Whole(left), Self::Whole(right)) = (self, other)
            && let Some(difference) = left.checked_sub(right)
        {
            return Ok(Self::Whole(difference));
        }
        self.decimal().checked_sub(other.decimal()).map(Self::from_decimal).ok_or(NumberError::Overflow)
    }

    pub fn multiply(self, other: Self) -> NumberResult {
        if let (Self::Whole(left), Self::Whole(right)) = (self, other)
            && let Some(product) = left.checked_mul(right)
        {
            return Ok(Self::Whole(product));
        }
        self.decimal().checked_mul(other.decimal()).map(Self::from_decimal).ok_or(NumberError::Overflow)
    }

    pub fn divide(self, other: Self) -> NumberResult {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        if let (Self::Whole(left), Self::Whole(right)) = (self, other)
            && left.checked_rem(right) == Some(0)
        {
            return Ok(Self::Whole(left / right));
        }
        let quotient = self.decimal().checked_div(other.decimal()).ok_or(NumberError::Overflow)?;
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        Ok(Self::from_decimal(quotient.round_dp_with_strategy(QUOTIENT_DIGITS, strategy)))
    }

    /// The remainder has the sign of the dividend.
    pub fn remainder(self, other: Self) -> NumberResult {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        if let (Self::Whole(left), Self::Whole(right)) = (self, other)
            && let Some(remainder) = left.checked_rem(right)
        {
            return Ok(Self::Whole(remainder));
        }
        self.decimal().checked_rem(other.decimal()).map(Self::from_decimal).ok_or(NumberError::Overflow)
    }

    pub fn negated(self) -> NumberResult {
        Self::ZERO.subtract(self)
    }

    /// Rounds to `digits` after the point, or before it if negative; halves go away from zero, or towards it.
    pub fn rounded(self, digits: i64, is_half_up: bool) -> Self {
        let strategy = if is_half_up {
            RoundingStrategy::MidpointAwayFromZero
        } else {
            RoundingStrategy::MidpointTowardZero
        };
        let value = self.decimal();
        if let Ok(digits) = u32::try_from(digits) {
            return Self::from_decimal(value.round_dp_with_strategy(digits.min(28), strategy));
        }
        let scale = (1..=digits.unsigned_abs().min(27)).fold(Decimal::ONE, |scale, _| scale * Decimal::TEN);
        let quotient = value.checked_div(scale).unwrap_or_default();
        let rounded = quotient.round_dp_with_strategy(0, strategy);
        Self::from_decimal(rounded.checked_mul(scale).unwrap_or_default())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Whole(whole) => whole.hash(state),
            Self::Fraction(fraction) => fraction.hash(state),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => left.cmp(right),
            _ => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Whole(value)
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or_else(|_| Self::from_decimal(Decimal::from(value as u64)), Self::Whole)
    }
}

/// The form in messages of code: a dot and no groups.
impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => whole.fmt(formatter),
            Self::Fraction(fraction) => fraction.normalize().fmt(formatter),
        }
    }
}

/// The form that `Строка` gives in Russian: a comma and groups of three digits parted by no-break spaces.
pub fn presentation(number: Number) -> String {
    let plain = number.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text += fraction;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).expect("invariant: tests write numbers")
    }

    #[test]
    fn tenths_add_up_exactly() {
        assert_eq!(number("0.1").plus(number("0.2")), Ok(number("0.3")));
        assert_eq!(number("1").divide(number("4")), Ok(number("0,25")));
        assert_eq!(
            number("9223372036854775807").plus(Number::ONE).map(|sum| sum.to_string()),
            Ok("9223372036854775808".into())
        );
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(number("2.5").rounded(0, true), number("3"));
        assert_eq!(number("-2.5").rounded(0, true), number("-3"));
        assert_eq!(number("2.5").rounded(0, false), number("2"));
        assert_eq!(number("1234").rounded(-2, true), number("1200"));
    }

    #[test]
    fn groups_are_parted_by_no_break_spaces() {
        assert_eq!(presentation(number("1234567.5")), "1\u{a0}234\u{a0}567,5");
        assert_eq!(presentation(number("-123")), "-123");
        assert!(Number::parse("1\u{a0}000").is_none());
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["", "abc", "1e5", "--1", "1 2", "."] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
