//! Methods with many parameters.

use syntax::{NodeId, NodeKind};

use crate::argument_list::{parameters, parameters_range};
use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NumberOfParams",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 30,
    tags: &["standard", "brainoverload"],
    params: &[ParamInfo {
        name: "maxParamsCount",
        default: ParamDefault::Integer(7),
        meaning: Text {
            ru: "наибольшее число параметров", en: "largest allowed number of parameters"
        },
    }],
    messages: &[Text {
        ru: "Параметров {0}, допустимо {1}",
        en: "The method has {0} parameters, {1} are allowed",
    }],
    docs: docs!("number_of_params"),
    create: |params: &Params<'_>| {
        Box::new(NumberOfParams { max_count: params.integer("maxParamsCount").max(0) as usize })
    },
    ..RuleInfo::DEFAULT
};

struct NumberOfParams {
    max_count: usize,
}

impl Rule for NumberOfParams {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Parameters]
    }

    fn node(&self, ctx: &mut Context<'_>, list: NodeId) {
        let tree = ctx.source.tree;
        let count = parameters(tree, list).count();
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
    fn all_parameters_count() {
        rule("NumberOfParams").integer("maxParamsCount", 2).check(
            "Процедура А(Знач Б, В = 1)\nКонецПроцедуры\n\
             Function F(Val A,\n\t&Custom(1) B, // last\n\tC = Undefined ) Export\nEndFunction\n",
            expect![[r#"
                3:12 `Val A,⏎	&Custom(1) B, // last⏎	C = Undefined` The method has 3 parameters, 2 are allowed
            "#]],
        );
    }

    #[test]
    fn the_default_is_seven() {
        let text = "Процедура А(Б1, Б2, Б3, Б4, Б5, Б6, Б7)\nКонецПроцедуры\n\
                    Процедура Б(Б1, Б2, Б3, Б4, Б5, Б6, Б7, Б8)\nКонецПроцедуры\nБ(1, 2, 3, 4, 5, 6, 7, 8, 9);\n";
        rule("NumberOfParams").check(
            text,
            expect![[r#"
            3:13 `Б1, Б2, Б3, Б4, Б5, Б6, Б7, Б8` The method has 8 parameters, 7 are allowed
        "#]],
        );
    }
}
