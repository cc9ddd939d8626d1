//! Uses of what is marked as deprecated, or is about to be deleted.

use platform::Versions;
use rustc_hash::FxHashMap;
use semantics::{Definition, Dialect, Lookup, ModuleId};

use crate::context::ProjectContext;
use crate::project::{Access, MemberUse, ResolvedCall, Target, ValuesNeeded, is_doomed};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedMethodCall",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 3,
    tags: &["deprecated", "design"],
    messages: &[
        Text { ru: "Метод {0} устарел", en: "The method {0} is deprecated" },
        Text {
            ru: "{0} платформы не рекомендуется использовать", en: "The platform advises against {0}"
        },
        Text {
            ru: "{0} — устаревший объект, который будет удалён",
            en: "{0} is obsolete and about to be deleted",
        },
    ],
    docs: docs!("deprecated_method_call"),
    create: |_| Box::new(DeprecatedMethodCall),
    ..RuleInfo::DEFAULT
};

const OF_PLATFORM: u8 = 1;
const DOOMED: u8 = 2;

struct DeprecatedMethodCall;

impl Rule for DeprecatedMethodCall {
    fn values_needed(&self) -> ValuesNeeded {
        ValuesNeeded::Few
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut known: FxHashMap<(ModuleId, &str), bool> = FxHashMap::default();
        for call in &ctx.calls().calls {
            let name = call.reference.name;
            let message = match call.target {
                Target::Own(module) | Target::Foreign(module) => {
                    let is_deprecated = *known.entry((module, name)).or_insert_with(|| is_deprecated(call));
                    (is_deprecated && !call.caller.is_some_and(|caller| caller.is_deprecated)).then_some(0)
                }
                Target::Versioned => is_of_old(ctx, name).then_some(OF_PLATFORM),
                _ => None,
            };
            if let Some(message) = message {
                let range = call.reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).message(message).arg(name);
            }
        }
        for (offset, member) in ctx.member_uses() {
            for message in found_in_member(ctx, member).into_iter().flatten() {
                ctx.report(member.range.shifted(offset)).message(message).arg(&member.name);
            }
        }
    }
}

/// All methods of the name are: directives may choose between several.
fn is_deprecated(call: &ResolvedCall<'_>) -> bool {
    !call.methods.is_empty() && call.methods.iter().all(|method| method.is_deprecated)
}

/// A global function that the version in use advises against.
fn is_of_old(ctx: &ProjectContext<'_>, name: &str) -> bool {
    let project = ctx.project.project;
    let dialect = project.dialect(ctx.project.module);
    let function = project.platform(dialect).function(name);
    function.is_some_and(|function| is_advised_against(ctx, dialect, &function.versions))
}

fn is_advised_against(ctx: &ProjectContext<'_>, dialect: Dialect, versions: &Versions) -> bool {
    let target = if dialect == Dialect::OneScript { None } else { ctx.target_version() };
    versions.is_deprecated_in(target)
}

/// Messages about a member.
fn found_in_member(ctx: &ProjectContext<'_>, member: &MemberUse) -> [Option<u8>; 2] {
    let project = ctx.project.project;
    let platform = project.platform(project.dialect(ctx.project.module));
    let may_be_doomed = member.access == Access::Read && is_doomed(&member.name);
    if !may_be_doomed && !platform.may_have_versions(&member.name) {
        return [None, None];
    }
    let scope = ctx.scope();
    let receiver = scope.type_of(&member.receiver);
    let Lookup::Found(found) = scope.member(&receiver, &member.name) else { return [None, None] };
    let is_old = match &found.definition {
        Definition::PlatformMember { owner, name } if member.access != Access::Call => {
            let property = project.platform(owner.dialect).member_property(owner.id, name);
            property.is_some_and(|property| is_advised_against(ctx, owner.dialect, &property.versions))
        }
        Definition::PlatformMethod { owner, name } if member.access == Access::Call => {
            let method = project.platform(owner.dialect).method(owner.id, name);
            method.is_some_and(|method| is_advised_against(ctx, owner.dialect, &method.versions))
        }
        _ => false,
    };
    let is_doomed = may_be_doomed && is_of_configuration(&found.definition);
    [is_old.then_some(OF_PLATFORM), is_doomed.then_some(DOOMED)]
}

/// Names that the configuration gives; keys of structures and the like tell of something else.
fn is_of_configuration(definition: &Definition) -> bool {
    matches!(
        definition,
        Definition::Attribute(_)
            | Definition::Section { .. }
            | Definition::EnumValue { .. }
            | Definition::Predefined { .. }
            | Definition::Object(_)
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn deprecated_methods() {
        rule("DeprecatedMethodCall").check(
            "\
//- /metadata
CommonModule.Общий server
Enum.Виды
value Новый
value УдалитьСтарый
//- /CommonModules/Общий/Ext/Module.bsl
// Устарела. Следует использовать Новая.
Процедура Старая() Экспорт
	Старая();
	Другая();
КонецПроцедуры
// Делает.
//
// Deprecate.
//
// Параметры:
//  А - Число
Процедура Другая(А)
	Старая();
КонецПроцедуры
// Старая функция устарела.
Процедура Новая() Экспорт
	Старая();
	другая(1);
	Вид = Перечисления.Виды.УдалитьСтарый;
	Отбор = Новый Структура(\"УдалитьСтарый\", 1);
	Отбор.УдалитьСтарый = Отбор.УдалитьСтарый;
КонецПроцедуры
//- /CommonModules/Второй/Ext/Module.bsl
Процедура А()
	Общий.Новая();
	Общий.Старая();
КонецПроцедуры
",
            expect![[r#"
                /CommonModules/Второй/Ext/Module.bsl
                3:8 `Старая` The method Старая is deprecated
                /CommonModules/Общий/Ext/Module.bsl
                17:2 `Старая` The method Старая is deprecated
                18:2 `другая` The method другая is deprecated
                19:26 `УдалитьСтарый` УдалитьСтарый is obsolete and about to be deleted
            "#]],
        );
    }
}
