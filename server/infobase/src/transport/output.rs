//! What programs of the platform print: encodings, and complaints about places in modules.

use base::encoding::decode;
use encoding_rs::IBM866;

use crate::message::{Diagnostic, DiagnosticSeverity};

/// By its mark, else strictly UTF-8, else Windows-1251; consoles of Windows write in the encoding of DOS.
pub fn decode_output(bytes: Vec<u8>, is_windows_console: bool) -> String {
    if is_windows_console && std::str::from_utf8(&bytes).is_err() {
        return IBM866.decode_without_bom_handling(&bytes).0.into_owned();
    }
    match decode(bytes.clone()) {
        Ok(decoded) => decoded.text,
        Err(_) => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Lines like `{ОбщийМодуль.Цены.Модуль(30,13)}: Переменная не определена (Документы)`.
pub fn diagnostics_of(output: &str) -> Vec<Diagnostic> {
    output.lines().filter_map(diagnostic).collect()
}

fn diagnostic(line: &str) -> Option<Diagnostic> {
    let (place, message) = line.trim().strip_prefix('{')?.split_once('}')?;
    let (_, numbers) = place.rsplit_once('(')?;
    let mut numbers = numbers.trim_end_matches(')').split(',').map(|it| it.trim().parse::<u32>().ok());
    let line = numbers.next()??;
    let column = numbers.next().flatten().unwrap_or(0);
    let message = message.trim_start_matches(':').trim().to_owned();
    Some(Diagnostic { line, column, severity: DiagnosticSeverity::Error, message })
}

/// Says that somebody else works on the infobase, so that a later attempt may succeed.
pub(super) fn is_locked(output: &str) -> bool {
    has_any(
        output,
        &["ошибка блокировки", "заблокирован", "lock error", "is locked", "designeralreadystarted"],
    )
}

/// Says that sessions have to be ended.
pub(super) fn needs_exclusive_access(output: &str) -> bool {
    has_any(output, &["монопольн", "активные сеансы", "exclusive", "infobaseexclusivelockrequired"])
}

fn has_any(output: &str, words: &[&str]) -> bool {
    let output = output.to_lowercase();
    words.iter().any(|word| output.contains(word))
}

/// The end of an output, as much as a message can hold.
pub(super) fn summary(output: &str) -> String {
    const MAX_LETTERS: usize = 600;
    let text = output.trim();
    let count = text.chars().count();
    let start: String = if count > MAX_LETTERS { "…".to_owned() } else { String::new() };
    start + &text.chars().skip(count.saturating_sub(MAX_LETTERS)).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read_in_their_encodings() {
        let text = "Обновление завершено";
        let of = |bytes: &[u8]| decode_output(bytes.to_vec(), false);
        assert_eq!(of(text.as_bytes()), text);
        assert_eq!(of(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()), text);
        assert_eq!(of(&encoding_rs::WINDOWS_1251.encode(text).0), text);
        assert_eq!(decode_output(IBM866.encode(text).0.into_owned(), true), text);
        assert_eq!(decode_output(text.as_bytes().to_vec(), true), text);
    }

    #[test]
    fn complaints_have_places() {
        let output = "{ОбщийМодуль.Цены.Модуль(30,13)}: Переменная не определена (Документы)\n  А = <<?>>Документы;\nCatalog: 1\n{X.Module(7)}: Bad";
        let found = diagnostics_of(output);
        let shown: Vec<_> = found.iter().map(|it| (it.line, it.column, it.message.as_str())).collect();
        assert_eq!(shown, [(30, 13, "Переменная не определена (Документы)"), (7, 0, "Bad")]);
    }

    #[test]
    fn long_outputs_are_cut() {
        assert_eq!(summary(" a \n"), "a");
        assert_eq!(summary(&"я".repeat(1000)).chars().count(), 601);
    }
}
