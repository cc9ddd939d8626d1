//! The tables keep their form: names are unique, English names are ASCII, nothing looks like a text of the help.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn tables() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut all: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the folder of tables")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect();
    all.sort();
    all
}

fn parsed() -> Vec<(String, Value)> {
    tables().into_iter().map(|(name, text)| (name, serde_json::from_str(&text).expect("JSON"))).collect()
}

/// Calls with every value and the path to it.
fn walk(value: &Value, key: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(key, value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, visit)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| walk(field, key, visit)),
        _ => {}
    }
}

#[test]
fn files_are_plain() {
    for (name, text) in tables() {
        assert!(!text.starts_with('\u{feff}') && !text.contains('\r'), "{name}");
        assert!(text.ends_with('\n'), "{name}");
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn english_names_are_ascii() {
    for (file, table) in parsed() {
        walk(&table, "", &mut |key, value| {
            if (key == "en" || key == "al")
                && let Some(name) = value.as_str()
            {
                assert!(name.is_ascii() && !name.is_empty(), "{file}: {name}");
            }
        });
    }
}

#[test]
fn masks_and_flags_are_in_range() {
    for (file, table) in parsed() {
        walk(&table, "", &mut |key, value| match key {
            "av" => assert!(value.as_u64().is_some_and(|mask| mask < 1024), "{file}: {value}"),
            "o" | "ro" | "es" => assert_eq!(value.as_u64(), Some(1), "{file}: {key}"),
            _ => {}
        });
    }
}

#[test]
fn nothing_is_prose() {
    for (file, table) in parsed() {
        walk(&table, "", &mut |key, value| {
            let Some(text) =
                value.as_str().filter(|_| !matches!(key, "sources" | "evidence" | "A" | "C" | "S" | "M"))
            else {
                return;
            };
            let name = text.split('<').next().unwrap_or_default();
            let words =
                name.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_lowercase));
            assert!(words.count() < 2, "{file}: {text}");
        });
    }
}

#[test]
fn names_are_unique_in_their_lists() {
    for (file, table) in parsed().into_iter().filter(|(file, _)| file != "keywords.json") {
        walk(&table, "", &mut |key, value| {
            let Some(items) = value.as_array().filter(|_| key != "virtual_tables") else { return };
            let mut names = BTreeSet::new();
            for name in items.iter().filter_map(|item| item["ru"].as_str()) {
                assert!(names.insert(name.to_lowercase()), "{file}: {key}: {name}");
            }
        });
    }
}
