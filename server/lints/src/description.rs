//! Descriptions above methods, read as strictly as the rules about them need: which parameters and types of the result
//! they name. What a description means for types is the business of `semantics`.

use base::TextRange;
use syntax::{NodeId, Source, TokenKind};

/// How much deeper than the first a line may start that names a parameter; text that goes on starts deeper.
const INDENT_TOLERANCE: usize = 3;

/// Ranges are those of the source.
#[derive(Debug, Default)]
pub(crate) struct Description<'a> {
    pub parameters: Vec<DescribedParameter<'a>>,
    /// The last line of the list of parameters, or its header.
    pub parameters_end: Option<DescriptionLine<'a>>,
    /// `None` without a block about the result.
    pub returns: Option<Vec<DescribedType>>,
    /// The last line of the purpose.
    pub purpose_end: Option<DescriptionLine<'a>>,
    /// `См. Модуль.Метод` somewhere.
    pub has_link: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DescribedParameter<'a> {
    pub name: &'a str,
    pub has_type: bool,
    pub line: DescriptionLine<'a>,
    /// The last line about it.
    pub last: DescriptionLine<'a>,
}

/// Types of one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DescribedType {
    /// A text or fields tell more than its name.
    pub is_explained: bool,
}

/// A comment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DescriptionLine<'a> {
    /// Without slashes and blanks around it.
    pub text: &'a str,
    /// Blanks between the slashes and the text.
    pub indent: usize,
    /// Of the comment.
    pub range: TextRange,
}

/// The description of a method: comments above the keyword, else those above the first annotation.
pub(crate) fn description_of(source: Source<'_>, method: NodeId) -> Option<Description<'_>> {
    let tree = source.tree;
    let is_start = |kind| matches!(kind, TokenKind::Async | TokenKind::Procedure | TokenKind::Function);
    let span = tree.token_span(method);
    let keyword = span.clone().find(|index| is_start(tree.tokens()[*index].kind));
    let starts = [keyword, Some(span.start)].into_iter().flatten();
    let comments =
        starts.map(|index| source.leading_comments(index)).find(|comments| !comments.is_empty())?;
    let lines = comments.into_iter().map(|index| {
        let token = &tree.tokens()[index];
        let content = source.token_text(token).trim_start_matches('/');
        let text = content.trim_start();
        DescriptionLine { text: text.trim_end(), indent: content.len() - text.len(), range: token.range() }
    });
    Some(read(lines))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Purpose,
    Parameters,
    Returns,
    Other,
}

/// Words that open a block and stand alone on their line.
const HEADERS: [(&str, Block); 10] = [
    ("параметры:", Block::Parameters),
    ("parameters:", Block::Parameters),
    ("возвращаемое значение:", Block::Returns),
    ("returns:", Block::Returns),
    ("пример:", Block::Other),
    ("примеры:", Block::Other),
    ("example:", Block::Other),
    ("examples:", Block::Other),
    ("варианты вызова:", Block::Other),
    ("call options:", Block::Other),
];

const DEPRECATED: [&str; 3] = ["устарела", "deprecated", "deprecate"];

fn header(text: &str) -> Option<Block> {
    let known = HEADERS.iter().find(|(header, _)| base::same_name(header, text));
    known.map(|(_, block)| *block).or_else(|| {
        let word = &text[..text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len())];
        let is_note = DEPRECATED.iter().any(|known| base::same_name(known, word));
        (is_note && (text.len() == word.len() || text[word.len()..].starts_with('.'))).then_some(Block::Other)
    })
}

fn read<'a>(lines: impl Iterator<Item = DescriptionLine<'a>>) -> Description<'a> {
    let mut description = Description::default();
    let mut block = Block::Purpose;
    let mut indent = None;
    for line in lines {
        description.has_link |= has_link(line.text);
        if let Some(next) = header(line.text) {
            block = next;
            indent = None;
            match block {
                Block::Parameters => description.parameters_end = Some(line),
                Block::Returns => description.returns = description.returns.take().or(Some(Vec::new())),
                Block::Purpose | Block::Other => {}
            }
        } else if !line.text.is_empty() {
            match block {
                Block::Purpose => description.purpose_end = Some(line),
                Block::Other => {}
                Block::Parameters => parameter_line(&mut description, line, &mut indent),
                Block::Returns => {
                    let types = description.returns.get_or_insert_default();
                    return_line(types, line, &mut indent);
                }
            }
        }
    }
    description
}

fn parameter_line<'a>(
    description: &mut Description<'a>,
    line: DescriptionLine<'a>,
    indent: &mut Option<usize>,
) {
    description.parameters_end = Some(line);
    let is_first = indent.is_none();
    let limit = *indent.get_or_insert(line.indent) + INDENT_TOLERANCE;
    let named = named(line.text).filter(|_| line.indent <= limit).or_else(|| {
        let is_name = is_first && identifier_length(line.text) == line.text.len();
        if is_name {
            Some((line.text, false))
        } else {
            (is_first && link_length(line.text).is_some()).then_some((line.text, true))
        }
    });
    if let Some((name, has_type)) = named {
        description.parameters.push(DescribedParameter { name, has_type, line, last: line });
        return;
    }
    let Some(parameter) = description.parameters.last_mut() else { return };
    parameter.last = line;
    parameter.has_type |= continued_type(line.text).is_some();
}

