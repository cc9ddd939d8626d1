//! `РольДоступна` in conditions that do not ask for privileged mode.

use rustc_hash::FxHashSet;

use crate::context::ModuleContext;
use crate::role_events::RoleEvent;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IsInRoleMethod",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error"],
    messages: &[Text {
        ru: "Проверка роли не учитывает привилегированный режим",
        en: "The check of the role does not mind privileged mode",
    }],
    docs: docs!("is_in_role_method"),
    create: |_| Box::new(IsInRoleMethod),
    ..RuleInfo::DEFAULT
};

struct IsInRoleMethod;

impl Rule for IsInRoleMethod {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        if !facts.sections.iter().any(|(_, section)| section.role_events.has_role) {
            return;
        }
        let mut variables = Variables::default();
        for (offset, section) in &facts.sections {
            let mut events = section.role_events.events.as_slice();
            while let Some((event, rest)) = events.split_first() {
                events = rest;
                match event {
                    RoleEvent::Assignment { target, is_role, is_privileged } => {
                        variables.assign(*target, *is_role, *is_privileged);
                    }
                    RoleEvent::Call { range, chains } => {
                        if !variables.is_guarded(chains.iter()) {
                            ctx.report(range.shifted(*offset));
                        }
                    }
                    RoleEvent::Condition { chains } => {
                        let (chains, behind) = rest.split_at((*chains as usize).min(rest.len()));
                        events = behind;
                        variables.check_condition(ctx, *offset, chains);
                    }
                    RoleEvent::Chain { .. } => {}
                }
            }
        }
    }
}

/// Places that hold the answers, by the hash of their text.
#[derive(Default)]
struct Variables {
    roles: FxHashSet<u64>,
    privileged: FxHashSet<u64>,
}

impl Variables {
    fn assign(&mut self, target: u64, is_role: bool, is_privileged: bool) {
        for (set, is_held) in [(&mut self.roles, is_role), (&mut self.privileged, is_privileged)] {
            if is_held {
                set.insert(target);
            } else {
                set.remove(&target);
            }
        }
    }

    fn is_guarded<'a>(&self, mut chains: impl Iterator<Item = &'a u64>) -> bool {
        !self.privileged.is_empty() && chains.any(|chain| self.privileged.contains(chain))
    }

    fn check_condition(&self, ctx: &mut ModuleContext<'_>, offset: u32, chains: &[RoleEvent]) {
        let texts = chains.iter().filter_map(|event| match event {
            RoleEvent::Chain { text, .. } => Some(text),
            _ => None,
        });
        if self.roles.is_empty() || self.is_guarded(texts) {
            return;
        }
        for event in chains {
            if let RoleEvent::Chain { text, range, is_guarded: false } = event
                && self.roles.contains(text)
            {
                ctx.report(range.shifted(offset));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn conditions_and_variables() {
        rule("IsInRoleMethod").check(
            "Если РольДоступна(\"А\") Тогда\n\tПоказать(isInRole(\"Б\"));\n\tРольДоступна(\"В\");\n\tБ = РольДоступна(\"Г\");\n\
             ИначеЕсли Ф(Б) Или б Тогда\nКонецЕсли;\nА.Поле = Не РольДоступна(\"А\");\nЕсли А . Поле И Не А.Поле.Х Тогда\nКонецЕсли;\n\
             Б = 1;\nЕсли Б = 1 Тогда\nКонецЕсли;\nВозврат РольДоступна(\"А\");\nЕсли ПривилегированныйРежим() Или РольДоступна(\"А\") Тогда\nКонецЕсли;\n",
            expect![[r#"
                1:6 `РольДоступна("А")` The check of the role does not mind privileged mode
                2:11 `isInRole("Б")` The check of the role does not mind privileged mode
                3:2 `РольДоступна("В")` The check of the role does not mind privileged mode
                5:13 `Б` The check of the role does not mind privileged mode
                8:6 `А . Поле` The check of the role does not mind privileged mode
                14:35 `РольДоступна("А")` The check of the role does not mind privileged mode
            "#]],
        );
    }

    #[test]
    fn privileged_mode_guards() {
        rule("IsInRoleMethod").check(
            "Если РольДоступна(\"А\") Или ПривилегированныйРежим() Тогда\nКонецЕсли;\nР = РольДоступна(\"А\");\nП = PrivilegedMode();\n\
             Если П Или Р Или РольДоступна(\"А\") Тогда\nКонецЕсли;\nЕсли Р Или ПривилегированныйРежим() Тогда\nКонецЕсли;\n\
             П = 1;\nЕсли П Или Р Тогда\nКонецЕсли;\n",
            expect![[r#"
                10:12 `Р` The check of the role does not mind privileged mode
            "#]],
        );
    }

    #[test]
    fn variables_outlive_methods() {
        rule("IsInRoleMethod").check(
            "Процедура А()\n\tР = РольДоступна(\"А\");\nКонецПроцедуры\nПроцедура Б(Р)\n\tЕсли Р Тогда\n\tКонецЕсли;\nКонецПроцедуры\n",
            expect![[r#"
                5:7 `Р` The check of the role does not mind privileged mode
            "#]],
        );
    }
}
