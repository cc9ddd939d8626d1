//! Times searches in a configuration: `cargo run --release -p ide --example search -- FOLDER NAME…`. A name is that of
//! a method, `Модуль.Метод`, or a query for symbols behind `?`.

#![expect(clippy::print_stdout, reason = "an example that prints what it measures")]

use std::path::Path;
use std::time::Instant;

use base::CancelToken;
use ide::{CallItem, Search, SymbolIndex, incoming_calls, references_of, workspace_symbols};
use semantics::Definition;
use semantics::testing::{DiskFiles, TestProject};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let started = Instant::now();
    let project = TestProject::of_folder(Path::new(&folder)).project;
    println!("read in {:?}", started.elapsed());
    let token = CancelToken::new();
    let search = Search { project: &project, files: &DiskFiles, token: &token };
    let started = Instant::now();
    let index = SymbolIndex::new(&project);
    println!("{} symbols in {:?}", index.len(), started.elapsed());
    for name in arguments {
        for _ in 0..3 {
            let started = Instant::now();
            if let Some(query) = name.strip_prefix('?') {
                let found = workspace_symbols(&project, &index, &[], query, &token);
                println!("?{query}: {} in {:?}", found.len(), started.elapsed());
                continue;
            }
            let (module, method) = name.split_once('.').expect("Модуль.Метод");
            let module = project
                .modules()
                .find(|it| ide::module_name(&project, it.id) == module)
                .expect("the module exists");
            let index = module.find_method(method).expect("the method exists");
            let definition = Definition::Method { module: module.id, index };
            let started = Instant::now();
            let found = references_of(&search, &definition, true);
            let elapsed = started.elapsed();
            let started = Instant::now();
            let calls = incoming_calls(&search, CallItem { module: module.id, method: Some(index) });
            println!(
                "{name}: {} in {elapsed:?}{}; {} callers in {:?}",
                found.found.len(),
                if found.is_cut { " (cut)" } else { "" },
                calls.len(),
                started.elapsed()
            );
        }
    }
}
