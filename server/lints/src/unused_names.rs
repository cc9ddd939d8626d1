//! Which of some names the sections of a module leave unused. Costs no more than one lookup per name of
//! the smaller side, since it runs with every keystroke.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::facts::{ModuleFacts, SectionFacts};

/// Leaves those names, in lower case, that the chosen set of no section holds.
pub(crate) fn retain_missing(
    names: &mut FxHashSet<&str>,
    facts: &ModuleFacts<'_>,
    set: impl Fn(&SectionFacts) -> &FxHashSet<SmolStr>,
) {
    for (_, section) in &facts.sections {
        if names.is_empty() {
            return;
        }
        let used = set(section);
        if names.len() < used.len() {
            names.retain(|name| !used.contains(*name));
        } else {
            for name in used {
                names.remove(name.as_str());
            }
        }
    }
}
