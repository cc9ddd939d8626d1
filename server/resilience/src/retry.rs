//! Trying again, and how long anything may take.

use std::time::Duration;

use base::CancelToken;

/// How often and when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPreset {
    pub attempts: u32,
    /// The wait after attempt `n` (from 0) is `first · 2ⁿ`, within the bounds.
    pub first: Duration,
    pub min: Duration,
    pub max: Duration,
}

impl RetryPreset {
    /// Work in the background: two waits of 4 s.
    pub const A: Self = Self {
        attempts: 3,
        first: Duration::from_secs(1),
        min: Duration::from_secs(4),
        max: Duration::from_secs(10),
    };
    /// Somebody waits: 1 s and 2 s.
    pub const B: Self = Self {
        attempts: 3,
        first: Duration::from_secs(1),
        min: Duration::ZERO,
        max: Duration::from_secs(10),
    };

    /// The wait after attempt `number`, counted from 0; `None` after the last one.
    pub fn wait_after(&self, number: u32) -> Option<Duration> {
        if number.saturating_add(1) >= self.attempts {
            return None;
        }
        let factor = 1_u32.checked_shl(number).unwrap_or(u32::MAX);
        Some(self.first.saturating_mul(factor).clamp(self.min, self.max))
    }
}

/// How long calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    /// One attempt, all in all.
    pub attempt: Duration,
    /// All attempts with their waits.
    pub total: Duration,
}

impl Timeouts {
    pub const HTTP: Self = Self {
        connect: Duration::from_millis(500),
        attempt: Duration::from_secs(2),
        total: Duration::from_secs(10),
    };
}

/// What [`retry`] was told by an attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryError<E> {
    /// Trying again may help.
    Again(E),
    /// It does not.
    Final(E),
}

/// Calls `attempt` (with its number) until it succeeds, fails for good, or attempts are used up; then its last error is
/// returned. `sleep` waits; whoever cancels gets the last error too.
pub fn retry<T, E>(
    preset: RetryPreset,
    cancel: &CancelToken,
    mut sleep: impl FnMut(Duration),
    mut attempt: impl FnMut(u32) -> Result<T, RetryError<E>>,
) -> Result<T, E> {
    let mut number = 0;
    loop {
        let error = match attempt(number) {
            Ok(value) => return Ok(value),
            Err(RetryError::Final(error)) => return Err(error),
            Err(RetryError::Again(error)) => error,
        };
        let Some(wait) = preset.wait_after(number) else {
            return Err(error);
        };
        sleep(wait);
        if cancel.is_cancelled() {
            return Err(error);
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(preset: RetryPreset, succeeds_at: u32) -> (Vec<u64>, Result<u32, &'static str>) {
        let mut waits = Vec::new();
        let result = retry(
            preset,
            &CancelToken::new(),
            |wait| waits.push(wait.as_secs()),
            |number| {
                if number == succeeds_at { Ok(number) } else { Err(RetryError::Again("down")) }
            },
        );
        (waits, result)
    }

    #[test]
    fn waits_as_the_presets_say() {
        assert_eq!(run(RetryPreset::A, 9), (vec![4, 4], Err("down")));
        assert_eq!(run(RetryPreset::B, 9), (vec![1, 2], Err("down")));
        assert_eq!(run(RetryPreset::B, 1), (vec![1], Ok(1)));
        assert_eq!(run(RetryPreset::B, 0), (vec![], Ok(0)));
        assert_eq!(RetryPreset { attempts: 99, ..RetryPreset::A }.wait_after(90), Some(RetryPreset::A.max));
    }

    #[test]
    fn ends_at_a_final_error_and_when_cancelled() {
        let mut calls = 0;
        let result: Result<(), _> = retry(
            RetryPreset::B,
            &CancelToken::new(),
            |_| (),
            |_| {
                calls += 1;
                Err(RetryError::Final("no such file"))
            },
        );
        assert_eq!((result, calls), (Err("no such file"), 1));

        let cancel = CancelToken::new();
        let mut calls = 0;
        let result: Result<(), _> = retry(
            RetryPreset::B,
            &cancel,
            |_| cancel.cancel(),
            |_| {
                calls += 1;
                Err(RetryError::Again("down"))
            },
        );
        assert_eq!((result, calls), (Err("down"), 1));
    }
}
