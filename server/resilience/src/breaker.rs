//! Circuit breaker: after several failures in a row nobody is bothered for a while, then one call may try.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::SharedClock;

/// When a breaker opens and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerPreset {
    /// Failures in a row.
    pub failures: u32,
    pub open_for: Duration,
}

impl BreakerPreset {
    /// For helpers of the user's own machine.
    pub const A: Self = Self { failures: 5, open_for: Duration::from_secs(60) };
    /// For engines and caches elsewhere.
    pub const B: Self = Self { failures: 3, open_for: Duration::from_secs(30) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls pass.
    Closed,
    /// Calls are refused for this long.
    Open(Duration),
    /// The next call, or the one under way, decides.
    HalfOpen,
}

/// Cloning shares the state.
#[derive(Clone)]
pub struct Breaker {
    preset: BreakerPreset,
    clock: SharedClock,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    failures: u32,
    /// When it opened last. `None`: closed.
    opened: Option<Duration>,
    is_probing: bool,
}

/// Leave to make one call. Dropped without a verdict (a cancelled call) it changes nothing.
#[derive(Debug)]
#[must_use = "the outcome of the call has to be told"]
pub struct Permit {
    breaker: Breaker,
    is_probe: bool,
    is_told: bool,
}

impl Breaker {
    pub fn new(preset: BreakerPreset, clock: SharedClock) -> Self {
        Self { preset, clock, state: Arc::default() }
    }

    /// Leave for a call, or how long to wait.
    pub fn acquire(&self) -> Result<Permit, Duration> {
        let mut state = self.state.lock();
        let Some(opened) = state.opened else {
            return Ok(self.permit(false));
        };
        let since = self.clock.now().saturating_sub(opened);
        if since < self.preset.open_for {
            return Err(self.preset.open_for - since);
        }
        if state.is_probing {
            return Err(Duration::ZERO);
        }
        state.is_probing = true;
        Ok(self.permit(true))
    }

    pub fn state(&self) -> BreakerState {
        let state = self.state.lock();
        let Some(opened) = state.opened else {
            return BreakerState::Closed;
        };
        match self.preset.open_for.checked_sub(self.clock.now().saturating_sub(opened)) {
            Some(left) if !left.is_zero() => BreakerState::Open(left),
            _ => BreakerState::HalfOpen,
        }
    }

    fn permit(&self, is_probe: bool) -> Permit {
        Permit { breaker: self.clone(), is_probe, is_told: false }
    }
}

impl std::fmt::Debug for Breaker {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Breaker").field(&self.state()).finish()
    }
}

impl Permit {
    pub fn success(mut self) {
        self.is_told = true;
        let mut state = self.breaker.state.lock();
        // A call from before the breaker opened proves nothing about now.
        if state.opened.is_none() || self.is_probe {
            *state = State::default();
        }
    }

    pub fn failure(mut self) {
        self.is_told = true;
        let mut state = self.breaker.state.lock();
        state.failures = state.failures.saturating_add(1);
        let opens = state.opened.is_none() && state.failures >= self.breaker.preset.failures;
        if opens || self.is_probe {
            state.opened = Some(self.breaker.clock.now());
            state.is_probing = false;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.is_probe && !self.is_told {
            self.breaker.state.lock().is_probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VirtualClock;

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.acquire().expect("closed").failure();
        }
    }

    #[test]
    fn opens_after_failures_in_a_row_and_lets_one_call_try() {
        for (preset, failures, seconds) in [(BreakerPreset::A, 5, 60), (BreakerPreset::B, 3, 30)] {
            let clock = VirtualClock::new();
            let breaker = Breaker::new(preset, clock.clone());
            fail(&breaker, failures - 1);
            breaker.acquire().expect("closed").success();
            fail(&breaker, failures - 1);
            assert_eq!(breaker.state(), BreakerState::Closed, "a success starts the count again");
            fail(&breaker, 1);
            assert_eq!(breaker.state(), BreakerState::Open(Duration::from_secs(seconds)));

            clock.advance(Duration::from_secs(seconds - 1));
            assert_eq!(breaker.acquire().err(), Some(Duration::from_secs(1)));
            clock.advance(Duration::from_secs(1));
            assert_eq!(breaker.state(), BreakerState::HalfOpen);
            let probe = breaker.acquire().expect("half-open");
            assert_eq!(breaker.acquire().err(), Some(Duration::ZERO), "only one call tries");
            probe.failure();
            assert_eq!(breaker.state(), BreakerState::Open(Duration::from_secs(seconds)));

            clock.advance(Duration::from_secs(seconds));
            drop(breaker.acquire().expect("half-open"));
            breaker.acquire().expect("a cancelled try leaves room for another").success();
            assert_eq!(breaker.state(), BreakerState::Closed);
            fail(&breaker, failures - 1);
            assert_eq!(breaker.state(), BreakerState::Closed, "failures count from zero again");
        }
    }

    #[test]
    fn a_late_success_does_not_close_an_open_breaker() {
        let clock = VirtualClock::new();
        let breaker = Breaker::new(BreakerPreset::B, clock);
        let late = breaker.acquire().expect("closed");
        fail(&breaker, 3);
        late.success();
        assert!(matches!(breaker.state(), BreakerState::Open(_)));
    }
}
