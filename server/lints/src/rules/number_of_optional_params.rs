//! Methods with many parameters that may be left out.

use syntax::{NodeId, NodeKind};

use crate::argument_list::{is_optional, parameters, parameters_range};
use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NumberOfOptionalParams",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 30,
    tags: &["standard", "brainoverload"],
    params: &[ParamInfo {
        name: "maxOptionalParamsCount",
        default: ParamDefault::Integer(3),
        meaning: Text {
            ru: "наибольшее число необязательных параметров",
            en: "largest allowed number of optional parameters",
        },
    }],
    messages: &[Text {
        ru: "Необязательных параметров {0}, допустимо {1}",
        en: "The method has {0} optional parameters, {1} are allowed",
    }],
    docs: docs!("number_of_optional_params"),
    create: |params: &Params<'_>| {
        Box::new(NumberOfOptionalParams {
            max_count: params.integer("maxOptionalParamsCount").max(0) as usize,
        })
    },
    ..RuleInfo::DEFAULT
};

struct NumberOfOptionalParams {
    max_count: usize,
}

impl Rule for NumberOfOptionalParams {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Parameters]
    }

    fn node(&self, ctx: &mut Context<'_>, list: NodeId) {
        let tree = ctx.source.tree;
        let count = parameters(tree, list).filter(|parameter| is_optional(tree, *parameter)).count();
        if count > self.max_count
            && let Some(range) = parameters_range(tree, list)
        {
            ctx.report(range).arg(count).arg(self.max_count);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_parameters_with_a_default_count() {
        rule("NumberOfOptionalParams").integer("maxOptionalParamsCount", 1).check(
            "Процедура А(Б, В, Г = 1)\nКонецПроцедуры\n\
             Function F(A, Val B = -1,\n\tC = Undefined) Export\nEndFunction\n",
            expect![[r#"
                3:12 `A, Val B = -1,⏎	C = Undefined` The method has 2 optional parameters, 1 are allowed
            "#]],
        );
    }
}
