//! What keeps a failing neighbor from disturbing anybody: circuit breaker, retries, rate limit, timeouts, and the clock
//! they share, so that tests and replays need no waiting.

mod breaker;
mod clock;
mod rate;
mod retry;

pub use breaker::{Breaker, BreakerPreset, BreakerState, Permit};
pub use clock::{Clock, SharedClock, SystemClock, VirtualClock};
pub use rate::{RatePreset, TokenBucket};
pub use retry::{RetryError, RetryPreset, Timeouts, retry};
