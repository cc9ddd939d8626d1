//! Record sets of registers with their filters, and the sets of a document.

mod filter;
mod manager;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

pub(crate) use self::filter::Filter;
pub(crate) use self::manager::RecordManager;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::infobase::exchange::DataExchange;
use crate::infobase::lines::Lines;
use crate::infobase::meta_object::MetaObject;
use crate::infobase::object::{call_handler, events, flag};
use crate::infobase::store::Row;
use crate::infobase::system_enums::enum_value;
use crate::machine::operators::to_boolean;
use crate::machine::{Instance, Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::Structure;
use crate::query::period_border;
use crate::types::TypeName;
use crate::value::Value;

/// `РегистрСведенийНаборЗаписей.X`.
pub(crate) struct RecordSet {
    me: Weak<Self>,
    world: Weak<World>,
    pub(crate) entity: Rc<Entity>,
    pub(crate) lines: Lines,
    /// Values that the fields of the filter must have.
    pub(crate) filter: Rc<RefCell<Vec<Option<Value>>>>,
    /// `Записывать`: the document writes the set after its posting.
    pub(crate) is_to_be_written: Cell<bool>,
    exchange: Rc<DataExchange>,
    additional: Value,
    instance: OnceCell<Option<Rc<Instance>>>,
}

impl RecordSet {
    pub(crate) fn new(world: &Rc<World>, entity: &Rc<Entity>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            world: Rc::downgrade(world),
            entity: entity.clone(),
            lines: Lines::of_register(world, entity),
            filter: Rc::new(RefCell::new(vec![None; entity.fields.len()])),
            is_to_be_written: Cell::new(false),
            exchange: Rc::default(),
            additional: Structure::of(Vec::new()),
            instance: OnceCell::new(),
        })
    }

    fn world(&self) -> Outcome<Rc<World>> {
        self.world.upgrade().ok_or_else(|| Failure::runtime("Информационная база закрыта"))
    }

    /// Writes the records of a document.
    pub(crate) fn write_of(&self, machine: &mut Machine, recorder: &Value) -> Outcome<()> {
        if let Some(place) = self.entity.role(Role::Recorder) {
            self.filter.borrow_mut()[place] = Some(recorder.clone());
        }
        self.write(machine, true)
    }

    /// Writes no records in place of those of a document.
    pub(crate) fn clear_of(&self, machine: &mut Machine, recorder: &Value) -> Outcome<()> {
        let kept = self.lines.rows();
        self.lines.fill(&[]);
        let written = self.write_of(machine, recorder);
        self.lines.fill(&kept);
        written
    }

    pub(crate) fn write(&self, machine: &mut Machine, replaces: bool) -> Outcome<()> {
        let world = self.world()?;
        if let Some(place) = self.entity.role(Role::Recorder)
            && self.filter.borrow()[place].is_none()
        {
            return Err(Failure::runtime("Не задано значение отбора по регистратору"));
        }
        let refused = || Failure::runtime(format!("Не удалось записать: \"{}\"!", self.entity.synonym));
        world.store.atomically(machine, |machine| {
            for event in [events::BEFORE_WRITE, events::ON_WRITE] {
                let veto = flag();
                let arguments = [veto.clone(), replaces.into()];
                call_handler(machine, self, event, &arguments)?;
                if let Some(set) = self.me.upgrade() {
                    world.subscriptions(machine, &self.entity, event, &Value::Object(set), &arguments)?;
                }
                if veto.resolved() == Value::Boolean(true) {
                    return Err(refused());
                }
                if event == events::BEFORE_WRITE {
                    machine.count_query();
                    machine.charge(self.lines.len() * self.entity.fields.len() * size_of::<Value>());
                    self.store(&world, replaces)?;
                }
            }
            Ok(())
        })
    }

    fn store(&self, world: &World, replaces: bool) -> Outcome<()> {
        let table = self.entity.index;
        if replaces {
            for id in world.matching(&self.entity, &self.filter.borrow()) {
                world.store.put(table, id, None);
            }
        }
        for row in self.lines.rows() {
            let row = self.completed(row.as_ref().clone())?;
            let mut data = world.store.tables[table].borrow_mut();
            if !self.entity.has_recorder && !data.key.is_empty() {
                let key: Vec<Value> = data.key.iter().map(|place| row[*place].clone()).collect();
                if !data.find(&key).is_empty() {
                    return Err(Failure::runtime("Запись с такими ключевыми полями существует!"));
                }
            }
            let id = data.new_id();
            drop(data);
            world.store.put(table, id, Some(Row { values: Rc::new(row), sections: Vec::new() }));
        }
        Ok(())
    }

    /// A record with what the filter says, its date cut to the period of the register.
    fn completed(&self, mut row: Vec<Value>) -> Outcome<Vec<Value>> {
        for (place, wanted) in self.filter.borrow().iter().enumerate() {
            let Some(wanted) = wanted else { continue };
            if row[place] != *wanted
                && row[place].is_filled()
                && self.entity.fields[place].role != Role::Recorder
            {
                let name = &self.entity.fields[place].name.shown;
                return Err(Failure::runtime(format!(
                    "Значение поля \"{name}\" не соответствует отбору набора записей"
                )));
            }
            row[place] = wanted.clone();
        }
        if let Some(place) = self.entity.role(Role::Period)
            && let Value::Date(date) = row[place]
            && matches!(self.entity.periodicity.as_ref(), "Day" | "Month" | "Quarter" | "Year")
        {
            row[place] = period_border(date, &self.entity.periodicity, false)?;
        }
        Ok(row)
    }

    fn read(&self, machine: &mut Machine) -> Outcome<()> {
        machine.count_query();
        let world = self.world()?;
        let ids = world.matching(&self.entity, &self.filter.borrow());
        let rows: Vec<_> = ids
            .into_iter()
            .filter_map(|id| world.store.row(self.entity.index, id))
            .map(|row| row.values.clone())
            .collect();
        self.lines.fill(&rows);
        Ok(())
    }

    fn add_record(&self, machine: &mut Machine, word: &str) -> Outcome {
        let name = Name::new("ВидДвижения");
        if self.entity.role(Role::RecordType).is_none() {
            return Err(messages::no_method(if word == "Приход" {
                "ДобавитьПриход"
            } else {
                "ДобавитьРасход"
            }));
        }
        let line = self.lines.add();
        if let Value::Object(line) = &line {
            line.set(machine, &name, enum_value("ВидДвиженияНакопления", word))?;
        }
        Ok(line)
    }
}

