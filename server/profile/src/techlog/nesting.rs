//! Events of one thread are written when they end, so those inside stand before the one around them. Time inside is
//! taken from the time around, so that nothing counts twice.

use super::repeats::CallStatements;

/// Longer lists are shortened: their older half becomes one item per depth.
const MAX_ITEMS: usize = 2048;

/// An event that may turn out to be inside another one.
#[derive(Clone, Copy, Debug, Default)]
struct Item {
    start: i64,
    end: i64,
    duration: i64,
    depth: u32,
    stack: u32,
    has_statement: bool,
}

/// What was found inside of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Inside {
    /// Microseconds, at most the duration of the event.
    pub(super) duration: i64,
    /// Something inside had the same context: the event was counted already.
    pub(super) is_same_stack: bool,
    pub(super) has_statement: bool,
}

/// What is remembered of one thread.
#[derive(Debug, Default)]
pub(super) struct Thread {
    items: Vec<Item>,
    pub(super) statements: CallStatements,
    /// The event before, if it had no context: a record of one may follow.
    pub(super) pending: Option<crate::measure::Measure>,
}

impl Thread {
    /// Takes what was inside of an event and remembers the event itself.
    pub(super) fn enter(
        &mut self,
        end: i64,
        duration: i64,
        depth: u32,
        stack: u32,
        is_statement: bool,
    ) -> Inside {
        let start = end - duration;
        let mut inside = Inside::default();
        while let Some(item) = self.items.last()
            && item.depth > depth
            && item.end > start
        {
            inside.duration = inside.duration.saturating_add(item.overlap(start));
            inside.is_same_stack |= item.stack == stack;
            inside.has_statement |= item.has_statement;
            self.items.pop();
        }
        inside.duration = inside.duration.min(duration);
        if depth == 0 {
            self.items.clear();
            return inside;
        }
        if self.items.len() >= MAX_ITEMS {
            self.shorten();
        }
        let has_statement = is_statement || inside.has_statement;
        self.items.push(Item { start, end, duration, depth, stack, has_statement });
        inside
    }

    fn shorten(&mut self) {
        let mut merged: Vec<Item> = Vec::new();
        for item in self.items.drain(..MAX_ITEMS / 2) {
            match merged.iter_mut().find(|known| known.depth == item.depth) {
                Some(known) => known.merge(&item),
                None => merged.push(item),
            }
        }
        merged.sort_by_key(|item| item.end);
        self.items.splice(0..0, merged);
    }
}

impl Item {
    /// The part after a moment; of several events put together that is an estimate.
    fn overlap(&self, start: i64) -> i64 {
        if self.start >= start {
            return self.duration;
        }
        let (inside, whole) = (self.end - start, (self.end - self.start).max(1));
        (i128::from(self.duration) * i128::from(inside) / i128::from(whole)) as i64
    }

    fn merge(&mut self, other: &Self) {
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        self.duration = self.duration.saturating_add(other.duration);
        self.has_statement |= other.has_statement;
        if self.stack != other.stack {
            self.stack = u32::MAX;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_inside_is_taken_once() {
        let mut thread = Thread::default();
        assert_eq!(thread.enter(100, 10, 4, 1, true).duration, 0);
        // The platform's own words around the statement.
        let around = thread.enter(101, 12, 3, 1, false);
        assert_eq!(around, Inside { duration: 10, is_same_stack: true, has_statement: true });
        assert_eq!(thread.enter(150, 20, 4, 2, true).duration, 0);
        assert_eq!(thread.enter(200, 120, 0, 3, false).duration, 32);
        assert_eq!(thread.enter(300, 250, 0, 3, false).duration, 0);
    }

    #[test]
    fn what_ended_before_is_not_inside() {
        let mut thread = Thread::default();
        thread.enter(100, 10, 4, 1, true);
        assert_eq!(thread.enter(300, 100, 3, 1, false), Inside::default());
    }

    #[test]
    fn long_calls_keep_their_sum() {
        let mut thread = Thread::default();
        for number in 0..100_000 {
            thread.enter(1000 + number * 10, 7, 4, 1, true);
        }
        assert!(thread.items.len() <= MAX_ITEMS);
        assert_eq!(thread.enter(1_001_000, 1_001_000, 0, 1, false).duration, 700_000);
    }
}
