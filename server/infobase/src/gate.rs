//! The syntax gate: broken text goes nowhere.

use base::TextRange;
use syntax::{SyntaxErrorKind, SyntaxTree, parse_text};

use crate::message::{Diagnostic, DiagnosticSeverity};

/// More of them tell nothing new.
const MAX_ERRORS: usize = 20;

/// What our parser complains about; an empty list lets the text pass.
pub fn syntax_errors(text: &str, locale: base::Locale) -> Vec<Diagnostic> {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    let errors = tree.errors().iter().take(MAX_ERRORS);
    errors
        .map(|error| {
            let (line, column) = place(&tree, text, error.range.start);
            let message = message(error.kind, locale);
            Diagnostic { line, column, severity: DiagnosticSeverity::Error, message }
        })
        .collect()
}

fn place(tree: &SyntaxTree, text: &str, offset: u32) -> (u32, u32) {
    let line = tree.line_of(offset);
    let start = tree.line_starts().get(line as usize).copied().unwrap_or(0);
    let before = TextRange { start, end: offset }.slice(text);
    (line + 1, before.chars().count() as u32 + 1)
}

fn message(kind: SyntaxErrorKind, locale: base::Locale) -> String {
    let is_russian = locale == base::Locale::Ru;
    let say = |ru: &str, en: &str| if is_russian { ru.to_owned() } else { en.to_owned() };
    match kind {
        SyntaxErrorKind::Unexpected => say("неожиданный текст", "unexpected text"),
        SyntaxErrorKind::Missing(token) => {
            let spellings = token.canonical_spellings();
            let word = if is_russian { spellings.first() } else { spellings.get(1) };
            let word = token.sign().or(word.copied()).unwrap_or(if is_russian { "имя" } else { "a name" });
            say(&format!("ожидается {word}"), &format!("{word} is expected"))
        }
        SyntaxErrorKind::MissingProperty => {
            say("после точки ожидается имя", "a name is expected after the dot")
        }
        SyntaxErrorKind::MissingQuote => say("строка не закрыта", "the string has no closing quote"),
        SyntaxErrorKind::MissingExpression => say("ожидается выражение", "an expression is expected"),
        SyntaxErrorKind::NotAStatement => say("это не оператор", "this is no statement"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_text_is_named_with_its_place() {
        assert_eq!(syntax_errors("Функция А()\n\tВозврат 1;\nКонецФункции\n", base::Locale::Ru), []);
        let errors = syntax_errors("Процедура А()\n\tЕсли Б Тогда\nКонецПроцедуры\n", base::Locale::En);
        assert!(!errors.is_empty());
        assert_eq!(errors[0].message, "EndIf is expected");
        assert!(errors[0].line >= 2, "{errors:?}");
    }
}
