//! What queries read: tables of objects, tabular sections and registers, predefined values.

use std::rc::Rc;

use metadata::ObjectKind;

use crate::infobase::World;
use crate::infobase::entity::{Entity, Field};
use crate::infobase::system_enums;
use crate::machine::Tracer;
use crate::name::Name;
use crate::query::{Database, Table, VirtualTable};
use crate::value::Value;

impl World {
    /// The entity of `справочник.товары` with what follows.
    fn entity_of<'p>(&self, path: &'p [String]) -> Option<(&Rc<Entity>, &'p [String])> {
        let [kind, name, rest @ ..] = path else { return None };
        let number = self.number(ObjectKind::from_name(kind)?, name)?;
        Some((&self.entities[number], rest))
    }

    pub(crate) fn entity_table(&self, entity: &Entity) -> Rc<Table> {
        self.store.tables[entity.index].borrow_mut().read(None, |data| Table {
            columns: names(&entity.fields),
            other_names: entity.fields.iter().map(|field| field.other.clone()).collect(),
            rows: data.rows().map(|(_, row)| row.values.clone()).collect(),
            ..Table::default()
        })
    }

    /// Lines of all objects; the reference to the object stands first.
    fn section_table(&self, entity: &Entity, section: usize) -> Rc<Table> {
        let fields = &entity.sections[section].fields;
        self.store.tables[entity.index].borrow_mut().read(Some(section), |data| {
            let mut rows = Vec::new();
            for (_, row) in data.rows() {
                let reference = row.values.first().cloned().unwrap_or_default();
                for line in row.sections.get(section).into_iter().flatten() {
                    let mut values = vec![reference.clone()];
                    values.extend(line.iter().cloned());
                    rows.push(Rc::new(values));
                }
            }
            let first = entity.fields.first();
            let columns = first.map(|field| field.name.clone()).into_iter().chain(names(fields));
            let others = first.map(|field| field.other.clone()).into_iter();
            Table {
                columns: columns.collect(),
                other_names: others.chain(fields.iter().map(|field| field.other.clone())).collect(),
                rows,
                ..Table::default()
            }
        })
    }

    fn constant_value(&self, entity: &Entity) -> Value {
        let stored = self.store.row(entity.index, 1).and_then(|row| row.values.first().cloned());
        stored.unwrap_or_else(|| {
            entity.fields.first().map(|field| field.field_type.default_value(self)).unwrap_or_default()
        })
    }

    /// `Константы`: one row with all of them.
    fn constants(&self) -> Rc<Table> {
        let constants: Vec<_> =
            self.entities.iter().filter(|entity| entity.kind == ObjectKind::Constant).collect();
        let row = constants.iter().map(|entity| self.constant_value(entity)).collect();
        Rc::new(Table {
            columns: constants.iter().map(|entity| entity.name.clone()).collect(),
            rows: vec![Rc::new(row)],
            ..Table::default()
        })
    }
}

fn names(fields: &[Field]) -> Vec<Name> {
    fields.iter().map(|field| field.name.clone()).collect()
}

impl Database for World {
    fn table(&self, path: &[String]) -> Option<Rc<Table>> {
        if let [only] = path {
            return matches!(only.as_str(), "константы" | "constants").then(|| self.constants());
        }
        let (entity, rest) = self.entity_of(path)?;
        match rest {
            [] if entity.kind == ObjectKind::Constant => Some(Rc::new(Table {
                columns: names(&entity.fields),
                other_names: entity.fields.iter().map(|field| field.other.clone()).collect(),
                rows: vec![Rc::new(vec![self.constant_value(entity)])],
                ..Table::default()
            })),
            [] => Some(self.entity_table(entity)),
            [section] => {
                entity.section(&Name::new(section)).map(|section| self.section_table(entity, section))
            }
            _ => None,
        }
    }

    fn constant(&self, path: &[String]) -> Option<Value> {
        if let [list, word] = path {
            return system_enums::find(list, word);
        }
        let (entity, rest) = self.entity_of(path)?;
        let [name] = rest else { return None };
        if matches!(name.as_str(), "пустаяссылка" | "emptyref") {
            return entity.has_references().then(|| self.reference(entity.index, 0));
        }
        let name = Name::new(name);
        let place = entity.named_items.iter().position(|item| item.name == name)?;
        Some(self.reference(entity.index, place as u64 + 1))
    }

    fn is_missing(&self, path: &[String]) -> bool {
        let [kind, name, ..] = path else { return false };
        let kind = ObjectKind::from_name(kind);
        self.unsupported.iter().any(|(known, folded)| Some(*known) == kind && folded.as_ref() == name)
    }

    fn trace(&self, tracer: &mut Tracer) {
        for table in &self.store.tables {
            let Ok(table) = table.try_borrow() else { continue };
            for (_, row) in table.rows() {
                let lines = row.sections.iter().flatten();
                for values in std::iter::once(&row.values).chain(lines) {
                    tracer.block(Rc::as_ptr(values).addr(), 0);
                    tracer.values(values.iter());
                }
            }
        }
    }

    fn virtual_table(&self, path: &[String]) -> Option<VirtualTable> {
        let (entity, rest) = self.entity_of(path)?;
        let [name] = rest else { return None };
        self.virtual_source(entity, name)
    }
}
