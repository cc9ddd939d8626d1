//! From what a server answered to a continuation of the text.

use crate::Extent;
use crate::remote::FimTokens;

const MAX_BYTES: usize = 4096;

/// The answer without what does not belong into code, cut to the wanted lines. `indentation`: what stands before the
/// caret if it is only blanks and was not sent.
pub(super) fn tidy(answer: &str, extent: Extent, indentation: &str, tokens: &FimTokens) -> String {
    let mut text = answer;
    let special = [&tokens.prefix, &tokens.suffix, &tokens.middle];
    for token in special.into_iter().chain(&tokens.ends).map(|token| token.trim()).chain(["<|"]) {
        if !token.is_empty() {
            text = text.split(token).next().unwrap_or_default();
        }
    }
    if !indentation.is_empty() {
        text = text.strip_prefix(indentation).unwrap_or_else(|| text.trim_start_matches([' ', '\t']));
    }
    let lines = match extent {
        Extent::Line => 1,
        Extent::Lines(count) => usize::from(count.max(1)),
    };
    let text: String =
        text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect();
    let end = text.match_indices('\n').nth(lines - 1).map_or(text.len(), |(index, _)| index);
    let end = (0..=end.min(MAX_BYTES)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::FimTemplate;

    #[test]
    fn answers_are_cut_to_what_is_wanted() {
        let tokens = FimTemplate::Qwen.tokens();
        let line = |answer: &str| tidy(answer, Extent::Line, "", &tokens);
        assert_eq!(line("щить(А);\r\nБ();"), "щить(А);");
        assert_eq!(line("щить(А);<|endoftext|>мусор"), "щить(А);");
        assert_eq!(line("А\u{0}\u{1b}[31m<|cursor|>"), "А[31m");
        assert_eq!(line("\nБ"), "");
        assert_eq!(line(&"ё".repeat(5000)).len(), MAX_BYTES);
        assert_eq!(tidy("А\nБ\nВ\nГ", Extent::Lines(3), "", &tokens), "А\nБ\nВ");
        assert_eq!(tidy("\t\tА", Extent::Line, "\t", &tokens), "\tА");
        assert_eq!(tidy("  А", Extent::Line, "\t", &tokens), "А");
    }
}
