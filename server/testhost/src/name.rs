//! Names: written in one way, compared in another.

use std::rc::Rc;

/// A name of code. Two names are the same if their folded forms are.
#[derive(Clone, Debug)]
pub struct Name {
    /// As it is written.
    pub shown: Rc<str>,
    /// In lower case.
    pub folded: Rc<str>,
}

impl Name {
    pub fn new(name: &str) -> Self {
        Self { shown: name.into(), folded: base::fold_case(name).into() }
    }

    /// A name that code may give to a key or a column.
    pub fn is_valid(name: &str) -> bool {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}
