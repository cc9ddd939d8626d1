//! What the editor shows and inserts.

use base::TextRange;
use semantics::{Definition, Type};

use crate::script::Script;

/// What an item is, for icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompletionKind {
    Variable,
    Parameter,
    Field,
    Property,
    Method,
    Function,
    Event,
    Constructor,
    Class,
    Enum,
    EnumValue,
    Module,
    Object,
    Form,
    Value,
    Text,
    Snippet,
    Keyword,
}

/// One proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct CompletionItem {
    pub label: String,
    pub kind: CompletionKind,
    /// What to insert; with placeholders of the protocol for snippets.
    pub text: String,
    pub is_snippet: bool,
    /// What the editor compares with the typed word, if not the label.
    pub filter: Option<String>,
    /// Shown right behind the label: `(Ключ, Значение?)`.
    pub signature: String,
    /// Shown at the far side: the type, the module.
    pub description: String,
    pub is_deprecated: bool,
    /// The editor should choose it.
    pub is_best: bool,
    /// What it means: documentation is made when the editor asks for it.
    pub definition: Option<Definition>,
    /// Code that is inserted besides the name, to be shown as documentation.
    pub preview: String,
    /// What to replace, where that is more than the word under the cursor.
    pub range: Option<TextRange>,
}

/// Proposals, the best first.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    pub items: Vec<CompletionItem>,
    /// The word before the cursor.
    pub insert: TextRange,
    /// The whole word.
    pub replace: TextRange,
    /// There are more; ask again when more is typed.
    pub is_incomplete: bool,
    /// Type of the value before the dot.
    pub receiver: Option<Type>,
    /// Language of the code around.
    pub script: Script,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletionOptions {
    /// The editor understands placeholders.
    pub snippets: bool,
    /// Most items of a list.
    pub limit: usize,
}

impl Default for CompletionOptions {
    fn default() -> Self {
        Self { snippets: true, limit: 300 }
    }
}
