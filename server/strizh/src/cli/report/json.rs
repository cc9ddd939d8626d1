//! The JSON report of the ecosystem: pipelines read it by these names.

use serde_json::{Value, json};

use crate::analysis::{Tag, tags};
use crate::cli::line_index::LineIndex;
use crate::cli::report::metrics::metrics;
use crate::cli::report::{ENGINE, File, Report, uri};

pub(crate) fn begin(report: &Report<'_>) -> String {
    let date = timestamp(report.date);
    format!("{{\"date\":{},\"sourceDir\":{},\"fileinfos\":[", json!(date), json!(uri(report.folder)))
}

/// Universal time as `yyyy-MM-dd HH:mm:ss`.
fn timestamp(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days are counted in eras of 400 years that begin on 1 March, so the leap day comes last.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hours, minutes, seconds) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}")
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
                "source": ENGINE,
                "message": message,
                "codeDescription": Value::Null,
                "data": Value::Null,
                "tags": tags(finding).into_iter().map(tag_name).collect::<Vec<_>>(),
                "relatedInformation": if related.is_empty() { Value::Null } else { Value::Array(related) },
            })
        })
        .collect();
    let compute = || metrics(file.text, &file.lines).to_string();
    let metrics = report.cache.map_or_else(compute, |cache| cache.metrics(file.text, compute));
    let object = file.object.as_deref().unwrap_or_default();
    let diagnostics = Value::Array(diagnostics);
    format!(
        "{{\"path\":{},\"mdoRef\":{},\"diagnostics\":{diagnostics},\"metrics\":{metrics}}}",
        json!(path),
        json!(object)
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(timestamp(0), "1970-01-01 00:00:00");
        assert_eq!(timestamp(951_782_399), "2000-02-28 23:59:59");
        assert_eq!(timestamp(951_782_400), "2000-02-29 00:00:00");
        assert_eq!(timestamp(1_798_761_600), "2027-01-01 00:00:00");
    }
}
