//! Names that neither the code nor the platform has.

use base::Edit;
use rustc_hash::FxHashSet;
use semantics::Lookup;

use crate::context::ProjectContext;
use crate::project::{Target, ValuesNeeded};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::spelling::nearest;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnknownMember",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 2,
    is_on_by_default: false,
    tags: &["suspicious"],
    fix: FixSafety::Unsafe,
    messages: &[
        Text {
            ru: "Нет процедуры или функции {0}", en: "There is no procedure or function {0}"
        },
        Text {
            ru: "У значения нет свойства или метода {0}", en: "The value has no property or method {0}"
        },
    ],
    docs: docs!("unknown_member"),
    create: |_| Box::new(UnknownMember),
    ..RuleInfo::DEFAULT
};

const OF_VALUE: u8 = 1;

struct UnknownMember;

impl Rule for UnknownMember {
    fn values_needed(&self) -> ValuesNeeded {
        ValuesNeeded::All
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut missing = FxHashSet::default();
        for call in &ctx.calls().calls {
            let message = match call.target {
                Target::Unresolved => 0,
                // The module is there, and such a method is not.
                Target::Missing(_) | Target::Hidden(_) => OF_VALUE,
                _ => continue,
            };
            let range = call.reference.place.range();
            missing.insert(range.start);
            let name = ctx.text(range);
            ctx.report(range).message(message).arg(name);
        }
        let scope = ctx.scope();
        for (offset, member) in ctx.member_uses() {
            let range = member.range.shifted(offset);
            if missing.contains(&range.start) {
                continue;
            }
            let receiver = scope.type_of(&member.receiver);
            if !receiver.is_open() && scope.member(&receiver, &member.name) == Lookup::Missing {
                let members = scope.members(&receiver);
                let names = members.iter().flat_map(|it| [it.names.ru.as_str(), it.names.en.as_str()]);
                let fix = nearest(&member.name, names).map(|meant| Edit::replace(range, meant));
                ctx.report(range).message(OF_VALUE).arg(&member.name).fix(fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_that_are_certainly_missing() {
        rule("UnknownMember").check(
            "\
//- /metadata
CommonModule.Общий server
Enum.Виды
value Первый
//- /CommonModules/Общий/Ext/Module.bsl
Процедура А(Неизвестный) Экспорт
	Опечатка();
	Общий.А(1);
	Общий.Нет();
	Х = Перечисления.Виды.Второй;
	Х = Перечисления.Виды.Первый;
	Неизвестный.Метод();
	Отбор = Новый Структура;
	Отбор.Поле = Отбор.Другое;
	Модуль = Общий;
	Модуль.ТожеНет();
КонецПроцедуры
",
            expect![[r#"
                /CommonModules/Общий/Ext/Module.bsl
                2:2 `Опечатка` There is no procedure or function Опечатка
                4:8 `Нет` The value has no property or method Нет
                5:24 `Второй` The value has no property or method Второй
                11:9 `ТожеНет` The value has no property or method ТожеНет
            "#]],
        );
    }
}
