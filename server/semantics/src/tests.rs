//! What names and expressions mean in small projects and in the demo configuration.

mod demo;
mod members;
mod names;
mod overlay;
mod queries;

use expect_test::Expect;

use crate::definition::Lookup;
use crate::ids::ModuleId;
use crate::scope::Scope;
use crate::testing::TestProject;

/// Checks the type of the expression that ends at `$0`.
#[track_caller]
pub(crate) fn check_type(text: &str, expected: Expect) {
    expected.assert_eq(&TestProject::of_text(text).type_at_cursor());
}

/// Names of the members of a type, sorted, that are not the platform's.
#[track_caller]
pub(crate) fn check_own_members(text: &str, expected: Expect) {
    let test = TestProject::of_text(text);
    let (module, offset) = test.cursor.expect("invariant: the fixture has a `$0`");
    let scope = Scope::new(&test.project, module);
    let members = scope.members(&test.type_at(module, offset));
    let own = members.iter().filter(|member| test.project.platform_method(&member.definition).is_none());
    let own = own.filter(|member| test.project.platform_property(&member.definition).is_none());
    let mut names: Vec<_> = own.map(|member| format!("{:?} {}", member.kind, member.names.ru)).collect();
    names.sort();
    expected.assert_eq(&names.join("\n"));
}

/// Tells how sure a look-up is.
pub(crate) fn look_up(test: &TestProject, module: ModuleId, path: &[&str], name: &str) -> &'static str {
    let scope = Scope::new(&test.project, module);
    let (first, rest) = path.split_first().expect("invariant: a receiver");
    let mut value = scope.type_of_definition(&scope.resolve_name(first).expect("invariant: a known name"));
    for part in rest {
        let member = scope.member(&value, part).found().expect("invariant: a known member");
        value = scope.member_type(&value, &member);
    }
    match scope.member(&value, name) {
        Lookup::Found(_) => "found",
        Lookup::Missing => "missing",
        Lookup::Unknown => "unknown",
    }
}
