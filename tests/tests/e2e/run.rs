//! `strizh run`: scripts, configurations, budgets, measurements, exit codes.

use std::path::{Path, PathBuf};

use crate::command::{project, run};

fn live() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/live").canonicalize().expect("the fixture")
}

fn run_live(arguments: &[&str]) -> (i32, String, String) {
    let live = live();
    let mut all = vec!["run", "."];
    all.extend(arguments);
    let (code, output, errors) = run(&live, &all);
    (code, output.replace('\u{a0}', " "), errors)
}

#[test]
fn a_script_prints_and_its_methods_are_called() {
    let folder = project(
        "//- /script.bsl\nФункция Итого(Числа, Валюта = \"\")\n\tИтого = 0;\n\tДля Каждого Число Из Числа Цикл\n\t\tИтого = Итого + Число;\n\tКонецЦикла;\n\tВозврат Строка(Итого) + \" \" + Валюта;\nКонецФункции\nСообщить(\"готово\");\n",
    );
    assert_eq!(run(folder.path(), &["run", "script.bsl"]), (0, "готово\n".to_owned(), String::new()));
    let call = ["run", "script.bsl", "--call", "Итого", "--argument", "[1, 2.5]", "--argument", "\"RUB\""];
    assert_eq!(run(folder.path(), &call), (0, "готово\n3,5 RUB\n".to_owned(), String::new()));
}

#[test]
fn exit_codes_tell_how_it_ended() {
    let folder = project(
        "//- /error.bsl\nА = 1 / 0;\n//- /endless.os\nWhile True Do\nEndDo;\n//- /broken.bsl\nЕсли Истина\n//- /missing.bsl\nА = Новый ТабличныйДокумент;\n",
    );
    let ends = |arguments: &[&str]| {
        let (code, _, errors) = run(folder.path(), arguments);
        (code, errors.lines().next().unwrap_or_default().to_owned())
    };
    assert_eq!(ends(&["run", "error.bsl"]), (1, "{error.bsl(1)}: Деление на 0".to_owned()));
    assert_eq!(ends(&["run", "broken.bsl"]).0, 2);
    assert_eq!(ends(&["run", "nothing.bsl"]).0, 2);
    let (code, message) = ends(&["run", "endless.os", "--instructions", "1000", "--language", "en"]);
    assert!(code == 3 && message.starts_with("a budget is used up: "), "{code} {message}");
    let (code, message) = ends(&["run", "missing.bsl"]);
    assert!(code == 4 && message.contains("Новый ТабличныйДокумент"), "{code} {message}");
}

#[test]
fn a_method_of_a_configuration_is_measured_on_a_virtual_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("measure.json");
    let file_text = file.to_string_lossy().into_owned();
    let (code, output, errors) = run_live(&[
        "--call",
        "РасчетСумм.Пример",
        "--argument",
        "10000",
        "--virtual-clock",
        "--statement-cost",
        "4991ns",
        "--query-cost",
        "220.054us",
        "--measure",
        &file_text,
    ]);
    assert_eq!((code, output.as_str(), errors.as_str()), (0, "1 999 623\n", ""));
    let json = std::fs::read_to_string(&file).expect("a measurement");
    let profile: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(profile["format"], "strizh-profile");
    let modules = profile["modules"].as_array().expect("modules");
    let module =
        modules.iter().find(|module| module["name"] == "ОбщийМодуль.РасчетСумм.Модуль").expect("a module");
    assert_eq!(module["path"], "CommonModules/РасчетСумм/Ext/Module.bsl");
    let lines = module["lines"].as_array().expect("lines");
    let line = lines.iter().find(|line| line["line"] == 17).expect("a line");
    assert_eq!(line["text"], "Выборка = Запрос.Выполнить().Выбрать();");
    assert_eq!(
        line["measure"],
        serde_json::json!({"count": 10000, "ownNs": 2_250_450_000_u64, "totalNs": 2_250_450_000_u64, "sqlCount": 10000, "sqlNs": 2_200_540_000_u64})
    );
}

#[test]
fn errors_of_a_configuration_come_with_their_stack() {
    let (code, output, errors) = run_live(&["--call", "РасчетДолга.ЛимитПоИНН", "--argument", "\"7700\""]);
    assert_eq!((code, output.as_str()), (1, ""));
    assert_eq!(
        errors,
        "{ОбщийМодуль.РасчетДолга.Модуль(45)}: Значение не является значением объектного типа (Лимит)\n\
         {ОбщийМодуль.РасчетДолга.Модуль(45)}:Возврат Данные.Лимит;\n\
         {ОбщийМодуль.РасчетДолга.Модуль(13)}:Возврат ЛимитКонтрагента(ИНН);\n"
    );
    assert_eq!(run_live(&[]).0, 2);
    assert_eq!(run_live(&["--call", "НетТакого.Метода"]).0, 1);
}

#[test]
fn an_infobase_is_filled_before_the_call() {
    let folder = project("//- /seed.bsl\nНаполнениеДанными.НовыйКонтрагент(\"Ромашка\", \"7701\", 5000);\n");
    let seed = folder.path().join("seed.bsl");
    let seed = seed.to_string_lossy();
    let (code, output, errors) =
        run_live(&["--data", &seed, "--call", "РасчетДолга.ЛимитПоИНН", "--argument", "\"7701\""]);
    assert_eq!((code, output.as_str(), errors.as_str()), (0, "5 000\n", ""));
    let argument = "Справочники.Контрагенты.НайтиПоНаименованию(\"Ромашка\").ИНН";
    let (_, output, _) =
        run_live(&["--data", &seed, "--call", "РасчетДолга.ЛимитПоИНН", "--argument", argument]);
    assert_eq!(output, "5 000\n");
}

#[test]
fn files_are_used_only_where_it_is_granted() {
    let folder = project(
        "//- /script.bsl\nТекст = Новый ЧтениеТекста(\"data.txt\");\nСообщить(Текст.ПрочитатьСтроку());\n//- /data.txt\nстрока\n",
    );
    let (code, _, errors) = run(folder.path(), &["run", "script.bsl"]);
    assert!(code == 1 && errors.contains("Нарушение прав доступа"), "{code} {errors}");
    let granted = run(folder.path(), &["run", "script.bsl", "--allow-read", "."]);
    assert_eq!(granted, (0, "строка\n".to_owned(), String::new()));
    assert_eq!(run(folder.path(), &["run", "script.bsl", "--allow-read", "nowhere"]).0, 2);
}
