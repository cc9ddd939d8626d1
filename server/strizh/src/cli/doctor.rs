//! `strizh doctor`: what a bug report needs, in one text to paste. It names no secrets and sends nothing.

use std::io::Write;
use std::path::{Path, PathBuf};

use base::Locale;
use clap::Args;

use crate::cli::Outcome;
use crate::facts_store::cache_folder;
use crate::files::{Disk, find_modules};
use crate::settings::{FileSettings, SETTINGS_FILE};
use crate::workspace::project_folder;

/// Variables that change what the program does. Values of others are nobody's business.
const VARIABLES: &[&str] = &["STRIZH_LOG", "XDG_CACHE_HOME", "LOCALAPPDATA", "LANG", "RAYON_NUM_THREADS"];

#[derive(Args)]
pub(crate) struct DoctorArguments {
    /// Folder of the project.
    #[arg(default_value = ".")]
    folder: PathBuf,
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
}

/// Lines of the report: a name and what is found.
struct Report {
    locale: Locale,
    lines: Vec<String>,
    has_problems: bool,
}

impl Report {
    fn say(&mut self, russian: &str, english: &str, value: &str) {
        let name = match self.locale {
            Locale::Ru => russian,
            Locale::En => english,
        };
        self.lines.push(format!("{name}: {value}"));
    }

    fn complain(&mut self, russian: &str, english: &str, value: &str) {
        self.has_problems = true;
        self.say(russian, english, &format!("! {value}"));
    }
}

pub(crate) fn run(arguments: &DoctorArguments) -> anyhow::Result<Outcome> {
    let locale = if arguments.language == "en" { Locale::En } else { Locale::Ru };
    let mut report = Report { locale, lines: Vec::new(), has_problems: false };
    describe_program(&mut report);
    describe_machine(&mut report);
    describe_cache(&mut report);
    describe_project(&mut report, &arguments.folder);
    let mut output = std::io::stdout().lock();
    for line in &report.lines {
        writeln!(output, "{line}")?;
    }
    Ok(if report.has_problems { Outcome::Findings } else { Outcome::Clean })
}

fn describe_program(report: &mut Report) {
    let kind = if cfg!(debug_assertions) { "debug" } else { "release" };
    let linking = if cfg!(target_env = "musl") { "static" } else { "dynamic" };
    report.say("Программа", "Program", &format!("strizh {} ({kind}, {linking})", env!("CARGO_PKG_VERSION")));
    match std::env::current_exe() {
        Ok(path) => report.say("Файл", "File", &path.display().to_string()),
        Err(error) => report.complain("Файл", "File", &error.to_string()),
    }
    report.say("Правил", "Rules", &lints::all_rules().len().to_string());
    let model = format!("{}, {:.1} MB", ai::embedded::NAME, ai::embedded::BYTES.len() as f64 / 1e6);
    report.say("Модель", "Model", &model);
}

fn describe_machine(report: &mut Report) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let system = format!("{} {}, {threads} CPU", std::env::consts::OS, std::env::consts::ARCH);
    report.say("Машина", "Machine", &system);
    #[cfg(target_arch = "x86_64")]
    {
        let features = [
            ("avx2", std::arch::is_x86_feature_detected!("avx2")),
            ("fma", std::arch::is_x86_feature_detected!("fma")),
            ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
        ];
        let present: Vec<&str> =
            features.into_iter().filter_map(|(name, is_there)| is_there.then_some(name)).collect();
        report.say("Команды процессора", "Processor features", &present.join(" "));
    }
    for name in VARIABLES {
        if let Some(value) = std::env::var_os(name) {
            report.say(name, name, &value.to_string_lossy());
        }
    }
}

fn describe_cache(report: &mut Report) {
    let names = ("Кэш", "Cache");
    let Some(folder) = cache_folder() else {
        return report.complain(names.0, names.1, "-");
    };
    let bytes: u64 = ignore::WalkBuilder::new(&folder)
        .standard_filters(false)
        .build()
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|data| data.len())
        .sum();
    report.say(names.0, names.1, &format!("{}, {:.1} MB", folder.display(), bytes as f64 / 1e6));
    if let Err(error) = tempfile_in(&folder) {
        report.complain("Запись в кэш", "Writing to the cache", &error.to_string());
    }
}

/// Whether files can be made there.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let probe = folder.join(format!("doctor-{}", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(probe)
}

fn describe_project(report: &mut Report, folder: &Path) {
    let project = project_folder(folder);
    report.say("Проект", "Project", &project.display().to_string());
    let settings = project.join(SETTINGS_FILE);
    match FileSettings::read(&settings) {
        Err(error) => report.complain("Настройки", "Settings", &error),
        Ok(_) if !settings.exists() => report.say("Настройки", "Settings", "-"),
        Ok((_, warnings)) => {
            report.say("Настройки", "Settings", SETTINGS_FILE);
            for warning in warnings {
                report.complain("Настройки", "Settings", &warning);
            }
        }
    }
    for root in metadata::find_roots(&Disk, &project) {
        let name = root.configuration.as_deref().unwrap_or(&root.folder);
        report.say("Корень", "Root", &format!("{:?} {}", root.layout, name.display()));
    }
    let found = find_modules(&[project], &[]);
    report.say("Модулей", "Modules", &found.modules.len().to_string());
}
