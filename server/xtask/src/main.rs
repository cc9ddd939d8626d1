//! Commands for people who work on Strizh: `cargo xtask <command>`.

mod add_rule;
mod compare;
mod dist;
mod editors;
mod generate;
mod licences;
mod links;
mod measure_rules;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <command>

  test [--fast]        everything that has to hold before a push; --fast leaves out the editors
  test --editors       the same, and the tests in real editors: VS Code, Neovim, Emacs, Helix
  editors [NAME…]      only the tests in real editors, or those that begin like this: vscode, neovim, emacs, helix,
                       kate, report;
                       STRIZH_BINARY=FILE tries that binary instead of building one
  generate [--check]   rewrite generated files, or check that they are up to date
  tidy                 check layers, file sizes, module docs, rule docs
  add-rule <Key>       create the files of a new rule
  measure-rules FOLDER what every rule costs and finds there, for the list of rules
  compare FOLDER       findings, time and memory beside those of other tools: [--bsl-language-server JAR] [--java JAVA]
                       [--onec-hbk-bsl PROGRAM] [--out FOLDER]
  dist                 build what users install: archive, VS Code package, checksums, in target/dist";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["test"] => test::run(test::Extent::All),
        ["test", "--editors"] => test::run(test::Extent::RealEditors),
        ["editors", only @ ..] => editors::all(only),
        ["test", "--fast"] => test::run(test::Extent::RustOnly),
        ["generate"] => generate::write(),
        ["generate", "--check"] => generate::check(None),
        ["tidy"] => tidy::run(),
        ["add-rule", key] => add_rule::run(key),
        ["measure-rules", folder] => measure_rules::run(folder),
        ["compare", rest @ ..] => compare::run(rest),
        ["dist"] => dist::run(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
