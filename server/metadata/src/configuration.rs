//! Properties of a root: `Configuration.xml`, `Configuration.mdo`, `DT-INF/PROJECT.PMF`.

use std::path::Path;

use base::encoding;
use smol_str::SmolStr;

use crate::kind::ObjectKind;
use crate::model::{Configuration, Layout, Problem, RootKind, ScriptVariant};
use crate::source::Source;
use crate::xml::XmlFile;

/// Reads `Configuration.xml` or `Configuration.mdo`. The folder of the root is left to the caller.
pub fn read_configuration(bytes: Vec<u8>, layout: Layout, path: &Path) -> (Configuration, Vec<Problem>) {
    let (file, mut problems) = XmlFile::read(bytes, path);
    let mut configuration = Configuration { layout, ..Configuration::default() };
    let source = file.root().and_then(|root| Source::of_root(root, layout));
    match source.filter(|source| source.element().name() == "Configuration") {
        Some(source) => fill(&mut configuration, source),
        None if problems.is_empty() => problems.push(Problem {
            path: path.to_path_buf(),
            line: file.root().map(|root| root.line()),
            message: "the file does not describe a configuration".to_owned(),
        }),
        None => {}
    }
    (configuration, problems)
}

fn fill(configuration: &mut Configuration, source: Source<'_>) {
    configuration.purpose = source.text("ConfigurationExtensionPurpose");
    // EDT leaves out the first purpose; both layouts mark the extension as borrowed from its base.
    let is_extension = !configuration.purpose.is_empty()
        || source.text("ObjectBelonging") == "Adopted"
        || source.layout == Layout::Edt && source.property("extension").is_some();
    if is_extension {
        configuration.kind = RootKind::Extension;
        if configuration.purpose.is_empty() {
            configuration.purpose = SmolStr::new_static("Patch");
        }
    }
    configuration.name = source.text("Name");
    configuration.uuid = source.uuid();
    configuration.synonym = source.synonym();
    configuration.version = source.text("Version");
    configuration.vendor = source.text("Vendor");
    configuration.script = match &*source.text("ScriptVariant") {
        "English" => ScriptVariant::English,
        _ => ScriptVariant::Russian,
    };
    let mode = if is_extension { "ConfigurationExtensionCompatibilityMode" } else { "CompatibilityMode" };
    configuration.compatibility = parse_version(&source.text(mode));
    configuration.name_prefix = source.text("NamePrefix");
    configuration.modality = source.text("ModalityUseMode");
    configuration.synchronous_calls = source.text("SynchronousPlatformExtensionAndAddInCallUseMode");
    if source.layout == Layout::Edt && !is_extension {
        for mode in [&mut configuration.modality, &mut configuration.synchronous_calls] {
            if mode.is_empty() {
                *mode = SmolStr::new_static("Use");
            }
        }
    }
    configuration.has_managed_forms_in_ordinary = source.is("UseManagedFormInOrdinaryApplication");
    configuration.has_ordinary_forms_in_managed = source.is("UseOrdinaryFormInManagedApplication");
    let language = source.text("DefaultLanguage");
    configuration.default_language = language.strip_prefix("Language.").unwrap_or(&language).into();
}

/// `Version8_3_24` and `8.3.24`; `DontUse` is the newest version.
fn parse_version(text: &str) -> Option<(u16, u16, u16)> {
    let text = text.strip_prefix("Version").unwrap_or(text);
    let mut numbers = text.split(['_', '.']).map(str::parse::<u16>);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next()?.ok()?;
    // `Version8_1` has no third number.
    let release = numbers.next().and_then(Result::ok).unwrap_or_default();
    Some((major, minor, release))
}

/// What a project of EDT says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectFile {
    /// Name of the project that an extension or an external object belongs to; empty otherwise.
    pub base_project: SmolStr,
    /// Version of the platform.
    pub runtime: Option<(u16, u16, u16)>,
    /// External objects have no configuration that would say it.
    pub script: Option<ScriptVariant>,
}

/// Reads `DT-INF/PROJECT.PMF`: lines `Key: value`.
pub fn read_project_file(bytes: Vec<u8>) -> ProjectFile {
    let mut project = ProjectFile::default();
    let Ok(decoded) = encoding::decode(bytes) else { return project };
    for line in decoded.text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key.trim() {
            "Base-Project" => project.base_project = value.into(),
            "Runtime-Version" => project.runtime = parse_version(value),
            "X-External-Script-Variant" => {
                project.script = Some(match value {
                    "English" => ScriptVariant::English,
                    _ => ScriptVariant::Russian,
                });
            }
            _ => {}
        }
    }
    project
}

/// Full names of the objects that `Configuration.xml` or `Configuration.mdo` lists.
pub fn read_object_list(bytes: Vec<u8>, layout: Layout, path: &Path) -> Vec<(ObjectKind, SmolStr)> {
    let (file, _) = XmlFile::read(bytes, path);
    let Some(source) = file.root().and_then(|root| Source::of_root(root, layout)) else { return Vec::new() };
    let element = match layout {
        Layout::Designer => source.element().child("ChildObjects"),
        Layout::Edt => Some(source.element()),
    };
    let children = element.into_iter().flat_map(|element| element.children());
    let entry = |child: crate::xml::Element<'_>| match layout {
        Layout::Designer => Some((ObjectKind::from_name(child.name())?, child.trimmed().into())),
        Layout::Edt => {
            let text = child.trimmed();
            let (kind, name) = text.split_once('.')?;
            let kind = ObjectKind::ALL.iter().copied().find(|known| known.name() == kind)?;
            // Other properties refer to objects, too: `Language.Русский`, `Role.ПолныеПрава`.
            child.name().eq_ignore_ascii_case(kind.folder()).then(|| (kind, name.into()))
        }
    };
    children.filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_both_layouts() {
        assert_eq!(parse_version("Version8_3_24"), Some((8, 3, 24)));
        assert_eq!(parse_version("8.3.24"), Some((8, 3, 24)));
        assert_eq!(parse_version("Version8_1"), Some((8, 1, 0)));
        assert_eq!(parse_version("DontUse"), None);
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn project_files() {
        let text = "Manifest-Version: 1.0\r\nRuntime-Version: 8.3.25\r\nBase-Project: Торговля\r\nX-External-Script-Variant: English\r\n";
        let expected = ProjectFile {
            base_project: "Торговля".into(),
            runtime: Some((8, 3, 25)),
            script: Some(ScriptVariant::English),
        };
        assert_eq!(read_project_file(text.into()), expected);
    }
}
