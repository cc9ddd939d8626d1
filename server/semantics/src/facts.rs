//! Facts of one module: what it declares and which names it uses. They depend on its text alone, are kept for closed
//! modules instead of trees, and go to the disk cache as they are.

use base::TextRange;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::shape::Shape;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleFacts {
    pub methods: Vec<MethodFact>,
    /// Variables of the module.
    pub variables: Vec<VariableFact>,
    pub regions: Vec<RegionFact>,
    pub references: Vec<Reference>,
    pub names: NameIndex,
    /// Length of the text in bytes.
    pub length: u32,
}

/// Where a name stands: enough to show it in an editor without reading the file. A name never spans lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub offset: u32,
    /// Zero-based.
    pub line: u32,
    /// In bytes of UTF-8 and in units of UTF-16; lines longer than that are cut.
    pub column: u16,
    pub column_utf16: u16,
    pub length: u16,
    pub length_utf16: u16,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MethodFact {
    /// As written.
    pub name: SmolStr,
    pub place: Place,
    /// From the first annotation to the closing keyword.
    pub range: TextRange,
    pub end_line: u32,
    pub is_function: bool,
    pub is_export: bool,
    pub is_async: bool,
    pub directive: ContextDirective,
    /// Without the directive of the context.
    pub annotations: Vec<AnnotationFact>,
    pub parameters: Vec<ParameterFact>,
    /// The comments above; empty if there are none. Their text is read from the file when it is shown.
    pub description: TextRange,
    /// The description says so: «Устарела».
    pub is_deprecated: bool,
    /// From the description, else from the code; `Unknown` for procedures.
    pub returns: Shape,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContextDirective {
    #[default]
    None,
    AtClient,
    AtServer,
    AtServerNoContext,
    AtClientAtServer,
    AtClientAtServerNoContext,
}

/// `&Вместо("Метод")`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationFact {
    pub name: SmolStr,
    pub argument: SmolStr,
    pub place: Place,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterFact {
    pub name: SmolStr,
    pub place: Place,
    pub is_by_value: bool,
    /// Text of the default value; `None` if the parameter is required.
    pub default: Option<SmolStr>,
    /// From the description, else from the default value.
    pub shape: Shape,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VariableFact {
    pub name: SmolStr,
    pub place: Place,
    pub is_export: bool,
    pub directive: ContextDirective,
    pub description: TextRange,
    /// What assignments in the module give it.
    pub shape: Shape,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionFact {
    pub name: SmolStr,
    pub range: TextRange,
    pub line: u32,
    pub end_line: u32,
}

/// Names of a module in lower case, sorted: a reference holds an index, and whether a module uses a name at all
/// is one binary search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameIndex {
    names: Vec<SmolStr>,
}

/// One use of a name that may mean something outside its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Index into `names`: the name itself; of literals, their whole content.
    pub name: u32,
    /// Index into `names` of the path before the dot, `справочники.товары`; see `NO_RECEIVER`.
    pub receiver: u32,
    pub kind: ReferenceKind,
    /// Number of arguments of a call, 255 for more; skipped ones count.
    pub arguments: u8,
    pub place: Place,
}

impl Reference {
    /// The name stands alone.
    pub const NO_RECEIVER: u32 = u32::MAX;
    /// The name stands after a dot, before which is more than a path of names: `Новый Массив`, `Ф().`.
    pub const COMPLEX_RECEIVER: u32 = u32::MAX - 1;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReferenceKind {
    /// A call whose value is used.
    FunctionCall,
    /// A call as a statement.
    ProcedureCall,
    Read,
    /// The target of an assignment or a loop.
    Write,
    /// `Новый X`.
    New,
    /// A literal whose content is a name or a path of names: `"ОбработкаВыбора"`, `"Справочник.Товары"`.
    Literal,
    /// A table in a query text: `справочник.товары`.
    QueryTable,
    /// `&Вместо("X")`.
    Annotation,
}

impl NameIndex {
    /// Takes names in lower case in any order.
    pub fn new(mut names: Vec<SmolStr>) -> Self {
        names.sort_unstable();
        names.dedup();
        Self { names }
    }

    /// Index of a name given in lower case.
    pub fn find(&self, folded: &str) -> Option<u32> {
        self.names.binary_search_by(|name| name.as_str().cmp(folded)).ok().map(|index| index as u32)
    }

    pub fn get(&self, index: u32) -> Option<&SmolStr> {
        self.names.get(index as usize)
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
