//! Rules about modules: their registry, their settings, and the runner that recomputes only the
//! sections an edit touched.

mod argument_list;
mod calls;
mod chains;
mod comment_score;
mod compilation_directives;
mod constructors;
mod context;
mod control_flow;
mod description;
mod directives;
mod environments;
mod facts;
mod finding;
mod fixes;
mod form_event_calls;
mod keyed_value;
mod later_places;
mod layout;
mod literals;
mod local_variables;
mod method_removal;
mod misspellings;
mod module;
mod module_parts;
mod multilingual;
mod name_hash;
mod name_pattern;
mod operators;
mod options;
mod project;
mod queries;
mod regions;
mod registry;
mod renaming;
mod role_events;
mod rule;
mod rule_set;
mod rules;
mod runner;
mod same_operands;
mod self_access;
mod sound_nodes;
mod spelling;
mod statements;
mod suppression;
mod synchronous_methods;
mod timing;
mod unused_names;

#[cfg(test)]
mod doc_tests;
#[cfg(test)]
mod fix_tests;
#[cfg(test)]
mod testing;

pub use context::ProjectModule;
pub use control_flow::{MethodComplexity, method_complexities};
pub use finding::{Finding, RuleId};
pub use fixes::{ChosenFixes, choose_fixes};
pub use module::{ModuleInfo, ModuleKind};
pub use options::{MetadataOverride, Mode, Options, ParamValue, RuleSetting};
pub use regions::StandardRegion;
pub use registry::{all_rules, rule_by_key};
pub use rule::{
    Docs, FixSafety, Needs, ParamDefault, ParamInfo, RuleInfo, RuleKind, RuleSeverity, Scope, Text,
};
pub use rule_set::RuleSet;
pub use runner::{Checked, ModuleLints, check_text, check_tree};
pub use timing::Clock;
