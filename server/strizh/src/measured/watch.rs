//! How far reading has come, for whoever waits, and their wish that it ends.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::CancelToken;

/// Shared by the reader and whoever watches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    pub(crate) cancel: CancelToken,
    done: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
}

impl Watch {
    pub(super) fn expect(&self, bytes: u64) {
        self.total.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that were read, and all of them. Files may grow meanwhile.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let done = self.done.load(Ordering::Relaxed);
        (done, self.total.load(Ordering::Relaxed).max(done))
    }
}

/// A file that stops in the middle when nobody wants it any more.
pub(super) struct WatchedFile<'a> {
    pub(super) file: File,
    pub(super) watch: &'a Watch,
}

impl Read for WatchedFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        let length = self.file.read(buffer)?;
        self.watch.done.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
