//! `НСтр` with languages left out: two rules tell texts that are templates from all others.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::{arguments_of, is_global_call};
use crate::context::Context;
use crate::later_places::{LaterPlaces, end_of_block};
use crate::literals::code;
use crate::name_hash::code_hash;
use crate::rule::{ParamDefault, ParamInfo, Rule, Text};
use crate::sound_nodes::sound_nodes;

const NSTR: &[&str] = &["НСтр", "NStr"];
const TEMPLATE: &[&str] = &["СтрШаблон", "StrTemplate"];

/// The parameter of both rules.
pub(crate) const DECLARED_LANGUAGES: ParamInfo = ParamInfo {
    name: "declaredLanguages",
    default: ParamDefault::String("ru"),
    meaning: Text {
        ru: "коды языков, которые должны быть в каждом тексте, через запятую",
        en: "codes of the languages that every text must have, separated by commas",
    },
};

/// Which texts a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextUse {
    Template,
    Other,
}

/// A whole rule: texts that lack one of the languages.
pub(crate) struct MissingLanguages {
    pub languages: Vec<String>,
    pub text_use: TextUse,
}

impl Rule for MissingLanguages {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut templates = None;
        for node in sound_nodes(source.tree).filter(|node| is_global_call(source, *node, NSTR)) {
            let Some(missing) = self.missing_language(source, node) else { continue };
            let templates = templates.get_or_insert_with(|| passed_to_templates(source));
            if text_use(source, node, templates) == self.text_use {
                ctx.report_node(node).arg(missing);
            }
        }
    }
}

impl MissingLanguages {
    /// A language that the text does not have. Texts that are no literals are not judged.
    fn missing_language(&self, source: Source<'_>, call: NodeId) -> Option<&str> {
        let first = arguments_of(source.tree, call).next().flatten();
        let text = match first {
            None => "".into(),
            Some(first) => {
                source.tree.first_token(first).filter(|token| token.kind.is_string())?;
                code(source, first)
            }
        };
        self.languages.iter().find(|language| !has_language(&text, language)).map(String::as_str)
    }
}

/// The text holds the key, blanks, `=`, blanks and what usually is a quote.
fn has_language(text: &str, language: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_blank = |letter: char| letter.is_ascii_whitespace() || letter == '\u{b}';
    text.match_indices('=').any(|(index, _)| {
        let before = text[..index].trim_end_matches(is_blank);
        let key = &before[before.trim_end_matches(is_word).len()..];
        let next = text[index + 1..].trim_start_matches(is_blank).chars().next();
        key == language && matches!(next, Some('\'' | '|' | '"' | '{' | '2' | '}'))
    })
}

fn passed_to_templates(source: Source<'_>) -> LaterPlaces {
    let mut templates = LaterPlaces::default();
    for node in sound_nodes(source.tree).filter(|node| is_global_call(source, *node, TEMPLATE)) {
        templates.add_arguments(source, node);
    }
    templates
}

/// The text is an argument of a template, or it is assigned to something that becomes one further down.
fn text_use(source: Source<'_>, call: NodeId, templates: &LaterPlaces) -> TextUse {
    let tree = source.tree;
    let is_template = tree.ancestors(call).any(|ancestor| is_global_call(source, ancestor, TEMPLATE))
        || assigned_place(tree, call).is_some_and(|place| {
            let line = tree.first_token(call).map_or(0, |token| token.line);
            templates.has_below(code_hash(source, place), call, end_of_block(tree, call), line)
        });
    if is_template { TextUse::Template } else { TextUse::Other }
}

/// Left side of the assignment around a node.
fn assigned_place(tree: &SyntaxTree, node: NodeId) -> Option<NodeId> {
    let assignment = tree.ancestors(node).find(|ancestor| tree.kind(*ancestor) == NodeKind::Assignment)?;
    tree.child(assignment, Role::Left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_languages() {
        assert!(has_language("\"ru='Да'; en = 'Yes'\"", "ru"));
        assert!(has_language("\"ru='Да'; en = 'Yes'\"", "en"));
        assert!(has_language("\"ru=\n|'Да'\"", "ru"));
        assert!(!has_language("\"ru='Да'\"", "RU"));
        assert!(!has_language("\"aru='Да'; ru=Да\"", "ru"));
    }
}
