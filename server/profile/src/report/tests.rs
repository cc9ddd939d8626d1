//! Reports and comparisons of small profiles.

use base::Locale;
use expect_test::{Expect, expect};

use super::*;
use crate::builder::{FrameName, ProfileBuilder};
use crate::difference::{Difference, Threshold};
use crate::line_digest::SourceLines;
use crate::measure::Measure;
use crate::model::{CountMeaning, MethodSpan, Period, QueryRepeat, Source};

const PRICES: &str = "ОбщийМодуль.Цены.Модуль";

fn sample() -> Profile {
    let mut builder = ProfileBuilder::new();
    let entry = FrameName {
        module: "Документ.Заказ.Форма.Форма.Модуль",
        method: "Пересчитать",
        ..FrameName::default()
    };
    let outer = FrameName {
        module: PRICES, line: 2, text: "ПолучитьЦены(Товары);", ..FrameName::default()
    };
    let inner =
        FrameName {
            module: PRICES, line: 6, text: "Запрос.Выполнить();</script>", ..FrameName::default()
        };
    let statements = Measure {
        count: 10_000,
        own_ns: 2_250_000_000,
        sql_count: 10_000,
        sql_ns: 2_250_000_000,
        ..Measure::default()
    };
    let wait =
        Measure { count: 1, own_ns: 150_000_000, lock_waits: 1, lock_ns: 150_000_000, ..Measure::default() };
    builder.add_stack(&[entry, outer, inner], &statements);
    builder.add_stack(&[entry, outer], &wait);
    builder.add_stack(&[entry], &Measure { count: 1, own_ns: 100_000_000, ..Measure::default() });
    let repeat = QueryRepeat {
        calls: 1,
        statements: 10_000,
        most_in_call: 10_000,
        time_ns: 2_250_000_000,
        rows: 10_000,
        text: "SELECT ?".into(),
    };
    builder.add_repeat(PRICES, 6, repeat);
    let period =
        Some(Period { from: "2026-11-20T12:00:00.000000".into(), to: "2026-11-20T12:00:02.500000".into() });
    let source =
        Source {
            counts: CountMeaning::Events, title: "пересчёт <цен>".into(), period, ..Source::default()
        };
    let mut profile = builder.finish(source);
    let number = profile.modules.iter().position(|module| module.name == PRICES).expect("a module");
    let span = |name: &str, first_line, last_line| MethodSpan { name: name.into(), first_line, last_line };
    let today = SourceLines::new(
        "Процедура А()\nПолучитьЦены(Товары);\nКонецПроцедуры\n\nПроцедура Б()\nЗапрос.Выполнить();</script>\n",
    );
    profile.assign_methods(number, &[span("А", 1, 3), span("Б", 5, 7)], &today);
    profile
}

fn report(profile: &Profile, grouping: Grouping, locale: Locale) -> Report<'_> {
    Report { profile, resolution: None, grouping, top: 10, locale }
}

#[track_caller]
fn check(grouping: Grouping, locale: Locale, expected: Expect) {
    expected.assert_eq(&report(&sample(), grouping, locale).console());
}

