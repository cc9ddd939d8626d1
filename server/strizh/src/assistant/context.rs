//! From a place of a document to what the model is asked, and where it is not asked at all.

use std::path::Path;

use base::TextRange;
use ide::{ProjectDocument, PromptContext, PromptOptions, PromptPlace, PromptSnippetKind};
use syntax::Document;

use crate::assistant::lesson::module_key;
use crate::files::exclude_set;
use crate::lsp::{OpenDocument, Snapshot, World, path_of};
use crate::settings::AiLanguage;

/// A question with what the answer has to fit.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) context: ai::Context,
    /// As the model sees it: with the selected proposal of a list in it.
    pub(crate) document: Document,
    pub(crate) caret: u32,
    /// What is typed of the word at the caret.
    pub(crate) word: TextRange,
    /// Of the line, right of the caret.
    pub(crate) rest: String,
}

impl Prepared {
    pub(crate) fn typed(&self) -> String {
        self.document.slice(self.word)
    }

    /// Nothing, blanks or closing signs: whatever is inserted is not in the way.
    pub(crate) fn ends_line(&self) -> bool {
        self.rest.chars().all(|letter| letter.is_ascii_whitespace() || ")];\",".contains(letter))
    }
}

/// Describes a place of a document, which may differ from what the client has; `None` where the model is silent.
pub(crate) fn prepare(
    world: &World,
    snapshot: &Snapshot,
    open: &OpenDocument,
    of: ProjectDocument<'_>,
    caret: u32,
) -> Option<Prepared> {
    let path = path_of(&open.uri);
    if is_silent(snapshot, open, &path) {
        return None;
    }
    let document = of.document;
    let rope = document.rope();
    let caret = caret.min(document.len());
    let line = rope.byte_to_line(caret as usize);
    let line_start = rope.line_to_byte(line) as u32;
    let line_end = rope.line_to_byte((line + 1).min(rope.len_lines())) as u32;
    let left = document.slice(TextRange { start: line_start, end: caret });
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let typed = left.len() - left.trim_end_matches(is_word).len();
    let rest = document.slice(TextRange { start: caret, end: line_end.max(caret) });
    let recent = world.assistant.recent.lock().lines(snapshot, &open.uri, line as u32);
    let before = document.slice(TextRange { start: caret.saturating_sub(1500), end: caret });
    let similar = world.assistant.similar.pieces(snapshot, &open.uri, &before);
    let options = PromptOptions { recent_edits: &recent, similar: &similar, ..PromptOptions::default() };
    let context = ide::prompt_context(of, caret, &options)?;
    let silent = |language| snapshot.settings.ai.disabled_languages.contains(&language);
    let is_off = match context.place {
        PromptPlace::Query => silent(AiLanguage::Query),
        PromptPlace::Comment | PromptPlace::Documentation => silent(AiLanguage::Comment),
        PromptPlace::Code | PromptPlace::Text => false,
    };
    (!is_off).then(|| Prepared {
        context: to_context(context, module_key(snapshot, &path)),
        document: document.clone(),
        caret,
        word: TextRange { start: caret - typed as u32, end: caret },
        rest: rest.trim_end_matches(['\r', '\n']).to_owned(),
    })
}

/// Places that the settings leave out.
pub(crate) fn is_silent(snapshot: &Snapshot, open: &OpenDocument, path: &Path) -> bool {
    let settings = &snapshot.settings.ai;
    let language = if open.module.is_oscript { AiLanguage::OneScript } else { AiLanguage::Bsl };
    settings.disabled_languages.contains(&language) || is_left_out(snapshot, path)
}

/// Files that are neither completed nor read.
pub(crate) fn is_left_out(snapshot: &Snapshot, path: &Path) -> bool {
    let folders = &snapshot.settings.ai.disabled_folders;
    if folders.is_empty() {
        return false;
    }
    let (set, _) = exclude_set(folders);
    let roots = &snapshot.session.roots;
    roots.iter().filter_map(|root| path.strip_prefix(root).ok()).any(|inside| set.is_match(inside))
}

/// In the terms of the crate `ai`.
pub(crate) fn to_context(context: PromptContext, module: String) -> ai::Context {
    let kind = |kind| match kind {
        PromptSnippetKind::Signature => ai::SnippetKind::Signature,
        PromptSnippetKind::Members => ai::SnippetKind::Members,
        PromptSnippetKind::Tables => ai::SnippetKind::Tables,
        PromptSnippetKind::RecentEdit => ai::SnippetKind::RecentEdit,
        PromptSnippetKind::Similar => ai::SnippetKind::Similar,
    };
    let snippets = context.snippets.into_iter();
    ai::Context {
        module,
        prefix: context.prefix,
        suffix: context.suffix,
        place: match context.place {
            PromptPlace::Code => ai::Place::Code,
            PromptPlace::Query => ai::Place::Query,
            PromptPlace::Text => ai::Place::Text,
            PromptPlace::Comment => ai::Place::Comment,
            PromptPlace::Documentation => ai::Place::Documentation,
        },
        snippets: snippets.map(|it| ai::Snippet { kind: kind(it.kind), text: it.text }).collect(),
        question: String::new(),
    }
}
