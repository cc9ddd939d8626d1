//! Projects for tests: from folders of fixtures, and from texts with a compact description of metadata.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{FileEntry, Files, TextRange};
use metadata::{
    Attribute, CommonModule, Configuration, Details, EnumValue, Form, HttpMethod, KeyFields, Layout,
    MetaType, Metadata, MetadataObject, ObjectKind, Operation, PredefinedItem, Register, Reuse, Root,
    RootFolder, RootKind, ScriptVariant, TabularSection, TypeDescription, UrlTemplate, read_form,
};
use platform::Script;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Source, SyntaxTree, parse_text};
use test_support::Fixture;

use crate::facts::ModuleFacts;
use crate::flow::{Flow, ModuleScope};
use crate::forms::FormReader;
use crate::ids::ModuleId;
use crate::project::Project;
use crate::query::query_text_shape;
use crate::scope::Scope;
use crate::types::Type;

/// A project with the texts it was made of.
pub struct TestProject {
    pub project: Project,
    pub texts: BTreeMap<PathBuf, String>,
    pub cursor: Option<(ModuleId, u32)>,
}

/// Files of a disk, for tests only.
pub struct DiskFiles;

impl Files for DiskFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut entries: Vec<_> =
            entries.map(|entry| FileEntry { is_folder: entry.path().is_dir(), path: entry.path() }).collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        entries
    }
}

/// Files of a fixture.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<PathBuf, Vec<u8>>);

impl Files for MemoryFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let mut entries: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for path in self.0.keys() {
            let Ok(rest) = path.strip_prefix(folder) else { continue };
            let mut parts = rest.components();
            if let Some(first) = parts.next() {
                entries.insert(folder.join(first), parts.next().is_some());
            }
        }
        entries.into_iter().map(|(path, is_folder)| FileEntry { path, is_folder }).collect()
    }
}

/// Reads forms through any files.
pub struct FormsOf<F>(pub F);

impl<F: Files + Send> FormReader for FormsOf<F> {
    fn read(&self, layout: Layout, path: &Path) -> Option<Form> {
        let depth = if layout == Layout::Designer { 2 } else { 1 };
        let folder = path.ancestors().nth(depth)?;
        let (form, _) = read_form(&self.0, folder, layout);
        (!form.path.as_os_str().is_empty()).then_some(form)
    }
}

impl TestProject {
    /// All roots and modules below a folder of the disk.
    pub fn of_folder(folder: &Path) -> Self {
        let (metadata, _) = metadata::load(&DiskFiles, folder);
        let mut texts = BTreeMap::new();
        collect_texts(folder, &mut texts);
        Self::new(metadata, texts, Arc::new(FormsOf(DiskFiles)))
    }

    /// A folder below `fixtures` of the repository: `demo/designer`.
    pub fn of_fixtures(name: &str) -> Self {
        Self::of_folder(&fixtures().join(name))
    }

    /// Texts with headers `//- /path`. A file `/metadata` describes objects, see `describe`; it may be absent.
    /// Configurations in XML are read if there is a `Configuration.xml`. A text without header is the module of the
    /// common module `Тест`.
    pub fn of_text(text: &str) -> Self {
        let text = if text.trim_start().starts_with("//- ") {
            text.to_owned()
        } else {
            format!("//- /CommonModules/Тест/Ext/Module.bsl\n{text}")
        };
        let fixture = Fixture::parse(&text);
        let mut files = MemoryFiles::default();
        let mut texts = BTreeMap::new();
        let mut described = String::new();
        let mut is_english = false;
        for (path, text) in &fixture.files {
            let full = Path::new("/").join(path);
            if path == "metadata" || path == "metadata-en" {
                described.clone_from(text);
                is_english = path == "metadata-en";
            } else if path.ends_with(".bsl") || path.ends_with(".os") {
                texts.insert(full, text.clone());
            } else {
                files.0.insert(full, text.clone().into_bytes());
            }
        }
        let has_configuration = files.0.keys().any(|path| path.ends_with("Configuration.xml"));
        let metadata = if has_configuration {
            metadata::load(&files, Path::new("/")).0
        } else {
            Metadata::new(vec![described_root(&described, &texts, is_english)])
        };
        let mut project = Self::new(metadata, texts, Arc::new(FormsOf(files)));
        project.cursor = fixture.cursor.and_then(|cursor| {
            let module = project.project.module_by_path(&Path::new("/").join(cursor.path))?;
            Some((module, cursor.offset as u32))
        });
        project
    }

    fn new(metadata: Metadata, texts: BTreeMap<PathBuf, String>, forms: Arc<dyn FormReader>) -> Self {
        let facts = texts.iter().map(|(path, text)| (path.clone(), ModuleFacts::of_text(text)));
        let project = Project::builder().metadata(metadata).form_reader(forms).modules(facts).build();
        Self { project, texts, cursor: None }
    }

    /// The module whose path ends so.
    #[track_caller]
    pub fn module(&self, end: &str) -> ModuleId {
        let found = self.project.modules().find(|module| module.path.ends_with(end));
        found.unwrap_or_else(|| panic!("no module {end}")).id
    }

