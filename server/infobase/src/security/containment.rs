//! Paths of modules that stay inside the root of the sources, whatever they are made of.

use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathError {
    Empty,
    Absolute(String),
    /// `..`, `.`, empty parts, signs that mean something to a file system.
    Traversal(String),
    /// Links lead out of the root.
    Outside(String),
    /// Modules are `.bsl` files.
    NoModule(String),
    /// A file of that name exists in another letter case: which one is meant is unclear.
    OtherCase(String),
    Missing(String),
}

impl fmt::Display for PathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the path of the module is missing"),
            Self::Absolute(path) => write!(formatter, "the path {path:?} is absolute"),
            Self::Traversal(path) => write!(formatter, "the path {path:?} has parts that are no plain names"),
            Self::Outside(path) => write!(formatter, "the path {path:?} leads out of the configuration"),
            Self::NoModule(path) => write!(formatter, "the path {path:?} is no module"),
            Self::OtherCase(path) => {
                write!(formatter, "the path {path:?} differs from the file in letter case")
            }
            Self::Missing(path) => write!(formatter, "the file {path:?} does not exist"),
        }
    }
}

impl std::error::Error for PathError {}

/// The file of a module inside `root`. `path` is relative, with `/`; the file has to exist.
pub fn contain(root: &Path, path: &str) -> Result<PathBuf, PathError> {
    check_text(path)?;
    let named = || path.to_owned();
    let root = fs::canonicalize(root).map_err(|_| PathError::Missing(root.display().to_string()))?;
    let joined = root.join(Path::new(path));
    let real = fs::canonicalize(&joined).map_err(|_| PathError::Missing(named()))?;
    let Ok(inside) = real.strip_prefix(&root) else {
        return Err(PathError::Outside(named()));
    };
    if !real.is_file() {
        return Err(PathError::NoModule(named()));
    }
    // On systems without letter case a file answers to many names; links inside the root are other names as well.
    let is_link = joined.ancestors().take_while(|part| *part != root).any(Path::is_symlink);
    let spelled: PathBuf = path.split('/').collect();
    if !is_link && inside != spelled {
        return Err(PathError::OtherCase(named()));
    }
    let is_module = real.extension().is_some_and(|extension| extension == "bsl");
    if is_module { Ok(real) } else { Err(PathError::NoModule(named())) }
}

fn check_text(path: &str) -> Result<(), PathError> {
    let named = || path.to_owned();
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\']) || has_drive || Path::new(path).is_absolute() {
        return Err(PathError::Absolute(named()));
    }
    let is_plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.ends_with(['.', ' '])
            && !part.contains(|letter: char| letter.is_control() || "\\:*?\"<>|%".contains(letter))
    };
    let components_are_plain = Path::new(path).components().all(|it| matches!(it, Component::Normal(_)));
    if !components_are_plain || !path.split('/').all(is_plain) {
        return Err(PathError::Traversal(named()));
    }
    let is_module = path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("bsl"));
    if is_module { Ok(()) } else { Err(PathError::NoModule(named())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let module = folder.path().join("root/CommonModules/Цены/Ext");
        fs::create_dir_all(&module).expect("folders");
        fs::write(module.join("Module.bsl"), "").expect("a module");
        fs::write(folder.path().join("root/secret.txt"), "").expect("a file");
        fs::write(folder.path().join("outside.bsl"), "").expect("a file");
        folder
    }

    #[test]
    fn only_plain_names_below_the_root_are_modules() {
        let folder = folder();
        let root = folder.path().join("root");
        let good = contain(&root, "CommonModules/Цены/Ext/Module.bsl").expect("a module");
        assert!(good.ends_with("CommonModules/Цены/Ext/Module.bsl"));
        for path in [
            "",
            "/etc/passwd.bsl",
            "\\\\server\\share\\m.bsl",
            "C:/m.bsl",
            "../outside.bsl",
            "CommonModules/../../outside.bsl",
            "CommonModules/..\\..\\outside.bsl",
            "CommonModules/./Цены/Ext/Module.bsl",
            "CommonModules//Цены/Ext/Module.bsl",
            "CommonModules/Цены/Ext/Module.bsl/",
            "CommonModules/Цены/Ext/Module.bsl\0.txt",
            "CommonModules/Цены/Ext/Module.bsl:stream.bsl",
            "%2e%2e/outside.bsl",
            "secret.txt",
            "CommonModules/Цены/Ext",
            "CommonModules/Нет/Ext/Module.bsl",
        ] {
            assert!(contain(&root, path).is_err(), "{path}");
        }
    }

    #[test]
    fn letter_case_does_not_make_another_file() {
        let folder = folder();
        let root = folder.path().join("root");
        let error = contain(&root, "commonmodules/Цены/Ext/Module.bsl").expect_err("another name");
        assert!(matches!(error, PathError::Missing(_) | PathError::OtherCase(_)), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn links_do_not_lead_out() {
        let folder = folder();
        let root = folder.path().join("root");
        std::os::unix::fs::symlink(folder.path(), root.join("up")).expect("a link");
        std::os::unix::fs::symlink(folder.path().join("outside.bsl"), root.join("m.bsl")).expect("a link");
        std::os::unix::fs::symlink(root.join("CommonModules/Цены"), root.join("same")).expect("a link");
        for path in ["up/outside.bsl", "m.bsl"] {
            assert_eq!(contain(&root, path), Err(PathError::Outside(path.to_owned())));
        }
        assert!(contain(&root, "same/Ext/Module.bsl").is_ok(), "links inside the root are fine");
    }
}
