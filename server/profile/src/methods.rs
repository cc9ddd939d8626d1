//! Where the methods of a text stand.

use base::TextRange;
use syntax::{SectionTree, TokenKind};

use crate::model::MethodSpan;

/// Methods of a module in order. What is not in any method belongs to the body; one without an end ends where the
/// next one starts.
pub fn method_spans(text: &str) -> Vec<MethodSpan> {
    let tree = SectionTree::parse(text, TextRange::from(0..text.len()));
    let source = tree.source();
    let tokens = source.tree.tokens();
    let mut spans: Vec<MethodSpan> = Vec::new();
    let mut is_open = false;
    for (index, token) in tokens.iter().enumerate() {
        let line = token.line + 1;
        match token.kind {
            TokenKind::Procedure | TokenKind::Function => {
                if is_open && let Some(span) = spans.last_mut() {
                    span.last_line = line.saturating_sub(1).max(span.first_line);
                }
                let name = tokens.get(index + 1).map_or("", |name| source.token_text(name));
                spans.push(MethodSpan { name: name.into(), first_line: line, last_line: u32::MAX });
                is_open = true;
            }
            TokenKind::EndProcedure | TokenKind::EndFunction if is_open => {
                if let Some(span) = spans.last_mut() {
                    span.last_line = line;
                }
                is_open = false;
            }
            _ => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_of_both_languages() {
        let text = "Перем А;\n\n// Функция В комментарии\n&НаСервере\nАсинх Процедура Б(В)\n\tТекст = \"\n\t|КонецПроцедуры\";\nКонецПроцедуры\n\n\
                    Function C() Export\n\tReturn 1;\nEndFunction\nБ(1);\nПроцедура Оборвана()\n";
        let told = method_spans(text)
            .iter()
            .map(|span| {
                format!(
                    "{} {}..{}\n",
                    span.name,
                    span.first_line,
                    if span.last_line == u32::MAX { 0 } else { span.last_line }
                )
            })
            .collect::<String>();
        expect_test::expect![[r#"
            Б 5..8
            C 10..12
            Оборвана 14..0
        "#]]
        .assert_eq(&told);
    }
}
