//! As much of JSON Schema as the schema of SARIF uses. Patterns and formats of texts are passed over.

use serde_json::Value;

/// Where a document does not follow a schema, and why.
pub(crate) fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    Validator { root: schema }.validate(schema, document, "", &mut problems);
    problems
}

struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn validate(&self, schema: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
        for (keyword, rule) in schema.as_object().expect("a schema is an object") {
            let mut complain = |text: String| problems.push(format!("{place}: {text}"));
            match keyword.as_str() {
                "$ref" => self.validate(self.definition(rule), value, place, problems),
                "type" if !has_type(value, rule) => complain(format!("not {rule}")),
                "enum" if !rule.as_array().is_some_and(|known| known.contains(value)) => {
                    complain(format!("{value} is not one of {rule}"));
                }
                "minimum" if value.as_f64() < rule.as_f64() && value.is_number() => {
                    complain("too small".into())
                }
                "maximum" if value.as_f64() > rule.as_f64() && value.is_number() => {
                    complain("too large".into())
                }
                "minItems" if value.as_array().is_some_and(|items| (items.len() as u64) < number(rule)) => {
                    complain("too short".into());
                }
                "uniqueItems" if *rule == Value::Bool(true) && has_equal_items(value) => {
                    complain("equal items".into());
                }
                "required" => {
                    for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
                        if value.is_object() && value.get(name).is_none() {
                            problems.push(format!("{place}: {name} is missing"));
                        }
                    }
                }
                "properties" => self.properties(schema, value, place, problems),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.validate(rule, item, &format!("{place}/{index}"), problems);
                    }
                }
                "anyOf" | "oneOf" => {
                    let fits = |schema: &&Value| {
                        let mut inner = Vec::new();
                        self.validate(schema, value, place, &mut inner);
                        inner.is_empty()
                    };
                    let count = rule.as_array().into_iter().flatten().filter(fits).count();
                    if count == 0 || (keyword == "oneOf" && count > 1) {
                        problems.push(format!("{place}: {count} of {keyword} fit"));
                    }
                }
                "type" | "enum" | "minimum" | "maximum" | "minItems" | "uniqueItems" => {}
                // Seen with `properties`; an object of any properties has a schema for them at most.
                "additionalProperties" => {}
                "$schema" | "$id" | "title" | "description" | "default" | "definitions" | "pattern"
                | "format" => {}
                other => panic!("unknown keyword {other}"),
            }
        }
    }

    fn properties(&self, schema: &Value, value: &Value, place: &str, problems: &mut Vec<String>) {
        for (name, inner) in value.as_object().into_iter().flatten() {
            let place = format!("{place}/{name}");
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(schema), _) => self.validate(schema, inner, &place, problems),
                (None, Value::Bool(false)) => problems.push(format!("{place}: unknown")),
                (None, schema @ Value::Object(_)) => self.validate(schema, inner, &place, problems),
                (None, _) => {}
            }
        }
    }

    fn definition(&self, reference: &Value) -> &Value {
        let path = reference.as_str().and_then(|path| path.strip_prefix('#')).expect("a place in the schema");
        self.root.pointer(path).expect("a definition")
    }
}

fn has_type(value: &Value, types: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("null") => value.is_null(),
        other => panic!("unknown type {other:?}"),
    };
    types.as_array().map_or_else(|| is(types), |types| types.iter().any(is))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn has_equal_items(value: &Value) -> bool {
    let Some(items) = value.as_array() else { return false };
    let mut texts: Vec<String> = items.iter().map(Value::to_string).collect();
    texts.sort();
    texts.windows(2).any(|pair| pair[0] == pair[1])
}
