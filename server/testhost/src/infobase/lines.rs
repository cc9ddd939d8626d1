//! Lines of tabular sections and records of sets: a table of values whose columns have types and two names.

use std::rc::Rc;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Field, Role};
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::ValueTable;
use crate::objects::value_table::Shape;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) struct Lines {
    pub(crate) table: ValueTable,
    type_name: TypeName,
    defaults: Vec<Value>,
    /// The column that counts the lines.
    number: Option<usize>,
}

impl Lines {
    /// The lines of a tabular section.
    pub(crate) fn of_section(world: &Rc<World>, entity: &Entity, section: usize) -> Self {
        let (russian, english) = (entity.kind.name_ru(), entity.kind.name());
        let section = &entity.sections[section];
        let (owner, name) = (&entity.name.shown, &section.name.shown);
        let type_of = |russian_part: &str, english_part: &str| {
            TypeName::made(
                format!("{russian}{russian_part}.{owner}.{name}"),
                format!("{english}{english_part}.{owner}.{name}"),
            )
        };
        let row = type_of("ТабличнаяЧастьСтрока", "TabularSectionRow");
        Self::new(world, &section.fields, type_of("ТабличнаяЧасть", "TabularSection"), row)
    }

    /// The records of a register.
    pub(crate) fn of_register(world: &Rc<World>, entity: &Entity) -> Self {
        let (russian, english) = (entity.kind.name_ru(), entity.kind.name());
        let name = &entity.name.shown;
        let row = TypeName::made(format!("{russian}Запись.{name}"), format!("{english}Record.{name}"));
        Self::new(world, &entity.fields, entity.object_type.clone(), row)
    }

    fn new(world: &Rc<World>, fields: &[Field], type_name: TypeName, row_type: TypeName) -> Self {
        let table = ValueTable::with_columns(fields.iter().map(|field| field.name.shown.as_ref()));
        let types: Vec<_> = fields.iter().map(|field| field.field_type.clone()).collect();
        let weak = Rc::downgrade(world);
        let adjust = move |column: usize, value: Value| match (types.get(column), weak.upgrade()) {
            (Some(field_type), Some(world)) => field_type.adjusted(&world, value),
            _ => value,
        };
        table.set_shape(Shape {
            other_names: fields.iter().map(|field| field.other.clone()).collect(),
            row_type,
            adjust: Box::new(adjust),
        });
        let default = |field: &Field| match field.role {
            Role::Active => true.into(),
            _ => field.field_type.default_value(world),
        };
        let number = fields.iter().position(|field| field.role == Role::LineNumber);
        Self { table, type_name, defaults: fields.iter().map(default).collect(), number }
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// Adds a line with empty values.
    pub(crate) fn add(&self) -> Value {
        let mut values = self.defaults.clone();
        if let Some(number) = self.number {
            values[number] = Value::from(self.len() + 1);
        }
        self.table.push_row(values);
        self.table.last_row()
    }

    pub(crate) fn fill(&self, rows: &[Rc<Vec<Value>>]) {
        self.table.clear();
        for row in rows {
            self.table.push_row(row.as_ref().clone());
        }
    }

    /// Values of the lines, numbered.
    pub(crate) fn rows(&self) -> Vec<Rc<Vec<Value>>> {
        self.renumber();
        self.table.rows().into_iter().map(Rc::new).collect()
    }

    fn renumber(&self) {
        if let Some(number) = self.number {
            self.table.number_rows(number);
        }
    }

    fn load(&self, machine: &mut Machine, source: &Value) -> Outcome<()> {
        let (names, rows) = if let Some(table) = source.downcast::<ValueTable>() {
            (table.column_names(), table.rows())
        } else if let Some(lines) = source.downcast::<Self>() {
            (lines.table.column_names(), lines.table.rows())
        } else {
            return Err(messages::wrong_type(1));
        };
        self.table.clear();
        for row in rows {
            let line = self.add();
            let Value::Object(line) = &line else { continue };
            for (name, value) in names.iter().zip(row) {
                let column = self.table.column(name);
                if column.is_some() && column != self.number {
                    line.set(machine, name, value)?;
                }
            }
        }
        Ok(())
    }
}

impl Object for Lines {
    fn type_name(&self) -> TypeName {
        self.type_name.clone()
    }

    fn is_filled(&self) -> bool {
        self.len() > 0
    }

    fn trace(&self, tracer: &mut Tracer) {
        self.table.trace(tracer);
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "добавить" | "add" => {
                arguments.expect(0, 0)?;
                machine.check_size(self.len())?;
                return Ok(self.add());
            }
            "вставить" | "insert" => {
                let row = self.table.call(machine, name, arguments)?;
                self.table.fill_row(&row, &self.defaults);
                self.renumber();
                return Ok(row);
            }
            "выгрузить" | "unload" => {
                self.renumber();
                return self.table.call(machine, &Name::new("Скопировать"), arguments);
            }
            "выгрузитьколонки" | "unloadcolumns" => {
                return self.table.call(machine, &Name::new("СкопироватьКолонки"), arguments);
            }
            "загрузить" | "load" => self.load(machine, &arguments.value(0))?,
            "свернуть" | "groupby" => {
                let copy =
                    self.table.call(machine, &Name::new("Скопировать"), &mut Arguments::new(&mut []))?;
                if let Value::Object(table) = &copy {
                    table.call(machine, name, arguments)?;
                }
                self.load(machine, &copy)?;
            }
            "удалить" | "delete" | "сдвинуть" | "move" | "сортировать" | "sort" | "очистить" | "clear" =>
            {
                self.table.call(machine, name, arguments)?;
                self.renumber();
            }
            "количество"
            | "count"
            | "найти"
            | "find"
            | "найтистроки"
            | "findrows"
            | "итог"
            | "total"
            | "выгрузитьколонку"
            | "unloadcolumn"
            | "загрузитьколонку"
            | "loadcolumn"
            | "получить"
            | "get"
            | "индекс"
            | "indexof"
            | "заполнитьзначения"
            | "fillvalues" => {
                return self.table.call(machine, name, arguments);
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, machine: &mut Machine, index: &Value) -> Outcome {
        self.table.get_index(machine, index)
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        self.table.item(position)
    }
}

/// Lines of a tabular section that was read through a reference.
pub(crate) fn read_only_lines(
    world: &Rc<World>,
    entity: &Entity,
    section: usize,
    rows: &[Rc<Vec<Value>>],
) -> Value {
    let lines = Lines::of_section(world, entity, section);
    lines.fill(rows);
    Value::object(lines)
}
