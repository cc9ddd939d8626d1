//! The demo configurations: both layouts give one model, extensions join their base, broken files cost little.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use base::{FileEntry, Files, TextRange};
use expect_test::{Expect, expect};
use metadata::{
    Configuration, Details, FileContent, FileRole, Metadata, MetadataObject, ObjectKind, Problem, RootFile,
    RootId, RootKind, find_libraries, find_roots, list_files, load, read_file,
};

/// Files in memory: copies of fixtures that a test may change.
#[derive(Default)]
struct Table(BTreeMap<PathBuf, Vec<u8>>);

impl Table {
    /// Copies a folder of the fixtures to a folder of the table.
    fn with(mut self, fixture: &str, folder: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(fixture);
        let mut pending = vec![source.clone()];
        while let Some(path) = pending.pop() {
            if path.is_dir() {
                let entries = std::fs::read_dir(&path).expect("invariant: the fixture exists");
                pending.extend(entries.flatten().map(|entry| entry.path()));
            } else {
                let relative = path.strip_prefix(&source).expect("invariant: inside the fixture");
                let bytes = std::fs::read(&path).expect("invariant: the fixture is readable");
                self.0.insert(Path::new(folder).join(relative), bytes);
            }
        }
        self
    }

    fn put(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.into(), text.as_bytes().to_vec());
        self
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8_lossy(&self.0[Path::new(path)]).into_owned()
    }

    fn load(&self) -> (Metadata, Vec<Problem>) {
        load(self, Path::new("w"))
    }

    /// Loads files that nothing is wrong with.
    #[track_caller]
    fn load_whole(&self) -> Metadata {
        let (metadata, problems) = self.load();
        assert_eq!(problems, []);
        metadata
    }
}

impl Files for Table {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let mut entries: Vec<FileEntry> = Vec::new();
        for path in self.0.keys().filter(|path| path.starts_with(folder) && *path != folder) {
            let depth = folder.components().count() + 1;
            let entry: PathBuf = path.components().take(depth).collect();
            let is_folder = path.components().count() > depth;
            if entries.last().is_none_or(|last| last.path != entry) {
                entries.push(FileEntry { path: entry, is_folder });
            }
        }
        entries
    }
}

fn first(metadata: &Metadata) -> (RootId, &Configuration) {
    let (id, root) = metadata.roots().next().expect("invariant: there is a root");
    (id, root.configuration())
}

#[track_caller]
fn object<'a>(metadata: &'a Metadata, full_name: &str) -> &'a MetadataObject {
    let (root, _) = first(metadata);
    let id = metadata.find_full_name(root, full_name);
    id.and_then(|id| metadata.object(id)).unwrap_or_else(|| panic!("no {full_name}"))
}

/// The object without what must differ between the layouts.
fn normal(object: &MetadataObject) -> MetadataObject {
    let mut object = MetadataObject { path: PathBuf::new(), ..object.clone() };
    object.predefined.iter_mut().for_each(|item| item.description = Default::default());
    match &mut object.details {
        Details::EventSubscription { handler_range, .. } => *handler_range = TextRange::default(),
        Details::ScheduledJob { method_range, .. } => *method_range = TextRange::default(),
        Details::HttpService { templates, .. } => {
            let methods = templates.iter_mut().flat_map(|template| &mut template.methods);
            methods.for_each(|method| method.handler_range = TextRange::default());
        }
        _ => {}
    }
    object
}

/// EDT keeps languages in the configuration's file.
fn objects(metadata: &Metadata) -> Vec<MetadataObject> {
    let (id, _) = first(metadata);
    let objects = metadata.root(id).into_iter().flat_map(|root| root.objects());
    objects.map(|object| normal(object)).filter(|object| object.kind != ObjectKind::Language).collect()
}

#[test]
fn both_layouts_give_one_model() {
    let designer = Table::default().with("demo/designer", "w").load_whole();
    let edt = Table::default().with("demo/edt", "w").load_whole();
    let (left, right) = (objects(&designer), objects(&edt));
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(&right) {
        assert_eq!(left, right, "{:?} {}", left.kind, left.name);
    }
    let plain = |metadata: &Metadata| {
        let (_, configuration) = first(metadata);
        Configuration { folder: PathBuf::new(), layout: Default::default(), ..configuration.clone() }
    };
    assert_eq!(plain(&designer), plain(&edt));
}