#[test]
fn tables_in_both_languages() {
    check(
        Grouping::Line,
        Locale::Ru,
        expect![[r#"
        Всего 2,50 с, запросы 2,25 с (90 %, 10 000), ожидание блокировок 150 мс (6,0 %, 1)
        2026-11-20T12:00:00.000000 … 2026-11-20T12:00:02.500000

          Своё    %   Всего  Событий  Запросы  Ожидания  Место
        2,25 с   90  2,25 с   10 000   2,25 с         -  ОбщийМодуль.Цены.Модуль:6 Б
                                                         Запрос.Выполнить();</script>
                                                         запрос в цикле: 10 000 одинаковых, 2,25 с, вызовов сервера: 1, в одном до 10 000: SELECT ?
        150 мс  6,0  2,40 с        1        -    150 мс  ОбщийМодуль.Цены.Модуль:2 А
                                                         ПолучитьЦены(Товары);
        100 мс  4,0  100 мс        0        -         -  Документ.Заказ.Форма.Форма.Форма (без строки)
    "#]],
    );
    check(
        Grouping::Method,
        Locale::En,
        expect![[r#"
        Total 2.50 s, queries 2.25 s (90 %, 10,000), lock waits 150 ms (6.0 %, 1)
        2026-11-20T12:00:00.000000 … 2026-11-20T12:00:02.500000

           Own    %   Total  Events  Queries   Waits  Place
        2.25 s   90  2.25 s  10,000   2.25 s       -  ОбщийМодуль.Цены.Модуль:5 Б
        150 ms  6.0  2.40 s       1        -  150 ms  ОбщийМодуль.Цены.Модуль:1 А
        100 ms  4.0  100 ms       0        -       -  Документ.Заказ.Форма.Форма.Форма (no line)
    "#]],
    );
    check(
        Grouping::Module,
        Locale::En,
        expect![[r#"
        Total 2.50 s, queries 2.25 s (90 %, 10,000), lock waits 150 ms (6.0 %, 1)
        2026-11-20T12:00:00.000000 … 2026-11-20T12:00:02.500000

           Own    %   Total  Events  Queries   Waits  Place
        2.40 s   96  2.40 s  10,001   2.25 s  150 ms  ОбщийМодуль.Цены.Модуль
        100 ms  4.0  2.50 s       1        -       -  Документ.Заказ.Форма.Форма.Форма
    "#]],
    );
}

#[test]
fn flame_graphs_merge_stacks() {
    let profile = sample();
    let tree = flame_tree(&profile, "всё", "прочее");
    fn tell(node: &FlameNode, depth: usize, told: &mut String) {
        *told += &format!("{}{} {}\n", "  ".repeat(depth), node.name, node.total_ns);
        node.children.iter().for_each(|child| tell(child, depth + 1, told));
    }
    let mut told = String::new();
    tell(&tree, 0, &mut told);
    expect![[r#"
        всё 2500000000
          Документ.Заказ.Форма.Форма.Форма Пересчитать 2500000000
            ОбщийМодуль.Цены.Модуль:2 2400000000
              ОбщийМодуль.Цены.Модуль:6 2250000000
    "#]]
    .assert_eq(&told);
}

#[test]
fn pages_cannot_be_broken_by_what_they_show() {
    let profile = sample();
    let page = report(&profile, Grouping::Line, Locale::Ru).page();
    check_whole(&page);
    assert!(page.contains("<title>пересчёт &lt;цен&gt;</title>"));
    assert!(page.contains("\\u003c/script\\u003e"));
}

#[track_caller]
fn check_whole(page: &str) {
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(!page.contains("{{"), "all parts are filled in");
    for word in ["http:", "https:", "src=", "@import", "url("] {
        let rest =
            page.replace("http://www.w3.org/2000/svg", "").replace("script-src", "").replace("style-src", "");
        assert!(!rest.contains(word), "{word}");
    }
}

/// A profile and the same with a line that takes longer.
fn slower_line() -> (Profile, Profile) {
    let before = sample();
    let mut builder = ProfileBuilder::new();
    builder.add_profile(&before);
    let slower = Measure { count: 10, own_ns: 900_000_000, ..Measure::default() };
    builder.add_line(PRICES, 2, "", &slower);
    let mut after = builder.finish(Source::default());
    for module in &mut after.modules {
        module.methods.clear();
    }
    (before, after)
}

#[test]
fn differences_are_pages() {
    let (before, after) = slower_line();
    let difference = Difference::new(&before, &after);
    let lines = Difference::of_lines(&before, &after);
    let threshold = Threshold { percent: 10.0, min_share: 1.0, per_count: false };
    let page = difference.page(&lines, Some(&threshold), false, Locale::Ru);
    check_whole(&page);
    assert!(page.contains("<title>Сравнение замеров</title>") && page.contains("Замедление больше 10 %"));
    let data = page.split_once("type=\"application/json\">").expect("data").1;
    let data = data.split_once("</script>").expect("the end of the data").0;
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!((&data["isRegressed"], &data["limit"]), (&true.into(), &10.0.into()));
    let [line] = data["lines"].as_array().expect("lines").as_slice() else { panic!("{data}") };
    assert_eq!((&line["line"], &line["isRegression"]), (&2.into(), &true.into()));
    assert_eq!(line["before"]["ownNs"], 150_000_000);
    assert_eq!(line["after"]["ownNs"], 1_050_000_000);
    let page = Difference::new(&before, &before).page(&lines, None, true, Locale::En);
    assert!(page.contains("Two profiles compared") && page.contains("\"isPerCount\":true"));
}

#[test]
fn differences_in_both_languages() {
    let (before, after) = slower_line();
    let difference = Difference::new(&before, &after);
    let threshold = Threshold { percent: 10.0, min_share: 1.0, per_count: false };
    expect![[r#"
        Всего: 2,50 с → 3,40 с (+36 %)
        ! 150 мс → 1,05 с (+600 %)  ОбщийМодуль.Цены.Модуль:2
              ПолучитьЦены(Товары);
        Замедление больше 10 %: мест 1, общее время тоже
    "#]]
    .assert_eq(&difference.console(Some(&threshold), 10, Locale::Ru));
    expect![[r#"
        Total: 2.50 s → 2.50 s (+0 %)
        Nothing is slower by more than 10 %
    "#]]
    .assert_eq(&Difference::new(&before, &before).console(Some(&threshold), 10, Locale::En));
    assert!(difference.json(Some(&threshold)).contains("\"isRegressed\": true"));
    assert!(report(&before, Grouping::Line, Locale::Ru).json().contains("\"share\": 0.9"));
}
