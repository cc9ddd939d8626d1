//! Everything that a measurement is read from: folders and files of journals, files of profiles and of what a debug server
//! has answered. The command line and editors read in the same way.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base::Locale;
use profile::debugger::{Owners, is_measurement, profile_of, read_measurements, wanted_objects};
use profile::techlog::Filter;
use profile::{Profile, ProfileBuilder, ReadError, Resolution, Sources, read_profile};

use crate::files::Disk;
use crate::measured::journals::Journals;
use crate::measured::watch::Watch;

/// No profile is larger; what is has nothing to do with one.
const MAX_PROFILE_BYTES: u64 = 1 << 30;

/// What readings differ in.
pub(crate) struct Reading<'a> {
    /// Events of journals that count.
    pub(crate) filter: Filter,
    /// Threads that read journals; 0: as many as there are cores.
    pub(crate) jobs: usize,
    /// Projects whose modules were measured.
    pub(crate) projects: &'a [PathBuf],
    /// Today's text is kept as the measured one where all lines agree.
    pub(crate) is_measured_now: bool,
    pub(crate) locale: Locale,
    pub(crate) watch: Watch,
}

/// A profile with what the sources say about it.
pub(crate) struct Read {
    pub(crate) profile: Profile,
    /// Of the last project.
    pub(crate) resolution: Option<Resolution>,
    /// What is worth telling.
    pub(crate) notes: Vec<String>,
    /// Lines of journals that were not understood.
    pub(crate) broken_lines: u64,
    /// Some file could not be read; it was named.
    pub(crate) has_trouble: bool,
}

impl Reading<'_> {
    /// Reads everything into one profile.
    pub(crate) fn read(&self, paths: &[PathBuf]) -> anyhow::Result<Read> {
        let (journals, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
            paths.iter().partition(|path| is_journal(path));
        let mut read = Read {
            profile: Profile::default(),
            resolution: None,
            notes: Vec::new(),
            broken_lines: 0,
            has_trouble: false,
        };
        let mut parts = Vec::new();
        if !journals.is_empty() {
            let title = journals.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
            let found = Journals::find(&journals, &self.watch)?;
            let journals = found.read(&self.filter, self.jobs, &title, &self.watch);
            if self.watch.cancel.is_cancelled() {
                bail!("cancelled");
            }
            read.has_trouble |= journals.has_trouble();
            read.broken_lines = journals.summary.problems.total();
            read.notes.push(journals.tell(self.locale));
            parts.push(journals.profile);
        }
        let sources = self.projects.iter().map(|project| find_sources(project));
        let sources = sources.collect::<anyhow::Result<Vec<_>>>()?;
        for path in files {
            parts.push(read_file(path, &sources, &mut read.notes)?);
        }
        read.profile = merge(parts);
        read.resolution = resolve(&mut read.profile, &sources, self.is_measured_now);
        if let Some(resolution) = &read.resolution {
            read.notes.push(tell_resolution(resolution, self.locale));
        }
        Ok(read)
    }
}

/// Finds the modules and lines of a profile in projects.
pub(crate) fn resolve(
    profile: &mut Profile,
    projects: &[Sources<'_>],
    is_measured_now: bool,
) -> Option<Resolution> {
    projects.iter().map(|sources| profile.resolve(sources, is_measured_now)).last()
}

fn is_journal(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("log"))
}

/// A profile, or what a debug server has answered.
fn read_file(path: &Path, sources: &[Sources<'_>], notes: &mut Vec<String>) -> anyhow::Result<Profile> {
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
    let wanted = wanted_objects(&modules);
    let owners: Owners = sources.iter().flat_map(|sources| sources.owners(&wanted)).collect();
    let (profile, unknown) = profile_of(&modules, &owners, &name());
    if unknown > 0 {
        notes.push(format!("{}: {unknown} modules are not in the project (`--project`)", name()));
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

pub(crate) fn find_sources(project: &Path) -> anyhow::Result<Sources<'static>> {
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
            let error = read_file(&path, &[], &mut Vec::new()).expect_err("an error").to_string();
            error.replace(&folder.path().display().to_string(), "")
        };
        assert_eq!(error("{\n]"), "/p.json:2:1: key must be a string");
        assert_eq!(error("{}"), "/p.json: format: \"\" is not \"strizh-profile\"");
    }
}
