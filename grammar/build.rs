//! Compiles the generated parsers and their scanners.

use std::path::Path;

fn main() {
    for grammar in ["bsl", "sdbl"] {
        compile(grammar);
    }
}

fn compile(grammar: &str) {
    let source = Path::new(grammar).join("src");
    let files = [source.join("parser.c"), source.join("scanner.c")];
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    // A parser is the hottest code of a language server, so it is optimised in every profile.
    cc::Build::new()
        .std("c11")
        .include(source)
        .files(files)
        .opt_level(3)
        .warnings(false)
        .flag_if_supported("-Wno-unused")
        .compile(&format!("tree-sitter-{grammar}"));
}
