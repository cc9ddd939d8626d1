//! Tells how much of a suggestion is true: it parses where it stands, and members that it names exist.

use ai::{Acceptor, Verdict};
use base::TextRange;
use ide::{NameTruth, ProjectDocument, judge_names};
use syntax::Document;

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
    /// Errors of the module with the caret's line emptied: those that a suggestion is not to blame for.
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
        let errors = error_count(&of.document.with_replaced(range, ""), start);
        Self { of, caret, errors }
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
                None if self.parses(&document, candidate) => return Some(end),
                None => shorter(candidate),
            };
            end = text.get(..end)?.trim_end().trim_end_matches('.').len();
        }
        None
    }

    fn with(&self, text: &str, replaced: usize) -> Document {
        let start = self.caret.saturating_sub(replaced as u32);
        self.of.document.with_replaced(TextRange { start, end: self.caret }, text)
    }

    fn parses(&self, document: &Document, text: &str) -> bool {
        if error_count(document, self.caret) <= self.errors {
            return true;
        }
        // A block that the user is about to fill has no end yet.
        let end = line_end(document, self.caret, text);
        let closed = |closing: &&str| {
            let range = TextRange { start: end, end };
            error_count(&document.with_replaced(range, &format!("\n{closing}")), self.caret) <= self.errors
        };
        closings(&self.line(document)).iter().any(closed)
    }

    /// The line of the caret as it would be.
    fn line(&self, document: &Document) -> String {
        let rope = document.rope();
        let offset = self.caret.min(document.len()) as usize;
        rope.line(rope.byte_to_line(offset)).to_string()
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

/// Errors of the method around an offset.
fn error_count(document: &Document, offset: u32) -> usize {
    document.section_at(offset).source().tree.errors().len()
}

/// Where the last line of a text ends that ends at or behind a caret.
fn line_end(document: &Document, caret: u32, text: &str) -> u32 {
    let rope = document.rope();
    let lines = text.matches('\n').count();
    let line = (rope.byte_to_line(caret.min(document.len()) as usize) + lines).min(rope.len_lines() - 1);
    let text = rope.line(line).to_string();
    rope.line_to_byte(line) as u32 + text.trim_end_matches(['\r', '\n']).len() as u32
}

/// What closes the block that a line opens.
fn closings(line: &str) -> &'static [&'static str] {
    let first = line.trim_start().split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    match base::fold_case(first).as_ref() {
        "если" => &["КонецЕсли;"],
        "if" => &["EndIf;"],
        "для" | "пока" => &["КонецЦикла;"],
        "for" | "while" => &["EndDo;"],
        "попытка" => &["Исключение КонецПопытки;"],
        "try" => &["Except EndTry;"],
        "процедура" => &["КонецПроцедуры"],
        "procedure" => &["EndProcedure"],
        "функция" => &["КонецФункции"],
        "function" => &["EndFunction"],
        _ => &[],
    }
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
    fn the_beginning_of_a_block_is_accepted() {
        assert_eq!(judge(&in_method("$0"), "Если А Тогда"), Verdict::Accepted);
        assert_eq!(judge(&in_method("Для Каждого $0"), "В Из А Цикл"), Verdict::Accepted);
        let code = "Procedure P(A)\n\t$0\n\tEndIf;\nEndProcedure\n";
        assert_eq!(judge(code, "If A Then"), Verdict::Accepted);
    }

    #[test]
    fn what_does_not_parse_is_cut() {
        let text = "Данные.Добавить(А));";
        let end = "Данные.Добавить(А)".len();
        assert_eq!(judge(&in_method("$0"), text), Verdict::CutAt(end));
        assert_eq!(judge(&in_method("$0"), "Тогда Иначе"), Verdict::Rejected);
        assert_eq!(judge(&in_method("$0"), "КонецПроцедуры"), Verdict::Rejected);
    }

    #[test]
    fn members_that_do_not_exist_are_cut() {
        assert_eq!(judge(&in_method("Данные.$0"), "Вставлятор(А);"), Verdict::Rejected);
        assert_eq!(judge(&in_method("А.$0"), "Вставлятор(Б);"), Verdict::Accepted, "the type is not known");
        let text = "Данные.Количество() + Данные.Размерище();";
        assert!(matches!(judge(&in_method("Б = $0"), text), Verdict::CutAt(end) if end < text.len() - 5));
    }

    #[test]
    fn errors_elsewhere_do_not_matter() {
        let code = format!("{}\nПроцедура Р(\nКонецПроцедуры\n", in_method("$0"));
        assert_eq!(judge(&code, "Данные.Очистить();"), Verdict::Accepted);
    }
}
