//! A method that is left at many places.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::control_flow::{complete_method_name, returns};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TooManyReturns",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 20,
    is_on_by_default: false,
    tags: &["brainoverload"],
    params: &[ParamInfo {
        name: "maxReturnsCount",
        default: ParamDefault::Integer(3),
        meaning: Text {
            ru: "наибольшее число возвратов", en: "largest allowed number of return statements"
        },
    }],
    messages: &[Text {
        ru: "Операторов `Возврат` в методе {0}, допустимо {1}",
        en: "The method has {0} return statements, at most {1} are allowed",
    }],
    docs: docs!("too_many_returns"),
    create: |params: &Params<'_>| {
        Box::new(TooManyReturns { max_count: params.integer("maxReturnsCount").max(0) as usize })
    },
    ..RuleInfo::DEFAULT
};

struct TooManyReturns {
    max_count: usize,
}

impl Rule for TooManyReturns {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        if returns(tree, method).nth(self.max_count).is_none() {
            return;
        }
        let Some(name) = complete_method_name(tree, method) else { return };
        let related: Vec<_> = returns(tree, method).map(|node| tree.range(node)).collect();
        ctx.report(name).arg(related.len()).arg(self.max_count).related(related);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn returns_are_counted_per_method() {
        rule("TooManyReturns").integer("maxReturnsCount", 1).check(
            "Функция А()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tКонецЕсли;\n\tВозврат 2;\nКонецФункции\n\
             Procedure C()\n\tReturn;\nEndProcedure\nВозврат;\nВозврат;\n",
            expect![[r#"
                1:9 `А` The method has 2 return statements, at most 1 are allowed +3:3 +5:2
            "#]],
        );
    }
}
