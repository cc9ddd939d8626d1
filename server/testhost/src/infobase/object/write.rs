//! Writing, reading again and deleting objects.

use std::rc::Rc;

use metadata::ObjectKind;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome};
use crate::infobase::World;
use crate::infobase::entity::Role;
use crate::infobase::object::{EntityObject, events};
use crate::infobase::store::Row;
use crate::infobase::system_enums::{enum_value, enum_word};
use crate::machine::Machine;
use crate::machine::operators::to_number;
use crate::value::Value;

impl EntityObject {
    pub(super) fn write_as_told(&self, machine: &mut Machine, arguments: &Arguments<'_>) -> Outcome<()> {
        if self.entity.kind != ObjectKind::Document {
            arguments.expect(0, 0)?;
            return self.write_plain(machine);
        }
        arguments.expect(0, 2)?;
        let mode = if arguments.is_given(0) {
            arguments.value(0)
        } else {
            enum_value("РежимЗаписиДокумента", "Запись")
        };
        let posting = if arguments.is_given(1) {
            arguments.value(1)
        } else {
            enum_value("РежимПроведенияДокумента", "Неоперативный")
        };
        match enum_word(&mode) {
            Some("Запись") => self.write_document(machine, &mode, &posting),
            Some("Проведение") => self.post(machine, &mode, &posting),
            Some("ОтменаПроведения") => self.undo_posting(machine, &mode, &posting),
            _ => Err(crate::failure::messages::wrong_value(1)),
        }
    }

    /// Writes without a change of the posting.
    pub(super) fn write_plain(&self, machine: &mut Machine) -> Outcome<()> {
        if self.entity.kind == ObjectKind::Document {
            let mode = enum_value("РежимЗаписиДокумента", "Запись");
            let posting = enum_value("РежимПроведенияДокумента", "Неоперативный");
            return self.write_document(machine, &mode, &posting);
        }
        let world = self.world()?;
        world.store.atomically(machine, |machine| {
            self.vetoed_event(machine, events::BEFORE_WRITE, [], Self::not_written)?;
            self.store(machine, &world)?;
            self.vetoed_event(machine, events::ON_WRITE, [], Self::not_written)
        })
    }

    fn write_document(&self, machine: &mut Machine, mode: &Value, posting: &Value) -> Outcome<()> {
        let world = self.world()?;
        world.store.atomically(machine, |machine| self.write_within(machine, &world, mode, posting))
    }

    /// Writes a document inside of a transaction.
    pub(super) fn write_within(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        mode: &Value,
        posting: &Value,
    ) -> Outcome<()> {
        let modes = [mode.clone(), posting.clone()];
        self.vetoed_event(machine, events::BEFORE_WRITE, modes, Self::not_written)?;
        self.store(machine, world)?;
        self.vetoed_event(machine, events::ON_WRITE, [], Self::not_written)
    }

    pub(super) fn not_written(&self) -> Box<Failure> {
        Failure::runtime(format!("Не удалось записать: \"{}\"!", self.failed_name()))
    }

    pub(super) fn failed_name(&self) -> String {
        let name = crate::object::Object::presentation(self);
        if name.trim().is_empty() { self.entity.synonym.to_string() } else { name }
    }

    /// Puts the values into the table.
    pub(super) fn store(&self, machine: &mut Machine, world: &World) -> Outcome<()> {
        machine.count_query();
        if self.entity.kind == ObjectKind::Document && !self.role_value(Role::Date).is_filled() {
            return Err(Failure::runtime("Не указана дата документа"));
        }
        if self.entity.code_length > 0 && !self.role_value(Role::Code).is_filled() {
            self.set_new_code("")?;
        }
        let table = self.entity.index;
        let code = self.role_value(Role::Code);
        if self.entity.is_code_unique && self.entity.kind != ObjectKind::Document && code.is_filled() {
            let tables = world.store.tables[table].borrow();
            if tables.find(std::slice::from_ref(&code)).iter().any(|id| *id != self.id.get()) {
                let place = self.entity.role(Role::Code).unwrap_or_default();
                let name = &self.entity.fields[place].name.shown;
                return Err(Failure::runtime(format!("Значение поля \"{name}\" не уникально")));
            }
        }
        if self.id.get() == 0 {
            self.id.set(world.store.tables[table].borrow_mut().new_id());
        }
        self.set_role(Role::Reference, world.reference(table, self.id.get()));
        world.store.tables[table].borrow_mut().note_code(&code);
        machine.charge(self.entity.fields.len() * size_of::<Value>() * 2);
        let row = Row {
            values: Rc::new(self.values.borrow().clone()),
            sections: self.sections.iter().map(|lines| lines.rows()).collect(),
        };
        world.store.put(table, self.id.get(), Some(row));
        Ok(())
    }

    /// The next number of the table, with zeros in front.
    pub(super) fn set_new_code(&self, prefix: &str) -> Outcome<()> {
        let world = self.world()?;
        let Some(place) = self.entity.role(Role::Code) else { return Ok(()) };
        let mut table = world.store.tables[self.entity.index].borrow_mut();
        let mut number = table.last_code;
        let is_number =
            self.entity.fields[place].field_type.kinds == [crate::infobase::field_type::TypeKind::Number];
        let code = loop {
            number += 1;
            let code: Value = if is_number {
                number.into()
            } else {
                let width = self.entity.code_length.saturating_sub(prefix.chars().count());
                format!("{prefix}{number:0width$}").into()
            };
            if table.find(std::slice::from_ref(&code)).is_empty() {
                break code;
            }
        };
        table.last_code = number;
        drop(table);
        self.values.borrow_mut()[place] = code;
        Ok(())
    }

    pub(super) fn reread(&self, machine: &mut Machine) -> Outcome<()> {
        machine.count_query();
        let row = self.world()?.store.row(self.entity.index, self.id.get());
        let row = row.ok_or_else(|| Failure::runtime("Объект не найден"))?;
        self.values.replace(row.values.as_ref().clone());
        for (lines, rows) in self.sections.iter().zip(&row.sections) {
            lines.fill(rows);
        }
        Ok(())
    }

    pub(super) fn delete(&self, machine: &mut Machine) -> Outcome<()> {
        let world = self.world()?;
        world.store.atomically(machine, |machine| {
            let refusal = |object: &Self| {
                Failure::runtime(format!("Не удалось удалить: \"{}\"!", object.failed_name()))
            };
            self.vetoed_event(machine, events::BEFORE_DELETE, [], refusal)?;
            machine.count_query();
            for set in &self.movements {
                set.clear_of(machine, &self.role_value(Role::Reference))?;
            }
            world.store.put(self.entity.index, self.id.get(), None);
            Ok(())
        })
    }
}

impl crate::infobase::store::DataTable {
    /// Remembers the number that a code ends with, so that new codes follow it.
    fn note_code(&mut self, code: &Value) {
        let digits = match code {
            Value::Text(text) => {
                let start = text
                    .rfind(|letter: char| !letter.is_ascii_digit())
                    .map_or(0, |place| place + text[place..].chars().next().map_or(1, char::len_utf8));
                text[start..].parse().ok()
            }
            value => to_number(value).ok().and_then(crate::number::Number::to_i64),
        };
        if let Some(number) = digits
            && number > self.last_code
        {
            self.last_code = number;
        }
    }
}
