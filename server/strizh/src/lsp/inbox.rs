//! The only reader of stdin: lets well-formed frames through and turns everything else into a message that
//! the server answers with a parse error. The framework behind it would end the session at the first bad
//! frame and trust any length.

use std::io::{self, BufRead, BufReader, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde_json::json;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::{mpsc, watch};
use tower_lsp::jsonrpc::{Request, Response};

/// Method of the message that stands for a malformed frame.
pub(crate) const MALFORMED: &str = "strizh/malformedFrame";

const MAX_BODY_BYTES: u64 = 256 * 1024 * 1024;
const MAX_HEADER_BYTES: u64 = 8 * 1024;
const QUEUED_FRAMES: usize = 64;

/// What the framework reads from instead of stdin.
pub(crate) struct InboxReader {
    frames: mpsc::Receiver<Vec<u8>>,
    current: Vec<u8>,
    position: usize,
}

#[derive(Debug, PartialEq)]
enum Frame {
    Message(Vec<u8>),
    /// Reported; reading goes on behind it.
    Malformed(String),
    /// Reported; the rest of the stream cannot be understood.
    Fatal(String),
    End,
}

/// Starts the reading thread; `closed` becomes true at the end of input.
pub(crate) fn start(input: impl Read + Send + 'static, closed: watch::Sender<bool>) -> InboxReader {
    let (sender, frames) = mpsc::channel(QUEUED_FRAMES);
    std::thread::spawn(move || {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        read_all(&mut input, &sender);
        drop(sender);
        closed.send_replace(true);
    });
    InboxReader { frames, current: Vec::new(), position: 0 }
}

fn read_all(input: &mut impl BufRead, frames: &mpsc::Sender<Vec<u8>>) {
    loop {
        let frame = read_frame(input);
        let is_last = matches!(frame, Frame::Fatal(_) | Frame::End);
        let body = match frame {
            Frame::Message(body) => body,
            Frame::Malformed(problem) | Frame::Fatal(problem) => report(&problem, is_last),
            Frame::End => return,
        };
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(&body);
        if frames.blocking_send(bytes).is_err() || is_last {
            return;
        }
    }
}

fn report(problem: &str, is_last: bool) -> Vec<u8> {
    tracing::error!("malformed input: {problem}{}", if is_last { "; ending the session" } else { "" });
    json!({"jsonrpc": "2.0", "id": null, "method": MALFORMED, "params": {"message": problem}})
        .to_string()
        .into_bytes()
}

fn read_frame(input: &mut impl BufRead) -> Frame {
    let length = match read_header(input) {
        Ok(length) => length,
        Err(frame) => return frame,
    };
    if length > MAX_BODY_BYTES {
        return Frame::Fatal(format!("Content-Length {length} is above the limit of {MAX_BODY_BYTES} bytes"));
    }
    let mut body = Vec::new();
    match input.take(length).read_to_end(&mut body) {
        Err(error) => Frame::Fatal(format!("cannot read the input: {error}")),
        Ok(_) if (body.len() as u64) < length => {
            Frame::Fatal(format!("the input ends after {} of {length} bytes of a message", body.len()))
        }
        Ok(_) => validate(body),
    }
}

/// Reads up to the empty line behind the header and returns the length of the body.
fn read_header(input: &mut impl BufRead) -> Result<u64, Frame> {
    let mut length = None;
    let mut unknown = None;
    let mut budget = MAX_HEADER_BYTES;
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(budget).read_until(b'\n', &mut line);
        budget -= line.len() as u64;
        match read {
            Err(error) => return Err(Frame::Fatal(format!("cannot read the input: {error}"))),
            Ok(0) if budget == 0 => {
                return Err(Frame::Fatal(format!("a frame header is longer than {MAX_HEADER_BYTES} bytes")));
            }
            Ok(0) if length.is_none() && unknown.is_none() => return Err(Frame::End),
            Ok(0) => return Err(Frame::Fatal("the input ends inside a frame header".to_owned())),
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("content-length") => {
                length = Some(value.trim().to_owned());
            }
            Some((name, _)) if name.trim().eq_ignore_ascii_case("content-type") => {}
            _ => unknown = Some(line.chars().take(60).collect::<String>()),
        }
    }
    let Some(length) = length else {
        let found = unknown.unwrap_or_default();
        return Err(Frame::Malformed(format!("a frame header without Content-Length: {found:?}")));
    };
    length
        .parse()
        .map_err(|_| Frame::Malformed(format!("Content-Length {length:?} is not a number of bytes")))
}

