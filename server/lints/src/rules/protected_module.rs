//! Modules without their text.

use std::collections::BTreeSet;

use semantics::ModulePlace;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::session_objects;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ProtectedModule",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::SessionModule],
    tags: &["badpractice", "suspicious"],
    messages: &[Text {
        ru: "Модуль поставляется без исходного текста: {0}",
        en: "A module comes without its text: {0}",
    }],
    docs: docs!("protected_module"),
    create: |_| Box::new(ProtectedModule),
    ..RuleInfo::DEFAULT
};

struct ProtectedModule;

impl Rule for ProtectedModule {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for owner in owners(ctx) {
            ctx.report(anchor).arg(owner);
        }
    }
}

/// Full names of objects, forms and commands that have such a module.
fn owners(ctx: &ProjectContext<'_>) -> BTreeSet<String> {
    let project = ctx.project.project;
    let mut owners = BTreeSet::new();
    for (_, object) in session_objects(ctx) {
        for path in &object.protected_modules {
            let place = metadata::ModulePlace::from_path(&path.to_string_lossy());
            let part = place.form.or(place.command).or(place.part);
            let name = format!("{}.{}", object.kind.name(), object.name);
            owners.insert(part.map_or(name.clone(), |part| format!("{name}.{part}")));
        }
    }
    let root = ctx.module().place.root;
    let unread = project.modules().filter(|module| !module.facts.is_read() && module.place.root == root);
    owners.extend(unread.map(|module| name_of(ctx, &module.place)));
    owners
}

fn name_of(ctx: &ProjectContext<'_>, place: &ModulePlace) -> String {
    let project = ctx.project.project;
    let Some(object) = place.object.and_then(|object| project.object(object)) else {
        return format!("{:?}", place.kind);
    };
    let name = format!("{}.{}", object.kind.name(), object.name);
    let form = place.form.and_then(|form| project.form_entry(form)).map(|form| &form.name);
    match form.or(Some(&place.name)).filter(|part| !part.is_empty() && **part != object.name) {
        Some(part) => format!("{name}.{part}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn objects_with_such_modules() {
        rule("ProtectedModule").check(
            "\
//- /metadata
Catalog.Товары
protected
protected
CommonModule.Лицензия
protected
CommonModule.Открытый
//- /Ext/SessionModule.bsl
// Сеанс
",
            expect![[r#"
                /Ext/SessionModule.bsl
                1:1 `// Сеанс` A module comes without its text: Catalog.Товары
                1:1 `// Сеанс` A module comes without its text: CommonModule.Лицензия
            "#]],
        );
    }
}
