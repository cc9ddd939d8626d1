//! Saves on their way: the newest text of a module wins, and after a pause it is due.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::manager::Submission;

/// Who saves without a pause is served after so many pauses.
const PATIENCE: u32 = 10;

pub(super) struct Queue {
    debounce: Duration,
    pending: BTreeMap<String, Pending>,
}

struct Pending {
    submission: Submission,
    /// When the first save of the burst came.
    since: Duration,
    due: Duration,
}

impl Queue {
    pub fn new(debounce: Duration) -> Self {
        Self { debounce, pending: BTreeMap::new() }
    }

    /// Returns the submission whose place was taken.
    pub fn push(&mut self, submission: Submission, now: Duration) -> Option<Submission> {
        let path = submission.module.path.clone();
        let replaced = self.pending.remove(&path);
        let since = replaced.as_ref().map_or(now, |pending| pending.since);
        // Somebody waits for an answer to what they asked for by hand.
        let pause = if submission.is_urgent { Duration::ZERO } else { self.debounce };
        let due = (now + pause).min(since + self.debounce * PATIENCE);
        self.pending.insert(path, Pending { submission, since, due });
        replaced.map(|pending| pending.submission)
    }

    pub fn next_due(&self) -> Option<Duration> {
        self.pending.values().map(|pending| pending.due).min()
    }

    /// The module that has waited longest.
    pub fn take_due(&mut self, now: Duration) -> Option<Submission> {
        let due = self.pending.iter().filter(|(_, pending)| pending.due <= now);
        let path = due.min_by_key(|(_, pending)| (pending.due, pending.submission.number))?.0.clone();
        self.pending.remove(&path).map(|pending| pending.submission)
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::ModuleReference;

    fn submission(number: u64, path: &str) -> Submission {
        Submission {
            number,
            text: format!("// {number}"),
            ..Submission::new(ModuleReference::from_path(path), String::new())
        }
    }

    #[test]
    fn of_a_burst_the_last_text_is_sent_and_none_is_lost() {
        let mut queue = Queue::new(Duration::from_millis(50));
        let mut told = Vec::new();
        for number in 0..50 {
            let now = Duration::from_millis(number);
            told.extend(queue.push(submission(number, "a.bsl"), now).map(|it| it.number));
            assert!(queue.take_due(now).is_none());
        }
        assert_eq!(queue.next_due(), Some(Duration::from_millis(99)));
        let sent = queue.take_due(Duration::from_millis(99)).expect("due");
        assert_eq!((sent.number, sent.text.as_str()), (49, "// 49"));
        told.push(sent.number);
        assert_eq!(told, (0..50).collect::<Vec<_>>());
        assert!(queue.is_empty());
    }

    #[test]
    fn who_never_pauses_is_served_too() {
        let mut queue = Queue::new(Duration::from_millis(50));
        let mut sent = 0;
        for step in 0..100 {
            let now = Duration::from_millis(step * 20);
            queue.push(submission(step, "a.bsl"), now);
            sent += u32::from(queue.take_due(now).is_some());
        }
        assert_eq!(sent, 3, "every 500 ms");
    }

    #[test]
    fn modules_do_not_wait_for_each_other() {
        let mut queue = Queue::new(Duration::from_millis(50));
        queue.push(submission(1, "b.bsl"), Duration::ZERO);
        queue.push(submission(2, "a.bsl"), Duration::from_millis(10));
        let mut urgent = submission(3, "c.bsl");
        urgent.is_urgent = true;
        queue.push(urgent, Duration::from_millis(10));
        let order: Vec<u64> =
            std::iter::from_fn(|| queue.take_due(Duration::from_millis(60)).map(|it| it.number)).collect();
        assert_eq!(order, [3, 1, 2]);
    }
}
