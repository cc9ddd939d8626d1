//! What a measurement is made of on the command line: folders and files of journals, files of profiles.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base::Locale;
use clap::Args;
use profile::debugger::{is_measurement, profile_of, read_measurements, wanted_objects};
use profile::techlog::{Filter, Moment};
use profile::{Profile, ProfileBuilder, ReadError, Resolution, Sources, read_profile};

use crate::cli::complain;
use crate::cli::profile::journals::Journals;
use crate::files::Disk;

/// No profile is larger; what is has nothing to do with one.
const MAX_PROFILE_BYTES: u64 = 1 << 30;

#[derive(Args)]
pub(super) struct InputArguments {
    /// The project whose modules were measured: names of modules become files, lines are followed to where they are now.
    #[arg(long, value_name = "FOLDER")]
    project: Option<PathBuf>,
    /// Journals: only events from this moment on, local time of the server (`2026-11-20T12:30`).
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Moment>,
    /// Journals: only events before this moment.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Moment>,
    /// Journals: only events of this process (`rphost`, `rphost_4120`) or infobase.
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Journals: only events of this user.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Threads that read journals; as many as there are cores by default.
    #[arg(short = 'j', long, value_name = "COUNT", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
}

/// A profile with what the sources say about it.
pub(super) struct Input {
    pub(super) profile: Profile,
    pub(super) resolution: Option<Resolution>,
    /// Some file could not be read; it was named.
    pub(super) has_trouble: bool,
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| "expected a time such as 2026-11-20T12:30".to_owned())
}

impl InputArguments {
    /// Reads everything into one profile. `is_measured_now` keeps today's text as the one that was measured where all
    /// lines agree.
    pub(super) fn read(
        &self,
        paths: &[PathBuf],
        is_measured_now: bool,
        locale: Locale,
    ) -> anyhow::Result<Input> {
        let (journals, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
            paths.iter().partition(|path| is_journal(path));
        let mut parts = Vec::new();
        let mut has_trouble = false;
        if !journals.is_empty() {
            let title = journals.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
            let read = Journals::find(&journals)?.read(&self.filter(), self.jobs, &title);
            has_trouble |= read.has_trouble();
            complain(read.tell(locale));
            parts.push(read.profile);
        }
        let sources = self.project.as_deref().map(find_sources).transpose()?;
        for path in files {
            parts.push(read_file(path, sources.as_ref())?);
        }
        let mut profile = merge(parts);
        let resolution = sources.map(|sources| profile.resolve(&sources, is_measured_now));
        if let Some(resolution) = &resolution {
            complain(tell_resolution(resolution, locale));
        }
        Ok(Input { profile, resolution, has_trouble })
    }

    fn filter(&self) -> Filter {
        Filter { from: self.from, to: self.to, process: self.process.clone(), user: self.user.clone() }
    }
}

fn is_journal(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("log"))
}

/// A profile, or what a debug server has answered.
fn read_file(path: &Path, sources: Option<&Sources<'_>>) -> anyhow::Result<Profile> {
    let name = || path.display().to_string();
    let length = std::fs::metadata(path).with_context(name)?.len();
    if length > MAX_PROFILE_BYTES {
        bail!("{}: larger than 1 GB, this is no profile", name());
    }
    let bytes = std::fs::read(path).with_context(name)?;
    let place = |error: ReadError| {
        let space = if error.position.is_some() { "" } else { " " };
        anyhow::anyhow!("{}:{space}{error}", name())
    };
    if !is_measurement(&bytes) {
        return read_profile(&bytes).map_err(place);
    }
    let modules = read_measurements(&bytes).map_err(place)?;
    let owners = sources.map(|sources| sources.owners(&wanted_objects(&modules))).unwrap_or_default();
    let (profile, unknown) = profile_of(&modules, &owners, &name());
    if unknown > 0 {
        complain(format_args!("{}: {unknown} modules are not in the project (`--project`)", name()));
    }
    Ok(profile)
}

/// A single profile keeps its source.
fn merge(mut parts: Vec<Profile>) -> Profile {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut builder = ProfileBuilder::new();
    for part in &parts {
        builder.add_profile(part);
    }
    let mut source = parts.first().map(|part| part.source.clone()).unwrap_or_default();
    source.period = None;
    let titles: Vec<&str> =
        parts.iter().map(|part| part.source.title.as_str()).filter(|title| !title.is_empty()).collect();
    source.title = titles.join(", ");
    builder.finish(source)
}

fn find_sources(project: &Path) -> anyhow::Result<Sources<'static>> {
    if !project.is_dir() {
        bail!("{}: not a folder", project.display());
    }
    Ok(Sources::find(&Disk, project))
}

fn tell_resolution(resolution: &Resolution, locale: Locale) -> String {
    let Resolution { found, missing, same, moved, unverified, changed, .. } = resolution;
    match locale {
        Locale::Ru => format!(
            "модули: найдено {found}, без файла {missing}; строки: на месте {same}, переместились {moved}, без текста {unverified}, изменились {changed}"
        ),
        Locale::En => format!(
            "modules: {found} found, {missing} without a file; lines: {same} in place, {moved} moved, {unverified} without text, {changed} changed"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_of_files_name_file_and_place() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("p.json");
        let error = |text: &str| {
            std::fs::write(&path, text).expect("a file");
            let error = read_file(&path, None).expect_err("an error").to_string();
            error.replace(&folder.path().display().to_string(), "")
        };
        assert_eq!(error("{\n]"), "/p.json:2:1: key must be a string");
        assert_eq!(error("{}"), "/p.json: format: \"\" is not \"strizh-profile\"");
    }
}
