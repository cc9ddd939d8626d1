//! Full names of metadata objects: `Catalog.X.Attribute.Y`, `Справочник.X`.

use base::same_name;
use smol_str::{SmolStr, format_smolstr};

use crate::kind::ObjectKind;

/// A top-level object with what follows its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullName {
    pub kind: ObjectKind,
    /// Nested subsystems are named `Parent.Child`.
    pub name: SmolStr,
    /// `Attribute.Y`; empty if only the object is named.
    pub rest: SmolStr,
}

impl FullName {
    pub fn new(kind: ObjectKind, name: &str) -> Self {
        Self { kind, name: name.into(), rest: SmolStr::default() }
    }

    /// Reads a name in either language, without case.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, after) = text.trim().split_once('.')?;
        let kind = ObjectKind::from_name(word)?;
        let (first, mut rest) = after.split_once('.').unwrap_or((after, ""));
        let mut name = SmolStr::from(first);
        while kind == ObjectKind::Subsystem && !rest.is_empty() {
            let nested = rest.split_once('.').filter(|(word, _)| ObjectKind::from_name(word) == Some(kind));
            let Some((_, after)) = nested else { break };
            let (child, following) = after.split_once('.').unwrap_or((after, ""));
            name = format_smolstr!("{name}.{child}");
            rest = following;
        }
        (!name.is_empty()).then(|| Self { kind, name, rest: rest.into() })
    }

    /// True if both name the same object, whatever follows.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && same_name(&self.name, &other.name)
    }

    /// `Catalog.X`, without what follows.
    pub fn object_en(&self) -> SmolStr {
        format_smolstr!("{}.{}", self.kind.name(), self.name)
    }

    /// `Справочник.X`, without what follows.
    pub fn object_ru(&self) -> SmolStr {
        format_smolstr!("{}.{}", self.kind.name_ru(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str, &str)>) {
        let parsed = FullName::parse(text);
        let parts = parsed.as_ref().map(|name| (name.kind.name(), name.name.as_str(), name.rest.as_str()));
        assert_eq!(parts, expected, "{text}");
    }

    #[test]
    fn both_languages() {
        check("Catalog.X", Some(("Catalog", "X", "")));
        check("справочник.Валюты", Some(("Catalog", "Валюты", "")));
        check("Document.X.TabularSection.Y", Some(("Document", "X", "TabularSection.Y")));
        check("Subsystem.A.Subsystem.B.Subsystem.C", Some(("Subsystem", "A.B.C", "")));
        check("Что.То", None);
        check("Catalog", None);
        check("Catalog.", None);
        check("", None);
    }
}
