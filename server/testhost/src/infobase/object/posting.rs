//! Posting of documents: their records in registers.

use std::rc::Rc;

use crate::failure::{Failure, Outcome};
use crate::infobase::World;
use crate::infobase::entity::Role;
use crate::infobase::object::{EntityObject, events};
use crate::machine::Machine;
use crate::value::Value;

impl EntityObject {
    pub(super) fn post(&self, machine: &mut Machine, mode: &Value, posting: &Value) -> Outcome<()> {
        let world = self.world()?;
        let was_posted = self.role_value(Role::Posted);
        let result = world.store.atomically(machine, |machine| {
            self.set_role(Role::Posted, true.into());
            self.write_within(machine, &world, mode, posting)?;
            self.clear_movements(machine, &world)?;
            let refusal = |object: &Self| {
                Failure::runtime(format!("Не удалось провести \"{}\"!", object.failed_name()))
            };
            self.vetoed_event(machine, events::POSTING, [posting.clone()], refusal)?;
            for set in self.movements.iter().filter(|set| set.is_to_be_written.get()) {
                set.write_of(machine, &self.role_value(Role::Reference))?;
                set.is_to_be_written.set(false);
            }
            Ok(())
        });
        if result.is_err() {
            self.set_role(Role::Posted, was_posted);
        }
        result
    }

    pub(super) fn undo_posting(&self, machine: &mut Machine, mode: &Value, posting: &Value) -> Outcome<()> {
        let world = self.world()?;
        let was_posted = self.role_value(Role::Posted);
        let result = world.store.atomically(machine, |machine| {
            self.set_role(Role::Posted, false.into());
            self.write_within(machine, &world, mode, posting)?;
            self.clear_movements(machine, &world)?;
            self.vetoed_event(machine, events::UNDO_POSTING, [], |object| {
                let name = object.failed_name();
                Failure::runtime(format!("Не удалось отменить проведение \"{name}\"!"))
            })
        });
        if result.is_err() {
            self.set_role(Role::Posted, was_posted);
        }
        result
    }

    /// Records of an earlier posting go before the new ones come.
    fn clear_movements(&self, machine: &mut Machine, world: &Rc<World>) -> Outcome<()> {
        let reference = self.role_value(Role::Reference);
        for set in &self.movements {
            if world.has_records(&set.entity, &reference) {
                set.clear_of(machine, &reference)?;
            }
        }
        Ok(())
    }
}
