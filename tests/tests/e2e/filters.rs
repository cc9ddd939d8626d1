//! Which findings count: baselines, changed lines, objects of the configuration.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::command::{EMPTY_BLOCK, findings, project, run};
use crate::server::{did_open, initialize_params, start};

fn git(folder: &Path, arguments: &[&str]) {
    let identity =
        ["-c", "user.name=Test", "-c", "user.email=Test@Example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output();
    let output = output.expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with one commit.
fn repository(text: &str) -> tempfile::TempDir {
    let folder = project(text);
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "First"]);
    folder
}

#[test]
fn a_baseline_hides_what_was_known_before() {
    let folder = project(&format!("//- /src/а.bsl\n{EMPTY_BLOCK}//- /src/b.bsl\nА = 1;\n"));
    let only = ["--only", "EmptyCodeBlock", "--language", "en"];
    let check = |more: &[&str]| run(folder.path(), &[&["check"], &only[..], more].concat());
    let (code, output, errors) = check(&["--write-baseline", "ci/known.json"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(output, "Checked 2 modules. No findings. Known before: 1.\n");
    let text = std::fs::read_to_string(folder.path().join("ci/known.json")).expect("a baseline");
    let baseline: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(baseline["findings"][0]["rule"], "EmptyCodeBlock");
    // Lines move, indents change, and the folder is named in another way.
    let moved = format!("// Новое\n\nА = 1;\n  {EMPTY_BLOCK}Если Б Тогда\nКонецЕсли;\n");
    std::fs::write(folder.path().join("src/а.bsl"), moved).expect("a file");
    let (code, output, _) = check(&["--baseline", "ci/known.json", "src"]);
    assert_eq!(code, 1);
    assert!(output.starts_with("src/а.bsl:6:1: warning EmptyCodeBlock"), "{output}");
    assert!(output.contains("Findings: 1 (") && output.ends_with(" Known before: 1.\n"), "{output}");
    let (code, _, errors) = check(&["--baseline", "none.json"]);
    assert_eq!(code, 2);
    assert!(errors.starts_with("strizh: none.json: the baseline cannot be read"), "{errors}");
    let (code, _, errors) = check(&["--baseline", "src/b.bsl"]);
    assert_eq!(code, 2);
    assert!(errors.starts_with("strizh: src/b.bsl: this is no baseline"), "{errors}");
}

#[test]
fn only_changed_lines_are_reported() {
    let text = format!("//- /Общие модули/Модуль с именем.bsl\n{EMPTY_BLOCK}//- /b.bsl\n{EMPTY_BLOCK}");
    let folder = repository(&text);
    let only = ["--only", "EmptyCodeBlock"];
    let changed = |more: &[&str]| findings(folder.path(), &[&only[..], &["--diff", "HEAD"], more].concat());
    assert_eq!(changed(&[]), [""; 0]);
    let module = folder.path().join("Общие модули/Модуль с именем.bsl");
    std::fs::write(&module, format!("{EMPTY_BLOCK}\n++ b/b.bsl\n{EMPTY_BLOCK}")).expect("a file");
    std::fs::write(folder.path().join("new.bsl"), EMPTY_BLOCK).expect("a file");
    let place = "%D0%9C%D0%BE%D0%B4%D1%83%D0%BB%D1%8C%20%D1%81%20%D0%B8%D0%BC%D0%B5%D0%BD%D0%B5%D0%BC.bsl";
    let expected = ["new.bsl EmptyCodeBlock 0:0-0:12".to_owned(), format!("{place} EmptyCodeBlock 4:0-4:12")];
    assert_eq!(changed(&[]), expected);
    assert_eq!(changed(&["new.bsl"]), expected[..1]);
    let (code, _, errors) = run(folder.path(), &["check", "--diff", "no-such-branch"]);
    assert_eq!((code, errors.as_str()), (2, "strizh: --diff: git knows no commit \"no-such-branch\"\n"));
    assert_eq!(run(folder.path(), &["check", "--diff", "--output=x"]).0, 2);
}

#[test]
fn without_a_repository_the_diff_is_an_error() {
    let folder = project(&format!("//- /a.bsl\n{EMPTY_BLOCK}"));
    let (code, output, errors) = run(folder.path(), &["check", "--diff", "HEAD"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(errors.starts_with("strizh: --diff needs git: . is not in a git repository: git: "), "{errors}");
}

#[test]
fn lines_of_ignored_authors_are_left_out() {
    let folder = repository(&format!("//- /a.bsl\n{EMPTY_BLOCK}"));
    let settings = "{\"diagnostics\": {\"ignoredAuthors\": [\"test@example.com\"]}}";
    std::fs::write(folder.path().join(".bsl-language-server.json"), settings).expect("a file");
    let select = ["--select", "EmptyCodeBlock"];
    assert_eq!(findings(folder.path(), &select), [""; 0]);
    std::fs::write(folder.path().join("a.bsl"), [EMPTY_BLOCK, EMPTY_BLOCK].concat()).expect("a file");
    assert_eq!(findings(folder.path(), &select), ["a.bsl EmptyCodeBlock 2:0-2:12"]);
}

#[test]
fn files_can_be_left_out() {
    let folder = project(&format!(
        "//- /a/x.bsl\n{EMPTY_BLOCK}//- /b/y.bsl\n{EMPTY_BLOCK}//- /b/z.bsl\n{EMPTY_BLOCK}"
    ));
    let only = ["--only", "EmptyCodeBlock", "--exclude", "b/z*", "--exclude", "a"];
    assert_eq!(findings(folder.path(), &only), ["y.bsl EmptyCodeBlock 0:0-0:12"]);
}

const CATALOG: &str = "Catalogs/Товары/Ext/ObjectModule.bsl";
const REPORT: &str = "Reports/Остатки/Ext/ObjectModule.bsl";

/// Modules of a small configuration: a catalog in two nested subsystems, a report in none, the session module.
const CONFIGURATION: &str = r#"//- /Configuration.xml
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.10"><Configuration uuid="00000000-0000-4000-8000-000000000001">
<Properties><Name>Пример</Name></Properties><ChildObjects><Subsystem>Внешняя</Subsystem><Catalog>Товары</Catalog>
<Report>Остатки</Report></ChildObjects></Configuration></MetaDataObject>
//- /Subsystems/Внешняя.xml
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.10"><Subsystem uuid="00000000-0000-4000-8000-000000000002">
<Properties><Name>Внешняя</Name></Properties><ChildObjects><Subsystem>Внутренняя</Subsystem></ChildObjects>
</Subsystem></MetaDataObject>
//- /Subsystems/Внешняя/Subsystems/Внутренняя.xml
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" xmlns:xr="http://v8.1c.ru/8.3/xcf/readable" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="2.10">
<Subsystem uuid="00000000-0000-4000-8000-000000000003"><Properties><Name>Внутренняя</Name><Content>
<xr:Item xsi:type="xr:MDObjectRef">Catalog.Товары</xr:Item></Content></Properties><ChildObjects/></Subsystem></MetaDataObject>
//- /Catalogs/Товары.xml
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.10"><Catalog uuid="00000000-0000-4000-8000-000000000004">
<Properties><Name>Товары</Name></Properties><ChildObjects/></Catalog></MetaDataObject>
//- /Reports/Остатки.xml
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.10"><Report uuid="00000000-0000-4000-8000-000000000005">
<Properties><Name>Остатки</Name></Properties><ChildObjects/></Report></MetaDataObject>
"#;

/// Its vendor forbids to change the catalog.
fn supported_configuration() -> tempfile::TempDir {
    let modules = [CATALOG, REPORT, "Ext/SessionModule.bsl"];
    let modules = modules.map(|path| format!("//- /{path}\n{EMPTY_BLOCK}"));
    let folder = project(&[CONFIGURATION, &modules.concat()].concat());
    let support = "{6,0,1,11111111-0000-4000-8000-000000000001,1,11111111-0000-4000-8000-000000000002,\"1\",\"Ф\",\"Б\",2,\
                   0,0,00000000-0000-4000-8000-000000000004,bbbbbbbb-0000-4000-8000-000000000001,\
                   1,0,00000000-0000-4000-8000-000000000005,bbbbbbbb-0000-4000-8000-000000000002,0}";
    std::fs::write(folder.path().join("Ext/ParentConfigurations.bin"), support).expect("a file");
    folder
}

#[test]
fn objects_are_chosen_by_subsystem_and_support() {
    let folder = supported_configuration();
    let check = |more: &[&str]| {
        let arguments = [&["check", "--format", "json", "--select", "EmptyCodeBlock"], more].concat();
        let (_, output, errors) = run(folder.path(), &arguments);
        assert_eq!(errors, "");
        let report: Value = serde_json::from_str(&output).expect("JSON");
        let files = report["fileinfos"].as_array().expect("a list").iter();
        let with_findings =
            files.filter(|file| file["diagnostics"].as_array().is_some_and(|all| !all.is_empty()));
        with_findings
            .map(|file| file["mdoRef"].as_str().unwrap_or("?").to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(check(&[]), "Catalog.Товары  Report.Остатки");
    assert_eq!(check(&["--subsystem", "внешняя"]), "Catalog.Товары ");
    assert_eq!(check(&["--exclude-subsystem", "Внутренняя"]), " Report.Остатки");
    assert_eq!(check(&["--skip-support", "withSupportLocked"]), " Report.Остатки");
    assert_eq!(check(&["--skip-support", "withSupport"]), "");
    let settings = "{\"diagnostics\": {\"skipSupport\": \"withSupport\", \"subsystemsFilter\": {\"exclude\": [\"Нет\"]}}}";
    std::fs::write(folder.path().join(".bsl-language-server.json"), settings).expect("a file");
    assert_eq!(check(&[]), "");
    assert_eq!(check(&["--skip-support", "never"]), "Catalog.Товары  Report.Остатки");
}

#[test]
fn the_editor_is_silent_about_the_same_objects() {
    let folder = supported_configuration();
    let settings = r#"{"diagnostics": {"skipSupport": "withSupportLocked", "mode": "only", "parameters": {"EmptyCodeBlock": true}}}"#;
    std::fs::write(folder.path().join(".bsl-language-server.json"), settings).expect("a file");
    let uri = |module: &str| format!("file://{}/{module}", folder.path().display());
    let mut client = start();
    let mut params = initialize_params(json!({}));
    params["rootUri"] = json!(uri(""));
    client.initialize(params).expect("initialize is answered");
    for module in [CATALOG, REPORT] {
        did_open(&mut client, &uri(module), EMPTY_BLOCK);
    }
    let is_of = |params: &Value, kind: &str| params["uri"].as_str().is_some_and(|uri| uri.contains(kind));
    let has_findings = |params: &Value| params["diagnostics"][0].is_object();
    let published = "textDocument/publishDiagnostics";
    let of_report = |params: &Value| is_of(params, "/Reports/") && has_findings(params);
    client.notification(published, of_report).expect("the report counts");
    // Now the metadata are known.
    let document = json!({"uri": uri(CATALOG), "version": 2});
    let change = json!({"textDocument": document, "contentChanges": [{"text": EMPTY_BLOCK}]});
    client.notify("textDocument/didChange", change).expect("the server reads");
    let of_catalog = |params: &Value| is_of(params, "/Catalogs/") && params["version"] == 2;
    let of_catalog = client.notification(published, of_catalog).expect("diagnostics of the catalog");
    assert_eq!(of_catalog["diagnostics"], json!([]));
}
