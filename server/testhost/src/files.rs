//! Files that code reads and writes: only those that were granted.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;

pub(crate) fn read(machine: &Machine, path: &str) -> Outcome<Vec<u8>> {
    let real = machine.grants.readable(path)?;
    let size = fs::metadata(&real).map_err(|error| failure(path, &error))?.len();
    machine.check_text(usize::try_from(size).unwrap_or(usize::MAX))?;
    fs::read(&real).map_err(|error| failure(path, &error))
}

pub(crate) fn write(machine: &Machine, path: &str, bytes: &[u8]) -> Outcome<()> {
    let real = machine.grants.writable(path)?;
    fs::write(&real, bytes).map_err(|error| failure(path, &error))
}

/// An error of the system in the platform's form.
pub(crate) fn failure(path: &str, error: &std::io::Error) -> Box<Failure> {
    let what = match error.kind() {
        ErrorKind::NotFound => "Файл не обнаружен",
        ErrorKind::AlreadyExists => "Файл уже существует",
        ErrorKind::PermissionDenied => "Ошибка доступа к файлу",
        _ => "Ошибка работы с файлом",
    };
    Failure::runtime(format!("{what} '{path}'"))
}

/// Does a file name fit a mask of `*` and `?`.
pub(crate) fn fits_mask(name: &str, mask: &str) -> bool {
    let (name, mask): (Vec<char>, Vec<char>) = (name.chars().collect(), mask.chars().collect());
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for sign in mask {
        let mut next = vec![false; name.len() + 1];
        let mut is_open = false;
        for place in 0..=name.len() {
            is_open |= reached[place];
            next[place] = match sign {
                '*' => is_open,
                '?' => place > 0 && reached[place - 1],
                letter => place > 0 && reached[place - 1] && name[place - 1] == letter,
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// Removes a file or a folder with all that is in it.
pub(crate) fn remove(machine: &Machine, path: &str) -> Outcome<()> {
    let real = machine.grants.writable(path)?;
    let result = if real.is_dir() { fs::remove_dir_all(&real) } else { fs::remove_file(&real) };
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failure(path, &error)),
        _ => Ok(()),
    }
}

/// Names of what is in a folder and fits a mask, sorted, with those of the folders below if wanted.
pub(crate) fn find(machine: &Machine, folder: &Path, mask: &str, is_deep: bool) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && is_deep {
                pending.push(entry.path());
            }
            if fits_mask(&entry.file_name().to_string_lossy(), mask) {
                found.push(entry.path().to_string_lossy().into_owned());
                machine.check_size(found.len())?;
            }
        }
    }
    found.sort();
    Ok(found)
}
