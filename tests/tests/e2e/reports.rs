//! The formats of reports, and where they go.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::command::{EMPTY_BLOCK, command, project, run};
use crate::json_schema;

const MODULES: &str = "//- /пример/а.bsl
Процедура П()
    Если А Тогда
    КонецЕсли;
    Если А = Б И А = Б Тогда
    КонецЕсли;
КонецПроцедуры
//- /чисто.bsl
А = 1;
";

/// The report of two rules in two modules.
fn report(format: &str) -> String {
    let folder = project(MODULES);
    let (code, output, errors) =
        run(folder.path(), &["check", "--format", format, "--only", "EmptyCodeBlock,IdenticalExpressions"]);
    assert_eq!((code, errors.as_str()), (1, ""));
    output
}

#[test]
fn machine_reports_are_whole_documents() {
    let folder = project(&format!("//- /a.bsl\n{EMPTY_BLOCK}//- /b.bsl\nА = 1;\n//- /c.bsl\n{EMPTY_BLOCK}"));
    let (_, output, _) = run(folder.path(), &["check", "--select", "EmptyCodeBlock", "--format", "json"]);
    let report: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(report["fileinfos"].as_array().expect("a list").len(), 3);
    assert_eq!(report["fileinfos"][2]["diagnostics"][0]["code"], "EmptyCodeBlock");
    assert_eq!(report["fileinfos"][2]["metrics"]["ncloc"], 2);
    let (_, output, _) = run(folder.path(), &["check", "--select", "EmptyCodeBlock", "--format", "sarif"]);
    let report: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(report["version"], "2.1.0");
    let results = report["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), 2);
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    let (_, output, _) =
        run(folder.path(), &["check", "b.bsl", "--select", "EmptyCodeBlock", "--format", "sarif"]);
    let report: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(report["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn sarif_tells_how_to_repair() {
    let folder = project("//- /a.bsl\nПроцедура А()\n\tБ = 1;;\nКонецПроцедуры\n");
    let (_, output, _) = run(folder.path(), &["check", "--only", "EmptyStatement", "--format", "sarif"]);
    let report: Value = serde_json::from_str(&output).expect("JSON");
    let fix = &report["runs"][0]["results"][0]["fixes"][0];
    let replacement = json!({
        "deletedRegion": {"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 9},
        "insertedContent": {"text": ""},
    });
    assert_eq!(fix["artifactChanges"][0]["replacements"], json!([replacement]));
}

#[test]
fn junit_has_a_case_per_rule() {
    let output = report("junit");
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[0], "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    assert_eq!(lines[1], "<testsuites package=\"bsl-language-server\">");
    assert_eq!(lines[2], "  <testsuite name=\"пример/а.bsl\" tests=\"2\" failures=\"2\">");
    assert_eq!(lines[3], "    <testcase name=\"EmptyCodeBlock\" classname=\"пример/а.bsl\">");
    assert!(lines[4].starts_with("      <failure type=\"warning\" message=\""), "{output}");
    assert!(lines[4].contains("<![CDATA[line: 2, column: 4, text: "), "{output}");
    assert!(
        lines[5].starts_with("line: 4, column: 4, text: ") && lines[5].ends_with("]]></failure>"),
        "{output}"
    );
    assert!(output.ends_with("  </testsuite>\n</testsuites>\n"), "{output}");
}

#[test]
fn lists_of_issues_have_the_fields_that_their_readers_ask_for() {
    let generic: Value = serde_json::from_str(&report("generic")).expect("JSON");
    let issues = generic["issues"].as_array().expect("a list");
    assert_eq!(issues.len(), 3);
    let first = &issues[0];
    assert_eq!(first["engineId"], "bsl-language-server");
    assert_eq!((&first["ruleId"], &first["type"]), (&"EmptyCodeBlock".into(), &"CODE_SMELL".into()));
    assert_eq!(first["severity"], "MAJOR");
    let place = &first["primaryLocation"];
    assert_eq!(place["filePath"], "пример/а.bsl");
    assert_eq!(place["textRange"], json!({"endColumn": 16, "endLine": 2, "startColumn": 4, "startLine": 2}));
    let quality: Value = serde_json::from_str(&report("code-quality")).expect("JSON");
    assert_eq!(quality[0]["location"], json!({"lines": {"begin": 2}, "path": "пример/а.bsl"}));
    assert_eq!(
        (&quality[0]["check_name"], &quality[0]["severity"]),
        (&"EmptyCodeBlock".into(), &"major".into())
    );
    assert_ne!(quality[0]["fingerprint"], quality[1]["fingerprint"]);
    let tslint: Value = serde_json::from_str(&report("tslint")).expect("JSON");
    assert_eq!(tslint[0]["startPosition"], json!({"character": 4, "line": 1, "position": 4}));
    assert_eq!((&tslint[0]["name"], &tslint[0]["ruleSeverity"]), (&"пример/а.bsl".into(), &"warn".into()));
}

#[test]
fn json_has_exact_places_and_names() {
    let report: Value = serde_json::from_str(&report("json")).expect("JSON");
    let file = &report["fileinfos"][0];
    let path = file["path"].as_str().expect("a text");
    assert!(path.starts_with("file:///") && path.ends_with("/%D0%B0.bsl"), "{path}");
    let found = &file["diagnostics"][0];
    assert_eq!(
        found["range"],
        json!({"end": {"character": 16, "line": 1}, "start": {"character": 4, "line": 1}})
    );
    assert_eq!((&found["code"], &found["severity"]), (&"EmptyCodeBlock".into(), &"Warning".into()));
    assert_eq!(file["metrics"]["procedures"], 1);
    assert_eq!(report["fileinfos"][1]["diagnostics"], Value::Array(Vec::new()));
}

#[test]
fn several_reports_are_written_at_once() {
    let folder = project(MODULES);
    let files = ["--format", "sarif=out/a.sarif", "--format", "junit=out/b.xml", "--format", "json"];
    let arguments = [&["check", "--only", "EmptyCodeBlock", "--output", "out/c.json"], &files[..]].concat();
    let (code, output, errors) = run(folder.path(), &arguments);
    assert_eq!((code, output.as_str(), errors.as_str()), (1, "", ""));
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).expect("a report");
    let sarif: Value = serde_json::from_str(&read("a.sarif")).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(2));
    assert!(read("b.xml").contains("EmptyCodeBlock"));
    assert!(read("c.json").contains("EmptyCodeBlock"));
    assert_eq!(std::fs::read_dir(folder.path().join("out")).expect("a folder").count(), 3);
    let (code, _, errors) = run(folder.path(), &["check", "--format", "json", "--format", "console"]);
    assert_eq!(code, 2);
    assert!(errors.contains("only one report can go to stdout"), "{errors}");
    assert_eq!(run(folder.path(), &["check", "--format", "xml"]).0, 2);
}

#[test]
fn the_same_sources_have_the_same_bytes() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer");
    for format in ["console", "json", "sarif", "junit", "generic", "code-quality", "tslint"] {
        let report = |jobs: &str| {
            let output =
                command(&demo, &["check", "--format", format, "-j", jobs]).output().expect("strizh runs");
            assert_eq!(output.status.code(), Some(1), "{format}");
            output.stdout
        };
        let first = report("1");
        assert!(first == report("2") && first == report("2"), "{format}");
    }
}

