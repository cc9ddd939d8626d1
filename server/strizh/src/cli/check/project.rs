//! Checking modules with their project around them: every module is parsed once, for its own findings and for its
//! facts; when all facts are known, the rules about the project add theirs.

use std::path::{Path, PathBuf};

use base::{CancelToken, TextRange};
use lints::{Checked, ModuleInfo, ProjectModule, RuleSet};
use rustc_hash::FxHashMap;
use semantics::{ModuleFacts, Project};
use syntax::parse_text;

use crate::cli::complain;
use crate::files::read_module;
use crate::settings::Settings;
use crate::workspace::{CachedSource, FactsSource, Unobserved, WorkspaceOptions, load, project_folder};

/// A module after the first pass.
#[derive(Debug)]
pub(super) struct FirstPass {
    pub(super) path: PathBuf,
    checked: Checked,
    facts: ModuleFacts,
}

pub(super) fn first_pass(path: &Path, rules: &RuleSet) -> Result<FirstPass, String> {
    let text = read_module(path)?.text;
    let tree = parse_text(&text);
    let info = ModuleInfo::from_path(&path.to_string_lossy());
    let checked = lints::check_tree(&tree, &text, rules, &info);
    let facts = ModuleFacts::of_tree(&tree, &text);
    Ok(FirstPass { path: path.to_owned(), checked, facts })
}

/// The project around the checked modules, whose facts need no second look.
pub(super) fn project_of(paths: &[PathBuf], settings: &Settings, modules: &[FirstPass]) -> Project {
    let mut folders: Vec<PathBuf> = paths.iter().map(|path| project_folder(path)).collect();
    folders.sort();
    folders.dedup();
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known: FxHashMap<PathBuf, &ModuleFacts> =
        modules.iter().map(|module| (absolute(&module.path), &module.facts)).collect();
    let options = WorkspaceOptions {
        folders,
        exclude: settings.exclude_paths.clone(),
        help_folder: None,
        language: settings.language,
    };
    let source = CachedSource::open(&options.folders);
    let facts = |path: &Path| known.get(path).map_or_else(|| source.facts(path), |facts| (*facts).clone());
    let Some(workspace) = load(&options, &source, &facts, &Unobserved, &CancelToken::new()) else {
        return Project::default();
    };
    source.save();
    for problem in &workspace.problems {
        let line = problem.line.map_or(String::new(), |line| format!(":{}", line + 1));
        complain(format_args!("{}{line}: {}", problem.path.display(), problem.message));
    }
    workspace.project
}

/// All findings of a module and its text.
pub(super) fn second_pass(
    module: &FirstPass,
    rules: &RuleSet,
    project: &Project,
) -> Result<(String, Vec<lints::Finding>), String> {
    let text = read_module(&module.path)?.text;
    let read = |range: TextRange| range.slice(&text).to_owned();
    let path = std::path::absolute(&module.path).unwrap_or_else(|_| module.path.clone());
    let place = project.module_by_path(&path).map(|id| ProjectModule { project, module: id, text: &read });
    let findings = module.checked.clone().finish(rules, place);
    Ok((text, findings))
}
