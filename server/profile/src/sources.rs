//! From names of modules to files of a project, in both layouts, and what today's files say about a profile.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use base::encoding::decode;
use base::{Files, same_name};
use metadata::{Layout, ModuleName, ObjectKind, RootFolder, find_roots, read_configuration};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::debugger::Owners;
use crate::identifiers::find_owners;
use crate::line_digest::SourceLines;
use crate::methods::method_spans;
use crate::model::Profile;
use crate::placement::Freshness;

/// The roots of a project, found once.
pub struct Sources<'a> {
    files: &'a dyn Files,
    project: PathBuf,
    roots: Vec<NamedRoot>,
    /// Names in folders: paths in stacks have their own ideas of case.
    listings: RefCell<FxHashMap<PathBuf, Vec<String>>>,
}

struct NamedRoot {
    folder: RootFolder,
    name: String,
}

/// How a profile and the files of a project fit together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Modules whose files were found.
    pub found: usize,
    pub missing: usize,
    /// Lines by what became of them.
    pub same: usize,
    pub moved: usize,
    pub unverified: usize,
    pub changed: usize,
    /// By number of the module and measured line: the line today and whether it is the same.
    pub places: FxHashMap<(u32, u32), (Option<u32>, Freshness)>,
}

impl<'a> Sources<'a> {
    /// Looks for configurations and extensions below a folder.
    pub fn find(files: &'a dyn Files, project: &Path) -> Self {
        let named = |folder: RootFolder| {
            let read =
                |path: &PathBuf| Some(read_configuration(files.read(path).ok()?, folder.layout, path).0);
            let name = folder.configuration.as_ref().and_then(read).map(|read| read.name.to_string());
            NamedRoot { folder, name: name.unwrap_or_default() }
        };
        let roots = find_roots(files, project).into_iter().map(named).collect();
        Self { files, project: project.to_path_buf(), roots, listings: RefCell::default() }
    }

    /// File of a module below the project, with `/`.
    pub fn path(&self, module: &str) -> Option<String> {
        let name = ModuleName::parse(module)?;
        let wants = |kind: ObjectKind| name.place.owner.as_ref().is_some_and(|(owner, _)| *owner == kind);
        let is_external = wants(ObjectKind::ExternalDataProcessor) || wants(ObjectKind::ExternalReport);
        let is_right = |root: &&NamedRoot| match name.extension.as_str() {
            "" => is_external || root.folder.configuration.is_some(),
            extension => same_name(&root.name, extension),
        };
        let mut found = self.roots.iter().filter(is_right).filter_map(|root| {
            let path = name.place.path(root.folder.layout)?;
            self.existing(&root.folder.folder, &path)
        });
        let path = found.next()?;
        let path = path.strip_prefix(&self.project).unwrap_or(&path);
        Some(path.to_string_lossy().replace('\\', "/"))
    }

    /// Text of a file below the project.
    pub fn text(&self, path: &str) -> Option<String> {
        let bytes = self.files.read(&self.project.join(path)).ok()?;
        decode(bytes).ok().map(|decoded| decoded.text)
    }

    /// What identifiers of metadata, in lower case, stand for. Reads files until all are found.
    pub fn owners(&self, wanted: &FxHashSet<String>) -> Owners {
        let mut owners = Owners::default();
        for root in &self.roots {
            find_owners(self.files, &root.folder, wanted, &mut owners);
        }
        owners
    }

    /// True if some root has the EDT layout.
    pub fn has_edt(&self) -> bool {
        self.roots.iter().any(|root| root.folder.layout == Layout::Edt)
    }

    /// The path with the names that are really there.
    fn existing(&self, folder: &Path, path: &str) -> Option<PathBuf> {
        let mut at = folder.to_path_buf();
        for part in path.split('/') {
            let name = self.name_in(&at, part)?;
            at.push(name);
        }
        Some(at)
    }

    fn name_in(&self, folder: &Path, name: &str) -> Option<String> {
        let mut listings = self.listings.borrow_mut();
        let names = listings
            .entry(folder.to_path_buf())
            .or_insert_with(|| self.files.list(folder).iter().map(|entry| entry.name().to_owned()).collect());
        let exact = names.iter().find(|known| *known == name);
        exact.or_else(|| names.iter().find(|known| same_name(known, name))).cloned()
    }
}

