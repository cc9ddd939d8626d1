//! Markdown of what is shown about a name.

/// Grows paragraph by paragraph.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    pub(crate) fn code(&mut self, code: &str) {
        self.paragraph(&format!("```bsl\n{code}\n```"));
    }

    /// Markdown as it is; nothing for an empty text.
    pub(crate) fn paragraph(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
    }

    /// Text of people: line breaks stay, signs of Markdown are signs.
    pub(crate) fn prose(&mut self, text: &str) {
        self.paragraph(&prose(text));
    }

    /// A list with a heading; nothing without entries.
    pub(crate) fn list(&mut self, heading: &str, entries: &[String]) {
        if !entries.is_empty() {
            self.paragraph(&format!("**{heading}:**"));
            self.paragraph(&entries.join("\n"));
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

pub(crate) fn prose(text: &str) -> String {
    let lines = text.lines().map(|line| escape(line.trim()));
    lines.collect::<Vec<_>>().join("  \n").replace("  \n  \n", "\n\n")
}

/// Text of people on one line.
pub(crate) fn inline(text: &str) -> String {
    escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, letter) in text.char_indices() {
        let opens_block = index == 0 && matches!(letter, '#' | '-' | '+' | '>' | '|');
        if opens_block || matches!(letter, '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '~' | '&') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// An entry of a list: a name, its type and its text; each but the name may be empty.
pub(crate) fn entry(name: &str, type_name: &str, text: &str) -> String {
    let mut line = format!("- `{name}`");
    if !type_name.is_empty() {
        line.push_str(&format!(" — *{}*", escape(type_name)));
    }
    let text = inline(text);
    if !text.is_empty() {
        line.push_str(&format!(" — {text}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_people_are_no_markup() {
        assert_eq!(prose("# 1 * 2\n\nа_б"), "\\# 1 \\* 2\n\nа\\_б");
        assert_eq!(entry("А", "Строка", "Имя\n<тега>"), "- `А` — *Строка* — Имя \\<тега>");
        assert_eq!(entry("А", "", ""), "- `А`");
    }
}
