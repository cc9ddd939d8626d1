//! Token bucket: so many calls a minute, in bursts up to the same number.

use std::time::Duration;

use parking_lot::Mutex;

use crate::SharedClock;

/// How many calls are allowed in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatePreset {
    pub calls: u32,
    pub per: Duration,
}

impl RatePreset {
    /// Ordinary outgoing calls.
    pub const CALLS: Self = Self { calls: 100, per: Duration::from_secs(60) };
    /// Calls that cost much.
    pub const HEAVY: Self = Self { calls: 10, per: Duration::from_secs(60) };
}

pub struct TokenBucket {
    preset: RatePreset,
    clock: SharedClock,
    state: Mutex<State>,
}

struct State {
    tokens: f64,
    updated: Duration,
}

impl TokenBucket {
    pub fn new(preset: RatePreset, clock: SharedClock) -> Self {
        let state = State { tokens: f64::from(preset.calls), updated: clock.now() };
        Self { preset, clock, state: Mutex::new(state) }
    }

    /// Takes a token, or tells when there will be one.
    pub fn take(&self) -> Result<(), Duration> {
        let capacity = f64::from(self.preset.calls);
        let per_second = capacity / self.preset.per.as_secs_f64().max(f64::MIN_POSITIVE);
        let mut state = self.state.lock();
        let now = self.clock.now();
        let gained = now.saturating_sub(state.updated).as_secs_f64() * per_second;
        state.tokens = (state.tokens + gained).min(capacity);
        state.updated = now;
        // Sums of fractions miss a whole number by a hair.
        if state.tokens + 1e-6 >= 1.0 {
            state.tokens -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - state.tokens) / per_second.max(f64::MIN_POSITIVE);
        Err(Duration::try_from_secs_f64(wait).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VirtualClock;

    #[test]
    fn allows_a_burst_and_then_the_rate() {
        for (preset, calls) in [(RatePreset::CALLS, 100), (RatePreset::HEAVY, 10)] {
            let clock = VirtualClock::new();
            let bucket = TokenBucket::new(preset, clock.clone());
            let taken = (0..1000).filter(|_| bucket.take().is_ok()).count();
            assert_eq!(taken, calls);
            let wait = bucket.take().expect_err("empty");
            assert_eq!(wait.as_millis(), 60_000 / calls as u128);
            clock.advance(wait);
            assert!(bucket.take().is_ok());
            assert!(bucket.take().is_err());
            clock.advance(Duration::from_secs(30));
            assert_eq!((0..1000).filter(|_| bucket.take().is_ok()).count(), calls / 2);
            clock.advance(Duration::from_secs(3600));
            assert_eq!((0..1000).filter(|_| bucket.take().is_ok()).count(), calls, "never more than a burst");
        }
    }
}
