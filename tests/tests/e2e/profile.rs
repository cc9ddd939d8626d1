//! `strizh profile`: journals and profiles in, tables, JSON, pages and exit codes out.

use std::path::Path;

use crate::command::{project, run};

const CONFIGURATION: &str = "<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><Configuration uuid=\"1\"><Properties><Name>Т</Name></Properties><ChildObjects/></Configuration></MetaDataObject>";

fn module(before: &str) -> String {
    format!(
        "//- /src/Configuration.xml\n{CONFIGURATION}\n//- /src/CommonModules/Цены/Ext/Module.bsl\n{before}Процедура Пересчитать(Товары) Экспорт\n\tДля Каждого Строка Из Товары Цикл\n\t\tЦена = Запрос.Выполнить();\n\tКонецЦикла;\nКонецПроцедуры\n"
    )
}

/// A call of the server with so many statements of one line.
fn journal(statements: u32, duration: u32) -> String {
    let mut text = String::from("\u{feff}");
    for number in 1..=statements {
        text += &format!(
            "00:{:02}.000000-{duration},DBPOSTGRS,4,process=rphost,OSThread=1,Usr=Иванов,Sql='SELECT {number}',RowsAffected=1,Context='ОбщийМодуль.Цены.Модуль : 3 : Цена = Запрос.Выполнить();'\r\n",
            number % 60
        );
    }
    text + "01:00.000000-60000000,CALL,0,process=rphost,OSThread=1,Usr=Иванов,Context=Форма.Вызов : ОбщийМодуль.Цены.Модуль.Пересчитать\r\nмусор\r\n"
}

fn write_journal(folder: &Path, name: &str, text: &str) {
    let folder = folder.join(name).join("rphost_1");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("26112012.log"), text).expect("a file");
}

#[test]
fn journals_become_reports() {
    let folder = project(&module(""));
    write_journal(folder.path(), "logs", &journal(20, 100_000));
    let arguments = [
        "profile",
        "report",
        "logs",
        "--project",
        "src",
        "--format",
        "console",
        "--format",
        "html=report.html",
    ];
    let (code, output, errors) = run(folder.path(), &arguments);
    assert_eq!(code, 0, "{errors}");
    assert!(output.contains("ОбщийМодуль.Цены.Модуль:3 Пересчитать"), "{output}");
    assert!(
        output.contains("запрос в цикле: 20 одинаковых, 2 с, вызовов сервера: 1, в одном до 20: SELECT ?"),
        "{output}"
    );
    assert!(errors.contains("строка вне событий: 1 (logs/rphost_1/26112012.log:22)"), "{errors}");
    assert!(errors.contains("найдено 1, без файла 0; строки: на месте 1"), "{errors}");
    let page = std::fs::read_to_string(folder.path().join("report.html")).expect("a page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
}

#[test]
fn lines_are_followed_through_edits() {
    let folder = project(&module("// Новая строка\n\n"));
    write_journal(folder.path(), "logs", &journal(20, 100_000));
    let arguments = ["profile", "--language", "en", "report", "logs", "--project", "src"];
    let (code, output, errors) = run(folder.path(), &arguments);
    assert_eq!(code, 0, "{errors}");
    assert!(output.contains("ОбщийМодуль.Цены.Модуль:5 Пересчитать"), "{output}");
    assert!(output.contains("the line has moved since"), "{output}");
    assert!(errors.contains("0 in place, 1 moved, 0 without text, 0 changed"), "{errors}");
}

#[test]
fn slower_code_fails_a_pipeline() {
    let folder = project(&module(""));
    write_journal(folder.path(), "before", &journal(20, 100_000));
    write_journal(folder.path(), "after", &journal(20, 2_000_000));
    for name in ["before", "after"] {
        let output = format!("{name}.json");
        let (code, _, errors) =
            run(folder.path(), &["profile", "import", name, "--project", "src", "-o", &output]);
        assert_eq!(code, 0, "{errors}");
    }
    let diff = |arguments: &[&str]| {
        let all = [&["profile", "diff", "--fail-on", "10%"], arguments].concat();
        let (code, output, errors) = run(folder.path(), &all);
        (code, output + &errors)
    };
    assert_eq!(diff(&["before.json", "before.json"]).0, 0);
    let (code, output) = diff(&["before.json", "after", "--per-count"]);
    assert_eq!(code, 1, "{output}");
    assert!(output.contains("ОбщийМодуль.Цены.Модуль"), "{output}");
    let (code, output) = diff(&["before.json", "after", "--format", "html", "-o", "diff.html"]);
    assert_eq!(code, 1, "{output}");
    let page = std::fs::read_to_string(folder.path().join("diff.html")).expect("a page");
    assert!(page.contains("\"isRegressed\":true") && page.ends_with("</html>\n"), "{page}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = project(&module(""));
    std::fs::write(folder.path().join("broken.json"), "{\n  \"format\": 1\n}").expect("a file");
    let (code, output, errors) = run(folder.path(), &["profile", "report", "broken.json"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(errors.contains("broken.json:2:13: invalid type"), "{errors}");
    let (code, _, errors) = run(folder.path(), &["profile", "report", "src"]);
    assert_eq!(code, 2);
    assert!(errors.contains("src: there are no files *.log"), "{errors}");
    assert_eq!(run(folder.path(), &["profile", "report", "x", "--from", "вчера"]).0, 2);
}