fn return_line(types: &mut Vec<DescribedType>, line: DescriptionLine<'_>, indent: &mut Option<usize>) {
    let is_first = indent.is_none();
    let limit = *indent.get_or_insert(line.indent);
    let found = continued_type(line.text).or_else(|| {
        let is_aligned = is_first || (line.indent <= limit && !types.is_empty());
        if is_aligned && !line.text.starts_with('*') { types_at(line.text) } else { None }
    });
    match (found, types.last_mut()) {
        (Some(rest), _) => types.push(DescribedType { is_explained: !rest.is_empty() }),
        (None, Some(last)) => last.is_explained = true,
        (None, None) => {}
    }
}

/// `Имя - Типы`.
fn named(text: &str) -> Option<(&str, bool)> {
    let name = &text[..identifier_length(text)];
    let types = text[name.len()..].trim_start().strip_prefix(is_dash)?;
    (!name.is_empty() && types_at(types.trim_start()).is_some()).then_some((name, true))
}

/// ` - Тип` in a line of its own; what stands behind the types.
fn continued_type(text: &str) -> Option<&str> {
    types_at(text.strip_prefix(is_dash)?.trim_start())
}

/// A text starts with types; what stands behind them.
fn types_at(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[type_length(rest)?..];
        let behind = rest.trim_start();
        let Some(next) = behind.strip_prefix(',') else {
            rest = behind;
            break;
        };
        rest = next.trim_start();
        // The list goes on in the next line.
        if rest.is_empty() {
            return Some(rest);
        }
    }
    if rest.is_empty() || matches!(rest, "." | ";" | ":") {
        return Some("");
    }
    let behind = rest.strip_prefix(|letter| is_dash(letter) || letter == ':')?;
    Some(behind.trim_start())
}

/// `СправочникСсылка.Товары`, `Массив из Строка`, `см. Модуль.Функция()`.
fn type_length(text: &str) -> Option<usize> {
    if let Some(link) = link_length(text) {
        return Some(link);
    }
    let length = path_length(text);
    if length == 0 {
        return None;
    }
    let behind = text[length..].trim_start();
    let word = &behind[..identifier_length(behind)];
    let is_container = ["из", "of", "contains"].iter().any(|of| base::same_name(of, word));
    let element = behind[word.len()..].trim_start();
    let element_length = if is_container { type_length(element) } else { None };
    Some(element_length.map_or(length, |inner| text.len() - element.len() + inner))
}

/// `см. Модуль.Метод(Параметр)` at the start of a text.
fn link_length(text: &str) -> Option<usize> {
    let word = ["см.", "see"]
        .into_iter()
        .find(|word| text.get(..word.len()).is_some_and(|start| base::same_name(start, word)))?;
    let path = text[word.len()..].trim_start();
    let has_blank = path.len() + word.len() < text.len();
    let length = path_length(path);
    if length == 0 || !(has_blank || word.ends_with('.')) {
        return None;
    }
    let behind = &path[length..];
    let parentheses = if behind.starts_with('(') { behind.find(')').map_or(0, |end| end + 1) } else { 0 };
    Some(text.len() - behind.len() + parentheses)
}

fn has_link(text: &str) -> bool {
    let mut is_word_start = true;
    text.char_indices().any(|(at, letter)| {
        let is_start = is_word_start && matches!(letter, 'С' | 'с' | 'S' | 's');
        is_word_start = !letter.is_alphanumeric();
        is_start && link_length(&text[at..]).is_some()
    })
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '–' | '—')
}

fn identifier_length(text: &str) -> usize {
    let is_start = text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len());
    if is_start { end } else { 0 }
}

fn path_length(text: &str) -> usize {
    let mut end = identifier_length(text);
    while end > 0 && text[end..].starts_with('.') {
        match identifier_length(&text[end + 1..]) {
            0 => break,
            length => end += 1 + length,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_end_with_a_dash_or_the_line() {
        assert_eq!(types_at("Строка"), Some(""));
        assert_eq!(types_at("Строка, Число - текст"), Some("текст"));
        assert_eq!(types_at("Массив из СправочникСсылка.Товары:"), Some(""));
        assert_eq!(types_at("см. Модуль.Метод(А, Б) - так"), Some("так"));
        assert_eq!(types_at("See NewThing"), Some(""));
        assert_eq!(types_at("Строка,"), Some(""));
        assert_eq!(types_at("просто слова"), None);
        assert_eq!(types_at("1"), None);
    }

    #[test]
    fn links_stand_anywhere() {
        assert!(has_link("Подробнее см. Модуль.Метод.") && has_link("(see Other)"));
        assert!(!has_link("рассмотреть см") && !has_link("seen") && !has_link("Как-то так. Смысл."));
    }
}
