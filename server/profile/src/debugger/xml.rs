//! The XML form. Names are compared without prefixes: every element lives in the namespace of the type around it.

use std::path::Path;

use metadata::xml::{Element, XmlFile};

use super::{MeasuredLine, MeasuredModule, nanoseconds};
use crate::interchange::ReadError;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<MeasuredModule>, ReadError> {
    let (file, problems) = XmlFile::read(bytes.to_vec(), Path::new(""));
    if let Some(problem) = problems.first() {
        let position = problem.line.map(|line| (line as usize + 1, 1));
        return Err(ReadError { position, message: problem.message.clone() });
    }
    let mut modules = Vec::new();
    let results = file.root().into_iter().flat_map(|root| root.children());
    for measure in results.filter_map(|result| result.child("measure")) {
        let frequency = number(measure, "performanceFrequency");
        let data = measure.children().filter(|child| child.name() == "moduleData");
        modules.extend(data.map(|data| module(data, frequency)));
    }
    Ok(modules)
}

fn module(data: Element<'_>, frequency: f64) -> MeasuredModule {
    let id = data.child("moduleID");
    let text = |name: &str| id.map(|id| id.child_text(name).to_string()).unwrap_or_default();
    let line = |info: Element<'_>| MeasuredLine {
        line: number(info, "lineNo") as u32,
        count: number(info, "frequency") as u64,
        total_ns: nanoseconds(number(info, "durability"), frequency),
        own_ns: nanoseconds(number(info, "pureDurability"), frequency),
        calls_server: number(info, "serverCallSignal") != 0.0,
    };
    let lines = data.children().filter(|child| child.name() == "lineInfo").map(line);
    MeasuredModule {
        object: text("objectID"),
        property: text("propertyID"),
        extension: text("extensionName"),
        lines: lines.filter(|line| line.line > 0).collect(),
    }
}

fn number(element: Element<'_>, name: &str) -> f64 {
    element.child_text(name).trim().parse().unwrap_or_default()
}
