//! The project around the checked modules.

use std::path::{Path, PathBuf};

use base::CancelToken;
use rustc_hash::FxHashMap;
use semantics::{ModuleFacts, Project};

use crate::cli::check::CheckArguments;
use crate::cli::check::pass::{FirstPass, Run};
use crate::cli::complain;
use crate::cli::report::absolute;
use crate::workspace::{CachedSource, FactsSource, Unobserved, WorkspaceOptions, load, project_folder};

/// The facts of the checked modules need no second look.
pub(super) fn project_of(run: Run<'_>, modules: &[FirstPass<'_>]) -> Project {
    let known: FxHashMap<PathBuf, &ModuleFacts> =
        modules.iter().map(|module| (absolute(&module.input.path), &module.facts)).collect();
    let options = WorkspaceOptions {
        folders: run.folders.to_vec(),
        exclude: run.settings.exclude_paths.clone(),
        help_folder: None,
        language: run.settings.language,
    };
    // A lone file is read faster than a store is opened.
    let source = match !run.arguments.no_cache && options.folders.iter().any(|folder| folder.is_dir()) {
        true => CachedSource::open(&options.folders),
        false => CachedSource::without_store(),
    };
    let facts = |path: &Path| known.get(path).map_or_else(|| source.facts(path), |facts| (*facts).clone());
    let Some(workspace) = load(&options, &source, &facts, &Unobserved, &CancelToken::new()) else {
        return Project::default();
    };
    source.save();
    for problem in &workspace.problems {
        let line = problem.line.map_or(String::new(), |line| format!(":{}", line + 1));
        complain(format_args!("{}{line}: {}", problem.path.display(), problem.message));
    }
    let mut project = workspace.project;
    // Files with other endings and the text on stdin are modules because the user says so.
    for (path, facts) in known {
        if project.module_by_path(&path).is_none() {
            project = project.with_module(&path, facts.clone()).0;
        }
    }
    project
}

/// Folders of the arguments, or the configurations around them. A text without a name is nowhere.
pub(super) fn project_folders(arguments: &CheckArguments) -> Vec<PathBuf> {
    let mut paths: Vec<&Path> = arguments.paths.iter().map(PathBuf::as_path).collect();
    if arguments.stdin {
        paths.extend(arguments.stdin_filename.as_deref());
    } else if paths.is_empty() {
        paths.push(Path::new("."));
    } else {
        paths.retain(|path| path.exists());
    }
    let mut folders: Vec<PathBuf> = paths.into_iter().map(project_folder).collect();
    folders.sort();
    folders.dedup();
    folders
}