#[test]
fn frequent_rules_are_counted_and_costs_are_told() {
    let folder = project(&format!("//- /a.bsl\n{EMPTY_BLOCK}{EMPTY_BLOCK}А = А;\n"));
    let arguments = ["check", "--only", "EmptyCodeBlock,SelfAssign", "--language", "en", "--timing"];
    let (_, output, errors) = run(folder.path(), &arguments);
    let counts: Vec<&str> =
        output.lines().filter(|line| !line.contains("a.bsl") && line.contains("  ")).collect();
    assert!(counts.iter().any(|line| line.starts_with("2  EmptyCodeBlock  ")), "{output}");
    assert!(counts.iter().any(|line| line.starts_with("1  SelfAssign      ")), "{output}");
    assert!(errors.contains(" %  EmptyCodeBlock\n") && errors.contains("all rules"), "{errors}");
}

/// The official schema of SARIF 2.1.0, from a package that is fetched like any other and only carries it here.
fn sarif_schema() -> Value {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--manifest-path"]);
    let output =
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).output().expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("the package");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let schema = std::fs::read(manifest.with_file_name("src").join("schema.json")).expect("the schema");
    serde_json::from_slice(&schema).expect("JSON")
}

#[test]
fn sarif_follows_the_official_schema() {
    let schema = sarif_schema();
    assert!(schema.to_string().contains("2.1.0"), "another version of the schema");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer");
    for arguments in [&["--language", "en"][..], &["--only", "EmptyCodeBlock"]] {
        let (_, output, _) = run(&demo, &[&["check", "--format", "sarif"], arguments].concat());
        let report: Value = serde_json::from_str(&output).expect("JSON");
        assert_eq!(json_schema::problems(&schema, &report), [""; 0]);
    }
    let other =
        serde_json::json!({"version": "2.0.0", "runs": [{"results": [{"level": "bad"}], "tool": {}}]});
    let problems = json_schema::problems(&schema, &other);
    assert!(
        problems.len() >= 3 && problems.iter().any(|text| text.starts_with("/version: ")),
        "{problems:?}"
    );
}
