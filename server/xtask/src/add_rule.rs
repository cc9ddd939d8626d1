//! Creates the files of a new rule. They compile, and the tests fail until the rule is written.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell;

const RULE: &str = r#"//! TODO(#rule): one line, what the rule finds.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "{key}",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &[],
    messages: &[Text { ru: "", en: "" }],
    docs: docs!("{name}"),
    create: |_| Box::new({key}),
    ..RuleInfo::DEFAULT
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

const DOCS_RU: &str =
    "# {key}\n\n## Описание\n\n## Неправильно\n\n```bsl\n```\n\n## Правильно\n\n```bsl\n```\n";
const DOCS_EN: &str =
    "# {key}\n\n## Description\n\n## Incorrect\n\n```bsl\n```\n\n## Correct\n\n```bsl\n```\n";

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

/// Adds the rule to the module list and to the registry, both sorted.
fn add_to_list(name: &str) -> Result<()> {
    let path = shell::root().join("server/lints/src/rules/mod.rs");
    let text = fs::read_to_string(&path).context("cannot read the list of rules")?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    insert_sorted(&mut lines, "mod ", format!("mod {name};"))?;
    insert_sorted(&mut lines, "    &", format!("    &{name}::RULE,"))?;
    fs::write(&path, lines.join("\n") + "\n").context("cannot write the list of rules")
}

/// Inserts a line among those with the same prefix.
fn insert_sorted(lines: &mut Vec<String>, prefix: &str, new: String) -> Result<()> {
    let last =
        lines.iter().rposition(|line| line.starts_with(prefix)).context("the list of rules is empty")?;
    let at = lines.iter().position(|line| line.starts_with(prefix) && *line > new).unwrap_or(last + 1);
    lines.insert(at, new);
    Ok(())
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
    use super::{insert_sorted, snake_case};

    #[test]
    fn keys_become_file_names() {
        assert_eq!(snake_case("EmptyCodeBlock"), "empty_code_block");
        assert_eq!(snake_case("OSUsersMethod"), "os_users_method");
        assert_eq!(snake_case("FieldsFromJoinsWithoutIsNull"), "fields_from_joins_without_is_null");
        assert_eq!(snake_case("DeprecatedAttributes8312"), "deprecated_attributes8312");
    }

    #[test]
    fn lists_stay_sorted() {
        let mut lines: Vec<String> =
            ["//! x", "mod a;", "mod c;", "", "    &a::RULE,"].map(str::to_owned).to_vec();
        for name in ["b", "d"] {
            insert_sorted(&mut lines, "mod ", format!("mod {name};")).expect("invariant: the list is there");
        }
        assert_eq!(lines[1..6], ["mod a;", "mod b;", "mod c;", "mod d;", ""]);
    }
}
