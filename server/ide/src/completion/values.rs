//! Values of the type that a place expects: of enumerations, of the system's and the configuration's own; `Истина` and
//! `Ложь`.

use metadata::{ObjectAspect, ObjectKind};
use platform::Names;
use semantics::{Definition, Primitive, Type};
use syntax::TokenKind;

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidates, Fit, Tier};
use crate::completion::item::{CompletionItem, CompletionKind};

/// Most values of one enumeration.
const LIMIT: usize = 60;

pub(crate) fn offer(asked: &Asked<'_>, candidates: &mut Candidates) {
    for part in asked.expected.parts() {
        match part {
            Type::SystemEnumValue(owner) => {
                let info = asked.of.project.platform(owner.dialect).enum_info(owner.id);
                for (index, value) in info.values.iter().take(LIMIT).enumerate() {
                    let definition = Definition::SystemEnumValue { owner: *owner, index: index as u32 };
                    value_of(asked, &info.names, value, definition, candidates, index);
                }
            }
            Type::Primitive(Primitive::Boolean) => {
                for (index, kind) in [TokenKind::True, TokenKind::False].into_iter().enumerate() {
                    let word = asked.position.script.keyword(kind).to_owned();
                    let item = CompletionItem::named(word, CompletionKind::Keyword);
                    candidates.ready(item, Tier::Expected, Fit::Fits, index as u32);
                }
            }
            Type::Object { object, aspect: ObjectAspect::Ref } => enum_values(asked, *object, candidates),
            _ => {}
        }
    }
}

fn value_of(
    asked: &Asked<'_>,
    owner: &Names,
    value: &Names,
    definition: Definition,
    candidates: &mut Candidates,
    index: usize,
) {
    let name = asked.name(value).to_owned();
    let label = format!("{}.{name}", asked.name(owner));
    let mut item = CompletionItem::named(label, CompletionKind::EnumValue);
    item.definition = Some(definition);
    ready_twice(item, &name, index, candidates);
}

/// Found by the whole text and by the name of the value.
fn ready_twice(item: CompletionItem, name: &str, index: usize, candidates: &mut Candidates) {
    if candidates.matcher.level(&item.label).is_some() {
        candidates.ready(item, Tier::Expected, Fit::Fits, index as u32);
    } else {
        let item = CompletionItem { filter: Some(name.to_owned()), ..item };
        candidates.ready_as(name, item, Tier::Expected, Fit::Fits);
    }
}

/// Values of an enumeration of the configuration; on the client they are taken by name.
fn enum_values(asked: &Asked<'_>, object: semantics::ObjectId, candidates: &mut Candidates) {
    let project = asked.of.project;
    for (part, content) in project.object_chain(object) {
        if content.kind != ObjectKind::Enum {
            return;
        }
        for (index, value) in content.enum_values.iter().take(LIMIT).enumerate() {
            let label = if asked.sides.client {
                format!(
                    "{}(\"{}.{}.{}\")",
                    asked.pick("ПредопределенноеЗначение", "PredefinedValue"),
                    asked.pick("Перечисление", "Enum"),
                    content.name,
                    value.name
                )
            } else {
                format!("{}.{}.{}", asked.pick("Перечисления", "Enums"), content.name, value.name)
            };
            let mut item = CompletionItem::named(label, CompletionKind::EnumValue);
            item.definition = Some(Definition::EnumValue { object: part, index: index as u32 });
            ready_twice(item, &value.name, index, candidates);
        }
    }
}