    pub fn text(&self, module: ModuleId) -> &str {
        self.project.module(module).map_or("", |module| &self.texts[&module.path])
    }

    /// Type of the expression that ends at an offset of a module.
    pub fn type_at(&self, module: ModuleId, offset: u32) -> Type {
        let text = self.text(module);
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
        let source = Source { text, tree: &tree };
        let scope = ModuleScope::new(source, &|text| Some(Arc::new(query_text_shape(text))));
        let around = |method: &NodeId| tree.kind(*method).is_method() && tree.range(*method).touches(offset);
        let found = self.project.module(module).and_then(|module| module.method_at(offset));
        let parameters = found.map_or(Vec::new(), |method| self.project.parameter_shapes(module, method));
        let flow = match tree.children(SyntaxTree::ROOT).find(around) {
            Some(method) => Flow::of_method(&scope, method, &parameters),
            None => Flow::of_body(&scope),
        };
        let ends = |node: &NodeId| {
            let kind = tree.kind(*node);
            kind.is_expression() && kind != NodeKind::Arguments && tree.range(*node).end == offset
        };
        let Some(node) = tree.descendants(SyntaxTree::ROOT).find(ends) else { return Type::Unknown };
        Scope::new(&self.project, module).type_of(&flow.shape_of(node))
    }

    /// The type at the cursor as text, in the language of the module.
    #[track_caller]
    pub fn type_at_cursor(&self) -> String {
        let (module, offset) = self.cursor.expect("invariant: the fixture has a `$0`");
        self.type_at(module, offset).display(&self.project, self.project.script(module))
    }
}

/// The folder `fixtures` of the repository.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn collect_texts(folder: &Path, texts: &mut BTreeMap<PathBuf, String>) {
    for entry in DiskFiles.list(folder) {
        if entry.is_folder {
            collect_texts(&entry.path, texts);
        } else if entry.path.extension().is_some_and(|it| it == "bsl" || it == "os") {
            let bytes = DiskFiles.read(&entry.path).unwrap_or_default();
            let text = base::encoding::decode(bytes).map(|decoded| decoded.text).unwrap_or_default();
            texts.insert(entry.path, text);
        }
    }
}

/// A root from a description and from the paths of modules.
fn described_root(text: &str, modules: &BTreeMap<PathBuf, String>, is_english: bool) -> Root {
    let mut objects = describe(text);
    for path in modules.keys() {
        let place = metadata::ModulePlace::from_path(&path.to_string_lossy());
        let Some((kind, name)) = place.owner else { continue };
        let is = |object: &MetadataObject| object.kind == kind && base::same_name(&object.name, &name);
        if !objects.iter().any(is) {
            objects.push(described_object(kind, &name, ""));
        }
        let form = place.form.filter(|_| kind != ObjectKind::CommonForm);
        if let Some((object, form)) = objects.iter_mut().find(|object| is(object)).zip(form) {
            object.forms.push(form);
        }
    }
    let folder = RootFolder {
        folder: PathBuf::from("/"),
        layout: Layout::Designer,
        configuration: Some(PathBuf::from("/Configuration.xml")),
        project_file: None,
        project: String::new(),
        externals: Vec::new(),
    };
    let configuration = Configuration {
        folder: PathBuf::from("/"),
        kind: RootKind::Configuration,
        script: if is_english { ScriptVariant::English } else { ScriptVariant::Russian },
        ..Configuration::default()
    };
    Root::new(folder, Arc::new(configuration), objects.into_iter().map(Arc::new).collect())
}

/// Reads a description: `Catalog.Товары` starts an object; below it `attribute Цена: Число`, `dimension`, `resource`,
/// `other`, `section Состав` with `column Товар: СправочникСсылка.Товары`, `value`, `predefined`, `form`, `type: Строка`,
/// `owner Catalog.X`, `register AccumulationRegister.X`. Types are separated by `,`. Behind the name of a common module
/// stand its flags: `server`, `client`, `server-call`, `global`, `external`, `ordinary`, `privileged`, `cached`;
/// without `client` it is a module of the server. Other words behind names: of catalogs `unique` codes and codes
/// `by-part`, of roles `new-objects`, of scheduled jobs and event subscriptions the handler, of jobs `predefined`.
/// Services have lines `handler Имя`, any object `protected`, a dimension may be `strict-dimension`.
fn describe(text: &str) -> Vec<MetadataObject> {
    let mut objects: Vec<MetadataObject> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let kind = word.split_once('.').and_then(|(kind, name)| Some((ObjectKind::from_name(kind)?, name)));
        match (kind, objects.last_mut()) {
            (Some((kind, name)), _) => objects.push(described_object(kind, name, rest)),
            (None, Some(object)) => describe_part(object, word.trim_end_matches(':'), rest),
            (None, None) => panic!("no object before `{line}`"),
        }
    }
    objects
}

