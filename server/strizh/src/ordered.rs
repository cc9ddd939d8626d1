//! Work in parallel, results in order. Items start in order too, so few results wait for an earlier one.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use anyhow::Context;
use rayon::ThreadPoolBuilder;

/// Deep trees are walked without recursion, but regular expressions and formatting need some room.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Calls `work` on every item in `jobs` threads (0: one per core) and `take` with the results in order. A
/// panic in `work` becomes an error for its item. The first error of `take` ends everything.
pub(crate) fn for_each<I, T>(
    items: &[I],
    jobs: usize,
    work: impl Fn(&I) -> Result<T, String> + Sync,
    mut take: impl FnMut(Result<T, String>) -> anyhow::Result<()>,
) -> anyhow::Result<()>
where
    I: Sync + std::fmt::Debug,
    T: Send,
{
    let pool = ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK_BYTES)
        .build()
        .context("cannot start threads")?;
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let (sender, results) = channel();
    let worker = |sender: std::sync::mpsc::Sender<_>| {
        while !is_over.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return };
            let result = catch_unwind(AssertUnwindSafe(|| work(item)))
                .unwrap_or_else(|_| Err(format!("{item:?}: internal error; please report it with the file")));
            if sender.send((index, result)).is_err() {
                return;
            }
        }
    };
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let sender = sender.clone();
            scope.spawn(|_| worker(sender));
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut position = 0;
        for (index, result) in results {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&position) {
                position += 1;
                take(result).inspect_err(|_| is_over.store(true, Ordering::Relaxed))?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_panics_stay_with_their_item() {
        let items: Vec<u32> = (0..200).collect();
        let mut seen = Vec::new();
        let work = |item: &u32| {
            assert_ne!(*item, 7, "bad item");
            std::thread::sleep(std::time::Duration::from_micros(u64::from(200 - item)));
            Ok(*item)
        };
        for_each(&items, 4, work, |result| {
            seen.push(result.unwrap_or(1000));
            Ok(())
        })
        .expect("invariant: taking never fails");
        let expected: Vec<u32> = items.iter().map(|item| if *item == 7 { 1000 } else { *item }).collect();
        assert_eq!(seen, expected);
    }
}
