//! What is run: a script or a configuration.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, bail};
use base::Locale;
use metadata::RootKind;
use testhost::{Configuration, Failure, FailureKind, Instance, Machine, Value};

use crate::cli::complain;
use crate::cli::run::RunArguments;
use crate::files::{Disk, read_module};

pub(super) enum Target {
    Script { name: String, text: String, instance: std::cell::OnceCell<Rc<Instance>> },
    Configuration { configuration: Configuration, folder: PathBuf },
}

impl Target {
    /// Opens what a path names; code of the configuration that does not compile is the inner error.
    pub(super) fn open(
        arguments: &RunArguments,
        machine: &mut Machine,
    ) -> anyhow::Result<Result<Self, Box<Failure>>> {
        let path = &arguments.target;
        if path.is_file() && path.file_name().is_none_or(|name| name != "Configuration.xml") {
            let text = read_module(path).map_err(|error| anyhow::anyhow!(error))?.text.to_string();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(Ok(Self::Script { name, text, instance: std::cell::OnceCell::new() }));
        }
        let folder = if path.is_dir() { path.clone() } else { path.parent().unwrap_or(path).to_path_buf() };
        if !folder.is_dir() {
            bail!("{}: no such file or folder", path.display());
        }
        if arguments.call.is_none() && arguments.data.is_none() {
            bail!(match arguments.locale() {
                Locale::Ru => "что выполнить в конфигурации, говорит --call Модуль.Метод или --data ФАЙЛ",
                Locale::En => "--call Module.Method or --data FILE says what to run of a configuration",
            });
        }
        let (configuration, folder) = open_configuration(&folder)?;
        Ok(configuration.attach(machine).map(|()| Self::Configuration { configuration, folder }))
    }

    pub(super) fn run(
        &self,
        machine: &mut Machine,
        call: Option<&str>,
        values: Vec<Value>,
    ) -> Result<Value, Box<Failure>> {
        match self {
            Self::Configuration { configuration, .. } => match call {
                Some(call) => configuration.call(machine, call, values),
                None => Ok(Value::Undefined),
            },
            Self::Script { name, text, instance } => {
                let module = machine
                    .compile(name, text, None)
                    .map_err(|error| Failure::new(FailureKind::Syntax, error.to_string()))?;
                let instance = instance.get_or_init(|| Rc::new(Instance::new(module, None)));
                machine.run_body(instance)?;
                match call {
                    Some(call) => machine.call(instance, call, values),
                    None => Ok(Value::Undefined),
                }
            }
        }
    }

    /// Text of a line, and the file of its module below the folder of the configuration.
    pub(super) fn line_text(&self, module: &str, line: u32) -> Option<String> {
        match self {
            Self::Configuration { configuration, .. } => {
                configuration.module(module).map(|module| module.line_text(line).to_owned())
            }
            Self::Script { name, instance, .. } if name == module => {
                instance.get().map(|instance| instance.module().line_text(line).to_owned())
            }
            Self::Script { .. } => None,
        }
    }

    pub(super) fn path_of(&self, module: &str) -> Option<String> {
        let Self::Configuration { configuration, folder } = self else { return None };
        let (_, path) = configuration.modules().find(|(name, _)| *name == module)?;
        let relative = path.strip_prefix(folder).ok()?;
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    }
}

/// The only configuration in a folder.
fn open_configuration(folder: &Path) -> anyhow::Result<(Configuration, PathBuf)> {
    let (metadata, problems) = metadata::load(&Disk, folder);
    for problem in problems {
        complain(format_args!("{}: {}", problem.path.display(), problem.message));
    }
    let is_configuration = |kind| kind == RootKind::Configuration;
    let mut roots = metadata.roots().filter(|(_, root)| is_configuration(root.configuration().kind));
    let Some((id, root)) = roots.next() else { bail!("{}: no configuration is here", folder.display()) };
    if let Some((_, other)) = roots.next() {
        bail!(
            "{}: there are several configurations, name one: {}, {}",
            folder.display(),
            root.folder().folder.display(),
            other.folder().folder.display()
        );
    }
    let opened = Configuration::open(&metadata, id, Rc::new(Disk));
    let configuration = opened.with_context(|| format!("{}: no configuration is here", folder.display()))?;
    Ok((configuration, root.folder().folder.clone()))
}
