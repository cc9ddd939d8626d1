//! `check --only`: the named rules alone, whatever switches them off.

use crate::command::{EMPTY_BLOCK, findings, listed, project, run, run_with_input};

const SUPPRESSED: &str = "// BSLLS-off\nЕсли А Тогда\nКонецЕсли;\n";

#[test]
fn suppressions_and_settings_do_not_hide_findings_from_an_audit() {
    let folder = project(&format!("//- /один файл.bsl\n{SUPPRESSED}"));
    let settings = "{\"diagnostics\": {\"mode\": \"off\", \"minimumLSPDiagnosticLevel\": \"Error\", \
                    \"parameters\": {\"EmptyCodeBlock\": false}}}";
    std::fs::write(folder.path().join(".bsl-language-server.json"), settings).expect("a file");
    let file = "один файл.bsl";
    assert_eq!(findings(folder.path(), &[file, "--select", "EmptyCodeBlock"]), [""; 0]);
    assert_eq!(
        findings(folder.path(), &[file, "--only", "EmptyCodeBlock"]),
        ["%D0%BE%D0%B4%D0%B8%D0%BD%20%D1%84%D0%B0%D0%B9%D0%BB.bsl EmptyCodeBlock 1:0-1:12"]
    );
}

#[test]
fn rules_for_other_kinds_of_modules_run() {
    let text = "Процедура П() Экспорт\n    А = 1;\nКонецПроцедуры\n";
    let folder = project(&format!("//- /a.bsl\n{text}"));
    let found = findings(folder.path(), &["a.bsl", "--only", "CommandModuleExportMethods"]);
    assert_eq!(found, ["a.bsl CommandModuleExportMethods 0:10-0:11"]);
    let select = ["a.bsl", "--select", "CommandModuleExportMethods"];
    assert_eq!(findings(folder.path(), &select), [""; 0]);
    let as_command = [&select[..], &["--module-kind", "CommandModule"]].concat();
    assert_eq!(findings(folder.path(), &as_command), found);
    let only = "CommandModuleExportMethods,EmptyCodeBlock";
    let arguments = ["check", "--stdin", "--format", "json", "--only", only];
    let (code, output, _) = run_with_input(folder.path(), &arguments, text);
    assert_eq!(
        (code, listed(&output)),
        (1, vec!["stdin.bsl CommandModuleExportMethods 0:10-0:11".to_owned()])
    );
}

#[test]
fn wrong_names_are_errors() {
    let folder = project(&format!("//- /a.bsl\n{EMPTY_BLOCK}"));
    let (code, output, errors) = run(folder.path(), &["check", "--only", "EmptyCodeBlok"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert_eq!(errors, "strizh: unknown rule \"EmptyCodeBlok\"; did you mean \"EmptyCodeBlock\"?\n");
    let (code, _, errors) = run(folder.path(), &["check", "--module-kind", "FormModul"]);
    assert_eq!(code, 2);
    assert!(errors.contains("did you mean \"FormModule\"?"), "{errors}");
    assert_eq!(run(folder.path(), &["check", "--only", "A", "--select", "B"]).0, 2);
}

#[test]
fn text_on_stdin_belongs_to_the_project_around_its_name() {
    let folder = project("");
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer");
    let module = demo.join("CommonModules/НетТакогоМодуля/Ext/Module.bsl");
    let text = "Процедура П()\n    СтроковыеУтилиты.НетТакогоМетода();\nКонецПроцедуры\n";
    let name = module.to_string_lossy();
    let only = ["check", "--format", "json", "--only", "MissingCommonModuleMethod", "--stdin"];
    let (_, output, _) =
        run_with_input(folder.path(), &[&only[..], &["--stdin-filename", &name]].concat(), text);
    assert_eq!(listed(&output).len(), 1, "{output}");
    assert!(output.contains("\"mdoRef\":\"CommonModule.НетТакогоМодуля\""), "{output}");
    let (_, output, _) = run_with_input(folder.path(), &only, text);
    assert_eq!(listed(&output), [""; 0]);
}

#[test]
fn a_lone_file_has_nobody_who_could_call_its_methods() {
    let folder = project("//- /a.bsl\nПроцедура П()\nКонецПроцедуры\n");
    let only = ["a.bsl", "--only", "UnusedLocalMethod", "--module-kind", "CommonModule"];
    assert_eq!(findings(folder.path(), &only), ["a.bsl UnusedLocalMethod 0:10-0:11"]);
}
