//! What the model may know about the place of the caret.

/// The text around the caret and what is known about the names in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Where the module is, as its configuration names it: `ОбщийМодуль.Продажи`. Empty if unknown.
    pub module: String,
    /// Text left of the caret, from the start of the module or from a fixed line that is far enough above.
    pub prefix: String,
    /// Text right of the caret, at least to the end of the method.
    pub suffix: String,
    pub place: Place,
    /// Facts worth a few tokens, the most useful first. They never hold secrets.
    pub snippets: Vec<Snippet>,
    /// What the user has asked for in words; empty if only a completion is wanted.
    pub question: String,
}

/// In which language the caret stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    #[default]
    Code,
    /// Inside the text of a query.
    Query,
    /// Inside a string that is no query.
    Text,
    /// Inside an ordinary comment.
    Comment,
    /// Inside the comment that documents a method.
    Documentation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    pub kind: SnippetKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SnippetKind {
    /// Signature of a method that is called nearby.
    Signature,
    /// Names that may follow the dot at the caret.
    Members,
    /// Tables and fields of the query at the caret.
    Tables,
    /// Lines changed lately.
    RecentEdit,
    /// Lines of an open file that look like those at the caret.
    Similar,
}
