//! Turns the tables of `data/` into the two blobs that the crate includes: the platform's and OneScript's.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

#[expect(dead_code, reason = "the crate uses the rest")]
#[path = "src/api.rs"]
mod api;
#[expect(dead_code, reason = "the crate reads")]
#[path = "src/codec.rs"]
mod codec;
#[path = "build/json.rs"]
mod json;
#[path = "build/merge.rs"]
mod merge;
#[path = "src/tables.rs"]
mod tables;

use codec::{Record, Writer};
use tables::Tables;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=src/api.rs");
    println!("cargo::rerun-if-changed=src/codec.rs");
    println!("cargo::rerun-if-changed=src/tables.rs");
    let data = Path::new("data");
    let own = read(data, "own")?;
    save("platform.bin", &platform(data, &own)?)?;
    save("onescript.bin", &onescript(data, &own)?)
}

fn read(data: &Path, name: &str) -> Result<Value, Box<dyn Error>> {
    let path = data.join(name).with_extension("json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn save(name: &str, tables: &Tables) -> Result<(), Box<dyn Error>> {
    let mut writer = Writer::default();
    tables.write(&mut writer);
    let folder = env::var_os("OUT_DIR").ok_or("no OUT_DIR")?;
    Ok(fs::write(Path::new(&folder).join(name), writer.finish())?)
}

fn platform(data: &Path, own: &Value) -> Result<Tables, Box<dyn Error>> {
    let globals = read(data, "globals")?;
    let mut functions = json::list(&globals["functions"], json::method);
    functions.extend(json::list(&globals["names_only"], json::method));
    let mut tables = Tables {
        functions,
        properties: json::list(&read(data, "global_properties")?["properties"], json::property),
        types: json::list(&read(data, "types")?["types"], json::type_info),
        enums: json::list(&read(data, "enums")?["enums"], json::enum_info),
        events: json::events(&read(data, "events")?),
        form_events: json::form_events(&read(data, "form_events")?),
        keywords: json::list(&read(data, "keywords")?["keywords"], json::keyword),
        kinds: json::kinds(&read(data, "metadata_managers")?, &read(data, "standard_attributes")?),
        query: json::query(&read(data, "query")?),
        ..Tables::default()
    };
    merge::aliases(&mut tables, &read(data, "aliases")?);
    merge::own(&mut tables, own);
    merge::generic_types(&mut tables);
    merge::context_members(&mut tables);
    merge::sort(&mut tables);
    Ok(tables)
}

fn onescript(data: &Path, own: &Value) -> Result<Tables, Box<dyn Error>> {
    let library = read(data, "oscript")?;
    let mut tables = Tables {
        functions: json::list(&library["functions"], json::method),
        properties: json::list(&library["properties"], json::property),
        types: json::list(&library["classes"], json::type_info),
        enums: json::list(&library["enums"], json::enum_info),
        events: json::onescript_events(&read(data, "events")?),
        keywords: json::list(&read(data, "keywords")?["keywords"], json::keyword),
        ..Tables::default()
    };
    merge::elements(&mut tables, own);
    merge::sort(&mut tables);
    Ok(tables)
}