fn described_object(kind: ObjectKind, name: &str, flags: &str) -> MetadataObject {
    let is_register = kind.name().ends_with("Register");
    let has = |flag: &str| flags.split(' ').any(|word| word == flag);
    let handler = SmolStr::from(flags.split(' ').next().unwrap_or_default());
    let handler_range = TextRange::default();
    let details = match kind {
        ObjectKind::CommonModule => Details::CommonModule(CommonModule {
            is_server: has("server") || !has("client"),
            is_client_managed: has("client"),
            is_client_ordinary: has("ordinary"),
            is_external_connection: has("external"),
            is_server_call: has("server-call"),
            is_global: has("global"),
            is_privileged: has("privileged"),
            reuse: if has("cached") { Reuse::DuringSession } else { Reuse::DontUse },
        }),
        ObjectKind::Role => Details::Role { grants_new_objects: has("new-objects") },
        ObjectKind::ScheduledJob => Details::ScheduledJob {
            method: handler,
            method_range: handler_range,
            is_predefined: has("predefined"),
        },
        ObjectKind::EventSubscription => Details::EventSubscription {
            source: TypeDescription::default(),
            event: SmolStr::default(),
            handler,
            handler_range,
        },
        ObjectKind::HTTPService => {
            Details::HttpService { root_url: SmolStr::default(), templates: vec![UrlTemplate::default()] }
        }
        ObjectKind::WebService => {
            Details::WebService { namespace: SmolStr::default(), operations: Vec::new() }
        }
        _ if is_register => Details::Register(Register {
            register_type: if flags.contains("turnovers") { "Turnovers".into() } else { "Balance".into() },
            periodicity: if flags.contains("periodical") { "Day".into() } else { "Nonperiodical".into() },
            ..Register::default()
        }),
        _ => Details::None,
    };
    let path = PathBuf::from(format!("/{}/{name}.xml", kind.folder()));
    let keys = KeyFields {
        is_code_unique: has("unique"),
        has_code_series_by_part: has("by-part"),
        ..KeyFields::default()
    };
    MetadataObject { kind, name: name.into(), path, details, keys, ..MetadataObject::default() }
}

fn describe_part(object: &mut MetadataObject, word: &str, rest: &str) {
    let (name, types) = rest.split_once(':').unwrap_or((rest, ""));
    let attribute = || Attribute { name: name.trim().into(), types: types_of(types), ..Attribute::default() };
    match word {
        "attribute" => object.attributes.push(attribute()),
        "dimension" => object.dimensions.push(attribute()),
        "strict-dimension" => {
            object.dimensions.push(Attribute { denies_incomplete_values: true, ..attribute() });
        }
        "handler" => describe_handler(object, rest),
        "protected" => object.protected_modules.push(object.path.with_extension("bin")),
        "resource" => object.resources.push(attribute()),
        "other" => object.other_fields.push(attribute()),
        "section" => {
            object.tabular_sections.push(TabularSection { name: name.into(), ..TabularSection::default() });
        }
        "column" => {
            let section = object.tabular_sections.last_mut().expect("invariant: a section before columns");
            section.attributes.push(attribute());
        }
        "value" => object.enum_values.push(EnumValue { name: name.into(), ..EnumValue::default() }),
        "predefined" => {
            object.predefined.push(PredefinedItem { name: name.into(), ..PredefinedItem::default() });
        }
        "form" => object.forms.push(name.into()),
        "type" => object.details = Details::Typed(types_of(rest)),
        "owner" | "register" => {
            let names = [SmolStr::from(rest)];
            let (owners, registers) =
                if word == "owner" { (names.to_vec(), Vec::new()) } else { (Vec::new(), names.to_vec()) };
            object.details = Details::Related {
                owners,
                registers,
                based_on: Vec::new(),
                documents: Vec::new(),
                link: SmolStr::default(),
            };
        }
        _ => panic!("unknown word `{word}`"),
    }
}

fn describe_handler(object: &mut MetadataObject, name: &str) {
    match &mut object.details {
        Details::HttpService { templates, .. } => {
            let template = templates.last_mut().expect("invariant: a service has a template");
            template.methods.push(HttpMethod { handler: name.into(), ..HttpMethod::default() });
        }
        Details::WebService { operations, .. } => {
            operations.push(Operation { procedure: name.into(), ..Operation::default() });
        }
        _ => panic!("{} has no handlers", object.name),
    }
}

fn types_of(text: &str) -> TypeDescription {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let types = names.map(|name| match name {
        "Строка" | "String" => MetaType::String,
        "Число" | "Number" => MetaType::Number,
        "Булево" | "Boolean" => MetaType::Boolean,
        "Дата" | "Date" => MetaType::Date,
        "AnyRef" => MetaType::AnyRef,
        other => MetaType::from_generated_name(other).unwrap_or_else(|| MetaType::Platform(other.into())),
    });
    TypeDescription { types: types.collect(), ..TypeDescription::default() }
}

/// Both languages of a type.
pub fn both_languages(project: &Project, value: &Type) -> (String, String) {
    (value.display(project, Script::Russian), value.display(project, Script::English))
}
