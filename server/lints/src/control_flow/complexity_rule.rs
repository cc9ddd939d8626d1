//! What the rules about both measures of complexity share.

use syntax::{NodeId, NodeKind};

use super::complexity::{Increment, method_score, module_score};
use super::method::complete_method_name;
use crate::context::{Context, ModuleContext};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, Text};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Cognitive,
    Cyclomatic,
}

/// Compares the complexity of methods and of the code outside them with a threshold.
pub(crate) struct ComplexityRule {
    measure: Measure,
    threshold: i64,
    checks_module: bool,
}

impl ComplexityRule {
    pub(crate) fn new(measure: Measure, params: &Params<'_>) -> Self {
        let threshold = params.integer(threshold(0).name);
        Self { measure, threshold, checks_module: params.bool(CHECK_MODULE_BODY.name) }
    }
}

/// The parameter with the largest allowed complexity.
pub(crate) const fn threshold(default: i64) -> ParamInfo {
    ParamInfo {
        name: "complexityThreshold",
        default: ParamDefault::Integer(default),
        meaning: Text {
            ru: "наибольшая допустимая сложность", en: "largest allowed complexity"
        },
    }
}

pub(crate) const CHECK_MODULE_BODY: ParamInfo = ParamInfo {
    name: "checkModuleBody",
    default: ParamDefault::Bool(true),
    meaning: Text {
        ru: "проверять код вне методов", en: "check the code outside methods too"
    },
};

impl Measure {
    fn points(self) -> fn(&Increment) -> u32 {
        match self {
            Self::Cognitive => |increment| increment.cognitive,
            Self::Cyclomatic => |increment| increment.cyclomatic,
        }
    }

    /// The complexity of an empty method.
    fn start(self) -> u32 {
        u32::from(self == Self::Cyclomatic)
    }
}

impl Rule for ComplexityRule {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let (source, measure) = (ctx.source, self.measure);
        let score = method_score(source, method, self.threshold, measure.start(), measure.points());
        let Some(score) = score else { return };
        let Some(name) = complete_method_name(source.tree, method) else { return };
        ctx.report(name).arg(source.slice(name)).arg(score.total).arg(self.threshold).related(score.places);
    }

    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if !self.checks_module {
            return;
        }
        let score = module_score(ctx.facts, self.measure.points());
        if score.total <= self.threshold {
            return;
        }
        let Some(range) = ctx.facts.first_outside_token() else { return };
        let own = (self.measure == Measure::Cognitive).then_some(range);
        let related = own.into_iter().chain(score.places);
        ctx.report(range).message(1).arg(score.total).arg(self.threshold).related(related);
    }
}
