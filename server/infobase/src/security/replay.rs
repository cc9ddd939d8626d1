//! A request counts once: it names its time and a nonce, and both are remembered while they could be sent again.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::security::Refusal;

/// Seconds since 1970.
pub const TIME_HEADER: &str = "x-strizh-time";
/// Letters that nobody has used.
pub const NONCE_HEADER: &str = "x-strizh-nonce";

const MAX_NONCE: usize = 128;
const MIN_NONCE: usize = 16;
/// More requests in one window than anybody makes.
const MAX_REMEMBERED: usize = 100_000;

#[derive(Debug)]
pub struct ReplayGuard {
    window: Duration,
    /// Nonces with the moment from which they may be forgotten, in seconds since 1970.
    seen: BTreeMap<String, u64>,
}

impl Default for ReplayGuard {
    fn default() -> Self {
        Self { window: Duration::from_secs(60), seen: BTreeMap::new() }
    }
}

impl ReplayGuard {
    /// Lets a request pass once.
    pub fn check(&mut self, time: Option<&str>, nonce: Option<&str>, now: Duration) -> Result<(), Refusal> {
        let (Some(time), Some(nonce)) = (time, nonce) else { return Err(Refusal::NoNonce) };
        let Ok(time) = time.trim().parse::<u64>() else { return Err(Refusal::NoNonce) };
        if !(MIN_NONCE..=MAX_NONCE).contains(&nonce.len()) {
            return Err(Refusal::NoNonce);
        }
        let now = now.as_secs();
        let window = self.window.as_secs();
        if now.abs_diff(time) > window {
            return Err(Refusal::OutOfTime);
        }
        self.seen.retain(|_, forget_at| *forget_at > now);
        if self.seen.contains_key(nonce) {
            return Err(Refusal::Replayed);
        }
        if self.seen.len() >= MAX_REMEMBERED {
            return Err(Refusal::TooManyRequests);
        }
        // A time ahead of ours could be sent again until the window behind it has passed.
        self.seen.insert(nonce.to_owned(), now.max(time) + window + 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_count_once_and_not_for_long() {
        let mut guard = ReplayGuard::default();
        let mut check = |time: &str, nonce: &str, now: u64| {
            guard.check(Some(time), Some(nonce), Duration::from_secs(now))
        };
        let nonce = "0123456789abcdef";
        assert_eq!(check("1000", nonce, 1000), Ok(()));
        assert_eq!(check("1000", nonce, 1000), Err(Refusal::Replayed));
        assert_eq!(check("1000", nonce, 1060), Err(Refusal::Replayed));
        assert_eq!(check("1000", nonce, 1061), Err(Refusal::OutOfTime), "forgotten, but too old by then");
        assert_eq!(check("1200", "fedcba9876543210", 1000), Err(Refusal::OutOfTime), "from the future");
        assert_eq!(check("1060", "fedcba9876543210", 1000), Ok(()));
        assert_eq!(check("1060", "fedcba9876543210", 1120), Err(Refusal::Replayed));
        assert_eq!(check("now", nonce, 1000), Err(Refusal::NoNonce));
        assert_eq!(check("1000", "short", 1000), Err(Refusal::NoNonce));
        assert_eq!(guard.check(None, Some(nonce), Duration::ZERO), Err(Refusal::NoNonce));
    }
}
