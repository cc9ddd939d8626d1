//! The model both layouts are read into. Names keep their spelling; look-ups ignore case.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::kind::ObjectKind;
use crate::types::TypeDescription;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    #[default]
    Designer,
    Edt,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RootKind {
    #[default]
    Configuration,
    Extension,
    /// An external processor or report.
    External,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScriptVariant {
    #[default]
    Russian,
    English,
}

/// Something that could not be read; the rest was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub path: PathBuf,
    /// Zero-based line, if the place is known.
    pub line: Option<u32>,
    pub message: String,
}

/// One root: a configuration, an extension, or one external object.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// Folder that holds the kinds' folders: with `Configuration.xml`, or `src` of an EDT project.
    pub folder: PathBuf,
    pub layout: Layout,
    pub kind: RootKind,
    pub name: SmolStr,
    pub synonym: Synonym,
    pub version: SmolStr,
    pub vendor: SmolStr,
    pub script: ScriptVariant,
    /// `(8, 3, 24)`; `None` is the newest.
    pub compatibility: Option<(u16, u16, u16)>,
    /// Prefix of an extension's own names.
    pub name_prefix: SmolStr,
    /// `UseModalWindows` and so on, as written; empty if absent.
    pub modality: SmolStr,
    pub synchronous_calls: SmolStr,
    /// EDT name of the project that an extension extends.
    pub base_project: SmolStr,
    pub objects: Vec<MetadataObject>,
}

/// Texts by language code.
pub type Synonym = Vec<(SmolStr, SmolStr)>;

/// A top-level object of a configuration; nested subsystems are objects of their own, named `Parent.Child`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetadataObject {
    pub kind: ObjectKind,
    pub name: SmolStr,
    pub uuid: SmolStr,
    pub synonym: Synonym,
    pub comment: SmolStr,
    /// The file it was read from.
    pub path: PathBuf,
    /// Borrowed by an extension from its base.
    pub is_adopted: bool,
    pub attributes: Vec<Attribute>,
    /// Dimensions of registers and sequences.
    pub dimensions: Vec<Attribute>,
    pub resources: Vec<Attribute>,
    /// Columns of document journals, addressing attributes of tasks, accounting flags.
    pub other_fields: Vec<Attribute>,
    pub tabular_sections: Vec<TabularSection>,
    /// English names, if the file lists them.
    pub standard_attributes: Vec<SmolStr>,
    pub enum_values: Vec<EnumValue>,
    pub predefined: Vec<PredefinedItem>,
    pub commands: Vec<Command>,
    pub forms: Vec<SmolStr>,
    pub templates: Vec<SmolStr>,
    /// Recalculations of calculation registers, tables of external sources.
    pub children: Vec<SmolStr>,
    pub details: Details,
}

/// What only some kinds have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Details {
    #[default]
    None,
    CommonModule(CommonModule),
    Register(Register),
    /// Owners of a catalog, registers of a document and so on: full names such as `Catalog.X`.
    Related {
        owners: Vec<SmolStr>,
        registers: Vec<SmolStr>,
        based_on: Vec<SmolStr>,
    },
    /// Type of a constant, defined type, session parameter, common attribute, functional option, chart of
    /// characteristic types.
    Typed(TypeDescription),
    EventSubscription {
        source: TypeDescription,
        event: SmolStr,
        handler: SmolStr,
    },
    ScheduledJob {
        method: SmolStr,
    },
    HttpService {
        root_url: SmolStr,
        templates: Vec<UrlTemplate>,
    },
    WebService {
        namespace: SmolStr,
        operations: Vec<Operation>,
    },
    /// Content of a subsystem or an exchange plan: full names such as `Catalog.X`.
    Content(Vec<SmolStr>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonModule {
    pub is_global: bool,
    pub is_server: bool,
    pub is_server_call: bool,
    pub is_client_managed: bool,
    pub is_client_ordinary: bool,
    pub is_external_connection: bool,
    pub is_privileged: bool,
    pub reuse: Reuse,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reuse {
    #[default]
    DontUse,
    DuringRequest,
    DuringSession,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// `InformationRegisterPeriodicity`: `Nonperiodical`, `Day`, `RecorderPosition`…
    pub periodicity: SmolStr,
    /// `Independent` or `RecorderSubordinate`.
    pub write_mode: SmolStr,
    /// Accumulation: `Balance` or `Turnovers`.
    pub register_type: SmolStr,
    /// Accounting: full name of the chart of accounts; calculation: of the chart of calculation types.
    pub chart: SmolStr,
    /// Accounting registers that hold both sides in one record.
    pub is_correspondence: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    pub name: SmolStr,
    pub uuid: SmolStr,
    pub synonym: Synonym,
    pub types: TypeDescription,
    /// Index as written: `DontIndex`, `Index`, `IndexWithAdditionalOrder`; empty if absent.
    pub indexing: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TabularSection {
    pub name: SmolStr,
    pub uuid: SmolStr,
    pub synonym: Synonym,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumValue {
    pub name: SmolStr,
    pub synonym: Synonym,
}

/// Nested items follow their parents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredefinedItem {
    pub name: SmolStr,
    pub description: SmolStr,
    pub is_folder: bool,
}

/// A command of an object; its module is `Commands/<name>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub name: SmolStr,
    pub synonym: Synonym,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlTemplate {
    pub name: SmolStr,
    pub template: SmolStr,
    pub methods: Vec<HttpMethod>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpMethod {
    pub name: SmolStr,
    pub http_method: SmolStr,
    pub handler: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub name: SmolStr,
    pub procedure: SmolStr,
    pub parameters: Vec<SmolStr>,
}
