//! Command lines: what programs get, and what people are shown.

use std::path::Path;

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    text: String,
    /// How many letters at the beginning may be shown; `None`: all.
    shown: Option<usize>,
}

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    pub program: String,
    pub arguments: Vec<Argument>,
}

impl CommandLine {
    pub fn new(program: &str) -> Self {
        Self { program: program.to_owned(), arguments: Vec::new() }
    }

    pub fn add(&mut self, text: impl Into<String>) -> &mut Self {
        self.arguments.push(Argument { text: text.into(), shown: None });
        self
    }

    pub fn add_all(&mut self, texts: &[&str]) -> &mut Self {
        for text in texts {
            self.add(*text);
        }
        self
    }

    pub fn add_path(&mut self, path: &Path) -> &mut Self {
        self.add(path.to_string_lossy().into_owned())
    }

    /// An argument of which only the beginning is shown: `/P` and a password.
    pub fn add_secret(&mut self, prefix: &str, secret: &str) -> &mut Self {
        let text = format!("{prefix}{secret}");
        self.arguments.push(Argument { text, shown: Some(prefix.len()) });
        self
    }

    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|argument| argument.text.as_str())
    }

    /// For people and logs: secrets are masked.
    pub fn shown(&self) -> String {
        let mut line = quoted(&self.program);
        for argument in &self.arguments {
            line.push(' ');
            match argument.shown.and_then(|length| argument.text.get(..length)) {
                Some(prefix) => line.push_str(&format!("{prefix}***")),
                None => line.push_str(&quoted(&argument.text)),
            }
        }
        line
    }
}

fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains([' ', '\t', '"', '\'']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// One line as the platform's programs read it on Windows: quotes inside an argument are doubled, and backslashes mean
/// nothing, unlike in programs that follow the C library.
pub fn windows_command_line<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = arguments.into_iter().map(|argument| {
        let is_plain = !argument.is_empty() && !argument.contains([' ', '\t', '"', '\n', '\r']);
        if is_plain { argument.to_owned() } else { format!("\"{}\"", argument.replace('"', "\"\"")) }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked() {
        let mut line = CommandLine::new("/opt/1C v8/1cv8");
        line.add_all(&["DESIGNER", "/F", "/база данных", "/NАдмин"]).add_secret("/P", "invented").add("");
        assert_eq!(line.shown(), "\"/opt/1C v8/1cv8\" DESIGNER /F \"/база данных\" /NАдмин /P*** \"\"");
        assert_eq!(line.texts().nth(4), Some("/Pinvented"));
    }

    #[test]
    fn windows_lines_double_quotes() {
        assert_eq!(
            windows_command_line([
                "DESIGNER",
                "/F",
                "C:\\Мои базы\\демо\\",
                "/IBConnectionString",
                "File=\"C:\\b\";",
                ""
            ]),
            "DESIGNER /F \"C:\\Мои базы\\демо\\\" /IBConnectionString \"File=\"\"C:\\b\"\";\" \"\""
        );
        assert_eq!(windows_command_line(["a\"b", "tab\there"]), "\"a\"\"b\" \"tab\there\"");
    }
}
