//! A page that needs nothing but itself: no network, no files beside it.

use std::fmt::Write;

use base::Locale;
use serde::Serialize;

use super::rows::Row;
use super::{FlameNode, Grouping, Report, choose, flame_tree, rows};
use crate::measure::Measure;
use crate::model::Source;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const COMMON: &str = include_str!("page/common.js");
const SCRIPT: &str = include_str!("page/page.js");
/// A browser sorts as many in an instant.
pub(super) const MAX_ROWS: usize = 5_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageData<'a> {
    language: &'static str,
    source: &'a Source,
    total: &'a Measure,
    outside: &'a Measure,
    lines: Vec<Row>,
    methods: Vec<Row>,
    modules: Vec<Row>,
    flame: FlameNode,
    has_stacks: bool,
}

impl Report<'_> {
    /// The whole page.
    pub fn page(&self) -> String {
        let rows_of = |grouping| {
            let mut rows = rows(self.profile, grouping, self.resolution);
            rows.truncate(MAX_ROWS);
            rows
        };
        let profile = self.profile;
        let data = PageData {
            language: choose(self.locale, "ru", "en"),
            source: &profile.source,
            total: &profile.total,
            outside: &profile.outside,
            lines: rows_of(Grouping::Line),
            methods: rows_of(Grouping::Method),
            modules: rows_of(Grouping::Module),
            flame: flame_tree(
                profile,
                choose(self.locale, "всё", "everything"),
                choose(self.locale, "прочее", "the rest"),
            ),
            has_stacks: !profile.stacks.is_empty(),
        };
        let title = match (profile.source.title.as_str(), self.locale) {
            ("", Locale::Ru) => "Замер производительности",
            ("", Locale::En) => "Performance profile",
            (title, _) => title,
        };
        fill_page(PAGE, SCRIPT, title, &data, self.locale)
    }
}

pub(super) fn fill_page(
    template: &str,
    script: &str,
    title: &str,
    data: &impl Serialize,
    locale: Locale,
) -> String {
    let parts = [
        ("{{language}}", choose(locale, "ru", "en").to_owned()),
        ("{{title}}", escape(title)),
        ("{{style}}", STYLE.to_owned()),
        ("{{data}}", script_json(data)),
        ("{{script}}", format!("{COMMON}{script}")),
    ];
    fill(template, &parts)
}

/// Puts parts in place; what a part contains is not looked at.
fn fill(template: &str, parts: &[(&str, String)]) -> String {
    let mut output = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        output.push_str(before);
        let part = parts.iter().find(|(name, _)| after.starts_with(&name[2..]));
        let (name, text) = part.map_or(("{{", "{{"), |(name, text)| (*name, text.as_str()));
        output.push_str(text);
        rest = &after[name.len() - 2..];
    }
    output.push_str(rest);
    output
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// JSON that cannot end the element it stands in.
fn script_json(data: &impl Serialize) -> String {
    let json = serde_json::to_string(data).unwrap_or_default();
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(text, "\\u{:04x}", letter as u32);
            }
            _ => text.push(letter),
        }
    }
    text
}
