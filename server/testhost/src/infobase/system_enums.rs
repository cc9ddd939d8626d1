//! Enumerations of the platform that data needs: modes of writing, kinds of records, borders.

use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

type Words = &'static [[&'static str; 2]];

/// Names of the enumerations and of their values, in both languages.
const ENUMS: &[([&str; 2], Words)] = &[
    (
        ["РежимЗаписиДокумента", "DocumentWriteMode"],
        &[["Запись", "Write"], ["Проведение", "Posting"], ["ОтменаПроведения", "UndoPosting"]],
    ),
    (
        ["РежимПроведенияДокумента", "DocumentPostingMode"],
        &[["Неоперативный", "Regular"], ["Оперативный", "RealTime"]],
    ),
    (["ВидДвиженияНакопления", "AccumulationRecordType"], &[["Приход", "Receipt"], ["Расход", "Expense"]]),
    (["ВидГраницы", "BoundaryType"], &[["Включая", "Including"], ["Исключая", "Excluding"]]),
    (
        ["РежимБлокировкиДанных", "DataLockMode"],
        &[["Исключительный", "Exclusive"], ["Разделяемый", "Shared"]],
    ),
    (
        ["РежимУправленияБлокировкойДанных", "DataLockControlMode"],
        &[["Автоматический", "Automatic"], ["Управляемый", "Managed"]],
    ),
];

/// An enumeration as a property of the global context.
struct SystemEnum(usize);

/// One of its values.
struct SystemValue {
    list: usize,
    place: usize,
}

/// All enumerations with their names.
pub(crate) fn properties() -> impl Iterator<Item = (&'static str, Value)> {
    ENUMS
        .iter()
        .enumerate()
        .flat_map(|(list, (names, _))| names.iter().map(move |name| (*name, Value::object(SystemEnum(list)))))
}

/// A value by its Russian names, which have to exist.
pub(crate) fn enum_value(list: &str, word: &str) -> Value {
    find(list, word).unwrap_or_default()
}

/// `ЗНАЧЕНИЕ(ВидДвиженияНакопления.Приход)`; names in either language, without case.
pub(crate) fn find(list: &str, word: &str) -> Option<Value> {
    let is = |names: &[&str; 2], text: &str| names.iter().any(|name| base::same_name(name, text));
    let list = ENUMS.iter().position(|(names, _)| is(names, list))?;
    let place = ENUMS[list].1.iter().position(|names| is(names, word))?;
    Some(Value::object(SystemValue { list, place }))
}

/// The Russian name of a value.
pub(crate) fn enum_word(value: &Value) -> Option<&'static str> {
    let value = value.downcast::<SystemValue>()?;
    Some(ENUMS[value.list].1[value.place][0])
}

impl Object for SystemEnum {
    fn type_name(&self) -> TypeName {
        let [russian, english] = ENUMS[self.0].0;
        TypeName::made(russian, english)
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        find(ENUMS[self.0].0[0], &name.shown).ok_or_else(|| messages::no_field(&name.shown))
    }
}

impl Object for SystemValue {
    fn type_name(&self) -> TypeName {
        let [russian, english] = ENUMS[self.list].0;
        TypeName::made(russian, english)
    }

    fn presentation(&self) -> String {
        ENUMS[self.list].1[self.place][0].to_owned()
    }

    fn key(&self) -> Option<String> {
        Some(format!("{}.{}", ENUMS[self.list].0[0], self.place))
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        self.key() == other.key()
    }
}
