//! The two golden examples: a query in a loop of 10,000 rows, and a value that is no object.

use expect_test::expect;
use testhost::Clock;

use super::{call, open};

#[test]
fn a_query_in_a_loop_takes_nine_tenths_of_the_time() {
    let (configuration, mut machine) = open("live");
    machine.clock = Clock::Virtual { now_ns: 0, statement_ns: 4_991, query_ns: 220_054 };
    machine.start_measurement();
    let sum = call(&configuration, &mut machine, "РасчетСумм.Пример", vec![10_000_i64.into()]);
    assert_eq!(sum, "1\u{a0}999\u{a0}623");
    let measurement = machine.stop_measurement().expect("a measurement");
    let module = "ОбщийМодуль.РасчетСумм.Модуль";
    let mut lines: Vec<_> = measurement
        .lines
        .iter()
        .filter(|((name, line), _)| name.as_ref() == module && *line <= 25)
        .map(|((_, line), measure)| (*line, *measure))
        .collect();
    lines.sort_by_key(|(line, _)| *line);
    let own: u64 = lines.iter().map(|(_, measure)| measure.own_ns).sum();
    assert_eq!(own, 2_500_000_000);
    let shown: Vec<_> = lines
        .iter()
        .map(|(line, measure)| format!("{line}: {} x, {} µs", measure.count, measure.own_ns / 1000))
        .collect();
    expect![[r#"
        6: 1 x, 4 µs
        7: 1 x, 4 µs
        14: 1 x, 4 µs
        15: 1 x, 4 µs
        16: 10000 x, 49910 µs
        17: 10000 x, 2250450 µs
        18: 10000 x, 49910 µs
        19: 10000 x, 49910 µs
        20: 9995 x, 49885 µs
        22: 10000 x, 49910 µs
        25: 1 x, 4 µs"#]]
    .assert_eq(&shown.join("\n"));
}

#[test]
fn time_between_calls_belongs_to_no_line() {
    let (configuration, mut machine) = open("live");
    machine.clock = Clock::Virtual { now_ns: 0, statement_ns: 7, query_ns: 0 };
    machine.start_measurement();
    for now_ns in [1_000_000, 2_000_000] {
        assert_eq!(call(&configuration, &mut machine, "РасчетСумм.Версия", Vec::new()), "1");
        machine.clock = Clock::Virtual { now_ns, statement_ns: 7, query_ns: 0 };
    }
    let measurement = machine.stop_measurement().expect("a measurement");
    let lines: Vec<_> = measurement.lines.values().map(|line| (line.count, line.own_ns)).collect();
    assert_eq!(lines, [(2, 14)]);
}

#[test]
fn a_value_that_is_no_object_is_reported_with_its_stack() {
    let (configuration, mut machine) = open("live");
    expect![[r#"
        {ОбщийМодуль.РасчетДолга.Модуль(45)}: Значение не является значением объектного типа (Лимит)
        {ОбщийМодуль.РасчетДолга.Модуль(45)}:Возврат Данные.Лимит;
        {ОбщийМодуль.РасчетДолга.Модуль(13)}:Возврат ЛимитКонтрагента(ИНН);"#]]
    .assert_eq(&call(&configuration, &mut machine, "РасчетДолга.ЛимитПоИНН", vec!["7700000000".into()]));
}
