//! The comment that documents a method, filled with what is known: types of parameters, what is returned, and the words
//! of the name where nothing better is said.

use base::Edit;
use semantics::{Definition, Type};

use crate::code::Code;
use crate::completion::asked::platform_script;
use crate::meaning::ProjectDocument;
use crate::script::Script;

/// Where a comment is missing, and what it can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodComment {
    /// Where the header of the method begins.
    pub offset: u32,
    /// The purpose, made from the name.
    pub purpose: String,
    indent: String,
    line_break: &'static str,
    /// Lines behind the purpose, with their slashes.
    rest: Vec<String>,
}

impl MethodComment {
    /// The comment as one edit.
    pub fn edit(&self, purpose: &str) -> Edit {
        let separator = format!("{}{}", self.line_break, self.indent);
        let mut lines = vec![format!("// {}", purpose.trim())];
        lines.extend(self.rest.iter().cloned());
        Edit::insert(self.offset, format!("{}{separator}", lines.join(&separator)))
    }
}

/// The comment for the method around an offset, if it has none.
pub fn method_comment(of: ProjectDocument<'_>, offset: u32) -> Option<MethodComment> {
    let module = of.project.module(of.module)?;
    let index = module.method_at(offset)?;
    let method = module.method(index)?;
    let section = of.section(method.place().offset);
    let source = section.source();
    let node =
        source.tree.children(syntax::SyntaxTree::ROOT).find(|node| source.tree.kind(*node).is_method())?;
    if !Code::of(source).doc_comments(node).is_empty() {
        return None;
    }
    let start = source.tree.range(node).start;
    let line = source.text.get(..start as usize)?.rsplit('\n').next()?;
    if !line.trim().is_empty() {
        return None;
    }
    let script = Script::of(of.document, source);
    let type_of = |definition| {
        let value = of.scope().type_of_definition(&definition);
        shown(of, &value, script)
    };
    let mut rest = vec!["//".to_owned()];
    if method.parameters().len() > 0 {
        rest.push(format!("// {}:", script.pick("Параметры", "Parameters")));
        for (place, parameter) in method.parameters().enumerate() {
            let definition = Definition::Parameter { module: of.module, method: index, index: place as u32 };
            rest.push(format!("//  {} - {} - ", parameter.name, type_of(definition)));
        }
        rest.push("//".to_owned());
    }
    if method.is_function {
        rest.push(format!("// {}:", script.pick("Возвращаемое значение", "Returns")));
        rest.push(format!("//  {} - ", type_of(Definition::Method { module: of.module, index })));
        rest.push("//".to_owned());
    }
    Some(MethodComment {
        offset: section.in_document(source.tree.range(node)).start,
        purpose: words_of(&method.name),
        indent: line.to_owned(),
        line_break: if source.text.contains("\r\n") { "\r\n" } else { "\n" },
        rest,
    })
}

fn shown(of: ProjectDocument<'_>, value: &Type, script: Script) -> String {
    let text = value.display(of.project, platform_script(script)).replace(" | ", ", ");
    if text.is_empty() { script.pick("Произвольный", "Arbitrary").to_owned() } else { text }
}

/// `ПолучитьДанныеТовара` → `Получить данные товара.`; abbreviations stay.
fn words_of(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let is_next_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let starts = match before {
            None => true,
            Some(before) if letter.is_uppercase() => !before.is_uppercase() || is_next_lower,
            Some(before) => letter.is_numeric() != before.is_numeric() && !before.is_uppercase(),
        };
        if *letter == '_' {
            words.push(String::new());
        } else if starts || words.is_empty() {
            words.push(letter.to_string());
        } else if let Some(word) = words.last_mut() {
            word.push(*letter);
        }
    }
    words.retain(|word| !word.is_empty());
    let is_abbreviation = |word: &str| word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let spelled = words.iter().enumerate().map(|(index, word)| match index {
        0 => word.clone(),
        _ if is_abbreviation(word) => word.clone(),
        _ => word.to_lowercase(),
    });
    format!("{}.", spelled.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn names_become_sentences() {
        for (name, words) in [
            ("ПолучитьДанныеТовара", "Получить данные товара."),
            ("ВыгрузитьXMLФайл", "Выгрузить XML файл."),
            ("ReadHTTPAnswer2", "Read HTTP answer 2."),
            ("А", "А."),
            ("при_записи", "при записи."),
        ] {
            assert_eq!(words_of(name), words);
        }
    }
}
