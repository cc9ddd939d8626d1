//! The demo configuration: the tour walks through it, and the check finds what was planted there.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::server::binary;

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(folder)
}

/// Keys of the findings in a folder, with the module they are in.
fn findings(folder: &str) -> Vec<(String, String)> {
    let output = Command::new(binary())
        .args(["check", "--format", "json"])
        .arg(fixtures(folder))
        .output()
        .expect("strizh runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let files = report["fileinfos"].as_array().expect("a list of files");
    files
        .iter()
        .flat_map(|file| {
            let path = file["path"].as_str().unwrap_or_default().to_owned();
            let diagnostics = file["diagnostics"].as_array().cloned().unwrap_or_default();
            diagnostics.into_iter().map(move |diagnostic| {
                (path.clone(), diagnostic["code"].as_str().unwrap_or_default().to_owned())
            })
        })
        .collect()
}

#[test]
fn every_step_of_the_tour_succeeds() {
    for language in ["ru", "en"] {
        let output = Command::new(binary())
            .args(["tour", "--language", language, "--path"])
            .arg(fixtures("demo/designer"))
            .output()
            .expect("strizh runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.lines().filter(|line| line.starts_with("ok ")).count() > 10, "{text}");
    }
}

#[test]
fn fixtures_have_no_syntax_errors() {
    for folder in ["demo/designer", "demo/edt", "demo/extension", "demo-en", "os"] {
        let errors: Vec<_> = findings(folder).into_iter().filter(|(_, key)| key == "ParseError").collect();
        assert_eq!(errors, [], "{folder}");
    }
}

#[test]
fn planted_problems_are_found() {
    let findings = findings("demo/designer");
    for key in [
        "CreateQueryInCycle",
        "UnusedLocalVariable",
        "UnusedLocalMethod",
        "MissingCodeTryCatchEx",
        "SelfAssign",
        "IfElseDuplicatedCodeBlock",
        "MagicNumber",
        "LineLength",
        "NestedStatements",
        "CommentedCode",
        "CognitiveComplexity",
        "DeprecatedMessage",
        "DeprecatedCurrentDate",
        "UnreachableCode",
        "FunctionShouldHaveReturn",
        "CanonicalSpellingKeywords",
        "EmptyRegion",
        "DuplicateRegion",
        "MissingCommonModuleMethod",
        "QueryToMissingMetadata",
    ] {
        assert!(findings.iter().any(|(_, found)| found == key), "{key} is not found");
    }
}

/// What rules about the project find besides the planted problems would be wrong.
#[test]
fn rules_about_the_project_find_nothing_else() {
    let keys = [
        "CallUnavailableInContext",
        "CommonModuleAssign",
        "FormContextUnavailable",
        "MissedRequiredParameter",
        "MissingCommonModuleMethod",
        "ProcedureUsedAsFunction",
        "QueryToMissingMetadata",
        "TooManyArguments",
        "UnknownQueryField",
        "UnresolvedMethodCall",
    ];
    for folder in ["demo/designer", "demo/edt", "demo/extension", "demo-en", "os"] {
        let mut found: Vec<_> = findings(folder).into_iter().map(|(_, key)| key).collect();
        found.retain(|key| keys.contains(&key.as_str()));
        found.sort();
        let planted: &[&str] = match folder {
            "demo/designer" | "demo/edt" => {
                &["MissingCommonModuleMethod", "MissingCommonModuleMethod", "QueryToMissingMetadata"]
            }
            _ => &[],
        };
        assert_eq!(found, planted, "{folder}");
    }
}

#[test]
fn both_layouts_of_the_demo_have_the_same_findings() {
    let keys = |folder| {
        let mut keys: Vec<_> = findings(folder).into_iter().map(|(_, key)| key).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys("demo/designer"), keys("demo/edt"));
}
