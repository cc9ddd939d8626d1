//! What the project knows about parameters that no description explains: handlers get what their events pass.

use metadata::{Details, FullName, MetaType, ModuleKind, ObjectKind, TypeDescription};
use smol_str::{SmolStr, format_smolstr};

use crate::definition::pair;
use crate::facts::Method;
use crate::ids::ModuleId;
use crate::module::{Module, ModulePlace};
use crate::project::Project;
use crate::shape::Shape;

/// Parameters that mean the same wherever they stand.
const COMMON: &[(&str, &str, &str)] = &[
    ("Отказ", "Cancel", "Булево"),
    ("СтандартнаяОбработка", "StandardProcessing", "Булево"),
    ("РежимЗаписи", "WriteMode", "РежимЗаписиДокумента"),
    ("РежимПроведения", "PostingMode", "РежимПроведенияДокумента"),
    ("ПараметрыВыполненияКоманды", "CommandExecuteParameters", "ПараметрыВыполненияКоманды"),
];

impl Project {
    /// Parameters of a method with what is known about them: by the description, by the default value, by the event
    /// that the method handles. For `Flow::of_method`.
    pub fn parameter_shapes(&self, module: ModuleId, method: u32) -> Vec<(SmolStr, Shape)> {
        let Some(module) = self.module(module) else { return Vec::new() };
        let Some(found) = module.method(method) else { return Vec::new() };
        let first = self.first_parameter(module, found);
        let shapes = found.parameters().enumerate().map(|(index, parameter)| {
            let fact = parameter.fact();
            let shape = match (&fact.shape, &first) {
                (Shape::Unknown, Some(first)) if index == 0 => first.clone(),
                (Shape::Unknown, _) => common(&fact.name),
                (known, _) => known.clone(),
            };
            (fact.name.clone(), shape)
        });
        shapes.filter(|(_, shape)| *shape != Shape::Unknown).collect()
    }

    /// What the event passes first: the element, the command, the source of a subscription.
    fn first_parameter(&self, module: &Module, method: Method<'_>) -> Option<Shape> {
        let place = &module.place;
        match place.kind {
            ModuleKind::FormModule => self.form_handler(place, &method.name),
            ModuleKind::CommonModule => self.subscription_source(place, &method.name),
            ModuleKind::CommandModule if pair("ОбработкаКоманды", "CommandProcessing").is(&method.name) => {
                self.command_parameter(place)
            }
            _ => None,
        }
    }

    fn form_handler(&self, place: &ModulePlace, method: &str) -> Option<Shape> {
        let content = self.form_content(place.form?)?;
        let handles = |handlers: &[metadata::FormHandler]| {
            handlers.iter().any(|handler| base::same_name(&handler.procedure, method))
        };
        if content.commands.iter().any(|command| handles(&command.actions)) {
            return Some(Shape::Named(SmolStr::new_static("КомандаФормы")));
        }
        let elements = content.elements.iter().filter(|element| handles(&element.handlers));
        union(elements.map(|element| {
            let form = Shape::Global(SmolStr::new_static("ЭтотОбъект"));
            let all = Shape::Member(form.into(), SmolStr::new_static("Элементы"));
            Shape::Member(all.into(), element.name.clone())
        }))
    }

    fn subscription_source(&self, place: &ModulePlace, method: &str) -> Option<Shape> {
        let root = self.root(place.root?)?;
        let module = &self.object(place.object?)?.name;
        let handler = format_smolstr!("{}.{module}.{method}", ObjectKind::CommonModule.name());
        let subscriptions = root.objects().get(root.of_kind(ObjectKind::EventSubscription))?.iter();
        let sources = subscriptions.filter_map(|object| match &object.details {
            Details::EventSubscription { source, handler: own, .. } if base::same_name(own, &handler) => {
                Some(source)
            }
            _ => None,
        });
        union(sources.flat_map(shapes_of))
    }

    fn command_parameter(&self, place: &ModulePlace) -> Option<Shape> {
        let object = self.object(place.object?)?;
        match &object.details {
            Details::Typed(types) if object.kind == ObjectKind::CommonCommand => union(shapes_of(types)),
            _ => {
                let command = object.commands.iter().find(|it| base::same_name(&it.name, &place.name))?;
                union(shapes_of(&command.parameter))
            }
        }
    }

    /// Objects that code names by a full name, such as `Catalog.X`, in the root of a module.
    pub fn find_full_name(&self, module: ModuleId, name: &str) -> Option<crate::ids::ObjectId> {
        let name = FullName::parse(name)?;
        self.find_object(self.visible_root(module), name.kind, &name.name)
    }
}

fn common(name: &str) -> Shape {
    let found = COMMON.iter().find(|(ru, en, _)| base::same_name(ru, name) || base::same_name(en, name));
    found.map_or(Shape::Unknown, |(_, _, shape)| Shape::Named(SmolStr::new_static(shape)))
}

fn shapes_of(types: &TypeDescription) -> impl Iterator<Item = Shape> {
    types.types.iter().filter(|meta| **meta != MetaType::Unknown).map(|meta| Shape::Named(meta.name_ru()))
}

/// A union of few shapes; subscriptions to everything have hundreds of sources.
fn union(shapes: impl Iterator<Item = Shape>) -> Option<Shape> {
    let mut parts: Vec<Shape> = Vec::new();
    let mut is_open = false;
    for shape in shapes {
        if parts.contains(&shape) {
            continue;
        }
        if parts.len() == crate::types::UNION_LIMIT {
            is_open = true;
            break;
        }
        parts.push(shape);
    }
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Shape::Union { parts: parts.into(), is_open }),
    }
}
