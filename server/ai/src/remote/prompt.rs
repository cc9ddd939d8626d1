//! What of the text is sent: the method around the caret, without secrets, and a few facts.

use crate::remote::{FimTokens, RemoteConfig, redact};
use crate::{Context, SnippetKind};

/// Outside of methods only so many lines are sent.
const MAX_LINES_OUTSIDE: usize = 40;

/// The text around the caret, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Whole lines.
    pub above: String,
    /// The line left of the caret.
    pub line: String,
    /// The rest of the line and the lines below.
    pub suffix: String,
    /// Facts: what they are about and their text.
    pub extra: Vec<(&'static str, String)>,
    /// How many secrets were replaced.
    pub redacted: usize,
}

impl Parts {
    pub(super) fn new(context: &Context, config: &RemoteConfig) -> Self {
        let prefix = method_above(&context.prefix);
        let prefix = last_lines(prefix, config.max_prefix_bytes);
        let suffix = first_lines(method_below(&context.suffix), config.max_suffix_bytes);
        let text = redact(prefix, suffix);
        let mut redacted = text.count;
        let line_start = text.prefix.rfind('\n').map_or(0, |index| index + 1);
        let (above, line) = text.prefix.split_at(line_start);
        let extra = context.snippets.iter().map(|snippet| {
            let text = redact(&snippet.text, "");
            redacted += text.count;
            (title(snippet.kind), text.prefix)
        });
        Self {
            extra: extra.collect(),
            above: above.to_owned(),
            line: line.to_owned(),
            suffix: text.suffix.clone(),
            redacted,
        }
    }

    /// The line before the caret, unless it is only indentation: models give that themselves.
    pub(super) fn line_to_send(&self) -> &str {
        if self.line.trim().is_empty() { "" } else { &self.line }
    }

    /// Prompt with a gap. The line before the caret follows the middle token, so typing only appends.
    pub(super) fn fim(&self, tokens: &FimTokens) -> String {
        let mut prompt = tokens.prefix.clone();
        prompt.push_str(&plain(&self.facts(), tokens));
        prompt.push_str(&plain(&self.above, tokens));
        prompt.push_str(&tokens.suffix);
        prompt.push_str(&plain(&self.suffix, tokens));
        prompt.push_str(&tokens.middle);
        prompt.push_str(&plain(self.line_to_send(), tokens));
        prompt
    }

    /// Everything left of the caret.
    pub(super) fn prefix(&self) -> String {
        format!("{}{}{}", self.facts(), self.above, self.line)
    }

    /// As comments above the code.
    fn facts(&self) -> String {
        let lines = self.extra.iter().flat_map(|(_, text)| text.lines());
        lines.map(|line| format!("// {line}\n")).collect()
    }
}

/// A document may hold the texts of special tokens; the engine must not take them for tokens.
fn plain(text: &str, tokens: &FimTokens) -> String {
    let mut text = text.to_owned();
    let special = [&tokens.prefix, &tokens.suffix, &tokens.middle];
    for token in special.into_iter().chain(&tokens.ends).map(|token| token.trim()) {
        if let Some(first) = token.chars().next()
            && text.contains(token)
        {
            text = text.replace(token, &format!("{first} {}", &token[first.len_utf8()..]));
        }
    }
    text.replace("<|", "< |")
}

fn title(kind: SnippetKind) -> &'static str {
    match kind {
        SnippetKind::Signature => "signatures.bsl",
        SnippetKind::Members => "members.bsl",
        SnippetKind::Tables => "tables.bsl",
        SnippetKind::RecentEdit => "recent.bsl",
        SnippetKind::Similar => "similar.bsl",
    }
}

/// From the comment of the method around the end of the text; outside of methods the last lines.
fn method_above(prefix: &str) -> &str {
    let mut start = prefix.len();
    let mut lines = prefix.split_inclusive('\n').rev().peekable();
    // The end of a method that is just being typed does not end it.
    let mut is_typed = !prefix.ends_with('\n');
    let mut outside = prefix;
    for number in 0.. {
        let Some(line) = lines.next() else { return outside };
        match kind_of(line) {
            LineKind::MethodStart => break,
            LineKind::MethodEnd if !is_typed => {
                let outside = if number < MAX_LINES_OUTSIDE { &prefix[start..] } else { outside };
                return outside.trim_start_matches(['\r', '\n']);
            }
            _ => {}
        }
        is_typed = false;
        start -= line.len();
        if number + 1 == MAX_LINES_OUTSIDE {
            outside = &prefix[start..];
        }
    }
    // `start` is behind the line that begins the method.
    let above = &prefix[..start];
    start = above.trim_end_matches('\n').rfind('\n').map_or(0, |index| index + 1);
    while let Some(line) = lines.next_if(|line| kind_of(line) == LineKind::Comment) {
        start -= line.len();
    }
    &prefix[start..]
}

