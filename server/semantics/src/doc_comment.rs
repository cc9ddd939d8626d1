//! Descriptions above methods, as the development standard lays them out: text, parameters with types and fields, the
//! returned value, examples, what to use instead. Prose stays prose: a type is written in a form of its own.

mod entries;
mod lines;
mod links;
mod types;

#[cfg(test)]
mod tests;

pub(crate) use links::links_of;
pub(crate) use types::{inline_types, leading_types};

use base::TextRange;
use smol_str::SmolStr;

use crate::doc_comment::entries::EntryList;
use crate::doc_comment::lines::{Line, SectionKind, doc_lines, section_header};
use crate::shape::Shape;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocComment {
    /// What stands before the first section, with line breaks.
    pub description: String,
    pub parameters: Vec<DocParameter>,
    pub returns: Option<DocReturn>,
    pub examples: String,
    pub call_options: String,
    /// What stands behind «Устарела.», the replacement as a rule.
    pub deprecated: Option<String>,
    /// All links of the comment.
    pub see: Vec<DocLink>,
    /// The description is one link: everything is described there.
    pub described_at: Option<SmolStr>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocParameter {
    pub name: SmolStr,
    /// Of the name in the comment.
    pub range: TextRange,
    pub shape: Shape,
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocReturn {
    pub shape: Shape,
    pub description: String,
}

/// `См. ОбщегоНазначения.Метод`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocLink {
    pub path: SmolStr,
    /// Of the path in the comment.
    pub range: TextRange,
}

impl DocComment {
    /// Reads comments of consecutive lines; lines that are no comments are passed over. Ranges are those of `text`.
    pub fn parse(text: &str) -> Self {
        let mut parser = Parser::default();
        for line in doc_lines(text) {
            parser.line(line);
        }
        parser.finish()
    }

    /// The described parameter of a name, in any case.
    pub fn parameter(&self, name: &str) -> Option<&DocParameter> {
        self.parameters.iter().find(|parameter| base::same_name(&parameter.name, name))
    }
}

#[derive(Default)]
struct Parser {
    comment: DocComment,
    section: SectionKind,
    parameters: EntryList,
    returns: EntryList,
    has_returns: bool,
}

impl Parser {
    fn line(&mut self, line: Line<'_>) {
        links::find(line, &mut self.comment.see);
        let Some((section, rest)) = section_header(line) else { return self.content(line) };
        self.section = section;
        if section == SectionKind::Deprecated {
            self.comment.deprecated = Some(String::new());
        }
        self.has_returns |= section == SectionKind::Returns;
        if !rest.text.is_empty() {
            self.content(rest);
        }
    }

    fn content(&mut self, line: Line<'_>) {
        match self.section {
            SectionKind::Description => append(&mut self.comment.description, line.text),
            SectionKind::Parameters => self.parameters.parameter_line(line),
            SectionKind::Returns => self.returns.return_line(line),
            SectionKind::Examples => append(&mut self.comment.examples, line.text),
            SectionKind::CallOptions => append(&mut self.comment.call_options, line.text),
            SectionKind::Deprecated => self.deprecated_line(line),
        }
    }

    /// The note ends with its paragraph.
    fn deprecated_line(&mut self, line: Line<'_>) {
        if line.text.is_empty() {
            self.section = SectionKind::Description;
        } else {
            append(self.comment.deprecated.get_or_insert_default(), line.text);
        }
    }

    fn finish(mut self) -> DocComment {
        let mut comment = self.comment;
        for text in [&mut comment.description, &mut comment.examples, &mut comment.call_options] {
            text.truncate(text.trim_end().len());
        }
        comment.parameters = self.parameters.into_parameters();
        comment.returns = self.has_returns.then(|| self.returns.take_return());
        comment.described_at = links::only_link(&comment.description);
        comment
    }
}

/// Adds a line; blank lines in front are dropped.
fn append(text: &mut String, line: &str) {
    if text.is_empty() && line.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
