//! Facts of a module: sections at their places. A closed module is one section; an open document has many, so that an
//! edit replaces one of them and moves the rest without touching them.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::facts::collect::{collect_text, collect_tree};
use crate::facts::methods::{Method, MethodFact, Variable, VariableFact};
use crate::facts::names::NameIndex;
use crate::facts::place::Shift;
use crate::facts::references::{Reference, ReferenceList};
use crate::facts::regions::{RegionFact, RegionMark, paired};
use crate::shape::{Shape, union};

/// Facts of one section; places are relative to its start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SectionFacts {
    pub(crate) methods: Box<[MethodFact]>,
    pub(crate) variables: Box<[VariableFact]>,
    /// What variables of the module get here, by the index of the name.
    pub(crate) assigned: Box<[(u32, Shape)]>,
    pub(crate) marks: Box<[RegionMark]>,
    pub(crate) names: NameIndex,
    pub(crate) references: ReferenceList,
    /// The text has syntax errors: declarations may be missing.
    pub(crate) is_broken: bool,
    /// Length of the text in bytes.
    pub(crate) length: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlacedSection {
    pub shift: Shift,
    pub facts: Arc<SectionFacts>,
}

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ModuleFacts {
    sections: Arc<[PlacedSection]>,
    regions: Arc<OnceLock<Vec<RegionFact>>>,
}

impl PartialEq for ModuleFacts {
    fn eq(&self, other: &Self) -> bool {
        self.sections == other.sections
    }
}

impl ModuleFacts {
    /// Facts of a closed module.
    pub fn of_text(text: &str) -> Self {
        let section = PlacedSection { shift: Shift::default(), facts: Arc::new(collect_text(text)) };
        Self::new([section].into())
    }

    /// Facts of a closed module that is parsed already.
    pub fn of_tree(tree: &tree_sitter::Tree, text: &str) -> Self {
        let section = PlacedSection { shift: Shift::default(), facts: Arc::new(collect_tree(tree, text)) };
        Self::new([section].into())
    }

    /// Takes the sections of a module in order.
    pub fn new(sections: Arc<[PlacedSection]>) -> Self {
        Self { sections, regions: Arc::default() }
    }

    pub fn sections(&self) -> &[PlacedSection] {
        &self.sections
    }

    /// Length of the text in bytes.
    pub fn length(&self) -> u32 {
        self.sections.last().map_or(0, |last| last.shift.offset.saturating_add(last.facts.length))
    }

    /// False for a module whose text could not be read, such as a protected one: it may declare anything.
    pub fn is_read(&self) -> bool {
        !self.sections.is_empty()
    }

    /// True if the text has syntax errors: declarations may be missing.
    pub fn is_broken(&self) -> bool {
        self.sections.iter().any(|section| section.facts.is_broken)
    }

