//! The flat tree of one section, and the names that a module declares: what features ask while somebody types.
//! Neither costs a pass over the whole module.

use base::TextRange;
use tree_sitter::Node;

use crate::document::Document;
use crate::parser::parse_text;
use crate::section::{section_around, section_ranges};
use crate::source::Source;
use crate::token::{Token, TokenKind};
use crate::tree::SyntaxTree;

/// Text and tree of one section; offsets inside count from its start.
#[derive(Clone, Debug)]
pub struct SectionTree {
    /// Place in the document, whole lines.
    pub range: TextRange,
    text: String,
    tree: SyntaxTree,
}

impl SectionTree {
    /// Parses a piece of a text by itself: a method of a module that is not open.
    pub fn parse(text: &str, range: TextRange) -> Self {
        let text = range.slice(text).to_owned();
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(&text), TextRange::from(0..text.len()), &text);
        Self { range, text, tree }
    }

    pub fn source(&self) -> Source<'_> {
        Source { text: &self.text, tree: &self.tree }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclarationKind {
    Procedure,
    Function,
    Variable,
}

/// A method or a variable of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredName {
    pub kind: DeclarationKind,
    pub name: String,
    /// Of the name.
    pub range: TextRange,
    pub is_export: bool,
    pub is_in_region: bool,
}

impl Document {
    /// The section that holds an offset: the one that starts there, if it is between two.
    pub fn section_at(&self, offset: u32) -> SectionTree {
        self.lower_section(section_around(self, offset.min(self.len())))
    }

    /// The sections that a range touches, in order; each is lowered when it is asked for.
    pub fn sections_in(&self, range: TextRange) -> impl Iterator<Item = SectionTree> {
        let touched = section_ranges(self).into_iter();
        let touched = touched.filter(move |section| section.start <= range.end && range.start <= section.end);
        touched.map(|section| self.lower_section(section))
    }

    /// Like `section_at`; a method before the offset that has no end yet belongs to it.
    pub fn open_section_at(&self, offset: u32) -> SectionTree {
        let section = self.section_at(offset);
        let start = section.range.start;
        let first = section.tree.tokens().first().map_or(u32::MAX, |token| token.start.saturating_add(start));
        let Some(before) = start.checked_sub(1).filter(|_| offset <= first) else { return section };
        let before = self.section_at(before);
        let is_method = |token: &Token| matches!(token.kind, TokenKind::Procedure | TokenKind::Function);
        let is_end = |token: &Token| matches!(token.kind, TokenKind::EndProcedure | TokenKind::EndFunction);
        let mut tokens = before.tree.tokens().iter().rev();
        let last = tokens.find(|token| is_method(token) || is_end(token));
        if !last.is_some_and(is_method) {
            return section;
        }
        self.lower_section(before.range.cover(section.range))
    }

    fn lower_section(&self, range: TextRange) -> SectionTree {
        let text = self.slice(range);
        let mut tree = SyntaxTree::default();
        tree.lower(self.tree(), range, &text);
        SectionTree { range, text, tree }
    }

    /// Methods and variables that the module declares outside methods, in order.
    pub fn declared_names(&self) -> Vec<DeclaredName> {
        let mut names = Vec::new();
        let mut open_regions = 0_u32;
        let mut cursor = self.tree().walk();
        let mut has_child = cursor.goto_first_child();
        while has_child {
            let node = cursor.node();
            match node.kind() {
                "preproc_region" => open_regions += 1,
                "preproc_endregion" => open_regions = open_regions.saturating_sub(1),
                _ => self.add_names(node, open_regions > 0, &mut names),
            }
            has_child = cursor.goto_next_sibling();
        }
        names
    }

    fn add_names(&self, node: Node<'_>, is_in_region: bool, names: &mut Vec<DeclaredName>) {
        let kind = match node.kind() {
            "procedure_definition" => DeclarationKind::Procedure,
            "function_definition" => DeclarationKind::Function,
            "var_declaration" => {
                let mut cursor = node.walk();
                for variable in node.children(&mut cursor).filter(|child| child.kind() == "variable") {
                    names.extend(self.declared_name(variable, DeclarationKind::Variable, is_in_region));
                }
                return;
            }
            _ => return,
        };
        names.extend(self.declared_name(node, kind, is_in_region));
    }

