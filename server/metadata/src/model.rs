//! The model both layouts are read into. Names keep their spelling; look-ups ignore case.

use std::path::PathBuf;

use base::TextRange;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::kind::ObjectKind;
use crate::types::TypeDescription;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// Properties of one root: a configuration, an extension, or a folder of external objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Folder that holds the kinds' folders: with `Configuration.xml`, or `src` of an EDT project.
    pub folder: PathBuf,
    pub layout: Layout,
    pub kind: RootKind,
    pub name: SmolStr,
    pub uuid: SmolStr,
    pub synonym: Synonym,
    pub version: SmolStr,
    pub vendor: SmolStr,
    pub script: ScriptVariant,
    /// `(8, 3, 24)`; `None` is the newest.
    pub compatibility: Option<(u16, u16, u16)>,
    /// Extensions: `Patch`, `Customization` or `AddOn`; empty otherwise.
    pub purpose: SmolStr,
    /// Prefix of an extension's own names.
    pub name_prefix: SmolStr,
    /// `UseModalWindows` and so on, as written; empty if absent.
    pub modality: SmolStr,
    pub synchronous_calls: SmolStr,
    /// EDT name of the project that an extension extends.
    pub base_project: SmolStr,
    /// Name of the language that texts are written in, without `Language.`.
    pub default_language: SmolStr,
    /// The ordinary application opens managed forms.
    pub has_managed_forms_in_ordinary: bool,
    /// The managed application opens ordinary forms.
    pub has_ordinary_forms_in_managed: bool,
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
    /// Nested subsystems, recalculations of calculation registers, tables of external sources.
    pub children: Vec<SmolStr>,
    pub keys: KeyFields,
    /// Files of modules without a text: the vendor keeps them to himself.
    pub protected_modules: Vec<PathBuf>,
    pub details: Details,
}

/// What decides about the standard attributes of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFields {
    /// Catalogs and charts: items form a tree.
    pub is_hierarchical: bool,
    /// The tree has folders, not only items.
    pub has_folders: bool,
    /// Length of the code or the number; 0 if there is none.
    pub code_length: u32,
    /// The code or the number is a number, not a string.
    pub is_code_number: bool,
    /// No two items of a series have the same code.
    pub is_code_unique: bool,
    /// Every owner or parent has a series of codes of its own.
    pub has_code_series_by_part: bool,
    pub description_length: u32,
    /// Charts of accounts: how many analytic dimensions an account may have.
    pub ext_dimension_count: u32,
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
        /// Documents of a journal or of a sequence.
        documents: Vec<SmolStr>,
        /// Task of a business process, register that a task is addressed by, chart of characteristic types with the
        /// analytic dimensions of a chart of accounts.
        link: SmolStr,
    },
    /// Type of a constant, defined type, session parameter, filter criterion, chart of characteristic types;
    /// parameter of a common command.
    Typed(TypeDescription),
    CommonAttribute {
        types: TypeDescription,
        /// Objects that have the attribute, and objects that do not.
        users: Vec<SmolStr>,
        exceptions: Vec<SmolStr>,
        /// All other objects have it, too.
        is_automatic: bool,
    },
    FunctionalOption {
        /// Full name of the constant, resource or attribute that holds the value.
        location: SmolStr,
        content: Vec<SmolStr>,
    },
    EventSubscription {
        source: TypeDescription,
        event: SmolStr,
        /// `CommonModule.M.Procedure`.
        handler: SmolStr,
        /// Where the whole text stands in the file; here and below in bytes of the text without its mark.
        handler_range: TextRange,
    },
    ScheduledJob {
        /// `CommonModule.M.Procedure`.
        method: SmolStr,
        method_range: TextRange,
        /// The platform makes the job itself.
        is_predefined: bool,
    },
    HttpService {
        root_url: SmolStr,
        templates: Vec<UrlTemplate>,
    },
    WebService {
        namespace: SmolStr,
        operations: Vec<Operation>,
    },
    /// Channels that messages arrive through; the procedures handle them.
    IntegrationService {
        channels: Vec<Operation>,
    },
    XdtoPackage {
        namespace: SmolStr,
    },
    Role {
        /// The role gets all rights on objects that are new in the configuration.
        grants_new_objects: bool,
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
    /// `Index` or `IndexWithAdditionalOrder`; empty if there is no index.
    pub indexing: SmolStr,
    /// Columns of journals: full names of the attributes they show.
    pub references: Vec<SmolStr>,
    /// Dimensions: no record may leave the value empty.
    pub denies_incomplete_values: bool,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Command {
    pub name: SmolStr,
    pub synonym: Synonym,
    /// Empty if the command has no parameter.
    pub parameter: TypeDescription,
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
    pub handler_range: TextRange,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub name: SmolStr,
    pub procedure: SmolStr,
    pub procedure_range: TextRange,
    pub parameters: Vec<SmolStr>,
}