#[track_caller]
fn check_names(metadata: &Metadata, expected: Expect) {
    let (id, configuration) = first(metadata);
    let root = metadata.root(id).expect("invariant: the root exists");
    let mut text = format!(
        "{} {:?} {:?} {:?}\n",
        configuration.name, configuration.kind, configuration.script, configuration.compatibility
    );
    for object in root.objects() {
        let names = |fields: &[metadata::Attribute]| {
            fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(" ")
        };
        let sections = object.tabular_sections.iter();
        let sections: Vec<_> =
            sections.map(|section| format!("{}({})", section.name, names(&section.attributes))).collect();
        let line = format!(
            "{}.{}: {} | {} | {} | {}",
            object.kind.name(),
            object.name,
            names(&object.dimensions),
            names(&object.resources),
            names(&object.attributes),
            sections.join(" ")
        );
        text.push_str(line.trim_end_matches([' ', '|', ':']));
        text.push('\n');
    }
    expected.assert_eq(&text);
}

#[test]
fn an_english_configuration() {
    check_names(
        &Table::default().with("demo-en", "w").load_whole(),
        expect![[r#"
        TradeDemo Configuration English Some((8, 3, 24))
        Catalog.Products:  |  | SKU Price Service | Barcodes(Barcode)
        Document.SalesOrder:  |  | Comment Total | Items(Product Quantity Price Amount)
        AccumulationRegister.Stock: Product | Quantity
        CommonModule.OrderClientServer
        CommonModule.OrderServer
        Language.English
        Role.FullRights
    "#]],
    );
}

#[test]
fn subsystems_nest_and_handlers_have_places() {
    for fixture in ["demo/designer", "demo/edt"] {
        let table = Table::default().with(fixture, "w");
        let metadata = table.load_whole();
        let nested = object(&metadata, "Subsystem.Торговля.Subsystem.Отчетность");
        assert_eq!(nested.name, "Торговля.Отчетность");
        assert_eq!(object(&metadata, "Подсистема.Торговля").children, ["Отчетность"]);
        let subscription = object(&metadata, "EventSubscription.ПриЗаписиДокументовТорговли");
        let Details::EventSubscription { handler, handler_range, .. } = &subscription.details else {
            panic!("a subscription has its details")
        };
        let text = table.text(&subscription.path.to_string_lossy());
        assert_eq!(handler_range.slice(text.trim_start_matches('\u{feff}')), handler);
    }
}

#[test]
fn defined_types_expand() {
    let metadata = Table::default().with("demo/designer", "w").load_whole();
    let (root, _) = first(&metadata);
    let types = metadata::TypeDescription {
        types: vec![
            metadata::MetaType::DefinedType("документторговли".into()),
            metadata::MetaType::String,
            metadata::MetaType::DefinedType("Нет".into()),
        ],
        ..Default::default()
    };
    let names: Vec<_> = metadata.expand(root, &types).iter().map(|ty| ty.name_ru()).collect();
    let expected = [
        "ДокументСсылка.ЗаказПокупателя",
        "ДокументСсылка.ПоступлениеТоваров",
        "Строка",
        "ОпределяемыйТип.Нет",
    ];
    assert_eq!(names, expected);
}

#[test]
fn an_extension_joins_its_base() {
    let table = Table::default()
        .with("demo/designer", "w/cf")
        .with("demo/extension", "w/exts/one")
        .with("demo-en", "w/en");
    let metadata = table.load_whole();
    let roots: Vec<_> =
        metadata.roots().map(|(id, root)| (root.configuration().kind, metadata.base_of(id))).collect();
    let expected = [
        (RootKind::Configuration, None),
        (RootKind::Configuration, None),
        (RootKind::Extension, Some(RootId(0))),
    ];
    assert_eq!(roots, expected);
    let (base, extension) = (RootId(0), RootId(2));
    let parts = metadata.parts(base, ObjectKind::Document, "заказпокупателя");
    assert_eq!(parts.iter().map(|part| part.root).collect::<Vec<_>>(), [base, extension]);
    // An extension sees its base, and the base's code sees modules that the extension adds.
    assert_eq!(metadata.find(extension, ObjectKind::Catalog, "Склады").map(|id| id.root), Some(base));
    assert_eq!(metadata.common_module(base, "Доп_БонусыСервер").map(|id| id.root), Some(extension));
    assert_eq!(metadata.common_module(RootId(1), "Доп_БонусыСервер"), None);
    let path = Path::new("w/exts/one/CommonModules/Доп_БонусыСервер/Ext/Module.bsl");
    assert_eq!(metadata.root_of_path(path), Some(extension));
    assert_eq!(metadata.of_kind(base, ObjectKind::CommonModule).len(), 10);
}

#[test]
fn a_broken_file_costs_one_object_and_one_message() {
    for (fixture, path) in
        [("demo/designer", "w/Catalogs/Склады.xml"), ("demo/edt", "w/src/Catalogs/Склады/Склады.mdo")]
    {
        let table = Table::default().with(fixture, "w");
        let whole = objects(&table.load_whole()).len();
        let text = table.text(path);
        // Half of the file, as an editor may leave it for a moment.
        let half = text.char_indices().map(|(at, _)| at).find(|at| *at > text.len() / 2);
        let table = table.put(path, &text[..half.unwrap_or_default()]);
        let (metadata, problems) = table.load();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, Path::new(path));
        assert!(problems[0].line.is_some_and(|line| line > 5), "{problems:?}");
        assert_eq!(objects(&metadata).len(), whole);
        assert_eq!(object(&metadata, "Catalog.Склады").uuid.len(), 36);
        let table = table.put(path, "");
        let (metadata, problems) = table.load();
        assert_eq!(problems.len(), 1);
        assert_eq!(object(&metadata, "Catalog.Склады").attributes, []);
    }
}

#[test]
fn unknown_elements_and_other_prefixes_are_no_obstacle() {
    let table = Table::default().with("demo/designer", "w");
    let expected = objects(&table.load_whole());
    let path = "w/Documents/ЗаказПокупателя.xml";
    let text = table.text(path);
    let changed = text
        .replace("xmlns:cfg=", "xmlns:d5p1=")
        .replace(">cfg:", ">d5p1:")
        .replace("xmlns:v8=", "xmlns:core=")
        .replace("<v8:", "<core:")
        .replace("</v8:", "</core:")
        .replace(
            "<ChildObjects>",
            "<Unheard><Of a='1'/></Unheard><ChildObjects><Novelty uuid='1'><Properties/></Novelty>",
        )
        .replace("version=\"2.17\"", "version=\"9.99\"");
    assert_ne!(text, changed);
    assert_eq!(objects(&table.put(path, &changed).load_whole()), expected);
}

#[test]
fn files_change_one_by_one() {
    let table = Table::default().with("demo/designer", "w");
    let metadata = table.load_whole();
    let (root, _) = first(&metadata);
    let path = Path::new("w/Catalogs/Склады.xml");
    let file = RootFile { path: path.into(), role: FileRole::Object(ObjectKind::Catalog) };
    assert_eq!(metadata.root(root).and_then(|root| root.file(path)), Some(file.clone()));
    let text = table.text("w/Catalogs/Склады.xml").replacen("<Name>Склады<", "<Name>Хранилища<", 1);
    let (content, problems) = read_file(text.into(), Default::default(), &file);
    assert_eq!(problems, []);
    let changed = metadata.with_file(root, path, content.expect("invariant: objects have content"));
    assert_eq!(changed.find(root, ObjectKind::Catalog, "Склады"), None);
    let renamed = object(&changed, "Catalog.хранилища");
    assert_eq!(renamed.predefined.len(), object(&metadata, "Catalog.Склады").predefined.len());
    let items = Path::new("w/Catalogs/Валюты/Ext/Predefined.xml");
    assert_eq!(object(&changed.without_file(root, items), "Catalog.Валюты").predefined, []);
    let removed = changed.without_file(root, path);
    assert_eq!(removed.find(root, ObjectKind::Catalog, "Хранилища"), None);
    // The old snapshot is as it was.
    assert!(metadata.find(root, ObjectKind::Catalog, "Склады").is_some());
    let content =
        FileContent::Configuration(Box::new(Configuration { name: "Иная".into(), ..Default::default() }));
    let other = metadata.with_file(root, Path::new("w/Configuration.xml"), content);
    assert_eq!(first(&other).1.name, "Иная");
}

#[test]
fn files_beside_tell_about_rights_and_protected_modules() {
    let rights = "<Rights><setForNewObjects>true</setForNewObjects></Rights>";
    let table = Table::default()
        .with("demo/designer", "w")
        .put(
            "w/Roles/Новая.xml",
            "<MetaDataObject><Role><Properties><Name>Новая</Name></Properties></Role></MetaDataObject>",
        )
        .put("w/Roles/Новая/Ext/Rights.xml", rights)
        .put("w/Catalogs/Склады/Ext/ObjectModule.bin", "")
        .put("w/Catalogs/Склады/Forms/Ф/Ext/Form.bin", "");
    let metadata = table.load_whole();
    let (root, _) = first(&metadata);
    let grants = |metadata: &Metadata| {
        matches!(object(metadata, "Role.Новая").details, Details::Role { grants_new_objects: true })
    };
    assert!(grants(&metadata));
    let path = Path::new("w/Roles/Новая/Ext/Rights.xml");
    assert!(!grants(&metadata.without_file(root, path)));
    let path = Path::new("w/Catalogs/Склады/Ext/ObjectModule.bin");
    assert_eq!(object(&metadata, "Catalog.Склады").protected_modules, [path]);
    let open = metadata.without_file(root, path);
    assert_eq!(object(&open, "Catalog.Склады").protected_modules.len(), 0);
    let again = open.with_file(root, path, FileContent::ProtectedModule(path.into()));
    assert_eq!(object(&again, "Catalog.Склады").protected_modules, [path]);
}

#[test]
fn external_objects_are_roots_of_their_own() {
    let text = r#"<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses"><ExternalReport uuid="1"><Properties><Name>Отчет</Name></Properties><ChildObjects><Form>Форма</Form></ChildObjects></ExternalReport></MetaDataObject>"#;
    let table = Table::default()
        .with("demo/designer", "w/cf")
        .put("w/epf/Отчет.xml", text)
        .put("w/epf/Отчет/Ext/ObjectModule.bsl", "")
        .put("w/epf/Отчет/Forms/Форма/Ext/Form.xml", "<Form/>")
        .put("w/epf/Прочее.xml", "<project/>")
        .put("w/epf/Прочее/a.txt", "");
    let metadata = table.load_whole();
    assert_eq!(metadata.base_of(RootId(1)), Some(RootId(0)));
    assert!(metadata.find(RootId(1), ObjectKind::ExternalReport, "отчет").is_some());
    let module = Path::new("w/epf/Отчет/Ext/ObjectModule.bsl");
    assert_eq!(metadata.root_of_path(module), Some(RootId(1)));
    assert_eq!(metadata.root_of_path(Path::new("w/epf/Прочее/a.txt")), None);
    let roots = find_roots(&table, Path::new("w"));
    let roles: Vec<_> = list_files(&table, &roots[1]).into_iter().map(|file| file.role).collect();
    let expected = [FileRole::Module, FileRole::Form, FileRole::Object(ObjectKind::ExternalDataProcessor)];
    assert_eq!(roles, expected);
}

#[test]
fn libraries_of_onescript() {
    let table = Table::default().with("os", "w/os");
    let (libraries, problems) = find_libraries(&table, Path::new("w"));
    assert_eq!(problems, []);
    let names: Vec<_> =
        libraries[0].entries.iter().map(|entry| format!("{} {:?}", entry.name, entry.kind)).collect();
    expect![[r#"1 os ["ЗаписьПротокола OScriptClass", "Прайс OScriptClass", "ПутиПрайса OScriptModule", "ФорматыПрайса OScriptModule"]"#]].assert_eq(&format!("{} {} {names:?}", libraries.len(), libraries[0].name));
    let table = table.put("w/os/lib.config", "<package-def>");
    assert_eq!(find_libraries(&table, Path::new("w")).1.len(), 1);
}

#[test]
fn an_edt_extension_names_its_base() {
    let project = "<projectDescription><name>Доп</name><natures><nature>com._1c.g5.v8.dt.core.V8ExtensionNature</nature></natures></projectDescription>";
    let configuration = r#"<mdclass:Configuration xmlns:mdclass="http://g5.1c.ru/v8/dt/metadata/mdclass" uuid="1"><name>Доп</name><objectBelonging>Adopted</objectBelonging><namePrefix>Доп_</namePrefix></mdclass:Configuration>"#;
    let table = Table::default()
        .with("demo-en", "w/a")
        .with("demo/edt", "w/base")
        .put("w/x/.project", project)
        .put("w/x/DT-INF/PROJECT.PMF", "Manifest-Version: 1.0\nBase-Project: TradeDemo\n")
        .put("w/x/src/Configuration/Configuration.mdo", configuration)
        .put("w/y/.project", &project.replace("V8ExtensionNature", "V8ExternalObjectsNature"))
        .put("w/y/DT-INF/PROJECT.PMF", "Base-Project: TradeDemo\nX-External-Script-Variant: English\n")
        .put(
            "w/y/src/ExternalReports/О/О.mdo",
            "<mdclass:ExternalReport xmlns:mdclass='m'><name>О</name></mdclass:ExternalReport>",
        );
    let metadata = table.load_whole();
    let bases: Vec<_> = metadata.roots().map(|(id, _)| metadata.base_of(id)).collect();
    assert_eq!(bases, [None, None, Some(RootId(1)), Some(RootId(1))]);
    let kinds: Vec<_> = metadata.roots().map(|(_, root)| root.configuration().kind).collect();
    assert_eq!(kinds[2..], [RootKind::Extension, RootKind::External]);
    let extension = metadata.root(RootId(2)).expect("invariant: the root exists").configuration();
    assert_eq!((extension.purpose.as_str(), extension.name_prefix.as_str()), ("Patch", "Доп_"));
    assert!(metadata.find(RootId(3), ObjectKind::ExternalReport, "о").is_some());
    assert!(metadata.find(RootId(3), ObjectKind::Catalog, "Склады").is_some());
}
