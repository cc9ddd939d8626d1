//! One module of a project: its place in the configuration and its facts, with an index of its names.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use base::fold_case;
use metadata::ModuleKind;
use rustc_hash::FxHasher;
use smol_str::SmolStr;

use crate::digest::signature_digest;
use crate::facts::{Method, ModuleFacts, Variable};
use crate::ids::{FormId, ModuleId, ObjectId, RootId};

/// Where a module belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModulePlace {
    pub root: Option<RootId>,
    pub object: Option<ObjectId>,
    pub kind: ModuleKind,
    /// Of form modules.
    pub form: Option<FormId>,
    /// Name of the command of command modules of objects, of a recalculation; of scripts the class or module.
    pub name: SmolStr,
    /// A module of OneScript.
    pub is_script: bool,
}

#[derive(Clone, Debug)]
pub struct Module {
    pub id: ModuleId,
    pub path: PathBuf,
    pub place: ModulePlace,
    pub facts: ModuleFacts,
    /// Hash of the folded name and index of each method, sorted.
    methods: Box<[(u64, u32)]>,
    variables: Box<[(u64, u32)]>,
    /// First letter in lower case and index of each exported method, sorted.
    exports: Box<[(char, u32)]>,
    /// Of what other modules may see.
    pub(crate) digest: u64,
}

impl Module {
    pub(crate) fn new(id: ModuleId, path: PathBuf, place: ModulePlace, facts: ModuleFacts) -> Self {
        let methods = index_names(facts.methods().map(|method| method.fact().name.as_str()));
        let variables = index_names(facts.variables().map(|variable| variable.fact().name.as_str()));
        let digest = signature_digest(&facts);
        let exports = index_exports(&facts);
        Self { id, path, place, facts, methods, variables, exports, digest }
    }

    /// The same module at another place of other metadata.
    pub(crate) fn moved_to(&self, place: ModulePlace) -> Self {
        Self { place, ..self.clone() }
    }

    /// Number of methods.
    pub fn method_count(&self) -> u32 {
        self.methods.len() as u32
    }

    pub fn method(&self, index: u32) -> Option<Method<'_>> {
        self.facts.method_at_index(index as usize)
    }

    pub fn variable(&self, index: u32) -> Option<Variable<'_>> {
        self.facts.variables().nth(index as usize)
    }

    pub fn methods(&self) -> impl Iterator<Item = (u32, Method<'_>)> {
        self.facts.methods().enumerate().map(|(index, method)| (index as u32, method))
    }

    /// Exported methods whose names start with a letter given in lower case.
    pub fn exports_with(&self, first: char) -> impl Iterator<Item = (u32, Method<'_>)> {
        let start = self.exports.partition_point(|(letter, _)| *letter < first);
        let end = self.exports.partition_point(|(letter, _)| *letter <= first);
        let found = self.exports.get(start..end).unwrap_or_default();
        found.iter().filter_map(|(_, index)| Some((*index, self.method(*index)?)))
    }

    pub fn variables(&self) -> impl Iterator<Item = (u32, Variable<'_>)> {
        self.facts.variables().enumerate().map(|(index, variable)| (index as u32, variable))
    }

    /// The first method of this name.
    pub fn find_method(&self, name: &str) -> Option<u32> {
        let matches =
            |index: u32| self.method(index).is_some_and(|method| base::same_name(&method.name, name));
        find_name(&self.methods, name, matches)
    }

    /// All methods of this name: directives may choose between several.
    pub fn methods_named(&self, name: &str) -> impl Iterator<Item = Method<'_>> {
        let hash = name_hash(name);
        let start = self.methods.partition_point(|entry| entry.0 < hash);
        let same = self.methods[start..].iter().take_while(move |entry| entry.0 == hash);
        let found = same.filter_map(|entry| self.method(entry.1));
        found.filter(move |method| base::same_name(&method.name, name))
    }

    pub fn find_variable(&self, name: &str) -> Option<u32> {
        let matches =
            |index: u32| self.variable(index).is_some_and(|variable| base::same_name(&variable.name, name));
        find_name(&self.variables, name, matches)
    }

    /// The method whose text holds the offset.
    pub fn method_at(&self, offset: u32) -> Option<u32> {
        let method = self.facts.method_at(offset)?;
        self.find_method(&method.name)
            .filter(|index| self.method(*index).is_some_and(|found| found.range() == method.range()))
            .or_else(|| {
                self.methods().find(|(_, found)| found.range() == method.range()).map(|(index, _)| index)
            })
    }
}

fn index_exports(facts: &ModuleFacts) -> Box<[(char, u32)]> {
    let exports = facts.methods().enumerate().filter(|(_, method)| method.is_export);
    let first = |name: &str| name.chars().next().and_then(|letter| letter.to_lowercase().next());
    let mut index: Vec<_> =
        exports.filter_map(|(index, method)| Some((first(&method.name)?, index as u32))).collect();
    index.sort_unstable();
    index.into_boxed_slice()
}

fn index_names<'a>(names: impl Iterator<Item = &'a str>) -> Box<[(u64, u32)]> {
    let mut index: Vec<_> = names.enumerate().map(|(index, name)| (name_hash(name), index as u32)).collect();
    index.sort_unstable();
    index.into_boxed_slice()
}

fn find_name(index: &[(u64, u32)], name: &str, matches: impl Fn(u32) -> bool) -> Option<u32> {
    let hash = name_hash(name);
    let start = index.partition_point(|entry| entry.0 < hash);
    index[start..].iter().take_while(|entry| entry.0 == hash).map(|entry| entry.1).find(|&at| matches(at))
}

/// Hash of a name without case.
pub(crate) fn name_hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    fold_case(name).hash(&mut hasher);
    hasher.finish()
}