/// To the end of the method; outside of methods the first lines, without the next method.
fn method_below(suffix: &str) -> &str {
    let mut end = 0;
    for (number, line) in suffix.split_inclusive('\n').enumerate() {
        let kind = kind_of(line);
        if kind == LineKind::MethodStart && number > 0 {
            return &suffix[..end];
        }
        end += line.len();
        if kind == LineKind::MethodEnd {
            return &suffix[..end];
        }
    }
    suffix
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    MethodStart,
    MethodEnd,
    /// A comment or an annotation.
    Comment,
    Other,
}

fn kind_of(line: &str) -> LineKind {
    let line = line.trim_start();
    if line.starts_with("//") || line.starts_with('&') {
        return LineKind::Comment;
    }
    let mut words = line.split(|letter: char| !letter.is_alphabetic()).map(str::to_lowercase);
    let mut word = words.next().unwrap_or_default();
    if matches!(word.as_str(), "асинх" | "async") {
        word = words.next().unwrap_or_default();
    }
    match word.as_str() {
        "процедура" | "функция" | "procedure" | "function" => LineKind::MethodStart,
        "конецпроцедуры" | "конецфункции" | "endprocedure" | "endfunction" => {
            LineKind::MethodEnd
        }
        _ => LineKind::Other,
    }
}

/// The last whole lines in at most so many bytes.
fn last_lines(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let from = (text.len() - max_bytes..).find(|from| text.is_char_boundary(*from)).unwrap_or(text.len());
    let tail = &text[from..];
    // A line that is longer than everything allowed is cut.
    tail.find('\n').map_or(tail, |index| &tail[index + 1..])
}

/// The first whole lines in at most so many bytes.
fn first_lines(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let to = (0..=max_bytes).rev().find(|to| text.is_char_boundary(*to)).unwrap_or(0);
    let head = &text[..to];
    head.rfind('\n').map_or(head, |index| &head[..=index])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::FimTemplate;

    #[test]
    fn only_the_method_around_the_caret_is_sent() {
        let before = "Функция А()\nКонецФункции\n\n// О методе.\n&НаСервере\n";
        let text = "Процедура Б()\n\tВ();\n\tГ";
        assert_eq!(
            method_above(&format!("{before}{text}")),
            "// О методе.\n&НаСервере\nПроцедура Б()\n\tВ();\n\tГ"
        );
        assert_eq!(method_above("Функция А()\nКонецФункции\n\nПерем Б"), "Перем Б");
        assert_eq!(method_above("Async Function A()\nB"), "Async Function A()\nB");
        assert_eq!(method_above(""), "");
        let outside = "Строка\n".repeat(100);
        assert_eq!(method_above(&outside).lines().count(), MAX_LINES_OUTSIDE);
        let long = format!("Процедура А()\n{outside}");
        assert_eq!(method_above(&long), long);
        assert_eq!(method_below("(Текст);\nКонецПроцедуры\n\nПроцедура В()\n"), "(Текст);\nКонецПроцедуры\n");
        assert_eq!(method_below("\n\nПроцедура В()\nКонецПроцедуры"), "\n\n");
    }

    #[test]
    fn lengths_are_bounded_by_whole_lines() {
        assert_eq!(last_lines("абв\nгде\nё", 8), "ё");
        assert_eq!(last_lines("абв\nгде\nё", 10), "где\nё");
        assert_eq!(last_lines("абвгде", 5), "де");
        assert_eq!(first_lines("абв\nгде\nё", 7), "абв\n");
        assert_eq!(first_lines("абвгде", 5), "аб");
    }

    #[test]
    fn documents_cannot_write_special_tokens() {
        let tokens = FimTemplate::Qwen.tokens();
        let parts = Parts {
            above: "// <|fim_middle|> <|endoftext|>\n".to_owned(),
            line: "\tА".to_owned(),
            suffix: "<|im_start|>".to_owned(),
            ..Parts::default()
        };
        assert_eq!(
            parts.fim(&tokens),
            "<|fim_prefix|>// < |fim_middle|> < |endoftext|>\n<|fim_suffix|>< |im_start|><|fim_middle|>\tА"
        );
        let llama = FimTemplate::CodeLlama.tokens();
        let parts = Parts { above: "<PRE> <EOT>\n".to_owned(), ..Parts::default() };
        assert_eq!(parts.fim(&llama), "<PRE> < PRE> < EOT>\n <SUF> <MID>");
    }
}
