//! Commands about measurements: one is read from files and shown, or taken away.

use std::path::PathBuf;
use std::sync::Arc;

use base::Locale;
use profile::report::count_text;
use profile::techlog::Filter;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::{CancelOnDrop, Step, World, follow, project_options};
use crate::measured::{Measured, Read, Reading, Size, Watch};

pub(crate) const IMPORT: &str = "strizh.profile.import";
pub(crate) const CLEAR: &str = "strizh.profile.clear";

/// Runs one of the commands above; `None` for another one.
pub(crate) async fn run_command(
    world: &Arc<World>,
    command: &str,
    arguments: &[Value],
) -> Option<Result<Option<Value>>> {
    match command {
        IMPORT => Some(import(world, arguments).await),
        CLEAR => {
            world.set_measured(Measured::default());
            Some(Ok(None))
        }
        _ => None,
    }
}

/// Takes paths or addresses of files and folders.
async fn import(world: &Arc<World>, arguments: &[Value]) -> Result<Option<Value>> {
    let paths: Vec<PathBuf> = arguments.iter().filter_map(Value::as_str).map(path).collect();
    if paths.is_empty() {
        return Err(Error::invalid_params("expected the path of a profile or of journals"));
    }
    let language = world.snapshot().settings.language;
    let read = match read(world, paths, language).await {
        Ok(Some(read)) => read,
        Ok(None) => return Err(Error::request_cancelled()),
        Err(problem) => {
            let head = match language {
                Locale::Ru => "Замер не загружен",
                Locale::En => "The measurement is not loaded",
            };
            let message = format!("{head}: {problem}");
            world.outbox.send_or_drop("window/showMessage", &json!({"type": 2, "message": message}));
            return Err(Error::invalid_params(message));
        }
    };
    read.notes.iter().for_each(|note| tracing::info!("{note}"));
    let size = Size::of(&read.profile);
    let Read { broken_lines, has_trouble, .. } = read;
    let mut message = size.text(language);
    if broken_lines > 0 {
        let count = count_text(broken_lines, language);
        message += &match language {
            Locale::Ru => format!(" Непонятых строк журнала: {count}."),
            Locale::En => format!(" Lines of the journal that were not understood: {count}."),
        };
    }
    if has_trouble {
        message += match language {
            Locale::Ru => " Некоторые файлы не прочитаны, см. вывод сервера.",
            Locale::En => " Some files were not read, see the output of the server.",
        };
    }
    world.set_measured(Measured::new(read.profile));
    let kind = if has_trouble { 2 } else { 3 };
    world.outbox.send_or_drop("window/showMessage", &json!({"type": kind, "message": message}));
    Ok(Some(json!({"modules": size.modules, "lines": size.lines, "brokenLines": broken_lines})))
}

fn path(text: &str) -> PathBuf {
    let uri = serde_json::from_value::<lsp::Uri>(json!(text)).ok().filter(|_| text.starts_with("file:"));
    uri.and_then(|uri| uri.to_file_path().ok()).unwrap_or_else(|| PathBuf::from(text))
}

/// Reads on a thread that may block, with progress. `None`: the user has ended it.
async fn read(
    world: &Arc<World>,
    paths: Vec<PathBuf>,
    language: Locale,
) -> std::result::Result<Option<Read>, String> {
    let watch = Watch::default();
    let cancel = watch.cancel.clone();
    // Whoever cancels the request wants no more of it.
    let _cancel_on_drop = CancelOnDrop(cancel.clone());
    let projects: Vec<PathBuf> =
        project_options(&world.snapshot()).folders.into_iter().filter(|folder| folder.is_dir()).collect();
    // Who edits meanwhile needs a core as well.
    let jobs = std::thread::available_parallelism().map_or(1, |cores| cores.get() / 2).max(1);
    let of_reader = watch.clone();
    let work = tokio::task::spawn_blocking(move || {
        let reading = Reading {
            filter: Filter::default(),
            jobs,
            projects: &projects,
            is_measured_now: true,
            locale: language,
            watch: of_reader,
        };
        reading.read(&paths)
    });
    let title = match language {
        Locale::Ru => "Strizh: чтение замера",
        Locale::En => "Strizh: reading the measurement",
    };
    let read = follow(world, title, Some(cancel.clone()), || step(&watch, language), work).await;
    if cancel.is_cancelled() {
        return Ok(None);
    }
    match read {
        Ok(read) => read.map(Some).map_err(|problem| format!("{problem:#}")),
        Err(_) => Err("the reader has failed".to_owned()),
    }
}

fn step(watch: &Watch, language: Locale) -> Step {
    let (done, total) = watch.bytes();
    let megabytes = |bytes: u64| bytes / 1_000_000;
    let unit = match language {
        Locale::Ru => "МБ",
        Locale::En => "MB",
    };
    let message = match total {
        0 => String::new(),
        _ => format!("{} / {} {unit}", megabytes(done), megabytes(total)),
    };
    Step { percentage: (total > 0).then(|| done * 100 / total), message }
}
