//! What this machine offers, and how products are kept from waiting for a busy one.
//!
//! candle spreads every product over a pool whose caller spins until the last worker is done. For matrices of a tiny
//! model that gains little, and when another process holds a core each of some thirty products per token waits for a
//! time slice. A variable of the environment sets the size of the pool, but only before the first product, and setting
//! it from inside is `unsafe`. What [`on_one_thread`] does needs neither: products that start on a worker of the pool
//! run there alone.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use candle_core::utils::barrier_pool;
use parking_lot::{Condvar, Mutex};

use super::error::ModelError;

/// Variables that change how candle calculates, and what they do.
const VARIABLES: [(&str, &str); 8] = [
    ("CANDLE_NUM_THREADS", "sets the threads of products of large models"),
    ("CANDLE_BARRIER_POOL_SPIN_LIMIT", "sets how long an idle thread of products spins"),
    ("CANDLE_CPU_MASK", "pins the threads of products"),
    ("CANDLE_CPU_AFFINITY", "pins the threads of products"),
    ("CANDLE_DEQUANTIZE_ALL", "would undo quantization; the model here ignores it"),
    ("CANDLE_DEQUANTIZE_ALL_F16", "would undo quantization; the model here ignores it"),
    ("MISTRALRS_FORCE_AVX2", "forbids the faster kernels of this processor"),
    ("MISTRALRS_FORCE_AVXVNNI", "forbids the faster kernels of this processor"),
];

/// An error if quantized products would take scalar code here.
pub fn check_processor() -> Result<(), ModelError> {
    #[cfg(target_arch = "x86_64")]
    if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")) {
        let problem = "the model needs AVX2 and FMA, which this processor does not have";
        return Err(ModelError::Processor(problem.to_owned()));
    }
    Ok(())
}

/// Variables of the environment that change how the model calculates, with what they do, for diagnostics.
pub fn environment_notes() -> Vec<String> {
    VARIABLES
        .iter()
        .filter_map(|(name, effect)| {
            let value = std::env::var(name).ok()?;
            Some(format!("{name}={value} {effect}"))
        })
        .collect()
}

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Does `work` so that each of its products stays on one thread and never waits for another. Worth a whole request, not
/// a single token: waking the thread takes some ten microseconds. Calls may be nested.
pub fn on_one_thread<Output: Send>(work: impl FnOnce() -> Output + Send) -> Output {
    let pool = barrier_pool();
    let workers = pool.n_workers();
    if workers == 0 || ALONE.get() {
        return work();
    }
    let work = Mutex::new(Some(work));
    let output = Mutex::new(None);
    let finished = Flag::default();
    pool.execute(|thread| {
        if thread == 0 {
            let _raise = RaiseAtEnd(&finished);
            let _alone = Alone::begin();
            let work = work.lock().take();
            // A panic that goes through the pool would leave its lock poisoned for ever.
            *output.lock() = work.map(|work| catch_unwind(AssertUnwindSafe(work)));
        } else if thread == workers {
            // This is the caller. Sleeping here leaves nothing to spin for.
            finished.wait();
        }
    });
    match output.into_inner().expect("invariant: thread 0 of the pool has done the work") {
        Ok(output) => output,
        Err(panic) => resume_unwind(panic),
    }
}

#[derive(Default)]
struct Flag {
    raised: Mutex<bool>,
    changed: Condvar,
}

impl Flag {
    fn wait(&self) {
        let mut raised = self.raised.lock();
        while !*raised {
            self.changed.wait(&mut raised);
        }
    }
}

struct RaiseAtEnd<'a>(&'a Flag);

impl Drop for RaiseAtEnd<'_> {
    fn drop(&mut self) {
        *self.0.raised.lock() = true;
        self.0.changed.notify_one();
    }
}

struct Alone;

impl Alone {
    fn begin() -> Self {
        ALONE.set(true);
        Self
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        ALONE.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_and_may_be_nested() {
        let answer = on_one_thread(|| on_one_thread(|| 42));
        assert_eq!(answer, 42);
    }

    #[test]
    fn many_callers_take_turns() {
        std::thread::scope(|scope| {
            for number in 0..8 {
                scope.spawn(move || {
                    for round in 0..20 {
                        assert_eq!(on_one_thread(|| number * round), number * round);
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        let result = std::panic::catch_unwind(|| on_one_thread(|| panic!("as asked")));
        assert!(result.is_err());
        assert_eq!(on_one_thread(|| 1), 1);
    }
}
