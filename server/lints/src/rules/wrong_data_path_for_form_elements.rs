//! Elements of forms whose data are gone.

use metadata::Form;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "WrongDataPathForFormElements",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::FormModule, ModuleKind::ManagedApplicationModule],
    tags: &["unpredictable"],
    messages: &[Text {
        ru: "Элемент {0} формы {1} потерял свои данные: {2}",
        en: "The element {0} of the form {1} has lost its data: {2}",
    }],
    docs: docs!("wrong_data_path_for_form_elements"),
    create: |_| Box::new(WrongDataPathForFormElements),
    ..RuleInfo::DEFAULT
};

struct WrongDataPathForFormElements;

impl Rule for WrongDataPathForFormElements {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let project = ctx.project.project;
        let place = &ctx.module().place;
        if ctx.anchor().is_none() {
            return;
        }
        if place.kind == ModuleKind::FormModule {
            let Some(form) = place.form else { return };
            report(ctx, project.form_entry(form).map_or("", |entry| &entry.name), project.form_content(form));
            return;
        }
        let Some(root) = place.root else { return };
        for form in project.form_ids() {
            let Some(entry) = project.form_entry(form) else { continue };
            if entry.object.root == root && project.form_module(form).is_none() {
                report(ctx, &entry.name, project.form_content(form));
            }
        }
    }
}

fn report(ctx: &mut ProjectContext<'_>, name: &str, form: Option<&Form>) {
    let Some((form, anchor)) = form.zip(ctx.anchor()) else { return };
    for element in form.elements.iter().filter(|element| element.is_data_path_lost) {
        ctx.report(anchor).arg(&element.name).arg(name).arg(&element.data_path);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn elements_at_any_depth() {
        let form = "<Form><ChildItems><UsualGroup name='Г' id='1'><ChildItems><InputField name='Цена' id='2'>\
             <DataPath>~Объект.Цена</DataPath></InputField></ChildItems></UsualGroup>\
             <InputField name='Код' id='3'><DataPath>~Код</DataPath></InputField>\
             <InputField name='Имя' id='4'><DataPath>Объект.Имя</DataPath></InputField></ChildItems></Form>";
        let text = format!(
            "//- /metadata\nCatalog.Товары\nform Пустая\n\
             //- /Catalogs/Товары/Forms/Пустая/Ext/Form.xml\n{form}\n\
             //- /CommonForms/Ф/Ext/Form.xml\n{form}\n\
             //- /CommonForms/Ф/Ext/Form/Module.bsl\n\n#Область Форма\n#КонецОбласти\n\
             //- /Ext/ManagedApplicationModule.bsl\n// Приложение\n"
        );
        rule("WrongDataPathForFormElements").check(
            &text,
            expect![[r#"
            /CommonForms/Ф/Ext/Form/Module.bsl
            2:1 `#` The element Цена of the form Ф has lost its data: Объект.Цена
            2:1 `#` The element Код of the form Ф has lost its data: Код
            /Ext/ManagedApplicationModule.bsl
            1:1 `// Приложение` The element Цена of the form Пустая has lost its data: Объект.Цена
            1:1 `// Приложение` The element Код of the form Пустая has lost its data: Код
        "#]],
        );
    }
}
