//! Arguments of a call: JSON, or an expression of the language.

use testhost::{Array, Failure, FailureKind, Machine, Name, Number, Structure, Value};

/// `10`, `"text"`, `{"Имя": [1, 2]}`, `'20260101'`, `Справочники.Товары.Доставка`.
pub(super) fn parse(machine: &mut Machine, text: &str) -> Result<Value, Box<Failure>> {
    match serde_json::from_str(text) {
        Ok(json) => Ok(of_json(&json)),
        Err(_) => expression(machine, text),
    }
}

fn of_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Undefined,
        serde_json::Value::Bool(value) => (*value).into(),
        serde_json::Value::Number(number) => {
            Number::parse(&number.to_string()).map_or(Value::Undefined, Value::Number)
        }
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(items) => Array::of(items.iter().map(of_json).collect()),
        serde_json::Value::Object(fields) => {
            Structure::of(fields.iter().map(|(name, value)| (Name::new(name), of_json(value))).collect())
        }
    }
}

fn expression(machine: &mut Machine, text: &str) -> Result<Value, Box<Failure>> {
    let code = format!("Функция Аргумент() Экспорт\nВозврат {text}\n;\nКонецФункции");
    let refused = |message: String| Failure::new(FailureKind::Syntax, format!("{text}: {message}"));
    let module = machine.compile("argument", &code, None).map_err(|error| refused(error.message))?;
    let instance = std::rc::Rc::new(testhost::Instance::new(module, None));
    machine.call(&instance, "Аргумент", Vec::new())
}
