//! What the version of the platform that the code has to run on does not have yet.

use platform::Versions;
use semantics::{Definition, Lookup};

use crate::context::ProjectContext;
use crate::project::{Access, Target, ValuesNeeded};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnavailableMemberCall",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "{0} появится только в версии {1}", en: "{0} appears only in version {1}"
    }],
    docs: docs!("unavailable_member_call"),
    create: |_| Box::new(UnavailableMemberCall),
    ..RuleInfo::DEFAULT
};

struct UnavailableMemberCall;

impl Rule for UnavailableMemberCall {
    fn values_needed(&self) -> ValuesNeeded {
        ValuesNeeded::Few
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(target) = ctx.target_version() else { return };
        let project = ctx.project.project;
        let platform = project.platform(project.dialect(ctx.project.module));
        for call in ctx.calls().calls.iter().filter(|call| call.target == Target::Versioned) {
            let Some(function) = platform.function(call.reference.name) else { continue };
            if function.versions.is_later_than(target) {
                let range = call.reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).arg(name).arg(&function.versions.since);
            }
        }
        let scope = ctx.scope();
        for (offset, member) in ctx.member_uses() {
            if !platform.may_have_versions(&member.name) {
                continue;
            }
            let receiver = scope.type_of(&member.receiver);
            if receiver.is_open() {
                continue;
            }
            let Lookup::Found(found) = scope.member(&receiver, &member.name) else { continue };
            let versions: Option<&Versions> = match &found.definition {
                Definition::PlatformMember { owner, name } if member.access != Access::Call => {
                    platform.member_property(owner.id, name).map(|property| &property.versions)
                }
                Definition::PlatformMethod { owner, name } if member.access == Access::Call => {
                    platform.method(owner.id, name).map(|method| &method.versions)
                }
                _ => None,
            };
            if let Some(versions) = versions.filter(|versions| versions.is_later_than(target)) {
                ctx.report(member.range.shifted(offset)).arg(&member.name).arg(&versions.since);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn functions_of_later_versions() {
        let module = "\
//- /CommonModules/Общий/Ext/Module.bsl
Процедура А()
	Б = СтрНайти(\"\", \"\") + StrLen(\"\");
	В = стрнайтипорегулярномувыражению(\"\", \"\");
КонецПроцедуры
";
        rule("UnavailableMemberCall").check(module, expect![[""]]);
        let configuration = "\
//- /Configuration.xml
<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><Configuration><Properties><Name>Н</Name>
<CompatibilityMode>Version8_3_5</CompatibilityMode></Properties></Configuration></MetaDataObject>
";
        rule("UnavailableMemberCall").check(
            &format!("{configuration}{module}"),
            expect![[r#"
                /CommonModules/Общий/Ext/Module.bsl
                2:6 `СтрНайти` СтрНайти appears only in version 8.3.6
                3:6 `стрнайтипорегулярномувыражению` стрнайтипорегулярномувыражению appears only in version 8.3.23
            "#]],
        );
    }
}
