//! Types and conversions.

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::machine::operators::{to_boolean, to_number};
use crate::name::Name;
use crate::types::TypeName;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("Строка", "String", 1, 1, |_, arguments| Ok(Value::Text(arguments.value(0).presentation()))),
    ("Число", "Number", 1, 1, |_, arguments| to_number(&arguments.value(0)).map(Value::Number)),
    ("Булево", "Boolean", 1, 1, |_, arguments| to_boolean(&arguments.value(0)).map(Value::Boolean)),
    ("Тип", "Type", 1, 1, type_by_name),
    ("ТипЗнч", "TypeOf", 1, 1, |_, arguments| Ok(Value::Type(arguments.value(0).type_name()))),
    ("ЗначениеЗаполнено", "ValueIsFilled", 1, 1, |_, arguments| {
        Ok(arguments.value(0).is_filled().into())
    }),
    ("Вычислить", "Eval", 1, 1, |machine, arguments| {
        let expression = arguments.text(0)?;
        machine.evaluate(&expression)
    }),
    ("ЗаполнитьЗначенияСвойств", "FillPropertyValues", 2, 4, fill_properties),
];

fn type_by_name(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let name = arguments.text(0)?;
    let known = TypeName::find(name.trim()).or_else(|| machine.host.type_name(name.trim()));
    // Types of metadata objects are known by their form only: `СправочникСсылка.Товары`.
    let made = || name.contains('.').then(|| TypeName::made(name.trim(), name.trim()));
    let found = known.or_else(made).ok_or_else(|| Failure::runtime(format!("Тип не определен ({name})")))?;
    Ok(Value::Type(found))
}

/// Copies properties of the same names; the third argument lists those that are wanted, the fourth the others.
fn fill_properties(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (target, source) = (arguments.value(0), arguments.value(1));
    let (Value::Object(target), Value::Object(source)) = (target, source) else {
        return Err(messages::wrong_type(1));
    };
    let wanted = name_list(&arguments.text_or(2, "")?);
    let excluded = name_list(&arguments.text_or(3, "")?);
    if !wanted.is_empty() {
        for name in wanted.into_iter().filter(|name| !excluded.contains(name)) {
            let value = source.get(machine, &name)?;
            target.set(machine, &name, value)?;
        }
        return Ok(Value::Undefined);
    }
    let is_wanted = |name: &Name| !excluded.contains(name) && target.is_writable(name);
    for name in target.property_names().into_iter().filter(is_wanted) {
        if source.property_names().contains(&name) {
            let value = source.get(machine, &name)?;
            target.set(machine, &name, value)?;
        }
    }
    Ok(Value::Undefined)
}

/// `"Имя, Другое"`
pub(crate) fn name_list(text: &str) -> Vec<Name> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Name::new).collect()
}
