//! Journals as they are written, and as they are broken.

use expect_test::{Expect, expect};

use super::*;
use crate::model::Profile;

const HOUR: &str = "logs/rphost_4120/26112012.log";

fn import(files: &[(&str, &str)], filter: Filter) -> (Profile, Summary) {
    let mut importer = TechLogImporter::new(filter);
    for (name, text) in files {
        importer.read_file(&LogFile::from_path(name), text.as_bytes()).expect("reading memory");
    }
    importer.finish("tests")
}

fn tell(profile: &Profile, summary: &Summary) -> String {
    let mut told = String::new();
    let mut add = |name: &str, measure: &crate::measure::Measure| {
        let text = format!("{measure:?}");
        let inner = text.trim_start_matches("Measure { ").trim_end_matches(" }");
        let parts = inner.split(", ").filter(|part| !part.ends_with(": 0") && !part.ends_with(": None"));
        told += &format!("{name}: {}\n", parts.collect::<Vec<_>>().join(", "));
    };
    add("total", &profile.total);
    if !profile.outside.is_empty() {
        add("outside", &profile.outside);
    }
    for module in &profile.modules {
        add(&module.name, &module.measure);
        for line in &module.lines {
            add(&format!("  {} {:?}", line.line, line.text), &line.measure);
            if let Some(repeat) = &line.repeat {
                add(&format!("    {repeat:?}"), &crate::measure::Measure::default());
            }
        }
    }
    for place in &summary.problems.places {
        told += &format!("{place} {:?}\n", place.kind);
    }
    told
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let (profile, summary) = import(&[(HOUR, text)], Filter::default());
    expected.assert_eq(&tell(&profile, &summary));
}

