//! All rules, sorted by key.

use std::sync::LazyLock;

use crate::finding::RuleId;
use crate::rule::RuleInfo;
use crate::rules::RULES;

static SORTED: LazyLock<Vec<&'static RuleInfo>> = LazyLock::new(|| {
    let mut rules: Vec<_> = RULES.to_vec();
    rules.sort_by_key(|rule| rule.key);
    rules
});

/// Descriptions of all rules, sorted by key; the index is the rule's id.
pub fn all_rules() -> &'static [&'static RuleInfo] {
    &SORTED
}

/// Finds a rule by its exact key.
pub fn rule_by_key(key: &str) -> Option<RuleId> {
    SORTED.binary_search_by_key(&key, |rule| rule.key).ok().map(|index| RuleId(index as u16))
}
