//! Uses of the form in methods that are called without it.

use metadata::ModuleKind;
use semantics::{ContextDirective, Definition, Method, Origin, Receiver, Reference, ReferenceKind};

use crate::context::ProjectContext;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FormContextUnavailable",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    modules: &[ModuleKind::FormModule],
    tags: &["error"],
    messages: &[Text {
        ru: "Метод выполняется без контекста формы: {0} здесь недоступно",
        en: "The method runs without the context of the form: {0} is not available",
    }],
    docs: docs!("form_context_unavailable"),
    create: |_| Box::new(FormContextUnavailable),
    ..RuleInfo::DEFAULT
};

struct FormContextUnavailable;

impl Rule for FormContextUnavailable {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let facts = &ctx.module().facts;
        let without_context: Vec<Method<'_>> = facts.methods().filter(has_no_context).collect();
        let Some(first) = without_context.first() else { return };
        let start = first.range().start;
        let mut methods = without_context.iter().copied().peekable();
        for reference in facts.references() {
            let offset = reference.place.offset;
            if offset < start || !may_be_form(&reference) {
                continue;
            }
            while methods.next_if(|method| method.range().end < offset).is_some() {}
            let is_inside = methods.peek().is_some_and(|method| method.range().start <= offset);
            if is_inside && is_of_form(ctx, &reference) {
                let range = reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).arg(name);
            }
        }
    }
}

fn has_no_context(method: &Method<'_>) -> bool {
    matches!(
        method.directive,
        ContextDirective::AtServerNoContext | ContextDirective::AtClientAtServerNoContext
    )
}

fn may_be_form(reference: &Reference<'_>) -> bool {
    reference.receiver == Receiver::None
        && reference.origin == Origin::Outside
        && matches!(
            reference.kind,
            ReferenceKind::Read | ReferenceKind::FunctionCall | ReferenceKind::ProcedureCall
        )
}

/// Names that mean something without the form, too, are left alone.
fn is_of_form(ctx: &ProjectContext<'_>, reference: &Reference<'_>) -> bool {
    let project = ctx.project.project;
    let platform = project.platform(project.dialect(ctx.module().id));
    let name = reference.name;
    if reference.kind.is_call() {
        return platform.function(name).is_none()
            && matches!(ctx.scope().resolve_call(name), Some(Definition::PlatformMethod { .. }));
    }
    if platform.property(name).is_some()
        || platform.enum_id(name).is_some()
        || project.common_module(project.visible_root(ctx.module().id), name).is_some()
    {
        return false;
    }
    matches!(
        ctx.scope().resolve_name(name),
        Some(Definition::FormAttribute { .. } | Definition::PlatformMember { .. } | Definition::This { .. })
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_form_is_not_there() {
        rule("FormContextUnavailable").check(
            "\
//- /CommonForms/Ф/Ext/Form/Module.bsl
&НаСервереБезКонтекста
Процедура Один(Параметры)
	Элементы.Список.Видимость = Параметры.Видно;
	ЭтаФорма.Закрыть();
	Close();
	Заголовок = \"\";
	А = Заголовок;
	Б = Метаданные.Имя + СтрДлина(А);
КонецПроцедуры
&AtClientAtServerNoContext
Procedure Two(Form)
	Form.Items.List.Visible = True;
	Fill(ThisObject);
EndProcedure
&НаСервере
Процедура Три()
	Элементы.Список.Видимость = Истина;
КонецПроцедуры
",
            expect![[r#"
                /CommonForms/Ф/Ext/Form/Module.bsl
                3:2 `Элементы` The method runs without the context of the form: Элементы is not available
                4:2 `ЭтаФорма` The method runs without the context of the form: ЭтаФорма is not available
                5:2 `Close` The method runs without the context of the form: Close is not available
                13:7 `ThisObject` The method runs without the context of the form: ThisObject is not available
            "#]],
        );
    }
}
