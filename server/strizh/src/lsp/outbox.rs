//! The only writer of stdout. Frames go through one bounded queue to one thread, so answers of the
//! framework and our own notifications never mix inside a frame, and a big notification is serialized once.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread::JoinHandle;

use serde::Serialize;
use tokio::io::AsyncWrite;
use tokio::sync::mpsc;
use tokio_util::sync::PollSender;

const QUEUED_CHUNKS: usize = 1024;

/// Sends notifications to the client.
#[derive(Clone)]
pub(crate) struct Outbox {
    chunks: mpsc::WeakSender<Vec<u8>>,
}

/// What the framework writes to instead of stdout.
pub(crate) struct OutboxWriter {
    chunks: PollSender<Vec<u8>>,
}

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: &'a P,
}

/// Starts the writing thread. It ends when the `OutboxWriter` is gone and everything is written.
pub(crate) fn start(mut output: impl Write + Send + 'static) -> (Outbox, OutboxWriter, JoinHandle<()>) {
    let (sender, mut receiver) = mpsc::channel::<Vec<u8>>(QUEUED_CHUNKS);
    let thread = std::thread::spawn(move || {
        while let Some(chunk) = receiver.blocking_recv() {
            if let Err(error) = output.write_all(&chunk).and_then(|()| output.flush()) {
                tracing::error!("cannot write to the client: {error}");
                return;
            }
        }
    });
    let outbox = Outbox { chunks: sender.downgrade() };
    (outbox, OutboxWriter { chunks: PollSender::new(sender) }, thread)
}

impl Outbox {
    /// Sends from a worker thread; waits while the client reads too slowly.
    pub(crate) fn send_blocking(&self, method: &str, params: &impl Serialize) {
        if let Some(chunks) = self.chunks.upgrade()
            && let Some(frame) = encode(method, params)
        {
            // An error means that the session has ended: nobody is left to read.
            let _ = chunks.blocking_send(frame);
        }
    }

    /// Sends from the message loop, which must never wait: a full queue drops the notification.
    pub(crate) fn send_or_drop(&self, method: &str, params: &impl Serialize) {
        if let Some(chunks) = self.chunks.upgrade()
            && let Some(frame) = encode(method, params)
            && chunks.try_send(frame).is_err()
        {
            tracing::warn!("the client does not read: dropped {method}");
        }
    }
}

fn encode(method: &str, params: &impl Serialize) -> Option<Vec<u8>> {
    let message = Notification { jsonrpc: "2.0", method, params };
    let body = match serde_json::to_vec(&message) {
        Ok(body) => body,
        Err(error) => {
            tracing::error!("cannot serialize {method}: {error}");
            return None;
        }
    };
    let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    frame.extend_from_slice(&body);
    Some(frame)
}

// The framework hands over whole frames (its buffer is written in one piece), and one write takes all of it.
impl AsyncWrite for OutboxWriter {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.chunks.poll_reserve(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(_)) => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Poll::Ready(Ok(())) => {
                let sent = self.chunks.send_item(buf.to_vec());
                Poll::Ready(sent.map(|()| buf.len()).map_err(|_| io::ErrorKind::BrokenPipe.into()))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
