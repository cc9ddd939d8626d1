//! Rules about modules: their registry, their settings, and the runner that recomputes only the
//! sections an edit touched.

mod argument_list;
mod calls;
mod comment_score;
mod compilation_directives;
mod context;
mod control_flow;
mod environments;
mod facts;
mod finding;
mod keyed_value;
mod literals;
mod local_variables;
mod module;
mod module_parts;
mod name_hash;
mod operators;
mod options;
mod project;
mod regions;
mod registry;
mod rule;
mod rule_set;
mod rules;
mod runner;
mod same_operands;
mod self_access;
mod statements;
mod suppression;
mod unused_names;

#[cfg(test)]
mod doc_tests;
#[cfg(test)]
mod testing;

pub use context::ProjectModule;
pub use control_flow::{MethodComplexity, method_complexities};
pub use finding::{Finding, RuleId};
pub use module::{ModuleInfo, ModuleKind};
pub use options::{MetadataOverride, Mode, Options, ParamValue, RuleSetting};
pub use regions::StandardRegion;
pub use registry::{all_rules, rule_by_key};
pub use rule::{FixSafety, ParamDefault, ParamInfo, RuleInfo, RuleKind, RuleSeverity, Scope, Text};
pub use rule_set::RuleSet;
pub use runner::{Checked, ModuleLints, check_text, check_tree};
