//! Members of types: all of them for completion, one of them for everything else. Both questions walk the same lists,
//! so that what completion offers is what a look-up finds.

mod configuration;
mod fields;
mod forms;
mod objects;
mod tree;

pub(crate) use tree::{collection_kind, collection_names, part_of};

use metadata::{ObjectAspect, ObjectKind};
use platform::Names;

use crate::definition::{Definition, Lookup, Member, MemberKind, plain};
use crate::ids::ModuleId;
use crate::resolver::Resolver;
use crate::types::{Description, FormData, PlatformEnum, PlatformType, Type};

/// Collects members; knows which name is wanted, if only one is.
pub(crate) struct Sink<'n> {
    wanted: Option<&'n str>,
    /// Which of all names are worth a copy.
    accepts: Option<&'n dyn Fn(&str) -> bool>,
    pub(crate) found: Vec<Member>,
}

impl<'n> Sink<'n> {
    pub(crate) fn all() -> Self {
        Self { wanted: None, accepts: None, found: Vec::new() }
    }

    /// All members with a name that fits.
    pub(crate) fn some(accepts: &'n dyn Fn(&str) -> bool) -> Self {
        Self { accepts: Some(accepts), ..Self::all() }
    }

    fn takes(&self, name: &str) -> bool {
        match (self.wanted, self.accepts) {
            (Some(wanted), _) => base::same_name(wanted, name),
            (None, Some(accepts)) => accepts(name),
            (None, None) => true,
        }
    }

    pub(crate) fn one(name: &'n str) -> Self {
        Self { wanted: Some(name), accepts: None, found: Vec::new() }
    }

    pub(crate) fn wanted(&self) -> Option<&'n str> {
        self.wanted
    }

    /// The wanted member is there; nothing more to look for.
    pub(crate) fn is_done(&self) -> bool {
        self.wanted.is_some() && !self.found.is_empty()
    }

    /// Offers a member whose name is alike in both languages.
    pub(crate) fn offer(&mut self, name: &str, kind: MemberKind, definition: impl FnOnce() -> Definition) {
        if !self.is_done() && self.takes(name) {
            self.found.push(Member::new(plain(name), kind, definition()));
        }
    }

    pub(crate) fn offer_names(
        &mut self,
        names: &Names,
        kind: MemberKind,
        definition: impl FnOnce() -> Definition,
    ) {
        if !self.is_done() && names.spellings().any(|name| self.takes(name)) {
            self.found.push(Member::new(names.clone(), kind, definition()));
        }
    }
}

impl<'a> Resolver<'a> {
    /// Members of a type, each name once, in the order in which they are looked for.
    pub(crate) fn members(self, value: &Type) -> Vec<Member> {
        self.members_into(value, Sink::all())
    }

    pub(crate) fn members_into(self, value: &Type, mut sink: Sink<'_>) -> Vec<Member> {
        for part in value.parts() {
            self.walk(part, &mut sink);
        }
        let mut seen = rustc_hash::FxHashSet::default();
        sink.found.retain(|member| seen.insert(member.names.ru.to_lowercase()));
        sink.found
    }

    /// The first part of a union that has the member decides.
    pub(crate) fn member(self, value: &Type, name: &str) -> Lookup {
        let mut is_certain = !value.is_open();
        for part in value.parts() {
            match self.member_of(part, name) {
                Lookup::Found(member) => return Lookup::Found(member),
                Lookup::Missing => {}
                Lookup::Unknown => is_certain = false,
            }
        }
        if is_certain && !value.is_unknown() { Lookup::Missing } else { Lookup::Unknown }
    }

    pub(crate) fn member_of(self, part: &Type, name: &str) -> Lookup {
        let mut sink = Sink::one(name);
        let is_complete = self.walk(part, &mut sink);
        match sink.found.into_iter().next() {
            Some(member) => Lookup::Found(member),
            None if is_complete => Lookup::Missing,
            None => Lookup::Unknown,
        }
    }

