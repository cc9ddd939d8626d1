//! Names of a section while its facts are collected. A name is folded once per spelling, a path once per pair.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::facts::names::NameIndex;

#[derive(Default)]
pub(crate) struct Interner<'a> {
    by_spelling: FxHashMap<&'a str, u32>,
    by_name: FxHashMap<Cow<'a, str>, u32>,
    /// Paths by the path before the last dot and the name behind it.
    paths: FxHashMap<(u32, u32), u32>,
    names: Vec<Cow<'a, str>>,
}

impl<'a> Interner<'a> {
    /// Number of a name in any case.
    pub(crate) fn name(&mut self, spelling: &'a str) -> u32 {
        if let Some(number) = self.by_spelling.get(spelling) {
            return *number;
        }
        let number = self.folded(base::fold_case(spelling));
        self.by_spelling.insert(spelling, number);
        number
    }

    /// Number of `path.name`.
    pub(crate) fn path(&mut self, path: u32, name: u32) -> u32 {
        if let Some(number) = self.paths.get(&(path, name)) {
            return *number;
        }
        let joined = format!("{}.{}", self.text(path), self.text(name));
        let number = self.folded(Cow::Owned(joined));
        self.paths.insert((path, name), number);
        number
    }

    pub(crate) fn folded(&mut self, name: Cow<'a, str>) -> u32 {
        if let Some(number) = self.by_name.get(&name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.by_name.insert(name, number);
        number
    }

    fn text(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }

    /// The sorted names, and for every number its index in them.
    pub(crate) fn finish(self) -> (NameIndex, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_unstable_by(|left, right| self.text(*left).cmp(self.text(*right)));
        let mut indexes = vec![0; order.len()];
        for (index, number) in order.iter().enumerate() {
            indexes[*number as usize] = index as u32;
        }
        (NameIndex::from_sorted(order.iter().map(|number| self.text(*number))), indexes)
    }
}
