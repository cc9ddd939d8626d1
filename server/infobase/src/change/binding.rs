//! Methods that files of metadata name: the platform calls them without any code that mentions them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use base::{Files, Locale};
use metadata::{CodeReference, CodeReferenceKind, Layout, ModuleKind, ModulePlace, ObjectKind};
use serde::{Deserialize, Serialize};

/// What `ОбработкаКоманды` is called by; the module of a command is there for it.
const COMMAND_PROCESSING: [&str; 2] = ["ОбработкаКоманды", "CommandProcessing"];

/// A place in the metadata that names a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub method: String,
    pub kind: CodeReferenceKind,
    /// The event, command, job, subscription, HTTP method, operation or channel.
    pub name: String,
    /// Element of the form or address template that the name belongs to; empty otherwise.
    pub place: String,
}

impl Binding {
    fn new(reference: &CodeReference<'_>) -> Self {
        Self {
            method: reference.method.to_owned(),
            kind: reference.kind,
            name: reference.name.to_owned(),
            place: reference.place.to_owned(),
        }
    }

    /// `событие ПриОткрытии формы`.
    pub fn text(&self, locale: Locale) -> String {
        let Self { name, place, .. } = self;
        let event = |name: &str| {
            let russian = metadata::form_event_name_ru(name).filter(|_| locale == Locale::Ru);
            russian.map_or_else(|| name.to_owned(), str::to_owned)
        };
        let (ru, en) = match self.kind {
            CodeReferenceKind::FormEvent => {
                (format!("событие {} формы", event(name)), format!("event {name} of the form"))
            }
            CodeReferenceKind::ElementEvent => (
                format!("событие {} элемента {place}", event(name)),
                format!("event {name} of the element {place}"),
            ),
            CodeReferenceKind::CommandAction => (format!("команда {name}"), format!("command {name}")),
            CodeReferenceKind::EventSubscription => {
                (format!("подписка на событие {name}"), format!("event subscription {name}"))
            }
            CodeReferenceKind::ScheduledJob => {
                (format!("регламентное задание {name}"), format!("scheduled job {name}"))
            }
            CodeReferenceKind::HttpMethod => {
                (format!("метод {name} шаблона {place}"), format!("method {name} of the template {place}"))
            }
            CodeReferenceKind::WebServiceOperation => {
                (format!("операция {name}"), format!("operation {name}"))
            }
            CodeReferenceKind::IntegrationChannel => (format!("канал {name}"), format!("channel {name}")),
        };
        if locale == Locale::Ru { ru } else { en }
    }
}

/// What the metadata names of a module; `None` if that is not known. Many files may have to be read for it, so it is found
/// out when a header has changed or a method is gone, which is rare.
#[derive(Clone)]
pub struct Bound(Arc<LazyLock<Option<Vec<Binding>>, FindOut>>);

type FindOut = Box<dyn FnOnce() -> Option<Vec<Binding>> + Send>;

impl Bound {
    pub fn by(find_out: impl FnOnce() -> Option<Vec<Binding>> + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(find_out))))
    }

    pub(super) fn get(&self) -> &Option<Vec<Binding>> {
        &self.0
    }
}

impl Default for Bound {
    fn default() -> Self {
        Self::by(|| None)
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Bound")
    }
}

/// What names methods of a module. `root`: folder of the configuration; `path`: the module below it, with `/`. `None` if the
/// files that would tell are not there or not of a kind that we read.
pub fn bindings(files: &dyn Files, root: &Path, path: &str) -> Option<Vec<Binding>> {
    let place = ModulePlace::from_path(path);
    match place.kind {
        ModuleKind::FormModule => of_form(files, &root.join(path), &place),
        ModuleKind::CommandModule => {
            let command = place.command.clone().or_else(|| Some(place.owner.clone()?.1))?;
            Some(COMMAND_PROCESSING.map(|method| of_command(method, &command)).to_vec())
        }
        ModuleKind::CommonModule => Some(of_common_module(files, root, &place)),
        ModuleKind::HTTPServiceModule
        | ModuleKind::WEBServiceModule
        | ModuleKind::IntegrationServiceModule => {
            let (kind, name) = place.owner.as_ref()?;
            let object = read(files, root, *kind, name)?;
            Some(metadata::object_references(&object).iter().map(Binding::new).collect())
        }
        ModuleKind::BotModule | ModuleKind::WEBSocketClientModule => None,
        _ => Some(Vec::new()),
    }
}

fn of_command(method: &str, command: &str) -> Binding {
    let (method, name) = (method.to_owned(), command.to_owned());
    Binding { method, kind: CodeReferenceKind::CommandAction, name, place: String::new() }
}

/// `Ext/Form/Module.bsl` stands beside `Ext/Form.xml`, EDT's `Module.bsl` beside `Form.form`. Ordinary forms are binary.
fn of_form(files: &dyn Files, module: &Path, place: &ModulePlace) -> Option<Vec<Binding>> {
    let folder = module.parent()?;
    let candidates =
        [(folder.with_extension("xml"), Layout::Designer), (folder.join("Form.form"), Layout::Edt)];
    candidates.into_iter().find_map(|(path, layout)| {
        let (form, problems) = metadata::parse_form(files.read(&path).ok()?, &path, layout);
        let references = metadata::form_references(&form, place);
        problems.is_empty().then(|| references.iter().map(Binding::new).collect())
    })
}

