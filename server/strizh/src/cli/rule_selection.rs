//! `--select`, `--ignore` and `--only`: they go on top of the settings file.

use anyhow::bail;
use lints::{Mode, Options, RuleSetting, all_rules, rule_by_key};

use crate::settings::nearest;

/// Runs only the selected rules, if there are any, and none of the ignored ones. Parameters stay in force.
pub(crate) fn select_rules(
    options: &mut Options,
    select: &[String],
    ignore: &[String],
) -> anyhow::Result<()> {
    for key in select.iter().chain(ignore) {
        check_key(key)?;
    }
    if !select.is_empty() {
        options.mode = Mode::Only;
        options.parameters.retain(|key, _| select.contains(key));
        for key in select {
            let setting = options.parameters.entry(key.clone()).or_insert(RuleSetting::Enabled(true));
            if *setting == RuleSetting::Enabled(false) {
                *setting = RuleSetting::Enabled(true);
            }
        }
    }
    if options.mode == Mode::All && !ignore.is_empty() {
        // The mode `all` does not look at single rules; `except` runs all that are not named.
        options.mode = Mode::Except;
        options.parameters.clear();
    }
    for key in ignore {
        options.parameters.insert(key.clone(), RuleSetting::Enabled(false));
    }
    Ok(())
}

/// Runs the named rules and nothing else, wherever they are. Parameters of the settings stay in force.
pub(crate) fn audit_rules(options: &mut Options, only: &[String]) -> anyhow::Result<()> {
    select_rules(options, only, &[])?;
    options.is_audit = true;
    Ok(())
}

/// An unknown key is wrong usage; the nearest known one is named.
pub(crate) fn check_key(key: &str) -> anyhow::Result<()> {
    if rule_by_key(key).is_some() {
        return Ok(());
    }
    match nearest(key, all_rules().iter().map(|rule| rule.key)) {
        Some(known) => bail!("unknown rule \"{key}\"; did you mean \"{known}\"?"),
        None => bail!("unknown rule \"{key}\"; `strizh explain` lists all rules"),
    }
}
