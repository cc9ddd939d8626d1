//! Helpers for the tests of rules: text in, findings out.

use std::collections::BTreeMap;
use std::fmt::Write;

use base::{Locale, apply_edits};
use expect_test::Expect;
use syntax::{Document, parse_text};

use semantics::testing::TestProject;

use crate::context::ProjectModule;
use crate::finding::Finding;
use crate::fixes::joint_edits;
use crate::module::{ModuleInfo, ModuleKind};
use crate::options::{Mode, Options, ParamValue, RuleSetting};
use crate::rule_set::RuleSet;
use crate::runner::{check_text, check_tree};

/// One rule, its parameters and the kind of module it looks at.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleTest {
    key: String,
    params: BTreeMap<String, ParamValue>,
    module: ModuleInfo,
    ignores_ordinary_application: bool,
}

pub(crate) fn rule(key: &str) -> RuleTest {
    let kind = crate::rule_by_key(key).and_then(|id| id.info().modules.first().copied());
    let module = ModuleInfo { kind: kind.unwrap_or(ModuleKind::CommonModule), is_oscript: false };
    RuleTest { key: key.to_owned(), module, ..RuleTest::default() }
}

impl RuleTest {
    pub(crate) fn bool(mut self, name: &str, value: bool) -> Self {
        self.params.insert(name.to_owned(), ParamValue::Bool(value));
        self
    }

    pub(crate) fn integer(mut self, name: &str, value: i64) -> Self {
        self.params.insert(name.to_owned(), ParamValue::Integer(value));
        self
    }

    pub(crate) fn string(mut self, name: &str, value: &str) -> Self {
        self.params.insert(name.to_owned(), ParamValue::String(value.to_owned()));
        self
    }

    pub(crate) fn module(mut self, kind: ModuleKind) -> Self {
        self.module.kind = kind;
        self
    }

    pub(crate) fn oscript(mut self) -> Self {
        self.module.is_oscript = true;
        self
    }

    pub(crate) fn without_ordinary_application(mut self) -> Self {
        self.ignores_ordinary_application = true;
        self
    }

    fn rules(&self) -> RuleSet {
        let parameters = BTreeMap::from([(self.key.clone(), RuleSetting::Params(self.params.clone()))]);
        let (rules, problems) = RuleSet::new(&Options {
            mode: Mode::Only,
            parameters,
            ignores_ordinary_application: self.ignores_ordinary_application,
            ..Options::default()
        });
        assert_eq!(problems, Vec::<String>::new());
        rules
    }

    /// Findings in a module, or in all modules of a project: texts with headers `//- /path`.
    pub(crate) fn findings(&self, text: &str) -> Vec<Finding> {
        if is_project(text) {
            return self.project_findings(text).into_iter().flat_map(|(_, _, findings)| findings).collect();
        }
        check_text(text, &self.rules(), &self.module)
    }

    /// Path, text and findings of every module.
    fn project_findings(&self, text: &str) -> Vec<(String, String, Vec<Finding>)> {
        let project = TestProject::of_text(text);
        let rules = self.rules();
        let check = |module: &std::sync::Arc<semantics::Module>| {
            let path = module.path.to_string_lossy().into_owned();
            let text = project.text(module.id).to_owned();
            let read = |range: base::TextRange| range.slice(&text).to_owned();
            let place = ProjectModule { project: &project.project, module: module.id, text: &read };
            let info = ModuleInfo::from_path(&path);
            let findings = check_tree(&parse_text(&text), &text, &rules, &info).finish(&rules, Some(place));
            (path, text, findings)
        };
        project.project.modules().map(check).collect()
    }

    /// Compares findings, one a line: `line:column `text` message`, lines and columns counted from one;
    /// related places follow after `+`. In projects the path of the module precedes its findings.
    #[track_caller]
    pub(crate) fn check(&self, text: &str, expected: Expect) {
        let mut out = String::new();
        if is_project(text) {
            for (path, text, findings) in self.project_findings(text) {
                if !findings.is_empty() {
                    let _ = writeln!(out, "{path}");
                }
                list(&text, &findings, &mut out);
            }
        } else {
            list(text, &self.findings(text), &mut out);
        }
        expected.assert_eq(&out);
    }

    /// Applies the fixes of all findings until none is left and compares the text; `␍` stands for a CR.
    #[track_caller]
    pub(crate) fn check_fix(&self, text: &str, expected: Expect) {
        let mut text = text.to_owned();
        for _ in 0..10 {
            let edits = joint_edits(&self.findings(&text));
            if edits.is_empty() {
                break;
            }
            text = apply_edits(&text, edits).0;
        }
        assert!(
            self.findings(&text).iter().all(|finding| finding.fix.is_empty()),
            "fixes never come to an end"
        );
        expected.assert_eq(&text.replace('\r', "␍"));
    }
}

fn is_project(text: &str) -> bool {
    text.starts_with("//- /")
}

fn list(text: &str, findings: &[Finding], out: &mut String) {
    let document = Document::new(text);
    let place = |offset| {
        let position = document.to_position(offset, syntax::PositionEncoding::Utf16);
        format!("{}:{}", position.line + 1, position.column + 1)
    };
    for finding in findings {
        let code = finding.range.slice(text).replace('\n', "⏎").replace('\r', "␍");
        let message = finding.message(Locale::En);
        let _ = write!(out, "{} `{code}` {message}", place(finding.range.start));
        for related in &finding.related {
            let _ = write!(out, " +{}", place(related.start));
        }
        out.push('\n');
    }
}
