//! Two texts of a module compared method by method.

use crate::change::parts::{Method, Parameter, Parts, parts};
use crate::change::{Change, ChangeClass, ChangeKind, ModuleTraits};

/// Changes in the order of the new text; removed methods and variables come after them.
pub fn compare(old: &str, new: &str, traits: &ModuleTraits) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let (old, new) = (parts(old), parts(new));
    let mut changes = Vec::new();
    variables(&old, &new, &mut changes);
    for method in &new.methods {
        match old.methods.iter().find(|other| other.folded == method.folded) {
            Some(before) => method_changes(before, method, traits, &mut changes),
            None => changes.push(change(&method.name, ChangeKind::Added, ChangeClass::Safe)),
        }
    }
    for method in &old.methods {
        if !new.methods.iter().any(|other| other.folded == method.folded) {
            let bindings = traits.bindings(&method.name);
            let is_missed = method.is_export || !bindings.is_empty() || traits.may_be_bound();
            let class = if is_missed { ChangeClass::Unsafe } else { ChangeClass::Safe };
            changes.push(Change { bindings, ..change(&method.name, ChangeKind::Removed, class) });
        }
    }
    if old.body != new.body {
        changes.push(change("", ChangeKind::ModuleBody, ChangeClass::Unsafe));
    }
    if changes.is_empty() && is_reordered(&old, &new) {
        changes.push(change("", ChangeKind::Order, ChangeClass::NoOp));
    }
    changes
}

fn change(name: &str, kind: ChangeKind, class: ChangeClass) -> Change {
    Change { name: name.to_owned(), kind, class, bindings: Vec::new() }
}

fn variables(old: &Parts, new: &Parts, changes: &mut Vec<Change>) {
    let is_same = |left: &crate::change::parts::Variable, right: &crate::change::parts::Variable| {
        left.folded == right.folded && left.is_export == right.is_export
    };
    let mut names: Vec<&str> = Vec::new();
    for (from, to) in [(new, old), (old, new)] {
        for variable in &from.variables {
            let is_known = to.variables.iter().any(|other| is_same(other, variable));
            if !is_known && !names.iter().any(|name| base::same_name(name, &variable.name)) {
                names.push(&variable.name);
            }
        }
    }
    changes.extend(names.iter().map(|name| change(name, ChangeKind::Variable, ChangeClass::Unsafe)));
}

fn method_changes(old: &Method, new: &Method, traits: &ModuleTraits, changes: &mut Vec<Change>) {
    let mut push = |kind, class| {
        // Who calls by name minds the header, not the body.
        let minds = class == ChangeClass::Unsafe && kind != ChangeKind::Preprocessor;
        let bindings = if minds { traits.bindings(&new.name) } else { Vec::new() };
        changes.push(Change { bindings, ..change(&new.name, kind, class) });
    };
    if (old.is_function, old.is_async) != (new.is_function, new.is_async) {
        push(ChangeKind::Kind, ChangeClass::Unsafe);
    }
    if old.parameters != new.parameters {
        let class = signature_class(&old.parameters, &new.parameters);
        // The platform passes what the event has and knows nothing of optional parameters.
        let is_bound = !traits.bindings(&new.name).is_empty();
        push(ChangeKind::Signature, if is_bound { ChangeClass::Unsafe } else { class });
    }
    if old.is_export && !new.is_export {
        push(ChangeKind::Export, ChangeClass::Unsafe);
    }
    if old.directives != new.directives {
        push(ChangeKind::Directive, ChangeClass::Unsafe);
    }
    if old.annotations != new.annotations {
        push(ChangeKind::Annotation, ChangeClass::Unsafe);
    }
    if old.conditions != new.conditions {
        push(ChangeKind::Preprocessor, ChangeClass::Unsafe);
    }
    // A method that has become public is there for whoever calls it from now on, as if it were new.
    if !old.is_export && new.is_export {
        push(ChangeKind::Added, ChangeClass::Safe);
    }
    if old.body != new.body {
        push(ChangeKind::Body, ChangeClass::Safe);
    }
}

/// Callers that were compiled earlier do not mind optional parameters at the end.
fn signature_class(old: &[Parameter], new: &[Parameter]) -> ChangeClass {
    let keeps = new.get(..old.len()).is_some_and(|same| same == old);
    let appended = new.get(old.len()..).unwrap_or_default();
    if keeps && appended.iter().all(|parameter| parameter.default.is_some()) {
        ChangeClass::Safe
    } else {
        ChangeClass::Unsafe
    }
}