impl Profile {
    /// Finds the files of all modules, what became of the measured lines, and the methods they are in. With
    /// `remembers`, modules whose lines all are where they were measured keep today's text as the measured one.
    pub fn resolve(&mut self, sources: &Sources<'_>, remembers: bool) -> Resolution {
        let mut resolution = Resolution::default();
        for index in 0..self.modules.len() {
            let module = &mut self.modules[index];
            let path = sources.path(&module.name).or_else(|| module.path.clone());
            let Some((path, text)) = path.and_then(|path| Some((path.clone(), sources.text(&path)?))) else {
                resolution.missing += 1;
                continue;
            };
            module.path = Some(path);
            let today = SourceLines::new(&text);
            for placed in module.place(&today) {
                let key = (index as u32, placed.profile.line);
                resolution.places.insert(key, (placed.line, placed.freshness));
                match placed.freshness {
                    Freshness::Same => resolution.same += 1,
                    Freshness::Moved => resolution.moved += 1,
                    Freshness::Unverified => resolution.unverified += 1,
                    Freshness::Changed => resolution.changed += 1,
                }
            }
            resolution.found += 1;
            if remembers {
                module.attach(&today);
            }
            self.assign_methods(index, &method_spans(&text), &today);
        }
        resolution
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io;

    use base::FileEntry;
    use expect_test::expect;

    use super::*;
    use crate::builder::{FrameName, ProfileBuilder};
    use crate::measure::Measure;
    use crate::model::Source;

    struct Table(BTreeMap<PathBuf, String>);

    impl Files for Table {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            let text = self.0.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            Ok(text.clone().into_bytes())
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

    fn configuration(name: &str, extra: &str) -> String {
        format!(
            "<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><Configuration uuid=\"1\"><Properties><Name>{name}</Name>{extra}</Properties><ChildObjects/></Configuration></MetaDataObject>"
        )
    }

    const TEXT: &str =
        "Функция Цена(Номенклатура)\n\tЗапрос = Новый Запрос;\n\tВозврат Запрос.Выполнить();\nКонецФункции\n";

    fn files() -> Table {
        let extension = "<ObjectBelonging>Adopted</ObjectBelonging><ConfigurationExtensionPurpose>Patch</ConfigurationExtensionPurpose>";
        let entries = [
            ("/p/cf/Configuration.xml", configuration("Торговля", "")),
            ("/p/cf/CommonModules/Цены/Ext/Module.bsl", format!("// Описание\n{TEXT}")),
            ("/p/cf/Documents/Заказ/Forms/Форма/Ext/Form/Module.bsl", "А();\n".to_owned()),
            ("/p/ext/Configuration.xml", configuration("Доработки", extension)),
            ("/p/ext/CommonModules/Цены/Ext/Module.bsl", TEXT.to_owned()),
            ("/p/edt/.project", "<projectDescription><name>edt</name><natures><nature>com._1c.g5.v8.dt.core.V8ConfigurationNature</nature></natures></projectDescription>".to_owned()),
            ("/p/edt/src/Configuration/Configuration.mdo", "<mdclass:Configuration xmlns:mdclass=\"http://g5.1c.ru/v8/dt/metadata/mdclass\" uuid=\"1\"><name>Учет</name></mdclass:Configuration>".to_owned()),
            ("/p/edt/src/Catalogs/Товары/ObjectModule.bsl", "Б();\n".to_owned()),
        ];
        Table(entries.into_iter().map(|(path, text)| (PathBuf::from(path), text)).collect())
    }

    #[test]
    fn modules_have_files() {
        let files = files();
        let sources = Sources::find(&files, Path::new("/p"));
        let path = |name: &str| sources.path(name);
        let expected = |path: &str| Some(path.to_owned());
        assert_eq!(path("ОбщийМодуль.Цены.Модуль"), expected("cf/CommonModules/Цены/Ext/Module.bsl"));
        assert_eq!(path("commonmodule.ЦЕНЫ.module"), expected("cf/CommonModules/Цены/Ext/Module.bsl"));
        assert_eq!(
            path("Доработки ОбщийМодуль.Цены.Модуль"),
            expected("ext/CommonModules/Цены/Ext/Module.bsl")
        );
        let form = expected("cf/Documents/Заказ/Forms/Форма/Ext/Form/Module.bsl");
        assert_eq!(path("Документ.Заказ.Форма.Форма.Форма"), form);
        assert_eq!(
            path("Справочник.Товары.МодульОбъекта"),
            expected("edt/src/Catalogs/Товары/ObjectModule.bsl")
        );
        assert_eq!(path("ОбщийМодуль.Нет.Модуль"), None);
        assert_eq!(path("Чужие ОбщийМодуль.Цены.Модуль"), None);
        assert!(sources.has_edt());
    }

    #[test]
    fn identifiers_are_looked_up() {
        let id = |number: u32| format!("{number:08}-0000-4000-8000-000000000000");
        let mut files = files();
        let mut add = |path: &str, text: String| files.0.insert(PathBuf::from(path), text);
        add("/p/cf/CommonModules/Цены.xml", format!("<MetaDataObject><CommonModule uuid=\"{}\"/>", id(1)));
        let document = format!(
            "<MetaDataObject><Document uuid=\"{}\"><ChildObjects><Command uuid=\"{}\"><Properties><Name>Печать</Name>",
            id(2),
            id(3)
        );
        add("/p/cf/Documents/Заказ.xml", document);
        add("/p/cf/Documents/Заказ/Forms/Форма.xml", format!("<MetaDataObject><Form uuid=\"{}\">", id(4)));
        let catalog = format!(
            "<mdclass:Catalog x=\"1\" uuid=\"{}\">\n<name>Товары</name><forms uuid=\"{}\">\n<name>Список</name>",
            id(5),
            id(6).to_uppercase()
        );
        add("/p/edt/src/Catalogs/Товары/Товары.mdo", catalog);
        let sources = Sources::find(&files, Path::new("/p"));
        let wanted = (1..8).map(id).collect();
        let owners = sources.owners(&wanted);
        let mut told: Vec<_> = owners
            .iter()
            .map(|(id, place)| {
                let owner = place.owner.as_ref().map(|(kind, name)| format!("{}.{name}", kind.name()));
                format!("{} {} {:?} {:?}", &id[7..8], owner.unwrap_or_default(), place.form, place.command)
            })
            .collect();
        told.sort();
        expect![[r#"
            1 CommonModule.Цены None None
            2 Document.Заказ None None
            3 Document.Заказ None Some("Печать")
            4 Document.Заказ Some("Форма") None
            5 Catalog.Товары None None
            6 Catalog.Товары Some("Список") None"#]]
        .assert_eq(&told.join("\n"));
    }

    #[test]
    fn moved_lines_are_in_their_methods() {
        let mut builder = ProfileBuilder::new();
        let frame = |line, text| FrameName {
            module: "ОбщийМодуль.Цены.Модуль", line, text, method: ""
        };
        let measure = Measure { count: 2, own_ns: 5, ..Measure::default() };
        builder.add_stack(&[frame(3, "Возврат Запрос.Выполнить();")], &measure);
        builder.add_stack(&[frame(2, "Запрос = Удалено();")], &measure);
        builder.add_line("ОбщийМодуль.Нет.Модуль", 1, "", &measure);
        let mut profile = builder.finish(Source::default());
        let files = files();
        let resolution = profile.resolve(&Sources::find(&files, Path::new("/p")), true);
        let counts =
            [resolution.found, resolution.missing, resolution.same, resolution.moved, resolution.changed];
        assert_eq!(counts, [1, 1, 0, 1, 1]);
        let mut places: Vec<_> = resolution.places.into_iter().collect();
        places.sort_by_key(|(place, _)| *place);
        expect!["[((1, 2), (None, Changed)), ((1, 3), (Some(4), Moved))]"].assert_eq(&format!("{places:?}"));
        let module = profile.module("ОбщийМодуль.Цены.Модуль").expect("a module");
        let methods: Vec<_> =
            module.methods.iter().map(|method| (method.name.as_str(), method.measure.own_ns)).collect();
        assert_eq!(methods, [("Цена", 5)]);
        assert_eq!(module.digest, None);
    }
}
