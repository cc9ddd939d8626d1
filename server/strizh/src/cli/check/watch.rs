//! `--watch`: checks again when something changes. Thanks to the cache only what changed is looked at anew.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, bail};
use base::Locale;
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::cli::check::{CheckArguments, check_once};
use crate::cli::report::absolute;
use crate::cli::{Outcome, complain};
use crate::settings::SETTINGS_FILE;

/// Programs write several files at once.
const DEBOUNCE: Duration = Duration::from_millis(200);
const POLL_INTERVAL: Duration = Duration::from_secs(2);

type Events = notify::Result<Event>;

/// Runs until the user ends the program.
pub(super) fn watch(arguments: &CheckArguments) -> anyhow::Result<Outcome> {
    let folders = match arguments.paths.as_slice() {
        [] => vec![PathBuf::from(".")],
        paths => paths.to_vec(),
    };
    let (sender, events) = channel();
    let watcher = watcher(&folders, arguments, move |event: Events| {
        // Whoever listened is gone when the program ends.
        let _ = sender.send(event);
    })?;
    loop {
        if let Err(error) = check_once(arguments) {
            // Settings that are being written may be broken for a moment.
            complain(format_args!("{error:#}"));
        }
        tell(arguments);
        if !wait(&events) {
            drop(watcher);
            bail!("nothing is watched any more");
        }
    }
}

/// Watches the folders, by looking again and again if the system does not tell about changes.
fn watcher(
    folders: &[PathBuf],
    arguments: &CheckArguments,
    send: impl Fn(Events) + Send + Clone + 'static,
) -> anyhow::Result<Box<dyn Watcher>> {
    if !arguments.poll {
        match RecommendedWatcher::new(send.clone(), Config::default()) {
            Ok(mut watcher) => match watch_all(&mut watcher, folders) {
                Ok(()) => return Ok(Box::new(watcher)),
                Err(error) => complain(format_args!("{error}; looking every two seconds instead")),
            },
            Err(error) => complain(format_args!("{error}; looking every two seconds instead")),
        }
    }
    let config = Config::default().with_poll_interval(POLL_INTERVAL);
    let mut watcher = PollWatcher::new(send, config).context("folders cannot be watched")?;
    watch_all(&mut watcher, folders).context("folders cannot be watched")?;
    Ok(Box::new(watcher))
}

fn watch_all(watcher: &mut dyn Watcher, folders: &[PathBuf]) -> notify::Result<()> {
    folders.iter().try_for_each(|folder| watcher.watch(&absolute(folder), RecursiveMode::Recursive))
}

/// Waits for a change and for the quiet after it; false if none will come.
fn wait(events: &Receiver<Events>) -> bool {
    loop {
        match events.recv() {
            Ok(event) if counts(&event) => break,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    while events.recv_timeout(DEBOUNCE).is_ok() {}
    true
}

/// Reading files is no change, and neither are files of other programs.
fn counts(event: &Events) -> bool {
    match event {
        Ok(event) => {
            !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_source(path))
        }
        // Too many changes to name them.
        Err(_) => true,
    }
}

fn is_source(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let is_known =
        extension.is_some_and(|it| matches!(&*it, "bsl" | "os" | "xml" | "mdo" | "form" | "bin" | "rights"));
    is_known || path.file_name().is_some_and(|name| name == SETTINGS_FILE)
}

fn tell(arguments: &CheckArguments) {
    let is_english = arguments.locale() == Some(Locale::En);
    complain(if is_english { "waiting for changes" } else { "жду изменений" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_count() {
        let event = |kind, path: &str| Ok(Event { kind, ..Event::default() }.add_path(path.into()));
        let written = EventKind::Modify(notify::event::ModifyKind::Any);
        assert!(counts(&event(written, "/a/Модуль.BSL")));
        assert!(counts(&event(
            EventKind::Remove(notify::event::RemoveKind::File),
            "/a/.bsl-language-server.json"
        )));
        assert!(!counts(&event(written, "/a/report.sarif")));
        assert!(!counts(&event(EventKind::Access(notify::event::AccessKind::Any), "/a/a.bsl")));
    }
}