impl Object for RecordSet {
    fn type_name(&self) -> TypeName {
        self.entity.object_type.clone()
    }

    fn is_filled(&self) -> bool {
        self.lines.len() > 0
    }

    fn trace(&self, tracer: &mut Tracer) {
        self.lines.trace(tracer);
        tracer.value(&self.additional);
    }

    fn instance(&self, machine: &mut Machine) -> Outcome<Option<Rc<Instance>>> {
        if let Some(instance) = self.instance.get() {
            return Ok(instance.clone());
        }
        let world = self.world()?;
        let this = self.me.upgrade().map(|set| Value::Object(set));
        let instance = match world.object_module(&self.entity) {
            Some(slot) => slot.load(machine, world.files.as_ref(), this)?,
            None => None,
        };
        let _ = self.instance.set(instance.clone());
        Ok(instance)
    }

    fn has_property(&self, name: &Name) -> bool {
        matches!(
            name.folded.as_ref(),
            "отбор"
                | "filter"
                | "записывать"
                | "write"
                | "дополнительныесвойства"
                | "additionalproperties"
                | "обменданными"
                | "dataexchange"
        )
    }

    fn has_method(&self, name: &Name) -> bool {
        matches!(
            name.folded.as_ref(),
            "записать"
                | "прочитать"
                | "read"
                | "добавить"
                | "add"
                | "количество"
                | "count"
                | "выгрузить"
                | "unload"
                | "загрузить"
                | "load"
                | "очистить"
                | "clear"
                | "получить"
                | "get"
                | "метаданные"
                | "metadata"
                | "итог"
                | "total"
                | "выгрузитьколонку"
                | "unloadcolumn"
                | "добавитьприход"
                | "addreceipt"
                | "добавитьрасход"
                | "addexpense"
        )
    }

    fn get(&self, machine: &mut Machine, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            "отбор" | "filter" => Value::object(Filter {
                entity: self.entity.clone(),
                values: self.filter.clone(),
                world: self.world.clone(),
            }),
            "записывать" | "write" => self.is_to_be_written.get().into(),
            "дополнительныесвойства" | "additionalproperties" => {
                self.additional.clone()
            }
            "обменданными" | "dataexchange" => Value::Object(self.exchange.clone()),
            _ => {
                let instance = self.instance(machine)?;
                let variable = instance.and_then(|instance| instance.variable(name));
                return variable.ok_or_else(|| messages::no_field(&name.shown));
            }
        })
    }

    fn set(&self, machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "записывать" | "write" => self.is_to_be_written.set(to_boolean(&value)?),
            _ => match self.instance(machine)? {
                Some(instance) if instance.set_variable(name, value) => {}
                _ => return Err(messages::no_field(&name.shown)),
            },
        }
        Ok(())
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "записать" | "write" => {
                arguments.expect(0, 1)?;
                let replaces = arguments.boolean_or(0, true)?;
                self.write(machine, replaces)?;
            }
            "прочитать" | "read" => self.read(machine)?,
            "добавитьприход" | "addreceipt" => return self.add_record(machine, "Приход"),
            "добавитьрасход" | "addexpense" => return self.add_record(machine, "Расход"),
            "метаданные" | "metadata" => return Ok(MetaObject::of(self.entity.clone())),
            "выбран" | "selected" | "модифицированность" | "modified" => {
                return Ok((self.lines.len() > 0).into());
            }
            _ => return self.lines.call(machine, name, arguments),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, machine: &mut Machine, index: &Value) -> Outcome {
        self.lines.get_index(machine, index)
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        self.lines.item(position)
    }
}

/// `Движения` of a document.
pub(crate) struct Movements {
    pub(crate) sets: Vec<Rc<RecordSet>>,
}

impl Object for Movements {
    fn type_name(&self) -> TypeName {
        TypeName::made("КоллекцияДвижений", "RegisterRecordsCollection")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let set = self.sets.iter().find(|set| set.entity.name == *name);
        set.map(|set| Value::Object(set.clone())).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn call(&self, machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "количество" | "count" => Ok(self.sets.len().into()),
            "записать" | "write" => {
                for set in self.sets.iter().filter(|set| set.is_to_be_written.get()) {
                    set.write(machine, true)?;
                    set.is_to_be_written.set(false);
                }
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.sets.get(position).map(|set| Value::Object(set.clone())))
    }
}
