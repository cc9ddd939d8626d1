//! The border to the protocol: byte offsets become lines and columns, plain values become protocol types.

use base::{Edit, Severity, TextRange};
use lints::{Finding, RuleSet, Text};
use syntax::{Change, Document, Position, PositionEncoding};
use tower_lsp::gen_lsp_types as lsp;

use crate::analysis::{Tag, tags};
use crate::lsp::positions::AscendingPositions;
use crate::lsp::session::Session;
use crate::lsp::world::OpenDocument;

/// Name under which editors show diagnostics.
pub(crate) const SOURCE: &str = "strizh";

/// What editors show next to a further place of a finding.
const RELATED: Text = Text { ru: "смотрите также", en: "see also" };
/// More places than anyone looks at.
const MAX_RELATED: usize = 50;

/// Converts positions of one text.
#[derive(Clone, Copy)]
pub(crate) struct Converter<'a> {
    document: &'a Document,
    encoding: PositionEncoding,
}

impl<'a> Converter<'a> {
    pub(crate) fn new(document: &'a Document, encoding: PositionEncoding) -> Self {
        Self { document, encoding }
    }

    pub(crate) fn position(&self, offset: u32) -> lsp::Position {
        let Position { line, column } = self.document.to_position(offset, self.encoding);
        lsp::Position { line, character: column }
    }

    pub(crate) fn range(&self, range: TextRange) -> lsp::Range {
        lsp::Range { start: self.position(range.start), end: self.position(range.end) }
    }

    /// A position behind the last line means the end of the text.
    pub(crate) fn offset(&self, position: lsp::Position) -> u32 {
        let position = Position::new(position.line, position.character);
        self.document.to_offset(position, self.encoding).unwrap_or(self.document.len())
    }

    pub(crate) fn text_range(&self, range: lsp::Range) -> TextRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        TextRange { start: start.min(end), end: start.max(end) }
    }

    /// For offsets that only grow: reads the text once instead of searching for every offset.
    pub(crate) fn ascending(&self) -> AscendingPositions<'a> {
        AscendingPositions::new(self.document.rope(), self.encoding)
    }

    pub(crate) fn text_edit(&self, edit: Edit) -> lsp::TextEdit {
        lsp::TextEdit { range: self.range(edit.range), new_text: edit.text }
    }

    pub(crate) fn text_edits(&self, edits: Vec<Edit>) -> Vec<lsp::TextEdit> {
        edits.into_iter().map(|edit| self.text_edit(edit)).collect()
    }

    pub(crate) fn diagnostic(
        &self,
        finding: &Finding,
        rules: &RuleSet,
        uri: &lsp::Uri,
        session: &Session,
    ) -> lsp::Diagnostic {
        let message = finding.message(rules.locale());
        let tags: Vec<_> = tags(finding).into_iter().map(tag).collect();
        let label = RELATED.get(rules.locale());
        let others = finding.related.iter().filter(|range| **range != finding.range);
        let related: Vec<_> = others
            .take(if session.related_information { MAX_RELATED } else { 0 })
            .map(|range| lsp::DiagnosticRelatedInformation {
                location: lsp::Location { uri: uri.clone(), range: self.range(*range) },
                message: label.to_owned(),
            })
            .collect();
        let key = finding.rule.info().key;
        let page = session.rule_pages.as_ref().and_then(|pages| pages.uri(key, rules.locale()));
        lsp::Diagnostic {
            range: self.range(finding.range),
            severity: Some(severity(rules.severity(finding.rule))),
            code: Some(lsp::Code::String(key.to_owned())),
            code_description: page.map(|href| lsp::CodeDescription { href: href.clone() }),
            source: Some(SOURCE.to_owned()),
            message: lsp::Message::String(message),
            tags: (!tags.is_empty()).then_some(tags),
            related_information: (!related.is_empty()).then_some(related),
            data: None,
        }
    }
}

/// Edits of an open document, with its version if the client understands it: an edit for another revision is refused
/// then.
pub(crate) fn workspace_edit(open: &OpenDocument, session: &Session, edits: Vec<Edit>) -> lsp::WorkspaceEdit {
    let edits = Converter::new(&open.document, session.encoding).text_edits(edits);
    let uri = open.uri.clone();
    if !session.document_changes {
        return lsp::WorkspaceEdit { changes: Some([(uri, edits)].into()), ..Default::default() };
    }
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
        version: Some(open.version),
        text_document_identifier: lsp::TextDocumentIdentifier { uri },
    };
    let edits = edits.into_iter().map(lsp::Edit::TextEdit).collect();
    let change = lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit { text_document, edits });
    lsp::WorkspaceEdit { document_changes: Some(vec![change]), ..Default::default() }
}

/// Position of an offset in the text that edits leave.
pub(crate) fn position_after(
    document: &Document,
    edits: &[Edit],
    offset: u32,
    encoding: PositionEncoding,
) -> lsp::Position {
    let (text, _) = base::apply_edits(&document.text(), edits.to_vec());
    AscendingPositions::new(&ropey::Rope::from_str(&text), encoding).position(offset)
}

/// A change of the client in our terms.
pub(crate) fn change(event: lsp::TextDocumentContentChangeEvent) -> Change {
    let position = |position: lsp::Position| Position::new(position.line, position.character);
    match event {
        lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => Change {
            range: Some((position(change.range.start), position(change.range.end))),
            text: change.text,
        },
        lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
            Change { range: None, text: change.text }
        }
    }
}

/// Numbers and texts are different tokens for the protocol; one spelling is enough for us.
pub(crate) fn progress_token(token: &lsp::ProgressToken) -> String {
    match token {
        lsp::ProgressToken::Int(number) => number.to_string(),
        lsp::ProgressToken::String(text) => text.clone(),
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Information => lsp::DiagnosticSeverity::Information,
        Severity::Hint => lsp::DiagnosticSeverity::Hint,
    }
}

fn tag(tag: Tag) -> lsp::DiagnosticTag {
    match tag {
        Tag::Unused => lsp::DiagnosticTag::Unnecessary,
        Tag::Deprecated => lsp::DiagnosticTag::Deprecated,
    }
}
