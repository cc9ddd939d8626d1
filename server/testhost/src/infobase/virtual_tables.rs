//! Balances, turnovers and slices of registers.

use std::rc::Rc;

use metadata::ObjectKind;
use rustc_hash::FxHashMap;

use crate::date::Date;
use crate::failure::{Failure, Outcome};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::infobase::points::Boundary;
use crate::infobase::system_enums::enum_word;
use crate::name::Name;
use crate::number::Number;
use crate::query::{IsUsed, Table, VirtualTable, period_border};
use crate::value::Value;

type Rows = [Rc<Vec<Value>>];

impl World {
    /// A virtual table of a register by its name in lower case.
    pub(crate) fn virtual_source(&self, entity: &Rc<Entity>, name: &str) -> Option<VirtualTable> {
        let records = self.entity_table(entity);
        let register = entity.clone();
        let is_accumulation = entity.kind == ObjectKind::AccumulationRegister;
        let is_slices = entity.kind == ObjectKind::InformationRegister && entity.is_periodic;
        let made = |condition, compute| Some(VirtualTable { records, condition, compute });
        match name {
            "срезпоследних" | "slicelast" if is_slices => {
                made(1, Rc::new(move |rows, values, _| slice(&register, rows, values, true)))
            }
            "срезпервых" | "slicefirst" if is_slices => {
                made(1, Rc::new(move |rows, values, _| slice(&register, rows, values, false)))
            }
            "остатки" | "balance" if entity.is_balance => {
                made(1, Rc::new(move |rows, values, used| balance(&register, rows, values, used)))
            }
            "обороты" | "turnovers" if is_accumulation => {
                made(3, Rc::new(move |rows, values, used| turnovers(&register, rows, values, used)))
            }
            "остаткииобороты" | "balanceandturnovers" if entity.is_balance => made(
                4,
                Rc::new(move |rows, values, used| balance_and_turnovers(&register, rows, values, used)),
            ),
            _ => None,
        }
    }
}

/// A border of time: a date, with or without the records of that very second.
fn border(value: Option<&Value>, is_including: bool) -> Option<(Date, bool)> {
    match value? {
        Value::Date(date) if date.0 != 0 => Some((*date, is_including)),
        value => {
            let boundary = value.downcast::<Boundary>()?;
            Some((boundary.date()?, boundary.is_including.unwrap_or(is_including)))
        }
    }
}

fn is_before(date: Date, border: Option<(Date, bool)>) -> bool {
    border.is_none_or(|(border, is_including)| date < border || (is_including && date == border))
}

fn date_of(entity: &Entity, row: &[Value]) -> Date {
    match entity.role(Role::Period).and_then(|place| row.get(place)) {
        Some(Value::Date(date)) => *date,
        _ => Date::EMPTY,
    }
}

fn is_active(entity: &Entity, row: &[Value]) -> bool {
    entity.role(Role::Active).is_none_or(|place| row[place] != Value::Boolean(false))
}

fn places(entity: &Entity, role: Role) -> Vec<usize> {
    (0..entity.fields.len()).filter(|place| entity.fields[*place].role == role).collect()
}

/// The last or the first record of each set of dimensions.
fn slice(entity: &Entity, rows: &Rows, values: &[Value], is_last: bool) -> Outcome<Table> {
    let until = border(values.first(), true);
    let dimensions = places(entity, Role::Dimension);
    let mut chosen: FxHashMap<Vec<Value>, usize> = FxHashMap::default();
    let mut found: Vec<Rc<Vec<Value>>> = Vec::new();
    for row in rows.iter().filter(|row| is_active(entity, row)) {
        let date = date_of(entity, row);
        let is_inside = if is_last {
            is_before(date, until)
        } else {
            until.is_none_or(|(from, is_including)| date > from || (is_including && date == from))
        };
        if !is_inside {
            continue;
        }
        let key = dimensions.iter().map(|place| row[*place].clone()).collect();
        match chosen.get(&key) {
            None => {
                chosen.insert(key, found.len());
                found.push(row.clone());
            }
            Some(place) => {
                let known = date_of(entity, &found[*place]);
                if if is_last { date >= known } else { date < known } {
                    found[*place] = row.clone();
                }
            }
        }
    }
    Ok(Table {
        columns: entity.fields.iter().map(|field| field.name.clone()).collect(),
        other_names: entity.fields.iter().map(|field| field.other.clone()).collect(),
        rows: found,
        ..Table::default()
    })
}

