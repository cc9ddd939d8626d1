//! Facts of an open document, section by section: an edit in one method looks at that method only.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use syntax::{Document, Section};

use crate::facts::collect::collect_range;
use crate::facts::module::{ModuleFacts, PlacedSection, SectionFacts};
use crate::facts::place::Shift;

/// Sections of the latest revision by their digests.
#[derive(Debug, Default)]
pub struct OpenFacts {
    sections: FxHashMap<u128, Arc<SectionFacts>>,
    /// Variables that the sections declare, in lower case: methods of all sections may use them.
    variables: Vec<SmolStr>,
}

impl OpenFacts {
    /// Facts of the document as it is now.
    pub fn update(&mut self, document: &Document) -> ModuleFacts {
        let sections = document.sections();
        let mut facts = self.look_at(document, sections);
        let mut variables: Vec<SmolStr> =
            facts.variables().map(|variable| base::fold_case(&variable.fact().name).into()).collect();
        variables.sort_unstable();
        if variables != self.variables {
            self.variables = variables;
            self.sections.clear();
            facts = self.look_at(document, sections);
        }
        self.forget_all_but(sections);
        facts
    }

    fn look_at(&mut self, document: &Document, sections: &[Section]) -> ModuleFacts {
        let mut placed = Vec::with_capacity(sections.len());
        for section in sections {
            let facts = self.sections.entry(section.digest).or_insert_with(|| {
                let text = document.slice(section.range);
                Arc::new(collect_range(document.tree(), section.range, &text, &self.variables))
            });
            let line = document.rope().byte_to_line(section.range.start as usize) as u32;
            let shift = Shift { offset: section.range.start, line };
            placed.push(PlacedSection { shift, facts: Arc::clone(facts) });
        }
        ModuleFacts::new(placed.into())
    }

    /// Keeps memory in proportion to the document.
    fn forget_all_but(&mut self, sections: &[Section]) {
        if self.sections.len() > sections.len() {
            let current: FxHashSet<u128> = sections.iter().map(|section| section.digest).collect();
            self.sections.retain(|digest, _| current.contains(digest));
        }
    }
}
