//! Files of technological journals: found below folders, read by several threads, one process by one thread.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::bail;
use base::Locale;
use profile::Profile;
use profile::report::count_text;
use profile::techlog::{Filter, LogFile, Packing, ProblemKind, Summary, TechLogImporter};
use rayon::prelude::*;

use crate::measured::watch::{Watch, WatchedFile};

/// Files by process, each in the order of hours.
pub(super) struct Journals {
    processes: BTreeMap<String, Vec<(PathBuf, LogFile)>>,
    problems: Vec<String>,
}

/// What was read.
pub(super) struct ReadJournals {
    pub(super) profile: Profile,
    pub(super) summary: Summary,
    seconds: f64,
    /// Files that could not be read.
    problems: Vec<String>,
}

impl Journals {
    /// `*.log` and packed ones below folders, and files named directly.
    pub(super) fn find(paths: &[&PathBuf], watch: &Watch) -> anyhow::Result<Self> {
        let mut journals = Self { processes: BTreeMap::new(), problems: Vec::new() };
        for path in paths {
            let mut is_found = false;
            for entry in ignore::WalkBuilder::new(path).standard_filters(false).build() {
                match entry {
                    Ok(entry) if is_log(entry.path(), entry.depth() == 0) && entry.path().is_file() => {
                        watch.expect(entry.metadata().map_or(0, |metadata| metadata.len()));
                        journals.add(entry.into_path());
                        is_found = true;
                    }
                    Ok(_) => {}
                    Err(error) => journals.problems.push(error.to_string()),
                }
            }
            if !is_found {
                bail!("{}: there are no files *.log", path.display());
            }
        }
        for files in journals.processes.values_mut() {
            files.sort_by(|(left, a), (right, b)| (a.hour, left).cmp(&(b.hour, right)));
            files.dedup_by(|(left, _), (right, _)| left == right);
        }
        Ok(journals)
    }

    fn add(&mut self, path: PathBuf) {
        let file = LogFile::from_path(&path.to_string_lossy());
        // Processes of two servers may have equal names.
        let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        self.processes.entry(format!("{folder}/{}", file.process)).or_default().push((path, file));
    }

    /// Reads everything; half of it is no profile, so whoever has cancelled looks at nothing. The outcome does not depend on
    /// the number of threads.
    pub(super) fn read(self, filter: &Filter, jobs: usize, title: &str, watch: &Watch) -> ReadJournals {
        let started = Instant::now();
        let read = || {
            let parts = self.processes.par_iter().map(|(_, files)| read_process(files, filter, watch));
            parts.collect::<Vec<_>>()
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let parts = match pool {
            Ok(pool) => pool.install(read),
            Err(_) => read(),
        };
        let mut problems = self.problems;
        let mut whole = TechLogImporter::new(filter.clone());
        for (importer, failed) in parts {
            whole.merge(importer);
            problems.extend(failed);
        }
        let (profile, summary) = whole.finish(title);
        ReadJournals { profile, summary, seconds: started.elapsed().as_secs_f64(), problems }
    }
}

/// Archives that nobody has named are journals if an hour is in their names.
fn is_log(path: &Path, is_named: bool) -> bool {
    let text = path.to_string_lossy();
    match Packing::of_path(&text) {
        Packing::None => path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("log")),
        Packing::Gzip | Packing::Zip => is_named || LogFile::from_path(&text).hour.is_some(),
    }
}

fn read_process(
    files: &[(PathBuf, LogFile)],
    filter: &Filter,
    watch: &Watch,
) -> (TechLogImporter, Vec<String>) {
    let mut importer = TechLogImporter::new(filter.clone());
    let mut problems = Vec::new();
    for (path, file) in files {
        if watch.cancel.is_cancelled() {
            break;
        }
        let result = File::open(path)
            .and_then(|source| importer.read_packed_file(file, WatchedFile { file: source, watch }));
        if let Err(error) = result {
            problems.push(format!("{}: {error}", path.display()));
        }
    }
    (importer, problems)
}

impl ReadJournals {
    pub(super) fn has_trouble(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What was read and what could not be understood.
    pub(super) fn tell(&self, locale: Locale) -> String {
        let Summary { files, bytes, events, filtered, problems, .. } = &self.summary;
        let megabytes = *bytes as f64 / 1e6;
        let speed = megabytes / self.seconds.max(1e-9);
        let (events, filtered) = (count_text(*events, locale), count_text(*filtered, locale));
        let mut text = match locale {
            Locale::Ru => format!(
                "журнал: файлов {files}, {megabytes:.1} МБ, событий {events} (отфильтровано {filtered}), {speed:.0} МБ/с"
            ),
            Locale::En => format!(
                "journal: {files} files, {megabytes:.1} MB, {events} events ({filtered} filtered out), {speed:.0} MB/s"
            ),
        };
        for problem in &self.problems {
            let _ = write!(text, "\n  {problem}");
        }
        for kind in ProblemKind::ALL {
            let count = problems.count(kind);
            if count == 0 {
                continue;
            }
            let _ = write!(text, "\n  {}: {}", kind.text(locale), count_text(count, locale));
            let places = problems.places.iter().filter(|place| place.kind == kind).take(3);
            let places: Vec<String> = places.map(ToString::to_string).collect();
            if !places.is_empty() {
                let _ = write!(
                    text,
                    " ({}{})",
                    places.join(", "),
                    if count > places.len() as u64 { ", …" } else { "" }
                );
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use profile::techlog::{Generator, GeneratorOptions};

    use super::*;

    #[test]
    fn journals_are_read_whatever_the_number_of_threads() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let options = GeneratorOptions { seed: 5, file_bytes: 100_000, calls_per_problem: 5 };
        let mut generator = Generator::new(options);
        for number in 0..6 {
            let path = folder.path().join(Generator::file_name(number, 3));
            std::fs::create_dir_all(path.parent().expect("invariant: files have folders")).expect("a folder");
            generator.write_file(&mut File::create(path).expect("a file")).expect("written");
        }
        let read = |jobs| {
            let paths = folder.path().to_path_buf();
            let watch = Watch::default();
            let journals = Journals::find(&[&paths], &watch).expect("journals");
            let read = journals.read(&Filter::default(), jobs, "", &watch);
            assert_eq!(watch.bytes(), (read.summary.bytes, read.summary.bytes));
            read
        };
        let (one, many) = (read(1), read(4));
        let truth = generator.truth();
        assert_eq!(one.profile, many.profile);
        assert_eq!(one.summary, many.summary);
        assert_eq!((one.summary.files, one.summary.problems.total()), (6, truth.problems));
        assert_eq!(one.profile.total.sql_count, truth.statements);
        assert!(one.tell(Locale::Ru).contains("кавычка не закрыта"));
        assert!(!one.has_trouble());
    }

    #[test]
    fn packed_journals_are_found_by_their_hours() {
        let is_log = |path: &str, is_named| is_log(Path::new(path), is_named);
        assert!(is_log("logs/rphost_1/26112012.zip", false) && is_log("rphost_1/26112012.log.gz", false));
        assert!(!is_log("logs/photos.zip", false) && is_log("logs/photos.zip", true));
    }

    #[test]
    fn folders_without_journals_are_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().to_path_buf();
        let error = Journals::find(&[&path], &Watch::default())
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(error.ends_with("there are no files *.log"), "{error}");
    }
}
