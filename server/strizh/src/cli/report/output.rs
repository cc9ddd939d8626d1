//! Where reports go: stdout as they are made, files whole at the end.

use std::fs;
use std::io::{BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::report::{FileReport, Report, Summary};

/// Reports under construction.
pub(crate) struct Output<'a> {
    report: &'a Report<'a>,
    sinks: Vec<Sink>,
}

struct Sink {
    place: Place,
    has_parts: bool,
}

enum Place {
    Stdout(BufWriter<Stdout>),
    File { path: PathBuf, text: Vec<u8> },
}

impl<'a> Output<'a> {
    pub(crate) fn new(report: &'a Report<'a>) -> anyhow::Result<Self> {
        let mut sinks = Vec::with_capacity(report.targets.len());
        for target in report.targets {
            let place = match &target.file {
                None => Place::Stdout(BufWriter::new(std::io::stdout())),
                Some(path) => Place::File { path: path.clone(), text: Vec::new() },
            };
            let mut sink = Sink { place, has_parts: false };
            sink.write(&target.format.begin(report))?;
            sinks.push(sink);
        }
        Ok(Self { report, sinks })
    }

    /// Adds the parts of the next module.
    pub(crate) fn add(&mut self, file: &FileReport) -> anyhow::Result<()> {
        for ((sink, part), target) in self.sinks.iter_mut().zip(&file.parts).zip(self.report.targets) {
            if part.is_empty() {
                continue;
            }
            if sink.has_parts {
                sink.write(target.format.separator())?;
            }
            sink.has_parts = true;
            sink.write(part)?;
            if let Place::Stdout(stdout) = &mut sink.place {
                stdout.flush()?;
            }
        }
        Ok(())
    }

    pub(crate) fn end(self, summary: &Summary) -> anyhow::Result<()> {
        for (mut sink, target) in self.sinks.into_iter().zip(self.report.targets) {
            sink.write(&target.format.end(self.report, summary))?;
            match sink.place {
                Place::Stdout(mut stdout) => stdout.flush()?,
                Place::File { path, text } => write_whole(&path, &text)?,
            }
        }
        Ok(())
    }
}

impl Sink {
    fn write(&mut self, text: &str) -> std::io::Result<()> {
        match &mut self.place {
            Place::Stdout(stdout) => stdout.write_all(text.as_bytes()),
            Place::File { text: all, .. } => all.write_all(text.as_bytes()),
        }
    }
}

/// Writes a file that others see whole or not at all. Its permissions stay.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    // What a link points to is replaced, not the link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name =
        path.file_name().context("not the name of a file").with_context(|| path.display().to_string())?;
    let temporary = folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let permissions = fs::metadata(path).map(|metadata| metadata.permissions());
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&temporary, bytes))
        .and_then(|()| permissions.map_or(Ok(()), |permissions| fs::set_permissions(&temporary, permissions)))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written.with_context(|| path.display().to_string())
}
