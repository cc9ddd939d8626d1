//! The newest request wins: whoever arrives makes all earlier requests outdated, and an outdated request never answers
//! with content.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

/// Numbers requests in the order of their arrival.
#[derive(Default)]
pub(crate) struct Desk {
    last: AtomicU64,
    newest: watch::Sender<u64>,
}

/// One request in the queue.
pub(crate) struct Ticket {
    number: u64,
    newest: watch::Receiver<u64>,
}

impl Desk {
    /// Called when a message arrives, in the order of messages.
    pub(crate) fn number(&self) -> u64 {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.newest.send_replace(number);
        number
    }

    pub(crate) fn ticket(&self, number: u64) -> Ticket {
        Ticket { number, newest: self.newest.subscribe() }
    }
}

impl Ticket {
    pub(crate) fn is_newest(&self) -> bool {
        *self.newest.borrow() <= self.number
    }

    /// Waits until a newer request is there.
    pub(crate) async fn superseded(&mut self) {
        let number = self.number;
        if self.newest.wait_for(|newest| *newest > number).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_may_answer() {
        let desk = Desk::default();
        let first = desk.number();
        let second = desk.number();
        assert!(!desk.ticket(first).is_newest());
        assert!(desk.ticket(second).is_newest());
    }
}
