//! References from metadata to code: procedures that files of metadata name. Finding references, renaming and the
//! search for unused methods need them all, so they come in one shape.

use std::path::Path;

use base::TextRange;
use serde::{Deserialize, Serialize};

use crate::forms::{Form, FormHandler};
use crate::kind::ObjectKind;
use crate::model::{Details, Layout, MetadataObject, Operation, UrlTemplate};
use crate::module_path::{ModuleKind, ModulePlace};
use crate::root::Root;

/// A procedure that metadata names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeReference<'a> {
    /// File of metadata that holds the name.
    pub path: &'a Path,
    /// Where the procedure's name stands there, in bytes of the text without its mark. Just the name.
    pub range: TextRange,
    /// Where the name of the common module stands; empty where the module is the owner's own.
    pub module_range: TextRange,
    pub module: ModulePlace,
    pub method: &'a str,
    pub kind: CodeReferenceKind,
    /// What names the procedure: event, command, job, subscription, HTTP method, operation, channel.
    pub name: &'a str,
    /// Element of the form or address template of the service that `name` belongs to; empty otherwise.
    pub place: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CodeReferenceKind {
    FormEvent,
    ElementEvent,
    CommandAction,
    EventSubscription,
    ScheduledJob,
    HttpMethod,
    WebServiceOperation,
    IntegrationChannel,
}

/// Kinds of objects that name procedures in their own files.
const NAMING_KINDS: [ObjectKind; 5] = [
    ObjectKind::EventSubscription,
    ObjectKind::ScheduledJob,
    ObjectKind::HTTPService,
    ObjectKind::WebService,
    ObjectKind::IntegrationService,
];

/// Procedures that the objects of a root name, sorted by file and place. Forms are not among them: they are read
/// when they are needed, and name procedures of their own modules only.
pub fn root_references(root: &Root) -> Vec<CodeReference<'_>> {
    let objects =
        NAMING_KINDS.iter().flat_map(|kind| root.objects().get(root.of_kind(*kind)).unwrap_or_default());
    let mut references: Vec<_> = objects.flat_map(|object| object_references(object)).collect();
    references.sort_by(|left, right| (left.path, left.range).cmp(&(right.path, right.range)));
    references
}

/// Procedures that an object's file names, in the order of the file.
pub fn object_references(object: &MetadataObject) -> Vec<CodeReference<'_>> {
    use CodeReferenceKind as Kind;
    match &object.details {
        Details::EventSubscription { event, handler, handler_range, .. } => {
            of_common_module(object, Kind::EventSubscription, event, handler, *handler_range)
        }
        Details::ScheduledJob { method, method_range, .. } => {
            of_common_module(object, Kind::ScheduledJob, &object.name, method, *method_range)
        }
        Details::HttpService { templates, .. } => of_http_service(object, templates),
        Details::WebService { operations, .. } => {
            of_operations(object, ModuleKind::WEBServiceModule, Kind::WebServiceOperation, operations)
        }
        Details::IntegrationService { channels } => {
            of_operations(object, ModuleKind::IntegrationServiceModule, Kind::IntegrationChannel, channels)
        }
        _ => Vec::new(),
    }
}

/// Procedures that a form's file names: its events, its commands, its elements.
pub fn form_references<'a>(form: &'a Form, module: &ModulePlace) -> Vec<CodeReference<'a>> {
    let reference = |kind, place: &'a str, name: &'a str, handler: &'a FormHandler| CodeReference {
        path: &form.path,
        range: handler.range,
        module_range: TextRange::default(),
        module: module.clone(),
        method: &handler.procedure,
        kind,
        name,
        place,
    };
    let mut references = Vec::new();
    for handler in &form.handlers {
        references.push(reference(CodeReferenceKind::FormEvent, "", &handler.event, handler));
    }
    for command in &form.commands {
        for action in &command.actions {
            references.push(reference(CodeReferenceKind::CommandAction, "", &command.name, action));
        }
    }
    for element in &form.elements {
        for handler in &element.handlers {
            let kind = CodeReferenceKind::ElementEvent;
            references.push(reference(kind, &element.name, &handler.event, handler));
        }
    }
    references.sort_by_key(|reference| reference.range);
    references
}

/// The module of a form whose content is at `path`.
pub fn form_module(path: &Path, layout: Layout) -> ModulePlace {
    let module = match layout {
        Layout::Designer => path.with_extension("").join("Module.bsl"),
        Layout::Edt => path.with_file_name("Module.bsl"),
    };
    ModulePlace::from_path(&module.to_string_lossy())
}

