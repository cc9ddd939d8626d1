//! Ends the session when the editor that started it is gone without closing the input.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::lsp::world::World;

const PERIOD: Duration = Duration::from_secs(2);

/// Looks at the process named in `initialize` until it ends.
pub(crate) async fn watch(world: Arc<World>, closing: watch::Sender<bool>) {
    // In another namespace (a container) the number means nothing: only a process seen alive can end.
    let mut was_alive = false;
    loop {
        tokio::time::sleep(PERIOD).await;
        let Some(process) = world.snapshot().session.parent_process else { continue };
        if is_alive(process) {
            was_alive = true;
        } else if was_alive {
            tracing::warn!("the client process {process} has ended");
            closing.send_replace(true);
            return;
        }
    }
}

#[cfg(unix)]
fn is_alive(process: i32) -> bool {
    let Some(process) = rustix::process::Pid::from_raw(process) else { return true };
    // A process of another user is alive, too.
    rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
}

/// Elsewhere the end of the input is the only sign.
#[cfg(not(unix))]
fn is_alive(_process: i32) -> bool {
    true
}
