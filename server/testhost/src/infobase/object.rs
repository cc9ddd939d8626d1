//! Objects of catalogs, documents, processors: fields, tabular sections, the module, writing.

pub(crate) mod events;
mod posting;
mod write;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use metadata::ObjectKind;

pub(crate) use self::events::{call_handler, flag};

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::infobase::exchange::DataExchange;
use crate::infobase::lines::Lines;
use crate::infobase::meta_object::MetaObject;
use crate::infobase::records::{Movements, RecordSet};
use crate::machine::{Instance, Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::Structure;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) struct EntityObject {
    pub(crate) me: Weak<Self>,
    pub(crate) world: Weak<World>,
    pub(crate) entity: Rc<Entity>,
    /// 0 until the object is written for the first time.
    pub(crate) id: Cell<u64>,
    pub(crate) values: RefCell<Vec<Value>>,
    pub(crate) sections: Vec<Rc<Lines>>,
    /// Record sets of a document, by the number of the register.
    pub(crate) movements: Vec<Rc<RecordSet>>,
    pub(crate) exchange: Rc<DataExchange>,
    additional: Value,
    instance: OnceCell<Option<Rc<Instance>>>,
}

impl EntityObject {
    /// An object that was not written yet.
    pub(crate) fn new(world: &Rc<World>, entity: &Rc<Entity>) -> Rc<Self> {
        let values = entity.fields.iter().map(|field| field.field_type.default_value(world)).collect();
        let sections = (0..entity.sections.len())
            .map(|section| Rc::new(Lines::of_section(world, entity, section)))
            .collect();
        let registers = entity.registers.iter().map(|number| &world.entities[*number]);
        let movements = registers.map(|register| RecordSet::new(world, register)).collect();
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            world: Rc::downgrade(world),
            entity: entity.clone(),
            id: Cell::new(0),
            values: RefCell::new(values),
            sections,
            movements,
            exchange: Rc::default(),
            additional: Structure::of(Vec::new()),
            instance: OnceCell::new(),
        })
    }

    /// The object of a reference; `None` if it was not written.
    pub(crate) fn read(world: &Rc<World>, entity: &Rc<Entity>, id: u64) -> Option<Rc<Self>> {
        let row = world.store.row(entity.index, id)?;
        let object = Self::new(world, entity);
        object.id.set(id);
        object.values.replace(row.values.as_ref().clone());
        for (lines, rows) in object.sections.iter().zip(&row.sections) {
            lines.fill(rows);
        }
        Some(object)
    }

    pub(crate) fn into_value(object: Rc<Self>) -> Value {
        Value::Object(object)
    }

    pub(crate) fn world(&self) -> Outcome<Rc<World>> {
        self.world.upgrade().ok_or_else(|| Failure::runtime("Информационная база закрыта"))
    }

    fn this(&self) -> Option<Value> {
        self.me.upgrade().map(|object| Value::Object(object))
    }

    pub(crate) fn set_role(&self, role: Role, value: Value) {
        if let Some(place) = self.entity.role(role) {
            self.values.borrow_mut()[place] = value;
        }
    }

    pub(crate) fn role_value(&self, role: Role) -> Value {
        self.entity.role(role).map(|place| self.values.borrow()[place].clone()).unwrap_or_default()
    }

    /// An object whose first writing was undone is new again.
    fn forget_if_absent(&self) -> Outcome<()> {
        let world = self.world()?;
        if world.store.row(self.entity.index, self.id.get()).is_none() {
            self.id.set(0);
            self.set_role(Role::Reference, world.reference(self.entity.index, 0));
        }
        Ok(())
    }

    /// A copy that is not written: `Скопировать`.
    fn copy(&self, machine: &mut Machine) -> Outcome {
        let world = self.world()?;
        let copy = Self::new(&world, &self.entity);
        copy.values.replace(self.values.borrow().clone());
        for role in [Role::Reference, Role::Code, Role::Predefined, Role::PredefinedName, Role::Posted] {
            if let Some(place) = self.entity.role(role) {
                let empty = self.entity.fields[place].field_type.default_value(&world);
                copy.values.borrow_mut()[place] = empty;
            }
        }
        for (target, source) in copy.sections.iter().zip(&self.sections) {
            target.fill(&source.rows());
        }
        let this = self.this().unwrap_or_default();
        copy.event(machine, events::ON_COPY, vec![this])?;
        Ok(Self::into_value(copy))
    }

    fn standard_property(&self, name: &Name) -> Option<Value> {
        Some(match name.folded.as_ref() {
            "дополнительныесвойства" | "additionalproperties" => {
                self.additional.clone()
            }
            "обменданными" | "dataexchange" if self.entity.has_references() => {
                Value::Object(self.exchange.clone())
            }
            "движения" | "registerrecords" if self.entity.kind == ObjectKind::Document => {
                Value::object(Movements { sets: self.movements.clone() })
            }
            _ => return None,
        })
    }

    fn standard_method(&self, name: &str) -> bool {
        let is_stored = self.entity.has_references();
        match name {
            "метаданные" | "metadata" | "проверитьзаполнение" | "checkfilling" => {
                true
            }
            "записать"
            | "write"
            | "удалить"
            | "delete"
            | "этоновый"
            | "isnew"
            | "скопировать"
            | "copy"
            | "прочитать"
            | "read"
            | "заполнить"
            | "fill"
            | "установитьпометкуудаления"
            | "setdeletionmark"
            | "установитьновыйкод"
            | "setnewcode"
            | "установитьновыйномер"
            | "setnewnumber"
            | "заблокировать"
            | "lock"
            | "разблокировать"
            | "unlock"
            | "модифицированность"
            | "modified" => is_stored,
            _ => false,
        }
    }
}

