//! Functions of files, in the folders that were granted.

use std::fs;

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::Outcome;
use crate::files::{self, failure};
use crate::machine::Machine;
use crate::object::Object;
use crate::objects::file::File;
use crate::objects::{Array, uuid};
use crate::value::Value;

pub(super) const TABLE: &[Entry] =
    &[
        ("НайтиФайлы", "FindFiles", 1, 3, find),
        ("УдалитьФайлы", "DeleteFiles", 1, 2, delete),
        ("КопироватьФайл", "CopyFile", 2, 2, |machine, arguments| {
            let (from, to) = (arguments.text(0)?, arguments.text(1)?);
            let bytes = files::read(machine, &from)?;
            files::write(machine, &to, &bytes)?;
            Ok(Value::Undefined)
        }),
        ("ПереместитьФайл", "MoveFile", 2, 2, |machine, arguments| {
            let (from, to) = (arguments.text(0)?, arguments.text(1)?);
            let (source, target) = (machine.grants.writable(&from)?, machine.grants.writable(&to)?);
            fs::rename(source, target).map_err(|error| failure(&from, &error))?;
            Ok(Value::Undefined)
        }),
        ("СоздатьКаталог", "CreateDirectory", 1, 1, |machine, arguments| {
            let path = arguments.text(0)?;
            let real = machine.grants.writable(&path)?;
            fs::create_dir_all(real).map_err(|error| failure(&path, &error))?;
            Ok(Value::Undefined)
        }),
        ("ПолучитьИмяВременногоФайла", "GetTempFileName", 0, 1, temporary),
        ("КаталогВременныхФайлов", "TempFilesDir", 0, 0, |machine, _| {
            Ok(format!("{}/", machine.grants.temporary()?.display()).into())
        }),
        ("ПолучитьРазделительПути", "GetPathSeparator", 0, 0, |_, _| Ok("/".into())),
        ("ПолучитьРазделительПутиСервера", "GetServerPathSeparator", 0, 0, |_, _| Ok("/".into())),
        ("ПолучитьРазделительПутиКлиента", "GetClientPathSeparator", 0, 0, |_, _| Ok("/".into())),
        ("ПолучитьМаскуВсеФайлы", "GetAllFilesMask", 0, 0, |_, _| Ok("*".into())),
        ("ПолучитьМаскуВсеФайлыСервера", "GetServerAllFilesMask", 0, 0, |_, _| Ok("*".into())),
    ];

fn find(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let folder = machine.grants.readable(&arguments.text(0)?)?;
    let mask = arguments.text_or(1, "*")?;
    let found = files::find(machine, &folder, &mask, arguments.boolean_or(2, false)?)?;
    Ok(Array::of(found.into_iter().map(|path| Value::object(File::new(&path))).collect()))
}

fn delete(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let path = arguments.text(0)?;
    if !arguments.is_given(1) {
        files::remove(machine, &path)?;
        return Ok(Value::Undefined);
    }
    let folder = machine.grants.readable(&path)?;
    for path in files::find(machine, &folder, &arguments.text(1)?, false)? {
        files::remove(machine, &path)?;
    }
    Ok(Value::Undefined)
}

fn temporary(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let extension = arguments.text_or(0, "tmp")?;
    let name = format!("v8_{}.{extension}", uuid::random().presentation());
    Ok(machine.grants.temporary()?.join(name).to_string_lossy().into_owned().into())
}
