//! Managers of registers.

use std::rc::Rc;

use metadata::ObjectKind;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role, is_register};
use crate::infobase::records::{RecordManager, RecordSet};
use crate::machine::Machine;
use crate::name::Name;
use crate::objects::Structure;
use crate::query::{Table, selection_of, value_table};
use crate::value::Value;

pub(super) fn is_method(entity: &Entity, name: &str) -> bool {
    let is_information = entity.kind == ObjectKind::InformationRegister;
    match name {
        "создатьнаборзаписей" | "createrecordset" | "выбрать" | "select" => {
            is_register(entity.kind)
        }
        "создатьменеджерзаписи" | "createrecordmanager" | "получить" | "get" => {
            is_information
        }
        "получитьпоследнее" | "getlast" | "срезпоследних" | "slicelast" => {
            is_information && entity.is_periodic
        }
        "остатки" | "balance" => entity.is_balance,
        "обороты" | "turnovers" => entity.kind == ObjectKind::AccumulationRegister,
        _ => false,
    }
}

pub(super) fn call(
    machine: &mut Machine,
    world: &Rc<World>,
    entity: &Rc<Entity>,
    name: &Name,
    arguments: &mut Arguments<'_>,
) -> Outcome<Option<Value>> {
    if !is_method(entity, &name.folded) {
        return Ok(None);
    }
    Ok(Some(match name.folded.as_ref() {
        "создатьнаборзаписей" | "createrecordset" => {
            Value::Object(RecordSet::new(world, entity))
        }
        "создатьменеджерзаписи" | "createrecordmanager" => {
            RecordManager::value(world, entity)
        }
        "выбрать" | "select" => {
            machine.clock.query();
            let source = world.entity_table(entity);
            let period = entity.role(Role::Period);
            let (from, to) = (arguments.value(0), arguments.value(1));
            let is_between = |row: &Rc<Vec<Value>>| {
                let Some(Value::Date(date)) = period.map(|place| &row[place]) else { return true };
                !matches!(from, Value::Date(from) if from.0 != 0 && *date < from)
                    && !matches!(to, Value::Date(to) if to.0 != 0 && *date > to)
            };
            let rows = filtered(entity, &source.rows, &arguments.value(2))?;
            let rows = rows.into_iter().filter(is_between).collect();
            let table = Table {
                columns: source.columns.clone(),
                other_names: source.other_names.clone(),
                rows,
                ..Table::default()
            };
            selection_of(Rc::new(table))
        }
        "получить" | "get" => {
            // A register without periods is asked by its dimensions alone.
            let filter = arguments.value(usize::from(entity.is_periodic));
            machine.clock.query();
            let mut rows = filtered(entity, &world.entity_table(entity).rows, &filter)?;
            if let Some(place) = entity.role(Role::Period) {
                let period = arguments.value(0);
                rows.retain(|row| row[place] == period);
            }
            resources(world, entity, rows.first())
        }
        "получитьпоследнее" | "getlast" => {
            let table = computed(machine, world, entity, "срезпоследних", arguments)?;
            resources(world, entity, table.rows.first())
        }
        "срезпоследних" | "slicelast" => {
            Value::object(value_table(&computed(machine, world, entity, "срезпоследних", arguments)?))
        }
        "остатки" | "balance" => {
            let mut table = computed(machine, world, entity, "остатки", arguments)?;
            // Managers name balances as the resources are named.
            let resources = entity.fields.iter().filter(|field| field.role == Role::Resource);
            let names: Vec<_> = resources.map(|field| field.name.clone()).collect();
            let first = table.columns.len() - names.len();
            table.columns.splice(first.., names);
            Value::object(value_table(&table))
        }
        _ => {
            let table = computed(machine, world, entity, "обороты", arguments)?;
            Value::object(value_table(&table))
        }
    }))
}

/// Rows whose fields have the values of a structure.
fn filtered(entity: &Entity, rows: &[Rc<Vec<Value>>], filter: &Value) -> Outcome<Vec<Rc<Vec<Value>>>> {
    let mut wanted = Vec::new();
    if let Some(structure) = filter.downcast::<Structure>() {
        for (name, value) in structure.fields() {
            let place = entity.field(&name).ok_or_else(|| messages::no_field(&name.shown))?;
            wanted.push((place, value));
        }
    }
    let fits = |row: &&Rc<Vec<Value>>| wanted.iter().all(|(place, value)| row[*place] == *value);
    Ok(rows.iter().filter(fits).cloned().collect())
}

/// A virtual table; the filter stands behind the borders of the period.
fn computed(
    machine: &mut Machine,
    world: &Rc<World>,
    entity: &Rc<Entity>,
    table: &str,
    arguments: &Arguments<'_>,
) -> Outcome<Table> {
    machine.clock.query();
    let Some(source) = world.virtual_source(entity, table) else { return Ok(Table::default()) };
    let borders = if table == "обороты" { 2 } else { 1 };
    let rows = filtered(entity, &source.records.rows, &arguments.value(borders))?;
    let values: Vec<Value> = (0..borders).map(|place| arguments.value(place)).collect();
    (source.compute)(&rows, &values, &|_| true)
}

/// Resources and attributes of a record; empty values if there is none.
fn resources(world: &World, entity: &Entity, row: Option<&Rc<Vec<Value>>>) -> Value {
    let fields = entity.fields.iter().enumerate();
    let fields = fields.filter(|(_, field)| matches!(field.role, Role::Resource | Role::Attribute));
    let value = |place: usize| match row {
        Some(row) => row[place].clone(),
        None => entity.fields[place].field_type.default_value(world),
    };
    Structure::of(fields.map(|(place, field)| (field.name.clone(), value(place))).collect())
}
