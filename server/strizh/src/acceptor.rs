//! Tells how much of a suggestion is true: it parses where it stands, and members that it names exist.

use ai::{Acceptor, Verdict};
use base::TextRange;
use ide::{NameTruth, ProjectDocument, judge_names};
use syntax::{Document, NodeKind, SyntaxTree};

/// Shorter rests of a suggestion are not worth a glance.
const CHARACTERS: usize = 2;
/// How many shorter beginnings of a rejected suggestion are tried.
const CUTS: usize = 8;

/// Asks with an acceptor for a place of a document.
pub(crate) fn with_acceptor<T>(
    of: ProjectDocument<'_>,
    caret: u32,
    ask: impl FnOnce(&dyn Acceptor) -> T,
) -> T {
    ask(&PlaceAcceptor::new(of, caret))
}

/// Judges what is put in place of the text before one caret.
struct PlaceAcceptor<'a> {
    of: ProjectDocument<'a>,
    caret: u32,
    /// The method around the caret.
    section: TextRange,
    /// Its errors with the caret's line emptied: those that a suggestion is not to blame for.
    errors: usize,
}

impl<'a> PlaceAcceptor<'a> {
    fn new(of: ProjectDocument<'a>, caret: u32) -> Self {
        let rope = of.document.rope();
        let caret = caret.min(of.document.len());
        let line = rope.byte_to_line(caret as usize);
        let start = rope.line_to_byte(line) as u32;
        let text = rope.line(line).to_string();
        let range = TextRange { start, end: start + text.trim_end_matches(['\r', '\n']).len() as u32 };
        let section = of.document.section_at(caret).range;
        let emptied = TextRange { start: section.start, end: section.end - range.len().min(section.len()) };
        let errors = error_count(&of.document.with_replaced(range, ""), emptied);
        Self { of, caret, section, errors }
    }

    /// The end of the good beginning of `text`; nothing if there is none.
    fn good_end(&self, text: &str, replaced: usize) -> Option<usize> {
        let mut end = text.len();
        for _ in 0..CUTS {
            let candidate = text.get(..end)?;
            if candidate.chars().count() < CHARACTERS || end <= replaced {
                return None;
            }
            let document = self.with(candidate, replaced);
            end = match self.missing_member(&document, candidate, replaced) {
                Some(missing) => missing,
                None if self.parses(&document, candidate, replaced) => return Some(end),
                None => shorter(candidate),
            };
            // With the next line behind it, an operator would continue there.
            end = text.get(..end)?.trim_end_matches(|last| " \t\r\n.,=+-*/<>%(".contains(last)).len();
        }
        None
    }

    fn with(&self, text: &str, replaced: usize) -> Document {
        let start = self.caret.saturating_sub(replaced as u32);
        self.of.document.with_replaced(TextRange { start, end: self.caret }, text)
    }

    fn parses(&self, document: &Document, text: &str, replaced: usize) -> bool {
        let end = (self.section.end + text.len() as u32).saturating_sub(replaced as u32);
        error_count(document, TextRange { start: self.section.start, end }) <= self.errors
    }

    /// Where the first member begins, in `text`, that its type certainly lacks.
    fn missing_member(&self, document: &Document, text: &str, replaced: usize) -> Option<usize> {
        let start = self.caret.saturating_sub(replaced as u32);
        let range = TextRange { start, end: start + text.len() as u32 };
        let names = judge_names(ProjectDocument { document, ..self.of }, range);
        let missing = names.iter().find(|name| name.is_member && name.truth == NameTruth::Missing)?;
        Some((missing.range.start - start) as usize)
    }
}

impl Acceptor for PlaceAcceptor<'_> {
    fn judge(&self, text: &str, replaced: usize) -> Verdict {
        match self.good_end(text, replaced) {
            Some(end) if end == text.len() => Verdict::Accepted,
            Some(end) => Verdict::CutAt(end),
            None => Verdict::Rejected,
        }
    }
}

/// Errors of the sections inside a range: an edit may cut a method in two.
fn error_count(document: &Document, range: TextRange) -> usize {
    // The neighbors touch the range.
    let inner = TextRange { start: range.start + 1, end: range.end.saturating_sub(1).max(range.start + 1) };
    document.sections_in(inner).map(|section| errors_of(section.source().tree)).sum()
}

