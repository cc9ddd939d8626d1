//! Managers of catalogs, documents, enumerations, constants and processors.

use std::rc::Rc;

use metadata::ObjectKind;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::infobase::object::EntityObject;
use crate::infobase::reference::Reference;
use crate::infobase::store::Row;
use crate::machine::Machine;
use crate::name::Name;
use crate::objects::Structure;
use crate::objects::order::sort_by;
use crate::query::{Table, selection_of};
use crate::value::Value;

/// True for methods that the module of the manager may call without a dot.
pub(super) fn is_method(entity: &Entity, name: &str) -> bool {
    match name {
        "метаданные" | "metadata" => true,
        "пустаяссылка" | "emptyref" | "выбрать" | "select" => entity.has_references(),
        "создатьэлемент"
        | "createitem"
        | "создатьгруппу"
        | "createfolder"
        | "найтипокоду"
        | "findbycode"
        | "найтипонаименованию"
        | "findbydescription"
        | "найтипореквизиту"
        | "findbyattribute" => entity.role(Role::Description).is_some(),
        "создатьдокумент" | "createdocument" | "найтипономеру" | "findbynumber" => {
            entity.role(Role::Date).is_some()
        }
        "создать" | "create" => matches!(entity.kind, ObjectKind::DataProcessor | ObjectKind::Report),
        "получить" | "get" | "установить" | "set" => entity.kind == ObjectKind::Constant,
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
    if entity.kind == ObjectKind::Enum
        && let Some(value) = enum_method(world, entity, name, arguments)?
    {
        return Ok(Some(value));
    }
    if !is_method(entity, &name.folded) {
        return Ok(None);
    }
    Ok(Some(match name.folded.as_ref() {
        "создатьгруппу" | "createfolder" => {
            let object = EntityObject::new(world, entity);
            object.set_role(Role::IsFolder, true.into());
            Value::Object(object)
        }
        "создатьэлемент" | "createitem" | "создатьдокумент" | "createdocument" | "создать" | "create" =>
        {
            arguments.expect(0, 0)?;
            machine.charge((entity.fields.len() + entity.sections.len()) * size_of::<Value>());
            Value::Object(EntityObject::new(world, entity))
        }
        "пустаяссылка" | "emptyref" => world.reference(entity.index, 0),
        "найтипокоду" | "findbycode" | "найтипономеру" | "findbynumber" => {
            arguments.expect(1, 4)?;
            machine.count_query();
            let code = entity.role(Role::Code).map(|place| &entity.fields[place].field_type);
            let code = code.map(|code| code.adjusted(world, arguments.value(0))).unwrap_or_default();
            let table = world.store.tables[entity.index].borrow();
            world.reference(entity.index, table.find(&[code]).first().copied().unwrap_or(0))
        }
        "найтипонаименованию" | "findbydescription" => {
            arguments.expect(1, 4)?;
            find_by_description(machine, world, entity, arguments)?
        }
        "найтипореквизиту" | "findbyattribute" => {
            arguments.expect(2, 4)?;
            let name = Name::new(&arguments.text(0)?);
            let place = entity.field(&name).ok_or_else(|| messages::no_field(&name.shown))?;
            let wanted = arguments.value(1);
            find(machine, world, entity, |values| values[place] == wanted)
        }
        "выбрать" | "select" => select(machine, world, entity, arguments)?,
        "получить" | "get" => {
            machine.count_query();
            let stored = world.store.row(entity.index, 1).and_then(|row| row.values.first().cloned());
            match (stored, entity.fields.first()) {
                (Some(value), _) => value,
                (None, Some(field)) => field.field_type.default_value(world),
                (None, None) => Value::Undefined,
            }
        }
        "установить" | "set" => {
            arguments.expect(1, 1)?;
            machine.count_query();
            let value = arguments.value(0);
            let value = entity.fields.first().map(|field| field.field_type.adjusted(world, value));
            let row = Row { values: Rc::new(value.into_iter().collect()), sections: Vec::new() };
            world.store.put(entity.index, 1, Some(row));
            Value::Undefined
        }
        _ => return Ok(None),
    }))
}

fn enum_method(
    world: &Rc<World>,
    entity: &Entity,
    name: &Name,
    arguments: &Arguments<'_>,
) -> Outcome<Option<Value>> {
    Ok(Some(match name.folded.as_ref() {
        "количество" | "count" => entity.named_items.len().into(),
        "индекс" | "indexof" => {
            let value = arguments.value(0);
            let id = value.downcast::<Reference>().filter(|value| value.entity.index == entity.index);
            id.map_or(-1, |value| value.id as i64 - 1).into()
        }
        "получить" | "get" => {
            let place = usize::try_from(arguments.integer(0)?).unwrap_or(usize::MAX);
            if place >= entity.named_items.len() {
                return Err(messages::out_of_bounds());
            }
            world.reference(entity.index, place as u64 + 1)
        }
        _ => return Ok(None),
    }))
}

/// The first object whose values fit, else the empty reference.
fn find(machine: &mut Machine, world: &Rc<World>, entity: &Entity, fits: impl Fn(&[Value]) -> bool) -> Value {
    machine.count_query();
    let table = world.store.tables[entity.index].borrow();
    let found = table.rows().find(|(_, row)| fits(&row.values)).map_or(0, |(id, _)| id);
    world.reference(entity.index, found)
}

/// Equal without case; unless the second argument is true, a beginning is enough.
fn find_by_description(
    machine: &mut Machine,
    world: &Rc<World>,
    entity: &Entity,
    arguments: &Arguments<'_>,
) -> Outcome {
    let wanted = base::fold_case(&arguments.text(0)?).to_string();
    let is_exact = arguments.boolean_or(1, false)?;
    let Some(place) = entity.role(Role::Description) else { return Ok(Value::Undefined) };
    let description = |values: &[Value]| base::fold_case(&values[place].presentation()).to_string();
    let exact = find(machine, world, entity, |values| description(values) == wanted);
    if is_exact || exact.is_filled() {
        return Ok(exact);
    }
    Ok(find(machine, world, entity, |values| description(values).starts_with(&wanted)))
}

/// `Выбрать(Родитель, Владелец, Отбор, Порядок)` of catalogs, `Выбрать(Начало, Конец, Отбор, Порядок)` of documents.
fn select(machine: &mut Machine, world: &Rc<World>, entity: &Entity, arguments: &Arguments<'_>) -> Outcome {
    machine.count_query();
    let mut wanted: Vec<(usize, Value)> = Vec::new();
    let mut bounds = (None, None);
    let date = entity.role(Role::Date);
    if date.is_some() {
        bounds = (Some(arguments.value(0)), Some(arguments.value(1)));
    } else {
        for (argument, role) in [(0, Role::Parent), (1, Role::Owner)] {
            if arguments.value(argument).is_filled()
                && let Some(place) = entity.role(role)
            {
                wanted.push((place, arguments.value(argument)));
            }
        }
    }
    if let Some(filter) = arguments.value(2).downcast::<Structure>() {
        for (name, value) in filter.fields() {
            let place = entity.field(&name).ok_or_else(|| messages::no_field(&name.shown))?;
            wanted.push((place, value));
        }
    }
    let source = world.entity_table(entity);
    let is_between = |row: &[Value]| {
        let Some(date) = date.and_then(|place| row.get(place)) else { return true };
        let (Value::Date(date), (from, to)) = (date, &bounds) else { return true };
        let after = !matches!(from, Some(Value::Date(from)) if from.0 != 0 && date < from);
        after && !matches!(to, Some(Value::Date(to)) if to.0 != 0 && date > to)
    };
    let fits =
        |row: &&Rc<Vec<Value>>| is_between(row) && wanted.iter().all(|(place, value)| row[*place] == *value);
    let mut rows: Vec<_> = source.rows.iter().filter(fits).cloned().collect();
    let order = arguments.text_or(3, "")?;
    let mut words = order.split_whitespace();
    let field = words.next().map(Name::new).and_then(|name| entity.field(&name));
    let is_descending = words
        .next()
        .is_some_and(|word| ["убыв", "desc"].iter().any(|descending| base::same_name(descending, word)));
    if let Some(place) = field.or(date) {
        sort_by(&mut rows, |row| vec![(row[place].clone(), is_descending)]);
    }
    let table = Table {
        columns: source.columns.clone(),
        other_names: source.other_names.clone(),
        rows,
        ..Table::default()
    };
    Ok(selection_of(Rc::new(table)))
}
