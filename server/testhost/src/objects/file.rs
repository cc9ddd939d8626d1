//! `Файл`: the parts of a name, and what the system knows of the file.

use std::fs::{self, Metadata};
use std::path::Path;

use crate::arguments::Arguments;
use crate::builtins::UNIX_EPOCH;
use crate::date::Date;
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) struct File {
    path: String,
}

pub(super) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 1)?;
    Ok(Value::object(File::new(&arguments.text_or(0, "")?)))
}

impl File {
    pub(crate) fn new(path: &str) -> Self {
        let is_root = path.len() == 1;
        Self { path: if is_root { path } else { path.trim_end_matches('/') }.to_owned() }
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// With the dot.
    fn extension(&self) -> &str {
        self.name().rfind('.').map_or("", |dot| &self.name()[dot..])
    }

    fn metadata(&self, machine: &Machine) -> Outcome<Option<Metadata>> {
        Ok(fs::metadata(machine.grants.readable(&self.path)?).ok())
    }

    fn required_metadata(&self, machine: &Machine) -> Outcome<Metadata> {
        let missing = || crate::files::failure(&self.path, &std::io::ErrorKind::NotFound.into());
        self.metadata(machine)?.ok_or_else(missing)
    }
}

impl Object for File {
    fn type_name(&self) -> TypeName {
        TypeName::made("Файл", "File")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let stem = self.name().strip_suffix(self.extension()).unwrap_or_default();
        Ok(match name.folded.as_ref() {
            "имя" | "name" => self.name().into(),
            "имябезрасширения" | "basename" => stem.into(),
            "расширение" | "extension" => self.extension().into(),
            "полноеимя" | "fullname" => {
                let full = std::path::absolute(Path::new(&self.path)).unwrap_or_default();
                full.to_string_lossy().into_owned().into()
            }
            "путь" | "path" => self.path.strip_suffix(self.name()).unwrap_or_default().into(),
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn call(&self, machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        Ok(match name.folded.as_ref() {
            "существует" | "exists" | "exist" => self.metadata(machine)?.is_some().into(),
            "этокаталог" | "isdirectory" => self.required_metadata(machine)?.is_dir().into(),
            "этофайл" | "isfile" => self.required_metadata(machine)?.is_file().into(),
            "размер" | "size" => (self.required_metadata(machine)?.len() as i64).into(),
            "получитьвремяизменения"
            | "getmodificationtime"
            | "получитьуниверсальноевремяизменения"
            | "getmodificationuniversaltime" => {
                let changed = self.required_metadata(machine)?.modified().ok();
                let elapsed = changed.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
                Date(UNIX_EPOCH + elapsed.map_or(0, |elapsed| elapsed.as_secs() as i64)).into()
            }
            _ => return Err(messages::no_method(&name.shown)),
        })
    }
}
