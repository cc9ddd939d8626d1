//! What the code around the place of an error tells: one file per family of errors.

mod arguments;
mod data;
mod members;
mod names;
mod queries;
mod values;

use base::{Edit, Locale};
use serde::Serialize;
use syntax::{NodeId, NodeKind, Role};

use crate::catalogue::{Check, Details};
use crate::code::{Spot, Workbench};
use crate::locate::LocatedFrame;
use crate::message::ReportedError;
use crate::repair::{Repair, Wording, repair};
use crate::trace::{Step, StepRole, Tracer};

/// How sure an explanation is of the reason in the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Confidence {
    /// Nothing in the code was found; only what the message itself says is known.
    #[default]
    MessageOnly,
    /// Several reasons are possible.
    Possible,
    /// One reason was found, others are not ruled out.
    Likely,
    /// The code allows nothing else.
    Certain,
}

/// An error at its place.
pub(crate) struct Case<'b, 'a> {
    pub(crate) bench: &'b Workbench<'a>,
    pub(crate) locale: Locale,
    pub(crate) error: &'b ReportedError,
    pub(crate) details: Details,
    pub(crate) frames: &'b [LocatedFrame],
    /// Number of the frame that the place belongs to.
    pub(crate) level: usize,
    pub(crate) spot: Spot,
}

/// What was found out.
#[derive(Default)]
pub(crate) struct Findings {
    /// The expression that is to blame.
    pub(crate) subject: Option<String>,
    pub(crate) steps: Vec<Step>,
    pub(crate) confidence: Confidence,
    pub(crate) notes: Vec<String>,
    pub(crate) repairs: Vec<Repair>,
}

impl Findings {
    pub(crate) fn add(&mut self, repair: Option<Repair>) {
        self.repairs.extend(repair);
    }
}

/// Looks into the code.
pub(crate) fn investigate(case: &Case<'_, '_>, check: Check) -> Findings {
    match check {
        Check::NotAnObject => members::not_an_object(case),
        Check::Field => members::field(case),
        Check::Method => members::method(case),
        Check::NotWritable => members::not_writable(case),
        Check::Variable => names::variable(case),
        Check::Callable => names::callable(case),
        Check::TypeName => names::type_name(case),
        Check::ArgumentCount => arguments::count(case),
        Check::Argument => arguments::value(case),
        Check::Constructor => arguments::constructor(case),
        Check::Conversion => values::conversion(case),
        Check::Comparison => values::comparison(case),
        Check::Bounds => values::bounds(case),
        Check::Division => values::division(case),
        Check::QueryField => queries::field(case),
        Check::QueryTable => queries::table(case),
        Check::QueryParameter => queries::parameter(case),
        Check::Transaction => data::transaction(case),
        Check::Recursion => data::recursion(case),
        Check::Nothing => Findings::default(),
    }
}

impl<'b, 'a> Case<'b, 'a> {
    /// The last name that the message tells.
    pub(crate) fn name(&self) -> &str {
        let name = self.details.name.as_deref().unwrap_or_default();
        name.rsplit('.').next().unwrap_or_default()
    }

    /// The name with everything before its dots.
    pub(crate) fn full_name(&self) -> &str {
        self.details.name.as_deref().unwrap_or_default()
    }

    pub(crate) fn wording(&self) -> Wording {
        let script = self.bench.project.script(self.spot.code.module);
        Wording::of(&self.spot.code, script)
    }

    /// Nodes of a kind that stand on the line of the error: those that end there count before those that begin.
    pub(crate) fn nodes(&self, accepts: impl Fn(NodeKind) -> bool) -> Vec<NodeId> {
        let code = &self.spot.code;
        let tree = &code.tree;
        let Some(line) = code.line_range(self.spot.line) else { return Vec::new() };
        let touches = |id: &NodeId| accepts(tree.kind(*id)) && tree.range(*id).intersects(line);
        let all: Vec<NodeId> = tree.nodes().map(|(id, _)| id).filter(touches).collect();
        // The last name of a chain tells the line that it belongs to.
        let is_on_line = |id: &NodeId| {
            let named = [Role::Property, Role::Function, Role::Type];
            let part = named.into_iter().find_map(|role| tree.child(*id, role)).unwrap_or(*id);
            let part = tree.child(part, Role::Property).unwrap_or(part);
            line.touches(tree.range(part).start)
        };
        let exact: Vec<NodeId> = all.iter().copied().filter(is_on_line).collect();
        if !exact.is_empty() {
            return exact;
        }
        // The platform may name the first line of a statement of several lines.
        let begins = |id: &NodeId| {
            let kind = tree.kind(*id);
            kind.is_statement()
                && line.touches(tree.range(*id).start)
                && !kind.is_loop()
                && kind != NodeKind::If
        };
        let statement = tree.nodes().map(|(id, _)| id).find(begins);
        match statement {
            Some(statement) => tree.descendants(statement).filter(|id| accepts(tree.kind(*id))).collect(),
            // A line in the middle of an expression; statements around it are not what failed.
            None => all.into_iter().filter(|id| !tree.kind(*id).is_statement()).collect(),
        }
    }

    /// Follows the values of expressions back. The first with an origin becomes the subject.
    pub(crate) fn trace(&self, subjects: &[NodeId]) -> (Findings, Option<NodeId>) {
        let code = &self.spot.code;
        let mut fallback = None;
        for subject in subjects {
            let mut tracer = Tracer::new(self.bench, self.locale, self.frames);
            tracer.value(code, *subject, self.level, 0);
            let origins = tracer.origins().count();
            let findings = Findings {
                subject: Some(code.shown(*subject)),
                confidence: match (origins, tracer.unknown) {
                    (0, _) => Confidence::MessageOnly,
                    (1, 0) => Confidence::Certain,
                    (1, _) => Confidence::Likely,
                    _ => Confidence::Possible,
                },
                steps: tracer.steps,
                ..Findings::default()
            };
            if origins > 0 {
                return (findings, Some(*subject));
            }
            fallback = fallback.or(Some((findings, *subject)));
        }
        match fallback {
            Some((findings, subject)) => (findings, Some(subject)),
            None => (Findings::default(), None),
        }
    }

    pub(crate) fn repair(&self, title: String, edits: Vec<Edit>) -> Option<Repair> {
        repair(&self.spot.code, title, edits)
    }

    /// The step that shows where the error is.
    pub(crate) fn error_step(&self, node: NodeId, text: String) -> Step {
        let code = &self.spot.code;
        Step { code: std::rc::Rc::clone(code), range: code.tree.range(node), role: StepRole::Error, text }
    }
}