/// The framework must be able to decode what passes: it ends the session otherwise.
fn validate(body: Vec<u8>) -> Frame {
    if let Err(error) = std::str::from_utf8(&body) {
        return Frame::Malformed(format!("a message is not UTF-8 at byte {}", error.valid_up_to()));
    }
    match serde_json::from_slice::<Request>(&body) {
        Ok(request) if !request.method().is_empty() => Frame::Message(body),
        request => match serde_json::from_slice::<Response>(&body) {
            Ok(_) => Frame::Message(body),
            Err(error) => {
                let error = request.err().unwrap_or(error);
                Frame::Malformed(format!("a message is not JSON-RPC: {error}"))
            }
        },
    }
}

impl AsyncRead for InboxReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.position == self.current.len() {
            // `None` leaves nothing to copy, which means the end of input.
            self.current = ready!(self.frames.poll_recv(cx)).unwrap_or_default();
            self.position = 0;
        }
        let count = buf.remaining().min(self.current.len() - self.position);
        let end = self.position + count;
        buf.put_slice(&self.current[self.position..end]);
        self.position = end;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: &str = r#"{"jsonrpc":"2.0","method":"ping"}"#;

    fn frames(input: &str) -> Vec<String> {
        let mut input = input.as_bytes();
        let mut result = Vec::new();
        loop {
            let (text, is_last) = match read_frame(&mut input) {
                Frame::Message(_) => ("message".to_owned(), false),
                Frame::Malformed(problem) => (problem, false),
                Frame::Fatal(problem) => (format!("fatal: {problem}"), true),
                Frame::End => return result,
            };
            result.push(text);
            if is_last {
                return result;
            }
        }
    }

    #[test]
    fn reading_goes_on_behind_a_bad_frame() {
        let input = format!("Content-Length: 3\r\n\r\n{{x}}Content-Length: {}\r\n\r\n{PING}", PING.len());
        let found = frames(&input);
        assert!(found[0].starts_with("a message is not JSON-RPC"), "{found:?}");
        assert_eq!(found[1..], ["message"]);
    }

    #[test]
    fn a_header_without_a_length_is_named() {
        assert_eq!(frames("Foo: 1\r\n\r\n"), ["a frame header without Content-Length: \"Foo: 1\""]);
        assert_eq!(frames("Content-Length: x\r\n\r\n"), ["Content-Length \"x\" is not a number of bytes"]);
    }

    #[test]
    fn a_huge_or_truncated_frame_ends_the_session() {
        assert_eq!(
            frames("Content-Length: 1073741824\r\n\r\n"),
            ["fatal: Content-Length 1073741824 is above the limit of 268435456 bytes"]
        );
        assert_eq!(
            frames("Content-Length: 10\r\n\r\n{"),
            ["fatal: the input ends after 1 of 10 bytes of a message"]
        );
        assert_eq!(frames("Content-Le"), ["fatal: the input ends inside a frame header"]);
    }

    #[test]
    fn nesting_that_the_decoder_refuses_is_refused_here() {
        let body =
            format!(r#"{{"jsonrpc":"2.0","method":"x","params":{}{}}}"#, "[".repeat(500), "]".repeat(500));
        let found = frames(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        assert!(found[0].contains("recursion limit"), "{found:?}");
    }
}
