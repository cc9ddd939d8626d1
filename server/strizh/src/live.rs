//! Where a user keeps what concerns living infobases, and which configuration a module belongs to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use infobase::module::ModuleReference;
use infobase::security::{PathError, contain};

type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// What the user says about infobases, unless the settings name another file.
pub(crate) fn configuration_file() -> Option<PathBuf> {
    let folder = folder(&|name| std::env::var_os(name), "XDG_CONFIG_HOME", "APPDATA", ".config")?;
    Some(folder.join("strizh/infobase.json"))
}

/// The record of what was done.
pub(crate) fn audit_file() -> Option<PathBuf> {
    let folder = folder(&|name| std::env::var_os(name), "XDG_STATE_HOME", "LOCALAPPDATA", ".local/state")?;
    Some(folder.join("strizh/audit.jsonl"))
}

fn folder(environment: Environment<'_>, variable: &str, windows: &str, below_home: &str) -> Option<PathBuf> {
    let folder = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let by_system = if cfg!(windows) {
        folder(windows)
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("HOME").map(|home| home.join(below_home))
    };
    folder(variable).or(by_system)
}

/// The folder of the configuration, extension or external objects around a module, and the module in it.
pub(crate) fn locate(file: &Path) -> Result<(PathBuf, ModuleReference), PathError> {
    let shown = || file.display().to_string();
    let file = std::fs::canonicalize(file).map_err(|_| PathError::Missing(shown()))?;
    let is_root = |folder: &&Path| {
        folder.join("Configuration.xml").is_file() || folder.join("Configuration/Configuration.mdo").is_file()
    };
    let root = file.ancestors().skip(1).find(is_root).ok_or_else(|| PathError::Outside(shown()))?;
    let inside = file.strip_prefix(root).map_err(|_| PathError::Outside(shown()))?;
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let path = parts.join("/");
    contain(root, &path)?;
    Ok((root.to_owned(), ModuleReference::from_path(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_belong_to_the_configuration_around_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(&path, "").expect("a file");
            path
        };
        write("cf/Configuration.xml");
        write("edt/src/Configuration/Configuration.mdo");
        let designer = write("cf/CommonModules/М/Ext/Module.bsl");
        let edt = write("edt/src/CommonModules/М/Module.bsl");
        let (root, module) = locate(&designer).expect("inside");
        assert!(root.ends_with("cf"));
        assert_eq!(module.path, "CommonModules/М/Ext/Module.bsl");
        let (root, module) = locate(&edt).expect("inside");
        assert!(root.ends_with("edt/src"));
        assert_eq!(module.metadata, "ОбщийМодуль.М.Модуль");
        assert!(locate(&write("other/Module.bsl")).is_err());
        assert!(locate(&folder.path().join("cf/no.bsl")).is_err());
    }

    #[test]
    fn files_of_the_user_are_found() {
        let environment = |name: &str| {
            let known = [("HOME", "/home/anna"), ("APPDATA", "C:\\anna"), ("LOCALAPPDATA", "C:\\anna")];
            known.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        };
        let found = folder(&environment, "XDG_CONFIG_HOME", "APPDATA", ".config");
        assert!(found.is_some());
        let own = |name: &str| (name == "XDG_CONFIG_HOME").then(|| std::env::temp_dir().into_os_string());
        assert_eq!(folder(&own, "XDG_CONFIG_HOME", "APPDATA", ".config"), Some(std::env::temp_dir()));
        assert_eq!(folder(&|_| None, "XDG_CONFIG_HOME", "APPDATA", ".config"), None);
    }
}
