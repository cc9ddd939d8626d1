//! Programs that are started, watched and stopped.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base::CancelToken;

use crate::transport::output::decode_output;
use crate::transport::{CommandLine, Failure, FailureKind};

const LOOK_AROUND: Duration = Duration::from_millis(10);
/// More output than anybody reads.
const MAX_OUTPUT: u64 = 4 << 20;

/// How a program ended by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finished {
    /// `None`: killed by a signal.
    pub code: Option<i32>,
    /// Both streams.
    pub output: String,
}

/// Runs a program until it ends, the limit is over, or somebody cancels; in the last two cases it is killed.
pub(super) fn run(line: &CommandLine, limit: Duration, cancel: &CancelToken) -> Result<Finished, Failure> {
    let mut command = Command::new(&line.program);
    set_arguments(&mut command, line);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        Failure::new(FailureKind::Rejected, format!("cannot start {}: {error}", line.program))
    })?;
    let readers = [read(child.stdout.take()), read(child.stderr.take())];
    let ended = wait(&mut child, limit, cancel, &line.program);
    let [output, errors] = readers.map(collect);
    let code = ended?;
    let separator = if output.is_empty() || errors.is_empty() || output.ends_with('\n') { "" } else { "\n" };
    Ok(Finished { code, output: format!("{output}{separator}{errors}") })
}

/// Programs of the platform cut their command line themselves on Windows.
#[cfg(windows)]
fn set_arguments(command: &mut Command, line: &CommandLine) {
    use std::os::windows::process::CommandExt;
    command.raw_arg(crate::transport::windows_command_line(line.texts()));
}

#[cfg(not(windows))]
fn set_arguments(command: &mut Command, line: &CommandLine) {
    command.args(line.texts());
}

fn wait(
    child: &mut Child,
    limit: Duration,
    cancel: &CancelToken,
    program: &str,
) -> Result<Option<i32>, Failure> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) => {}
            Err(error) => {
                return Err(Failure::new(FailureKind::Rejected, format!("{program}: {error}")));
            }
        }
        let is_cancelled = cancel.is_cancelled();
        if is_cancelled || started.elapsed() >= limit {
            kill(child);
            let (kind, what) = if is_cancelled {
                (FailureKind::Cancelled, "was cancelled")
            } else {
                (FailureKind::Again, "did not end in time")
            };
            return Err(Failure::new(kind, format!("{program} {what}")).after_a_change());
        }
        std::thread::sleep(LOOK_AROUND);
    }
}

/// It may have ended just now, which is as good.
fn kill(child: &mut Child) {
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        tracing::debug!("cannot stop a program: {error}");
    }
}

fn read(stream: Option<impl Read + Send + 'static>) -> Option<JoinHandle<Vec<u8>>> {
    let stream = stream?;
    Some(std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut stream = stream;
        let read = stream.by_ref().take(MAX_OUTPUT).read_to_end(&mut bytes);
        // A program that cannot write waits for ever.
        if read.is_ok() {
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
        bytes
    }))
}

/// Children of a killed program may hold the stream open: what has come by then is enough.
fn collect(reader: Option<JoinHandle<Vec<u8>>>) -> String {
    let Some(reader) = reader else { return String::new() };
    let deadline = Instant::now() + Duration::from_secs(1);
    while !reader.is_finished() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
    let bytes = if reader.is_finished() { reader.join().unwrap_or_default() } else { Vec::new() };
    decode_output(bytes, cfg!(windows))
}