impl Object for EntityObject {
    fn type_name(&self) -> TypeName {
        self.entity.object_type.clone()
    }

    fn presentation(&self) -> String {
        match self.world.upgrade() {
            Some(world) if self.entity.has_references() => {
                world.row_presentation(&self.entity, &self.values.borrow())
            }
            _ => self.entity.object_type.russian().to_owned(),
        }
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(values) = self.values.try_borrow() {
            tracer.values(values.iter());
        }
        self.sections.iter().for_each(|lines| lines.trace(tracer));
        self.movements.iter().for_each(|set| set.trace(tracer));
        tracer.value(&self.additional);
    }

    fn instance(&self, machine: &mut Machine) -> Outcome<Option<Rc<Instance>>> {
        if let Some(instance) = self.instance.get() {
            return Ok(instance.clone());
        }
        let world = self.world()?;
        let instance = match world.object_module(&self.entity) {
            Some(slot) => slot.load(machine, world.files.as_ref(), self.this())?,
            None => None,
        };
        let _ = self.instance.set(instance.clone());
        Ok(instance)
    }

    fn has_property(&self, name: &Name) -> bool {
        self.entity.field(name).is_some()
            || self.entity.section(name).is_some()
            || self.standard_property(name).is_some()
    }

    fn has_method(&self, name: &Name) -> bool {
        self.standard_method(&name.folded)
    }

    fn property_names(&self) -> Vec<Name> {
        let fields = self.entity.fields.iter().map(|field| field.name.clone());
        fields.chain(self.entity.sections.iter().map(|section| section.name.clone())).collect()
    }

    fn is_writable(&self, name: &Name) -> bool {
        let is_free = |role| {
            !matches!(
                role,
                Role::Reference | Role::Predefined | Role::DataVersion | Role::Posted | Role::IsFolder
            )
        };
        self.entity.field(name).is_some_and(|place| is_free(self.entity.fields[place].role))
    }

    fn get(&self, machine: &mut Machine, name: &Name) -> Outcome {
        if let Some(place) = self.entity.field(name) {
            return Ok(self.values.borrow()[place].clone());
        }
        if let Some(section) = self.entity.section(name) {
            return Ok(Value::Object(self.sections[section].clone()));
        }
        if let Some(value) = self.standard_property(name) {
            return Ok(value);
        }
        let instance = self.instance(machine)?;
        let variable = instance.and_then(|instance| instance.variable(name));
        variable.ok_or_else(|| messages::no_field(&name.shown))
    }

    fn set(&self, machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        if let Some(place) = self.entity.field(name) {
            if !self.is_writable(name) {
                return Err(messages::read_only(&name.shown));
            }
            let value = self.entity.fields[place].field_type.adjusted(&*self.world()?, value);
            self.values.borrow_mut()[place] = value;
            return Ok(());
        }
        if self.entity.section(name).is_some() || self.standard_property(name).is_some() {
            return Err(messages::read_only(&name.shown));
        }
        match self.instance(machine)? {
            Some(instance) if instance.set_variable(name, value) => Ok(()),
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        if !self.standard_method(&name.folded) {
            return Err(messages::no_method(&name.shown));
        }
        match name.folded.as_ref() {
            "метаданные" | "metadata" => return Ok(MetaObject::of(self.entity.clone())),
            "этоновый" | "isnew" => return Ok((self.id.get() == 0).into()),
            "записать" | "write" => {
                let written = self.write_as_told(machine, arguments);
                if written.is_err() {
                    self.forget_if_absent()?;
                }
                written?;
            }
            "удалить" | "delete" => self.delete(machine)?,
            "скопировать" | "copy" => return self.copy(machine),
            "прочитать" | "read" => self.reread(machine)?,
            "проверитьзаполнение" | "checkfilling" => return self.check_filling(machine),
            "заполнить" | "fill" => self.fill(machine, &arguments.value(0))?,
            "установитьпометкуудаления" | "setdeletionmark" => {
                self.set_role(Role::DeletionMark, arguments.boolean_or(0, true)?.into());
                self.write_plain(machine)?;
            }
            "установитьновыйкод" | "setnewcode" | "установитьновыйномер" | "setnewnumber" =>
            {
                self.set_new_code(&arguments.text_or(0, "")?)?;
            }
            "модифицированность" | "modified" => return Ok(true.into()),
            // Locks of objects mean nothing to a single session.
            _ => {}
        }
        Ok(Value::Undefined)
    }
}
