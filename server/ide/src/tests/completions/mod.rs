//! Lists of completion in small projects and in the demo configuration.

mod inside_literals;
mod members;
mod names;
mod procedures;

use expect_test::Expect;
use semantics::ModuleFacts;
use semantics::testing::TestProject;
use syntax::Document;

use crate::tests::visible;
use crate::{Completion, CompletionItem, CompletionOptions, ProjectDocument, completions};

/// A question with its answer.
struct Asked {
    project: semantics::Project,
    module: semantics::ModuleId,
    document: Document,
    completion: Completion,
}

/// Asks at the cursor of a fixture, see `TestProject::of_text`.
#[track_caller]
fn ask(fixture: &str) -> Asked {
    let test = TestProject::of_text(fixture);
    let (module, offset) = test.cursor.expect("invariant: the fixture has a `$0`");
    let document = Document::new(test.text(module));
    answer(test.project, module, document, offset, None)
}

/// Asks in a module of a folder of fixtures, with `code` put at the end of the module.
#[track_caller]
fn ask_in(folder: &str, module: &str, code: &str) -> Asked {
    let test = TestProject::of_fixtures(folder);
    let module = test.module(module);
    let (before, after) = code.split_once("$0").expect("invariant: the code has a `$0`");
    let start = test.text(module);
    let text = format!("{start}\n{before}{after}");
    let offset = (start.len() + 1 + before.len()) as u32;
    let project = test.project.with_facts(module, ModuleFacts::of_text(&text));
    answer(project, module, Document::new(&text), offset, None)
}

/// Asks in a module of a folder of fixtures whose text is replaced.
#[track_caller]
fn ask_instead(folder: &str, module: &str, text: &str) -> Asked {
    let test = TestProject::of_fixtures(folder);
    let module = test.module(module);
    let (before, after) = text.split_once("$0").expect("invariant: the text has a `$0`");
    let text = format!("{before}{after}");
    let project = test.project.with_facts(module, ModuleFacts::of_text(&text));
    answer(project, module, Document::new(&text), before.len() as u32, None)
}

fn answer(
    project: semantics::Project,
    module: semantics::ModuleId,
    document: Document,
    offset: u32,
    trigger: Option<char>,
) -> Asked {
    let of = ProjectDocument { document: &document, project: &project, module };
    let completion = completions(of, offset, trigger, CompletionOptions::default());
    Asked { project, module, document, completion }
}

impl Asked {
    fn labels(&self) -> Vec<&str> {
        self.completion.items.iter().map(|item| item.label.as_str()).collect()
    }

    #[track_caller]
    fn item(&self, label: &str) -> &CompletionItem {
        let found = self.completion.items.iter().find(|item| item.label == label);
        found.unwrap_or_else(|| panic!("no {label} in {:?}", self.labels()))
    }

    fn documentation(&self, label: &str) -> String {
        let of = ProjectDocument { document: &self.document, project: &self.project, module: self.module };
        let (locale, files) = (base::Locale::En, semantics::testing::DiskFiles);
        crate::completion_documentation(of, &self.completion, self.item(label), locale, &files)
    }
}

fn line(item: &CompletionItem) -> String {
    let mut line = format!("{}{} [{:?}]", item.label, item.signature, item.kind);
    if !item.description.is_empty() {
        line += &format!(" {}", item.description);
    }
    if item.text != item.label {
        line += &format!(" → {}", visible(&item.text));
    }
    if let Some(filter) = &item.filter {
        line += &format!(" ?{filter}");
    }
    if item.is_deprecated {
        line += " deprecated";
    }
    line
}

/// The first items, one per line.
#[track_caller]
fn check(asked: &Asked, count: usize, expected: &Expect) {
    let lines = asked.completion.items.iter().take(count).map(|item| line(item) + "\n");
    expected.assert_eq(&lines.collect::<String>());
}
