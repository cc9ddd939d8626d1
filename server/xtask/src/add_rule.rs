//! Creates the files of a new rule. They compile, and the tests fail until the rule is written.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell;

const RULE: &str = r#"//! TODO(#rule): one line, what the rule finds.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "{key}",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    minutes_per_point: 0,
    is_on_by_default: true,
    scope: Scope::All,
    modules: &[],
    compatibility: None,
    tags: &[],
    params: &[],
    fix: FixSafety::None,
    messages: &[Text { ru: "", en: "" }],
    docs: docs!("{name}"),
    create: |_| Box::new({key}),
};

struct {key};

impl Rule for {key} {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        ctx.report_node(node);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn finds_it() {
        rule("{key}").check("", expect![["nothing yet"]]);
    }
}
"#;

const DOCS_RU: &str = "# {key}\n\n## Описание\n\n## Неправильно\n\n```bsl\n```\n\n## Правильно\n\n```bsl\n```\n";
const DOCS_EN: &str = "# {key}\n\n## Description\n\n## Incorrect\n\n```bsl\n```\n\n## Correct\n\n```bsl\n```\n";

pub(crate) fn run(key: &str) -> Result<()> {
    let is_key = key.starts_with(|first: char| first.is_ascii_uppercase())
        && key.chars().all(|letter| letter.is_ascii_alphanumeric());
    if !is_key {
        bail!("\"{key}\" is no key: write it like EmptyCodeBlock");
    }
    let name = snake_case(key);
    let folder = shell::root().join("server/lints");
    let files = [
        (folder.join(format!("src/rules/{name}.rs")), RULE),
        (folder.join(format!("docs/ru/{name}.md")), DOCS_RU),
        (folder.join(format!("docs/en/{name}.md")), DOCS_EN),
    ];
    for (path, template) in files {
        if path.exists() {
            bail!("{} exists already", path.display());
        }
        let text = template.replace("{key}", key).replace("{name}", &name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        eprintln!("created {}", path.display());
    }
    add_to_list(&name)
}

/// Keeps the list sorted.
fn add_to_list(name: &str) -> Result<()> {
    let path = shell::root().join("server/lints/src/rules/mod.rs");
    let text = fs::read_to_string(&path).context("cannot read the list of rules")?;
    let (head, rest) = text.split_once("\nrules! {\n").context("the list of rules has no `rules!`")?;
    let (list, tail) = rest.split_once("}\n").context("the list of rules is not closed")?;
    let mut names: Vec<String> = list.lines().map(|line| line.trim().trim_end_matches(',').to_owned()).collect();
    names.push(name.to_owned());
    names.sort();
    let list: String = names.iter().map(|name| format!("    {name},\n")).collect();
    fs::write(&path, format!("{head}\nrules! {{\n{list}}}\n{tail}")).context("cannot write the list of rules")
}

fn snake_case(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let mut name = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let previous_is_lower = index > 0 && !letters[index - 1].is_ascii_uppercase();
        let next_is_lower = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && index > 0 && (previous_is_lower || next_is_lower) {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn keys_become_file_names() {
        assert_eq!(snake_case("EmptyCodeBlock"), "empty_code_block");
        assert_eq!(snake_case("OSUsersMethod"), "os_users_method");
        assert_eq!(snake_case("FieldsFromJoinsWithoutIsNull"), "fields_from_joins_without_is_null");
        assert_eq!(snake_case("DeprecatedAttributes8312"), "deprecated_attributes8312");
    }
}
