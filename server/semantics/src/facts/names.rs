//! Names of a module in lower case, sorted, in one text: whether a module uses a name at all is one binary search.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameIndex {
    text: Box<str>,
    /// Where each name ends in `text`.
    ends: Box<[u32]>,
}

impl NameIndex {
    /// Takes names in lower case, sorted and without duplicates.
    pub(crate) fn from_sorted<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        let mut ends = Vec::new();
        for name in names {
            text.push_str(name);
            ends.push(text.len() as u32);
        }
        Self { text: text.into_boxed_str(), ends: ends.into_boxed_slice() }
    }

    /// Index of a name given in lower case.
    pub fn find(&self, folded: &str) -> Option<u32> {
        let index = self.first_not_below(folded);
        (self.get(index)? == folded).then_some(index)
    }

    /// Indexes of all names that start with a prefix given in lower case.
    pub fn with_prefix(&self, folded: &str) -> std::ops::Range<u32> {
        let start = self.first_not_below(folded);
        let mut end = start;
        while self.get(end).is_some_and(|name| name.starts_with(folded)) {
            end += 1;
        }
        start..end
    }

    pub fn get(&self, index: u32) -> Option<&str> {
        let end = *self.ends.get(index as usize)?;
        let start = match index.checked_sub(1) {
            Some(previous) => *self.ends.get(previous as usize)?,
            None => 0,
        };
        self.text.get(start as usize..end as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).filter_map(|index| self.get(index))
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<u32>()
    }

    fn first_not_below(&self, folded: &str) -> u32 {
        let (mut low, mut high) = (0, self.ends.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).unwrap_or_default() < folded {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_themselves_and_by_their_beginning() {
        let names = NameIndex::from_sorted(["а", "справочник.товары", "справочник.цены", "э"].into_iter());
        assert_eq!(names.find("справочник.цены"), Some(2));
        assert_eq!(names.find("справочник"), None);
        assert_eq!(names.find("я"), None);
        assert_eq!(names.with_prefix("справочник."), 1..3);
        assert_eq!(names.with_prefix("я"), 4..4);
        assert_eq!(names.get(3), Some("э"));
        assert_eq!(NameIndex::default().find("а"), None);
    }
}
