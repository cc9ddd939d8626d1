//! Members of `Метаданные`: the configuration as code sees it.

use metadata::{MetadataObject, ObjectKind};
use platform::Names;
use smol_str::SmolStr;

use crate::definition::{Definition, MemberKind, pair};
use crate::ids::ObjectId;
use crate::members::Sink;
use crate::resolver::Resolver;
use crate::types::{Description, Part, PlatformEnum};

/// Names of collections in `Метаданные` for kinds that have no collection of managers.
const COLLECTIONS: &[(ObjectKind, &str)] = &[
    (ObjectKind::CommonModule, "ОбщиеМодули"),
    (ObjectKind::CommonForm, "ОбщиеФормы"),
    (ObjectKind::CommonCommand, "ОбщиеКоманды"),
    (ObjectKind::CommonAttribute, "ОбщиеРеквизиты"),
    (ObjectKind::CommonPicture, "ОбщиеКартинки"),
    (ObjectKind::CommonTemplate, "ОбщиеМакеты"),
    (ObjectKind::CommandGroup, "ГруппыКоманд"),
    (ObjectKind::DefinedType, "ОпределяемыеТипы"),
    (ObjectKind::DocumentNumerator, "НумераторыДокументов"),
    (ObjectKind::EventSubscription, "ПодпискиНаСобытия"),
    (ObjectKind::FunctionalOption, "ФункциональныеОпции"),
    (ObjectKind::FunctionalOptionsParameter, "ПараметрыФункциональныхОпций"),
    (ObjectKind::HTTPService, "HTTPСервисы"),
    (ObjectKind::WebService, "WebСервисы"),
    (ObjectKind::IntegrationService, "СервисыИнтеграции"),
    (ObjectKind::Bot, "Боты"),
    (ObjectKind::WebSocketClient, "WebSocketКлиенты"),
    (ObjectKind::Interface, "Интерфейсы"),
    (ObjectKind::Language, "Языки"),
    (ObjectKind::PaletteColor, "ЦветаПалитры"),
    (ObjectKind::Role, "Роли"),
    (ObjectKind::ScheduledJob, "РегламентныеЗадания"),
    (ObjectKind::Style, "Стили"),
    (ObjectKind::StyleItem, "ЭлементыСтиля"),
    (ObjectKind::Subsystem, "Подсистемы"),
];

const PARTS: &[(Part, &str, &str)] = &[
    (Part::Attributes, "Реквизиты", "Attributes"),
    (Part::StandardAttributes, "СтандартныеРеквизиты", "StandardAttributes"),
    (Part::TabularSections, "ТабличныеЧасти", "TabularSections"),
    (Part::Dimensions, "Измерения", "Dimensions"),
    (Part::Resources, "Ресурсы", "Resources"),
    (Part::EnumValues, "ЗначенияПеречисления", "EnumValues"),
    (Part::Forms, "Формы", "Forms"),
    (Part::Commands, "Команды", "Commands"),
    (Part::Templates, "Макеты", "Templates"),
    (Part::Others, "РеквизитыАдресации", "AddressingAttributes"),
    (Part::Others, "ПризнакиУчета", "AccountingFlags"),
    (Part::Others, "Графы", "Columns"),
];

/// Names of the collection of a kind in `Метаданные`.
pub(crate) fn collection_names(kind: ObjectKind) -> Names {
    let own = kind.collection_ru();
    let ru = if own.is_empty() {
        COLLECTIONS.iter().find(|(other, _)| *other == kind).map_or("", |(_, ru)| ru)
    } else {
        own
    };
    Names { ru: SmolStr::new_static(ru), en: SmolStr::new_static(kind.folder()), aliases: Vec::new() }
}

/// The kind whose collection has the name.
pub(crate) fn collection_kind(name: &str) -> Option<ObjectKind> {
    ObjectKind::ALL.iter().copied().find(|kind| collection_names(*kind).is(name))
}

/// The part that a name means.
pub(crate) fn part_of(name: &str) -> Option<Part> {
    let is = |(_, ru, en): &&(Part, &str, &str)| base::same_name(ru, name) || base::same_name(en, name);
    PARTS.iter().find(is).map(|(part, ..)| *part)
}

impl<'a> Resolver<'a> {
    /// Members of a place in the tree; true if there are certainly no others.
    pub(super) fn description(self, place: Description, sink: &mut Sink<'_>) -> bool {
        match place {
            Description::Root => {
                for kind in ObjectKind::ALL {
                    let names = collection_names(*kind);
                    if !names.ru.is_empty() {
                        offer(sink, &names, MemberKind::Collection);
                    }
                }
            }
            Description::Kind(kind) => return self.collection(kind, sink),
            Description::Object(_) => {
                for (_, ru, en) in PARTS {
                    offer(sink, &pair(ru, en), MemberKind::Collection);
                }
            }
            Description::Parts { object, part } => self.parts(object, part, sink),
            Description::Section { .. } => {
                for (_, ru, en) in &PARTS[..2] {
                    offer(sink, &pair(ru, en), MemberKind::Collection);
                }
            }
            Description::SectionAttributes { object, section } => self.section_fields(object, section, sink),
            Description::Properties => {
                for (id, info) in self.platform().enums() {
                    let owner = PlatformEnum { dialect: self.dialect(), id };
                    sink.offer_names(&info.names, MemberKind::Enum, || Definition::SystemEnum(owner));
                }
            }
            Description::Leaf => {}
        }
        false
    }

    fn parts(self, object: ObjectId, part: Part, sink: &mut Sink<'_>) {
        for (_, content) in self.project.object_chain(object) {
            for name in part_names(content, part) {
                let names = Names { ru: name.clone(), ..Names::default() };
                offer(sink, &names, MemberKind::Object);
            }
        }
        if part == Part::StandardAttributes
            && let Some(content) = self.object(object)
        {
            self.standard_attributes_of_kind(content.kind, sink);
        }
    }
}

fn offer(sink: &mut Sink<'_>, names: &Names, kind: MemberKind) {
    sink.offer_names(names, kind, || Definition::DescriptionPart { names: names.clone() });
}

fn part_names(object: &MetadataObject, part: Part) -> Vec<&SmolStr> {
    match part {
        Part::Attributes => object.attributes.iter().map(|it| &it.name).collect(),
        Part::StandardAttributes => Vec::new(),
        Part::TabularSections => object.tabular_sections.iter().map(|it| &it.name).collect(),
        Part::Dimensions => object.dimensions.iter().map(|it| &it.name).collect(),
        Part::Resources => object.resources.iter().map(|it| &it.name).collect(),
        Part::EnumValues => object.enum_values.iter().map(|it| &it.name).collect(),
        Part::Forms => object.forms.iter().collect(),
        Part::Commands => object.commands.iter().map(|it| &it.name).collect(),
        Part::Templates => object.templates.iter().collect(),
        Part::Others => object.other_fields.iter().map(|it| &it.name).collect(),
    }
}
