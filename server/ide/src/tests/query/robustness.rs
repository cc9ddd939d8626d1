//! Nothing that is typed into a query does harm.

use base::Locale;
use syntax::Document;

use super::with_query;
use crate::tests::project::Opened;
use crate::{
    CompletionOptions, ProjectDocument, completions, definition, hover, prepare_project_rename,
    query_highlights,
};

const QUERY: &str = "ВЫБРАТЬ РАЗРЕШЕННЫЕ ПЕРВЫЕ 10
	Т.Поставщик.Город КАК Город, ВЫБОР КОГДА Т.Цена > &Дата ТОГДА \"\"а\"\" ИНАЧЕ ЗНАЧЕНИЕ(Перечисление.Статусы.Новый) КОНЕЦ
ПОМЕСТИТЬ ВТ
ИЗ Справочник.Товары КАК Т ЛЕВОЕ СОЕДИНЕНИЕ РегистрНакопления.Остатки.Остатки(&Дата, Товар В (ВЫБРАТЬ 1 ИЗ ВТ)) КАК О
	ПО Т.Ссылка = О.Товар // конец
ГДЕ ВЫРАЗИТЬ(О.Товар КАК Справочник.Товары).Код В (&Склады) И {Т.Код КАК Код}
;
ВЫБРАТЬ *, В.Город ИЗ ВТ КАК В, (ВЫБРАТЬ 1 КАК Один) КАК П УПОРЯДОЧИТЬ ПО Город ИТОГИ СУММА(Один) ПО Город
;
УНИЧТОЖИТЬ ВТ$0";

fn ask(of: ProjectDocument<'_>, offset: u32, opened: &Opened) {
    completions(of, offset, None, CompletionOptions::default());
    hover(of, offset, Locale::En, &*opened.files);
    definition(of, offset, &*opened.files);
    query_highlights(of, offset);
    let _ = prepare_project_rename(of, offset);
}

#[test]
fn every_place_of_a_query_has_an_answer() {
    let opened = Opened::of_text(&with_query(QUERY));
    let text = opened.document.text();
    for (offset, _) in text.char_indices().step_by(2) {
        ask(opened.document(), offset as u32, &opened);
    }
}

#[test]
fn every_beginning_of_a_query_has_an_answer() {
    let opened = Opened::of_text(&with_query(QUERY));
    let text = opened.document.text();
    let start = text.find("ВЫБРАТЬ").unwrap_or_default();
    for tail in ["", "\";\nКонецПроцедуры\n", ".\n\t|ИЗ Справочник.Товары КАК Т\";"]
    {
        for (at, _) in text.char_indices().filter(|(at, _)| *at > start).step_by(5) {
            let document = Document::new(&format!("{}{tail}", &text[..at]));
            let of = ProjectDocument { document: &document, ..opened.document() };
            ask(of, at as u32, &opened);
        }
    }
}
