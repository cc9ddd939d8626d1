//! The joined sources, with and without a model.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{EngineError, Generated, Verdict};

const MODULE: &str = "Процедура Первая(Отказ)
	Запрос = Новый Запрос;
	Запрос.Текст = ТекстЗапроса();
	Выборка = Запрос.Выполнить().Выбрать();
	Пока Выборка.Следующий() Цикл
		ОбщегоНазначения.СообщитьПользователю(Выборка.Ссылка);
	КонецЦикла;
КонецПроцедуры
";

fn lines() -> Arc<ProjectLines> {
    let lines = ProjectLines::new();
    let modules =
        (0..3).map(|number| (format!("Модуль{number}"), MODULE.replace("Первая", &format!("П{number}"))));
    assert!(lines.build(modules, &CancelToken::new()));
    Arc::new(lines)
}

struct Everything;

impl Acceptor for Everything {
    fn judge(&self, _text: &str, _replaced: usize) -> Verdict {
        Verdict::Accepted
    }
}

/// Cuts what calls something.
struct NoCalls;

impl Acceptor for NoCalls {
    fn judge(&self, text: &str, _replaced: usize) -> Verdict {
        text.find('(').map_or(Verdict::Accepted, Verdict::CutAt)
    }
}

fn context(typed: &str) -> Context {
    Context {
        module: "Модуль9".to_owned(),
        prefix: format!("Процедура Новая()\n\tЗапрос = Новый Запрос;\n\t{typed}"),
        suffix: "\n\tА = 1;\nКонецПроцедуры\n".to_owned(),
        ..Context::default()
    }
}

fn complete(completer: &Completer, typed: &str, acceptor: &dyn Acceptor) -> Vec<Suggestion> {
    let context = context(typed);
    let request = Request {
        context: &context,
        acceptor,
        extent: Extent::Line,
        deadline: None,
        at_most: 3,
        gate: 0.0,
        sources: Sources::default(),
    };
    completer.complete(&request, &CancelToken::new())
}

#[test]
fn lines_of_the_project_are_continued_in_any_case() {
    let completer = Completer::new(lines());
    for typed in ["Запрос.Те", "запрос.те", "Запрос . Те"] {
        let first = complete(&completer, typed, &Everything).remove(0);
        assert_eq!((first.text.as_str(), first.replaced), ("Текст = ТекстЗапроса();", "Те".len()), "{typed}");
    }
}

#[test]
fn an_empty_line_goes_on_as_elsewhere() {
    let completer = Completer::new(lines());
    assert_eq!(complete(&completer, "", &Everything)[0].text, "Запрос.Текст = ТекстЗапроса();");
}

#[test]
fn local_names_replace_those_of_other_methods() {
    let lines = ProjectLines::new();
    let method = |name: &str, variable: &str| {
        format!("Процедура {name}()\n\t{variable} = 1;\n\tЗаписать({variable}, Истина);\nКонецПроцедуры\n")
    };
    let text = ["Альфа", "Бета", "Гамма"].map(|name| method(name, &format!("Значение{name}"))).concat();
    assert!(lines.build([("М".to_owned(), text)], &CancelToken::new()));
    let context = Context {
        module: "Другой".to_owned(),
        prefix: "Процедура Дельта()\n\tИтог = 1;\n\tЗаписать(".to_owned(),
        suffix: "\nКонецПроцедуры\n".to_owned(),
        ..Context::default()
    };
    let names = lines.names(&context, 1, &CancelToken::new());
    assert_eq!(names[0].text, "Итог, Истина);");
}

#[test]
fn the_acceptor_cuts_and_the_gate_holds_back() {
    let completer = Completer::new(lines());
    let cut = complete(&completer, "Запрос.Те", &NoCalls).remove(0);
    assert_eq!(cut.text, "Текст = ТекстЗапроса");
    let context = context("Запрос.Те");
    let request = Request {
        context: &context,
        acceptor: &Everything,
        extent: Extent::Line,
        deadline: None,
        at_most: 1,
        gate: 1.0,
        sources: Sources::default(),
    };
    assert!(completer.complete(&request, &CancelToken::new()).is_empty());
}

/// Offers one text and scores everything alike.
struct Fixed(&'static str, AtomicUsize);

impl Engine for Fixed {
    fn describe(&self) -> String {
        "fixed".to_owned()
    }

    fn complete(
        &self,
        _context: &Context,
        _limits: &Limits,
        _cancel: &CancelToken,
    ) -> Result<Vec<Generated>, EngineError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        let score = Score { log_probability: -0.1, tokens: 3, weakest: -0.1, typed: 0.0 };
        Ok(vec![Generated { text: self.0.to_owned(), replaced: 0, score, finish: Finish::Complete }])
    }

    fn score(
        &self,
        _context: &Context,
        candidates: &[(String, usize)],
        _cancel: &CancelToken,
    ) -> Result<Vec<Option<Score>>, EngineError> {
        let score = Score { log_probability: -9.0, tokens: 5, weakest: -4.0, typed: 0.0 };
        Ok(vec![Some(score); candidates.len()])
    }

    fn warm(&self, _context: &Context, _cancel: &CancelToken) {}
}

#[test]
fn the_model_answers_where_the_project_is_silent() {
    let completer = Completer::new(lines());
    completer.set_engine(Some(Arc::new(Fixed("Неизвестное.Имя(1);", AtomicUsize::new(0)))));
    let found = complete(&completer, "ЧтоТо = ", &Everything);
    assert!(found.iter().any(|one| one.text == "Неизвестное.Имя(1);" && one.source == crate::Source::Model));
}

#[test]
fn changed_modules_answer_as_they_are_now() {
    let lines = lines();
    let token = CancelToken::new();
    lines.update("Модуль9", "Процедура Новая()\n\tОсобое = Слово(1);\nКонецПроцедуры\n", &token);
    let found = lines.lines(&context("Особ"), 1);
    assert_eq!(found[0].text, "Особое = Слово(1);");
    lines.update("Модуль9", "Процедура Новая()\n\tИное = Слово(1);\nКонецПроцедуры\n", &token);
    assert!(lines.lines(&context("Особ"), 1).is_empty());
    lines.remove("Модуль9");
    assert!(lines.lines(&context("Иное"), 1).is_empty());
}

#[test]
fn many_changed_modules_are_joined() {
    let lines = lines();
    let token = CancelToken::new();
    for number in 0..40 {
        let text = format!("Процедура П()\n\tОсобое{number} = Слово{number}(1);\nКонецПроцедуры\n");
        lines.update(&format!("М{number}"), &text, &token);
    }
    lines.remove("М7");
    assert_eq!(lines.lines(&context("Особое3"), 20).len(), 11);
    assert_eq!(lines.lines(&context("Особое1"), 1)[0].text, "Особое1 = Слово1(1);");
    assert!(lines.lines(&context("Особое7"), 1).is_empty());
    assert_eq!(lines.lines(&context("Запрос.Те"), 1)[0].modules, 3);
}
