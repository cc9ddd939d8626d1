//! Profiles read and written, and files that are none.

use expect_test::{Expect, expect};

use super::*;
use crate::builder::FrameName;
use crate::line_digest::SourceLines;
use crate::measure::Measure;
use crate::model::{CountMeaning, MethodSpan, Source, SourceKind};

const TEXT: &str = "Процедура Пересчитать()\n\tДля Каждого Строка Из Товары Цикл\n\t\tЦена(Строка);\n\tКонецЦикла;\nКонецПроцедуры\n";

fn frame<'a>(module: &'a str, line: u32, text: &'a str) -> FrameName<'a> {
    FrameName { module, line, method: "", text }
}

fn sample() -> Profile {
    let mut builder = ProfileBuilder::new();
    let statement = Measure { count: 3, own_ns: 3_000, sql_count: 3, sql_ns: 3_000, ..Measure::default() };
    let outer = frame("CommonModule.Цены.Module", 3, "\t\tЦена(Строка);");
    let inner = frame("ОбщийМодуль.Запросы.Модуль", 7, "Запрос.Выполнить();");
    builder.add_stack(&[outer, inner, inner], &statement);
    builder.add_stack(&[outer], &Measure { count: 1, own_ns: 500, ..Measure::default() });
    builder.add_outside(&Measure { count: 1, own_ns: 500, ..Measure::default() });
    let source = Source { kind: SourceKind::TechLog, counts: CountMeaning::Events, ..Source::default() };
    builder.finish(source)
}