/// Common module and procedure that `CommonModule.M.Procedure` names; older files leave the first word out. What is
/// missing is empty.
pub fn handler_parts(text: &str) -> (&str, &str) {
    let named = text
        .split_once('.')
        .filter(|(kind, _)| ObjectKind::from_name(kind) == Some(ObjectKind::CommonModule));
    let rest = named.map_or(text, |(_, rest)| rest);
    rest.split_once('.').unwrap_or((rest, ""))
}

/// `CommonModule.M.Procedure`; older files leave the first word out.
fn of_common_module<'a>(
    object: &'a MetadataObject,
    kind: CodeReferenceKind,
    name: &'a str,
    text: &'a str,
    range: TextRange,
) -> Vec<CodeReference<'a>> {
    let Some((module, method)) = text.rsplit_once('.') else { return Vec::new() };
    let module = module.rsplit_once('.').map_or(module, |(_, module)| module);
    // With entities in between, offsets would not fit; names have none.
    if range.len() as usize != text.len() || module.is_empty() || method.is_empty() {
        return Vec::new();
    }
    let start = range.end - method.len() as u32;
    let module_end = start - 1;
    let owner = Some((ObjectKind::CommonModule, module.into()));
    vec![CodeReference {
        path: &object.path,
        range: TextRange::new(start, range.end),
        module_range: TextRange::new(module_end - module.len() as u32, module_end),
        module: ModulePlace { kind: ModuleKind::CommonModule, owner, ..ModulePlace::default() },
        method,
        kind,
        name,
        place: "",
    }]
}

fn of_http_service<'a>(object: &'a MetadataObject, templates: &'a [UrlTemplate]) -> Vec<CodeReference<'a>> {
    let mut references = Vec::new();
    for template in templates {
        for method in template.methods.iter().filter(|method| !method.handler.is_empty()) {
            references.push(CodeReference {
                path: &object.path,
                range: method.handler_range,
                module_range: TextRange::default(),
                module: own_module(object, ModuleKind::HTTPServiceModule),
                method: &method.handler,
                kind: CodeReferenceKind::HttpMethod,
                name: &method.name,
                place: &template.name,
            });
        }
    }
    references
}

fn of_operations<'a>(
    object: &'a MetadataObject,
    module: ModuleKind,
    kind: CodeReferenceKind,
    operations: &'a [Operation],
) -> Vec<CodeReference<'a>> {
    let named = operations.iter().filter(|operation| !operation.procedure.is_empty());
    let reference = |operation: &'a Operation| CodeReference {
        path: &object.path,
        range: operation.procedure_range,
        module_range: TextRange::default(),
        module: own_module(object, module),
        method: &operation.procedure,
        kind,
        name: &operation.name,
        place: "",
    };
    named.map(reference).collect()
}