#[test]
fn statements_inside_of_a_call() {
    check(
        "\u{feff}12:07.400000-200,DBPOSTGRS,4,process=rphost,OSThread=1,Sql='SELECT\r\nT1._Fld301\r\nWHERE A = ''x, y'' AND B = $1',Prm=\"\r\np_1: '\\\\001'::bytea\",RowsAffected=1,Context='Форма.Вызов : Документ.Заказ.Форма.Ф.Модуль.Пересчитать\r\nДокумент.Заказ.Форма.Ф.Форма : 88 : Цены.Пересчитать(\"опт\");\r\n\tОбщийМодуль.Цены.Модуль : 41 : Цена = Цена(''руб'');'\r\n\
         12:07.400100-350,SDBL,3,process=rphost,OSThread=1,Sdbl='SELECT 1',Rows=1,Context='Форма.Вызов : Документ.Заказ.Форма.Ф.Модуль.Пересчитать\r\nДокумент.Заказ.Форма.Ф.Форма : 88 : Цены.Пересчитать(\"опт\");\r\n\tОбщийМодуль.Цены.Модуль : 41 : Цена = Цена(''руб'');'\r\n\
         12:07.481003-100000,CALL,0,level=INFO,process=rphost,OSThread=1,MemoryPeak=5242880,InBytes=20480,OutBytes=4096,Context=Форма.Вызов : Документ.Заказ.Форма.Ф.Модуль.Пересчитать\r\n",
        expect![[r#"
            total: count: 2, total_ns: 100000000, own_ns: 100000000, sql_count: 1, sql_ns: 350000, sql_rows: 1, transferred: 24576, memory_peak: Some(5242880)
            Документ.Заказ.Форма.Ф.Форма: count: 1, total_ns: 100000000, own_ns: 99650000, transferred: 24576, memory_peak: Some(5242880)
              88 "Цены.Пересчитать(\"опт\");": total_ns: 350000
            ОбщийМодуль.Цены.Модуль: count: 1, total_ns: 350000, own_ns: 350000, sql_count: 1, sql_ns: 350000, sql_rows: 1
              41 "Цена = Цена('руб');": count: 1, total_ns: 350000, own_ns: 350000, sql_count: 1, sql_ns: 350000, sql_rows: 1
        "#]],
    );
}

#[test]
fn locks_errors_and_client_calls() {
    check(
        "12:08.100000-15980,TLOCK,4,OSThread=1,WaitConnections=18,Context='CommonModule.Moves.Module : 12 : Set.Write();'\n\
         12:08.100001-5,TLOCK,4,OSThread=1,WaitConnections=,Context='CommonModule.Moves.Module : 12 : Set.Write();'\n\
         12:28.100000-0,TTIMEOUT,5,OSThread=1,WaitConnections=18,Context=Форма.Записать : Документ.Заказ.ФормаОбъекта\n\
         12:28.200000-0,TDEADLOCK,6,OSThread=1,DeadlockConnectionIntersections='17 18',Context='ОбщийМодуль.Moves.Модуль : 12 : Set.Write();'\n\
         12:29.000000-0,EXCP,3,OSThread=1,Descr='src\\Demo.cpp(10):\n{ОбщийМодуль.Цены.Модуль(45)}: Значение (Цена)',Context=\n\
         12:29.000001-0,EXCP,3,OSThread=1,Descr=Отказ\n\
         12:32.000000-310000,SCALL,0,process=1cv8c,t:clientID=318,Context='Документ.Заказ.Форма.Ф.Форма : 20 : Пересчитать();'\n\
         12:33.000000-9,CONN,0,process=rphost\n",
        expect![[r#"
            total: count: 7, total_ns: 325985000, own_ns: 325985000, lock_waits: 1, lock_ns: 15980000, timeouts: 1, deadlocks: 1, errors: 2, server_calls: 1
            outside: count: 1, errors: 1
            Документ.Заказ.Форма.Ф.Форма: count: 1, total_ns: 310000000, own_ns: 310000000, server_calls: 1
              20 "Пересчитать();": count: 1, total_ns: 310000000, own_ns: 310000000, server_calls: 1
            ОбщийМодуль.Moves.Модуль: count: 3, total_ns: 15985000, own_ns: 15985000, lock_waits: 1, lock_ns: 15980000, deadlocks: 1
              12 "Set.Write();": count: 3, total_ns: 15985000, own_ns: 15985000, lock_waits: 1, lock_ns: 15980000, deadlocks: 1
            ОбщийМодуль.Цены.Модуль: count: 1, errors: 1
              45 "": count: 1, errors: 1
            Форма.Записать : Документ.Заказ.ФормаОбъекта: count: 1, timeouts: 1
        "#]],
    );
}

#[test]
fn records_of_contexts_belong_to_the_event_before() {
    check(
        "00:01.000000-500,DBMSSQL,5,OSThread=1,Sql='UPDATE T1'\n\
         00:01.000001-100,DBMSSQL,5,OSThread=2,Sql='UPDATE T2'\n\
         00:01.000002-0,Context,5,OSThread=1,Context='ОбщийМодуль.А.Модуль : 3 : Б();'\n",
        expect![[r#"
            total: count: 2, total_ns: 600000, own_ns: 600000, sql_count: 2, sql_ns: 600000
            outside: count: 1, total_ns: 100000, own_ns: 100000, sql_count: 1, sql_ns: 100000
            ОбщийМодуль.А.Модуль: count: 1, total_ns: 500000, own_ns: 500000, sql_count: 1, sql_ns: 500000
              3 "Б();": count: 1, total_ns: 500000, own_ns: 500000, sql_count: 1, sql_ns: 500000
        "#]],
    );
}

#[test]
fn equal_statements_of_one_call_are_a_repetition() {
    let mut text = String::new();
    for number in 0..25 {
        text += &format!(
            "00:01.{:06}-100,DBMSSQL,5,OSThread=1,Sql='SELECT A FROM #tt{number} WHERE B = {number}\np_0: {number}\n',RowsAffected=1,Context='ОбщийМодуль.А.Модуль : 3 : Запрос.Выполнить();'\n",
            1000 * (number + 1)
        );
    }
    text += "00:02.000000-1000000,CALL,0,OSThread=1,Context=\n";
    check(
        &text,
        expect![[r#"
        total: count: 26, total_ns: 1000000000, own_ns: 1000000000, sql_count: 25, sql_ns: 2500000, sql_rows: 25
        outside: count: 1, total_ns: 997500000, own_ns: 997500000
        ОбщийМодуль.А.Модуль: count: 25, total_ns: 2500000, own_ns: 2500000, sql_count: 25, sql_ns: 2500000, sql_rows: 25
          3 "Запрос.Выполнить();": count: 25, total_ns: 2500000, own_ns: 2500000, sql_count: 25, sql_ns: 2500000, sql_rows: 25
            QueryRepeat { calls: 1, statements: 25, most_in_call: 25, time_ns: 2500000, rows: 25, text: "SELECT A FROM #tt WHERE B = ?" }: 
    "#]],
    );
}

#[test]
fn json_has_the_same_events() {
    check(
        "{\"ts\":\"2026-11-20T12:12:07.481003\",\"duration\":\"2000\",\"name\":\"DBPOSTGRS\",\"level\":\"INFO\",\"depth\":\"4\",\"OSThread\":\"7\",\"Sql\":\"SELECT \\\"x\\\"\",\"Sql\":\"SELECT 1\",\"Context\":\"ОбщийМодуль.А.Модуль : 3 : Б();\\n\\tОбщийМодуль.Б.Модуль : 4 : В();\"}\n\
         {\"ts\":\"2026-11-20T12:12:07.481003\",\"duration\":\"2000\"}\n\
         {\"ts\":\"2026-11-20T12:12:07.4810\n\
         \n\
         хлам\n",
        expect![[r#"
            total: count: 1, total_ns: 2000000, own_ns: 2000000, sql_count: 1, sql_ns: 2000000
            ОбщийМодуль.А.Модуль: total_ns: 2000000
              3 "Б();": total_ns: 2000000
            ОбщийМодуль.Б.Модуль: count: 1, total_ns: 2000000, own_ns: 2000000, sql_count: 1, sql_ns: 2000000
              4 "В();": count: 1, total_ns: 2000000, own_ns: 2000000, sql_count: 1, sql_ns: 2000000
            logs/rphost_4120/26112012.log:2 BadJson
            logs/rphost_4120/26112012.log:3 BadJson
            logs/rphost_4120/26112012.log:5 Incomplete
        "#]],
    );
}

#[test]
fn nothing_is_fatal_and_everything_is_counted() {
    check(
        "начало обрезано\nеще строка\n\
         00:01.000000-5,DBMSSQL,5,Sql='не закрыт\n\
         75:01.000000-5,DBMSSQL,5,Sql=''\n\
         00:02.000000-99999999999999999999,DBMSSQL,5,Sql=''\n\
         00:03.000000-5,CALL,0,process=rphost,без знака\n\
         00:03.000000-5,CALL,0,process=rphost\n\
         мусор после события\n\
         \n\
         00:04.000000-5,CALL,0,Context='конец фай",
        expect![[r#"
            total: count: 2, total_ns: 10000, own_ns: 10000
            outside: count: 2, total_ns: 10000, own_ns: 10000
            logs/rphost_4120/26112012.log:1 StrayLine
            logs/rphost_4120/26112012.log:2 StrayLine
            logs/rphost_4120/26112012.log:3 UnclosedQuote
            logs/rphost_4120/26112012.log:4 BadNumber
            logs/rphost_4120/26112012.log:5 BadNumber
            logs/rphost_4120/26112012.log:6 BadProperty
            logs/rphost_4120/26112012.log:8 StrayLine
            logs/rphost_4120/26112012.log:10 Incomplete
        "#]],
    );
    let bytes = b"00:03.000000-5,CALL,0,Context='\xFF\xFE : 1 : x'\n\x00\x01\n".as_slice();
    let mut importer = TechLogImporter::new(Filter::default());
    importer.read_file(&LogFile::from_path(HOUR), bytes).expect("reading memory");
    let (_, summary) = importer.finish("");
    assert_eq!((summary.problems.count(ProblemKind::BadText), summary.problems.total()), (1, 2));
}

#[test]
fn events_are_filtered() {
    let event = |minute: u32, user: &str, process: &str| {
        format!("{minute:02}:00.000000-5,CALL,0,p:processName={process},Usr={user},Context=\n")
    };
    let text = event(1, "Иванов", "trade") + &event(2, "Петров", "trade") + &event(3, "Иванов", "erp");
    let count = |filter: Filter| import(&[(HOUR, &text)], filter).0.total.count;
    let moment = |text: &str| super::Moment::parse(text);
    assert_eq!(count(Filter::default()), 3);
    assert_eq!(count(Filter { user: Some("иванов".to_owned()), ..Filter::default() }), 2);
    assert_eq!(count(Filter { process: Some("erp".to_owned()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { process: Some("rphost".to_owned()), ..Filter::default() }), 3);
    assert_eq!(count(Filter { process: Some("rmngr".to_owned()), ..Filter::default() }), 0);
    assert_eq!(count(Filter { from: moment("2026-11-20T12:02"), ..Filter::default() }), 2);
    assert_eq!(count(Filter { to: moment("2026-11-20T12:02"), ..Filter::default() }), 1);
    assert_eq!(count(Filter { from: moment("2026-11-20T13:00"), ..Filter::default() }), 0);
}

#[test]
fn files_tell_their_process_and_hour() {
    let hour = super::Moment::parse("2026-11-20T12");
    let file = |path: &str| {
        let file = LogFile::from_path(path);
        (file.process, file.hour)
    };
    assert_eq!(file("C:\\logs\\rphost_4120\\26112012.log"), ("rphost_4120".to_owned(), hour));
    assert_eq!(file("logs/rphost_4120_26112012.log"), ("rphost_4120".to_owned(), hour));
    assert_eq!(file("logs/rphost_4120/26119912.log").1, None);
    assert_eq!(file("26112012.log"), (String::new(), hour));
    assert_eq!(file("").1, None);
    assert_eq!(Generator::file_name(9, 4), "rphost_4136/26112002.log");
}

#[test]
fn generated_journals_are_read_to_the_last_event() {
    let options = GeneratorOptions { seed: 7, file_bytes: 300_000, calls_per_problem: 3 };
    let mut generator = Generator::new(options);
    let mut whole = TechLogImporter::new(Filter::default());
    let (mut left, mut right) = (TechLogImporter::default(), TechLogImporter::default());
    for number in 0..4 {
        let mut text = Vec::new();
        generator.write_file(&mut text).expect("writing memory");
        let file = LogFile::from_path(&Generator::file_name(number, 2));
        let part = if number % 2 == 0 { &mut left } else { &mut right };
        part.read_file(&file, text.as_slice()).expect("reading memory");
        whole.read_file(&file, text.as_slice()).expect("reading memory");
    }
    let truth = generator.truth();
    left.merge(right);
    let (merged, merged_summary) = left.finish("generated");
    let (profile, summary) = whole.finish("generated");
    let total = &profile.total;
    assert_eq!((summary.bytes, summary.files), (truth.bytes, 4));
    assert_eq!(summary.problems.total(), truth.problems);
    assert_eq!(
        (total.sql_count, total.lock_waits, total.errors),
        (truth.statements, truth.lock_waits, truth.errors)
    );
    assert!(profile.modules.iter().any(|module| module.lines.iter().any(|line| line.repeat.is_some())));
    assert_eq!(merged, profile);
    assert_eq!(merged_summary.names, summary.names);
}

#[test]
fn no_bytes_are_fatal() {
    let mut text = Vec::new();
    let options = GeneratorOptions { seed: 3, file_bytes: 20_000, calls_per_problem: 2 };
    Generator::new(options).write_file(&mut text).expect("writing memory");
    let mut random = 1_u64;
    for _ in 0..300 {
        let mut broken = text.clone();
        for _ in 0..20 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (random >> 33) as usize % broken.len();
            broken[at] = b"',=\"\n\r\x00{}:0-1\xFF"[(random >> 20) as usize % 14];
        }
        let mut importer = TechLogImporter::default();
        importer.read_file(&LogFile::from_path(HOUR), broken.as_slice()).expect("reading memory");
        importer.finish("");
    }
}

#[test]
fn packed_journals_read_like_plain_ones() {
    let text = "12:07.480001-48200,DBPOSTGRS,4,process=rphost,Usr=Иванов,Sql='SELECT 1',RowsAffected=1,Context='ОбщийМодуль.Цены.Модуль : 41 : Цена();'\r\n".repeat(300);
    let plain = import(&[(HOUR, &text)], Filter::default());
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    packed.extend(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6));
    packed.extend([0; 8]);
    let mut importer = TechLogImporter::new(Filter::default());
    let file = LogFile::from_path(&format!("{HOUR}.gz"));
    assert_eq!((file.process.as_str(), file.hour.is_some()), ("rphost_4120", true));
    importer.read_packed_file(&file, packed.as_slice()).expect("reading memory");
    let (profile, summary) = importer.finish("tests");
    assert_eq!((profile, summary.events, summary.bytes), (plain.0, 300, plain.1.bytes));
}
