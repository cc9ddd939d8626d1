//! The whole way: from a pasted text to places, reasons and repairs.

use std::path::PathBuf;

use base::{Locale, TextRange};
use semantics::Project;
use serde::Serialize;

use crate::catalogue::{Entry, details, find_entry};
use crate::cause::{Case, Confidence, Findings, investigate};
use crate::code::{ReadText, Spot, Workbench};
use crate::fingerprint::fingerprint;
use crate::history::Record;
use crate::locate::{LineState, LocatedFrame};
use crate::message::{ErrorSource, ReportedError, StackFrame, read_errors};
use crate::repair::Repair;
use crate::trace::{Step, StepRole};

/// Frames that are looked for in the project.
const MAX_FRAMES: usize = 60;

/// Everything that is known about one error.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub source: ErrorSource,
    /// Messages from what happened first to the reason.
    pub messages: Vec<String>,
    /// Of the catalogue; empty if the message is not known.
    pub entry: String,
    pub category: String,
    /// What such a message means.
    pub cause: String,
    pub advice: String,
    /// Where it happened: the first line of the stack that the project has.
    pub place: Option<Place>,
    /// The expression that is to blame.
    pub subject: Option<String>,
    /// The way of the value through the code.
    pub steps: Vec<ShownStep>,
    pub confidence: Confidence,
    pub notes: Vec<String>,
    pub repairs: Vec<Repair>,
    /// The innermost call first.
    pub stack: Vec<LocatedFrame>,
    pub fingerprint: String,
}

/// A line of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub path: PathBuf,
    /// Counted from one.
    pub line: u32,
    pub method: String,
    pub text: String,
    pub state: LineState,
    /// In bytes of the file's text.
    #[serde(skip)]
    pub range: TextRange,
}

/// A step of the way of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownStep {
    pub path: PathBuf,
    pub line: u32,
    pub role: StepRole,
    pub text: String,
    /// The line of code.
    pub code: String,
    #[serde(skip)]
    pub range: TextRange,
}

/// Explains every error of a text. `read` gives the texts of modules of the project.
pub fn explain(text: &str, project: &Project, read: ReadText<'_>, locale: Locale) -> Vec<Explanation> {
    let bench = Workbench::new(project, read);
    read_errors(text).errors.iter().map(|error| explain_error(&bench, error, locale)).collect()
}

fn explain_error(bench: &Workbench<'_>, error: &ReportedError, locale: Locale) -> Explanation {
    let known = error.links.iter().rev().find_map(|link| Some((find_entry(&link.message)?, &link.message)));
    let stack: Vec<LocatedFrame> = frames(error).iter().map(|frame| bench.locate(frame)).collect();
    let is_found = |frame: &LocatedFrame| frame.module.is_some() && frame.state != LineState::Missing;
    let level = stack.iter().position(is_found);
    let spot = level.and_then(|level| {
        let frame = stack.get(level)?;
        Some(Spot { code: bench.code(frame.module?)?, line: frame.line })
    });
    let details = known.map(|(_, message)| details(message)).unwrap_or_default();
    let name = details.name.clone().unwrap_or_default();
    let findings = match (known, &spot) {
        (Some((entry, _)), Some(spot)) => {
            let level = level.unwrap_or_default();
            let spot = spot.clone();
            investigate(&Case { bench, locale, error, details, frames: &stack, level, spot }, entry.check)
        }
        _ => Findings::default(),
    };
    let method =
        level.and_then(|level| stack.get(level)).map(|frame| frame.method.clone()).unwrap_or_default();
    let first = level.or((!stack.is_empty()).then_some(0)).and_then(|level| stack.get(level));
    let entry = known.map(|(entry, _)| entry);
    let fingerprint =
        fingerprint(entry.map(|entry| entry.id), error, first.map(|frame| &frame.frame), &method, &name);
    Explanation {
        source: error.source,
        messages: error
            .links
            .iter()
            .map(|link| link.message.clone())
            .filter(|text| !text.is_empty())
            .collect(),
        entry: entry.map_or("", |entry| entry.id).to_owned(),
        category: category(error, entry),
        cause: entry.map_or("", |entry| entry.cause.get(locale)).to_owned(),
        advice: entry.map_or("", |entry| entry.advice.get(locale)).to_owned(),
        place: spot.map(|spot| place(&spot, &method, level.and_then(|level| stack.get(level)))),
        subject: findings.subject,
        steps: findings.steps.into_iter().map(shown).collect(),
        confidence: findings.confidence,
        notes: findings.notes,
        repairs: findings.repairs,
        stack,
        fingerprint,
    }
}

/// Frames of an error; the line of code below a message is the source of its place.
fn frames(error: &ReportedError) -> Vec<StackFrame> {
    let context = |frame: &StackFrame| {
        let is_its = |link: &&crate::ErrorLink| {
            link.place
                .as_ref()
                .is_some_and(|place| (&place.module, place.line) == (&frame.module, frame.line))
        };
        error.links.iter().find(is_its).map(|link| link.context.clone()).unwrap_or_default()
    };
    let mut frames: Vec<StackFrame> = error.frames().into_iter().take(MAX_FRAMES).cloned().collect();
    for frame in frames.iter_mut().filter(|frame| frame.source.is_empty()) {
        frame.source = context(frame);
    }
    frames
}

fn category(error: &ReportedError, entry: Option<&Entry>) -> String {
    match error.category.as_str() {
        "" => entry.map_or("", |entry| entry.category).to_owned(),
        told => told.to_owned(),
    }
}

fn place(spot: &Spot, method: &str, frame: Option<&LocatedFrame>) -> Place {
    Place {
        path: spot.code.path.clone(),
        line: spot.line,
        method: method.to_owned(),
        text: spot.code.line_text(spot.line).unwrap_or_default().trim().to_owned(),
        state: frame.map_or(LineState::Unchecked, |frame| frame.state),
        range: spot.code.line_range(spot.line).unwrap_or_default(),
    }
}

fn shown(step: Step) -> ShownStep {
    let line = step.line();
    ShownStep {
        path: step.code.path.clone(),
        line,
        role: step.role,
        code: step.code.line_text(line).unwrap_or_default().trim().to_owned(),
        text: step.text,
        range: step.range,
    }
}

impl Explanation {
    /// What is remembered of it.
    pub fn record(&self) -> Record {
        let module = self.stack.first().map(|frame| frame.frame.module.clone()).unwrap_or_default();
        Record {
            fingerprint: self.fingerprint.clone(),
            entry: self.entry.clone(),
            message: self.messages.last().cloned().unwrap_or_default(),
            module,
            method: self.place.as_ref().map(|place| place.method.clone()).unwrap_or_default(),
            ..Record::default()
        }
    }
}
