//! From names of modules to files of a project, in both layouts, and what today's files say about a profile.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use base::encoding::decode;
use base::{Files, same_name};
use metadata::{Layout, ModuleName, ObjectKind, RootFolder, find_roots, read_configuration};
use rustc_hash::FxHashMap;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Modules whose files were found.
    pub found: usize,
    pub missing: usize,
    /// Lines by what became of them.
    pub same: usize,
    pub moved: usize,
    pub unverified: usize,
    pub changed: usize,
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
        expect![[r#"
            Resolution {
                found: 1,
                missing: 1,
                same: 0,
                moved: 1,
                unverified: 0,
                changed: 1,
            }
        "#]]
        .assert_debug_eq(&resolution);
        let module = profile.module("ОбщийМодуль.Цены.Модуль").expect("a module");
        let methods: Vec<_> =
            module.methods.iter().map(|method| (method.name.as_str(), method.measure.own_ns)).collect();
        assert_eq!(methods, [("Цена", 5)]);
        assert_eq!(module.digest, None);
    }
}