    /// Offers members of one type; true if there are certainly no others.
    fn walk(self, value: &Type, sink: &mut Sink<'_>) -> bool {
        let is_complete = match value {
            Type::Module(module) | Type::ScriptClass(module) => return self.exports(*module, sink),
            Type::SystemEnum(owner) => return self.enum_values(*owner, sink),
            Type::Platform(base) if self.base_name(*base) == "БиблиотекаКартинок" => {
                self.objects_of_kind(ObjectKind::CommonPicture, sink);
                false
            }
            Type::RegisterRecords(object) => {
                self.register_records(*object, sink);
                false
            }
            Type::RegisterFilter(object) => {
                self.object_fields(*object, ObjectAspect::Record, sink);
                false
            }
            Type::TypeValue(_) => {
                // Descriptions of types have the same shape.
                if let Some(description) = self.platform_type("ОписаниеТипов") {
                    self.platform_members(description, sink);
                }
                false
            }
            Type::Source(source) => return self.table_fields(*source, sink),
            Type::ManagerCollection(kind) => self.collection(*kind, sink),
            Type::Description(description) => self.description(*description, sink),
            Type::Object { object, aspect } => {
                self.object_members(*object, *aspect, sink);
                // Values of enumerations are all there is besides a few methods.
                *aspect == ObjectAspect::Manager
                    && self.object(*object).is_some_and(|object| object.kind == ObjectKind::Enum)
                    && self.project.is_complete(object.root)
            }
            Type::AnyObject { kind, .. } => {
                self.standard_attributes_of_kind(*kind, sink);
                false
            }
            Type::SectionRow { object, section } => {
                self.section_fields(*object, *section, sink);
                false
            }
            other => {
                self.walk_data(other, sink);
                false
            }
        };
        if let Some(owner) = self.base_type(value) {
            self.platform_members(owner, sink);
        }
        is_complete
    }

    /// Members of form data, rows, forms and their parts; none of these lists is complete.
    fn walk_data(self, value: &Type, sink: &mut Sink<'_>) {
        match value {
            Type::FormData(FormData::Object { object, aspect }) => {
                self.object_fields(*object, *aspect, sink);
            }
            Type::FormData(FormData::SectionRow { object, section }) => {
                self.section_fields(*object, *section, sink);
            }
            Type::FormData(FormData::AttributeRow { form, attribute }) => {
                self.form_columns(*form, *attribute, sink);
            }
            Type::Structure { fields, .. } | Type::Row { fields, .. } => {
                self.fields(fields, sink);
            }
            Type::Form(form) => {
                self.form_members(*form, sink);
            }
            Type::FormElements(form) => {
                self.form_elements(*form, sink);
            }
            Type::FormCommands(form) => {
                self.form_commands(*form, sink);
            }
            Type::FormParameters(form) => {
                self.form_parameters(*form, sink);
            }
            _ => {}
        }
    }

    /// Exports of a module; of a borrowed one also those of its base.
    fn exports(self, module: ModuleId, sink: &mut Sink<'_>) -> bool {
        for module in self.project.module_chain(module) {
            match sink.wanted() {
                Some(name) => self.exported(module.id, name, sink),
                None => self.all_exports(module.id, sink),
            }
        }
        // A borrowed module without its base may export anything.
        let root = self.project.place(module).and_then(|place| place.root);
        root.is_none_or(|root| self.project.is_complete(root) || !self.is_extension(root))
    }

    fn is_extension(self, root: crate::ids::RootId) -> bool {
        self.project.root(root).is_some_and(metadata::Root::is_extension)
    }

    pub(crate) fn exported(self, module: ModuleId, name: &str, sink: &mut Sink<'_>) {
        let Some(module) = self.project.module(module) else { return };
        let method = module.find_method(name).and_then(|index| Some((index, module.method(index)?)));
        if let Some((index, method)) = method.filter(|(_, method)| method.is_export) {
            let kind = if method.is_function { MemberKind::Function } else { MemberKind::Method };
            sink.offer(&method.name, kind, || Definition::Method { module: module.id, index });
        }
        let variable = module.find_variable(name).and_then(|index| Some((index, module.variable(index)?)));
        if let Some((index, variable)) = variable.filter(|(_, variable)| variable.is_export) {
            let definition = || Definition::Variable { module: module.id, index };
            sink.offer(&variable.name, MemberKind::Variable, definition);
        }
    }

    pub(crate) fn all_exports(self, module: ModuleId, sink: &mut Sink<'_>) {
        let Some(module) = self.project.module(module) else { return };
        for (index, method) in module.methods().filter(|(_, method)| method.is_export) {
            let kind = if method.is_function { MemberKind::Function } else { MemberKind::Method };
            sink.offer(&method.name, kind, || Definition::Method { module: module.id, index });
        }
        for (index, variable) in module.variables().filter(|(_, variable)| variable.is_export) {
            let definition = || Definition::Variable { module: module.id, index };
            sink.offer(&variable.name, MemberKind::Variable, definition);
        }
    }

