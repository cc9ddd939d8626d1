//! The commands: exit codes, streams and reports.

use crate::command::{EMPTY_BLOCK, project, run, run_with_input};

#[test]
fn check_reports_findings_in_order_of_paths() {
    let folder = project(&format!("//- /b/Module.bsl\n{EMPTY_BLOCK}//- /a/Module.bsl\n\n{EMPTY_BLOCK}"));
    let (code, output, errors) = run(folder.path(), &["check", "--select", "EmptyCodeBlock"]);
    assert_eq!((code, errors.as_str()), (1, ""));
    let places: Vec<&str> = output.lines().filter(|line| line.contains("EmptyCodeBlock")).collect();
    assert!(places[0].starts_with("a/Module.bsl:2:1: warning EmptyCodeBlock"), "{output}");
    assert!(places[1].starts_with("b/Module.bsl:1:1: warning EmptyCodeBlock"), "{output}");
    assert!(output.contains("Модулей проверено: 2. Замечаний: 2 "), "{output}");
}

#[test]
fn exit_codes_follow_the_least_severity() {
    let folder = project(&format!("//- /Module.bsl\n{EMPTY_BLOCK}"));
    assert_eq!(run(folder.path(), &["check", "--select", "EmptyCodeBlock", "--fail-on", "error"]).0, 0);
    assert_eq!(run(folder.path(), &["check", "--select", "EmptyCodeBlock", "--fail-on", "warning"]).0, 1);
    assert_eq!(run(folder.path(), &["check", "--fail-on", "never"]).0, 0);
    assert_eq!(run(folder.path(), &["check", "--fail-on", "warning", "--ignore", "EmptyCodeBlock"]).0, 0);
    assert_eq!(run(folder.path(), &["check", "--select", "LineLength"]).0, 0);
}

#[test]
fn unreadable_files_are_named_and_the_rest_is_checked() {
    let folder = project(&format!("//- /good/Module.bsl\n{EMPTY_BLOCK}"));
    std::fs::write(folder.path().join("Protected.bsl"), b"\x01\0\x02\0").expect("a file");
    let (code, output, errors) = run(folder.path(), &["check", "--select", "EmptyCodeBlock", ".", "missing"]);
    assert_eq!(code, 2);
    assert!(output.contains("good/Module.bsl:1:1"), "{output}");
    assert!(errors.contains("missing: no such file or folder"), "{errors}");
    assert!(errors.contains("Protected.bsl: the module is binary"), "{errors}");
    assert_eq!(errors.lines().count(), 2, "{errors}");
}

#[test]
fn wrong_usage_ends_with_2_and_one_line() {
    let folder = project("//- /Module.bsl\nА = 1;\n");
    let (code, output, errors) = run(folder.path(), &["check", "missing"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(errors.contains("missing: no such file or folder"), "{errors}");
    let (code, _, errors) = run(folder.path(), &["check", "--select", "EmptyCodeBlok"]);
    assert_eq!(code, 2);
    assert!(errors.contains("did you mean \"EmptyCodeBlock\"?"), "{errors}");
    std::fs::write(folder.path().join(".bsl-language-server.json"), "{\"language\": }").expect("a file");
    let (code, _, errors) = run(folder.path(), &["check"]);
    assert_eq!(code, 2);
    assert!(errors.contains(".bsl-language-server.json:1:14: "), "{errors}");
}

#[test]
fn stdin_is_checked_under_a_name() {
    let folder = project("");
    let arguments = ["check", "--select", "EmptyCodeBlock", "--stdin", "--stdin-filename", "src/Модуль.bsl"];
    let (code, output, _) = run_with_input(folder.path(), &arguments, EMPTY_BLOCK);
    assert_eq!(code, 1);
    assert!(output.starts_with("src/Модуль.bsl:1:1: warning EmptyCodeBlock"), "{output}");
}

#[test]
fn format_check_names_what_would_change_and_changes_nothing() {
    let text = "Процедура П()\nА=1;\nКонецПроцедуры\n";
    let folder = project(&format!("//- /Module.bsl\n{text}"));
    let (code, output, _) = run(folder.path(), &["format", "--check"]);
    let unchanged = std::fs::read_to_string(folder.path().join("Module.bsl")).expect("the file");
    assert_eq!(unchanged, text);
    assert!(
        (code, output.as_str()) == (1, "Module.bsl\n") || (code, output.as_str()) == (0, ""),
        "{code} {output}"
    );
    assert_eq!(run(folder.path(), &["format"]).0, 0);
    assert_eq!(run(folder.path(), &["format", "--check"]).0, 0);
}

#[test]
fn rules_are_explained() {
    let folder = project("");
    let (code, output, _) = run(folder.path(), &["explain", "LineLength", "--language", "en"]);
    assert_eq!(code, 0);
    assert!(output.contains("maxLineLength"), "{output}");
    assert_eq!(run(folder.path(), &["explain", "Nothing"]).0, 2);
    assert!(run(folder.path(), &["--version"]).1.starts_with("strizh "));
}
