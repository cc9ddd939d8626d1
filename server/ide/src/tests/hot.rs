//! Measured lines with their causes: the example of the documentation is executed, measured, told, repaired and
//! measured again.

use std::rc::Rc;

use base::{CancelToken, Locale, TextRange, apply_edits};
use expect_test::{Expect, expect};
use profile::{CountMeaning, Measure, Profile, ProfileBuilder, Source, SourceKind, SourceLines};
use semantics::ModuleId;
use semantics::testing::TestProject;
use syntax::Document;
use testhost::{Clock, Database, Limits, Machine, Name, Table, Value, ValueTable};

use crate::{
    HotLines, HotOptions, ProjectDocument, RefactorOptions, exact_query_field, hot_findings, hot_hints,
    hot_hover, hot_lenses, refactoring_edit,
};

const MODULE: &str = "ОбщийМодуль.РасчетСумм.Модуль";
const ITEMS: i64 = 10_000;
/// So that 10,000 rounds take the 2.5 seconds of the example, 90 % of them in the query.
const STATEMENT_NS: u64 = 4_991;
const QUERY_NS: u64 = 220_054;

/// Goods are numbers here.
const GOODS: i64 = 100;

/// The price of each.
struct Prices;

impl Database for Prices {
    fn table(&self, path: &[String]) -> Option<Rc<Table>> {
        if path != ["регистрсведений", "ценытоваров"] {
            return None;
        }
        let rows = (0..GOODS).map(|number| Rc::new(vec![number.into(), (number * 3).into()]));
        let mut table = Table::default();
        table.columns = ["Товар", "Цена"].map(Name::new).to_vec();
        table.rows = rows.collect();
        Some(Rc::new(table))
    }

    fn constant(&self, _path: &[String]) -> Option<Value> {
        None
    }
}

/// Executes the example and measures it: what it computes, and the profile.
fn measured(text: &str) -> (String, Profile) {
    let mut machine = Machine::new(Limits::default());
    machine.clock = Clock::Virtual { now_ns: 0, statement_ns: STATEMENT_NS, query_ns: QUERY_NS };
    machine.set_database(Rc::new(Prices));
    // The entry point of the example fills a base that this machine has not.
    machine.define("НаполнениеДанными", Value::Undefined);
    let instance = machine.load(MODULE, text).unwrap_or_else(|failure| panic!("{}", failure.description()));
    let table = ValueTable::with_columns(["Товар", "Количество"]);
    for number in 1..=ITEMS {
        table.push_row(vec![(number % GOODS).into(), (number % 7 + 1).into()]);
    }
    machine.start_measurement();
    let result = machine.call(&instance, "РассчитатьСумму", vec![Value::object(table)]);
    let sum = result.unwrap_or_else(|failure| panic!("{}", failure.description()));
    let measurement = machine.stop_measurement().expect("it was started");
    let mut builder = ProfileBuilder::new();
    for ((module, line), measure) in &measurement.lines {
        let text = text.lines().nth(*line as usize - 1).unwrap_or_default();
        let (own_ns, total_ns) = (measure.own_ns, measure.total_ns);
        builder.add_line(
            module,
            *line,
            text,
            &Measure { count: measure.count, own_ns, total_ns, ..Measure::default() },
        );
    }
    let source = Source { kind: SourceKind::Host, counts: CountMeaning::Executions, ..Source::default() };
    let mut profile = builder.finish(source);
    for module in &mut profile.modules {
        module.attach(&SourceLines::new(text));
    }
    (sum.presentation().replace('\u{a0}', "_"), profile)
}

/// The configuration of the example with its module.
struct Example {
    project: TestProject,
    module: ModuleId,
}

impl Example {
    fn new() -> Self {
        let project = TestProject::of_fixtures("live");
        let module = project.module("РасчетСумм/Ext/Module.bsl");
        Self { project, module }
    }

    fn text(&self) -> &str {
        self.project.text(self.module)
    }
}

