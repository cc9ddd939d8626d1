//! Managers: `Справочники.Товары`, `РегистрыСведений.Цены`, and the collections that hold them.

mod entities;
mod registers;

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use metadata::ObjectKind;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, is_register};
use crate::infobase::meta_object::MetaObject;
use crate::machine::{Instance, Machine};
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// `Справочники`.
pub(crate) struct Managers {
    pub(crate) world: Weak<World>,
    pub(crate) kind: ObjectKind,
}

impl Managers {
    fn world(&self) -> Outcome<Rc<World>> {
        self.world.upgrade().ok_or_else(|| Failure::runtime("Информационная база закрыта"))
    }
}

impl Object for Managers {
    fn type_name(&self) -> TypeName {
        TypeName::made(
            format!("{}Менеджер", self.kind.collection_ru()),
            format!("{}Manager", self.kind.folder()),
        )
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let world = self.world()?;
        if let Some(number) = world.number(self.kind, &name.shown) {
            return Ok(world.manager(number));
        }
        let is_known =
            world.unsupported.iter().any(|(kind, known)| *kind == self.kind && *known == name.folded);
        Err(if is_known {
            Failure::unsupported(format!("{}.{}", self.kind.collection_ru(), name.shown))
        } else {
            messages::no_field(&name.shown)
        })
    }

    fn get_index(&self, machine: &mut Machine, index: &Value) -> Outcome {
        self.get(machine, &Name::new(&index.presentation()))
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        let world = self.world()?;
        let of_kind = world.entities.iter().filter(|entity| entity.kind == self.kind);
        Ok(of_kind.map(|entity| entity.index).nth(position).map(|number| world.manager(number)))
    }
}

pub(crate) struct Manager {
    me: Weak<Self>,
    world: Weak<World>,
    entity: Rc<Entity>,
    instance: OnceCell<Option<Rc<Instance>>>,
    is_loading: RefCell<()>,
}

impl Manager {
    pub(crate) fn value(world: Weak<World>, entity: Rc<Entity>) -> Value {
        Value::Object(Rc::new_cyclic(|me: &Weak<Self>| Self {
            me: me.clone(),
            world,
            entity,
            instance: OnceCell::new(),
            is_loading: RefCell::new(()),
        }))
    }

    fn world(&self) -> Outcome<Rc<World>> {
        self.world.upgrade().ok_or_else(|| Failure::runtime("Информационная база закрыта"))
    }

    fn unsupported(&self, name: &Name) -> Box<Failure> {
        let known = self.entity.kind;
        let collection = known.collection_ru();
        Failure::unsupported(format!("{collection}.{}.{}", self.entity.name.shown, name.shown))
    }
}

impl Object for Manager {
    fn type_name(&self) -> TypeName {
        self.entity.manager_type.clone()
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| other.entity.index == self.entity.index)
    }

    fn key(&self) -> Option<String> {
        Some(format!("manager:{}", self.entity.index))
    }

    fn instance(&self, machine: &mut Machine) -> Outcome<Option<Rc<Instance>>> {
        if let Some(instance) = self.instance.get() {
            return Ok(instance.clone());
        }
        // The body of a manager module may use the manager itself.
        let Ok(_loading) = self.is_loading.try_borrow_mut() else { return Ok(None) };
        let world = self.world()?;
        let this = self.me.upgrade().map(|manager| Value::Object(manager));
        let instance = match world.manager_module(&self.entity) {
            Some(slot) => slot.load(machine, world.files.as_ref(), this)?,
            None => None,
        };
        let _ = self.instance.set(instance.clone());
        Ok(instance)
    }

    fn has_property(&self, name: &Name) -> bool {
        self.entity.named_items.iter().any(|item| item.name == *name)
    }

    fn has_method(&self, name: &Name) -> bool {
        entities::is_method(&self.entity, &name.folded) || registers::is_method(&self.entity, &name.folded)
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let place = self.entity.named_items.iter().position(|item| item.name == *name);
        let place = place.ok_or_else(|| messages::no_field(&name.shown))?;
        Ok(self.world()?.reference(self.entity.index, place as u64 + 1))
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        if matches!(name.folded.as_ref(), "метаданные" | "metadata") {
            return Ok(MetaObject::of(self.entity.clone()));
        }
        let world = self.world()?;
        let result = if is_register(self.entity.kind) {
            registers::call(machine, &world, &self.entity, name, arguments)
        } else {
            entities::call(machine, &world, &self.entity, name, arguments)
        };
        match result? {
            Some(value) => Ok(value),
            None => Err(self.missing(machine, name)?),
        }
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        if self.entity.kind != ObjectKind::Enum {
            return Err(Failure::runtime("Итератор для значения не определен"));
        }
        let world = self.world()?;
        let is_there = position < self.entity.named_items.len();
        Ok(is_there.then(|| world.reference(self.entity.index, position as u64 + 1)))
    }
}

impl Manager {
    /// Methods that managers of the platform have and this one lacks say so; others do not exist.
    fn missing(&self, machine: &Machine, name: &Name) -> Outcome<Box<Failure>> {
        let _ = machine;
        let is_platform = PLATFORM_METHODS.iter().any(|known| base::same_name(known, &name.shown));
        Ok(if is_platform { self.unsupported(name) } else { messages::no_method(&name.shown) })
    }
}

/// Methods of managers that are not there yet.
const PLATFORM_METHODS: &[&str] = &[
    "ВыбратьИерархически",
    "SelectHierarchically",
    "ПолучитьСсылку",
    "GetRef",
    "ПолучитьФорму",
    "GetForm",
    "ПолучитьМакет",
    "GetTemplate",
    "СоздатьКлючЗаписи",
    "CreateRecordKey",
    "СрезПервых",
    "SliceFirst",
    "ПолучитьПервое",
    "GetFirst",
    "ОстаткиИОбороты",
    "BalanceAndTurnovers",
    "ВыбратьПоРегистратору",
    "SelectByRecorder",
    "СоздатьМенеджерЗначения",
    "CreateValueManager",
    "ПолучитьИменаПредопределенных",
    "GetPredefinedItemNames",
];
