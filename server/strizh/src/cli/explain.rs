//! `strizh explain`: the help of a rule, or the list of all rules.

mod table;

use std::io::Write;
use std::path::PathBuf;

use base::Locale;
use clap::Args;
use lints::{all_rules, rule_by_key};

use crate::cli::Outcome;
use crate::cli::rule_selection::check_key;
use crate::rule_pages::page;

#[derive(Args)]
pub(crate) struct ExplainArguments {
    /// Key of the rule; without it all rules are listed.
    key: Option<String>,
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    /// Print the page of the documentation that lists all rules.
    #[arg(long, hide = true, conflicts_with = "key")]
    table: bool,
    /// What the rules cost, for that page.
    #[arg(long, hide = true, requires = "table")]
    costs: Option<PathBuf>,
}

pub(crate) fn run(arguments: &ExplainArguments) -> anyhow::Result<Outcome> {
    let locale = if arguments.language == "en" { Locale::En } else { Locale::Ru };
    let mut output = std::io::stdout().lock();
    if arguments.table {
        let costs = arguments.costs.as_ref().map(std::fs::read_to_string).transpose()?;
        output.write_all(table::table(locale, &costs.unwrap_or_default()).as_bytes())?;
        return Ok(Outcome::Clean);
    }
    let Some(key) = &arguments.key else {
        for info in all_rules() {
            writeln!(output, "{:<40} {:<12} {}", info.key, info.lsp_severity().name(), info.title(locale))?;
        }
        return Ok(Outcome::Clean);
    };
    check_key(key)?;
    if let Some(rule) = rule_by_key(key) {
        output.write_all(page(rule.info(), locale).as_bytes())?;
    }
    Ok(Outcome::Clean)
}