/// Everything that is said about a document, with plain blanks.
fn told(of: ProjectDocument<'_>, profile: &Profile, locale: Locale) -> String {
    let token = CancelToken::new();
    let options = HotOptions::default();
    let Some(module) = profile.module(MODULE) else { return "nothing\n".to_owned() };
    let lines = HotLines::new(of.document, profile, module);
    let all = TextRange::from(0..of.document.len() as usize);
    let mut shown = String::new();
    for hint in hot_hints(of, &lines, all, &options, locale) {
        shown += &format!("{}: {}\n", hint.line + 1, hint.label);
    }
    for lens in hot_lenses(of, &lines, &options, locale, &token) {
        let line = of.document.rope().byte_to_line(lens.range.start as usize);
        shown += &format!("над {}: {}\n", line + 1, lens.title);
    }
    for finding in hot_findings(of, &lines, &options, locale, &token) {
        shown += &format!("* {}\n", finding.message);
    }
    shown.replace('\u{a0}', " ")
}

#[test]
fn the_example_of_the_documentation() {
    let example = Example::new();
    let document = Document::new(example.text());
    let of =
        ProjectDocument { document: &document, project: &example.project.project, module: example.module };
    let (before, profile) = measured(example.text());
    expect![[r#"
        16: 49,9 мс · 2,0 % · 10 000 ×
        17: 2,25 с · 90 % · 10 000 ×
        18: 49,9 мс · 2,0 % · 10 000 ×
        19: 49,9 мс · 2,0 % · 10 000 ×
        20: 49,9 мс · 2,0 % · 10 000 ×
        22: 49,9 мс · 2,0 % · 10 000 ×
        над 4: 2,5 с · 100 % · 1 ×
        над 17: Запрос в цикле: 2,25 с · 90 % · 10 000 ×
        * Цикл: проходов 10 000 (строка 15), 2,5 с (100,0 %).
        * Запрос в цикле: строка 17 выполнена 10 000 раз, 2,25 с (90,0 %). Оценка: после замены около 250 мс вместо 2,5 с, быстрее примерно в 10 раз (2,5 с − 10 000 × 225 мкс + 2 × 225 мкс; одно обращение за всеми данными принято за два из прежних; не измерено). Что сделать: выполните один запрос до цикла: `В (&Список)`, строки — в Соответствие.
    "#]].assert_eq(&told(of, &profile, Locale::Ru));
    expect![[r#"
        16: 49.9 ms · 2.0% · 10,000 ×
        17: 2.25 s · 90% · 10,000 ×
        18: 49.9 ms · 2.0% · 10,000 ×
        19: 49.9 ms · 2.0% · 10,000 ×
        20: 49.9 ms · 2.0% · 10,000 ×
        22: 49.9 ms · 2.0% · 10,000 ×
        над 4: 2.5 s · 100% · 1 ×
        над 17: Query in a loop: 2.25 s · 90% · 10,000 ×
        * Loop over 10,000 items (line 15), 2.5 s (100.0%).
        * Query in a loop: line 17 executed 10,000 times, 2.25 s (90.0%). Estimate: about 250 ms after the change instead of 2.5 s, 10× faster (2.5 s − 10,000 × 225 µs + 2 × 225 µs; one request for everything is taken for two of the many; not measured). What to do: execute one query before the loop: `IN (&List)`, the rows in a Map.
    "#]].assert_eq(&told(of, &profile, Locale::En));

    // The rewrite that the finding offers.
    let lines = HotLines::new(&document, &profile, profile.module(MODULE).expect("it was measured"));
    let findings = hot_findings(of, &lines, &HotOptions::default(), Locale::Ru, &CancelToken::new());
    let finding = findings.iter().find(|it| it.cause.is_some()).expect("there is a cause");
    let (rewrite, _) = finding.cause.and_then(|cause| cause.rewrites().first()).expect("it has a rewrite");
    let is_exact = |offset| exact_query_field(of, offset);
    let options = RefactorOptions { is_exact_field: Some(&is_exact), ..RefactorOptions::default() };
    let edit = refactoring_edit(&document, finding.range, &options, rewrite).expect("it is offered");
    let (text, skipped) = apply_edits(example.text(), edit.edits);
    assert_eq!(skipped, []);
    let function = text.split("// Заполняет базу").next().unwrap_or_default();
    expect![[r##"
        #Область ПрограммныйИнтерфейс

        // Сумма строк (колонки Товар и Количество) по ценам из регистра. Запрос выполняется для каждой строки.
        Функция РассчитатьСумму(Строки) Экспорт

        	Запрос = Новый Запрос;
        	Запрос.Текст =
        		"ВЫБРАТЬ
        		|	Цены.Цена КАК Цена,
        		|	Цены.Товар КАК КлючЗапроса
        		|ИЗ
        		|	РегистрСведений.ЦеныТоваров КАК Цены
        		|ГДЕ
        		|	Цены.Товар В (&Товар)";
        	Сумма = 0;
        	КлючиПоиска = Новый Массив;
        	Для Каждого СтрокаТовара Из Строки Цикл
        		КлючиПоиска.Добавить(СтрокаТовара.Товар);
        	КонецЦикла;
        	Запрос.УстановитьПараметр("Товар", КлючиПоиска);
        	РезультатЗапроса = Запрос.Выполнить().Выгрузить();
        	НайденныеСтроки = Новый Соответствие;
        	Для Каждого НайденнаяСтрока Из РезультатЗапроса Цикл
        		Если НайденныеСтроки.Получить(НайденнаяСтрока.КлючЗапроса) = Неопределено Тогда
        			НайденныеСтроки.Вставить(НайденнаяСтрока.КлючЗапроса, НайденнаяСтрока);
        		КонецЕсли;
        	КонецЦикла;

        	Для Каждого СтрокаТовара Из Строки Цикл
        		Выборка = НайденныеСтроки.Получить(СтрокаТовара.Товар);
        		Цена = 0;
        		Если Выборка <> Неопределено Тогда
        			Цена = Выборка.Цена;
        		КонецЕсли;
        		Сумма = Сумма + Цена * СтрокаТовара.Количество;
        	КонецЦикла;

        	Возврат Сумма;

        КонецФункции

    "##]].assert_eq(function);

    // The same sum, several times faster, and nothing left to say.
    let (after, faster) = measured(&text);
    assert_eq!(before, after);
    let milliseconds = |profile: &Profile| profile.total.own_ns / 1_000_000;
    expect![[r#"
        5_939_112: 2500 мс -> 300 мс
    "#]]
    .assert_eq(&format!("{after}: {} мс -> {} мс\n", milliseconds(&profile), milliseconds(&faster)));
    let document = Document::new(&text);
    let of = ProjectDocument { document: &document, ..of };
    let lines = HotLines::new(&document, &faster, faster.module(MODULE).expect("it was measured"));
    let findings = hot_findings(of, &lines, &HotOptions::default(), Locale::Ru, &CancelToken::new());
    let causes: Vec<_> = findings.iter().filter_map(|it| it.cause).collect();
    assert_eq!(causes, []);
}

/// A measurement of some lines of the example: number, executions, own and total milliseconds.
fn profile_of(text: &str, lines: &[(u32, u64, u64, u64)]) -> Profile {
    let mut builder = ProfileBuilder::new();
    for (line, count, own, total) in lines {
        let text = text.lines().nth(*line as usize - 1).unwrap_or_default();
        let (own_ns, total_ns) = (own * 1_000_000, total * 1_000_000);
        builder.add_line(
            MODULE,
            *line,
            text,
            &Measure { count: *count, own_ns, total_ns, ..Measure::default() },
        );
    }
    builder.finish(Source::default())
}

#[track_caller]
fn check_moved(edit: impl Fn(&str) -> String, expected: Expect) {
    let example = Example::new();
    let profile = profile_of(example.text(), &[(16, 10_000, 10, 10), (17, 10_000, 2_000, 2_000)]);
    let text = edit(example.text());
    let document = Document::new(&text);
    let facts = semantics::ModuleFacts::of_text(&text);
    let project = example.project.project.with_facts(example.module, facts);
    let of = ProjectDocument { document: &document, project: &project, module: example.module };
    expected.assert_eq(&told(of, &profile, Locale::Ru));
}

#[test]
fn numbers_follow_their_lines() {
    check_moved(
        |text| format!("// Новая строка\n\n{text}"),
        expect![[r#"
        19: 2 с · 100 % · 10 000 ×
        над 6: 2,01 с · 100 % · 10 000 ×
        над 19: Запрос в цикле: 2 с · 100 % · 10 000 ×
        * Цикл: проходов 10 000 (строка 17), 2,01 с (100,0 %).
        * Запрос в цикле: строка 19 выполнена 10 000 раз, 2 с (99,5 %). Оценка: после замены около 10,4 мс вместо 2,01 с, быстрее примерно в 193 раза (2,01 с − 10 000 × 200 мкс + 2 × 200 мкс; одно обращение за всеми данными принято за два из прежних; не измерено). Что сделать: выполните один запрос до цикла: `В (&Список)`, строки — в Соответствие.
    "#]],
    );
}

#[test]
fn changed_lines_lose_their_numbers() {
    check_moved(
        |text| text.replace("Выборка = Запрос.Выполнить().Выбрать();", "Выборка = Ничего;"),
        expect![[""]],
    );
}

#[test]
fn the_pointer_shows_all_numbers() {
    let example = Example::new();
    let document = Document::new(example.text());
    let of =
        ProjectDocument { document: &document, project: &example.project.project, module: example.module };
    let mut profile = profile_of(example.text(), &[(17, 10_000, 2_250, 2_250), (30, 1, 1, 2_500)]);
    if let Some(line) = profile.modules[0].lines.first_mut() {
        line.measure.sql_count = 10_000;
        line.measure.sql_ns = 2_000_000_000;
        line.measure.sql_rows = 9_995;
        line.measure.lock_waits = 2;
        line.measure.lock_ns = 1_500_000;
    }
    let lines = HotLines::new(&document, &profile, &profile.modules[0]);
    let offset = example.text().find("Запрос.Выполнить()").expect("it is there") as u32;
    let hover = |locale| {
        let shown = hot_hover(of, offset, &lines, &HotOptions::default(), locale, &CancelToken::new());
        shown.map_or(String::new(), |hover| hover.markdown.replace('\u{a0}', " "))
    };
    expect![[r#"
        | Замер строки | |
        |---|---:|
        | Своё время | 2,25 с (100,0 %) |
        | С вызовами | 2,25 с (100,0 %) |
        | Выполнений | 10 000 |
        | В среднем | 225 мкс |
        | Запросы к базе | 2 с · 10 000 × |
        | Строк из базы | 9995 |
        | Ожидание блокировок | 1,5 мс · 2 × |

        **Причины:**

        - Запрос в цикле: строка 17 выполнена 10 000 раз, 2,25 с (100,0 %). Оценка: после замены около 450 мкс вместо 2,25 с, быстрее примерно в 5000 раз (2,25 с − 10 000 × 225 мкс + 2 × 225 мкс; одно обращение за всеми данными принято за два из прежних; не измерено). Что сделать: выполните один запрос до цикла: `В (&Список)`, строки — в Соответствие."#]].assert_eq(&hover(Locale::Ru));
    expect![[r#"
        | Measured line | |
        |---|---:|
        | Own time | 2.25 s (100.0%) |
        | With calls | 2.25 s (100.0%) |
        | Executions | 10,000 |
        | Mean | 225 µs |
        | Statements of the database | 2 s · 10,000 × |
        | Rows of the database | 9,995 |
        | Lock waits | 1.5 ms · 2 × |

        **Causes:**

        - Query in a loop: line 17 executed 10,000 times, 2.25 s (100.0%). Estimate: about 450 µs after the change instead of 2.25 s, 5000× faster (2.25 s − 10,000 × 225 µs + 2 × 225 µs; one request for everything is taken for two of the many; not measured). What to do: execute one query before the loop: `IN (&List)`, the rows in a Map."#]].assert_eq(&hover(Locale::En));
}
