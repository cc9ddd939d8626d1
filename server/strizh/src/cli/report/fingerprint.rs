//! What a finding is recognized by when lines have moved: rule, file, method, text of the line, and which one of
//! several equal ones it is.

use std::collections::HashMap;

use crate::cli::line_index::LineIndex;
use crate::cli::report::File;

/// Hexadecimal digits.
pub(crate) type Fingerprint = String;

/// One per finding, in their order. The file is known by its path below `folder`.
pub(crate) fn fingerprints(file: &File<'_>, path: &str) -> Vec<Fingerprint> {
    let methods = method_lines(&file.lines);
    let mut seen: HashMap<String, u32> = HashMap::new();
    let fingerprint = |finding: &lints::Finding| {
        let line = file.lines.line_of(finding.range.start);
        let method = methods.partition_point(|(start, _)| *start <= line);
        let method = method.checked_sub(1).map_or("", |index| methods[index].1.as_str());
        let code = file.lines.line(line).split_whitespace().collect::<Vec<_>>().join(" ");
        let place = format!("{}\0{path}\0{method}\0{code}", finding.rule.info().key);
        let count = seen.entry(place.clone()).or_default();
        let digest = xxhash_rust::xxh3::xxh3_128(format!("{place}\0{count}").as_bytes());
        *count += 1;
        format!("{digest:032x}")
    };
    file.findings.iter().map(fingerprint).collect()
}

/// Where methods begin, by name, and where they end, as lines with an empty name.
fn method_lines(lines: &LineIndex<'_>) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    for number in 0..lines.len() {
        let line = lines.line(number).trim_start();
        let first = |text: &str| {
            text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or("").to_lowercase()
        };
        let mut word = first(line);
        let mut rest = line.get(word_length(line)..).unwrap_or_default();
        if matches!(word.as_str(), "асинх" | "async") {
            let line = rest.trim_start();
            word = first(line);
            rest = line.get(word_length(line)..).unwrap_or_default();
        }
        match word.as_str() {
            "процедура" | "функция" | "procedure" | "function" => {
                let name = rest.trim_start();
                let length = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
                found.push((number, base::fold_case(&name[..length.unwrap_or(name.len())]).into_owned()));
            }
            // What follows the method begins on the next line.
            "конецпроцедуры" | "конецфункции" | "endprocedure" | "endfunction" => {
                found.push((number + 1, String::new()));
            }
            _ => {}
        }
    }
    found
}

/// Bytes of the letters that the text begins with.
fn word_length(text: &str) -> usize {
    text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use lints::{Mode, ModuleInfo, Options, RuleSet, RuleSetting, check_text};

    use super::*;

    fn all(text: &str) -> Vec<Fingerprint> {
        let parameters = [("EmptyCodeBlock".to_owned(), RuleSetting::Enabled(true))].into();
        let (rules, _) = RuleSet::new(&Options { mode: Mode::Only, parameters, ..Options::default() });
        let findings = check_text(text, &rules, &ModuleInfo::default());
        fingerprints(&File::new(Path::new("a.bsl"), text, findings), "a.bsl")
    }

    #[test]
    fn moved_lines_keep_their_fingerprints() {
        let method = "Асинх Процедура П()\n\tЕсли А Тогда\n\tКонецЕсли;\n\tЕсли А Тогда\n\tКонецЕсли;\nКонецПроцедуры\n";
        let before = all(method);
        assert_eq!(before.len(), 2);
        assert_ne!(before[0], before[1]);
        let moved = method.replace('\t', "  ");
        let moved = format!("// Новое\nФункция Ф()\n Возврат 1;\nКонецФункции\n\n{moved}");
        assert_eq!(all(&moved), before);
        assert_ne!(all(&method.replace("П()", "Р()")), before);
        assert_ne!(all(&method.replace('А', "Б")), before);
    }

    #[test]
    fn names_of_methods_are_read_from_their_lines() {
        let text = "Процедура Первая_1(А)\nКонецПроцедуры\nА = 1;\nasync function F()";
        let expected = [(0, "первая_1"), (2, ""), (3, "f")].map(|(line, name)| (line, name.to_owned()));
        assert_eq!(method_lines(&LineIndex::new(text)), expected);
    }
}