    fn declared_name(
        &self,
        node: Node<'_>,
        kind: DeclarationKind,
        is_in_region: bool,
    ) -> Option<DeclaredName> {
        let name = node.child_by_field_name("name")?;
        let range = TextRange::from(name.start_byte()..name.end_byte());
        let is_export = node.child_by_field_name("export").is_some();
        Some(DeclaredName { kind, name: self.slice(range), range, is_export, is_in_region })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::sections_of_document;

    const MODULE: &str = "Перем А, Б Экспорт;\n\n// О методе.\nПроцедура П() Экспорт\n\tВ = 1;\nКонецПроцедуры // конец\n\n\
        Function F(X) Return X EndFunction Г = 1;\nПроцедура Р()\nКонецПроцедуры\nД = П;\n";

    #[test]
    fn every_offset_has_the_section_that_the_module_is_cut_into() {
        let unfinished = "Процедура А(\n\tБ = Б + ;\nКонецПроцедуры\nПроцедура В()\n\tЕсли";
        for text in [MODULE, "", "А", unfinished, "Процедура А()\r\nКонецПроцедуры\r\n"]
        {
            let document = Document::new(text);
            let sections = sections_of_document(&document);
            for offset in 0..=document.len() + 1 {
                let expected = sections.iter().find(|section| section.range.end > offset);
                let expected = expected.or(sections.last()).map(|section| section.range);
                let found = document.section_at(offset);
                assert_eq!(Some(found.range), expected, "at {offset} of {text:?}");
                assert_eq!(found.source().text, found.range.slice(text));
            }
            let all = document.sections_in(TextRange { start: 0, end: document.len() });
            let expected: Vec<_> = sections.iter().map(|section| section.range).collect();
            assert_eq!(all.map(|section| section.range).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn the_tree_of_a_section_is_that_of_the_module() {
        let document = Document::new(MODULE);
        let offset = MODULE.find("В = 1").unwrap_or_default() as u32;
        let section = document.section_at(offset);
        let shifted: Vec<_> = section
            .source()
            .tree
            .tokens()
            .iter()
            .map(|token| token.range().shifted(section.range.start))
            .collect();
        let all: Vec<_> = document.flat().tree.tokens().iter().map(|token| token.range()).collect();
        assert!(!shifted.is_empty() && shifted.iter().all(|range| all.contains(range)));
    }

    #[test]
    fn a_method_without_its_end_goes_on() {
        let text = "Процедура А()\nКонецПроцедуры\nПроцедура Б()\n\tЕсли В Тогда\n\t\t\n\nПроцедура Г()\nКонецПроцедуры\n\n";
        let document = Document::new(text);
        let texts = |offset: usize| document.open_section_at(offset as u32).source().text.to_owned();
        assert!(texts(text.find("\n\nПроцедура Г").unwrap_or_default()).starts_with("Процедура Б"));
        assert!(texts(text.find("Процедура Б").unwrap_or_default()).starts_with("Процедура Б"));
        assert_eq!(texts(text.len()), "\n");
    }

    #[test]
    fn names_of_the_module_are_listed_without_its_tree() {
        let names = Document::new(MODULE).declared_names();
        let shown: Vec<_> = names.iter().map(|it| (it.kind, it.name.as_str(), it.is_export)).collect();
        assert_eq!(
            shown,
            [
                (DeclarationKind::Variable, "А", false),
                (DeclarationKind::Variable, "Б", true),
                (DeclarationKind::Procedure, "П", true),
                (DeclarationKind::Function, "F", false),
                (DeclarationKind::Procedure, "Р", false),
            ]
        );
        assert!(names.iter().all(|it| it.range.slice(MODULE) == it.name));
    }
}
