//! The JSON form: numbers may be strings, arrays of types stand beside arrays of values.

use serde_json::Value;

use super::{MeasuredLine, MeasuredModule, nanoseconds};
use crate::interchange::{ReadError, json_error};

pub(super) fn read(bytes: &[u8]) -> Result<Vec<MeasuredModule>, ReadError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| json_error(&error))?;
    let mut modules = Vec::new();
    collect(&value, &mut modules);
    Ok(modules)
}

/// Looks for members `measure` wherever they are; the reader of JSON bounds the depth.
fn collect(value: &Value, modules: &mut Vec<MeasuredModule>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, modules)),
        Value::Object(members) => {
            for (name, member) in members {
                if name == "measure" {
                    modules.extend(
                        list(member, "moduleData")
                            .map(|data| module(data, number(member, "performanceFrequency"))),
                    );
                } else {
                    collect(member, modules);
                }
            }
        }
        _ => {}
    }
}

fn module(data: &Value, frequency: f64) -> MeasuredModule {
    let id = &data["moduleID"];
    let text = |name: &str| id[name].as_str().unwrap_or_default().to_owned();
    let line = |info: &Value| MeasuredLine {
        line: number(info, "lineNo") as u32,
        count: number(info, "frequency") as u64,
        total_ns: nanoseconds(number(info, "durability"), frequency),
        own_ns: nanoseconds(number(info, "pureDurability"), frequency),
        calls_server: number(info, "serverCallSignal") != 0.0,
    };
    MeasuredModule {
        object: text("objectID"),
        property: text("propertyID"),
        extension: text("extensionName"),
        lines: list(data, "lineInfo").map(line).filter(|line| line.line > 0).collect(),
    }
}

/// An array, or a single value in its place.
fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let member = &value[name];
    match member {
        Value::Array(items) => items.as_slice(),
        Value::Null => &[],
        single => std::slice::from_ref(single),
    }
    .iter()
}

fn number(value: &Value, name: &str) -> f64 {
    match &value[name] {
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        Value::String(text) => text.trim().parse().unwrap_or_default(),
        _ => 0.0,
    }
}
