//! The setting `ignoredAuthors`: findings on lines that one of these people wrote do not count.

use std::path::Path;

use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::cli::check::filters::git::git;
use crate::cli::report::{File, absolute};
use crate::settings::Settings;

pub(super) struct IgnoredAuthors {
    /// Addresses in lower case.
    addresses: FxHashSet<String>,
}

impl IgnoredAuthors {
    pub(super) fn new(settings: &Settings) -> Option<Self> {
        let names = settings.diagnostics.get("ignoredAuthors").and_then(Value::as_array)?;
        let addresses = names.iter().filter_map(|name| Some(name.as_str()?.trim().to_lowercase()));
        let addresses: FxHashSet<String> = addresses.filter(|name| !name.is_empty()).collect();
        (!addresses.is_empty()).then_some(Self { addresses })
    }

    /// Whatever git does not know counts.
    pub(super) fn retain(&self, file: &mut File<'_>) {
        if file.findings.is_empty() {
            return;
        }
        let authors = authors(file.path);
        let lines = &file.lines;
        file.findings.retain(|finding| {
            let author = authors.get(lines.line_of(finding.range.start) as usize);
            author.is_none_or(|author| !self.addresses.contains(author))
        });
    }
}

/// Who wrote each line.
fn authors(path: &Path) -> Vec<String> {
    let path = absolute(path);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let blame = match git(folder, &["blame", "--line-porcelain", "--", &name]) {
        Ok(blame) => blame,
        Err(error) => {
            tracing::info!("{}: {error}", path.display());
            return Vec::new();
        }
    };
    parse(&blame)
}

fn parse(blame: &[u8]) -> Vec<String> {
    let addresses = blame.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(b"author-mail "));
    let bare =
        |address: &[u8]| String::from_utf8_lossy(address).trim_matches(['<', '>', '\r']).to_lowercase();
    addresses.map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_of_lines_are_read() {
        let blame = "1234 1 1 1\nauthor А\nauthor-mail <A@b.ru>\nfilename a.bsl\n\tauthor-mail <x@y>\n\
                     1234 2 2\nauthor-mail <c@d.ru>\n\tА = 1;\n";
        assert_eq!(parse(blame.as_bytes()), ["a@b.ru", "c@d.ru"]);
    }
}
