//! Types as people read them: `СправочникСсылка.Товары | Неопределено`, `Массив из Строка`.

use std::fmt::Write;

use metadata::{MetaType, ObjectAspect};
use platform::{Names, Script};
use smol_str::SmolStr;

use crate::ids::ObjectId;
use crate::project::Project;
use crate::query_tables::TableSource;
use crate::types::{Description, Dialect, FormData, PlatformType, Primitive, Type};

/// Parts of a union that are written out.
const SHOWN_PARTS: usize = 6;

impl Type {
    /// Empty for an unknown type.
    pub fn display(&self, project: &Project, script: Script) -> String {
        Display { project, script }.name(self, 0)
    }
}

#[derive(Clone, Copy)]
struct Display<'p> {
    project: &'p Project,
    script: Script,
}

impl Display<'_> {
    fn pick(self, ru: &str, en: &str) -> String {
        match self.script {
            Script::Russian => ru.to_owned(),
            Script::English => en.to_owned(),
        }
    }

    fn names(self, names: &Names) -> String {
        names.in_script(self.script).to_string()
    }

    fn platform(self, found: PlatformType) -> String {
        self.names(&self.project.platform(found.dialect).type_info(found.id).names)
    }

    /// A platform type by its Russian name.
    fn known(self, ru: &str) -> String {
        let platform = self.project.platform(Dialect::Enterprise);
        platform.type_id(ru).map_or_else(|| ru.to_owned(), |id| self.names(&platform.type_info(id).names))
    }

    fn name(self, value: &Type, depth: u8) -> String {
        match value {
            Type::Unknown => String::new(),
            Type::Primitive(primitive) => self.primitive(*primitive),
            Type::Platform(base) | Type::Structure { base, .. } | Type::Table { base, .. } => {
                self.platform(*base)
            }
            Type::Row { base, .. } => self.platform(*base),
            Type::SystemEnum(owner) | Type::SystemEnumValue(owner) => {
                self.names(&self.project.platform(owner.dialect).enum_info(owner.id).names)
            }
            Type::Collection { base, element } => {
                let base = self.platform(*base);
                if depth > 3 {
                    return base;
                }
                let of = self.pick("из", "of");
                let element = self.name(element, depth + 1);
                if element.contains(" | ") {
                    format!("{base} {of} ({element})")
                } else {
                    format!("{base} {of} {element}")
                }
            }
            Type::Object { object, aspect } => self.object(*object, *aspect, ""),
            Type::AnyObject { kind, aspect } => self.meta(&MetaType::AnyOf { kind: *kind, aspect: *aspect }),
            Type::RegisterRecords(_) => self.known("КоллекцияДвижений"),
            Type::RegisterFilter(_) => self.known("Отбор"),
            Type::AnyRef => self.pick("ЛюбаяСсылка", "AnyRef"),
            Type::Section { object, section } => {
                self.section(*object, *section, ObjectAspect::TabularSection)
            }
            Type::SectionRow { object, section } => {
                self.section(*object, *section, ObjectAspect::TabularSectionRow)
            }
            Type::FormData(data) => self.form_data(*data),
            Type::ManagerCollection(kind) => {
                let manager = self.pick("Менеджер", "Manager");
                format!("{}{manager}", self.pick(kind.collection_ru(), kind.folder()))
            }
            Type::Description(place) => self.description(*place),
            Type::Module(module) | Type::ScriptClass(module) => self.module(*module),
            Type::Union { parts, is_open } => self.union(parts, *is_open, depth),
            other => self.simple(other),
        }
    }

    /// Types whose name does not depend on what they hold.
    fn simple(self, value: &Type) -> String {
        match value {
            Type::Form(_) => self.known("ФормаКлиентскогоПриложения"),
            Type::FormElements(_) => self.known("ВсеЭлементыФормы"),
            Type::FormElement { form, element } => self.element(*form, *element),
            Type::FormCommands(_) => self.known("КомандыФормы"),
            Type::FormParameters(_) => self.known("ДанныеФормыСтруктура"),
            Type::Query(_) => self.known("Запрос"),
            Type::QueryResult { .. } => self.known("РезультатЗапроса"),
            Type::Source(source) => self.source(*source),
            Type::TypeValue(_) => self.known("Тип"),
            _ => String::new(),
        }
    }

    fn union(self, parts: &[Type], is_open: bool, depth: u8) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in parts.iter().map(|part| self.name(part, depth + 1)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let is_cut = names.len() > SHOWN_PARTS;
        names.truncate(SHOWN_PARTS);
        let mut text = names.join(" | ");
        if is_cut || is_open {
            let _ = write!(text, " | …");
        }
        text
    }

    fn primitive(self, primitive: Primitive) -> String {
        let (ru, en) = match primitive {
            Primitive::Undefined => ("Неопределено", "Undefined"),
            Primitive::Null => ("Null", "Null"),
            Primitive::Boolean => ("Булево", "Boolean"),
            Primitive::Number => ("Число", "Number"),
            Primitive::String => ("Строка", "String"),
            Primitive::Date => ("Дата", "Date"),
        };
        self.pick(ru, en)
    }

    fn meta(self, meta: &MetaType) -> String {
        match self.script {
            Script::Russian => meta.name_ru().to_string(),
            Script::English => meta.name_en().to_string(),
        }
    }

    fn object(self, object: ObjectId, aspect: ObjectAspect, suffix: &str) -> String {
        let Some(content) = self.project.object(object) else { return String::new() };
        let name = SmolStr::from(format!("{}{suffix}", content.name));
        self.meta(&MetaType::Object { kind: content.kind, aspect, name })
    }

    fn section(self, object: ObjectId, section: u16, aspect: ObjectAspect) -> String {
        let sections = self.project.object(object).map(|object| &object.tabular_sections);
        let found = sections.and_then(|sections| sections.get(section as usize));
        self.object(object, aspect, &found.map_or(String::new(), |found| format!(".{}", found.name)))
    }

    fn form_data(self, data: FormData) -> String {
        let (ru, of) = match data {
            FormData::Object { object, aspect: ObjectAspect::RecordSet } => {
                ("ДанныеФормыКоллекция", self.object(object, ObjectAspect::RecordSet, ""))
            }
            FormData::Object { object, aspect } => ("ДанныеФормыСтруктура", self.object(object, aspect, "")),
            FormData::Section { object, section } => {
                ("ДанныеФормыКоллекция", self.section(object, section, ObjectAspect::TabularSection))
            }
            FormData::SectionRow { object, section } => (
                "ДанныеФормыЭлементКоллекции",
                self.section(object, section, ObjectAspect::TabularSectionRow),
            ),
            FormData::Attribute { .. } => ("ДанныеФормыКоллекция", String::new()),
            FormData::AttributeItems { .. } => ("ДанныеФормыКоллекцияЭлементовДерева", String::new()),
            FormData::AttributeRow { .. } => ("ДанныеФормыЭлементКоллекции", String::new()),
        };
        let name = self.known(ru);
        if of.is_empty() { name } else { format!("{name} ({of})") }
    }

    /// `РегистрСведений.Цены.СрезПоследних`.
    fn source(self, source: TableSource) -> String {
        let full_name = |object: ObjectId| match self.project.object(object) {
            Some(content) => {
                format!("{}.{}", self.pick(content.kind.name_ru(), content.kind.name()), content.name)
            }
            None => String::new(),
        };
        match source {
            TableSource::Constants => self.pick("Константы", "Constants"),
            TableSource::Object(object) => full_name(object),
            TableSource::Virtual { object, table } => {
                format!("{}.{}", full_name(object), self.names(&table.names()))
            }
            TableSource::Section { object, section } => {
                let sections = self.project.object(object).map(|object| &object.tabular_sections);
                let found = sections.and_then(|sections| sections.get(section as usize));
                format!("{}.{}", full_name(object), found.map_or("", |found| found.name.as_str()))
            }
        }
    }

    fn description(self, place: Description) -> String {
        match place {
            Description::Root => self.known("ОбъектМетаданныхКонфигурация"),
            Description::Kind(_) | Description::Parts { .. } | Description::SectionAttributes { .. } => {
                self.known("КоллекцияОбъектовМетаданных")
            }
            Description::Object(object) => {
                let name =
                    self.project.object(object).map_or(SmolStr::default(), |object| object.name.clone());
                format!("{}: {name}", self.known("ОбъектМетаданных"))
            }
            Description::Section { .. } | Description::Leaf | Description::Properties => {
                self.known("ОбъектМетаданных")
            }
        }
    }

    fn module(self, module: crate::ids::ModuleId) -> String {
        let Some(place) = self.project.place(module) else { return String::new() };
        match place.object.and_then(|object| self.project.object(object)) {
            Some(object) => {
                format!("{}.{}", self.pick(object.kind.name_ru(), object.kind.name()), object.name)
            }
            None => place.name.to_string(),
        }
    }

    fn element(self, form: crate::ids::FormId, element: u32) -> String {
        let content = self.project.form_content(form);
        let kind = content.and_then(|content| Some(&content.elements.get(element as usize)?.kind));
        let platform = self.project.platform(Dialect::Enterprise);
        let found = kind.and_then(|kind| platform.element_type(kind));
        found.map_or_else(|| self.known("ЭлементФормы"), |id| self.names(&platform.type_info(id).names))
    }
}
