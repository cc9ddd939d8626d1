//! `Граница` and `МоментВремени`: points between records; `БлокировкаДанных`, which never waits here.

use crate::arguments::Arguments;
use crate::date::Date;
use crate::failure::{Outcome, messages};
use crate::infobase::system_enums::enum_word;
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// A point of time with what else belongs to it: a kind of border, or a document.
pub(crate) struct Boundary {
    value: Value,
    /// `None` for a point of time.
    pub(crate) is_including: Option<bool>,
    document: Value,
}

impl Boundary {
    pub(crate) fn date(&self) -> Option<Date> {
        match &self.value {
            Value::Date(date) => Some(*date),
            value => value.downcast::<Self>()?.date(),
        }
    }
}

/// `Новый Граница(Дата, ВидГраницы.Включая)`
pub(crate) fn boundary(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(1, 2)?;
    let is_including = enum_word(&arguments.value(1)) != Some("Исключая");
    let value = arguments.value(0);
    Ok(Value::object(Boundary { value, is_including: Some(is_including), document: Value::Undefined }))
}

/// `Новый МоментВремени(Дата, Ссылка)`
pub(crate) fn point_in_time(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(1, 2)?;
    Ok(Value::object(Boundary {
        value: arguments.value(0),
        is_including: None,
        document: arguments.value(1),
    }))
}

impl Object for Boundary {
    fn type_name(&self) -> TypeName {
        match self.is_including {
            Some(_) => TypeName::made("Граница", "Boundary"),
            None => TypeName::made("МоментВремени", "PointInTime"),
        }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match (name.folded.as_ref(), self.is_including) {
            ("значение" | "value", Some(_)) | ("дата" | "date", None) => Ok(self.value.clone()),
            ("ссылка" | "ref", None) => Ok(self.document.clone()),
            _ => Err(messages::no_field(&name.shown)),
        }
    }
}

/// `БлокировкаДанных` and its elements: one session has nobody to wait for.
struct DataLock {
    is_element: bool,
}

pub(crate) fn data_lock(_: &mut Machine, _: &mut Arguments<'_>) -> Outcome {
    Ok(Value::object(DataLock { is_element: false }))
}

impl Object for DataLock {
    fn type_name(&self) -> TypeName {
        if self.is_element {
            TypeName::made("ЭлементБлокировкиДанных", "DataLockItem")
        } else {
            TypeName::made("БлокировкаДанных", "DataLock")
        }
    }

    fn set(&self, _machine: &mut Machine, name: &Name, _value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "режим" | "mode" | "источникданных" | "datasource" if self.is_element => {
                Ok(())
            }
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match (name.folded.as_ref(), self.is_element) {
            ("добавить" | "add", false) => Ok(Value::object(Self { is_element: true })),
            ("заблокировать" | "lock", false)
            | ("установитьзначение" | "setvalue", true)
            | ("использоватьизисточникаданных" | "usefromdatasource", true) => {
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
