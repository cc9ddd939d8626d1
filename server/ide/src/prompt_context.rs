//! What a language model should know about a place: the text around it and the names that matter there. Only the section
//! around the caret is read, and the window of text begins at a fixed line, so that typing changes its end only.

mod secrets;
mod snippets;

use base::TextRange;
use syntax::Document;

use crate::completion::{PositionKind, completion_position};
use crate::meaning::ProjectDocument;
use crate::script::Script;
use crate::workspace_symbols::module_name;

pub use crate::prompt_context::secrets::{has_secret, mask_secrets};

/// The text around a place and what is known about the names in it. It holds no secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptContext {
    /// As the configuration names it: `ОбщийМодуль.Продажи`. Empty if unknown.
    pub module: String,
    /// From a fixed line to the caret.
    pub prefix: String,
    /// From the caret to the end of a line below.
    pub suffix: String,
    pub place: PromptPlace,
    /// Language of the keywords around.
    pub script: Script,
    /// The most useful first.
    pub snippets: Vec<PromptSnippet>,
}

/// In which language the caret stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PromptPlace {
    #[default]
    Code,
    Query,
    /// A literal that is no query.
    Text,
    Comment,
    /// The comment that documents a method.
    Documentation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptSnippet {
    pub kind: PromptSnippetKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptSnippetKind {
    /// Header of a method that is called nearby.
    Signature,
    /// Names that may follow a dot.
    Members,
    /// A table of the query with its fields.
    Tables,
    RecentEdit,
    /// Lines elsewhere that look like those at the caret.
    Similar,
}

/// How much to look at, and what only the caller knows.
#[derive(Clone, Copy, Debug)]
pub struct PromptOptions<'a> {
    pub prefix_bytes: u32,
    pub suffix_bytes: u32,
    /// Lines that were changed lately, the newest first.
    pub recent_edits: &'a [String],
    /// Lines of other open files, the most similar first.
    pub similar: &'a [String],
}

impl Default for PromptOptions<'_> {
    fn default() -> Self {
        Self { prefix_bytes: 12 * 1024, suffix_bytes: 2 * 1024, recent_edits: &[], similar: &[] }
    }
}

/// Describes the place at an offset; `None` inside a secret.
pub fn prompt_context(
    of: ProjectDocument<'_>,
    offset: u32,
    options: &PromptOptions<'_>,
) -> Option<PromptContext> {
    let rope = of.document.rope();
    // Inside a letter is before it.
    let offset = rope.char_to_byte(rope.byte_to_char(offset.min(of.document.len()) as usize)) as u32;
    let position = completion_position(of.document, offset);
    let window = window(of.document, offset, options);
    let place = place_of(&position.kind);
    if place == PromptPlace::Text && is_in_secret(of.document, offset) {
        return None;
    }
    let text = |range| mask_secrets(&of.document.slice(range)).into_owned();
    let mut snippets = snippets::around(of, offset, &position);
    let given = |kind, texts: &[String]| {
        let masked = texts.iter().map(|text| PromptSnippet { kind, text: mask_secrets(text).into_owned() });
        masked.collect::<Vec<_>>()
    };
    snippets.extend(given(PromptSnippetKind::RecentEdit, options.recent_edits));
    snippets.extend(given(PromptSnippetKind::Similar, options.similar));
    Some(PromptContext {
        module: module_name(of.project, of.module),
        prefix: text(TextRange { start: window.start, end: offset }),
        suffix: text(TextRange { start: offset, end: window.end }),
        place,
        script: position.script,
        snippets,
    })
}

fn place_of(kind: &PositionKind) -> PromptPlace {
    match kind {
        PositionKind::Query { .. } => PromptPlace::Query,
        PositionKind::String { .. } => PromptPlace::Text,
        PositionKind::Comment { is_description: true } => PromptPlace::Documentation,
        PositionKind::Comment { .. } => PromptPlace::Comment,
        _ => PromptPlace::Code,
    }
}

/// The literal that the caret is in is one that would be masked.
fn is_in_secret(document: &Document, offset: u32) -> bool {
    let rope = document.rope();
    let line = rope.byte_to_line(offset as usize);
    let start = rope.line_to_byte(line) as u32;
    let typed = document.slice(TextRange { start, end: offset });
    has_secret(&format!("{typed}\""))
}

/// Whole lines around the caret. The start moves by half of what is allowed, when it has to move.
fn window(document: &Document, caret: u32, options: &PromptOptions<'_>) -> TextRange {
    let rope = document.rope();
    let line_start = |offset: u32| rope.line_to_byte(rope.byte_to_line(offset as usize)) as u32;
    let whole_letter = |offset: u32| rope.char_to_byte(rope.byte_to_char(offset as usize)) as u32;
    let start = match caret.checked_sub(options.prefix_bytes) {
        None | Some(0) => 0,
        Some(excess) => {
            let step = (options.prefix_bytes / 2).max(1);
            let at = excess.div_ceil(step).saturating_mul(step).min(caret);
            let next = rope.byte_to_line(at as usize) + 1;
            // The caret's line is cut if it is longer than everything that is wanted.
            if next <= rope.byte_to_line(caret as usize) {
                rope.line_to_byte(next) as u32
            } else {
                line_start(at).max(whole_letter(excess))
            }
        }
    };
    let limit = caret.saturating_add(options.suffix_bytes);
    let end = if limit >= document.len() {
        document.len()
    } else {
        let end = line_start(limit);
        if end > caret { end } else { whole_letter(limit) }
    };
    TextRange { start: start.min(caret), end }
}
