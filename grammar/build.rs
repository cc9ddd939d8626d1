//! Compiles the generated parser and its scanner.

use std::path::Path;

fn main() {
    let source = Path::new("bsl/src");
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
        .compile("tree-sitter-bsl");
}
