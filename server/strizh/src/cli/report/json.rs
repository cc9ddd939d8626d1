//! The JSON report of the ecosystem: pipelines read it by these names.

use serde_json::{Value, json};

use crate::analysis::{Tag, tags};
use crate::cli::line_index::LineIndex;
use crate::cli::report::{File, Report, uri};
use crate::lsp::SOURCE;

pub(crate) fn begin(report: &Report<'_>) -> String {
    format!("{{\"sourceDir\":{},\"fileinfos\":[", json!(uri(report.folder)))
}

pub(crate) fn end() -> String {
    "]}\n".to_owned()
}

pub(crate) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let path = uri(file.path);
    let diagnostics: Vec<Value> = file
        .findings
        .iter()
        .map(|finding| {
            let message = finding.message(report.locale());
            let related = |place: &base::TextRange| {
                let location = json!({"uri": path, "range": range(&file.lines, *place)});
                json!({"location": location, "message": message})
            };
            let related: Vec<Value> = finding.related.iter().map(related).collect();
            json!({
                "range": range(&file.lines, finding.range),
                "severity": report.rules.severity(finding.rule).name(),
                "code": finding.rule.info().key,
                "source": SOURCE,
                "message": message,
                "tags": tags(finding).into_iter().map(tag_name).collect::<Vec<_>>(),
                "relatedInformation": if related.is_empty() { Value::Null } else { Value::Array(related) },
            })
        })
        .collect();
    let metrics = json!({"lines": file.lines.lines()});
    json!({"path": path, "mdoRef": "", "diagnostics": diagnostics, "metrics": metrics}).to_string()
}

/// Zero-based, as in the protocol.
fn range(lines: &LineIndex<'_>, range: base::TextRange) -> Value {
    let place = |offset| {
        let place = lines.place(offset);
        json!({"line": place.line, "character": place.column})
    };
    json!({"start": place(range.start), "end": place(range.end)})
}

fn tag_name(tag: Tag) -> &'static str {
    match tag {
        Tag::Unused => "Unnecessary",
        Tag::Deprecated => "Deprecated",
    }
}