fn is_reordered(old: &Parts, new: &Parts) -> bool {
    !old.methods.iter().map(|method| &method.folded).eq(new.methods.iter().map(|method| &method.folded))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use expect_test::{Expect, expect};

    use super::*;
    use crate::change::{Binding, Bound};

    #[track_caller]
    fn check(old: &str, new: &str, expected: Expect) {
        check_with(old, new, &ModuleTraits::default(), expected);
    }

    #[track_caller]
    fn check_with(old: &str, new: &str, traits: &ModuleTraits, expected: Expect) {
        let changes = compare(old, new, traits);
        let lines = changes
            .iter()
            .map(|it| format!("{}\n", format!("{} {} {:?}", it.name, it.kind.name(), it.class).trim_start()));
        expected.assert_eq(&lines.collect::<String>());
    }

    const PRICES: &str = "Перем Кэш;\n\n#Область А\n// Возвращает цену.\nФункция Цена(Товар, Знач Дата = Неопределено) Экспорт\n\tВозврат 1; // пока так\nКонецФункции\n#КонецОбласти\n\nПроцедура Сброс()\n\tКэш = Неопределено;\nКонецПроцедуры\n\nКэш = 0;\n";

    #[test]
    fn comments_case_regions_and_language_are_no_changes() {
        let new = "var Кэш;\nfunction ЦЕНА(товар,\n  val дата = undefined) export\n  return 1;\nendfunction\n#Region Б\nprocedure сброс() КЭШ = undefined; endprocedure\n#EndRegion\nкэш = 0;\n// конец\n";
        check(PRICES, new, expect![""]);
    }

    #[test]
    fn bodies_and_new_methods_are_safe() {
        let new = PRICES
            .replace("Возврат 1", "Возврат 2")
            .replace("\nКэш = 0", "\nФункция Новая()\n\tВозврат 1;\nКонецФункции\n\nКэш = 0");
        check(
            PRICES,
            &new,
            expect![[r#"
                Цена body Safe
                Новая added Safe
            "#]],
        );
        check(
            "Procedure Run()\n\tX = \"a\";\nEndProcedure",
            "Procedure Run()\n\tX = \"A\";\nEndProcedure",
            expect![[r#"
                Run body Safe
            "#]],
        );
    }

    #[test]
    fn parameters_are_safe_only_when_optional_ones_are_appended() {
        let new = |parameters: &str| PRICES.replace("Товар, Знач Дата = Неопределено", parameters);
        check(
            PRICES,
            &new("Товар, Знач Дата = Неопределено, Скидка = 0"),
            expect![[r#"
            Цена signature Safe
        "#]],
        );
        for parameters in [
            "Товар",
            "Товар, Дата = Неопределено",
            "Знач Дата = Неопределено, Товар",
            "Товар, Знач Дата = Неопределено, Скидка",
            "Товар, Знач Дата = 1",
        ] {
            let changes = compare(PRICES, &new(parameters), &ModuleTraits::default());
            assert_eq!(changes.len(), 1, "{parameters}");
            assert_eq!((changes[0].kind, changes[0].class), (ChangeKind::Signature, ChangeClass::Unsafe));
        }
    }

    #[test]
    fn removed_methods_are_unsafe_if_somebody_may_call_them() {
        let without = |name: &str| {
            let start = PRICES.find(name).expect("the method");
            let end = start + PRICES[start..].find("Конец").expect("its end") + "КонецФункции".len();
            format!("{}{}", &PRICES[..start], PRICES[end..].trim_start_matches("ры"))
        };
        check(
            PRICES,
            &without("Функция Цена"),
            expect![[r#"
            Цена removed Unsafe
        "#]],
        );
        check(
            PRICES,
            &without("Процедура Сброс"),
            expect![[r#"
            Сброс removed Safe
        "#]],
        );
        let job = Binding {
            method: "СБРОС".to_owned(),
            kind: metadata::CodeReferenceKind::ScheduledJob,
            name: "СбросКэша".to_owned(),
            place: String::new(),
        };
        let bound = ModuleTraits { bound: known(Some(vec![job.clone()])), ..ModuleTraits::default() };
        let removed = compare(PRICES, &without("Процедура Сброс"), &bound);
        assert_eq!(removed[0].bindings, std::slice::from_ref(&job));
        assert_eq!(
            crate::manager::describe(&removed, base::Locale::Ru),
            "Сброс: удален (регламентное задание СбросКэша)"
        );
        check_with(
            PRICES,
            &PRICES.replace("Сброс()", "Сброс(Все = Истина)"),
            &bound,
            expect![[r#"
            Сброс signature Unsafe
        "#]],
        );
        let form = |bound| ModuleTraits {
            kind: metadata::ModuleKind::FormModule,
            bound: known(bound),
            ..ModuleTraits::default()
        };
        let class = |traits| compare(PRICES, &without("Процедура Сброс"), &traits)[0].class;
        assert_eq!(class(form(None)), ChangeClass::Unsafe, "nobody has looked at the form");
        assert_eq!(class(form(Some(Vec::new()))), ChangeClass::Safe);
        assert_eq!(class(form(Some(vec![job]))), ChangeClass::Unsafe);
        check_with(
            PRICES,
            &without("Процедура Сброс"),
            &bound,
            expect![[r#"
            Сброс removed Unsafe
        "#]],
        );
    }

    fn known(bound: Option<Vec<Binding>>) -> Bound {
        Bound::by(|| bound)
    }

    #[test]
    fn metadata_are_asked_only_about_headers() {
        let asked = Arc::new(AtomicBool::new(false));
        let note = asked.clone();
        let bound = Bound::by(move || {
            note.store(true, Ordering::Relaxed);
            Some(Vec::new())
        });
        let traits = ModuleTraits { bound, ..ModuleTraits::default() };
        assert_eq!(compare(PRICES, &PRICES.replace("Возврат 1", "Возврат 2"), &traits).len(), 1);
        assert!(!asked.load(Ordering::Relaxed), "a body has changed");
        compare(PRICES, &PRICES.replace("Сброс()", "Сброс(Все)"), &traits);
        assert!(asked.load(Ordering::Relaxed));
    }

    #[test]
    fn headers_variables_and_module_bodies_are_unsafe() {
        check(
            PRICES,
            &PRICES.replace(" Экспорт", ""),
            expect![[r#"
            Цена export Unsafe
        "#]],
        );
        check(
            PRICES,
            &PRICES.replace("Перем Кэш", "Перем Кэш Экспорт, Еще"),
            expect![[r#"
            Кэш variable Unsafe
            Еще variable Unsafe
        "#]],
        );
        check(
            PRICES,
            &PRICES.replace("\nКэш = 0", "\nКэш = 1"),
            expect![[r#"
             moduleBody Unsafe
        "#]],
        );
        check(
            "Процедура А()\nКонецПроцедуры",
            "Асинх Функция А()\nКонецФункции",
            expect![[r#"
                А kind Unsafe
            "#]],
        );
    }

    #[test]
    fn directives_annotations_and_conditions_are_unsafe() {
        let form = "&НаКлиенте\nПроцедура А()\nКонецПроцедуры\n&Вместо(\"Б\")\nПроцедура Рсш_Б()\nКонецПроцедуры\n#Если Сервер Тогда\nПроцедура В()\nКонецПроцедуры\n#КонецЕсли\n";
        check(form, &form.replace("&НаКлиенте", "&AtClient"), expect![""]);
        check(
            form,
            &form.replace("&НаКлиенте", "&НаСервере"),
            expect![[r#"
            А directive Unsafe
        "#]],
        );
        check(
            form,
            &form.replace("&Вместо", "&После"),
            expect![[r#"
            Рсш_Б annotation Unsafe
        "#]],
        );
        check(
            form,
            &form.replace("#Если Сервер", "#Если НЕ Сервер"),
            expect![[r#"
            В preprocessor Unsafe
        "#]],
        );
        check(form, &form.replace("#Если Сервер Тогда", "#If Server Then"), expect![""]);
    }

    #[test]
    fn another_order_is_no_change() {
        let one = "Процедура А()\nКонецПроцедуры\nПроцедура Б()\nКонецПроцедуры\n";
        let other = "Процедура Б()\nКонецПроцедуры\nПроцедура А()\nКонецПроцедуры\n";
        check(
            one,
            other,
            expect![[r#"
             order NoOp
        "#]],
        );
    }
}