    fn enum_values(self, owner: PlatformEnum, sink: &mut Sink<'_>) -> bool {
        let info = self.project.platform(owner.dialect).enum_info(owner.id);
        for (index, names) in info.values.iter().enumerate() {
            let index = index as u32;
            sink.offer_names(names, MemberKind::EnumValue, || Definition::SystemEnumValue { owner, index });
        }
        if matches!(info.names.ru.as_str(), "ЦветаСтиля" | "ШрифтыСтиля" | "РамкиСтиля")
        {
            self.objects_of_kind(ObjectKind::StyleItem, sink);
        }
        false
    }

    pub(crate) fn platform_members(self, owner: PlatformType, sink: &mut Sink<'_>) {
        let info = self.project.platform(owner.dialect).type_info(owner.id);
        for property in &info.properties {
            sink.offer_names(&property.names, MemberKind::Property, || Definition::PlatformMember {
                owner,
                name: property.names.ru.clone(),
            });
        }
        for method in &info.methods {
            sink.offer_names(&method.names, MemberKind::Method, || Definition::PlatformMethod {
                owner,
                name: method.names.ru.clone(),
            });
        }
    }

    /// The platform type whose members a value has besides its own.
    pub(crate) fn base_type(self, value: &Type) -> Option<PlatformType> {
        let aspect_type = |kind: ObjectKind, aspect: ObjectAspect| {
            self.platform_type(&format!("{}{}", kind.name_ru(), aspect.name_ru()))
        };
        match value {
            Type::Platform(found) => Some(*found),
            Type::Collection { base, .. }
            | Type::Structure { base, .. }
            | Type::Table { base, .. }
            | Type::Row { base, .. } => Some(*base),
            Type::Object { object, aspect } => aspect_type(self.object(*object)?.kind, *aspect),
            Type::AnyObject { kind, aspect } => aspect_type(*kind, *aspect),
            // What references of all kinds have in common.
            Type::AnyRef => self.platform_type("ДокументСсылка"),
            Type::RegisterRecords(_) => self.platform_type("КоллекцияДвижений"),
            Type::RegisterFilter(_) => self.platform_type("Отбор"),
            Type::Section { .. } => self.platform_type("ТабличнаяЧасть"),
            Type::SectionRow { .. } => self.platform_type("СтрокаТабличнойЧасти"),
            Type::FormData(data) => self.form_data_type(*data),
            Type::ManagerCollection(kind) => self.platform_type(&format!("{}Менеджер", kind.collection_ru())),
            Type::Description(Description::Root) => self.platform_type("ОбъектМетаданныхКонфигурация"),
            Type::Description(Description::Kind(_) | Description::Parts { .. })
            | Type::Description(Description::SectionAttributes { .. }) => {
                self.platform_type("КоллекцияОбъектовМетаданных")
            }
            Type::Description(_) => self.platform_type("ОбъектМетаданных"),
            Type::Form(_) => self.platform_type("ФормаКлиентскогоПриложения"),
            Type::FormElements(_) => self.platform_type("ВсеЭлементыФормы"),
            Type::FormElement { form, element } => self.element_type(*form, *element),
            Type::FormCommands(_) => self.platform_type("КомандыФормы"),
            Type::FormParameters(_) => self.platform_type("ДанныеФормыСтруктура"),
            Type::Query(_) => self.platform_type("Запрос"),
            Type::QueryResult { .. } => self.platform_type("РезультатЗапроса"),
            Type::TypeValue(_) => self.platform_type("Тип"),
            _ => None,
        }
    }

    fn form_data_type(self, data: FormData) -> Option<PlatformType> {
        let name = match data {
            FormData::Object { aspect: ObjectAspect::RecordSet, .. } | FormData::Section { .. } => {
                "ДанныеФормыКоллекция"
            }
            FormData::Object { .. } => "ДанныеФормыСтруктура",
            FormData::SectionRow { .. } => "ДанныеФормыЭлементКоллекции",
            FormData::Attribute { form, attribute } => {
                return self.form_attribute_type(form, attribute);
            }
            FormData::AttributeItems { .. } => "ДанныеФормыКоллекцияЭлементовДерева",
            FormData::AttributeRow { form, attribute } => {
                let table = self.form_attribute_type(form, attribute)?;
                let info = self.project.platform(table.dialect).type_info(table.id);
                if info.names.ru == "ДанныеФормыДерево" {
                    "ДанныеФормыЭлементДерева"
                } else {
                    "ДанныеФормыЭлементКоллекции"
                }
            }
        };
        self.platform_type(name)
    }
}