fn own_module(object: &MetadataObject, kind: ModuleKind) -> ModulePlace {
    ModulePlace { kind, owner: Some((object.kind, object.name.clone())), ..ModulePlace::default() }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::forms::parse_form;
    use crate::object::read_object;

    /// Reads a file of the demo configuration and decodes it once more to see what the places hold.
    fn demo(file: &str) -> (PathBuf, Vec<u8>, String) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo").join(file);
        let bytes = std::fs::read(&path).expect("invariant: the fixture exists");
        let text = base::encoding::decode(bytes.clone()).expect("invariant: the fixture is text").text;
        (path, bytes, text)
    }

    fn lines(references: &[CodeReference<'_>], text: &str) -> String {
        let line = |it: &CodeReference<'_>| {
            assert_eq!(it.range.slice(text), it.method);
            let module = it.module.path(Layout::Edt).unwrap_or_default();
            let common = it.module_range.slice(text);
            format!("{:?} {} `{}` → {} in {module} {common}", it.kind, it.name, it.place, it.method)
        };
        references.iter().map(|it| line(it).trim_end().to_owned() + "\n").collect()
    }

    #[track_caller]
    fn check_object(kind: ObjectKind, name: &str, expected: &Expect) {
        let folder = kind.folder();
        let files = [
            (format!("designer/{folder}/{name}.xml"), Layout::Designer),
            (format!("edt/src/{folder}/{name}/{name}.mdo"), Layout::Edt),
        ];
        for (file, layout) in &files {
            let (path, bytes, text) = demo(file);
            let (object, problems) = read_object(bytes, *layout, kind, &path);
            assert_eq!(problems, []);
            expected.assert_eq(&lines(&object_references(&object), &text));
        }
    }

    #[test]
    fn subscriptions_name_procedures_of_common_modules() {
        check_object(
            ObjectKind::EventSubscription,
            "ПриЗаписиДокументовТорговли",
            &expect![[r#"
            EventSubscription OnWrite `` → ПриЗаписиДокументовТорговли in CommonModules/СобытияТорговли/Module.bsl СобытияТорговли
        "#]],
        );
    }

    #[test]
    fn jobs_name_procedures_of_common_modules() {
        check_object(
            ObjectKind::ScheduledJob,
            "ПересчетЦен",
            &expect![[r#"
            ScheduledJob ПересчетЦен `` → ПересчетЦен in CommonModules/СобытияТорговли/Module.bsl СобытияТорговли
        "#]],
        );
    }

    #[test]
    fn services_name_procedures_of_their_modules() {
        check_object(
            ObjectKind::HTTPService,
            "ОбменЗаказами",
            &expect![[r#"
            HttpMethod GET `СписокЗаказов` → СписокЗаказовGET in HTTPServices/ОбменЗаказами/Module.bsl
            HttpMethod GET `Заказ` → ЗаказGET in HTTPServices/ОбменЗаказами/Module.bsl
            HttpMethod POST `Заказ` → ЗаказPOST in HTTPServices/ОбменЗаказами/Module.bsl
        "#]],
        );
        let operation = |name: &str, procedure: &str| Operation {
            name: name.into(),
            procedure: procedure.into(),
            ..Operation::default()
        };
        let operations = vec![operation("Get", ""), operation("Post", "Принять")];
        let object = MetadataObject {
            kind: ObjectKind::WebService,
            name: "Exchange".into(),
            details: Details::WebService { namespace: "urn:x".into(), operations },
            ..MetadataObject::default()
        };
        let references = object_references(&object);
        let methods: Vec<_> =
            references.iter().map(|it| (it.name, it.method, it.module.path(Layout::Edt))).collect();
        assert_eq!(methods, [("Post", "Принять", Some("WebServices/Exchange/Module.bsl".to_owned()))]);
    }

    #[test]
    fn forms_name_procedures_of_their_modules() {
        let files = [
            ("designer/Documents/ЗаказПокупателя/Forms/ФормаСписка/Ext/Form.xml", Layout::Designer),
            ("edt/src/Documents/ЗаказПокупателя/Forms/ФормаСписка/Form.form", Layout::Edt),
        ];
        let expected = expect![[r#"
            FormEvent NotificationProcessing `` → ОбработкаОповещения in Documents/ЗаказПокупателя/Forms/ФормаСписка/Module.bsl
            FormEvent OnCreateAtServer `` → ПриСозданииНаСервере in Documents/ЗаказПокупателя/Forms/ФормаСписка/Module.bsl
            CommandAction ОтменитьВыбранные `` → ОтменитьВыбранные in Documents/ЗаказПокупателя/Forms/ФормаСписка/Module.bsl
            CommandAction Скопировать `` → Скопировать in Documents/ЗаказПокупателя/Forms/ФормаСписка/Module.bsl
        "#]];
        for (file, layout) in files {
            let (path, bytes, text) = demo(file);
            let (form, problems) = parse_form(bytes, &path, layout);
            assert_eq!(problems, []);
            let mut references = form_references(&form, &form_module(&path, layout));
            assert!(references.is_sorted_by_key(|it| it.range));
            references.sort_by_key(|it| (it.kind, it.place, it.name));
            expected.assert_eq(&lines(&references, &text));
        }
    }

    #[test]
    fn handlers_come_apart() {
        let texts =
            ["CommonModule.М.П", "ОбщийМодуль.М.П", "М.П", "CommonModule.М", "CommonModule.", "М", ""];
        let expected = [("М", "П"), ("М", "П"), ("М", "П"), ("М", ""), ("", ""), ("М", ""), ("", "")];
        assert_eq!(texts.map(handler_parts), expected);
    }

    #[test]
    fn what_names_no_procedure_is_passed_over() {
        for text in ["", "M", ".", "M.", ".P"] {
            let object = MetadataObject {
                details: Details::ScheduledJob {
                    method: text.into(),
                    method_range: TextRange::new(0, text.len() as u32),
                    is_predefined: false,
                },
                ..MetadataObject::default()
            };
            assert_eq!(object_references(&object), []);
        }
    }

    #[test]
    fn modules_of_common_forms_are_found() {
        let place = form_module(Path::new("/x/CommonForms/Ф/Ext/Form.xml"), Layout::Designer);
        assert_eq!(place.path(Layout::Designer).as_deref(), Some("CommonForms/Ф/Ext/Form/Module.bsl"));
        assert_eq!(form_module(Path::new("/x/src/CommonForms/Ф/Form.form"), Layout::Edt), place);
    }
}