    /// In the order of the text.
    pub fn methods(&self) -> impl Iterator<Item = Method<'_>> {
        self.sections.iter().flat_map(PlacedSection::methods)
    }

    /// The method at a position in the order of the text.
    pub fn method_at_index(&self, mut index: usize) -> Option<Method<'_>> {
        for section in self.sections.iter() {
            if let Some(fact) = section.facts.methods.get(index) {
                return Some(Method { fact, shift: section.shift });
            }
            index -= section.facts.methods.len();
        }
        None
    }

    /// The first method of a name, in any case.
    pub fn method(&self, name: &str) -> Option<Method<'_>> {
        let folded = base::fold_case(name);
        self.sections.iter().find_map(|section| {
            let index = section.facts.names.find(&folded)?;
            section.methods().find(|method| method.name_index == index)
        })
    }

    /// The method around an offset.
    pub fn method_at(&self, offset: u32) -> Option<Method<'_>> {
        let touches = |method: &Method<'_>| method.range().touches(offset);
        self.sections_around(offset).iter().find_map(|section| section.methods().find(touches))
    }

    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> {
        self.sections.iter().flat_map(PlacedSection::variables)
    }

    /// The variable of the module with a name, in any case.
    pub fn variable(&self, name: &str) -> Option<Variable<'_>> {
        let folded = base::fold_case(name);
        let mut sections = self.sections.iter().filter(|section| !section.facts.variables.is_empty());
        sections.find_map(|section| {
            let index = section.facts.names.find(&folded)?;
            section.variables().find(|variable| variable.name_index == index)
        })
    }

    /// What a variable of the module holds: what its description says, else everything that the module assigns.
    pub fn variable_shape(&self, variable: Variable<'_>) -> Shape {
        let described = &variable.fact().shape;
        if *described != Shape::Unknown {
            return described.clone();
        }
        let folded = base::fold_case(&variable.fact().name);
        let assigned = self.sections.iter().filter(|section| !section.facts.assigned.is_empty());
        let shapes = assigned.flat_map(|section| {
            let index = section.facts.names.find(&folded);
            let own = section.facts.assigned.iter().filter(move |(name, _)| Some(*name) == index);
            own.map(|(_, shape)| shape.clone())
        });
        // What it held before says nothing new.
        let is_itself =
            |shape: &Shape| matches!(shape, Shape::Global(name) if base::same_name(name, &folded));
        match union(shapes) {
            shape if is_itself(&shape) => Shape::Unknown,
            Shape::Union { parts, is_open } => {
                let rest = parts.iter().filter(|part| !is_itself(part)).cloned();
                union(rest.chain(is_open.then_some(Shape::Unknown)))
            }
            shape => shape,
        }
    }

    /// Closed regions in the order of their starts.
    pub fn regions(&self) -> &[RegionFact] {
        self.regions.get_or_init(|| {
            let marks = |section: &PlacedSection| section.shift;
            paired(self.sections.iter().flat_map(|section| {
                let shift = marks(section);
                section.facts.marks.iter().map(move |mark| (shift, mark))
            }))
        })
    }

    /// All references in the order of the text.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.sections.iter().flat_map(|section| section.references(0..u32::MAX))
    }

    /// All references of the sections that have a name or a path of names, given in lower case.
    pub fn references_around(&self, folded: &str) -> impl Iterator<Item = Reference<'_>> {
        let sections = self.sections.iter().filter(move |section| section.facts.names.find(folded).is_some());
        sections.flat_map(|section| section.references(0..u32::MAX))
    }

    /// References of one name, given in lower case: of literals and tables of queries it is the whole path.
    pub fn references_of(&self, folded: &str) -> impl Iterator<Item = Reference<'_>> {
        self.sections.iter().flat_map(move |section| {
            let name = section.facts.names.find(folded).map_or(0..0, |name| name..name + 1);
            section.references(name)
        })
    }

    /// References whose name starts with a prefix given in lower case, such as `справочник.товары.`.
    pub fn references_with_prefix(&self, folded: &str) -> impl Iterator<Item = Reference<'_>> {
        self.sections
            .iter()
            .flat_map(move |section| section.references(section.facts.names.with_prefix(folded)))
    }

    /// True if a name, given in lower case, stands anywhere in the module: declared, used or as a path of names.
    pub fn mentions(&self, folded: &str) -> bool {
        self.sections.iter().any(|section| section.facts.names.find(folded).is_some())
    }

    /// The reference that touches an offset.
    pub fn reference_at(&self, offset: u32) -> Option<Reference<'_>> {
        let touches = |reference: &Reference<'_>| reference.place.range().touches(offset);
        let sections = self.sections_around(offset).iter();
        sections.flat_map(|section| section.references(0..u32::MAX)).find(touches)
    }

    /// Sections that touch an offset, at most two.
    fn sections_around(&self, offset: u32) -> &[PlacedSection] {
        let end = self.sections.partition_point(|section| section.shift.offset <= offset);
        let start = end.saturating_sub(1);
        let is_border = self.sections.get(start).is_some_and(|section| section.shift.offset == offset);
        let start = if is_border { start.saturating_sub(1) } else { start };
        self.sections.get(start..end).unwrap_or_default()
    }

    /// An estimate of the memory that the facts take.
    pub fn heap_size(&self) -> usize {
        self.sections.iter().map(|section| size_of::<PlacedSection>() + section.facts.heap_size()).sum()
    }
}

impl PlacedSection {
    fn methods(&self) -> impl Iterator<Item = Method<'_>> {
        self.facts.methods.iter().map(|fact| Method { fact, shift: self.shift })
    }

    fn variables(&self) -> impl Iterator<Item = Variable<'_>> {
        self.facts.variables.iter().map(|fact| Variable { fact, shift: self.shift })
    }

    /// All references of the section, in the order of the text.
    pub fn all_references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.references(0..u32::MAX)
    }

    /// References whose name has one of the indexes.
    fn references(&self, names: std::ops::Range<u32>) -> impl Iterator<Item = Reference<'_>> {
        self.facts.references.iter(&self.facts.names, self.shift, names)
    }
}

impl SectionFacts {
    /// All names that the section declares or uses, and paths of names.
    pub fn names(&self) -> &NameIndex {
        &self.names
    }

    /// Bytes that its references take.
    pub fn reference_bytes(&self) -> usize {
        self.references.heap_size()
    }

    fn heap_size(&self) -> usize {
        let methods: usize = self
            .methods
            .iter()
            .map(|method| {
                size_of::<MethodFact>() + size_of_val(&*method.parameters) + size_of_val(&*method.annotations)
            })
            .sum();
        size_of::<Self>()
            + methods
            + size_of_val(&*self.variables)
            + size_of_val(&*self.marks)
            + self.names.heap_size()
            + self.references.heap_size()
    }
}
