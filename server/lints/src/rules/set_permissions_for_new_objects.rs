//! Roles that get all rights on new objects.

use metadata::Details;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::options::Params;
use crate::project::session_objects;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SetPermissionsForNewObjects",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Critical,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::ManagedApplicationModule],
    tags: &["standard", "badpractice", "design"],
    params: &[ParamInfo {
        name: "namesFullAccessRole",
        default: ParamDefault::String("FullAccess,ПолныеПрава"),
        meaning: Text {
            ru: "роли, которым это можно, через запятую",
            en: "roles that may have it, separated by commas",
        },
    }],
    messages: &[Text {
        ru: "Роль {0} получает все права на новые объекты",
        en: "The role {0} gets all rights on new objects",
    }],
    docs: docs!("set_permissions_for_new_objects"),
    create: |params: &Params<'_>| {
        Box::new(SetPermissionsForNewObjects { allowed: params.list("namesFullAccessRole") })
    },
    ..RuleInfo::DEFAULT
};

struct SetPermissionsForNewObjects {
    allowed: Vec<String>,
}

impl Rule for SetPermissionsForNewObjects {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for (_, role) in session_objects(ctx) {
            let is_granted = matches!(role.details, Details::Role { grants_new_objects: true });
            if is_granted && !self.allowed.iter().any(|name| *name == role.name) {
                ctx.report(anchor).arg(&role.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
//- /metadata
Role.ПолныеПрава new-objects
Role.FullAccess new-objects
Role.Кладовщик new-objects
Role.Оператор
//- /Ext/ManagedApplicationModule.bsl

// Приложение
";

    #[test]
    fn roles_that_are_not_allowed() {
        rule("SetPermissionsForNewObjects").check(
            TEXT,
            expect![[r#"
            /Ext/ManagedApplicationModule.bsl
            2:1 `// Приложение` The role Кладовщик gets all rights on new objects
        "#]],
        );
        let test = rule("SetPermissionsForNewObjects").string("namesFullAccessRole", "Кладовщик, FullAccess");
        test.check(
            TEXT,
            expect![[r#"
            /Ext/ManagedApplicationModule.bsl
            2:1 `// Приложение` The role ПолныеПрава gets all rights on new objects
        "#]],
        );
    }
}
