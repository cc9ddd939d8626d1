//! The help of every rule is executed: examples under "incorrect" have findings, those under "correct"
//! have none. Both languages have the same headings and say the same about parameters.

use crate::all_rules;
use crate::module::ModuleKind;
use crate::rule::{RuleInfo, Text};
use crate::testing::{RuleTest, rule};

const HEADINGS: [Text; 3] = [
    Text { ru: "## Описание", en: "## Description" },
    Text { ru: "## Неправильно", en: "## Incorrect" },
    Text { ru: "## Правильно", en: "## Correct" },
];

/// A fenced example: text of the fence line behind ```` ```bsl ````, and the code.
pub(crate) struct Example<'a> {
    section: &'a str,
    attributes: &'a str,
    pub code: String,
}

impl Example<'_> {
    /// The rule with the parameters that the fence names.
    pub(crate) fn test(&self, key: &str) -> RuleTest {
        let mut test = rule(key);
        for attribute in self.attributes.split_whitespace() {
            test = match attribute.split_once('=') {
                Some(("kind", name)) => {
                    test.module(ModuleKind::from_name(name).unwrap_or_else(|| panic!("{key}: {name}")))
                }
                Some((name, "true")) => test.bool(name, true),
                Some((name, "false")) => test.bool(name, false),
                Some((name, value)) => match value.parse() {
                    Ok(number) => test.integer(name, number),
                    Err(_) => test.string(name, value),
                },
                None => test.oscript(),
            };
        }
        test
    }
}

pub(crate) fn examples(docs: &str) -> Vec<Example<'_>> {
    let mut examples: Vec<Example<'_>> = Vec::new();
    let mut section = "";
    let mut is_inside = false;
    for line in docs.lines() {
        if is_inside {
            is_inside = line != "```";
            if is_inside && let Some(example) = examples.last_mut() {
                example.code.push_str(line);
                example.code.push('\n');
            }
        } else if let Some(attributes) = line.strip_prefix("```bsl") {
            is_inside = true;
            examples.push(Example { section, attributes: attributes.trim(), code: String::new() });
        } else if line.starts_with("## ") {
            section = line;
        }
    }
    assert!(!is_inside, "a fence is not closed");
    examples
}

#[track_caller]
fn check_docs(info: &RuleInfo, docs: &str, headings: [&str; 3]) {
    let key = info.key;
    assert!(docs.starts_with("# "), "{key}: the first line is not a title");
    for heading in headings {
        assert!(docs.lines().any(|line| line == heading), "{key}: no heading {heading}");
    }
    let examples = examples(docs);
    for heading in &headings[1..] {
        assert!(
            examples.iter().any(|example| example.section == *heading),
            "{key}: no example under {heading}"
        );
    }
    for example in examples {
        let count = example.test(key).findings(&example.code).len();
        let is_incorrect = example.section == headings[1];
        assert_eq!(
            count > 0,
            is_incorrect,
            "{key}: {count} findings under {}:\n{}",
            example.section,
            example.code
        );
    }
}

#[test]
fn examples_of_the_help_hold() {
    for info in all_rules() {
        check_docs(info, info.docs.text.ru, HEADINGS.map(|heading| heading.ru));
        check_docs(info, info.docs.text.en, HEADINGS.map(|heading| heading.en));
    }
}

#[test]
fn every_rule_has_messages_in_both_languages() {
    for info in all_rules() {
        assert!(!info.messages.is_empty(), "{} has no message", info.key);
        for text in info.messages.iter().chain(info.params.iter().map(|param| &param.meaning)) {
            assert!(!text.ru.is_empty() && !text.en.is_empty(), "{} lacks a translation", info.key);
            let has_cyrillic = text.en.chars().any(|letter| ('А'..='я').contains(&letter));
            assert!(!has_cyrillic || text.en.contains('`'), "{}: {} is not English", info.key, text.en);
        }
    }
}

#[test]
fn keys_are_unique() {
    assert!(all_rules().windows(2).all(|pair| pair[0].key < pair[1].key));
}