/// What is missing, and what the grammar does not know.
pub(crate) fn errors_of(tree: &SyntaxTree) -> usize {
    let unknown = tree.nodes().filter(|(_, node)| node.kind == NodeKind::Error).count();
    tree.errors().len() + unknown
}

/// The text without its last word or sign.
fn shorter(text: &str) -> usize {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let text = text.trim_end();
    match text.chars().next_back() {
        Some(last) if is_word(last) => text.trim_end_matches(is_word).len(),
        Some(last) => text.len() - last.len_utf8(),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use semantics::testing::TestProject;

    use super::*;

    /// The verdict on a text at `$0`; what stands between `$1` and `$0` is replaced.
    #[track_caller]
    fn judge(code: &str, text: &str) -> Verdict {
        let (code, replaced) = match code.split_once("$1") {
            Some((before, after)) => (format!("{before}{after}"), after.find("$0").unwrap_or_default()),
            None => (code.to_owned(), 0),
        };
        let project = TestProject::of_text(&code);
        let (module, caret) = project.cursor.expect("invariant: the fixture has a cursor");
        let document = Document::new(project.text(module));
        let of = ProjectDocument { document: &document, project: &project.project, module };
        with_acceptor(of, caret, |acceptor| acceptor.judge(text, replaced))
    }

    fn in_method(line: &str) -> String {
        format!("Процедура П(А)\n\tДанные = Новый Массив;\n\t{line}\n\tБ = 1;\nКонецПроцедуры\n")
    }

    #[test]
    fn whole_lines_are_accepted() {
        assert_eq!(judge(&in_method("$0"), "Данные.Добавить(А);"), Verdict::Accepted);
        assert_eq!(judge(&in_method("$1Дан$0"), "Данные.Добавить(А);"), Verdict::Accepted);
        assert_eq!(judge(&in_method("Сообщить($0);"), "А"), Verdict::Rejected, "one letter");
        assert_eq!(judge(&in_method("Сообщить($0);"), "А, 1"), Verdict::Accepted);
    }

    #[test]
    fn blocks_close() {
        assert_eq!(judge(&in_method("$0"), "Если А Тогда\n\tКонецЕсли;"), Verdict::Accepted);
        assert_ne!(judge(&in_method("$0"), "Если А Тогда"), Verdict::Accepted);
        let code = "Procedure P(A)\n\t$0\n\tEndIf;\nEndProcedure\n";
        assert_eq!(judge(code, "If A Then"), Verdict::Accepted);
    }

    #[test]
    fn what_does_not_parse_is_cut() {
        let text = "Б = 2; Данные.Добавить(А));";
        assert_eq!(judge(&in_method("$0"), text), Verdict::CutAt("Б = 2;".len()));
        assert_eq!(judge(&in_method("$0"), "Тогда Иначе"), Verdict::Rejected);
        assert_eq!(judge(&in_method("$0"), "КонецПроцедуры"), Verdict::Rejected);
    }

    #[test]
    fn members_that_do_not_exist_are_cut() {
        let common = "//- /metadata\nCommonModule.Общий\n//- /CommonModules/Общий/Ext/Module.bsl\nФункция Итог() Экспорт\n\tВозврат 1;\nКонецФункции\n//- /CommonModules/Тест/Ext/Module.bsl\n";
        let judge = |line: &str, text: &str| judge(&format!("{common}{}", in_method(line)), text);
        assert_eq!(judge("Б = Общий.$0", "Итог();"), Verdict::Accepted);
        assert_eq!(judge("Б = Общий.$0", "Разность();"), Verdict::Rejected);
        assert_eq!(judge("А.$0", "Разность();"), Verdict::Accepted, "the type is not known");
        let text = "В = 1; Б = Общий.Разность();";
        assert_eq!(judge("$0", text), Verdict::CutAt("В = 1;".len()));
    }

    #[test]
    fn errors_elsewhere_do_not_matter() {
        let code = format!("{}\nПроцедура Р(\nКонецПроцедуры\n", in_method("$0"));
        assert_eq!(judge(&code, "Данные.Очистить();"), Verdict::Accepted);
    }
}
