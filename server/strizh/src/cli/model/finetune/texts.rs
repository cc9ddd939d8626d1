//! The modules of a folder as texts to learn from and texts to measure with.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use ai::finetune::Module;
use anyhow::bail;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::cuts::module;
use crate::cli::complain;
use crate::cli::model::progress;
use crate::files::{find_modules, read_module};

pub(super) struct Texts {
    pub(super) train: Vec<Module>,
    pub(super) held_out: Vec<Module>,
    /// Files with errors in their syntax or of unreadable kinds.
    pub(super) skipped: usize,
    /// Files whose text another one has.
    pub(super) repeated: usize,
}

/// Reads the modules of a folder. Which part of them is held out depends on their names only.
pub(super) fn read(folder: &Path, held_out: f64) -> anyhow::Result<Texts> {
    if !folder.is_dir() {
        bail!("{}: no such folder", folder.display());
    }
    let found = find_modules(&[folder.to_path_buf()], &[]);
    found.problems.iter().for_each(complain);
    let bar = progress::bar(found.modules.len() as u64);
    let unreadable = AtomicUsize::new(0);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(path).display().to_string().replace('\\', "/");
        let text = read_module(path);
        bar.inc(1);
        match text {
            Ok(decoded) => module(name, &decoded.text),
            Err(problem) => {
                complain(problem);
                unreadable.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    };
    let modules: Vec<Option<Module>> = found.modules.par_iter().map(read).collect();
    bar.finish_and_clear();
    let skipped = modules.iter().filter(|module| module.is_none()).count();
    let mut modules: Vec<Module> = modules.into_iter().flatten().collect();
    let (count, mut seen) = (modules.len(), HashSet::new());
    modules.retain(|module| seen.insert(xxh3_64(module.text.as_bytes())));
    let repeated = count - modules.len();
    if modules.len() < 2 {
        bail!("{}: at least two different modules are needed", folder.display());
    }
    let (train, held_out) = split(modules, held_out);
    Ok(Texts { train, held_out, skipped, repeated })
}

/// Names of the modules that are held out, in files with the same share.
pub(in crate::cli::model) fn held_out_names(folder: &Path, held_out: f64) -> anyhow::Result<HashSet<String>> {
    Ok(read(folder, held_out)?.held_out.into_iter().map(|module| module.name).collect())
}

/// The modules to learn from and those to measure with, at least one of each.
fn split(mut modules: Vec<Module>, held_out: f64) -> (Vec<Module>, Vec<Module>) {
    modules.sort_by_cached_key(|module| (xxh3_64(module.name.as_bytes()), module.name.clone()));
    let wanted = (modules.len() as f64 * held_out).round() as usize;
    let mut train = modules.split_off(wanted.clamp(1, modules.len().max(2) - 1));
    train.sort_by(|left, right| left.name.cmp(&right.name));
    (train, modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_module_is_on_one_side() {
        let modules = |count: usize| {
            (0..count)
                .map(|number| Module { name: number.to_string(), ..Module::default() })
                .collect::<Vec<_>>()
        };
        for (count, part, expected) in [(10, 0.5, 5), (10, 0.0, 1), (2, 1.0, 1), (10, 0.1, 1)] {
            let (train, held_out) = split(modules(count), part);
            assert_eq!((train.len(), held_out.len()), (count - expected, expected));
            assert!(train.iter().all(|module| !held_out.contains(module)));
        }
    }
}