/// A column of each resource: how its name ends in both languages, and its value.
type Ending = ([&'static str; 2], fn(&Sums) -> Outcome<Number>);

/// Sums of one group, for each resource.
#[derive(Clone, Copy, Debug)]
struct Sums {
    opening: Number,
    receipt: Number,
    expense: Number,
}

const NOTHING: Sums = Sums { opening: Number::ZERO, receipt: Number::ZERO, expense: Number::ZERO };

/// Groups in the order in which they were met.
struct Groups {
    dimensions: Vec<usize>,
    resources: Vec<usize>,
    places: FxHashMap<Vec<Value>, usize>,
    list: Vec<(Vec<Value>, Vec<Sums>)>,
}

impl Groups {
    fn new(entity: &Entity, is_used: IsUsed<'_>) -> Self {
        let mut dimensions = places(entity, Role::Dimension);
        dimensions.retain(|place| {
            let field = &entity.fields[*place];
            is_used(&field.name) || is_used(&field.other)
        });
        Self {
            dimensions,
            resources: places(entity, Role::Resource),
            places: FxHashMap::default(),
            list: Vec::new(),
        }
    }

    fn add(
        &mut self,
        period: Option<Value>,
        row: &[Value],
        change: impl Fn(&mut Sums, Number) -> Outcome<()>,
    ) -> Outcome<()> {
        let key: Vec<Value> =
            period.into_iter().chain(self.dimensions.iter().map(|place| row[*place].clone())).collect();
        let place = *self.places.entry(key.clone()).or_insert_with(|| {
            self.list.push((key, vec![NOTHING; self.resources.len()]));
            self.list.len() - 1
        });
        for (resource, sums) in self.resources.iter().zip(&mut self.list[place].1) {
            if let Value::Number(number) = row[*resource] {
                change(sums, number)?;
            }
        }
        Ok(())
    }

    /// A table of the groups in which something is not zero.
    fn table(self, entity: &Entity, has_period: bool, endings: &[Ending]) -> Outcome<Table> {
        let (mut columns, mut other_names) = (Vec::new(), Vec::new());
        let is_english = entity.fields.first().is_some_and(|field| field.name.shown.is_ascii());
        if has_period {
            let place = entity.role(Role::Period).unwrap_or_default();
            columns.push(entity.fields[place].name.clone());
            other_names.push(entity.fields[place].other.clone());
        }
        for place in &self.dimensions {
            columns.push(entity.fields[*place].name.clone());
            other_names.push(entity.fields[*place].other.clone());
        }
        for place in &self.resources {
            for ([russian, english], _) in endings {
                let named =
                    |ending: &str| Name::new(&format!("{}{ending}", entity.fields[*place].name.shown));
                let (name, other) = (named(russian), named(english));
                columns.push(if is_english { other.clone() } else { name.clone() });
                other_names.push(if is_english { name } else { other });
            }
        }
        let mut rows = Vec::new();
        for (key, sums) in self.list {
            let mut row = key;
            let mut is_zero = true;
            for sums in &sums {
                is_zero &= sums.opening.is_zero() && sums.receipt.is_zero() && sums.expense.is_zero();
                for (_, value) in endings {
                    let value = value(sums)?;
                    row.push(value.into());
                }
            }
            let is_balance = endings.len() == 1 && endings[0].0[0] == "Остаток";
            let is_balanced =
                is_balance && row.iter().rev().take(self.resources.len()).all(|value| !value.is_filled());
            if !is_zero && !is_balanced {
                rows.push(Rc::new(row));
            }
        }
        Ok(Table { columns, other_names, rows, ..Table::default() })
    }
}

fn is_expense(entity: &Entity, row: &[Value]) -> bool {
    let kind = entity.role(Role::RecordType).and_then(|place| enum_word(&row[place]));
    kind == Some("Расход")
}

fn closing(sums: &Sums) -> Outcome<Number> {
    Ok(sums.opening.plus(sums.receipt)?.subtract(sums.expense)?)
}

fn turnover(sums: &Sums) -> Outcome<Number> {
    Ok(sums.receipt.subtract(sums.expense)?)
}

fn receipt(sums: &Sums) -> Outcome<Number> {
    Ok(sums.receipt)
}

fn expense(sums: &Sums) -> Outcome<Number> {
    Ok(sums.expense)
}

fn opening(sums: &Sums) -> Outcome<Number> {
    Ok(sums.opening)
}

/// Adds a record to the receipts or to the expenses.
fn moved(is_expense: bool) -> impl Fn(&mut Sums, Number) -> Outcome<()> {
    move |sums, number| {
        let sum = if is_expense { &mut sums.expense } else { &mut sums.receipt };
        *sum = sum.plus(number)?;
        Ok(())
    }
}

fn balance(entity: &Entity, rows: &Rows, values: &[Value], is_used: IsUsed<'_>) -> Outcome<Table> {
    let until = border(values.first(), false);
    let mut groups = Groups::new(entity, is_used);
    for row in rows.iter().filter(|row| is_active(entity, row) && is_before(date_of(entity, row), until)) {
        groups.add(None, row, moved(is_expense(entity, row)))?;
    }
    groups.table(entity, false, &[(["Остаток", "Balance"], closing)])
}

fn turnovers(entity: &Entity, rows: &Rows, values: &[Value], is_used: IsUsed<'_>) -> Outcome<Table> {
    let (from, to) = (border(values.first(), false), border(values.get(1), true));
    let unit = periodicity(values.get(2))?;
    let mut groups = Groups::new(entity, is_used);
    for row in rows.iter().filter(|row| is_active(entity, row)) {
        let date = date_of(entity, row);
        if (from.is_some() && is_before(date, from)) || !is_before(date, to) {
            continue;
        }
        let period = unit.as_ref().map(|unit| period_border(date, unit, false)).transpose()?;
        groups.add(period, row, moved(is_expense(entity, row)))?;
    }
    let all: [Ending; 3] = [
        (["Оборот", "Turnover"], turnover),
        (["Приход", "Receipt"], receipt),
        (["Расход", "Expense"], expense),
    ];
    groups.table(entity, unit.is_some(), if entity.is_balance { &all } else { &all[..1] })
}

fn periodicity(value: Option<&Value>) -> Outcome<Option<Rc<str>>> {
    match value {
        None | Some(Value::Undefined) => Ok(None),
        Some(value) => {
            let word = value.presentation();
            match base::fold_case(&word).as_ref() {
                "период" | "period" => Ok(None),
                "регистратор" | "recorder" | "запись" | "record" | "авто" | "auto" => {
                    Err(Failure::unsupported(format!("периодичность виртуальной таблицы {word}")))
                }
                _ => Ok(Some(word)),
            }
        }
    }
}

fn balance_and_turnovers(
    entity: &Entity,
    rows: &Rows,
    values: &[Value],
    is_used: IsUsed<'_>,
) -> Outcome<Table> {
    let (from, to) = (border(values.first(), false), border(values.get(1), true));
    if periodicity(values.get(2))?.is_some() {
        return Err(Failure::unsupported("ОстаткиИОбороты с периодичностью"));
    }
    let mut groups = Groups::new(entity, is_used);
    for row in rows.iter().filter(|row| is_active(entity, row)) {
        let date = date_of(entity, row);
        let is_expense = is_expense(entity, row);
        if from.is_some() && is_before(date, from) {
            groups.add(None, row, |sums, number| {
                sums.opening =
                    if is_expense { sums.opening.subtract(number)? } else { sums.opening.plus(number)? };
                Ok(())
            })?;
        } else if is_before(date, to) {
            groups.add(None, row, moved(is_expense))?;
        }
    }
    groups.table(
        entity,
        false,
        &[
            (["НачальныйОстаток", "OpeningBalance"], opening),
            (["Приход", "Receipt"], receipt),
            (["Расход", "Expense"], expense),
            (["Оборот", "Turnover"], turnover),
            (["КонечныйОстаток", "ClosingBalance"], closing),
        ],
    )
}
