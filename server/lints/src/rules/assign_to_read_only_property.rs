//! Assignments to properties that can only be read.

use semantics::{Definition, Lookup, Project, Shape, Type};

use crate::context::ProjectContext;
use crate::project::{Access, ValuesNeeded};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "AssignToReadOnlyProperty",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Свойство {0} доступно только для чтения",
        en: "The property {0} can only be read",
    }],
    docs: docs!("assign_to_read_only_property"),
    create: |_| Box::new(AssignToReadOnlyProperty),
    ..RuleInfo::DEFAULT
};

struct AssignToReadOnlyProperty;

impl Rule for AssignToReadOnlyProperty {
    fn values_needed(&self) -> ValuesNeeded {
        ValuesNeeded::Few
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let project = ctx.project.project;
        let scope = ctx.scope();
        let platform = project.platform(project.dialect(ctx.project.module));
        for (offset, member) in ctx.member_uses().filter(|(_, member)| member.access == Access::Write) {
            if !platform.may_be_read_only(&member.name) {
                continue;
            }
            let receiver = scope.type_of(&member.receiver);
            if receiver.is_open() || is_doubtful(project, &member.receiver, &receiver) {
                continue;
            }
            if let Lookup::Found(found) = scope.member(&receiver, &member.name)
                && is_read_only(project, &found.definition)
            {
                ctx.report(member.range.shifted(offset)).arg(&member.name);
            }
        }
    }
}

/// Pairs of what a description calls a structure: loops over other things are often described like that.
fn is_doubtful(project: &Project, shape: &Shape, receiver: &Type) -> bool {
    let is_pair = receiver.parts().iter().any(|part| {
        matches!(part, Type::Platform(owner)
            if project.platform(owner.dialect).type_info(owner.id).names.ru == "КлючИЗначение")
    });
    let is_own =
        |shape: &Shape| matches!(shape, Shape::Structure { .. } | Shape::Collection { .. } | Shape::Named(_));
    is_pair && !matches!(shape, Shape::Element(of) if is_own(of))
}

fn is_read_only(project: &Project, definition: &Definition) -> bool {
    let Definition::PlatformMember { owner, name } = definition else { return false };
    let property = project.platform(owner.dialect).member_property(owner.id, name);
    property.is_some_and(|property| property.is_read_only)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn properties_of_the_platform() {
        rule("AssignToReadOnlyProperty").check(
            "\
//- /metadata
CommonModule.Общий server
//- /CommonModules/Общий/Ext/Module.bsl
Процедура А(Неизвестный)
	Ответ = Новый HTTPОтвет(200);
	Ответ.Заголовки = Новый Соответствие;
	Ответ.Причина = \"\";
	Ответ.заголовки.Вставить(\"А\", 1);
	Неизвестный.Заголовки = 1;
	Если Неизвестный Тогда
		Ответ = Неизвестный;
	КонецЕсли;
	Ответ.КодСостояния = 1;
КонецПроцедуры
Procedure B()
	Structure = New Structure(\"StatusCode\");
	Structure.StatusCode = 1;
	Answer = New HTTPServiceResponse(200);
	Answer.StatusCode = 404;
EndProcedure
",
            expect![[r#"
                /CommonModules/Общий/Ext/Module.bsl
                3:8 `Заголовки` The property Заголовки can only be read
            "#]],
        );
    }
}