#[test]
fn numbers_are_summed_up() {
    let mut profile = sample();
    let lines = SourceLines::new(TEXT);
    let prices = profile.modules.iter().position(|module| module.name.contains("Цены")).expect("a module");
    let span = MethodSpan { name: "Пересчитать".into(), first_line: 1, last_line: 5 };
    profile.assign_methods(prices, &[span], &lines);
    expect![[r#"
        {
          "format": "strizh-profile",
          "version": 1,
          "source": {
            "kind": "tech-log",
            "counts": "events"
          },
          "total": {
            "count": 5,
            "totalNs": 4000,
            "ownNs": 4000,
            "sqlCount": 3,
            "sqlNs": 3000
          },
          "outside": {
            "count": 1,
            "totalNs": 500,
            "ownNs": 500
          },
          "modules": [
            {
              "name": "ОбщийМодуль.Запросы.Модуль",
              "measure": {
                "count": 3,
                "totalNs": 3000,
                "ownNs": 3000,
                "sqlCount": 3,
                "sqlNs": 3000
              },
              "lines": [
                {
                  "line": 7,
                  "text": "Запрос.Выполнить();",
                  "anchor": {
                    "digest": "bee482e20a106740"
                  },
                  "measure": {
                    "count": 3,
                    "totalNs": 3000,
                    "ownNs": 3000,
                    "sqlCount": 3,
                    "sqlNs": 3000
                  }
                }
              ]
            },
            {
              "name": "ОбщийМодуль.Цены.Модуль",
              "measure": {
                "count": 1,
                "totalNs": 3500,
                "ownNs": 500
              },
              "lines": [
                {
                  "line": 3,
                  "text": "Цена(Строка);",
                  "anchor": {
                    "digest": "5cf1068186c90732"
                  },
                  "measure": {
                    "count": 1,
                    "totalNs": 3500,
                    "ownNs": 500
                  }
                }
              ],
              "methods": [
                {
                  "name": "Пересчитать",
                  "firstLine": 1,
                  "lastLine": 5,
                  "measure": {
                    "count": 1,
                    "totalNs": 3500,
                    "ownNs": 500
                  }
                }
              ]
            }
          ],
          "frames": [
            {
              "module": 0,
              "line": 7
            },
            {
              "module": 1,
              "line": 3
            }
          ],
          "stacks": [
            {
              "frames": [
                1
              ],
              "measure": {
                "count": 1,
                "totalNs": 500,
                "ownNs": 500
              }
            },
            {
              "frames": [
                1,
                0,
                0
              ],
              "measure": {
                "count": 3,
                "totalNs": 3000,
                "ownNs": 3000,
                "sqlCount": 3,
                "sqlNs": 3000
              }
            }
          ]
        }
    "#]]
    .assert_eq(&write_profile(&profile));
}

#[test]
fn what_is_written_is_read() {
    let mut profile = sample();
    profile.modules[0].path = Some("CommonModules/Запросы/Ext/Module.bsl".to_owned());
    profile.modules[0].attach(&SourceLines::new(&"\n".repeat(6).replace('\n', "А();\n")));
    let text = write_profile(&profile);
    let read = read_profile(text.as_bytes()).expect("a profile");
    assert_eq!(read, profile);
    assert!(read.module("commonmodule.цены.module").is_some());
    assert!(read.module_of_path("C:\\work\\CommonModules\\Запросы\\Ext\\Module.bsl").is_some());
    assert!(read.module_of_path("Запросы/Ext/Module.bsl").is_none());
}

#[track_caller]
fn check_error(text: &str, expected: Expect) {
    let error = read_profile(text.as_bytes()).expect_err("an error");
    expected.assert_eq(&error.to_string());
}

#[test]
fn problems_name_their_place() {
    let file = |rest: &str| format!("{{\"format\": \"strizh-profile\", \"version\": 1{rest}}}");
    check_error("", expect!["1:0: EOF while parsing a value"]);
    check_error("{\n\"format\": 5}", expect!["2:11: invalid type: integer `5`, expected a string"]);
    check_error("{}", expect![[r#"format: "" is not "strizh-profile""#]]);
    check_error("{\"format\": \"strizh-profile\", \"version\": 9}", expect!["version: 9 is not 1"]);
    check_error(
        &file(",\n\"modules\": [{\"name\": \"М\",\n\"lines\": [{\"line\": -1}]}]"),
        expect!["3:21: invalid value: integer `-1`, expected u32"],
    );
    check_error(
        &file(", \"modules\": [{\"name\": \"М\", \"lines\": [{\"line\": 0}]}]"),
        expect!["modules[0].lines[0].line: 0 is not between 1 and 10000000"],
    );
    check_error(&file(", \"modules\": [{}]"), expect!["modules[0].name: a module needs a name"]);
    check_error(&file(", \"frames\": [{\"module\": 4}]"), expect!["frames[0].module: there is no module 4"]);
    check_error(&file(", \"stacks\": [{\"frames\": [1]}]"), expect!["stacks[0].frames: there is no frame 1"]);
    check_error(
        &file(", \"modules\": [{\"name\": \"М\", \"digest\": \"хвост\"}]"),
        expect!["1:93: a digest is up to 16 hexadecimal digits"],
    );
}

#[test]
fn nothing_overflows_and_depth_is_bounded() {
    let huge = u64::MAX;
    let line = format!(
        "{{\"line\": 1, \"measure\": {{\"count\": {huge}, \"ownNs\": {huge}, \"totalNs\": {huge}}}}}"
    );
    let module = format!("{{\"name\": \"М\", \"lines\": [{line}, {line}]}}");
    let text = format!(
        "{{\"format\": \"strizh-profile\", \"version\": 1, \"modules\": [{module}, {module}], \"more\": 1}}"
    );
    let profile = read_profile(text.as_bytes()).expect("a profile");
    assert_eq!((profile.modules.len(), profile.modules[0].lines.len()), (1, 1));
    assert_eq!(profile.total.own_ns, huge);
    assert!(read_profile("[".repeat(100_000).as_bytes()).is_err());
    let nested = format!("{{\"format\": \"strizh-profile\", \"version\": 1, \"x\": {}", "[".repeat(100_000));
    assert!(read_profile(nested.as_bytes()).is_err());
}
