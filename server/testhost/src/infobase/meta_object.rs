//! `Метаданные`: names of objects, their fields and tabular sections.

use std::rc::{Rc, Weak};

use metadata::ObjectKind;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// `Метаданные`.
pub(crate) struct MetaRoot {
    pub(crate) world: Weak<World>,
}

impl MetaRoot {
    fn find(&self, fits: impl Fn(&Entity) -> bool) -> Value {
        let Some(world) = self.world.upgrade() else { return Value::Undefined };
        let found = world.entities.iter().find(|entity| fits(entity));
        found.map_or(Value::Undefined, |entity| MetaObject::of(entity.clone()))
    }
}

impl Object for MetaRoot {
    fn type_name(&self) -> TypeName {
        TypeName::made("ОбъектМетаданныхКонфигурация", "ConfigurationMetadataObject")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let Some(kind) = ObjectKind::from_collection(&name.shown) else {
            return Err(Failure::unsupported(format!("Метаданные.{}", name.shown)));
        };
        let Some(world) = self.world.upgrade() else { return Ok(Value::Undefined) };
        let entities = world.entities.iter().filter(|entity| entity.kind == kind);
        let items = entities.map(|entity| (entity.name.clone(), MetaObject::of(entity.clone())));
        Ok(MetaList::of(items.collect()))
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        arguments.expect(1, 1)?;
        match name.folded.as_ref() {
            "найтипотипу" | "findbytype" => {
                let Value::Type(wanted) = arguments.value(0) else { return Err(messages::wrong_type(1)) };
                Ok(self.find(|entity| {
                    [&entity.reference_type, &entity.object_type, &entity.manager_type].contains(&&wanted)
                }))
            }
            "найтипополномуимени" | "findbyfullname" => {
                let wanted = metadata::FullName::parse(&arguments.text(0)?);
                Ok(self.find(|entity| {
                    wanted.as_ref().is_some_and(|wanted| {
                        wanted.kind == entity.kind && base::same_name(&wanted.name, &entity.name.shown)
                    })
                }))
            }
            _ => Err(Failure::unsupported(format!("Метаданные.{}", name.shown))),
        }
    }
}

/// What `Ссылка.Метаданные()` gives.
pub(crate) struct MetaObject {
    entity: Rc<Entity>,
}

impl MetaObject {
    pub(crate) fn of(entity: Rc<Entity>) -> Value {
        Value::object(Self { entity })
    }

    fn fields(&self, fits: impl Fn(Role) -> bool) -> Value {
        let fields = self.entity.fields.iter().filter(|field| fits(field.role));
        MetaList::of(fields.map(|field| (field.name.clone(), MetaName::of(&field.name))).collect())
    }
}

impl Object for MetaObject {
    fn type_name(&self) -> TypeName {
        TypeName::made("ОбъектМетаданных", "MetadataObject")
    }

    fn presentation(&self) -> String {
        self.entity.full_name()
    }

    fn key(&self) -> Option<String> {
        Some(format!("metadata:{}", self.entity.index))
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        self.key() == other.key()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            "имя" | "name" => self.entity.name.shown.as_ref().into(),
            "синоним" | "synonym" => self.entity.synonym.as_ref().into(),
            "реквизиты" | "attributes" => self.fields(|role| role == Role::Attribute),
            "измерения" | "dimensions" => self.fields(|role| role == Role::Dimension),
            "ресурсы" | "resources" => self.fields(|role| role == Role::Resource),
            "стандартныереквизиты" | "standardattributes" => {
                self.fields(|role| !matches!(role, Role::Attribute | Role::Dimension | Role::Resource))
            }
            "табличныечасти" | "tabularsections" => {
                let sections = self.entity.sections.iter();
                MetaList::of(
                    sections.map(|section| (section.name.clone(), MetaName::of(&section.name))).collect(),
                )
            }
            _ => return Err(Failure::unsupported(format!("ОбъектМетаданных.{}", name.shown))),
        })
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "полноеимя" | "fullname" => Ok(self.entity.full_name().into()),
            "представление" | "presentation" => Ok(self.entity.synonym.as_ref().into()),
            _ => Err(Failure::unsupported(format!("ОбъектМетаданных.{}", name.shown))),
        }
    }
}

/// A collection of metadata, by name.
struct MetaList {
    items: Vec<(Name, Value)>,
}

impl MetaList {
    fn of(items: Vec<(Name, Value)>) -> Value {
        Value::object(Self { items })
    }

    fn find(&self, name: &Name) -> Option<Value> {
        self.items.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

impl Object for MetaList {
    fn type_name(&self) -> TypeName {
        TypeName::made("КоллекцияОбъектовМетаданных", "MetadataObjectCollection")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        self.find(name).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn get_index(&self, machine: &mut Machine, index: &Value) -> Outcome {
        match index.resolved() {
            Value::Number(number) => {
                let place = number.to_i64().and_then(|place| usize::try_from(place).ok());
                let item = place.and_then(|place| self.items.get(place));
                item.map(|(_, value)| value.clone()).ok_or_else(messages::out_of_bounds)
            }
            name => self.get(machine, &Name::new(&name.presentation())),
        }
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "количество" | "count" => Ok(self.items.len().into()),
            "найти" | "find" => Ok(self.find(&Name::new(&arguments.text(0)?)).unwrap_or_default()),
            "содержит" | "contains" => {
                let wanted = arguments.value(0);
                Ok(self.items.iter().any(|(_, value)| *value == wanted).into())
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.items.get(position).map(|(_, value)| value.clone()))
    }
}

/// A field or a tabular section.
struct MetaName {
    name: Name,
}

impl MetaName {
    fn of(name: &Name) -> Value {
        Value::object(Self { name: name.clone() })
    }
}

impl Object for MetaName {
    fn type_name(&self) -> TypeName {
        TypeName::made("ОбъектМетаданных", "MetadataObject")
    }

    fn presentation(&self) -> String {
        self.name.shown.to_string()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "имя" | "name" => Ok(self.name.shown.as_ref().into()),
            _ => Err(Failure::unsupported(format!("ОбъектМетаданных.{}", name.shown))),
        }
    }
}