/// Subscriptions and jobs name procedures of common modules.
fn of_common_module(files: &dyn Files, root: &Path, place: &ModulePlace) -> Vec<Binding> {
    let mut found = Vec::new();
    let Some((_, module)) = &place.owner else { return found };
    for kind in [ObjectKind::EventSubscription, ObjectKind::ScheduledJob] {
        for name in names(files, &root.join(kind.folder())) {
            let Some(object) = read(files, root, kind, &name) else { continue };
            for reference in metadata::object_references(&object) {
                let owner = reference.module.owner.as_ref();
                if owner.is_some_and(|(_, owner)| base::same_name(owner, module)) {
                    // Subscriptions are known by their own names, not by the event.
                    found.push(Binding { name: name.clone(), ..Binding::new(&reference) });
                }
            }
        }
    }
    found
}

/// Objects of a folder: files `X.xml` or folders `X`.
fn names(files: &dyn Files, folder: &Path) -> Vec<String> {
    let entries = files.list(folder);
    let mut names: Vec<String> =
        entries.iter().map(|entry| entry.name().trim_end_matches(".xml").to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

fn read(files: &dyn Files, root: &Path, kind: ObjectKind, name: &str) -> Option<metadata::MetadataObject> {
    let folder = root.join(kind.folder());
    let candidates: [(PathBuf, Layout); 2] = [
        (folder.join(format!("{name}.xml")), Layout::Designer),
        (folder.join(name).join(format!("{name}.mdo")), Layout::Edt),
    ];
    candidates.into_iter().find_map(|(path, layout)| {
        let (object, problems) = metadata::read_object(files.read(&path).ok()?, layout, kind, &path);
        problems.is_empty().then_some(object)
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use base::FileEntry;
    use expect_test::{Expect, expect};

    use super::*;

    struct Disk;

    impl Files for Disk {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            std::fs::read(path)
        }

        fn list(&self, folder: &Path) -> Vec<FileEntry> {
            let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
            let entry = |it: std::fs::DirEntry| FileEntry { is_folder: it.path().is_dir(), path: it.path() };
            entries.filter_map(Result::ok).map(entry).collect()
        }
    }

    /// Both layouts of the demo name the same.
    #[track_caller]
    fn check(designer: &str, edt: &str, expected: &Expect) {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo");
        for (root, path) in [("designer", designer), ("edt/src", edt)] {
            let mut found = bindings(&Disk, &demo.join(root), path).expect("known");
            found.sort_by_key(|it| (it.kind, it.method.clone()));
            let line =
                |it: &Binding| format!("{}: {} | {}\n", it.method, it.text(Locale::Ru), it.text(Locale::En));
            expected.assert_eq(&found.iter().map(line).collect::<String>());
        }
    }

    #[test]
    fn forms_services_subscriptions_and_jobs_bind_methods() {
        check(
            "Documents/ЗаказПокупателя/Forms/ФормаСписка/Ext/Form/Module.bsl",
            "Documents/ЗаказПокупателя/Forms/ФормаСписка/Module.bsl",
            &expect![[r#"
                ОбработкаОповещения: событие ОбработкаОповещения формы | event NotificationProcessing of the form
                ПриСозданииНаСервере: событие ПриСозданииНаСервере формы | event OnCreateAtServer of the form
                ОтменитьВыбранные: команда ОтменитьВыбранные | command ОтменитьВыбранные
                Скопировать: команда Скопировать | command Скопировать
            "#]],
        );
        check(
            "CommonModules/СобытияТорговли/Ext/Module.bsl",
            "CommonModules/СобытияТорговли/Module.bsl",
            &expect![[r#"
                ПриЗаписиДокументовТорговли: подписка на событие ПриЗаписиДокументовТорговли | event subscription ПриЗаписиДокументовТорговли
                ОтменаПросроченныхЗаказов: регламентное задание ОтменаПросроченныхЗаказов | scheduled job ОтменаПросроченныхЗаказов
                ПересчетЦен: регламентное задание ПересчетЦен | scheduled job ПересчетЦен
            "#]],
        );
        check(
            "HTTPServices/ОбменЗаказами/Ext/Module.bsl",
            "HTTPServices/ОбменЗаказами/Module.bsl",
            &expect![[r#"
                ЗаказGET: метод GET шаблона Заказ | method GET of the template Заказ
                ЗаказPOST: метод POST шаблона Заказ | method POST of the template Заказ
                СписокЗаказовGET: метод GET шаблона СписокЗаказов | method GET of the template СписокЗаказов
            "#]],
        );
        check("Catalogs/Х/Ext/ObjectModule.bsl", "Catalogs/Х/ObjectModule.bsl", &expect![[""]]);
        check(
            "CommonCommands/Печать/Ext/CommandModule.bsl",
            "CommonCommands/Печать/CommandModule.bsl",
            &expect![[r#"
                CommandProcessing: команда Печать | command Печать
                ОбработкаКоманды: команда Печать | command Печать
            "#]],
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let unknown = |path: &str| bindings(&Disk, Path::new("/no/such/folder"), path);
        assert_eq!(unknown("Documents/А/Forms/Ф/Ext/Form/Module.bsl"), None);
        assert_eq!(unknown("HTTPServices/А/Ext/Module.bsl"), None);
        assert_eq!(unknown("Bots/А/Ext/Module.bsl"), None);
    }
}
